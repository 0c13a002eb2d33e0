/**
 * Deep trims with a record of real machines' modules on Debian's config, and on each distribution's config of a laptop's, or
 * for other architectures of some at random: no promise is broken. A run takes one of each; `npm run deep-savings` takes
 * all, and writes docs/deep-savings.md.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { Arch } from './conf-judge.ts';
import { type SavingsCase, savingsDocument, savingsRow } from './deep-savings.ts';
import { describeKernels } from './describe-kernels.ts';
import { matrixBases } from './matrix-cases.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase } from './trim-engine.ts';
import { folded, loadedNames, olddefconfig, X86 } from './trim-judge.ts';

const TABLE = process.env['KCONFIG_TRIM_DEEP_SAVINGS'];
/** What is tried on every distribution's config: it has modules of most kinds. */
const LAPTOP = LISTINGS.find((path) => path.includes('thinkpad')) ?? LISTINGS[0];
/** How many modules are loaded where no listing of the architecture is at hand. */
const AT_RANDOM = 80;
const bases = (await matrixBases()).filter(({ isDistribution }) => isDistribution);

/** The same ones each time, as the table is to be made again. */
function modulesAtRandom({ kbuild, config }: TrimBase): Set<string> {
  const { modules } = kbuild.build(kbuildLookup(config));
  const paths = modules.map(({ path }) => path).sort();
  return new Set(random(AT_RANDOM).pick(paths, AT_RANDOM).map(folded));
}

describeKernels('what deep trims save', (kernels) => {
  const draw = random(sampleSeed());
  const kernel = kernels.at(-1)!;
  const debian = kernel.configs.find((path) => path.includes('none_amd64'));
  const sources = new Sources(new NodeFileSystem(), kernel.tree);
  const tables: Record<'machines' | 'configs', string[]> = { machines: [], configs: [] };
  let base: TrimBase | null = null;

  const read = (text: string, arch: Arch): TrimBase => readTrimBase(kernel, arch, olddefconfig(kernel, text, arch));
  const add = (table: keyof typeof tables, name: string, trimmed: Omit<SavingsCase, 'sources'>): void => {
    const { line, faults } = savingsRow(name, { ...trimmed, sources });
    tables[table].push(line);
    if (TABLE !== undefined) process.stdout.write(`${line}\n`);
    expect(faults).toEqual([]);
  };

  it.runIf(debian).each(TABLE === undefined ? draw.pick(LISTINGS, 1) : LISTINGS)('%s on Debian', (listing) => {
    base ??= read(readFileSync(debian!, 'latin1'), X86);
    add('machines', basename(listing, '.txt'), { base, arch: X86, loaded: loadedNames(listing) });
  });
  it.runIf(LAPTOP).each(TABLE === undefined ? draw.pick(bases, 1) : bases)(
    '$name',
    async ({ name, arch, read: text }) => {
      const config = read(await text(), { arch });
      const loaded = arch === 'x86' ? loadedNames(LAPTOP!) : modulesAtRandom(config);
      add('configs', name, { base: config, arch: { arch }, loaded });
    },
  );
  afterAll(() => {
    if (TABLE !== undefined) writeFileSync(TABLE, savingsDocument(kernel.version, tables.machines, tables.configs));
  });
});
