/**
 * Enough of GNU make to read what the kernel's own Makefiles tell conf: variables, conditionals, includes, functions
 * and exports. Rules and recipes are passed over. Nothing is run before a variable that needs it is asked for.
 *
 * The kernel's Makefiles are evaluated rather than rewritten here because they differ from version to version and from
 * architecture to architecture in just the variables that matter (`CROSS_COMPILE`, `NM`, `CLANG_FLAGS`, …).
 */
import { resolve } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';
import { Expander, MakeStopped } from './make-expander.ts';
import { type MakeLine, makeLines } from './make-lines.ts';
import { type Guard, once } from './make-scope.ts';

/** What a run of make is given. */
export interface MakeOptions {
  readonly fs: FileSystem;
  /** `$(shell command)`: the standard output; `shell` is make's SHELL. */
  readonly run: (command: string, shell: string) => string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Variables of the command line: assignments in files do not change them. */
  readonly commandLine: Readonly<Record<string, string>>;
  /** The working directory, absolute. */
  readonly cwd: string;
}

/** An unfinished conditional. */
interface Frame {
  /** The text around it is skipped, so all its branches are. */
  readonly dead: boolean;
  readonly outer: readonly Guard[];
  /** Has a branch been taken? `maybe`: only a program can tell. */
  taken: boolean | 'maybe';
  active: boolean;
  /** What else must hold in the branch that is being read. */
  own: readonly Guard[];
  /** The conditions of earlier branches that only a program could tell, negated. */
  readonly refused: Guard[];
}

