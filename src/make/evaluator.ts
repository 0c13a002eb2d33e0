/** Runs makefile statements. */
import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import { Expander } from './expander.ts';
import type { ListEnd } from './list-family.ts';
import type { ListedWords } from './listed-words.ts';
import {
  type MakeBranch,
  type MakeStatement,
  type MakeTest,
  parseMakefile,
  type Statement,
  type WordsStatement,
} from './parser.ts';
import { joinPath } from './paths.ts';
import { expandRule, type MakeRule } from './rules.ts';
import { Template } from './template.ts';
import { hasHole, type Piece, TooManyAlternatives, type Value } from './values.ts';
import type { Origin } from './variables.ts';

const CHARS_PER_STATEMENT = 100;

/** A reference to a variable that a makefile elsewhere may set. */
const OF_OTHERS = /\$(?!\((?:srctree|src|obj)\)|\{(?:srctree|src|obj)\})/;

/** One run of make. */
export class MakeEvaluator extends Expander {
  /** Rules read so far; null where nobody asks for them. */
  rules: MakeRule[] | null = null;
  /** By name: where a variable is handed to the programs that make runs. */
  readonly #exports = new Map<string, Condition>();

  /** Names of variables that are handed to the programs that make runs. */
  get exported(): string[] {
    return [...this.#exports].filter(([, when]) => this.isReached(when)).map(([name]) => name);
  }

  /** Sets a variable as the environment does, and hands it on. */
  defineEnvironment(name: string, text: string): void {
    this.variables.define(name, new Template(text), 'environment');
    this.#exports.set(name, TRUE);
  }

  /** Names that were asked for, or set by other than the environment, from now on. */
  traceNames(): ReadonlySet<string> {
    this.variables.asked ??= new Set();
    return this.variables.asked;
  }

  /** A variable's value, or null where a program would have to run for it. */
  valueWithoutPrograms(name: string): Value | null {
    return this.withoutPrograms(() => this.variable(name));
  }

  /** Runs a file of the tree that other files may include too. @returns false where there is no such file */
  runFile(path: string): boolean {
    return this.#runParsed(path, this.files.parse(path));
  }

  /** Runs a directory's own file. @returns false where there is no such file */
  runOwnFile(path: string): boolean {
    return this.#runParsed(path, this.files.parseOnce(path));
  }

  #runParsed(path: string, statements: readonly MakeStatement[] | null): boolean {
    if (statements === null) return false;
    this.#assign('MAKEFILE_LIST', '+=', path, 'file');
    this.run(statements);
    return true;
  }

  /** Runs statements under the current path condition. */
  run(statements: readonly MakeStatement[]): void {
    this.checkDepth();
    this.spend(statements.length * CHARS_PER_STATEMENT);
    this.depth++;
    for (const statement of statements) {
      if (this.path === FALSE) break;
      this.at = statement.at;
      this.#statement(statement);
    }
    this.depth--;
  }

