import { describe, expect, it } from 'vitest';
import { parseSampleSize, sampleUnits } from '../../src/build/sample.ts';
import { SingleTargets } from '../../src/build/single.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import fc from '../helpers/fast-check.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

describe('the size of a sample', () => {
  it.each([
    ['5%', { kind: 'share', share: 0.05 }],
    ['0.5 %', { kind: 'share', share: 0.005 }],
    ['100%', { kind: 'share', share: 1 }],
    ['200', { kind: 'count', count: 200 }],
    ['0%', null],
    ['101%', null],
    ['0', null],
    ['-3', null],
    ['5.5', null],
    ['drivers/', null],
    ['', null],
  ])('%s', (text, expected) => expect(parseSampleSize(text)).toEqual(expected));
});

describe('samples', () => {
  const units = (count: number): string[] => Array.from({ length: count }, (_, i) => `d${Math.floor(i / 7)}/u${i}.o`);

  it.each([
    [9, '34%', 4],
    [9, '40%', 4],
    [9, '50%', 5],
    [9, '51%', 5],
    [9, '99%', 9],
    [9, '2', 2],
    [9, '4', 4],
    [9, '5', 5],
    [9, '10', 9],
    [1993, '50%', 997],
    [1993, '70%', 1396],
    [100, '7%', 7],
  ])('of %i units, %s are %i', (count, text, expected) => {
    for (const seed of [1, 2, 3])
      expect(sampleUnits(units(count), parseSampleSize(text)!, seed).units).toHaveLength(expected);
  });

  it('of all seeds are all units, and only the last repeats some', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 500 }),
        fc.nat(10_000),
        (count, wanted, base) => {
          const all = units(count);
          const sampleOf = (seed: number) => sampleUnits(all, { kind: 'count', count: wanted }, seed);
          const { rounds } = sampleOf(1);
          const together: string[] = [];
          for (let seed = 1; seed <= rounds; seed++) {
            const sample = sampleOf(seed);
            expect(sample).toMatchObject({ of: count, seed, rounds });
            expect(sample.units).toHaveLength(Math.min(wanted, count));
            expect(new Set(sample.units).size).toBe(sample.units.length);
            together.push(...sample.units);
            if (seed < rounds) expect(new Set(together).size).toBe(together.length);
          }
          expect([...new Set(together)].sort()).toEqual([...all].sort());
          const seed = 1 + (base % rounds);
          expect(sampleOf(base + 1).units).toEqual(sampleOf(seed).units);
        },
      ),
    );
  });

  it('are at even distances', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        fc.nat(500),
        (count, wanted, base) => {
          const all = units(count);
          const places = sampleUnits(all, { kind: 'count', count: wanted }, base + 1).units.map((unit) =>
            all.indexOf(unit),
          );
          const distances = places.slice(1).map((place, index) => place - places[index]!);
          const even = count / Math.min(count, wanted);
          for (const distance of distances) expect([Math.floor(even), Math.ceil(even)]).toContain(distance);
        },
      ),
    );
  });

  it('are spread over the directories', () => {
    const { units: chosen } = sampleUnits(units(700), { kind: 'share', share: 0.1 }, 4);
    const directories = new Set(chosen.map((unit) => unit.split('/')[0]));
    expect(chosen).toHaveLength(70);
    expect(directories.size).toBe(70);
  });

  it('of nothing are nothing', () => {
    expect(sampleUnits([], { kind: 'share', share: 0.05 }, 9)).toEqual({ units: [], of: 0, seed: 9, rounds: 1 });
  });
});

describe('what make can be given alone', () => {
  const kbuild = KbuildTree.load({
    fs: memoryFs({
      '/t/Makefile': '',
      '/t/Kbuild': 'obj-y += fs/ arch/ arch/lib/\n',
      '/t/fs/Makefile': 'obj-$(CONFIG_FS) += fs.o\nfs-y := main.o sub/deep.o\nobj-$(CONFIG_OFF) += off/\n',
      '/t/fs/off/Makefile': 'obj-y += off.o\n',
      '/t/arch/Makefile': 'obj-y += blob.o\n$(obj)/blob.o: $(obj)/rm/rm.bin\n',
      '/t/arch/lib/Makefile': 'lib-y += memcpy.o\n',
      '/t/arch/rm/Makefile': 'targets += start.o\n',
    }),
    tree: '/t',
    srcarch: 'x86',
  });
  const lookup = (name: string): string | undefined => (name === 'FS' ? 'm' : undefined);
  const single = new SingleTargets(kbuild.build(lookup), kbuild, lookup);

  it.each([
    ['fs/main.o', 'exact'],
    ['fs/sub/deep.o', 'exact'],
    ['arch/blob.o', 'exact'],
    // Beside listed ones: a rule of the directory makes it.
    ['arch/table.o', 'exact'],
    // Two directories on its path are listed side by side.
    ['arch/lib/memcpy.o', 'reached'],
    // Its directory is built by a rule, or not at all.
    ['arch/rm/start.o', 'no'],
    ['fs/off/off.o', 'no'],
  ])('%s: %s', (unit, expected) => {
    expect(single.isExact(unit) ? 'exact' : single.isReached(unit) ? 'reached' : 'no').toBe(expected);
  });
});
