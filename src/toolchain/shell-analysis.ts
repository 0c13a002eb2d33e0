/** What a command of a Kconfig file may depend on, by following what it does and what the scripts do that it runs. */
import { basename, dirname, resolve } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';
import { findProgram, isBinary } from './environment.ts';
import { BUILTINS, DECIDING, LANGUAGE, MADE_UP, OTHER_BUILTINS, PLAIN_BUILTINS } from './shell-names.ts';
import {
  assignedNames,
  BLANKS,
  copy,
  forgetWhatChanges,
  readByOthers,
  type Script,
  type State,
  separate,
} from './shell-state.ts';
import { type Part, type Redirection, readShell, type ShellNode, type Word } from './shell-text.ts';
import { isTextTool, onlyTurnsText, takesAnyText } from './text-tools.ts';
import type { ToolNames } from './tool-commands.ts';
import { compilerUse, linkerUse, MADE_FILE, otherToolUse, TOOL_NAME, type ToolUse } from './tool-use.ts';

/** What a command depends on: as long as all of it is the same, so is the answer. */
export interface Needs {
  readonly compiler: boolean;
  readonly linker: boolean;
  /** Scripts, as they are named. */
  readonly scripts: readonly string[];
  /** Programs that are started, or looked for, as they are named: on PATH, where there is no `/`. */
  readonly programs: readonly string[];
  /** Variables of the environment that scripts read. */
  readonly variables: readonly string[];
  /** Files and directories that have to be the same or to be missing still. */
  readonly files: readonly string[];
}

/** A call of the compiler that reads headers or links. */
export interface CompilerCall {
  /** With the compiler's name. */
  readonly words: readonly string[];
  readonly input: string;
}

/** Where a command runs. */
export interface CommandSurroundings {
  readonly fs: FileSystem;
  readonly tools: ToolNames;
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/**
 * @returns null where a command may depend on anything; `calls` are those of which the compiler has to be asked which
 *   files they read
 */
export function commandNeeds(
  command: string,
  surroundings: CommandSurroundings,
): { readonly needs: Needs; readonly calls: readonly CompilerCall[] } | null {
  const text = readShell(command);
  const analysis = new Analysis(surroundings);
  return text && analysis.follows(text) ? analysis : null;
}

/** Ends the following of a text that may do anything. */
class Unknown extends Error {}

const SCRIPT = /^#! ?\/bin\/sh(?: -[eu]+)?\n/;
/** Where files are not what they were in the next moment. */
const CHANGING_PLACE = /^\/(?:dev|proc|run|sys|tmp)(?:\/|$)/;
const MAX_SCRIPT = 65_536;
const MAX_STEPS = 5000;

class Analysis {
  readonly #surroundings: CommandSurroundings;
  readonly #scripts = new Set<string>();
  readonly #programs = new Set<string>(['/bin/sh']);
  readonly #variables = new Set<string>();
  readonly #files = new Set<string>();
  readonly calls: CompilerCall[] = [];
  #compiler = false;
  #linker = false;
  #steps = 0;

  constructor(surroundings: CommandSurroundings) {
    this.#surroundings = surroundings;
  }

  get needs(): Needs {
    return {
      compiler: this.#compiler,
      linker: this.#linker,
      scripts: [...this.#scripts],
      programs: [...this.#programs],
      variables: [...this.#variables],
      files: [...this.#files],
    };
  }

  /** False where the text may do anything. */
  follows(text: ShellNode): boolean {
    try {
      this.#text(text, { name: null, env: this.#surroundings.env, depth: 0 }, [], '');
      return true;
    } catch (error) {
      if (error instanceof Unknown) return false;
      throw error;
    }
  }

  #text(
    text: ShellNode,
    script: Omit<Script, 'assigned'>,
    positional: State['positional'],
    input: string | null,
  ): void {
    const assigned = assignedNames(text);
    for (const name of assigned.keys()) {
      // Children would see it.
      if (DECIDING.test(name) || MADE_UP.test(name) || Object.hasOwn(script.env, name)) throw new Unknown();
    }
    this.#follow(text, {
      positional,
      separators: BLANKS,
      variables: new Map(),
      functions: new Map(),
      input,
      uncertain: false,
      script: { ...script, assigned },
    });
  }

  #follow(node: ShellNode, state: State): void {
    if (++this.#steps > MAX_STEPS) throw new Unknown();
    switch (node.kind) {
      case 'simple':
        this.#simple(node, state);
        return;
      case 'sequence':
        if (node.nodes.length > 1) state.input = readByOthers(state.input);
        for (const each of node.nodes) this.#follow(each, state);
        return;
      case 'pipeline':
        this.#pipeline(node.parts, state);
        return;
      case 'choice': {
        this.#follow(node.first, state);
        state.input = readByOthers(state.input);
        this.#perhaps(node.rest, state);
        return;
      }
      case 'loop': {
        forgetWhatChanges(node.body, state);
        state.input = readByOthers(state.input);
        this.#perhaps([node.body], state);
        return;
      }
      case 'group': {
        const inside = node.subshell ? copy(state) : { ...state };
        if (node.redirections.length > 0) inside.input = this.#redirect(node.redirections, state);
        this.#follow(node.body, inside);
        if (node.subshell) return;
        state.positional = inside.positional;
        state.separators = inside.separators;
        return;
      }
      case 'function': {
        if (
          BUILTINS.has(node.name) ||
          OTHER_BUILTINS.test(node.name) ||
          state.functions.has(node.name) ||
          state.uncertain
        )
          throw new Unknown();
        state.functions.set(node.name, node.body);
      }
    }
  }

  /** Follows what may be done, or not. What it changes is not known after it. */
  #perhaps(nodes: readonly ShellNode[], state: State): void {
    const { positional, separators, uncertain } = state;
    state.uncertain = true;
    for (const node of nodes) {
      this.#follow(node, state);
      if (state.positional !== positional) state.positional = null;
      if (state.separators !== separators) state.separators = null;
    }
    state.uncertain = uncertain;
  }

