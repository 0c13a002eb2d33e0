import { describe, expect, it } from 'vitest';
import { type RehearsalReport, rehearsalText } from '../../src/report/rehearsal-text.ts';
import { renderText } from '../../src/report/styled-text.ts';

const PARAMETER = `initcall_blacklist=${Array.from({ length: 40 }, (_, index) => `driver_${index}_init`).join(',')}`;

const REPORT = {
  rehearsal: {
    functions: ['one_init', 'other_init'],
    leftOut: [
      { name: 'bus_init', unit: 'drivers/base/some/bus.o', symbol: 'BUS', why: 'infrastructure' },
      { name: 'called_init', unit: 'lib/called.o', symbol: 'CALLED', why: 'called' },
    ],
    untried: 7,
    lines: [PARAMETER, PARAMETER],
  },
  option: '--deep=bold',
  trim: {
    tree: { version: '6.12.0', arch: 'x86' },
    base: { source: '/boot/config-6.12.0', unknown: [], lack: null },
    listings: [{ source: 'host.record', modules: 93 }],
    findings: ['--keep NOSUCH: no symbol, module or Kconfig directory of this tree'],
    warnings: ['toolchain not asked (--no-exec): its answers are those that the base config records'],
    result: {
      deep: { departures: [{}, {}, {}] },
      violations: [{ promise: 'G1', name: 'ext4', note: 'is no longer built', at: null, blockers: [] }],
    },
  },
} as unknown as RehearsalReport;

describe('the text of a rehearsal', () => {
  it.each([80, 40])('breaks its lines at %d columns, but a parameter', (columns) => {
    const lines = renderText(rehearsalText(REPORT, true), false, columns).split('\n');
    expect(lines.filter((line) => line === PARAMETER)).toHaveLength(2);
    const others = lines.filter((line) => line !== PARAMETER);
    expect(others.filter(({ length }) => length > columns)).toEqual([]);
    // A line is broken where the next word does not fit beside the indent of those that continue it.
    const last = others.slice(others.findIndex((line) => line.startsWith('When the machine is up')));
    const [begin = '', next = ''] = last;
    expect(`${begin} ${next.trim().split(' ')[0]}`.length).toBeGreaterThan(columns - 6);
    expect(last.map((line) => line.trim()).join(' ')).toContain(
      'What is missing then, --keep brings back. Nothing stays',
    );
  });

  it('names what it read, and what makes the exit status 1', () => {
    const text = renderText(rehearsalText(REPORT, false), false);
    expect(text).toMatch(
      /^tree +Linux 6\.12\.0, x86\nbase +\/boot\/config-6\.12\.0\nloaded +host\.record \(93 modules\)\n/,
    );
    expect(text).toContain('\nBROKEN     G1 ext4: is no longer built\n');
    expect(text).toContain('\nwarning: --keep NOSUCH: no symbol, module or Kconfig directory of this tree\n');
    expect(text).not.toContain('bus_init');
    expect(text.match(/^ +1 other runs: /gm)).toHaveLength(2);
  });
});
