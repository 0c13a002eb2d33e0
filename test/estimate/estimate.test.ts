import { describe, expect, it } from 'vitest';
import { estimateBuild, wallUncertainty } from '../../src/estimate/estimate.ts';
import {
  savedByTimeSettings,
  spendersByDirectory,
  spendersByEffect,
  spendersBySymbol,
} from '../../src/estimate/spenders.ts';
import type { BuildInput, Calibration } from '../../src/estimate/types.ts';
import { Sources } from '../../src/sources/sources.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const text = (kilobytes: number): string => '#include "a.h"\n'.padEnd(kilobytes * 1024, '/');
const sources = new Sources(
  memoryFs({
    '/t/kernel/fork.c': text(80),
    '/t/drivers/net/tun.c': text(90),
    '/t/drivers/net/dummy.c': text(4),
    '/t/arch/x86/entry.S': text(20),
  }),
  '/t',
);
const UNITS = ['kernel/fork.o', 'drivers/net/tun.o', 'drivers/net/dummy.o', 'arch/x86/entry.o'];

function input(on: readonly string[] = [], more: Partial<BuildInput> = {}): BuildInput {
  const config = (symbol: string): string | undefined => (on.includes(symbol) ? 'y' : undefined);
  return { units: UNITS, modules: 2, builtIn: 2, config, sources, ...more };
}

describe('estimateBuild', () => {
  it('is the sum of its parts, between its bounds', () => {
    const { cpuSeconds, parts, unitSeconds, low, high } = estimateBuild(input());
    expect(cpuSeconds).toBeCloseTo(parts.units + parts.modules + parts.kernel, 9);
    expect(parts.units).toBeCloseTo(
      unitSeconds.reduce((a, b) => a + b, 0),
      9,
    );
    expect(low).toBeLessThan(cpuSeconds);
    expect(high).toBeGreaterThan(cpuSeconds);
  });

  it('finds a large source dearer than a small one, and assembly cheap', () => {
    const [, tun, dummy, entry] = estimateBuild(input()).unitSeconds;
    expect(tun!).toBeGreaterThan(1.5 * dummy!);
    expect(entry!).toBeLessThan(0.5 * dummy!);
  });

  it('takes a path with .. for the file that it means', () => {
    const plain = estimateBuild(input());
    const crooked = estimateBuild(input([], { units: UNITS.map((unit) => unit.replace('/', '/x/../')) }));
    expect([...crooked.unitSeconds]).toEqual([...plain.unitSeconds]);
  });

  it.each([['DEBUG_INFO'], ['KASAN_GENERIC']])('%s makes every unit dearer', (symbol) => {
    const without = estimateBuild(input()).unitSeconds;
    const withIt = estimateBuild(input([symbol])).unitSeconds;
    for (const [index, seconds] of withIt.entries()) expect(seconds).toBeGreaterThan(without[index]!);
  });

  it('counts symbol versions for C alone, whatever else the config does to its cost', () => {
    const more = (...on: string[]): number[] => {
      const without = estimateBuild(input(on)).unitSeconds;
      return [...estimateBuild(input([...on, 'MODVERSIONS'])).unitSeconds].map((seconds, i) => seconds - without[i]!);
    };
    const [fork, tun, dummy, entry] = more();
    expect(Math.min(fork!, tun!, dummy!)).toBeGreaterThan(0);
    expect(entry).toBe(0);
    for (const [index, seconds] of more('KASAN_GENERIC', 'DEBUG_INFO').entries()) {
      expect(seconds).toBeCloseTo([fork!, tun!, dummy!, 0][index]!, 9);
    }
  });

  it('counts BTF for vmlinux and for modules', () => {
    const without = estimateBuild(input(['DEBUG_INFO']));
    const withIt = estimateBuild(input(['DEBUG_INFO', 'DEBUG_INFO_BTF', 'DEBUG_INFO_BTF_MODULES']));
    expect(withIt.parts.kernel).toBeGreaterThan(without.parts.kernel);
    expect(withIt.parts.modules).toBeGreaterThan(without.parts.modules);
    expect(withIt.parts.units).toBe(without.parts.units);
  });

  it('scales by the machine, and is as unsure as the calibration', () => {
    const sure: Calibration = { factor: 3, uncertainty: 0.01, source: 'self' };
    const [plain, scaled] = [estimateBuild(input()), estimateBuild(input([], { calibration: sure }))];
    expect(scaled.cpuSeconds).toBeCloseTo(3 * plain.cpuSeconds, 6);
    expect(wallUncertainty(scaled)).toBeLessThan(wallUncertainty(plain));
  });

  it('guesses a source that is not there from its directory', () => {
    const [known, unknown] = [UNITS, ['drivers/net/generated.o']].map(
      (units) => estimateBuild(input([], { units })).unitSeconds,
    );
    expect(unknown![0]!).toBeGreaterThan(known![2]! * 0.5);
    expect(unknown![0]!).toBeLessThan(known![1]! * 2);
  });
});

