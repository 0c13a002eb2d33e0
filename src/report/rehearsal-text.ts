import type { LeftOut, Rehearsal } from '../trim/rehearsal/rehearsal.ts';
import { count, counted } from './count-text.ts';
import { paint } from './styled-text.ts';

/** Everything that `rehearse` says. */
export interface RehearsalReport {
  readonly rehearsal: Rehearsal;
  /** How many symbols would go. */
  readonly symbols: number;
  /** `--deep` or `--deep=bold`. */
  readonly option: string;
  /** The tree's version. */
  readonly version: string;
}

const WHYS: Readonly<Record<LeftOut['why'], string>> = {
  infrastructure: 'infrastructure: what is built in and never started fails in what calls it',
  called: 'code that runs calls into theirs; the trimmed kernel has stubs there',
  'same-name': 'something that stays has a function of the same name',
};

/** The rehearsal as text, with the marks of `paint` in it. */
export function rehearsalText({ rehearsal, symbols, option, version }: RehearsalReport, verbose: boolean): string {
  const { functions, leftOut, untried, lines } = rehearsal;
  const label = (word: string): string => word.padEnd(11);
  const out = [
    `${label('rehearsal')}of ${option}: ${counted(symbols, 'built-in')} would go, ${counted(functions.length, 'init function')} of them ${functions.length === 1 ? 'is' : 'are'} left out here`,
  ];
  for (const why of Object.keys(WHYS) as LeftOut['why'][]) {
    const found = leftOut.filter((each) => each.why === why);
    if (found.length > 0)
      out.push(`${label('')}${count(found.length)} more ${found.length === 1 ? 'runs' : 'run'}: ${WHYS[why]}`);
    if (verbose) out.push(...found.map(({ name, unit, symbol }) => `${label('')}  ${name} (${unit}, ${symbol})`));
  }
  if (untried > 0)
    out.push(
      `${label('')}${counted(untried, 'object')} without an init function ${untried === 1 ? 'is' : 'are'} not tried`,
    );
  if (lines.length === 0) return `${[...out, '', 'There is nothing to try.'].join('\n')}\n`;
  out.push(
    '',
    `Start the distribution's own kernel, of this tree's version (${version}), ${lines.length === 1 ? 'once' : `${lines.length} times, each time`} with one more parameter:`,
    '',
  );
  for (const [index, line] of lines.entries()) out.push(paint('bold', `# ${index + 1} of ${lines.length}`), line, '');
  out.push(
    'GRUB          press e in the menu, put it at the end of the line that begins with linux, then Ctrl-x',
    'systemd-boot  press e in the menu, put it at the end, then Enter',
    'qemu          put it into -append; libvirt: <cmdline> of <os>, or GRUB in the guest',
    '',
    'When the machine is up: kconfig-trim record --compare FILE, with the record that was made before. What is missing',
    'then, --keep brings back. Nothing stays of it after the next start.',
  );
  return `${out.join('\n')}\n`;
}

/** The object that `rehearse --json` prints; its form is `kconfig-trim/rehearse-1`. */
export function rehearsalJson({ rehearsal, symbols, option }: RehearsalReport): Record<string, unknown> {
  const { functions, leftOut, untried, lines } = rehearsal;
  return { schema: 'kconfig-trim/rehearse-1', option, symbols, functions, leftOut, untried, lines };
}
