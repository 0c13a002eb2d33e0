/**
 * What a command of a Kconfig file depends on. Only plain commands are understood: those that call the compiler, the
 * linker, a few tools whose answers come from their arguments alone, and scripts that do no more than that. Every other
 * command has to run each time.
 */
import { basename, dirname, resolve } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';
import { findProgram, isBinary } from './environment.ts';
import { compilerUse, isLinkerCall, isToolCall, MADE_FILE } from './tool-calls.ts';
import type { ToolNames } from './tool-commands.ts';

/** What a command depends on: as long as all of it is the same, so is the answer. */
export interface CommandDependencies {
  readonly compiler: boolean;
  readonly linker: boolean;
  /** Scripts, as they are named. */
  readonly scripts: readonly string[];
  /** Programs that are started, or looked for, as they are named: on PATH, where there is no `/`. */
  readonly programs: readonly string[];
  /** Variables of the environment that scripts read. */
  readonly variables: readonly string[];
  /** Files and directories, present or missing. */
  readonly files: readonly string[];
}

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
}

/**
 * @returns null where a command may depend on anything; `calls` are those of which the compiler has to be asked where it
 *   searches
 */
export function commandDependencies(
  command: string,
  surroundings: CommandSurroundings,
): { readonly dependencies: CommandDependencies; readonly calls: readonly CompilerCall[] } | null {
  const reader = new CommandReader(surroundings);
  try {
    reader.readText(command, { name: null, args: [], env: surroundings.env, depth: 0 });
    return reader;
  } catch (error) {
    if (error instanceof NotPlain) return null;
    throw error;
  }
}

/** Ends the reading of a command that may depend on anything. */
class NotPlain extends Error {}

function ensure(condition: boolean): asserts condition {
  if (!condition) throw new NotPlain();
}

/** A text that the shell reads. */
interface Script {
  /** `$0`; null for the command itself. */
  readonly name: string | null;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly depth: number;
}

/** How far a text has been read. */
interface Progress extends Script {
  /** How often each variable is assigned in the text. */
  readonly assigned: ReadonlyMap<string, number>;
  /** Variables with a known value. */
  readonly known: Map<string, string>;
  /** Functions so far, and whether they use their arguments. */
  readonly functions: Map<string, boolean>;
  /** The function whose body is being read. */
  inside: string | null;
  /** `$@` may differ from the arguments of the script, or of the function. */
  hasOtherArgs: boolean;
  /** The same outside of the function. */
  hadOtherArgs: boolean;
  /** Open `if`, `while` and `case`. */
  blocks: number;
}

/** A line in pieces: strings and `$(…)` are taken out, and stand in it as numbers. */
interface Pieces {
  readonly strings: readonly string[];
  readonly substitutions: readonly string[];
}

