/**
 * npm run compare [-- --tree 6.12 --config amd64 --listing PATTERN --listings DIR --markdown]
 *
 * For every listing: what the incumbent (streamline_config.pl and conf) and this program keep, build and lose, judged
 * by the kernel's conf and by GNU make on the kernel's Makefiles. Needs `npm run build` and `npm run setup:kernel`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { kernel, REPOSITORY } from '../test/conformance/kernels.ts';
import {
  judge,
  loadedNames,
  neededModules,
  runIncumbent,
  runOurs,
  type TrimCase,
} from '../test/conformance/trim-judge.ts';

const { values } = parseArgs({
  options: {
    tree: { type: 'string', default: '6.12' },
    config: { type: 'string', default: 'amd64_none_amd64' },
    listing: { type: 'string', default: '' },
    listings: { type: 'string' },
    markdown: { type: 'boolean', default: false },
  },
});

const shared = resolve(REPOSITORY, '../shared/lsmod');
const folder = values.listings ?? (existsSync(shared) ? shared : join(REPOSITORY, 'fixtures/listings'));
const material = kernel(values.tree);
const config = material.configs.find((path) => path.endsWith(`config.${values.config}`));
if (!config) throw new Error(`no config ${values.config}; there are ${material.configs.join(' ')}`);

const header = [
  'listing',
  'loaded',
  'needed',
  'incumbent lost',
  'modules',
  'objects',
  'minutes',
  'ours lost',
  'modules',
  'objects',
  'minutes',
  'lean',
  'objects',
  'fast minutes',
  'G5',
  'G6',
];
const rows: (string | number)[][] = [];
const totals = new Array<number>(header.length).fill(0);

for (const name of readdirSync(folder).filter((file) => file.includes(values.listing) && file.endsWith('.txt'))) {
  const test: TrimCase = { kernel: material, config, listing: join(folder, name) };
  const needed = neededModules(test);
  const theirs = judge(test, runIncumbent(test), needed);
  const first = runOurs(test).config;
  const ours = judge(test, first, needed);
  const leanText = runOurs(test, ['--lean']).config;
  const fastText = runOurs(test, ['--fast']).config;
  const lean = judge(test, leanText, needed);
  const isFixed = ours.config === first && lean.config === leanText;
  const isSame = runOurs(test).config === first;
  const row = [
    name.replace(/\.txt$/, ''),
    loadedNames(test.listing).size,
    needed.length,
    theirs.lost.length,
    theirs.modules,
    theirs.objects,
    cpuMinutes(theirs.config),
    ours.lost.length + lean.lost.length,
    ours.modules,
    ours.objects,
    cpuMinutes(ours.config),
    lean.modules,
    lean.objects,
    cpuMinutes(fastText),
    isSame ? 'yes' : 'NO',
    isFixed ? 'yes' : 'NO',
  ];
  rows.push(row);
  row.forEach((cell, i) => {
    if (typeof cell === 'number') totals[i]! += cell;
  });
  if (!values.markdown) process.stdout.write(`${row.join('\t')}\n`);
}

/** Minutes of CPU time that a build is predicted to take on the reference machine. */
function cpuMinutes(text: string): number {
  const args = ['estimate', '--tree', material.tree, '--arch', 'x86', '--no-exec', '--json', '--config', '-'];
  const done = spawnSync(process.execPath, [join(REPOSITORY, 'bin/kconfig-trim.js'), ...args], {
    encoding: 'latin1',
    input: text,
    maxBuffer: 1 << 26,
  });
  if (done.status !== 0) throw new Error(done.stderr);
  const [{ cpuSeconds }] = (JSON.parse(done.stdout) as { configs: [{ cpuSeconds: number }] }).configs;
  return Math.round(cpuSeconds / 60);
}

const total = totals.map((sum, i) => (i === 0 ? 'all' : i > 13 ? '' : sum));
if (values.markdown) {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |\n`;
  process.stdout.write(line(header) + line(header.map(() => '---')) + rows.map(line).join('') + line(total));
} else process.stdout.write(`${header.join('\t')}\n${total.join('\t')}\n`);
