/**
 * Records of emulated machines (test/boot): the drivers that had devices there are traced to symbols, and GNU make says of
 * a sample that without these nothing of them is built. `npm run record-coverage` judges all, for docs/record-coverage.md.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseRecord } from '../../src/machine/record/read.ts';
import { describeKernels } from './describe-kernels.ts';
import { DriverJudge, type TracedDriver } from './driver-coverage.ts';
import { REPOSITORY } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';

const FOLDER = join(REPOSITORY, 'fixtures/records');
/** Of an emulated machine; the others are made up. */
const EMULATED = /^(pc|q35)-/;
const JUDGED = process.env['KCONFIG_TRIM_FULL'] === '1' ? 1000 : 3;
const LEAST_TRACED = 0.98;

describeKernels('drivers of emulated machines', (kernels) => {
  it('come from symbols without which they are not built', () => {
    const judge = new DriverJudge(kernels.find(({ version }) => version === '6.12') ?? kernels.at(-1)!);
    const files = readdirSync(FOLDER).filter((name) => EMULATED.test(name));
    const bound = new Map<string, TracedDriver>();
    for (const name of files) {
      const { record } = parseRecord(readFileSync(join(FOLDER, name), 'latin1'), name);
      for (const driver of judge.bound(record)) bound.set(`${driver.bus} ${driver.name}`, driver);
    }
    const traced = [...bound.values()].filter(({ providers }) => providers.length > 0);
    const unknown = [...bound].filter(([, { providers }]) => providers.length === 0).map(([name]) => name);
    expect(bound.size).toBeGreaterThan(40);
    expect(traced.length / bound.size, `unknown: ${unknown.join(', ')}`).toBeGreaterThanOrEqual(LEAST_TRACED);
    const draw = random(sampleSeed());
    expect(draw.pick(traced, JUDGED).flatMap((driver) => judge.faults(driver))).toEqual([]);
  });
});
