import { describe, expect, it } from 'vitest';
import {
  CalibrationCache,
  type CalibrationRun,
  calibrationFrom,
  calibrationFromReference,
  isMismeasured,
  isUnderLoad,
  selfCalibrate,
} from '../../src/estimate/calibrate.ts';
import { CALIBRATION_SOURCE_VERSION } from '../../src/estimate/calibration-source.ts';
import { COST_MODEL } from '../../src/estimate/model-data.ts';
import type { BuildEstimate } from '../../src/estimate/types.ts';
import type { CommandRunner, FileSystem, Platform } from '../../src/platform/platform.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

interface Fake {
  /** CPU time of each compilation, in seconds; the clock runs twice as long. */
  readonly times: readonly number[];
  readonly version?: string;
  readonly proc?: boolean;
  readonly status?: number;
}

/** A machine whose compiler takes the given times. */
function machine({ times, version = 'gcc (GCC) 12.2.0', proc = true, status = 0 }: Fake): {
  platform: Platform;
  commands: string[][];
} {
  const commands: string[][] = [];
  let [ticks, clock, run] = [17, 5_000, 0];
  const runner: CommandRunner = {
    run(file, args, options) {
      commands.push([file, ...args]);
      if (args.includes('--version')) return { status: 0, stdout: version, stderr: '' };
      expect(options?.input?.length).toBeGreaterThan(100_000);
      const seconds = times[run++]!;
      ticks += Math.round(seconds * 100);
      clock += seconds * 2_000;
      return { status, stdout: '', stderr: '' };
    },
    shells: () => {
      throw new Error('no shell is needed for a measurement');
    },
    waitFor: (answers) => answers,
  };
  const empty = memoryFs({});
  const fs = {
    ...empty,
    readText: (path: string) =>
      proc && path === '/proc/self/stat'
        ? `1 (node (x) y) R 1 1 1 0 -1 4194304 1 2 3 4 900 800 ${ticks - 10} 10 20 0 11 0`
        : null,
    readDirectory: () => null,
  } as unknown as FileSystem;
  return {
    platform: {
      fs,
      commands: runner,
      programs: null,
      threads: { start: () => null, usedMs: () => 0 },
      env: {},
      cwd: '/',
      host: { machine: 'x86_64', release: '6.12' },
      monotonicMs: () => clock,
      epochMs: () => clock,
      used: () => ({
        processors: { mainMs: clock, threadsMs: 0, engineMs: 0, programsMs: 0 },
        memoryBytes: 0,
      }),
      defer: () => undefined,
    },
    commands,
  };
}

describe('selfCalibrate', () => {
  it('takes the CPU time of the shorter run', () => {
    const { platform, commands } = machine({ times: [1.2, 1.0] });
    expect(selfCalibrate(platform, 'gcc')).toEqual({
      version: CALIBRATION_SOURCE_VERSION,
      compiler: 'gcc',
      seconds: 1,
      spread: expect.closeTo(0.2, 9),
      load: 0,
    });
    expect(commands.map(([file]) => file)).toEqual(['gcc', 'gcc', 'gcc']);
  });

  it('takes the clock where the system does not tell CPU time', () => {
    expect(selfCalibrate(machine({ times: [1, 1], proc: false }).platform)?.seconds).toBeCloseTo(2, 9);
  });

  it('says which run begins', () => {
    const begun: string[] = [];
    selfCalibrate(machine({ times: [1, 1] }).platform, 'gcc', (run, of) => begun.push(`${run} of ${of}`));
    expect(begun).toEqual(['1 of 2', '2 of 2']);
  });

  it('asks the compiler itself, not what stores its answers', () => {
    const { platform, commands } = machine({ times: [1, 1], version: 'Debian clang version 14.0.6' });
    expect(selfCalibrate(platform, 'ccache clang --target=x86_64-linux-gnu')?.compiler).toBe('clang');
    expect(commands[0]).toEqual(['clang', '--target=x86_64-linux-gnu', '--version']);
  });

  it('has no answer without programs, or from a compiler that fails', () => {
    const { platform } = machine({ times: [1, 1] });
    expect(selfCalibrate({ ...platform, commands: null })).toBeNull();
    expect(selfCalibrate(machine({ times: [1, 1], status: 1 }).platform)).toBeNull();
    expect(selfCalibrate(platform, 'ccache')).toBeNull();
  });
});

