/** Rules of Kbuild files: of a statement one for each target, with its words expanded. */

import { type Condition, FALSE } from '../conditions/condition.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import type { Statement } from './parser.ts';
import { Template } from './template.ts';
import type { Piece } from './values.ts';

/** A rule for one target, its words expanded. */
export interface MakeRule {
  /** A path, or a pattern with `%`. */
  readonly target: string;
  /** The pattern of a static pattern rule: it gives the stem for the prerequisites. */
  readonly pattern: string | null;
  readonly when: Condition;
  readonly prerequisites: readonly Piece[];
  readonly hasRecipe: boolean;
  /** Runs of Kbuild in the recipe: the directory, then goals. */
  readonly descents: readonly (readonly Piece[])[];
  readonly at: Position;
}

/** What expanding a rule needs of the run of make that reads it. */
export interface RuleContext {
  readonly table: ConditionTable;
  /** The words that a text expands to. */
  words(template: Template): readonly Piece[];
  /** Does something while `$@` is a target. */
  bind<Result>(target: string, action: () => Result): Result;
}

/** A target-specific variable: `target: NAME := value`. */
const ASSIGNMENT = /^(?:(?:private|export|override)\s+)*[\w.-]+\s*[:?+]{0,3}=/;

/**
 * The rules that a statement makes; none for a target-specific variable.
 * @param path under which the statement is reached
 */
export function expandRule(
  { targets, rest, recipe, at }: Statement<'rule'>,
  path: Condition,
  { table, words, bind }: RuleContext,
): MakeRule[] {
  if (ASSIGNMENT.test(rest.raw)) return [];
  const colon = rest.raw.search(/:(?!=)/);
  const [pattern, from] =
    colon < 0 ? [null, rest] : [new Template(rest.raw.slice(0, colon)), new Template(rest.raw.slice(colon + 1))];
  const prerequisites = words(from);
  const pair = pattern === null ? null : (words(pattern)[0]?.text ?? null);
  const hasRecipe = !recipe.isEmpty;
  const rules: MakeRule[] = [];
  for (const { text: target, when: own } of words(targets)) {
    const when = table.and(path, own);
    if (when === FALSE) continue;
    const descents = target.includes('%') ? [] : bind(target, () => recipe.descents.map((descent) => words(descent)));
    rules.push({ target, pattern: pair, when, prerequisites, hasRecipe, descents, at });
  }
  return rules;
}
