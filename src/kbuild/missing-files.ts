/**
 * Directories whose Kbuild file make cannot read. It stops there (Makefile.build: `include $(kbuild-file)`), and what the
 * directory lists is not known.
 */
import { conditionSymbols } from '../conditions/condition.ts';
import type { ConditionEvaluator } from '../conditions/condition-evaluator.ts';
import { type Diagnostic, InputError, type Position } from '../diagnostics/diagnostic.ts';
import type { FileSystem } from '../platform/platform.ts';
import type { Mention } from './directory.ts';

/** A directory that a line of a Kbuild file enters. */
interface EnteredDirectory {
  /** Relative to the tree. */
  readonly directory: string;
  /** The lines that enter it. */
  readonly mentions: readonly Mention[];
}

/** Where a tree is read from. */
interface TreePlace {
  readonly fs: FileSystem;
  /** The tree's directory. */
  readonly tree: string;
}

/**
 * What make stops with where a configuration enters a directory that cannot be read.
 * @returns null where no line spells its name: it may be wrong only because a program was not asked for a part of it
 */
export function missingDirectoryError(place: TreePlace, entered: EnteredDirectory): InputError | null {
  const missing = missingDirectory(place, entered, 'kbuild-directory-missing');
  return missing && new InputError(missing);
}

/** What is said of a directory that cannot be read and that some configuration enters; null as above. */
export function missingDirectoryNote(place: TreePlace, entered: EnteredDirectory): Diagnostic | null {
  const missing = missingDirectory(place, entered, 'kbuild-directory-unknown');
  return missing && { severity: 'warning', ...missing };
}

/** What make stops with in a makefile, with the line. */
export function makefileError({ fs, tree }: TreePlace, stop: Diagnostic): InputError {
  const line = stop.at && fs.readText(`${tree}/${stop.at.file}`)?.split('\n')[stop.at.line - 1];
  return new InputError({ ...stop, ...(line !== undefined && { lineText: line }) });
}

/** Whether a line is known to count: it stands under no condition that could not be evaluated. */
export function isMentionedFor(mention: Mention, evaluator: ConditionEvaluator): boolean {
  return evaluator.holds(mention.when) && conditionSymbols(mention.when).every((symbol) => !symbol.startsWith('?'));
}

function missingDirectory(place: TreePlace, { directory, mentions }: EnteredDirectory, code: string) {
  for (const { at } of mentions) {
    const position = at && positionOf(place, at, directory);
    if (position) return { code, ...position, args: { directory, ...reasonOf(place, directory) } };
  }
  return null;
}

/** Which file it is, and why it cannot be read. */
function reasonOf({ fs, tree }: TreePlace, directory: string): { path: string; reason: string } {
  const names = fs.readDirectory(`${tree}/${directory}`);
  const own = ['Kbuild', 'Makefile'].find((name) => names?.includes(name)) ?? 'Makefile';
  const path = `${directory}/${own}`;
  const why = fs.whyUnreadable(`${tree}/${path}`);
  if (names === null && fs.exists(`${tree}/${directory}`)) return { path, reason: 'no permission' };
  return { path, reason: names?.includes(own) && fs.stat(`${tree}/${path}`) === null ? 'no permission' : why };
}

/** Where a statement spells the name of a directory, with the line; null where it does not. */
function positionOf(
  { fs, tree }: TreePlace,
  at: Position,
  directory: string,
): { at: Position; lineText: string } | null {
  const lines = fs.readText(`${tree}/${at.file}`)?.split('\n') ?? [];
  const word = new RegExp(`(?<![^\\s=])(?:[^\\s=]*/)?${escaped(directory)}/?(?=[\\s\\\\]|$)`);
  for (let line = at.line; line <= lines.length; line++) {
    const lineText = lines[line - 1]!;
    const found = word.exec(lineText);
    if (found) return { at: { ...at, line, column: found.index + 1 }, lineText };
    if (!lineText.endsWith('\\')) break;
  }
  return null;
}

function escaped(directory: string): string {
  const name = directory.slice(directory.lastIndexOf('/') + 1);
  return name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
