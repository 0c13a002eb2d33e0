/**
 * Reads a makefile into statements, the way GNU make's read.c:eval does: line continuations, comments, conditionals,
 * assignments, includes, `define`, rules without their recipes. Nothing is expanded here.
 */
import { InputError, type Position } from '../diagnostics/diagnostic.ts';
import { MakeLines, stripComment } from './lines.ts';
import { skipReference, Template } from './template.ts';

/** Assignment operators; `define` bodies arrive as assignments too. */
export type AssignOperator = '=' | ':=' | '?=' | '+=' | '!=';

/** A condition of `ifdef`, `ifeq` and their opposites. */
export type MakeTest =
  | { readonly kind: 'defined'; readonly name: Template; readonly negated: boolean }
  | { readonly kind: 'equal'; readonly left: Template; readonly right: Template; readonly negated: boolean };

/** One branch of a conditional; the last may be without a test (`else`). */
export interface MakeBranch {
  readonly test: MakeTest | null;
  readonly at: Position;
  readonly body: readonly MakeStatement[];
}

/**
 * `foo-$(CONFIG_BAR) += a.o b.o` or `foo-y := a.o b.o`: words alone, in which nothing has to be expanded. Nearly all of
 * the kernel's statements are of this kind.
 */
export interface WordsStatement {
  readonly kind: 'words';
  readonly at: Position;
  /** The variable; what stands before the symbol's value where there is one. */
  readonly name: string;
  /** The symbol whose value ends the variable's name, without CONFIG_. */
  readonly symbol: string | null;
  readonly operator: '=' | ':=' | '+=';
  readonly text: string;
}

type WordsOperator = WordsStatement['operator'];

export type MakeStatement =
  | WordsStatement
  | {
      readonly kind: 'assign';
      readonly at: Position;
      readonly name: Template;
      readonly operator: AssignOperator;
      readonly value: Template;
      /** Of `export` and `unexport` before it; null for neither. */
      readonly exported: boolean | null;
      readonly isOverride: boolean;
    }
  | { readonly kind: 'conditional'; readonly at: Position; readonly branches: readonly MakeBranch[] }
  | { readonly kind: 'include'; readonly at: Position; readonly files: Template; readonly optional: boolean }
  | { readonly kind: 'export' | 'unexport'; readonly at: Position; readonly names: Template }
  | { readonly kind: 'undefine'; readonly at: Position; readonly names: Template; readonly isOverride: boolean }
  | {
      readonly kind: 'rule';
      readonly at: Position;
      readonly targets: Template;
      /** What follows the colon: prerequisites, a static pattern with its prerequisites, or a variable's assignment. */
      readonly rest: Template;
      /** Filled as the lines are read: whether there is a recipe, and those of its lines that run Kbuild elsewhere. */
      readonly recipe: RuleRecipe;
    }
  | { readonly kind: 'expand'; readonly at: Position; readonly text: Template };

/** The statements of one kind. */
export type Statement<Kind extends MakeStatement['kind']> = MakeStatement & { readonly kind: Kind };

/** What stands before an assignment, a `define` or an `undefine`. */
interface Modifiers {
  readonly exported: boolean | null;
  readonly isOverride: boolean;
}

const NO_MODIFIERS: Modifiers = { exported: null, isOverride: false };

/** What matters of a rule's recipe. */
export interface RuleRecipe {
  isEmpty: boolean;
  readonly descents: Template[];
}

interface OpenConditional {
  readonly at: Position;
  readonly branches: MakeBranch[];
  readonly outer: MakeStatement[];
  test: MakeTest | null;
  testAt: Position;
  hasElse: boolean;
}

/**
 * Whether a variable holds flags of the compiler, assembler or linker. They never decide what is built, and carrying
 * them along would cost more than all the rest, so assignments to them are dropped.
 */
export function isCompilerFlags(name: string): boolean {
  return /FLAGS|_flags?$|^(?:subdir-)?(?:a|as|c|cc|cpp|ld|m|rust)flags(?:-remove)?-/.test(name);
}

/** Statements of one file (the kernel: a thousand). */
const MAX_STATEMENTS = 40_000;

/**
 * @param text the makefile's bytes as Latin-1
 * @param file the name used in positions
 * @param keepsFlags whether to read assignments to variables with compiler flags
 * @throws InputError where make would stop: a conditional or `define` that is not closed, a stray `else`/`endif`
 */
export function parseMakefile(text: string, file: string, firstLine = 1, keepsFlags = false): readonly MakeStatement[] {
  return new MakeParser(text, file, firstLine, keepsFlags).parse();
}

