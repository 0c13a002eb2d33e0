/**
 * The configs of a bisection from one real kernel to another: the full config is brought there by the kernel's conf and
 * trimmed anew. A run takes two listings, other ones with each seed. `KCONFIG_TRIM_FULL=1` takes all, and carries beside each
 * trim a config that was trimmed at home, there and back; `npm run matrix:bisect` writes what both lose into docs/bisect.md
 * (KCONFIG_TRIM_MATRIX=FILE). It takes an hour on two cores the first time, as make walks the tree for each trim.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  BISECT_OPTIONS,
  type BisectEnds,
  type BisectOptions,
  type BisectRow,
  bisectStops,
  machineOf,
  stepTrim,
} from './bisect-cases.ts';
import { line, withTable } from './bisect-table.ts';
import { describeKernels } from './describe-kernels.ts';
import type { Kernel } from './kernels.ts';
import { expectPromises, isBuilt, readJudgedBase } from './promises.ts';
import { LISTINGS } from './real-listings.ts';
import { random, sampleSeed } from './sampling.ts';
import { trimTo } from './trim-engine.ts';
import { judgeText, loadedNames, modulesNamed } from './trim-judge.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const TABLE = process.env['KCONFIG_TRIM_MATRIX'];
const SAMPLED = 2;

const EACH = Object.keys(BISECT_OPTIONS) as BisectOptions[];

function readEnds(home: Kernel, there: Kernel): BisectEnds {
  const full = readFileSync(home.configs.find((path) => path.includes('none_amd64')) ?? home.configs[0]!, 'latin1');
  return { home: readJudgedBase(home, full), there: readJudgedBase(there, full) };
}

describeKernels('the configs of a bisection', (kernels) => {
  const [oldest, newest] = [kernels[0]!, kernels.at(-1)!];
  const ways: readonly (readonly [Kernel, Kernel])[] = [
    [oldest, newest],
    [newest, oldest],
  ];
  const known = new Map<Kernel, BisectEnds>();
  const endsOf = (home: Kernel, there: Kernel): BisectEnds => {
    const ends = known.get(home) ?? readEnds(home, there);
    known.set(home, ends);
    return ends;
  };

  const sample = random(sampleSeed()).pick(LISTINGS, SAMPLED);
  const sampled = ways.flatMap(([home, there]) => sample.map((path) => ({ home, there, path, name: basename(path) })));
  describe.skipIf(FULL || oldest === newest).each(sampled)(
    'from $home.version to $there.version, $name',
    ({ home, there, path }) => {
      it.each([
        ['plain', {}],
        ['--lean', { lean: true }],
      ])('%s', (_, options) => {
        const base = endsOf(home, there).there;
        const names = loadedNames(path);
        expectPromises(base, trimTo(base, names, options), names);
      });
      it('--deep --fast', () => {
        const base = endsOf(home, there).there;
        const names = loadedNames(path);
        const { text, violations } = stepTrim(base, names, '--deep --fast');
        expect(violations).toEqual([]);
        const { config, build } = judgeText(there, text);
        expect(config === text, 'conf --olddefconfig changes nothing').toBe(true);
        expect(modulesNamed(base.build, names).filter((module) => !isBuilt(base, build, module))).toEqual([]);
      });
    },
  );

  const all = LISTINGS.flatMap((path) => EACH.map((options) => ({ path, options, name: machineOf(path) })));
  const rows: BisectRow[] = [];
  it.runIf(FULL && oldest !== newest).each(all)('$name, $options: nothing is lost', ({ path, options, name }) => {
    const stops = ways.flatMap(([home, there]) => bisectStops(endsOf(home, there), path, options));
    const row: BisectRow = { machine: name, options, stops };
    rows.push(row);
    process.stdout.write(`${line(row)}\n`);
    if (TABLE !== undefined) writeFileSync(TABLE, withTable(readFileSync(TABLE, 'utf8'), rows));
    expect(stops.map(({ way, ours }) => ({ way, ours }))).toEqual(stops.map(({ way }) => ({ way, ours: [] })));
  });
});
