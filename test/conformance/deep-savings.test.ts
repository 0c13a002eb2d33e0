/**
 * Deep trims with a record of real machines' modules on Debian's config, and of a laptop's on each distribution's config for
 * x86: no promise is broken. A run takes one of each; `npm run deep-savings` takes all, and writes docs/deep-savings.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { savingsDocument, savingsRow } from './deep-savings.ts';
import { describeKernels } from './describe-kernels.ts';
import { matrixBases } from './matrix-cases.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase } from './trim-engine.ts';
import { loadedNames, olddefconfig, X86 } from './trim-judge.ts';

const TABLE = process.env['KCONFIG_TRIM_DEEP_SAVINGS'];
/** What is tried on every distribution's config: it has modules of most kinds. */
const LAPTOP = LISTINGS.find((path) => path.includes('thinkpad')) ?? LISTINGS[0];
const bases = (await matrixBases()).filter(({ isDistribution, arch }) => isDistribution && arch === 'x86');

describeKernels('what deep trims save', (kernels) => {
  const draw = random(sampleSeed());
  const kernel = kernels.at(-1)!;
  const debian = kernel.configs.find((path) => path.includes('none_amd64'));
  const sources = new Sources(new NodeFileSystem(), kernel.tree);
  const tables: Record<'machines' | 'configs', string[]> = { machines: [], configs: [] };
  let base: TrimBase | null = null;

  const read = (text: string): TrimBase => readTrimBase(kernel, X86, olddefconfig(kernel, text, X86));
  const add = (table: keyof typeof tables, name: string, config: TrimBase, listing: string): void => {
    const { line, faults } = savingsRow(name, config, loadedNames(listing), sources);
    tables[table].push(line);
    if (TABLE !== undefined) process.stdout.write(`${line}\n`);
    expect(faults).toEqual([]);
  };

  it.runIf(debian).each(TABLE === undefined ? draw.pick(LISTINGS, 1) : LISTINGS)('%s on Debian', (listing) => {
    base ??= read(readFileSync(debian!, 'latin1'));
    add('machines', basename(listing, '.txt'), base, listing);
  });
  it.runIf(LAPTOP).each(TABLE === undefined ? draw.pick(bases, 1) : bases)('a laptop on $name', async (config) => {
    add('configs', config.name, read(await config.read()), LAPTOP!);
  });
  afterAll(() => {
    if (TABLE !== undefined) writeFileSync(TABLE, savingsDocument(kernel.version, tables.machines, tables.configs));
  });
});