const ASSIGNMENT = /^([A-Za-z_]\w*)=/;
const SHEBANG = /^#! ?\/bin\/sh(?: -[eu]+)?\n/;
const MAX_SCRIPT = 65_536;
const MAX_DEPTH = 3;
const CASE = /^case "?\$\w+"? in$/;
const CASE_PARTS = /^(?:[\w*|.]+\)|;;)$/;
const SEPARATORS = /^IFS=(?:\.|'[ \n]')$/;
const HERE_DOCUMENT = /^cat <<(-?) ?(["']?)(\w+)\2 \| (.+)$/;
const REDIRECTION = /(?<!\S)(?:[12]?> ?\/dev\/null|< ?\/dev\/null|[12]?>&[12])(?![^\s;)])/g;
const KEYWORDS = /^(?:if|then|else|elif|fi|while|do|done|esac|!|\{|\})$/;
/** Builtins that depend on their arguments alone and change nothing. */
const PLAIN_BUILTINS = /^(?::|true|false|echo|exit|return|break)$/;
/** Programs that may be named anywhere. How they are called is checked where they are called. */
const PURE_TOOLS =
  /^(?:true|false|echo|printf|test|\[|env|cat|head|grep|dirname|mktemp|rm|(?:[\w.+]+-)*(?:gcc|clang|ld|lld|gold|as|nm|ar|objcopy|objdump|readelf|strip)(?:-[\d.]+)?)$/;
/** Variables that decide which programs run and what they read, or that shells make up. */
const SPECIAL =
  /^(?:PATH|ENV|TMPDIR|TMP|TEMP|HOME|CPATH|\w+_PATH|(?:LD|GCC|COLLECT|BASH|COMP)_\w+|\w+OPTS|PS\d|RANDOM|SRANDOM|SECONDS|PPID|LINENO|E?UID|GROUPS|HOST\w*|MACHTYPE|OSTYPE|PWD|OLDPWD|SHLVL|_|OPT\w+|DIRSTACK|EPOCH\w*|FUNCNAME|PIPESTATUS|HISTCMD|REPLY)$/;
/** Where files change from one moment to the next. */
const CHANGING_PLACE = /^\/(?:dev|proc|run|sys|tmp)(?:\/|$)/;

class CommandReader {
  readonly #surroundings: CommandSurroundings;
  readonly #scripts = new Set<string>();
  readonly #programs = new Set<string>(['/bin/sh']);
  readonly #variables = new Set<string>();
  readonly #files = new Set<string>();
  readonly #seen = new Map<string, string | null>();
  readonly calls: CompilerCall[] = [];
  #compiler = false;
  #linker = false;

  constructor(surroundings: CommandSurroundings) {
    this.#surroundings = surroundings;
  }

  get dependencies(): CommandDependencies {
    return {
      compiler: this.#compiler,
      linker: this.#linker,
      scripts: [...this.#scripts],
      programs: [...this.#programs],
      variables: [...this.#variables],
      files: [...this.#files],
    };
  }

  /** Reads a command, or what is in a script. @throws NotPlain */
  readText(text: string, script: Script): void {
    ensure(/^[\t\n -~]*$/.test(text));
    // bash takes functions from its environment.
    ensure(!Object.keys(script.env).some((name) => name.startsWith('BASH_FUNC_')));
    const lines = logicalLines(this.#withFolder(text, script.name));
    const code = lines.map(({ text: line }) => line).join('\n');
    if (lines.some(({ input }) => input !== null)) this.#program('cat');
    // Words are split at blanks.
    ensure(!/\bIFS=/.test(code) || !/[^"]\$[@*]|\$[@*][^"]/.test(code));
    const assigned = new Map<string, number>();
    for (const [, name] of code.matchAll(/\b([A-Za-z_]\w*)=/g)) assigned.set(name!, (assigned.get(name!) ?? 0) + 1);
    const progress: Progress = {
      ...script,
      assigned,
      known: new Map(),
      functions: new Map(),
      inside: null,
      hasOtherArgs: false,
      hadOtherArgs: false,
      blocks: 0,
    };
    for (const { text: line, input } of lines) this.#readLine(line, input, progress);
    this.#readVariables(code, progress);
    for (const { text: line, input } of lines) if (!CASE_PARTS.test(line)) this.#lookUp(`${line} ${input ?? ''}`);
  }

  /** Puts the folder of a script in the place of `$(dirname $0)`. */
  #withFolder(text: string, script: string | null): string {
    const parts = text.split('$(dirname $0)');
    if (script === null || parts.length === 1) return text;
    this.#program('dirname');
    return parts.join(dirname(script));
  }

  #readVariables(code: string, { assigned, env }: Progress): void {
    for (const [, name] of code.matchAll(/\$\{?([A-Za-z_]\w*)/g)) {
      ensure(!SPECIAL.test(name!));
      if (assigned.has(name!)) continue;
      this.#variables.add(name!);
      this.#lookUp(env[name!] ?? '');
    }
  }

  /** Looks each word up: none may be a program but those that are known, wherever it stands. */
  #lookUp(text: string): void {
    const { compiler, linker } = this.#surroundings.tools;
    const own = `${compiler} ${linker}`.split(' ');
    for (const [word] of text.replace(/\$\{?\w+/g, ' ').matchAll(/[\w.+/%-]+/g)) {
      const isKnown = PURE_TOOLS.test(word) || own.includes(word) || this.#scripts.has(word);
      ensure(isKnown || this.#find(word) === null);
    }
  }

  #readLine(line: string, input: string | null, progress: Progress): void {
    const header = /^(\w+)\(\)$/.exec(line);
    if (header) {
      const name = header[1]!;
      ensure(progress.inside === null && progress.blocks === 0 && !isTaken(name) && this.#find(name) === null);
      progress.functions.set(name, false);
      Object.assign(progress, { inside: name, hadOtherArgs: progress.hasOtherArgs, hasOtherArgs: false });
    } else if (line === '}' && progress.inside !== null) {
      Object.assign(progress, { inside: null, hasOtherArgs: progress.hadOtherArgs });
    } else if (CASE.test(line)) progress.blocks++;
    else if (!(CASE_PARTS.test(line) || SEPARATORS.test(line))) {
      this.#readCommands(line, input, progress);
      this.#noteValue(line, progress);
    }
  }

  /** A value is known where it is assigned once, and whatever happens. */
  #noteValue(line: string, { assigned, known, inside, blocks }: Progress): void {
    const [, name, value] = /^([a-z_]+)=(\$\(mktemp\)|[\w./-]+)$/.exec(line) ?? [];
    if (name === undefined || assigned.get(name) !== 1 || inside !== null || blocks > 0) return;
    known.set(name, value === '$(mktemp)' ? MADE_FILE : value!);
  }

  #readCommands(line: string, input: string | null, progress: Progress): void {
    const { flat, pieces } = takeApart(line);
    let piped = input;
    for (const part of flat.split(/(;|&&|\|\||\|)/)) {
      if (/^(?:;|&&|\|\|)$/.test(part)) piped = null;
      else if (part !== '|') piped = this.#readSimple(part, piped, pieces, progress);
    }
  }

  /** @returns what the command prints; null where that is not known */
  #readSimple(part: string, piped: string | null, pieces: Pieces, progress: Progress): string | null {
    const input = /< ?\/dev\/null/.test(part) ? '' : piped;
    const words = part
      .replace(REDIRECTION, '')
      .split(/\s+/)
      .filter((word) => word !== '');
    ensure(words.every((word) => !/[<>]/.test(word) && (/^(?:[[\]{}!]|!=)$/.test(word) || !/[[\]{}!]/.test(word))));
    while (words.length > 0 && KEYWORDS.test(words[0]!)) {
      const keyword = words.shift()!;
      if (/^(?:if|while)$/.test(keyword)) progress.blocks++;
      if (/^(?:fi|done|esac)$/.test(keyword)) progress.blocks--;
      ensure(keyword !== '{' || progress.inside === null);
      // What a loop does may have been done before.
      if (keyword === 'while') progress.hasOtherArgs = true;
    }
    const command = this.#withoutAssignments(this.#expand(words, pieces, progress), progress);
    if (command.length === 0) return null;
    const text = command.slice(1).join(' ');
    if (command[0] === 'echo') return /^-|\$/.test(text) ? null : `${text}\n`;
    if (progress.functions.has(command[0]!))
      this.#callFunction(
        words.map((word) => withStrings(word, pieces)),
        progress,
      );
    else this.#call(command, input, progress);
    return null;
  }

  /** Functions that use their arguments are understood where these are the script's own. */
  #callFunction([name, ...args]: readonly string[], { functions, hasOtherArgs }: Progress): void {
    ensure(!functions.get(name!) || (args.join(' ') === '$@' && !hasOtherArgs));
  }

  /** Puts strings and the values of variables in their places, and reads the commands in `$(…)`. */
  #expand(words: readonly string[], pieces: Pieces, progress: Progress): string[] {
    return words.flatMap((word): readonly string[] => {
      for (const [, index] of word.matchAll(/\ue003(\d+)\ue004/g))
        this.#readCommands(pieces.substitutions[Number(index)]!, null, progress);
      const text = withStrings(word, pieces);
      if (/^\$[@*]$/.test(text)) return this.#args(text, progress);
      const [, name, suffix = ''] = /^\$([A-Za-z_]\w*)(\.\w+)?$/.exec(text) ?? [];
      if (name === undefined) return [text.replace(/[\ue003\ue004]/g, '$')];
      const value = progress.assigned.has(name) ? progress.known.get(name) : (progress.env[name] ?? '');
      if (value === undefined) return [text];
      return word.startsWith('\ue001')
        ? [value + suffix]
        : `${value}${suffix}`.split(/ +/).filter((each) => each !== '');
    });
  }

  #args(word: string, progress: Progress): readonly string[] {
    if (progress.inside !== null) progress.functions.set(progress.inside, true);
    return progress.hasOtherArgs ? [word] : progress.args;
  }

  /** Takes assignments off the front of a command. */
  #withoutAssignments(fields: readonly string[], { env }: Progress): readonly string[] {
    const count = fields.findIndex((field) => !ASSIGNMENT.test(field));
    if (count >= 0) {
      ensure(fields.slice(0, count).every((field) => /^(?:LC_ALL|LANG|LANGUAGE)=/.test(field)));
      return fields.slice(count);
    }
    for (const field of fields) {
      const name = ASSIGNMENT.exec(field)![1]!;
      // Programs would see it.
      ensure(/^[a-z_]+$/.test(name) && !Object.hasOwn(env, name));
    }
    return [];
  }

  #call(command: readonly string[], input: string | null, progress: Progress): void {
    const [name, ...args] = command as [string, ...string[]];
    const { tools } = this.#surroundings;
    const compilerArgs = argumentsOf(tools.compiler, command);
    const linkerArgs = argumentsOf(tools.linker, command);
    if (compilerArgs) this.#compile(command, compilerArgs, input);
    else if (linkerArgs) {
      ensure(isLinkerCall(linkerArgs));
      this.#linker = true;
    } else if (PLAIN_BUILTINS.test(name)) return;
    else if (name === 'set') {
      ensure(args[0] === '--' || /^-[eu]+$/.test(args.join(' ')));
      progress.hasOtherArgs ||= args[0] === '--';
    } else if (name === 'shift') progress.hasOtherArgs = true;
    else if (name === 'trap') {
      ensure(args.length === 2 && args[1] === 'EXIT');
      this.#readCommands(args[0]!, null, progress);
    } else if (name === 'test' || name === '[') this.#test(args);
    else if (name === 'command') {
      ensure(args.length === 2 && args[0] === '-v' && /^[\w./+-]+$/.test(args[1]!));
      this.#programs.add(args[1]!);
    } else if (name === 'env') this.#env(args, progress);
    else this.#start(name, args, progress);
  }

  #compile(words: readonly string[], args: readonly string[], input: string | null): void {
    const use = compilerUse(args, input);
    ensure(use !== null);
    this.#compiler = true;
    if (use === 'searches') this.calls.push({ words, input: input ?? '' });
  }

  /** `test`: files may be asked for by their absolute paths. */
  #test(args: readonly string[]): void {
    args.forEach((arg, at) => {
      if (/^-[ao]$/.test(arg)) ensure(at > 0 && args[at - 1] !== '!');
      else if (/^-[A-Za-z]$/.test(arg) && !/^-[nz]$/.test(arg)) {
        const path = args[at + 1] ?? '';
        ensure(/^-[efds]$/.test(arg) && /^\/[\w./+-]+$/.test(path) && !CHANGING_PLACE.test(path));
        this.#files.add(path);
      } else ensure(!/^-(?:nt|ot|ef)$/.test(arg));
    });
  }

  #env(args: readonly string[], progress: Progress): void {
    const at = args.findIndex((arg) => !/^(?:CC|LD|AR|NM|OBJCOPY|OBJDUMP|READELF|STRIP)=/.test(arg));
    ensure(at > 0 && !isTaken(args[at]!));
    this.#program('env');
    const given = args.slice(0, at).map((arg) => arg.split(/=(.*)/s) as [string, string]);
    this.#start(args[at]!, args.slice(at + 1), { ...progress, env: { ...progress.env, ...Object.fromEntries(given) } });
  }

  #start(name: string, args: readonly string[], progress: Progress): void {
    ensure(/^[\w.+-]+$|^[\w.+-]*\/[\w./+-]+$/.test(name) && !isTaken(name));
    if (isToolCall(basename(name), args)) {
      // That something can be written is seen by other commands that ask the compiler.
      if (name === 'mktemp' || name === 'rm') this.#compiler = true;
      this.#program(name);
    } else if (name.includes('/')) this.#script(name, args, progress);
    else {
      // Where it is missing, its arguments do not matter.
      ensure(this.#find(name) === null);
      this.#programs.add(name);
    }
  }

  /** A program that is no script or wrapper, which might start others. */
  #program(name: string): void {
    const path = this.#find(name);
    ensure(path !== null && isBinary(this.#surroundings.fs, path));
    this.#programs.add(name);
  }

  #script(name: string, args: readonly string[], { env, depth }: Script): void {
    const { fs, cwd } = this.#surroundings;
    const text = fs.readText(resolve(cwd, name)) ?? '';
    ensure(text.length <= MAX_SCRIPT && SHEBANG.test(text) && depth < MAX_DEPTH);
    this.#scripts.add(name);
    this.readText(text.replace(SHEBANG, ''), { name, args, env, depth: depth + 1 });
  }

  #find(name: string): string | null {
    const { fs, env, cwd } = this.#surroundings;
    let path = this.#seen.get(name);
    if (path === undefined) {
      path = findProgram(fs, name, env, cwd);
      this.#seen.set(name, path);
    }
    return path;
  }
}