class MakeParser {
  readonly #text: string;
  readonly #lines: MakeLines;
  readonly #file: string;
  readonly #firstLine: number;
  readonly #keepsFlags: boolean;
  #count = 0;
  readonly #open: OpenConditional[] = [];
  #body: MakeStatement[] = [];
  #inRule = false;
  #recipe: RuleRecipe | null = null;
  /** Line of the statement that is read, and its position once it was asked for. */
  #line: number;
  #position: Position | null = null;

  constructor(text: string, file: string, firstLine: number, keepsFlags: boolean) {
    this.#text = text;
    this.#lines = new MakeLines(text);
    this.#file = file;
    this.#firstLine = firstLine;
    this.#keepsFlags = keepsFlags;
    this.#line = firstLine;
  }

  get #at(): Position {
    this.#position ??= { file: this.#file, line: this.#line, column: 0 };
    return this.#position;
  }

  parse(): readonly MakeStatement[] {
    const lines = this.#lines;
    for (lines.skipPlainComments(); lines.hasMore; lines.skipPlainComments()) {
      this.#line = this.#firstLine + lines.count;
      this.#position = null;
      if (!this.#words()) this.#anyLine();
    }
    const open = this.#open.at(-1);
    if (open !== undefined) throw this.#error('kbuild-missing-endif', open.at);
    return this.#body;
  }

  /** Reads a statement that assigns words, where the next line is one. */
  #words(): boolean {
    WORDS.lastIndex = this.#lines.offset;
    const found = WORDS.exec(this.#text);
    if (found === null) return false;
    const [, name, symbol = null, operator, value] = found as unknown as [
      string,
      string,
      string?,
      WordsOperator?,
      string?,
    ];
    const lines = value!.split('\\\n');
    this.#lines.skip(WORDS.lastIndex, lines.length);
    this.#inRule = false;
    if (symbol === null && this.#isDropped(name)) return true;
    const text = lines.length === 1 ? value! : lines.reduce(continued).trimStart();
    this.#add({ kind: 'words', at: this.#at, name, symbol, operator: operator!, text });
    return true;
  }

  #anyLine(): void {
    const isIndented = this.#text.charCodeAt(this.#lines.offset) === 9;
    const line = this.#lines.logicalLine();
    if (isIndented && this.#inRule) {
      if (this.#recipe !== null) addRecipe(this.#recipe, line);
      return;
    }
    // Blanks before a comment or the line's end belong to a variable's value.
    const statement = stripComment(line).trimStart();
    if (statement !== '') this.#statement(statement);
  }

  #statement(line: string): void {
    const word = /^-?[a-z]+/.exec(line)?.[0] ?? '';
    if (DIRECTIVES.has(word) && !isOrdinaryWord(line.slice(word.length)) && this.#directive(word, line)) return;
    this.#assignmentOrRule(line, NO_MODIFIERS);
  }

  #directive(word: string, line: string): boolean {
    const rest = line.slice(word.length).trimStart();
    if (word === 'ifdef' || word === 'ifndef' || word === 'ifeq' || word === 'ifneq') this.#openIf(word, rest);
    else if (word === 'else') this.#else(rest);
    else if (word === 'endif') this.#endif();
    else if (word === 'include' || word === '-include' || word === 'sinclude') {
      this.#inRule = false;
      this.#add({ kind: 'include', at: this.#at, files: new Template(rest), optional: word !== 'include' });
    } else if (word !== 'vpath') this.#modified(word, rest, NO_MODIFIERS);
    return true;
  }

  #add(statement: MakeStatement): void {
    if (++this.#count > MAX_STATEMENTS) {
      throw new InputError({ code: 'kbuild-too-many', at: this.#at, args: { limit: MAX_STATEMENTS } });
    }
    this.#body.push(statement);
  }

  #isDropped(name: string): boolean {
    return !this.#keepsFlags && isCompilerFlags(name);
  }

  #openIf(word: string, rest: string): void {
    const test = this.#test(word, rest);
    this.#open.push({ at: this.#at, testAt: this.#at, branches: [], outer: this.#body, test, hasElse: false });
    this.#body = [];
  }

  #else(rest: string): void {
    const open = this.#open.at(-1);
    if (open === undefined || open.hasElse) throw this.#error('kbuild-stray-else', this.#at);
    this.#closeBranch(open);
    const word = /^[a-z]+/.exec(rest)?.[0] ?? '';
    open.test = word === '' ? null : this.#test(word, rest.slice(word.length).trim());
    open.hasElse = open.test === null;
    open.testAt = this.#at;
  }

  #endif(): void {
    const open = this.#open.pop();
    if (open === undefined) throw this.#error('kbuild-stray-endif', this.#at);
    this.#closeBranch(open);
    this.#body = open.outer;
    // What only chose between flags has nothing left to choose.
    if (open.branches.every((branch) => branch.body.length === 0)) return;
    this.#add({ kind: 'conditional', at: open.at, branches: open.branches });
  }

  #closeBranch(open: OpenConditional): void {
    open.branches.push({ test: open.test, at: open.testAt, body: this.#body });
    this.#body = [];
  }

  #test(word: string, rest: string): MakeTest {
    const negated = word === 'ifndef' || word === 'ifneq';
    if (word === 'ifdef' || word === 'ifndef') return { kind: 'defined', name: new Template(rest.trimEnd()), negated };
    if (word !== 'ifeq' && word !== 'ifneq') throw this.#error('kbuild-bad-conditional', this.#at);
    const sides = splitComparison(rest);
    if (sides === null) throw this.#error('kbuild-bad-conditional', this.#at);
    return { kind: 'equal', left: new Template(sides[0]), right: new Template(sides[1]), negated };
  }

  #define(rest: string, modifiers: Modifiers): void {
    const header = /^(.*?)\s*([:?+!]{0,2}=)?$/s.exec(rest.trimEnd())!;
    const start = this.#at;
    const body: string[] = [];
    let depth = 1;
    for (;;) {
      if (!this.#lines.hasMore) throw this.#error('kbuild-missing-endef', start);
      const from = this.#lines.offset;
      const line = this.#lines.logicalLine();
      const word = /^\s*(define|endef)\b/.exec(stripComment(line))?.[1];
      if (word === 'define') depth++;
      if (word === 'endef' && --depth === 0) break;
      body.push(...this.#lines.linesFrom(from));
    }
    const operator = normalizeOperator(header[2] ?? '=');
    const value = new Template(body.join('\n').replace(/[ \t]*\\\n[ \t]*/g, ' '));
    this.#add({ kind: 'assign', at: start, name: new Template(header[1]!.trim()), operator, value, ...modifiers });
  }

  /** @param word `export`, `unexport`, `override`, `private`, `define` or `undefine` */
  #modified(word: string, rest: string, outer: Modifiers): void {
    if (word === 'define') {
      this.#define(rest, outer);
      return;
    }
    if (word === 'undefine') {
      this.#add({ kind: 'undefine', at: this.#at, names: new Template(rest), isOverride: outer.isOverride });
      return;
    }
    const isExport = word === 'export' || word === 'unexport';
    const modifiers = {
      exported: isExport ? word === 'export' : outer.exported,
      isOverride: outer.isOverride || word === 'override',
    };
    const next = /^[a-z]+/.exec(rest)?.[0] ?? '';
    const after = rest.slice(next.length);
    if (MODIFIERS.has(next) && !isOrdinaryWord(after)) this.#modified(next, after.trimStart(), modifiers);
    else if (!isExport || findOperator(rest) !== null) this.#assignmentOrRule(rest, modifiers);
    else if (rest !== '') this.#add({ kind: word, at: this.#at, names: new Template(rest) });
  }

  #assignmentOrRule(line: string, modifiers: Modifiers): void {
    const found = findOperator(line);
    if (found === null) {
      this.#add({ kind: 'expand', at: this.#at, text: new Template(line) });
      // What it expands to may be a rule, whose recipe follows.
      this.#inRule = true;
      this.#recipe = null;
      return;
    }
    const left = line.slice(0, found.start).trim();
    if (found.operator === ':') {
      this.#inRule = true;
      this.#addRule(left, line.slice(found.end).trim());
      return;
    }
    this.#inRule = false;
    const value = new Template(line.slice(found.end).trimStart());
    const operator = normalizeOperator(found.operator);
    if (!left.includes('$') && this.#isDropped(left)) return;
    this.#add({ kind: 'assign', at: this.#at, name: new Template(left), operator, value, ...modifiers });
  }

  #addRule(targets: string, text: string): void {
    const [rest, recipeLine] = splitAtSemicolon(text);
    this.#recipe = { isEmpty: true, descents: [] };
    if (recipeLine !== null) addRecipe(this.#recipe, recipeLine);
    this.#add({
      kind: 'rule',
      at: this.#at,
      targets: new Template(targets),
      rest: new Template(rest),
      recipe: this.#recipe,
    });
  }

  #error(code: string, at: Position): InputError {
    return new InputError({ code, at, lineText: this.#lines.lineAt(at.line - this.#firstLine), args: {} });
  }
}

