/** Expansion of `$(…)` in makefiles. */
import { resolve } from 'node:path';
import { Budget } from '../diagnostics/budget.ts';
import { matchWildcard } from '../make/paths.ts';
import type { FileSystem } from '../platform/platform.ts';
import { patternSubstitute, TEXT_FUNCTIONS, words } from './make-functions.ts';
import { MakeScope } from './make-scope.ts';

/** make would stop here with this message: `$(error …)`, a missing include. */
export class MakeStopped extends Error {
  override readonly name = 'MakeStopped';
}

/** Thrown where a program would have to run and none may. */
class NeedsProgram extends Error {}

/** What expansion asks of its surroundings. */
export interface ExpanderOptions {
  readonly fs: FileSystem;
  readonly cwd: string;
  /** The standard output of a shell command. */
  readonly run: (command: string) => string;
  /** `$(eval text)`. */
  readonly evaluate: (text: string) => void;
}

type Special = (args: readonly string[], time: number) => string;

/** References and calls inside one another; more is one that calls itself without end. */
const MAX_DEPTH = 400;

/** Longest reference that a message shows. */
const MAX_SHOWN = 60;

/** Chars that all expansions may come to, each with some more for the work itself (the kernel: 2 million). */
const MAX_EXPANDED_CHARS = 32 * 1024 * 1024;
const CHARS_PER_EXPANSION = 16;

/** Functions whose arguments are expanded as they are needed. */
const LAZY = new Set(['if', 'or', 'and', 'foreach', 'let', 'intcmp']);

