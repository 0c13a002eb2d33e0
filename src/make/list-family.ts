/**
 * The lists `foo-y`, `foo-m` and `foo-` that one stem has, for as long as nothing but words is added to them: what
 * `foo-$(CONFIG_BAR) += a.o` does to three variables is then one record, and nothing is copied until somebody asks.
 */
import { type Condition, FALSE, TRUE } from '../conditions/condition.ts';
import type { ConditionTable, UsualLiterals } from '../conditions/condition-table.ts';
import type { WordsStatement } from './parser.ts';
import { joinPath } from './paths.ts';
import { splitWords } from './values.ts';

/** Which of a stem's lists: its name is the stem and this. */
export type ListEnd = 'y' | 'm' | '';

/** All of them, in the order in which a computed name's alternatives are assigned. */
export const LIST_ENDS: readonly ListEnd[] = ['y', 'm', ''];

/** The end of a list's name; null where it is no list's. */
export function listEnd(name: string): ListEnd | null {
  const { length } = name;
  if (length < 2) return null;
  const last = name.charCodeAt(length - 1);
  if (last === 45 /* - */) return '';
  if ((last !== 121 /* y */ && last !== 109) /* m */ || name.charCodeAt(length - 2) !== 45) return null;
  return last === 121 ? 'y' : 'm';
}

/** What one statement puts into the lists of a stem. */
export class ListRecord {
  readonly statement: WordsStatement;
  /** Under which the statement is reached. */
  readonly path: Condition;
  readonly yes: Condition;
  readonly module: Condition;
  readonly #usual: UsualLiterals | null;
  #words: readonly string[] | null = null;
  #paths: readonly string[] | null = null;

  /** @param usual of the symbol that ends the name; null where the name is all there */
  constructor(statement: WordsStatement, path: Condition, table: ConditionTable, usual: UsualLiterals | null) {
    this.statement = statement;
    this.path = path;
    this.#usual = usual;
    if (usual === null) {
      const isYes = statement.name.endsWith('y');
      this.yes = isYes ? path : FALSE;
      this.module = isYes ? FALSE : path;
    } else {
      this.yes = path === TRUE ? usual.isYes : table.and(path, usual.isYes);
      this.module = path === TRUE ? usual.isModule : table.and(path, usual.isModule);
    }
  }

  get words(): readonly string[] {
    this.#words ??= splitWords(this.statement.text);
    return this.#words;
  }

  /** The words as files of the directory whose Kbuild file lists them. */
  pathsIn(directory: string): readonly string[] {
    this.#paths ??= this.words.map((word) => joinPath(directory, word));
    return this.#paths;
  }

  /** When the words are in a list. */
  when(end: ListEnd, table: ConditionTable): Condition {
    if (end === 'y') return this.yes;
    if (end === 'm') return this.module;
    return this.#usual === null ? FALSE : table.and(this.path, this.#usual.isNeither);
  }
}