/**
 * The whole of a `WordsStatement`. Only plain chars are in it, so that no rule of make's about comments, references,
 * escapes or odd blanks matters; any other line is read as make does. (So is one that goes on over more lines than
 * the engine of regular expressions should have to remember.)
 */
const WORDS =
  /([\w.-]+)(?:\$\(CONFIG_(\w+)\))?[ \t]*(\+=|:=|=)[ \t]*([\t !"%-[\]-~]*(?:\\\n[\t !"%-[\]-~]*){0,1000})(?:#[^\\\n\r]*)?(?:\n|$)/y;

/** A line and the one that continues it, joined by one blank. */
function continued(line: string, next: string): string {
  return `${line.trimEnd()} ${next.trimStart()}`;
}

const MODIFIERS: ReadonlySet<string> = new Set(['export', 'unexport', 'override', 'private', 'define', 'undefine']);

const DIRECTIVES: ReadonlySet<string> = new Set([
  'ifdef',
  'ifndef',
  'ifeq',
  'ifneq',
  'else',
  'endif',
  'include',
  '-include',
  'sinclude',
  'vpath',
  ...MODIFIERS,
]);

/** `$(Q)$(MAKE) $(build)=dir goal …`: what follows the equals sign. */
const DESCENT = /\$\(build\)=(.*)$/;

function addRecipe(recipe: RuleRecipe, line: string): void {
  if (line.trim() === '') return;
  recipe.isEmpty = false;
  const descent = DESCENT.exec(line)?.[1];
  if (descent !== undefined) recipe.descents.push(new Template(descent));
}

/** The prerequisites and, behind a `;`, the first line of the recipe. */
function splitAtSemicolon(text: string): [string, string | null] {
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '$') i = skipReference(text, i) - 1;
    else if (text[i] === ';') return [text.slice(0, i).trim(), text.slice(i + 1)];
  }
  return [text, null];
}