  #statement(statement: MakeStatement): void {
    switch (statement.kind) {
      case 'words':
        this.#words(statement);
        break;
      case 'assign':
        this.#assignment(statement);
        break;
      case 'conditional':
        this.#conditional(statement.branches);
        break;
      case 'include':
        if (this.isReached(this.path)) this.#include(statement.files, statement.optional);
        break;
      case 'export':
      case 'unexport':
        for (const { text } of this.safeWords(() => this.expand(statement.names))) {
          this.export(text, statement.kind === 'export');
        }
        break;
      case 'undefine':
        for (const { text } of this.safeWords(() => this.expand(statement.names))) {
          this.variables.undefine(text, this.path, originOf(statement));
        }
        break;
      case 'expand':
        if (this.isReached(this.path)) this.#expandStatement(statement.text);
        break;
      case 'rule':
        this.#rule(statement);
        break;
    }
  }

  /** Which file is made from which does not change the lists, but tells which objects are compiled. */
  #rule(statement: Statement<'rule'>): void {
    if (this.rules === null) return;
    const words = (template: Template): readonly Piece[] => this.#ruleWords(template);
    const bind = <Result>(target: string, action: () => Result): Result => this.withVariables([['@', target]], action);
    this.rules.push(...expandRule(statement, this.path, { table: this.table, words, bind }));
  }

  #ruleWords(template: Template): readonly Piece[] {
    try {
      return this.values.words(this.expand(template));
    } catch (error) {
      if (error instanceof TooManyAlternatives) return [];
      throw error;
    }
  }

  #assignment(statement: Statement<'assign'>): void {
    if (statement.name.isLiteral) {
      this.#assignTo(statement.name.raw, statement);
      return;
    }
    for (const { when, text } of this.nameAlternatives(statement.name)) {
      this.under(when, () => this.path === FALSE || this.#assignTo(text, statement));
    }
  }

  #assignTo(name: string, statement: Statement<'assign'>): void {
    if (statement.exported !== null) this.export(name, statement.exported);
    this.#assign(name, statement.operator, statement.value, originOf(statement));
  }

  #assign(name: string, operator: Statement<'assign'>['operator'], text: Template | string, origin: Origin): void {
    this.variables.assign(name, text, { operator, when: this.path, at: this.at, origin });
  }

  /** Hands a variable to the programs that make runs, or no longer. */
  export(name: string, isExported: boolean): void {
    this.variables.asked?.add(name);
    const known = this.#exports.get(name) ?? FALSE;
    const { table, path } = this;
    this.#exports.set(name, isExported ? table.or(known, path) : table.and(known, table.not(path)));
  }

  #words(statement: WordsStatement): void {
    const { name, symbol, operator, text } = statement;
    if (symbol === null) {
      if (!this.isSymbolic || !this.variables.addToList(statement, this.path)) {
        this.#assign(name, operator, text, 'file');
      }
    } else if (
      !this.isSymbolic ||
      this.variables.isSymbolSet(symbol) ||
      !this.variables.addToLists(statement, symbol, this.path)
    ) {
      this.variables.assignWords(this.symbolNames(name, symbol), statement, this.path);
    }
  }

  #conditional(branches: readonly MakeBranch[]): void {
    const { path } = this;
    let open: Condition = path;
    for (const branch of branches) {
      this.at = branch.at;
      this.path = open;
      const holds = branch.test === null ? TRUE : this.#test(branch.test);
      const taken = this.table.and(open, holds);
      if (taken !== FALSE) {
        this.path = taken;
        this.run(branch.body);
      }
      open = this.table.and(open, this.table.not(holds));
      if (open === FALSE) break;
    }
    this.path = path;
  }

  #test(test: MakeTest): Condition {
    const decide = (): Condition => {
      const holds = test.kind === 'defined' ? this.#testDefined(test.name) : this.#testEqual(test.left, test.right);
      return test.negated ? this.table.not(holds) : holds;
    };
    if (!this.isDeferrable(test.kind === 'defined' ? [test.name] : [test.left, test.right])) return decide();
    return this.withoutPrograms(decide) ?? this.demand!.defer(this.deferred(() => this.isReached(decide())));
  }

  #testDefined(name: Template): Condition {
    const found = this.nameAlternatives(name).map(({ when, text }) =>
      this.table.and(when, this.isDefined(text.trim())),
    );
    return this.table.any(found);
  }

  #testEqual(left: Template, right: Template): Condition {
    try {
      return this.equal(this.expand(left), this.expand(right));
    } catch (error) {
      if (error instanceof TooManyAlternatives) return this.unknown();
      throw error;
    }
  }

  #include(template: Template, optional: boolean): void {
    const { at } = this;
    for (const word of this.safeWords(() => this.expand(template))) {
      if (hasHole(word.text)) continue;
      this.under(word.when, () => {
        if (this.path === FALSE || this.#runIncluded(word.text) || optional) return;
        if (this.demand !== null) throw this.stop(`${word.text}: No such file or directory`);
        // The build makes these; they hold values that are known otherwise.
        if (/(^|\/)include\/(config|generated)\//.test(word.text)) return;
        const isCertain = this.path === TRUE && !OF_OTHERS.test(template.raw);
        this.note('kbuild-include-missing', isCertain ? 'error' : 'warning', at, { file: word.text });
      });
    }
    this.at = at;
  }

  #runIncluded(path: string): boolean {
    if (this.runFile(path)) return true;
    return (
      !path.startsWith('/') && this.includeDirectories.some((directory) => this.runFile(joinPath(directory, path)))
    );
  }

  /** A line that is neither assignment nor rule until it is expanded, such as `$(eval …)` or `$(call …)`. */
  #expandStatement(template: Template): void {
    for (const { when, text } of this.alternatives(template)) {
      if (text.trim() !== '' && text.includes(':')) this.under(when, () => this.evalText(text));
    }
  }

  /** Runs text as `$(eval)` does. */
  evalText(text: string): void {
    const { at } = this;
    if (this.path !== FALSE) this.run(parseMakefile(text, at?.file ?? '(eval)', at?.line ?? 1, this.files.keepsFlags));
    this.at = at;
  }

  /**
   * Adds the words of `foo-y`, `foo-m` or `foo-` to others.
   * @param stem `foo-`
   * @param directory in which the words are files
   */
  addListWords(stem: string, end: ListEnd, directory: string, to: ListedWords): void {
    const records = this.variables.records(stem);
    if (records === null) {
      to.addPieces(this.variableWords(stem + end), directory);
      return;
    }
    for (const record of records) {
      const when = record.when(end, this.table);
      if (when !== FALSE) {
        to.addPlain(record.words, () => record.pathsIn(directory), when, record.statement.at);
      }
    }
  }

  /** Whether a list of members may be there under a name: `foo-objs`, `foo-y` or the like for `foo`. */
  mayBeComposite(stem: string): boolean {
    return this.variables.mayBeComposite(stem);
  }
}

function originOf({ isOverride }: { readonly isOverride: boolean }): Origin {
  return isOverride ? 'override' : 'file';
}