describe('spenders', () => {
  const estimate = estimateBuild(input(['DEBUG_INFO']));

  it('sums directories with all that is below them', () => {
    const found = spendersByDirectory(UNITS, estimate, 0);
    const net = found.find(({ name }) => name === 'drivers/net')!;
    expect(net.objects).toBe(2);
    expect(net.cpuSeconds).toBeCloseTo(estimate.unitSeconds[1]! + estimate.unitSeconds[2]!, 9);
    expect(net.share).toBeCloseTo(net.cpuSeconds / estimate.cpuSeconds, 9);
  });

  it('does not name a directory that holds one other and hardly anything beside it', () => {
    const names = spendersByDirectory(UNITS, estimate, 0).map(({ name }) => name);
    expect(names).not.toContain('drivers');
    expect(names).not.toContain('arch');
  });

  it('tells what symbols would save, with the cost of their modules', () => {
    const gone = new Map([
      ['TUN', { units: ['drivers/net/tun.o'], modules: 1 }],
      ['NET_CORE', { units: ['drivers/net/tun.o', 'drivers/net/dummy.o'], modules: 2 }],
      ['NOTHING', { units: [], modules: 0 }],
    ]);
    const found = spendersBySymbol(UNITS, estimate, gone, 0);
    expect(found.map(({ name, objects }) => [name, objects])).toEqual([
      ['NET_CORE', 2],
      ['TUN', 1],
    ]);
    expect(found[1]!.cpuSeconds).toBeCloseTo(estimate.unitSeconds[1]! + estimate.moduleSeconds, 9);
  });

  it('names of two symbols with nearly the same under them the narrower', () => {
    const gone = new Map([
      ['SOUND', { units: ['drivers/net/tun.o', 'kernel/fork.o', 'arch/x86/entry.o'], modules: 0 }],
      ['SND', { units: ['drivers/net/tun.o', 'kernel/fork.o'], modules: 0 }],
    ]);
    expect(spendersBySymbol(UNITS, estimate, gone, 0).map(({ name }) => name)).toEqual(['SND']);
  });

  it('tells what debug information costs, only where it is on', () => {
    const on = input(['DEBUG_INFO']);
    const [debug] = spendersByEffect(on, estimate, 0);
    expect(debug!.name).toBe('DEBUG_INFO');
    expect(debug!.cpuSeconds).toBeCloseTo(estimate.cpuSeconds - estimateBuild(input()).cpuSeconds, 9);
    expect(spendersByEffect(input(), estimateBuild(input()), 0)).toEqual([]);
  });

  it('tells what settings cost that change no code, all together', () => {
    const on = input(['DEBUG_INFO', 'KASAN_GENERIC']);
    const saved = savedByTimeSettings(on, estimateBuild(on));
    const sanitized = input(['KASAN_GENERIC']);
    expect(saved).toBeCloseTo(estimateBuild(on).cpuSeconds - estimateBuild(sanitized).cpuSeconds, 9);
    expect(savedByTimeSettings(sanitized, estimateBuild(sanitized))).toBe(0);
  });
});