const RUN: CalibrationRun = {
  version: CALIBRATION_SOURCE_VERSION,
  compiler: 'gcc',
  seconds: 1.5,
  spread: 0.04,
  load: 0,
};

describe('calibrationFrom', () => {
  it('is the ratio to the reference machine, by compiler', () => {
    expect(calibrationFrom(RUN)!.factor).toBeCloseTo(1.5 / COST_MODEL.calibrationSeconds.gcc, 9);
    expect(calibrationFrom({ ...RUN, compiler: 'clang' })!.factor).toBeCloseTo(
      1.5 / COST_MODEL.calibrationSeconds.clang,
      9,
    );
  });

  it('is less sure where two runs differ, and nothing for another text', () => {
    expect(calibrationFrom({ ...RUN, spread: 0.5 })!.uncertainty).toBeGreaterThan(calibrationFrom(RUN)!.uncertainty);
    expect(calibrationFrom({ ...RUN, version: RUN.version + 1 })).toBeNull();
  });

  it('gives a timed build its own time', () => {
    const { factor } = calibrationFromReference(500, { cpuSeconds: 250 } as BuildEstimate);
    expect(factor).toBe(2);
  });
});

describe('CalibrationCache', () => {
  const processor = (name: string): FileSystem =>
    memoryFs({ '/proc/cpuinfo': `processor\t: 0\nmodel name\t: ${name}\n` });
  it('gives back what was cached', () => {
    const cache = new MemoryCache();
    new CalibrationCache(cache, processor('A'), 'gcc 12').write(RUN);
    expect(new CalibrationCache(cache, processor('A'), 'gcc 12').read()).toEqual(RUN);
  });

  it('keeps machines and compilers apart', () => {
    const cache = new MemoryCache();
    new CalibrationCache(cache, processor('A'), 'gcc 12').write(RUN);
    expect(new CalibrationCache(cache, processor('B'), 'gcc 12').read()).toBeNull();
    expect(new CalibrationCache(cache, processor('A'), 'gcc 13').read()).toBeNull();
  });

  it.each([
    ['nothing', null],
    ['a list', [1]],
    ['no seconds', { ...RUN, seconds: null }],
    ['negative seconds', { ...RUN, seconds: -1 }],
    ['too many seconds', { ...RUN, seconds: 1e300 }],
    ['another compiler', { ...RUN, compiler: 'tcc' }],
    ['an older version', { ...RUN, version: 0 }],
  ])('does not believe an entry with %s', (_, content) => {
    const cache = new MemoryCache();
    const calibrations = new CalibrationCache(cache, processor('A'), 'gcc 12');
    calibrations.write(content as typeof RUN);
    expect(calibrations.read()).toBeNull();
  });
});

describe('a measurement', () => {
  it('under load, or that differed from the next, is taken again', () => {
    expect(isUnderLoad(RUN)).toBe(false);
    expect(isUnderLoad({ ...RUN, load: 2 })).toBe(true);
    expect(isUnderLoad({ ...RUN, spread: 0.3 })).toBe(true);
  });

  it('is wrong where a build of some length differs from it by a third', () => {
    expect(isMismeasured(100, 130)).toBe(false);
    expect(isMismeasured(100, 140)).toBe(true);
    expect(isMismeasured(100, 60)).toBe(true);
    expect(isMismeasured(3, 20)).toBe(false);
  });

  it('that was wrong is forgotten', () => {
    const cache = new CalibrationCache(new MemoryCache(), memoryFs({}), 'gcc 12');
    cache.write(RUN);
    expect(cache.read()).toEqual(RUN);
    cache.forget();
    expect(cache.read()).toBeNull();
  });
});
