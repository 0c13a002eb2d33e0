import type { Position } from '../diagnostics/diagnostic.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import { MakeLines, stripComment } from '../make/lines.ts';

/** A statement of a Kbuild file. */
interface Statement {
  /** Its first line, counted from 1. */
  readonly line: number;
  readonly text: string;
  /** The conditionals of make that it stands in: `ifdef CONFIG_X`. */
  readonly conditionals: readonly string[];
}

/**
 * The line of a Kbuild file by which a symbol decides on an object. A list can come by way of variables: make takes the
 * words of `cxgb-objs := cxgb2.o $(cxgb-y)` from that line, and only the one before, `cxgb-$(CONFIG_CHELSIO_T1_1G) +=
 * vsc7326.o`, names the symbol. Of several lines that name it, the one that lists the object, then the nearest.
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
  const isNaming = ({ text, conditionals }: Statement): boolean =>
    reference.test(text) || conditionals.some((each) => reference.test(each));
  for (const file of [at.file, `${directory}/Kbuild`, `${directory}/Makefile`]) {
    const text = kbuild.readText(file);
    if (text === null || !reference.test(text)) continue;
    const naming = statementsOf(text).filter(isNaming);
    const from = file === at.file ? at.line : 0;
    if (naming.some(({ line }) => line === from)) return at;
    const [nearest] = naming.sort((a, b) => Math.abs(a.line - from) - Math.abs(b.line - from));
    const found = naming.find((each) => listsObject(each.text, object)) ?? nearest;
    if (found) return { file, line: found.line, column: 0 };
  }
  return at;
}

/** The statements of a Kbuild file; its conditionals are such, too. */
function statementsOf(text: string): Statement[] {
  const lines = new MakeLines(text);
  const statements: Statement[] = [];
  const open: string[] = [];
  while (lines.hasMore) {
    const line = lines.count + 1;
    const statement = stripComment(lines.logicalLine()).trim();
    if (/^endif\b/.test(statement)) open.pop();
    else if (/^if(n?def|n?eq)\b/.test(statement)) open.push(statement);
    statements.push({ line, text: statement, conditionals: [...open] });
  }
  return statements;
}

/** Whether a statement lists an object, by a name in the Makefile's directory or with more of its path. */
function listsObject(statement: string, object: string): boolean {
  return statement.split(/[\s=]+/).some((word) => word !== '' && `/${object}`.endsWith(`/${word}`));
}
