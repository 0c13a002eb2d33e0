/**
 * Which translation units stand behind a file that the build wants. Most objects are compiled from the source beside
 * them; some are made of other objects (`%.stub.o`, `kvm_nvhe.o`), and some need programs that are built in between:
 * `vdso-image-64.o` comes from a source that is made of `vdso64.so`, which is linked from objects that no list names.
 */
import type { Condition } from '../conditions/condition.ts';
import { normalizePath, parentOf } from '../make/paths.ts';
import type { MakeRule } from '../make/rules.ts';
import { NO_OBJECT } from './directory-records.ts';
import type { Snapshot } from './snapshot.ts';
import type { UnitOrder } from './unit-order.ts';

/** What the search asks of the tree, for one configuration. */
export interface CompiledContext {
  readonly snapshot: Snapshot;
  /** Whether a directory may have rules. */
  mayHaveRules(directory: string): boolean;
  rules(directory: string): readonly MakeRule[];
  holds(condition: Condition): boolean;
  /** Whether the tree has the file. */
  exists(path: string): boolean;
}

/** Sources from which Makefile.build has a rule for an object. */
const SOURCES = ['.c', '.S', '.rs'];

function sourcesOf(object: string): string[] {
  return SOURCES.map((suffix) => object.slice(0, -2) + suffix);
}

/** Pattern rules that may follow on each other; make uses each once in a chain. */
const MAX_CHAIN = 8;

/** Searches along the rules of the Kbuild files; every file is visited once. */
export class CompiledUnits {
  readonly #context: CompiledContext;
  /** By the number of a path: 1 for units. */
  readonly #listed: Uint8Array;
  #listedCount = 0;
  /** Units that were found along rules. */
  readonly #made = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #books = new Map<string, RuleBook>();
  readonly #noRules: RuleBook;
  /** By the number of a directory's name: 1 where it has no rules, -1 where it has some, 0 where nobody asked. */
  readonly #isPlain: Int8Array;

  constructor(context: CompiledContext) {
    this.#context = context;
    this.#noRules = new RuleBook([], context);
    this.#listed = new Uint8Array(context.snapshot.textCount);
    this.#isPlain = new Int8Array(context.snapshot.textCount);
  }

