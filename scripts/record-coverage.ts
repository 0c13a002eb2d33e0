/**
 * Writes docs/record-coverage.md: of each emulated machine (`npm run test:boot`) how many of the drivers with devices are
 * traced to symbols, and how many of these GNU make finds wrong.
 *
 *   npm run record-coverage -- [DIRECTORY]     of records; .boot/records where none is named
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { factsOf } from '../src/machine/record/format.ts';
import { parseRecord } from '../src/machine/record/read.ts';
import { MACHINES } from '../test/boot/machines.ts';
import { BOOT } from '../test/boot/virtual-machine.ts';
import { DriverJudge, type TracedDriver } from '../test/conformance/driver-coverage.ts';
import { kernel, REPOSITORY } from '../test/conformance/kernels.ts';

const SERIES = '6.12';
const folder = process.argv[2] ?? join(BOOT, 'records');
const judge = new DriverJudge(kernel(SERIES));

interface Row {
  readonly machine: string;
  readonly hardware: string;
  readonly bound: readonly TracedDriver[];
}

const kernels = new Set<string>();
const files = readdirSync(folder).filter((name) => name.endsWith('.record'));
const rows: Row[] = files.sort().map((file) => {
  const machine = file.replace(/\.record$/, '');
  const { record } = parseRecord(readFileSync(join(folder, file), 'latin1'), file);
  for (const { fields } of factsOf(record, 'kernel')) kernels.add(fields[0] ?? '');
  return { machine, hardware: hardwareOf(machine), bound: judge.bound(record) };
});

/** @param machine a name, or several joined by `+` where their devices were in one machine */
function hardwareOf(machine: string): string {
  const parts = machine.split('+').flatMap((part) => MACHINES.find(({ name }) => name === part) ?? []);
  return parts.map(({ hardware }) => hardware).join('; ');
}

const isTraced = ({ providers }: TracedDriver): boolean => providers.length > 0;
const isWrong = (driver: TracedDriver): boolean => judge.faults(driver).length > 0;
const cells = (bound: readonly TracedDriver[]): string => {
  const traced = bound.filter(isTraced);
  return `${bound.length} | ${traced.length} | ${traced.filter(isWrong).length}`;
};
const all = new Map(rows.flatMap(({ bound }) => bound.map((driver) => [`${driver.bus} ${driver.name}`, driver])));
const share = (100 * [...all.values()].filter(isTraced).length) / all.size;

/** What a driver comes from: `unit`: SYMBOLS, and what its source asks for beside them. */
function origin({ providers }: TracedDriver): string {
  const texts = providers.map(({ unit, module, symbols, inside }) => {
    const names = symbols.length === 0 ? 'always' : symbols.join(', ');
    return `\`${unit ?? `${module!.path}.ko`}\`: ${[names, ...inside.map((name) => `(${name})`)].join(' ')}`;
  });
  return [...new Set(texts)].join('; ') || 'unknown';
}

const faults = [...all.values()].flatMap((driver) => judge.faults(driver));
const text = `# Drivers of emulated machines, and the symbols that build them

Made by \`npm run record-coverage\` from the records of \`npm run test:boot\` on ${new Date().toISOString().slice(0, 10)}, with Debian's kernel
${[...kernels].join(', ')} in machines that QEMU emulates, its configuration, and the tree of ${SERIES}. For each driver that
has a device in a machine's record: is it traced to the symbols that build it? Each symbol was turned off, and GNU make
asked, on the kernel's own Kbuild files, whether what the driver comes from is still built: then the answer is wrong.

| machine | hardware | drivers with devices | traced | wrong |
| ---- | ---- | ----: | ----: | ----: |
${rows.map(({ machine, hardware, bound }) => `| ${machine} | ${hardware} | ${cells(bound)} |`).join('\n')}
| all, each driver once | | ${cells([...all.values()])} |

${share.toFixed(1)} % are traced.${faults.length > 0 ? ` Wrong: ${faults.join('; ')}.` : ''}

## Each driver

Symbols in brackets are asked for in the source, around what registers the driver; make does not judge these.

| bus | driver | module | comes from |
| ---- | ---- | ---- | ---- |
${[...all.values()]
  .map((driver) => ({ driver, key: `${driver.bus} ${driver.name}` }))
  .sort((a, b) => (a.key < b.key ? -1 : 1))
  .map(({ driver }) => `| ${driver.bus} | ${driver.name} | ${driver.owner ?? '–'} | ${origin(driver)} |`)
  .join('\n')}
`;
writeFileSync(join(REPOSITORY, 'docs/record-coverage.md'), text);
