import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { actualFromBuild, compareWithActual } from '../../src/estimate/actual.ts';
import type { BuildEstimate } from '../../src/estimate/types.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';

/** An object directory whose files were written at these seconds. */
function objdir(files: Record<string, number>): NodeFileSystem {
  const volume = Volume.fromJSON(Object.fromEntries(Object.keys(files).map((path) => [`/o/${path}`, ''])));
  for (const [path, seconds] of Object.entries(files)) volume.utimesSync(`/o/${path}`, seconds, seconds);
  return new NodeFileSystem(volume as unknown as NodeFs);
}

const UNITS = ['init/main.o', 'fs/file.c', 'drivers/net/tun.o'];
const START = 1_000_000;
const BUILD = {
  'include/config/auto.conf': START,
  'init/main.o': START + 10,
  'fs/file.o': START + 40,
  'drivers/net/tun.o': START + 60,
  'drivers/net/tun.ko': START + 100,
  vmlinux: START + 90,
};

describe('actualFromBuild', () => {
  it('takes the time from the synchronised config to the last output', () => {
    const actual = actualFromBuild(objdir(BUILD), '/o', UNITS, ['drivers/net/tun']);
    expect(actual).toEqual({
      objectsFound: 3,
      objects: 3,
      wallSeconds: 100,
      unitWallSeconds: 60,
      startMs: START * 1000,
      endMs: (START + 100) * 1000,
      complete: true,
    });
  });

  it('counts only the last run of make and says that it was not all', () => {
    const day = 86_400;
    const actual = actualFromBuild(
      objdir({ ...BUILD, 'fs/file.o': START + day, vmlinux: START + day + 30 }),
      '/o',
      UNITS,
    );
    expect(actual).toMatchObject({ objectsFound: 3, objects: 1, wallSeconds: 30, complete: false });
  });

  it('starts with the first object where the config is older', () => {
    const actual = actualFromBuild(objdir({ ...BUILD, 'include/config/auto.conf': START - 86_400 }), '/o', UNITS);
    expect(actual).toMatchObject({ wallSeconds: 80, startMs: (START + 10) * 1000 });
  });

  it('knows nothing of a directory without objects', () => {
    expect(actualFromBuild(objdir({ '.config': START }), '/o', UNITS)).toBeNull();
  });
});

describe('compareWithActual', () => {
  const estimate = { cpuSeconds: 400, low: 300, high: 500 } as BuildEstimate;
  const actual = actualFromBuild(objdir(BUILD), '/o', UNITS, ['drivers/net/tun'])!;

  it('compares times on the clock', () => {
    expect(compareWithActual(estimate, actual, (cpu) => cpu / 2)).toEqual({
      predictedSeconds: 200,
      actualSeconds: 100,
      ratio: 2,
      withinBounds: false,
    });
    expect(compareWithActual(estimate, actual, (cpu) => cpu / 4)?.withinBounds).toBe(true);
  });

  it('has nothing to compare where only a part was built', () => {
    expect(compareWithActual(estimate, { ...actual, complete: false }, (cpu) => cpu)).toBeNull();
  });
});