/** Expands texts over a scope of variables. */
export class Expander {
  readonly scope: MakeScope;
  readonly #options: ExpanderOptions;
  readonly #special: Readonly<Record<string, Special>>;
  /** Variables of `call`, `foreach` and `let`, innermost last. */
  #locals: ReadonlyMap<string, string>[] = [];
  #programs = true;
  #depth = 0;
  readonly #budget = new Budget(
    MAX_EXPANDED_CHARS,
    () => new MakeStopped(`variables expand to more than ${MAX_EXPANDED_CHARS} characters`),
  );

  constructor(options: ExpanderOptions) {
    this.#options = options;
    this.#special = this.#specials();
    this.scope = new MakeScope((text, time) => this.#withLocals([], () => this.expandAt(text, time)));
  }

  /** Counts work that is done for what is read. @throws MakeStopped where it is more than any tree is worth */
  spend(chars: number): void {
    this.#budget.spend(chars);
  }

  /** Expands as of now. */
  expandNow(text: string): string {
    return this.expandAt(text, this.scope.time);
  }

  /** The value of a variable as of now. */
  value(name: string): string {
    return this.#reference(name, this.scope.time);
  }

  /** As `ifdef` sees it: has it a text, even one that expands to nothing? */
  isDefined(name: string, time: number): boolean {
    const found = this.scope.find(name, time);
    return found !== undefined && found.content().text !== '';
  }

  /** What the work gives, or null where a program would have to run for it. */
  withoutPrograms<Value>(work: () => Value): Value | null {
    const before = this.#programs;
    const depth = this.#depth;
    const locals = this.#locals;
    this.#programs = false;
    try {
      return work();
    } catch (error) {
      if (error instanceof NeedsProgram) return null;
      throw error;
    } finally {
      this.#programs = before;
      this.#depth = depth;
      this.#locals = locals;
    }
  }

  /** Expands a text that stands at a time. */
  expandAt(text: string, time: number): string {
    let dollar = text.indexOf('$');
    if (dollar < 0) return text;
    let out = '';
    let from = 0;
    while (dollar >= 0) {
      out += text.slice(from, dollar);
      const next = text[dollar + 1];
      if (next === '(' || next === '{') {
        const end = closing(text, dollar + 1);
        const content = text.slice(dollar + 2, end);
        const value = this.#deeper(content.slice(0, MAX_SHOWN), () => this.#group(content, next, time));
        this.#budget.spend(value.length + CHARS_PER_EXPANSION);
        out += value;
        from = end + 1;
      } else {
        if (next === '$') out += '$';
        else if (next !== undefined) out += this.#reference(next, time);
        from = dollar + 2;
      }
      dollar = text.indexOf('$', from);
    }
    return out + text.slice(from);
  }

  #group(content: string, open: string, time: number): string {
    const call = /^([a-z][a-z-]*)(?=[ \t])/.exec(content);
    const name = call?.[1];
    if (name && (Object.hasOwn(TEXT_FUNCTIONS, name) || Object.hasOwn(this.#special, name))) {
      const raw = splitArguments(content.slice(name.length).trimStart(), open, maxArguments(name));
      const args = LAZY.has(name) ? raw : raw.map((argument) => this.expandAt(argument, time));
      return (TEXT_FUNCTIONS[name] ?? this.#special[name]!)(args, time);
    }
    const reference = this.expandAt(content, time);
    const substitution = /^([^:]+):([^=]*)=([\s\S]*)$/.exec(reference);
    if (!substitution) return this.#reference(reference, time);
    const [, variable, before, after] = substitution;
    const value = this.#reference(variable!, time);
    return before!.includes('%')
      ? patternSubstitute(before!, after!, value)
      : patternSubstitute(`%${before}`, `%${after}`, value);
  }

  #reference(name: string, time: number): string {
    for (let at = this.#locals.length - 1; at >= 0; at--) {
      const local = this.#locals[at]!.get(name);
      if (local !== undefined) return local;
    }
    const found = this.scope.find(name, time);
    if (!found) return '';
    const { simple, text } = found.content();
    return simple ? text : this.#deeper(name, () => this.expandAt(text, time));
  }

  #deeper(name: string, work: () => string): string {
    if (this.#depth >= MAX_DEPTH) throw new MakeStopped(`Recursive variable '${name}' references itself (eventually)`);
    this.#depth++;
    try {
      return work();
    } finally {
      this.#depth--;
    }
  }

  #withLocals<Value>(locals: ReadonlyMap<string, string>[], work: () => Value): Value {
    const before = this.#locals;
    this.#locals = locals;
    try {
      return work();
    } finally {
      this.#locals = before;
    }
  }

  #specials(): Readonly<Record<string, Special>> {
    const { fs, cwd } = this.#options;
    const files = {
      exists: (path: string) => fs.stat(resolve(cwd, path)) !== null,
      list: (path: string) => fs.readDirectory(resolve(cwd, path)),
    };
    const expand = (text: string | undefined, time: number) => this.expandAt(text ?? '', time);
    return {
      if: ([test, yes, no], time) => expand(expand(test, time).trim() === '' ? no : yes, time),
      or: (args, time) => firstOf(args, (argument) => expand(argument, time).trim(), true),
      and: (args, time) => firstOf(args, (argument) => expand(argument, time).trim(), false),
      foreach: ([name, list, text], time) => this.#foreach(expand(name, time).trim(), expand(list, time), text, time),
      let: ([names, list, text], time) => this.#let(words(expand(names, time)), expand(list, time), text, time),
      intcmp: (args, time) => intcmp(args, (text) => expand(text, time)),
      call: (args, time) => this.#call(args, time),
      eval: ([text]) => {
        this.#withLocals([], () => this.#options.evaluate(text ?? ''));
        return '';
      },
      value: ([name], time) => this.scope.find(name ?? '', time)?.content().text ?? '',
      origin: ([name], time) => originText(this.scope.find(name ?? '', time)?.origin),
      flavor: ([name], time) => flavorText(this.scope.find(name ?? '', time)?.content().simple),
      shell: ([command]) => this.#shell(command ?? ''),
      error: ([text]) => {
        throw new MakeStopped(text ?? '');
      },
      warning: () => '',
      info: () => '',
      wildcard: ([patterns]) =>
        words(patterns)
          .flatMap((pattern) => matchWildcard(files, pattern))
          .join(' '),
      realpath: ([paths]) =>
        words(paths)
          .map((path) => fs.realPath(resolve(cwd, path)) ?? '')
          .filter((path) => path !== '')
          .join(' '),
      abspath: ([paths]) =>
        words(paths)
          .map((path) => resolve(cwd, path))
          .join(' '),
      file: ([text]) => readFunction(fs, cwd, text ?? ''),
    };
  }

  #shell(command: string): string {
    if (!this.#programs) throw new NeedsProgram(command);
    return this.#options
      .run(command)
      .replace(/(?:\r?\n)+$/, '')
      .replaceAll(/\r?\n/g, ' ');
  }

  #call(args: readonly string[], time: number): string {
    const name = (args[0] ?? '').trim();
    if (Object.hasOwn(TEXT_FUNCTIONS, name)) return TEXT_FUNCTIONS[name]!(args.slice(1));
    if (Object.hasOwn(this.#special, name)) return this.#special[name]!(args.slice(1), time);
    const found = this.scope.find(name, time);
    if (!found) return '';
    const locals = new Map<string, string>();
    // Arguments of an outer call do not show through where this one has fewer.
    for (let at = 0; at < 10; at++) locals.set(String(at), at === 0 ? name : (args[at] ?? ''));
    for (let at = 10; at < args.length; at++) locals.set(String(at), args[at]!);
    return this.#deeper(name, () =>
      this.#withLocals([...this.#locals, locals], () => this.expandAt(found.content().text, time)),
    );
  }

  #foreach(name: string, list: string, text: string | undefined, time: number): string {
    return words(list)
      .map((word) =>
        this.#withLocals([...this.#locals, new Map([[name, word]])], () => this.expandAt(text ?? '', time)),
      )
      .join(' ');
  }

  #let(names: readonly string[], list: string, text: string | undefined, time: number): string {
    const values = words(list);
    const locals = new Map(
      names.map((name, at) => [name, at === names.length - 1 ? values.slice(at).join(' ') : (values[at] ?? '')]),
    );
    return this.#withLocals([...this.#locals, locals], () => this.expandAt(text ?? '', time));
  }
}