/** Whether the word at the start is not a directive after all: `include/x.h: y` is a rule, `export = x` assigns. */
function isOrdinaryWord(rest: string): boolean {
  return !/^(?:$|[\s("'])/.test(rest) || /^\s*(?:[?+!]|:{1,3})?=/.test(rest) || /^\s*:/.test(rest);
}

function normalizeOperator(text: string): AssignOperator {
  if (text === '::=' || text === ':::=') return ':=';
  return (text === '' ? '=' : text) as AssignOperator;
}

/** The first assignment operator or rule colon outside references. */
function findOperator(line: string): { start: number; end: number; operator: string } | null {
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c > 63 /* ? */) continue;
    if (c === 36 /* $ */) i = skipReference(line, i) - 1;
    else if (c === 61 /* = */) return { start: i, end: i + 1, operator: '=' };
    else if ((c === 63 /* ? */ || c === 43 /* + */ || c === 33) /* ! */ && line.charCodeAt(i + 1) === 61) {
      return { start: i, end: i + 2, operator: line.slice(i, i + 2) };
    } else if (c === 58 /* : */) {
      const colons = /^:{1,3}=/.exec(line.slice(i, i + 4))?.[0];
      if (colons !== undefined) return { start: i, end: i + colons.length, operator: colons };
      return { start: i, end: line[i + 1] === ':' ? i + 2 : i + 1, operator: ':' };
    }
  }
  return null;
}

/** The two sides of `(a,b)`, `"a" "b"` or `'a' 'b'`. */
function splitComparison(text: string): [string, string] | null {
  if (text.startsWith('(')) return splitParenthesized(text);
  const quote = text[0];
  if (quote !== '"' && quote !== "'") return null;
  const end = text.indexOf(quote, 1);
  if (end < 0) return null;
  const second = text.slice(end + 1).trim();
  const close = second[0];
  if (close !== '"' && close !== "'") return null;
  const last = second.indexOf(close, 1);
  return last < 0 ? null : [text.slice(1, end), second.slice(1, last)];
}

function splitParenthesized(text: string): [string, string] | null {
  let depth = 0;
  let comma = -1;
  for (let i = 1; i < text.length; i++) {
    const c = text[i];
    if (c === '(') depth++;
    else if (c === ',' && depth === 0 && comma < 0) comma = i;
    else if (c === ')' && --depth < 0) {
      // Blanks before the closing parenthesis belong to the second text (read.c:conditional_line).
      return comma < 0 ? null : [text.slice(1, comma).trimEnd(), text.slice(comma + 1, i).trimStart()];
    }
  }
  return null;
}
