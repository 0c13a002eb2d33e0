/**
 * What a command of a Kconfig file depends on. Only plain commands are understood: those that call the compiler, the
 * linker, a few tools whose answers come from their arguments alone, and scripts that do no more than that. Every other
 * command has to run each time.
 *
 * A text is read once, from its start to its end, without deciding what an `if` or a `case` does: all of it has to be
 * plain. `shell-text.ts` says which part of the shell's language is known, `tool-calls.ts` how tools may be called.
 */
import { basename, dirname, resolve } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';
import { findProgram, isBinary } from './environment.ts';
import { conditionOf, type ToolNames } from './kconfig-include.ts';
import {
  ensure,
  literalOf,
  NotPlain,
  readShellText,
  type ShellText,
  type SimpleCommand,
  simpleCommands,
} from './shell-text.ts';
import { compilerUse, isLinkerCall, isToolCall } from './tool-calls.ts';

/**
 * What an answer depends on: the compiler, the linker; scripts and programs as they are named; variables of the
 * environment; files and directories, present or missing.
 */
export type Dependency = 'compiler' | 'linker' | `${'script' | 'program' | 'variable' | 'file'} ${string}`;

/** A call of the compiler that reads headers or links, and so depends on where it searches for them. */
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
  /** Where programs are that were looked for: the words of a hundred commands are much the same. */
  readonly programs: Map<string, string | null>;
}

/**
 * @returns null where a command may depend on anything; `calls` are those of which the compiler has to be asked where it
 *   searches
 */