/** The lines of a text without comments; those that begin with `cat <<END |` with what the next command reads. */
function logicalLines(text: string): { readonly text: string; readonly input: string | null }[] {
  const lines = text.split('\n');
  const found: { text: string; input: string | null }[] = [];
  for (let at = 0; at < lines.length; at++) {
    let line = lines[at]!.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (line === "IFS='") line = `${line}\n${lines[++at]}`;
    while (/\|$| \\$/.test(line)) line = `${line.replace(/\\$/, '')} ${(lines[++at] ?? '').trim()}`;
    // A function's body begins here; it is the line before that says so.
    if (line === '{' && /^\w+\(\)$/.test(found.at(-1)?.text ?? '')) continue;
    const here = HERE_DOCUMENT.exec(line);
    if (!here) {
      found.push({ text: line, input: null });
      continue;
    }
    const [, tabs, quote, word, rest] = here;
    const body: string[] = [];
    const strip = (each: string): string => (tabs === '' ? each : each.replace(/^\t+/, ''));
    while (++at < lines.length && strip(lines[at]!) !== word) body.push(`${strip(lines[at]!)}\n`);
    ensure(at < lines.length && !(quote === '' && /[$`\\]/.test(body.join(''))));
    found.push({ text: rest!, input: body.join('') });
  }
  return found;
}

/** Takes strings and `$(…)` out of a line. @throws NotPlain where anything is left that means more than itself */
function takeApart(line: string): { readonly flat: string; readonly pieces: Pieces } {
  const strings: string[] = [];
  const substitutions: string[] = [];
  ensure(!/["'].*\n/.test(line) && !(line.includes('"') && line.includes("'")));
  let flat = line
    .replace(/\$\{(\w+)(?:%%?[\w!.*[\]-]*|:-\w*)?\}(?!\w)/g, '$$$1')
    .replace(/\$\(\((?![^)]*(?:\+\+|--))[\w\s$#*/%+-]*\)\)/g, '0')
    .replace(/"(\$\([^"]*\))"/g, '$1')
    .replace(/"([^"]*)"|'([^'$]*)'/g, (_, text: string | undefined, literal: string | undefined) => {
      strings.push(text ?? literal!);
      return `\ue001${strings.length - 1}\ue002`;
    });
  ensure(!strings.some((text) => /\$[^\w@*]|\$$|[`\\]/.test(text)));
  for (let inner = INNERMOST.exec(flat); inner; inner = INNERMOST.exec(flat)) {
    // Strings in it are not needed by what is understood there.
    substitutions.push(restore(inner[1]!, strings).trim());
    flat = flat.replace(INNERMOST, () => `\ue003${substitutions.length - 1}\ue004`);
  }
  // Words that are put together could become the name of any program.
  ensure(!/[^\s=(][\ue001\ue003]|[\ue002\ue004][^\s;)]|[\w/+-]\$/.test(flat));
  const plain = flat.replace(/\$(?:\w+|[@*#])/g, 'x').replace(REDIRECTION, '');
  ensure(!/[^\w\s.,+\-/=:;|&!%@[\]{}\ue001-\ue004]|;;|(?<!&)&(?!&)|&&&|(?:&&|\|\|)\s*$/.test(plain));
  return { flat, pieces: { strings, substitutions } };
}

const INNERMOST = /\$\(([^()]*)\)/;

function restore(text: string, strings: readonly string[]): string {
  return text.replace(/\ue001(\d+)\ue002/g, (_, index: string) => `"${strings[Number(index)]}"`);
}

function withStrings(word: string, { strings }: Pieces): string {
  return word.replace(/\ue001(\d+)\ue002/g, (_, index: string) => strings[Number(index)]!);
}

/** Whether a name means something to shells. */
function isTaken(name: string): boolean {
  return (
    KEYWORDS.test(name) ||
    PLAIN_BUILTINS.test(name) ||
    /^(?:\.|alias|bg|bind|builtin|caller|case|cd|chdir|command|compgen|complete|compopt|continue|coproc|declare|dirs|disown|enable|eval|exec|export|fc|fg|for|function|getopts|hash|help|history|in|jobs|kill|let|local|logout|mapfile|popd|printf|pushd|pwd|read|readarray|readonly|select|set|shift|shopt|source|suspend|test|time|times|trap|type|typeset|ulimit|umask|unalias|unset|until|wait)$/.test(
      name,
    )
  );
}

/** The arguments of a call of a tool; null where it is no such call. */
function argumentsOf(tool: string, fields: readonly string[]): readonly string[] | null {
  const name = tool.split(/ +/).filter((word) => word !== '');
  return name.length > 0 && name.every((word, at) => fields[at] === word) ? fields.slice(name.length) : null;
}
