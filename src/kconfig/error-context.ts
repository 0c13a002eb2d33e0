import { type Diagnostic, InputError, type Position } from '../diagnostics/diagnostic.ts';
import type { Location } from './symbol.ts';

/**
 * Completes an error with what a person wants to see: the line of text, the column where the statement starts if no
 * better one is known, the chain of files, and what was found before it.
 * @param includes where each file was included from
 */
export function withContext(
  error: InputError,
  readFile: (name: string) => string | null,
  includes: ReadonlyMap<string, Location>,
  earlier: readonly Diagnostic[],
): InputError {
  const { at } = error.diagnostic;
  if (!at) return new InputError(error.diagnostic, earlier);
  const lineText = readFile(at.file)?.split('\n')[at.line - 1];
  const column = at.column || (lineText === undefined ? 0 : lineText.search(/[^ \t]/) + 1);
  let chain = error.diagnostic.includedFrom;
  if (!chain) {
    const found: Position[] = [];
    // Every file's first inclusion came from a file that was read before it: no circles.
    for (let from = includes.get(at.file); from; from = includes.get(from.file)) {
      found.push({ file: from.file, line: from.line, column: 0 });
    }
    chain = found;
  }
  return new InputError(
    {
      ...error.diagnostic,
      at: { ...at, column },
      ...(lineText === undefined ? {} : { lineText }),
      includedFrom: chain,
    },
    earlier,
  );
}
