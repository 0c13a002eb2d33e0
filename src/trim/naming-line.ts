import type { Position } from '../diagnostics/diagnostic.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import { MakeLines, stripComment } from '../make/lines.ts';

/** A statement of a Kbuild file. */
interface Statement {
  /** Its first line, counted from 1. */
  readonly line: number;
  readonly text: string;
  /** The conditionals of make that it stands in, `ifdef CONFIG_X`, the innermost last. */
  readonly conditionals: readonly Statement[];
}

/**
 * The line of a Kbuild file by which a symbol decides on an object. A list can come by way of variables: make takes the
 * words of `cxgb-objs := cxgb2.o $(cxgb-y)` from that line, and only the one before, `cxgb-$(CONFIG_CHELSIO_T1_1G) +=
 * vsc7326.o`, names the symbol. In a conditional it is the line of that. Of several lines that name the symbol, the one that
 * lists the object, then the nearest.
 * @param at the line that make takes the object from
 * @param object the object's path in the tree
 * @param directory where the module is made: its Kbuild file names the symbol where it includes the one of `at`
 * @returns `at` where no line of either file names the symbol
 */
export function namingLine(
  at: Position,
  object: string,
  symbol: string,
  directory: string,
  kbuild: KbuildTree,
): Position {
  const reference = new RegExp(`(?<!\\w)CONFIG_${symbol}(?!\\w)`);
  const namedBy = (statement: Statement): Statement | undefined =>
    [...statement.conditionals, statement].findLast(({ text }) => reference.test(text));
  for (const file of [at.file, `${directory}/Kbuild`, `${directory}/Makefile`]) {
    const text = kbuild.readText(file);
    if (text === null || !reference.test(text)) continue;
    const naming = statementsOf(text).filter((statement) => namedBy(statement));
    const from = file === at.file ? at.line : 0;
    const [nearest] = naming.sort((a, b) => Math.abs(a.line - from) - Math.abs(b.line - from));
    const isHere = nearest?.line === from;
    const found = isHere ? nearest : (naming.find((each) => listsObject(each.text, object)) ?? nearest);
    if (found) return { file, line: namedBy(found)!.line, column: 0 };
  }
  return at;
}

/** The statements of a Kbuild file; its conditionals are such, too. */
function statementsOf(makefile: string): Statement[] {
  const lines = new MakeLines(makefile);
  const statements: Statement[] = [];
  const open: Statement[] = [];
  while (lines.hasMore) {
    const line = lines.count + 1;
    const text = stripComment(lines.logicalLine()).trim();
    if (/^endif\b/.test(text)) open.pop();
    const statement = { line, text, conditionals: [...open] };
    if (/^if(n?def|n?eq)\b/.test(text)) open.push(statement);
    statements.push(statement);
  }
  return statements;
}

/** Whether a statement lists an object, by a name in the Makefile's directory or with more of its path. */
function listsObject(statement: string, object: string): boolean {
  return statement.split(/[\s=]+/).some((word) => word !== '' && `/${object}`.endsWith(`/${word}`));
}
