import type { LeftOut, Rehearsal } from '../trim/rehearsal/rehearsal.ts';
import { count, counted } from './count-text.ts';
import { LABEL_WIDTH } from './report-detail.ts';
import { hanging, paint, verbatim } from './styled-text.ts';
import { allWarnings } from './trim-json.ts';
import { findingLines, headLines, lackLines, noteLines, type TrimReport, violationLines } from './trim-report.ts';

/** The bare parameters, one line for each start: what a script wants. */
export function rehearsalLines({ lines }: Rehearsal): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Everything that `rehearse` says. */
export interface RehearsalReport {
  readonly rehearsal: Rehearsal;
  /** The trim that it tries. */
  readonly trim: TrimReport;
  /** `--deep` or `--deep=bold`. */
  readonly option: string;
}

const WHYS: Readonly<Record<LeftOut['why'], string>> = {
  infrastructure: 'infrastructure: what is built in and never started fails in what calls it',
  called:
    'code that stays calls functions of their objects, which would find nothing set up; in the trimmed kernel these calls do nothing',
  'same-name': 'a function of the same name runs, and the parameter stops all of a name',
};

/** Where a parameter of the kernel goes. */
const PLACES: readonly (readonly [loader: string, text: string])[] = [
  ['GRUB', 'press e in the menu, put it at the end of the line that begins with linux, then Ctrl-x'],
  ['systemd-boot', 'press e in the menu, put it at the end, then Enter'],
  ['qemu', 'put it into -append; libvirt: <cmdline> of <os>, or GRUB in the guest'],
];

/** The rehearsal as text, with the marks of `paint` in it. */
export function rehearsalText({ rehearsal, trim, option }: RehearsalReport, verbose: boolean): string {
  const { functions, leftOut, untried, lines } = rehearsal;
  const findings = [...violationLines(trim.result), ...findingLines(trim), ...noteLines(trim)];
  const label = (word: string): string => hanging(word.padEnd(LABEL_WIDTH));
  const out = [
    ...lackLines(trim),
    ...headLines(trim),
    `${label('rehearsal')}of ${option}: ${counted(symbolsOf(trim), 'built-in')} would go, ${counted(functions.length, 'init function')} of them ${functions.length === 1 ? 'is' : 'are'} left out here`,
  ];
  for (const why of Object.keys(WHYS) as LeftOut['why'][]) {
    const found = leftOut.filter((each) => each.why === why);
    if (found.length > 0)
      out.push(
        `${label('')}${found.length === 1 ? '1 other runs' : `${count(found.length)} others run`}: ${WHYS[why]}`,
      );
    if (verbose)
      out.push(
        ...found.map(({ name, unit, symbol }) => `${hanging(' '.repeat(LABEL_WIDTH + 2))}${name} (${unit}, ${symbol})`),
      );
  }
  if (untried > 0)
    out.push(
      `${label('')}${counted(untried, 'object')} without an init function ${untried === 1 ? 'is' : 'are'} not tried`,
    );
  if (findings.length > 0) out.push('', ...findings);
  if (lines.length === 0) return `${[...out, '', 'There is nothing to try.'].join('\n')}\n`;
  out.push(
    '',
    `Start the distribution's own kernel, of this tree's version (${trim.tree.version}), ${lines.length === 1 ? 'once' : `${lines.length} times, each time`} with one more parameter:`,
    '',
  );
  for (const [index, line] of lines.entries())
    out.push(paint('bold', `# ${index + 1} of ${lines.length}`), verbatim(line), '');
  out.push(
    ...PLACES.map(([loader, text]) => hanging(loader.padEnd(14)) + text),
    '',
    `When the machine is up: kconfig-trim record --compare FILE, with the record that was made before. What is missing then, --keep brings back. Nothing stays of it after the next start.`,
  );
  return `${out.join('\n')}\n`;
}

/** How many symbols would go. */
const symbolsOf = ({ result }: TrimReport): number => result.deep?.departures.length ?? 0;

/** The object that `rehearse --json` prints; its form is `kconfig-trim/rehearse-1`. */
export function rehearsalJson({ rehearsal, trim, option }: RehearsalReport): Record<string, unknown> {
  const { functions, leftOut, untried, lines } = rehearsal;
  return {
    schema: 'kconfig-trim/rehearse-1',
    tree: trim.tree,
    base: { source: trim.base.source },
    option,
    symbols: symbolsOf(trim),
    functions,
    leftOut,
    untried,
    lines,
    lost: trim.result.violations,
    warnings: allWarnings(trim),
  };
}