  /** The units found so far, in order of path. */
  units(order: UnitOrder): string[] {
    const { snapshot } = this.#context;
    const listed = order.sorted(this.#listed, this.#listedCount, (reference) => snapshot.text(reference));
    return withTexts(listed, [...this.#made].sort());
  }

  /**
   * Adds what is compiled for a file; all by the numbers of their texts.
   * @param path as make names it
   * @param parent the directory that it lies in where it is an object, else NO_OBJECT
   * @param directory whose Kbuild file wants it
   */
  add(path: number, parent: number, directory: number): void {
    // Nearly all are objects that no rule of a Kbuild file can have to do with.
    const { snapshot } = this.#context;
    const isOrdinary =
      parent !== NO_OBJECT &&
      this.#isPlainIn(path, directory) &&
      (parent === directory || this.#isPlainIn(path, parent));
    if (!isOrdinary) {
      this.#add(snapshot.text(path), snapshot.text(directory));
    } else if (this.#listed[path] === 0) {
      this.#listed[path] = 1;
      this.#listedCount++;
    }
  }

  /** Whether no rule of the directory can have to do with an object. */
  #isPlainIn(object: number, directory: number): boolean {
    if (this.#hasNoRules(directory)) return true;
    const { snapshot } = this.#context;
    return !this.#book(snapshot.text(directory)).concerns(normalizePath(snapshot.text(object)));
  }

  #hasNoRules(directory: number): boolean {
    const known = this.#isPlain[directory];
    if (known !== 0) return known === 1;
    const { snapshot } = this.#context;
    const name = snapshot.text(directory);
    const isPlain = !this.#context.mayHaveRules(name) || this.#book(name).isEmpty;
    this.#isPlain[directory] = isPlain ? 1 : -1;
    return isPlain;
  }

  #add(path: string, directory: string): void {
    // The same object under two names is compiled under both.
    const key = `${directory}:${path}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const name = normalizePath(path);
    const book = this.#book(directory);
    const made = book.made(name);
    if (name.endsWith('.o') && !made.isDerived) {
      this.#made.add(path);
      made.prerequisites.push(...sourcesOf(name));
    }
    for (const prerequisite of made.prerequisites) this.#follow(prerequisite, directory);
    for (const [into = '', ...goals] of made.descents) for (const goal of goals) this.#add(goal, normalizePath(into));
  }

  /** A prerequisite counts where a rule makes it, here or in the directory it lies in, or where it is an object. */
  #follow(path: string, directory: string): void {
    const name = normalizePath(path);
    const book = this.#book(directory);
    const own = parentOf(name);
    if (book.makes(name)) this.#add(name, directory);
    else if (own !== directory && this.#book(own).makes(name)) this.#add(name, own);
    else if (name.endsWith('.o') && name.startsWith(`${directory}/`)) this.#add(name, directory);
  }

  #book(directory: string): RuleBook {
    let book = this.#books.get(directory);
    if (book === undefined) {
      const rules = this.#context.rules(directory);
      book = rules.length === 0 ? this.#noRules : new RuleBook(rules, this.#context);
      this.#books.set(directory, book);
    }
    return book;
  }
}

/** Many texts in order with a few more, also in order, each once. */
function withTexts(many: readonly string[], few: readonly string[]): string[] {
  const all: string[] = [];
  let taken = 0;
  for (const text of few) {
    const place = placeOf(text, many, taken);
    for (; taken < place; taken++) all.push(many[taken]!);
    if (many[place] !== text) all.push(text);
  }
  return all.concat(many.slice(taken));
}

/** Where a text is in a list in order, or would be. */
function placeOf(text: string, list: readonly string[], from: number): number {
  let [low, high] = [from, list.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (list[middle]! < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What the rules of a directory say about one file. */
interface Made {
  /** An object that a recipe makes of something else than a source. */
  isDerived: boolean;
  readonly prerequisites: string[];
  readonly descents: string[][];
}

/** The rules of one directory. */
class RuleBook {
  readonly #explicit = new Map<string, MakeRule[]>();
  readonly #patterns: { readonly rule: MakeRule; readonly pattern: Pattern }[] = [];
  /** Explicit targets without suffix. */
  readonly #stems = new Set<string>();
  /** What patterns for objects and sources leave of them, without suffix. */
  readonly #stemPatterns: Pattern[] = [];
  readonly #context: CompiledContext;

  constructor(rules: readonly MakeRule[], context: CompiledContext) {
    this.#context = context;
    for (const rule of rules) {
      if (!context.holds(rule.when)) continue;
      const target = normalizePath(rule.target);
      const pattern = readPattern(target);
      if (pattern !== null) {
        this.#patterns.push({ rule, pattern });
        this.#addStemPattern(pattern);
      } else {
        this.#stems.add(target.replace(/\.\w+$/, ''));
        const known = this.#explicit.get(target);
        if (known === undefined) this.#explicit.set(target, [rule]);
        else known.push(rule);
      }
    }
  }

  get isEmpty(): boolean {
    return this.#explicit.size === 0 && this.#patterns.length === 0;
  }

  /** Whether a rule may make an object or its source. */
  concerns(object: string): boolean {
    const stem = object.slice(0, -2);
    if (this.#stems.has(stem)) return true;
    for (const { prefix, suffix } of this.#stemPatterns) {
      if (stem.endsWith(suffix) && stem.startsWith(prefix)) return true;
    }
    return false;
  }

  #addStemPattern({ prefix, suffix }: Pattern): void {
    for (const ending of ['.o', ...SOURCES]) {
      if (suffix.endsWith(ending)) this.#stemPatterns.push({ prefix, suffix: suffix.slice(0, -ending.length) });
      else if (ending.endsWith(suffix)) this.#stemPatterns.push({ prefix, suffix: '' });
    }
  }

  /** Whether a rule makes the file. */
  makes(name: string): boolean {
    return this.#explicit.has(name) || this.#pattern(name) !== null;
  }

  /** Explicit rules add up; a pattern counts where none of them has a recipe. */
  made(name: string): Made {
    const made: Made = { isDerived: false, prerequisites: [], descents: [] };
    const explicit = this.#explicit.get(name) ?? [];
    for (const rule of explicit) {
      const pattern = rule.pattern === null ? null : readPattern(normalizePath(rule.pattern));
      const stem = pattern === null ? null : stemOf(pattern, name);
      this.#use(rule, stem, made);
    }
    if (explicit.every((rule) => !rule.hasRecipe)) {
      const found = this.#pattern(name);
      if (found !== null) this.#use(found.rule, found.stem, made);
    }
    return made;
  }

  #use(rule: MakeRule, stem: string | null, made: Made): void {
    const prerequisites = rule.prerequisites
      .filter((piece) => piece.text !== '|' && this.#context.holds(piece.when))
      .map((piece) => (stem === null ? piece.text : piece.text.replace('%', () => stem)));
    made.prerequisites.push(...prerequisites);
    for (const descent of rule.descents) {
      made.descents.push(descent.filter((piece) => this.#context.holds(piece.when)).map((piece) => piece.text));
    }
    const isCompiled = prerequisites.some((path) => SOURCES.some((suffix) => path.endsWith(suffix)));
    if (rule.hasRecipe && !isCompiled) made.isDerived = true;
  }

  /** The pattern rule with the shortest stem whose prerequisites can be made (make: pattern_search). */
  #pattern(name: string, depth = 0): { rule: MakeRule; stem: string } | null {
    let best: { rule: MakeRule; stem: string } | null = null;
    for (const { rule, pattern } of this.#patterns) {
      if (!rule.hasRecipe) continue;
      const stem = stemOf(pattern, name);
      if (stem === null || (best !== null && best.stem.length <= stem.length)) continue;
      if (this.#isMakeable(rule, stem, depth)) best = { rule, stem };
    }
    return best;
  }

  #isMakeable(rule: MakeRule, stem: string, depth: number): boolean {
    return rule.prerequisites.every(({ text, when }) => {
      if (!text.includes('%') || !this.#context.holds(when)) return true;
      return depth < MAX_CHAIN && this.#canMake(normalizePath(text.replace('%', () => stem)), depth + 1);
    });
  }

  #canMake(name: string, depth: number): boolean {
    if (this.#explicit.has(name) || this.#context.exists(name) || this.#pattern(name, depth) !== null) return true;
    return name.endsWith('.o') && sourcesOf(name).some((source) => this.#canMake(source, depth));
  }
}

/** What stands before and behind the `%` of a pattern. */
interface Pattern {
  readonly prefix: string;
  readonly suffix: string;
}

/** Null where it has no `%`. */
function readPattern(text: string): Pattern | null {
  const at = text.indexOf('%');
  return at < 0 ? null : { prefix: text.slice(0, at), suffix: text.slice(at + 1) };
}

/** What `%` stands for where the pattern matches. */
function stemOf({ prefix, suffix }: Pattern, name: string): string | null {
  if (name.length <= prefix.length + suffix.length || !name.startsWith(prefix) || !name.endsWith(suffix)) return null;
  return name.slice(prefix.length, name.length - suffix.length);
}