const DIRECTIVE = /^(ifeq|ifneq|ifdef|ifndef|else|endif|include|-include|sinclude)(?=$|[\s("'])\s*([\s\S]*)$/;
const MAX_INCLUDE_DEPTH = 100;
/** What reading a file counts for beside its chars; files that include each other are read over and over. */
const CHARS_PER_FILE = 1000;

/** One run of make over one or more makefiles. */
export class MakeEvaluator {
  readonly #options: MakeOptions;
  readonly #expander: Expander;
  readonly #exports: { readonly name: string; readonly on: boolean; readonly guards: readonly Guard[] }[] = [];
  #frames: Frame[] = [];
  #depth = 0;

  constructor(options: MakeOptions) {
    this.#options = options;
    this.#expander = new Expander({
      fs: options.fs,
      cwd: options.cwd,
      run: (command) => options.run(command, this.value('SHELL') || '/bin/sh'),
      evaluate: (text) => this.#interpret(makeLines(text)),
    });
    const { scope } = this.#expander;
    for (const [name, text] of Object.entries(options.environment)) {
      if (text !== undefined && name !== 'SHELL') scope.define(name, text, 'recursive', 'environment');
    }
    scope.define('SHELL', '/bin/sh', 'simple', 'default');
    for (const [name, text] of Object.entries(options.commandLine)) {
      scope.define(name, text, 'recursive', 'command line');
    }
  }

  /** Sets a variable as make itself does before it reads a file. */
  set(name: string, value: string): void {
    this.#expander.scope.define(name, value.replaceAll('$', '$$$$'), 'recursive', 'default');
  }

  /** Reads a makefile. Returns false where there is none. */
  read(path: string): boolean {
    const source = this.#options.fs.readText(resolve(this.#options.cwd, path));
    if (source === null) return false;
    if (this.#depth >= MAX_INCLUDE_DEPTH) throw new MakeStopped(`${path}: included too deeply`);
    this.#expander.spend(source.length + CHARS_PER_FILE);
    this.#expander.scope.define('MAKEFILE_LIST', path, 'append', 'file');
    const frames = this.#frames;
    this.#frames = [];
    this.#depth++;
    this.#interpret(makeLines(source));
    this.#depth--;
    this.#frames = frames;
    return true;
  }

  /** A variable's expanded value after all that was read; empty where it is not defined. Runs programs for it. */
  value(name: string): string {
    return this.#expander.value(name);
  }

  /** The same, or null where a program would have to run for it. */
  valueWithoutPrograms(name: string): string | null {
    return this.#expander.withoutPrograms(() => this.value(name));
  }

  /** Names whose values in the environment may have had a say in anything so far. */
  get concerned(): ReadonlySet<string> {
    return this.#expander.scope.concerned;
  }

  /** The value of a variable that only the environment sets, and that nothing has asked for; null for any other. */
  passedOn(name: string): string | null {
    const text = this.#expander.scope.concerned.has(name) ? undefined : this.#options.environment[name];
    return text === undefined || text.includes('$') ? null : text;
  }

  /** Names of the variables that make would hand to a program it starts. */
  exportedNames(): ReadonlySet<string> {
    const names = new Set<string>([
      ...Object.keys(this.#options.environment),
      ...Object.keys(this.#options.commandLine),
    ]);
    for (const { name, on, guards } of this.#exports) {
      this.#expander.scope.concerned.add(name);
      if (!guards.every((guard) => guard())) continue;
      if (on) names.add(name);
      else names.delete(name);
    }
    return names;
  }

  #interpret(lines: readonly MakeLine[]): void {
    let inRule = false;
    for (const line of lines) {
      if (line.tab && inRule) continue;
      const directive = line.body === undefined ? DIRECTIVE.exec(line.text) : null;
      if (directive && this.#conditional(directive[1]!, directive[2]!)) continue;
      if (!this.#isActive()) continue;
      this.#expander.scope.guards = this.#guards();
      if (directive) {
        inRule = false;
        this.#include(directive[1]!, directive[2]!);
      } else {
        inRule = this.#statement(line);
      }
    }
    this.#expander.scope.guards = this.#guards();
  }

  /** A line that is no conditional and no include. Returns whether recipes may follow. */
  #statement(line: MakeLine): boolean {
    let text = line.text;
    let exported: boolean | null = null;
    let origin: 'file' | 'override' = 'file';
    for (;;) {
      const word = /^(export|unexport|override|private|undefine)(?:\s+|$)(?![:+?!]?=)/.exec(text);
      if (!word) break;
      text = text.slice(word[0].length);
      if (word[1] === 'override') origin = 'override';
      else if (word[1] === 'export' || word[1] === 'unexport') exported = word[1] === 'export';
      else if (word[1] === 'undefine') return false;
    }
    if (line.body !== undefined) {
      const [, name = '', operator = ''] = /^define\s+(\S+)\s*(\S*)/.exec(text) ?? [];
      this.#assign(name, operator || '=', line.body, origin, exported);
      return false;
    }
    const assignment = splitAssignment(text);
    if (typeof assignment === 'object') {
      this.#assign(assignment.name, assignment.operator, assignment.value, origin, exported);
      return false;
    }
    if (exported !== null) {
      for (const name of this.#expander.expandNow(text).split(/\s+/)) if (name !== '') this.#export(name, exported);
      return false;
    }
    if (assignment === 'rule') return true;
    if (this.#guards().every((guard) => guard())) this.#expander.expandNow(text);
    return false;
  }

  #assign(nameText: string, operator: string, text: string, origin: 'file' | 'override', exported: boolean | null) {
    const { scope } = this.#expander;
    const name = nameText.includes('$') ? this.#expander.expandNow(nameText).trim() : nameText;
    if (name === '') return;
    if (exported !== null) this.#export(name, exported);
    if (operator === '?=' && scope.find(name, scope.time)) return;
    if (operator === '!=') {
      scope.define(name, `$(shell ${text})`, 'simple', origin);
    } else {
      scope.define(name, text, operator === '+=' ? 'append' : operator.includes(':') ? 'simple' : 'recursive', origin);
    }
  }

  #export(name: string, on: boolean): void {
    this.#exports.push({ name, on, guards: this.#guards() });
  }

  #include(directive: string, text: string): void {
    if (!this.#guards().every((guard) => guard())) return;
    for (const path of this.#expander.expandNow(text).split(/\s+/)) {
      if (path !== '' && !this.read(path) && directive === 'include') {
        throw new MakeStopped(`${path}: No such file or directory`);
      }
    }
  }

  #isActive(): boolean {
    return this.#frames.every((frame) => frame.active && !frame.dead);
  }

  #guards(): readonly Guard[] {
    const frame = this.#frames.at(-1);
    return frame ? [...frame.outer, ...frame.own] : [];
  }

  /** Returns false where the directive is no conditional. */
  #conditional(directive: string, rest: string): boolean {
    if (directive.endsWith('include')) return false;
    if (directive === 'endif') {
      this.#frames.pop();
    } else if (directive === 'else') {
      const frame = this.#frames.at(-1);
      if (!frame) throw new MakeStopped('extraneous else');
      const inner = DIRECTIVE.exec(rest.trim());
      this.#branch(frame, inner?.[1] ?? null, inner?.[2] ?? '');
    } else {
      const frame: Frame = {
        dead: !this.#isActive(),
        outer: this.#guards(),
        taken: false,
        active: false,
        own: [],
        refused: [],
      };
      this.#frames.push(frame);
      this.#branch(frame, directive, rest);
    }
    return true;
  }

  #branch(frame: Frame, directive: string | null, rest: string): void {
    frame.own = [];
    if (frame.dead) return;
    if (frame.taken === true) {
      frame.active = false;
      return;
    }
    // The operands are expanded with what holds around the conditional, not in the branch before.
    this.#expander.scope.guards = frame.outer;
    const test = directive === null ? () => true : this.#test(directive, rest);
    const known = this.#expander.withoutPrograms(test);
    if (known === null) {
      const guard = once(test);
      frame.own = [...frame.refused, guard];
      frame.refused.push(() => !guard());
      frame.taken = 'maybe';
      frame.active = true;
      return;
    }
    frame.active = known;
    frame.own = [...frame.refused];
    if (known) frame.taken = true;
  }

  /** The condition as it stands now, whenever it is asked. */
  #test(directive: string, rest: string): () => boolean {
    const time = this.#expander.scope.time;
    if (directive === 'ifdef' || directive === 'ifndef') {
      return () => {
        const name = this.#expander.expandAt(rest, time).trim();
        return (this.#expander.isDefined(name, time) === true) === (directive === 'ifdef');
      };
    }
    const [left, right] = conditionOperands(rest);
    return () =>
      (this.#expander.expandAt(left, time) === this.#expander.expandAt(right, time)) === (directive === 'ifeq');
  }
}

/** `name op value`, told from a rule (`target: …`) and from anything else. */
function splitAssignment(text: string): { name: string; operator: string; value: string } | 'rule' | 'other' {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '$' && (text[at + 1] === '(' || text[at + 1] === '{')) {
      depth++;
      at++;
    } else if (depth > 0) {
      if (char === '(' || char === '{') depth++;
      else if (char === ')' || char === '}') depth--;
    } else {
      const operator = /^(?::{0,3}=|[+?!]=)/.exec(text.slice(at, at + 4))?.[0];
      if (operator) {
        const name = text.slice(0, at).trim();
        return { name, operator, value: text.slice(at + operator.length).trimStart() };
      }
      if (char === ':') return 'rule';
    }
  }
  return 'other';
}

/** `(a,b)`, `"a" "b"` or `'a' 'b'`. */
function conditionOperands(rest: string): [string, string] {
  const text = rest.trim();
  if (!text.startsWith('(')) {
    const quoted = /^(["'])([\s\S]*?)\1\s*(["'])([\s\S]*?)\3/.exec(text);
    if (!quoted) throw new MakeStopped(`invalid syntax in conditional: ${text}`);
    return [quoted[2]!, quoted[4]!];
  }
  let depth = 0;
  let comma = -1;
  for (let at = 0; at < text.length; at++) {
    const char = text[at]!;
    if (char === '(') depth++;
    else if (char === ')' && --depth === 0) {
      if (comma < 0) break;
      return [text.slice(1, comma).trimEnd(), text.slice(comma + 1, at).trimStart()];
    } else if (char === ',' && depth === 1 && comma < 0) comma = at;
  }
  throw new MakeStopped(`invalid syntax in conditional: ${text}`);
}