  #pipeline(parts: readonly ShellNode[], state: State): void {
    let { input } = state;
    for (const part of parts) {
      const own = copy(state);
      own.input = input;
      this.#follow(part, own);
      input = part.kind === 'simple' ? this.#output(part, state) : null;
    }
  }

  /** What a command prints that prints only what stands in the text; null for any other. */
  #output({ words, redirections }: Extract<ShellNode, { kind: 'simple' }>, state: State): string | null {
    const fields = this.#fields(words, state);
    const [name, ...rest] = fields ?? [];
    if (name === undefined || state.functions.has(name)) return null;
    if (name === 'cat' && rest.length === 0 && redirections.length === 1 && redirections[0]!.kind === 'text')
      return redirections[0]!.text;
    // Shells differ in what they make of a backslash.
    if (redirections.length > 0 || !fields || fields.some((field) => field.includes('\\'))) return null;
    return name === 'echo' && !rest[0]?.startsWith('-') ? `${rest.join(' ')}\n` : null;
  }

  /** @returns what a command with these redirections reads on its standard input */
  #redirect(redirections: readonly Redirection[], state: State): string | null {
    let { input } = state;
    for (const each of redirections) {
      if (each.kind === 'text') input = each.text;
      else {
        this.#nested([each.target], state);
        const target = this.#value(each.target, state);
        if (each.kind === 'descriptor' ? !/^[12]$/.test(target ?? '') : target !== '/dev/null') throw new Unknown();
        if (each.kind === 'input') input = '';
      }
    }
    return input;
  }

  #simple({ words, assignments, redirections }: Extract<ShellNode, { kind: 'simple' }>, state: State): void {
    this.#nested([...words, ...assignments.map(([, value]) => value)], state);
    const input = this.#redirect(redirections, state);
    if (words.length === 0) {
      for (const [name, value] of assignments) this.#assign(name, this.#value(value, state), state);
      return;
    }
    if (assignments.some(([name]) => !LANGUAGE.test(name))) throw new Unknown();
    const fields = words.flatMap((word): readonly (string | null)[] => this.#fields([word], state) ?? [null]);
    const [name] = fields;
    if (name === null || name === undefined) throw new Unknown();
    const called = state.functions.get(name);
    if (called) this.#callFunction(called, fields.slice(1), state, input);
    else if (BUILTINS.has(name)) this.#builtin(name, fields.slice(1), state);
    else this.#start(fields, state.script, input);
  }

  #assign(name: string, value: string | null, state: State): void {
    if (name === 'IFS') state.separators = value;
    if (value === null || state.uncertain || state.script.assigned.get(name) !== 1) state.variables.delete(name);
    else state.variables.set(name, value);
  }

  #callFunction(body: ShellNode, args: readonly (string | null)[], state: State, input: string | null): void {
    const before = { positional: state.positional, input: state.input };
    state.positional = known(args);
    state.input = input;
    this.#follow(body, state);
    Object.assign(state, before);
  }

  #builtin(name: string, args: readonly (string | null)[], state: State): void {
    // In bash, it may print the time or assign a variable.
    if (name === 'printf' && /^-|%\(/.test(args[0] ?? '-')) throw new Unknown();
    const words = known(args);
    if (PLAIN_BUILTINS.has(name)) return;
    if (name === 'test' || name === '[') this.#test(args);
    else if (name === 'shift') state.positional = null;
    else if (name === 'set') {
      if (args[0] === '--') state.positional = words?.slice(1) ?? null;
      else if (!/^(?:-[eu]+|-o pipefail)$/.test(words?.join(' ') ?? '')) throw new Unknown();
    } else if (name === 'trap') {
      const handler = readShell(words?.[0] ?? '(');
      if (!handler || words!.length < 2 || assignedNames(handler).size > 0) throw new Unknown();
      this.#perhaps([handler], copy(state));
    } else if (words?.[0] !== '-v' || words.length < 2 || /[^ -~]/.test(words.join(' '))) throw new Unknown();
    // The name of a file, if there is a `/` in it, or of a program.
    else for (const word of words.slice(1)) this.#programs.add(word);
  }

  /** `test`: files may be asked for that are named. */
  #test(args: readonly (string | null)[]): void {
    args.forEach((arg, at) => {
      if (/^-[ao]$/.test(arg ?? '') && (at === 0 || args[at - 1] === '!')) throw new Unknown();
      if (arg === null || !/^-(?:[b-hkprstuwxGLNOS]|nt|ot|ef)$/.test(arg)) return;
      const operand = args[at + 1] ?? null;
      if (!/^-[efdxs]$/.test(arg) || operand === null || !/^(?:\/[!-~]*)?$/.test(operand)) throw new Unknown();
      if (CHANGING_PLACE.test(operand)) throw new Unknown();
      if (operand !== '') this.#files.add(operand);
    });
  }

  /** Another program. */
  #start(fields: readonly (string | null)[], script: Script, input: string | null): void {
    const name = fields[0]!;
    const { tools, fs, cwd } = this.#surroundings;
    const words = known(fields.slice(1));
    // Names of files are not text; and bash has functions in its environment.
    if (/[^!-~]/.test(name) || OTHER_BUILTINS.test(name) || Object.hasOwn(script.env, `BASH_FUNC_${name}%%`))
      throw new Unknown();
    const compilerArgs = words && argumentsOf(tools.compiler, [name, ...words]);
    const linkerArgs = words && argumentsOf(tools.linker, [name, ...words]);
    if (compilerArgs) this.#compile([name, ...words], compilerArgs, input);
    else if (linkerArgs) this.#link(linkerArgs);
    else if (name === 'env') this.#env(words, script, input);
    else if (/^[\w.+-]+$/.test(name) && findProgram(fs, name, script.env, cwd) === null) this.#programs.add(name);
    else if (!name.includes('/') || TOOL_NAME.test(basename(name))) this.#plainProgram(name, words);
    else this.#script(name, words, script, input);
  }

  #plainProgram(name: string, words: readonly string[] | null): void {
    if (!isPlainCall(name, words)) throw new Unknown();
    // That something can be written is seen by other commands that ask the compiler.
    if (name === 'mktemp' || name === 'rm') this.#compiler = true;
    this.#program(name);
  }

  #link(args: readonly string[]): void {
    sure(linkerUse(args));
    this.#linker = true;
  }

  #compile(words: readonly string[], args: readonly string[], input: string | null): void {
    const use = compilerUse(args, input);
    sure(use);
    this.#compiler = true;
    if (use === 'files') this.calls.push({ words, input: input ?? '' });
  }

  #env(words: readonly string[] | null, script: Script, input: string | null): void {
    const at = words?.findIndex((word) => !/^[A-Za-z_]\w*=/.test(word)) ?? -1;
    if (!words || at < 0 || words[at]!.startsWith('-')) throw new Unknown();
    const given = words.slice(0, at).map((word): [string, string] => {
      const [, name, value] = /^(\w+)=(.*)$/s.exec(word)!;
      if (DECIDING.test(name!)) throw new Unknown();
      return [name!, value!];
    });
    this.#program('env');
    if (BUILTINS.has(words[at]!)) throw new Unknown();
    this.#start(words.slice(at), { ...script, env: { ...script.env, ...Object.fromEntries(given) } }, input);
  }

  /** A program that is itself what it seems to be. */
  #program(name: string): void {
    const { fs, env, cwd } = this.#surroundings;
    const path = findProgram(fs, name, env, cwd);
    if (path === null || !isBinary(fs, path)) throw new Unknown();
    this.#programs.add(name);
  }

  #script(name: string, positional: readonly string[] | null, { env, depth }: Script, input: string | null): void {
    const { fs, cwd } = this.#surroundings;
    const text = fs.readText(resolve(cwd, name));
    if (text === null || text.length > MAX_SCRIPT || !SCRIPT.test(text) || depth > 3) throw new Unknown();
    const read = readShell(text);
    if (!read) throw new Unknown();
    this.#scripts.add(name);
    this.#text(read, { name, env, depth: depth + 1 }, positional, input);
  }

  /** Follows the commands that are in words, and remembers the variables. */
  #nested(words: readonly Word[], state: State): void {
    for (const part of words.flat()) {
      if (part.kind === 'parameter') {
        if (MADE_UP.test(part.name)) throw new Unknown();
        if (/^[A-Za-z_]/.test(part.name)) this.#variables.add(part.name);
        if (part.operand) this.#nested([part.operand], state);
      } else if (part.kind === 'command') {
        const own = copy(state);
        own.input = readByOthers(state.input);
        this.#follow(part.body, own);
      } else if (part.kind === 'arithmetic') {
        for (const name of part.names)
          this.#nested([[{ kind: 'parameter', name, operand: null, quoted: true }]], state);
        this.#nested([part.parts], state);
      } else if (!part.quoted && /[*?]|\[./.test(part.text)) throw new Unknown();
    }
  }

  /** What words become; null where that is not known. */
  #fields(words: readonly Word[], state: State): readonly string[] | null {
    const fields: string[] = [];
    for (const word of words) {
      const some = this.#split(word, state);
      if (some === null) return null;
      fields.push(...some);
    }
    return fields;
  }

  #split(word: Word, state: State): readonly string[] | null {
    const whole = word.filter((part) => part.kind !== 'text' || part.text !== '');
    const [part] = whole;
    if (whole.length === 1 && part!.kind === 'parameter' && part!.operand === null && /^[@*]$/.test(part!.name)) {
      if (part!.quoted) return part!.name === '@' ? state.positional : null;
      const each = state.positional?.map((text) => separate(text, state.separators));
      return each && !each.includes(null) ? each.flatMap((some) => some!) : null;
    }
    const text = this.#value(word, state);
    if (text === null) return null;
    const isSplit = word.some((each) => each.kind !== 'text' && !(each.kind === 'arithmetic' || each.quoted));
    if (!isSplit) return [text];
    const some = separate(text, state.separators);
    return some && (whole.length === 1 || some.length === 1) ? some : null;
  }

  /** A word without splitting it; null where it is not known. */
  #value(word: Word, state: State): string | null {
    let text = '';
    for (const part of word) {
      const value = this.#part(part, state);
      if (value === null) return null;
      text += value;
    }
    return text;
  }

  #part(part: Part, state: State): string | null {
    if (part.kind === 'text') return part.text;
    if (part.kind === 'command') return this.#printed(part.body, state);
    if (part.kind === 'arithmetic' || part.operand !== null) return null;
    const { positional, script, variables } = state;
    if (part.name === '0') return script.name;
    if (/^\d+$/.test(part.name)) return positional && (positional[Number(part.name) - 1] ?? '');
    if (!/^\w/.test(part.name)) return null;
    if (script.assigned.has(part.name)) return variables.get(part.name) ?? null;
    return script.env[part.name] ?? '';
  }

  /** What a few commands print whose output is the name of a program. */
  #printed(body: ShellNode, state: State): string | null {
    if (body.kind !== 'simple' || body.redirections.length + body.assignments.length > 0) return null;
    const [name, ...args] = this.#fields(body.words, state) ?? [];
    if (name === undefined || state.functions.has(name)) return null;
    if (name === 'dirname' && args.length === 1 && /^(?!.*\/\/)[\w./-]*\w$/.test(args[0]!)) return dirname(args[0]!);
    if (name === 'mktemp' && args.length === 0) return MADE_FILE;
    if (name !== 'command' || args.length !== 2 || args[0] !== '-v') return null;
    const { fs, cwd } = this.#surroundings;
    const isBuiltin = BUILTINS.has(args[1]!) || OTHER_BUILTINS.test(args[1]!);
    return isBuiltin ? null : (findProgram(fs, args[1]!, state.script.env, cwd) ?? '');
  }
}

function known(fields: readonly (string | null)[]): readonly string[] | null {
  return fields.includes(null) ? null : (fields as readonly string[]);
}

function isMadeFile(word: string): boolean {
  return word.startsWith(MADE_FILE) && !word.includes('/');
}

/** Whether what a program does hangs on nothing but itself. @param words its arguments; null where some are unknown */
function isPlainCall(name: string, words: readonly string[] | null): boolean {
  if (words === null) return takesAnyText(name);
  if (name === 'mktemp') return words.length === 0;
  if (name === 'rm') return words.every((word) => word === '-f' || isMadeFile(word));
  if (isTextTool(name)) return onlyTurnsText(name, words);
  return TOOL_NAME.test(basename(name)) && otherToolUse(words) !== null;
}

function sure(use: ToolUse): void {
  if (use === null) throw new Unknown();
}

/** The arguments of a call of a tool; null where it is no such call. */
function argumentsOf(tool: string, fields: readonly string[]): readonly string[] | null {
  const name = tool.split(/ +/).filter((word) => word !== '');
  return name.length > 0 && name.every((word, at) => fields[at] === word) ? fields.slice(name.length) : null;
}
