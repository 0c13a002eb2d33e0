/** The table of docs/bisect.md, as `npm run matrix:bisect` writes it. */
import type { BisectRow } from './bisect-cases.ts';

const MARK = '<!-- written by npm run matrix:bisect -->\n';

/** A row of the table. */
export function line({ machine, options, stops }: BisectRow): string {
  const cells = stops.map(({ needed, carried, ours }) => `${carried.length} / ${ours.length} of ${needed}`);
  return `| ${[machine, options === 'plain' ? options : `\`${options}\``, ...cells].join(' | ')} |`;
}

/** What is behind the mark: a sentence with the totals, and the table. */
function section(rows: readonly BisectRow[]): string {
  const all = rows.flatMap(({ stops }) => stops);
  const sum = (of: (stop: (typeof all)[number]) => number): number => all.reduce((total, stop) => total + of(stop), 0);
  const head = ['machine', 'trim', ...(rows[0]?.stops.map(({ way }) => way) ?? [])];
  const needed = sum((stop) => stop.needed).toLocaleString('en');
  const totals =
    `Of ${needed} needed modules ${sum(({ carried }) => carried.length)} are lost by a config that is carried, ` +
    `${sum(({ ours }) => ours.length)} by these.`;
  return [totals, '', `| ${head.join(' | ')} |`, `|${' --- |'.repeat(head.length)}`, ...rows.map(line), ''].join('\n');
}

/** The page with the table in the place of the one behind its mark. @throws Error where it has no mark */
export function withTable(page: string, rows: readonly BisectRow[]): string {
  const start = page.indexOf(MARK) + MARK.length;
  const end = page.indexOf('\n## ', start);
  if (start < MARK.length || end < 0) throw new Error('the page has no place for the table');
  return `${page.slice(0, start)}\n${section(rows)}${page.slice(end)}`;
}