export function commandDependencies(
  command: string,
  surroundings: CommandSurroundings,
): { readonly dependencies: ReadonlySet<Dependency>; readonly calls: readonly CompilerCall[] } | null {
  try {
    return new CommandReader(surroundings, command);
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

/** A text that is read: a command, a script, a function, or what is in a `$(…)`. */
interface Progress extends ShellText {
  /** The folder of the script. */
  readonly folder: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly depth: number;
  /** It is a function, or in a `$(…)`. */
  readonly isPart: boolean;
  /** It is the only command in a `$(…)`. */
  readonly isAlone: boolean;
  /** Variables that are assigned once, where no `if`, `while` or `case` may skip it. */
  readonly constants: Map<string, string>;
  hasBlocks: boolean;
  /** `$@` may differ from `args`. */
  hasOtherArgs: boolean;
}

const SHEBANG = /^#! ?\/bin\/sh(?: -[eu]+)?\n/;
const MAX_SCRIPT = 65_536;
const MAX_DEPTH = 3;
const EXPANSION = /\\\$|\ue002|\ue000(\d+)\ue001|\$(?:[@*]|(\w+)|\{(\w+)(.*?)\})/g;
/** The body of a function that takes a version apart; it is the only place where words may be split at dots. */
const VERSION = /^\s*IFS=\.\s+set -- \$1\s+echo \ue002\s+$/;
/** What may be named anywhere. How it is called is checked where it is called. */
const PURE_TOOL =
  /^(?:true|false|echo|printf|test|\[|env|cat|head|grep|dirname|mktemp|rm|(?:[\w.+]+-)*(?:gcc|clang|ld|lld|gold|as|nm|ar|objcopy|objdump|readelf|strip)(?:-[\d.]+)?)$/;
/** What clang is to compile for. */
const TARGET = /^--target=[\w.-]+$/;
/** What may be missing on a machine, and is no word of the shell's own. */
const OPTIONAL_TOOL = /^(?:[\w.]+-)*(?:rustc|bindgen|pahole)(?:-[\d.]+)?$/;
/** Variables that no shell makes up, and no program reads: a script's own, and tools. */
const PLAIN_VARIABLE = /^(?:[a-z]\w*|ARCH|SRCARCH|CC|LD|AR|NM|OBJCOPY|OBJDUMP|READELF|STRIP|KBUILD_\w+)$/;
/** What `test` may compare; `x` is any word that is no operator. */
const TEST = /^(?:x|(?:(?:^| -[ao] )(?:x (?:!?=|-(?:eq|ne|lt|le|gt|ge)) x|-[nze] x))+)$/;
/** One word that is not known; any number of them; the name of a file from `mktemp`. */
const [UNKNOWN, ANYTHING, MADE] = ['\ue010', '\ue011', '\ue012'];

class CommandReader {
  readonly #surroundings: CommandSurroundings;
  readonly dependencies = new Set<Dependency>(['program /bin/sh']);
  readonly calls: CompilerCall[] = [];
  /** All text that words come from. */
  #words = '';

  /** @throws NotPlain */
  constructor(surroundings: CommandSurroundings, command: string) {
    this.#surroundings = surroundings;
    const { text, isWriting } = conditionOf(command);
    if (isWriting) this.dependencies.add('compiler');
    this.#readText(text, { folder: '', args: [], env: surroundings.env, depth: 0 });
    this.#lookUpWords();
  }

  /** Whatever the reading has missed: no word may be a program or a file but those that are known. */
  #lookUpWords(): void {
    const { fs, tools, cwd } = this.#surroundings;
    const own = `${tools.compiler} ${tools.linker}`.split(' ');
    for (const word of new Set(this.#words.match(/[\w.+/%=,:@-]+/g))) {
      if (PURE_TOOL.test(word) || own.includes(word)) continue;
      if (this.dependencies.has(`script ${word}`) || this.dependencies.has(`file ${word}`)) continue;
      ensure(this.#find(word) === null && !fs.stat(resolve(cwd, word))?.isFile);
    }
  }

  #readText(text: string, script: Pick<Progress, 'folder' | 'args' | 'env' | 'depth'>): void {
    // bash takes functions from its environment.
    ensure(script.depth <= MAX_DEPTH && !Object.keys(script.env).some((name) => name.startsWith('BASH_FUNC_')));
    const shell = readShellText(text);
    const all = [shell.code, ...shell.substitutions, ...shell.functions.values()].join(' ');
    this.#words += ` ${all.replace(/'[^']*'|\$\{?\w+/g, ' ')}`;
    // The shell that reads a command may have arguments of its own.
    const start = { constants: new Map(), hasBlocks: false, hasOtherArgs: script.depth === 0 };
    this.#readCode(shell.code, { ...shell, ...script, ...start, isPart: false, isAlone: false });
  }

  #readCode(code: string, progress: Progress): void {
    let printed = UNKNOWN;
    for (const command of simpleCommands(code)) {
      const piped = command.before === '|' ? printed : null;
      printed = this.#readSimple(command, command.isWithoutInput ? '' : piped, progress);
    }
  }

  /** @param input what it can read; null where that is not known @returns what it prints */
  #readSimple(command: SimpleCommand, input: string | null, progress: Progress): string {
    const { keywords, assignments, words, before, after } = command;
    progress.hasBlocks ||= keywords.some((keyword) => /^(?:if|while)$/.test(keyword));
    // What a loop does may have been done before.
    progress.hasOtherArgs ||= keywords.includes('while');
    const isCertain = /[\n;]/.test(before) && after !== '|' && !progress.hasBlocks && !progress.isPart;
    if (words.length > 0) ensure(assignments.every((assignment) => assignment.join('=') === 'LC_ALL=C'));
    else for (const [name, value] of assignments) this.#assign(name, value, isCertain, progress);
    // A string may not name a program, but for a variable in quotes.
    ensure(!/^['"\ue003]/.test(words[0] ?? '') || /^"\$(?:\w+|@)"$/.test(words[0]!));
    const expanded = words.flatMap((word) => this.#expand(word, progress));
    const [name, ...args] = expanded.map((word) => word.replace(/\ue012(?:\.\w+)?/g, '/dev/null'));
    return name === undefined ? UNKNOWN : this.#call(name, args, input, progress);
  }

  #assign(name: string, value: string, isCertain: boolean, progress: Progress): void {
    const { env, constants, isPart } = progress;
    if (name === 'IFS') ensure(value === "' '" && !isPart);
    // Programs would see it.
    else ensure(/^[a-z_]+$/.test(name) && !Object.hasOwn(env, name) && !constants.has(name));
    const text = this.#expand(value, progress).join(' ');
    if (isCertain && /^[\w./\ue012-]+$/.test(text)) constants.set(name, text);
  }

  /** The words that the shell makes of one. */
  #expand(word: string, progress: Progress): readonly string[] {
    const literal = literalOf(word);
    if (literal !== null) return [literal];
    ensure(!/^\w+=["'\ue003]/.test(word));
    const isQuoted = word.startsWith('"');
    const text = isQuoted ? word.slice(1, -1) : word;
    const splits = !isQuoted && progress.code.includes('IFS=');
    if (text === '$@' || word === '$*') {
      ensure(isQuoted || (!splits && progress.args.every((arg) => /^[\w.,+=/:%@-]+$/.test(arg))));
      return progress.hasOtherArgs ? [ANYTHING] : progress.args;
    }
    const expanded = text.replace(EXPANSION, (expansion, part?: string, name?: string, changed?: string) => {
      if (expansion === '\\$') return '$';
      const variable = name ?? changed ?? '';
      const value = part ? this.#substitute(Number(part), progress) : this.#value(variable, progress);
      ensure(!(splits && value?.includes(' ')));
      return (changed ? null : value) ?? (isQuoted || expansion === '\ue002' ? UNKNOWN : ANYTHING);
    });
    return isQuoted || expanded === text ? [expanded] : expanded.split(' ').filter((each) => each !== '');
  }

  /** What is printed by what is in `$(…)`; null where that is not known. */
  #substitute(index: number, progress: Progress): string | null {
    const code = progress.substitutions[index]!;
    if (code === 'mktemp') {
      // That something can be written is seen by other commands that ask the compiler.
      this.dependencies.add('compiler');
      this.#program('mktemp');
      return MADE;
    }
    if (code === 'dirname $0') {
      ensure(progress.depth > 0);
      this.#program('dirname');
      return progress.folder;
    }
    this.#readCode(code, { ...progress, isPart: true, isAlone: !/[\n;&|]/.test(code) });
    return null;
  }

  #value(name: string, { env, constants }: Progress): string | null {
    if (!/^[A-Za-z_]/.test(name)) return null;
    if (constants.has(name)) return constants.get(name)!;
    ensure(PLAIN_VARIABLE.test(name));
    this.dependencies.add(`variable ${name}`);
    const value = env[name] ?? null;
    ensure(/^[\w.,+=/:@ -]*$/.test(value ?? ''));
    this.#words += ` ${value}`;
    return value;
  }

  #call(name: string, args: readonly string[], input: string | null, progress: Progress): string {
    const text = args.join(' ');
    const body = progress.functions.get(name);
    const compilerArgs = argumentsOf(this.#surroundings.tools.compiler, [name, ...args]);
    const linkerArgs = argumentsOf(this.#surroundings.tools.linker, [name, ...args]);
    if (body !== undefined) this.#callFunction(name, args, body, progress);
    else if (compilerArgs) {
      const use = compilerUse(this.#withoutTarget(compilerArgs), input, progress.isPart || progress.depth > 1);
      ensure(use !== null);
      this.dependencies.add('compiler');
      // It starts these, too.
      if (args.includes('-gsplit-dwarf')) this.dependencies.add('program objcopy');
      if (use === 'searches') {
        this.dependencies.add('program ld');
        this.calls.push({ words: [name, ...args], input: input ?? '' });
      }
    } else if (linkerArgs) {
      ensure(isLinkerCall(linkerArgs));
      this.dependencies.add('linker');
    } else if (/^(?::|true|false|exit|return)$/.test(name)) return UNKNOWN;
    else if (/^(?:echo|printf|cat)$/.test(name)) return this.#print(name, args);
    else if (name === 'case') {
      ensure(args.length === 2 && args[1] === 'in');
      progress.hasBlocks = true;
    } else if (name === 'shift' || (name === 'set' && args[0] === '--')) progress.hasOtherArgs = true;
    else if (name === 'set') ensure(/^-[eu]+$/.test(text));
    else if (name === 'test' || name === '[') this.#test(name === '[' ? args.slice(0, -1) : args);
    else if (name === 'trap') {
      ensure(args.length === 2 && /^rm -f(?: \/dev\/null)+ EXIT$/.test(text));
      this.#program('rm');
    } else if (name === 'command') {
      ensure(/^-v [\w./+-]+$/.test(text));
      this.dependencies.add(`program ${args[1]}`);
    } else if (name === 'env') this.#env(args, progress);
    else if (isToolCall(basename(name), args)) {
      ensure(input !== null || !/^(?:head|grep)$/.test(name));
      this.#program(name);
    } else if (name.includes('/')) this.#script(name, { ...progress, args });
    else {
      // Where it is missing, its arguments do not matter.
      ensure(OPTIONAL_TOOL.test(name) && this.#find(name) === null);
      this.dependencies.add(`program ${name}`);
    }
    return UNKNOWN;
  }

  /**
   * What clang compiles for is part of what it is known by, where that is what it was asked for its programs with. With
   * `-m32` it is another, which may have a configuration file of its own.
   */
  #withoutTarget(args: readonly string[]): readonly string[] {
    const known = (this.#surroundings.env['CLANG_FLAGS'] ?? '').split(/\s+/).filter((word) => TARGET.test(word));
    if (known.length !== 1 || args.some((arg) => /^-m(?:32|16|x32)$/.test(arg))) return args;
    return args.filter((arg) => arg !== known[0]);
  }

  #callFunction(name: string, args: readonly string[], body: string, progress: Progress): void {
    // It may be that the function is not there yet.
    this.dependencies.add(`program ${name}`);
    ensure(progress.depth < MAX_DEPTH);
    const inner = { isPart: true, isAlone: false, hasOtherArgs: false, depth: progress.depth + 1 };
    if (VERSION.test(body)) ensure(progress.isAlone);
    else this.#readCode(body, { ...progress, ...inner, args });
  }

  /** @returns what `echo`, `printf` or `cat` prints */
  #print(name: string, args: readonly string[]): string {
    if (name === 'echo') return /^-|[^\n -~]/.test(args.join(' ')) ? UNKNOWN : `${args.join(' ')}\n`;
    if (name === 'cat') this.#program(name);
    // A here-document ends with its line.
    ensure(name === 'cat' ? args.length === 1 && args[0]!.endsWith('\n') : args.length === 2 && args[0] === '%b\\n');
    return name === 'cat' ? args[0]! : `${args[1]}\n`;
  }

  #test(args: readonly string[]): void {
    const words = args.map((arg) => (/^(?:[!()]|!?=|-[a-z]{1,2})$/.test(arg) ? arg : 'x'));
    ensure(TEST.test(words.join(' ')) && !args.join('').includes(ANYTHING));
    for (const [at, path] of args.entries()) {
      if (args[at - 1] !== '-e') continue;
      // Elsewhere, files change from one moment to the next.
      ensure(/^\/(?!(?:dev|proc|run|sys|tmp)\/)[\w./+-]+$/.test(path));
      this.dependencies.add(`file ${path}`);
    }
  }

  #env(args: readonly string[], progress: Progress): void {
    const at = args.findIndex((arg) => !/^(?:CC|LD|AR|NM|OBJCOPY|OBJDUMP|READELF|STRIP)=/.test(arg));
    ensure(at > 0);
    this.#program('env');
    const given = Object.fromEntries(args.slice(0, at).map((arg) => arg.split(/=(.*)/s) as [string, string]));
    this.#script(args[at]!, { ...progress, args: args.slice(at + 1), env: { ...progress.env, ...given } });
  }

  /** A program that is no script or wrapper, which might start others. */
  #program(name: string): void {
    const path = this.#find(name);
    ensure(path !== null && isBinary(this.#surroundings.fs, path));
    this.dependencies.add(`program ${name}`);
  }

  #script(name: string, { args, env, depth }: Progress): void {
    const { fs, cwd } = this.#surroundings;
    const text = fs.readText(resolve(cwd, name)) ?? '';
    ensure(/^[\w./+-]+$/.test(name) && text.length <= MAX_SCRIPT && SHEBANG.test(text));
    this.dependencies.add(`script ${name}`);
    this.#readText(text.replace(SHEBANG, ''), { folder: dirname(name), args, env, depth: depth + 1 });
  }

  #find(name: string): string | null {
    const { fs, env, cwd, programs } = this.#surroundings;
    let path = programs.get(name);
    if (path === undefined) {
      path = findProgram(fs, name, env, cwd);
      programs.set(name, path);
    }
    return path;
  }
}

/** The arguments of a call of a tool; null where it is no such call. */
function argumentsOf(tool: string, words: readonly string[]): readonly string[] | null {
  const name = tool.split(/ +/).filter((word) => word !== '');
  return name.length > 0 && name.every((word, at) => words[at] === word) ? words.slice(name.length) : null;
}