function maxArguments(name: string): number {
  if (name === 'if' || name === 'foreach' || name === 'let' || name === 'subst' || name === 'patsubst') return 3;
  if (name === 'wordlist') return 3;
  if (name === 'word' || name.startsWith('filter') || name === 'findstring' || name.startsWith('add')) return 2;
  if (name === 'join') return 2;
  if (name === 'call' || name === 'or' || name === 'and') return Number.POSITIVE_INFINITY;
  return name === 'intcmp' ? 5 : 1;
}

/** Splits at commas outside of nested groups; the last argument takes the rest. */
function splitArguments(text: string, open: string, limit: number): string[] {
  const close = open === '(' ? ')' : '}';
  const args: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length && args.length < limit - 1; at++) {
    const char = text[at];
    if (char === open) depth++;
    else if (char === close) depth--;
    else if (char === ',' && depth === 0) {
      args.push(text.slice(from, at));
      from = at + 1;
    }
  }
  args.push(text.slice(from));
  return args;
}

function closing(text: string, open: number): number {
  const opener = text[open]!;
  const closer = opener === '(' ? ')' : '}';
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === opener) depth++;
    else if (text[at] === closer && --depth === 0) return at;
  }
  throw new MakeStopped('unterminated variable reference');
}

function firstOf(args: readonly string[], value: (text: string) => string, wanted: boolean): string {
  let last = '';
  for (const argument of args) {
    last = value(argument);
    if ((last !== '') === wanted) return last;
  }
  return last;
}

function intcmp(args: readonly string[], expand: (text: string) => string): string {
  const left = Number(expand(args[0] ?? '').trim());
  const right = Number(expand(args[1] ?? '').trim());
  if (args.length < 3) return left === right ? String(left) : '';
  if (left < right) return expand(args[2]!);
  if (left === right) return args[3] === undefined ? '' : expand(args[3]);
  return expand(args[4] ?? args[3] ?? '');
}

function originText(origin: string | undefined): string {
  return origin ?? 'undefined';
}

function flavorText(simple: boolean | undefined): string {
  return simple === undefined ? 'undefined' : simple ? 'simple' : 'recursive';
}

/** `$(file < name)`; writing is refused by giving nothing. */
function readFunction(fs: FileSystem, cwd: string, text: string): string {
  const path = /^<\s*(\S+)\s*$/.exec(text.trim())?.[1];
  return path ? (fs.readText(resolve(cwd, path)) ?? '').replace(/\n$/, '') : '';
}
