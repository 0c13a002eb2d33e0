import { describe, expect, it } from 'vitest';
import type { Moment } from '../../src/build/progress.ts';
import { plainProgress, progressLine } from '../../src/report/build-progress.ts';
import fc from '../helpers/fast-check.ts';

const moment = (over: Partial<Moment> = {}): Moment => ({
  fraction: 0.46,
  compiled: 1204,
  units: 2634,
  linked: 0,
  modules: 38,
  phase: 'compile',
  elapsedSeconds: 610,
  secondsToGo: 721,
  ...over,
});

const STEP = 'CC drivers/net/ethernet/amazon/ena/ena_netdev.o';

describe('the line on a terminal', () => {
  it.each([
    [
      120,
      '[#########...........]  46 %  1,204/2,634  12 min to go  3 warnings  CC drivers/net/ethernet/amazon/ena/ena_netdev.o',
    ],
    [80, '[#########...........]  46 %  1,204/2,634  12 min to go  3 warnings'],
    [90, '[#########...........]  46 %  1,204/2,634  12 min to go  3 warnings  CC …/ena/ena_netdev.o'],
    [60, ' 46 %  1,204/2,634  12 min to go  3 warnings  CC …a_netdev.o'],
    [40, ' 46 %  1,204/2,634  12 min to go'],
    [20, ' 46 %  1,204/2,634'],
    [4, ' 46 '],
  ])('of %d columns', (width, expected) => {
    expect(progressLine({ moment: moment(), warnings: 3, current: STEP }, width)).toBe(expected);
  });

  it('is never wider than it, and drives nothing', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 300 }),
        fc.string({ unit: 'binary', maxLength: 400 }),
        fc.nat(),
        (width, current, warnings) => {
          const text = progressLine({ moment: moment(), warnings, current }, width);
          expect(text.length).toBeLessThanOrEqual(width);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
          expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
        },
      ),
    );
  });

  it('counts modules where they are linked', () => {
    const at = (over: Partial<Moment>): string =>
      progressLine({ moment: moment(over), warnings: 0, current: null }, 60);
    expect(at({ phase: 'link', fraction: 0.97 })).toBe(' 97 %  1,204/2,634  12 min to go');
    expect(at({ phase: 'link', fraction: 0.98, linked: 12 })).toBe(' 98 %  12/38 modules  12 min to go');
  });

  it('says 100 % at the end alone', () => {
    const text = (fraction: number): string =>
      progressLine({ moment: moment({ fraction }), warnings: 0, current: null }, 100);
    expect(text(0.9999)).toContain(' 99 %');
    expect(text(1)).toContain('100 %');
  });
});

describe('the line where there is no terminal', () => {
  it('says the same in words', () => {
    expect(plainProgress({ moment: moment(), warnings: 1, current: STEP })).toBe(
      'build:  46 %, 1,204 of 2,634 units, 10 min, about 12 min to go, 1 warning',
    );
  });
});
