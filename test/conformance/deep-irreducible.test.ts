/**
 * Deep trims leave nothing on that their rule would let go: symbols that stay are tried one by one, judged by the kernel's
 * conf. A run samples; `KCONFIG_TRIM_FULL=1` tries each symbol of three machines.
 */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { describeKernels } from './describe-kernels.ts';
import { ReductionJudge } from './irreducible.ts';
import { recordOfMachine } from './machine-records.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase, trimTo } from './trim-engine.ts';
import { loadedNames, olddefconfig, X86 } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
/** Kinds of machine: a small one, a desktop, a laptop. */
const MACHINES = /vm-qemu|desktop-arch|laptop-thinkpad/;
const SAMPLED = 12;

describeKernels('no further symbol can go', (kernels) => {
  const draw = random(sampleSeed());
  const kernel = kernels.at(-1)!;
  const debian = kernel.configs.find((path) => path.includes('none_amd64'));
  const machines = LISTINGS.filter((path) => MACHINES.test(path));
  const cases = machines.flatMap((path) =>
    (['evidence', 'bold'] as const).map((deep) => [basename(path), deep, path] as const),
  );
  let base: TrimBase | null = null;

  it.runIf(debian).each(FULL ? cases : draw.pick(cases, 1))('%s: %s', (_, deep, path) => {
    base ??= readTrimBase(kernel, X86, olddefconfig(kernel, readFileSync(debian!, 'latin1')));
    const sources = new Sources(new NodeFileSystem(), kernel.tree);
    const names = [...loadedNames(path)];
    const record = recordOfMachine(names);
    const result = trimTo(base, names, { deep, fast: true, record, sources });
    const judge = new ReductionJudge(base, result, record, sources);
    const tried = FULL ? judge.candidates : draw.pick(judge.candidates, SAMPLED);
    const found = tried.map((each) => ({ ...each, obstacle: judge.obstacle(each.symbol) }));
    if (FULL)
      process.stdout.write(`${basename(path)}, ${deep}: ${found.length} of ${result.deep!.stays.length} tried\n`);
    expect(tried.length).toBeGreaterThan(0);
    expect(found.filter(({ obstacle }) => obstacle === null)).toEqual([]);
  });
});
