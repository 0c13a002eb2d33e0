import { describe, expect, it } from 'vitest';
import type { BuildReport } from '../../src/report/build-report.ts';
import { buildText } from '../../src/report/build-text.ts';
import { renderText } from '../../src/report/styled-text.ts';

const EXCERPT = [
  '/usr/src/linux/drivers/net/ethernet/intel/ice/ice_main.c: In function ‘ice_probe’:',
  '/usr/src/linux/drivers/net/ethernet/intel/ice/ice_main.c:512:31: error: ‘nothere’ undeclared (first use in this function)',
  '  512 |         return first_argument + nothere + the_last_of_them;',
  '      |                                 ^~~~~~~',
].map((line) => Buffer.from(line, 'utf8').toString('latin1'));
const COMMAND = `gcc -D'KBUILD_MODNAME="ice"' -c -o drivers/net/ethernet/intel/ice/ice_main.o drivers/net/ethernet/intel/ice/ice_main.c`;

const REPORT: BuildReport = {
  tree: { version: '6.12.0', arch: 'x86' },
  config: '/usr/src/out/.config',
  command: ['make', '-C', '/usr/src/linux', 'O=/usr/src/out', '-j8', 'ARCH=x86'],
  jobs: 8,
  log: '/usr/src/out/kconfig-trim-build.log',
  sample: null,
  outcome: 'failed',
  interruptedBy: null,
  units: { predicted: 90, compiled: 80, present: 0, missing: [], unpredicted: [] },
  seconds: { predicted: 100, uncertainty: 0.5, real: 90, cpu: { predicted: 700, real: 640 } },
  modules: { paths: [], missing: [] },
  files: { present: [], missing: [] },
  warnings: { count: 0, first: [] },
  failure: {
    target: 'drivers/net/ethernet/intel/ice/ice_main.o',
    at: { file: 'drivers/net/ethernet/intel/ice/ice_main.c', line: 512, column: 31 },
    message: Buffer.from('‘nothere’ undeclared (first use in this function)', 'utf8').toString('latin1'),
    excerpt: EXCERPT,
    others: ['drivers/net/ethernet/intel/ice/ice_lib.o', 'drivers/net/ethernet/intel/ice/ice_base.o'],
    command: COMMAND,
    turnedOn: { symbols: [{ name: 'ICE', value: 'm' }], at: null, modules: ['drivers/net/ethernet/intel/ice/ice'] },
    failsAlone: true,
  },
  lost: [],
  notes: ['the config is not settled: make changes 3 symbols first (A, B, C)'],
} as unknown as BuildReport;

describe('the report of a build that lacks modules', () => {
  it('names the first of many, and all with -v', () => {
    const missing = Array.from({ length: 4000 }, (_, index) => `drivers/some/module_${index}`);
    const report = { ...REPORT, outcome: 'missing', failure: null, modules: { paths: missing, missing } } as const;
    const named = (verbose: boolean): number => buildText(report, { verbose }).match(/drivers\/some/g)!.length;
    expect([named(false), named(true)]).toEqual([20, 4000]);
    expect(buildText(report, { verbose: false })).toContain('and 3,980 more (-v)\n');
  });
});

describe('the report of a build that failed', () => {
  it.each([80, 40])('has what the compiler printed as it printed it, on %d columns', (columns) => {
    const lines = renderText(buildText(REPORT, { verbose: false }), false, columns).split('\n');
    const printed = EXCERPT.map((line) => `  ${Buffer.from(line, 'latin1').toString('utf8')}`);
    const from = lines.indexOf(printed[0]!);
    expect(lines.slice(from, from + printed.length)).toEqual(printed);
    const command = `command    ${COMMAND}`;
    expect(lines).toContain(command);
    // A place stays whole, as a terminal may make a link of it.
    const place = /^ *drivers\/net\/ethernet\/intel\/ice\/ice_main\.c:512:31$/;
    const long = lines.filter((line) => line.length > columns && ![...printed, command].includes(line));
    expect(long.filter((line) => !place.test(line))).toEqual([]);
  });
});
