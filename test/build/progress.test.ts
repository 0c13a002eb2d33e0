import { describe, expect, it } from 'vitest';
import { BuildProgress, type Moment, type Work } from '../../src/build/progress.ts';
import fc from '../helpers/fast-check.ts';

const work = (over: Partial<Work> = {}): Work => ({
  prepare: 8,
  units: new Map(Array.from({ length: 200 }, (_, i) => [`d/u${i}.o`, 0.5 + (i % 7) / 4])),
  present: new Map(),
  link: 20,
  modules: 10,
  moduleSeconds: 0.5,
  jobs: 4,
  ...over,
});

/** A build that takes `pace` times as long as predicted; what it looked like after every step, and when. */
function run(plan: Work, pace: (unit: number) => number): { moments: { at: number; moment: Moment }[]; total: number } {
  const progress = new BuildProgress(plan);
  const moments: { at: number; moment: Moment }[] = [];
  let now = 1_000;
  const start = now;
  const look = (): void => {
    moments.push({ at: (now - start) / 1000, moment: progress.moment(now) });
  };
  // Nobody looks at the clock less often than every second.
  const pass = (seconds: number): void => {
    for (let left = seconds * 1000; left > 0; left -= 1000) {
      now += Math.min(left, 1000);
      look();
    }
  };
  look();
  pass(plan.prepare * pace(0));
  const units = [...plan.units];
  for (const [index, [unit, seconds]] of units.entries()) {
    progress.compiling(unit, now);
    pass(seconds * pace(index));
  }
  progress.linking(now);
  pass(plan.link * pace(units.length));
  for (let i = 0; i < plan.modules; i++) {
    progress.linkingModule(`d/m${i}`, now);
    pass(plan.moduleSeconds * pace(units.length));
  }
  progress.finish(now);
  look();
  return { moments, total: (now - start) / 1000 };
}

describe('progress', () => {
  it('never goes backwards, and ends at the end', () => {
    fc.assert(
      fc.property(
        fc.record({
          prepare: fc.double({ min: 0, max: 60, noNaN: true }),
          link: fc.double({ min: 0, max: 100, noNaN: true }),
          modules: fc.nat(20),
          moduleSeconds: fc.double({ min: 0, max: 3, noNaN: true }),
          jobs: fc.integer({ min: 1, max: 16 }),
        }),
        fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { maxLength: 40 }),
        fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 1, maxLength: 10 }),
        (shape, seconds, paces) => {
          const units = new Map(seconds.map((each, i) => [`u${i}.o`, each]));
          const { moments } = run({ ...shape, units, present: new Map() }, (i) => paces[i % paces.length]!);
          for (const [index, { moment }] of moments.entries()) {
            expect(moment.fraction).toBeGreaterThanOrEqual(index === 0 ? 0 : moments[index - 1]!.moment.fraction);
            expect(moment.fraction).toBeLessThanOrEqual(1);
            expect(moment.secondsToGo).toBeGreaterThanOrEqual(0);
            expect(Number.isFinite(moment.secondsToGo)).toBe(true);
          }
          expect(moments.at(-1)!.moment).toMatchObject({ fraction: 1, secondsToGo: 0 });
          expect(moments.slice(0, -1).every(({ moment }) => moment.fraction < 1)).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([0.3, 0.7, 1, 2, 5])('the time to go comes true where all takes %d times as long', (pace) => {
    const { moments, total } = run(work(), () => pace);
    for (const { at, moment } of moments) {
      const left = total - at;
      const share = at / total;
      // Before anything is compiled nothing is known but the prediction.
      if (share > 0.3) expect(Math.abs(moment.secondsToGo - left)).toBeLessThan(0.3 * left + 3 * pace);
      if (share > 0.5 && moment.phase === 'compile')
        expect(Math.abs(moment.secondsToGo - left)).toBeLessThan(0.12 * left + 3 * pace);
    }
    expect(moments.some(({ at, moment }) => at > 0.5 * total && moment.phase === 'compile')).toBe(true);
  });

  it('starts with the prediction', () => {
    const plan = work();
    const predicted = 8 + [...plan.units.values()].reduce((a, b) => a + b) + 20 + 5;
    const { secondsToGo, fraction } = new BuildProgress(plan).moment(0);
    expect(secondsToGo).toBeCloseTo(predicted, 6);
    expect(fraction).toBe(0);
  });

  it('counts what is compiled again although it was there', () => {
    const progress = new BuildProgress(
      work({
        units: new Map([['a.o', 1]]),
        present: new Map([
          ['b.o', 1],
          ['c.o', 1],
        ]),
      }),
    );
    expect(progress.moment(0).units).toBe(1);
    progress.compiling('b.o', 10);
    progress.compiling('b.o', 20);
    progress.compiling('elsewhere.o', 30);
    expect(progress.moment(40)).toMatchObject({ compiled: 1, units: 2 });
    expect(progress.isStarted('b.o')).toBe(true);
    expect(progress.isStarted('c.o')).toBe(false);
  });

  it('does not count the time that the machine slept', () => {
    const progress = new BuildProgress(work());
    progress.tick(0);
    progress.compiling('d/u0.o', 5_000);
    const before = progress.moment(6_000);
    const after = progress.moment(6_000 + 8 * 3_600_000);
    expect(before.elapsedSeconds).toBe(6);
    expect(after.elapsedSeconds).toBeLessThan(30);
  });

  it('holds where a link takes much longer than it should', () => {
    const progress = new BuildProgress(work({ units: new Map(), modules: 0 }));
    progress.linking(0);
    let last = Number.POSITIVE_INFINITY;
    for (let second = 0; second < 600; second++) {
      const { secondsToGo, fraction } = progress.moment(second * 1000);
      expect(secondsToGo).toBeLessThanOrEqual(last);
      expect(secondsToGo).toBeGreaterThan(0);
      expect(fraction).toBeLessThan(1);
      last = secondsToGo;
    }
  });
});

describe('a sample that is small beside what make prepares', () => {
  it('has no progress before its first unit', () => {
    const progress = new BuildProgress(
      work({ prepare: 60, units: new Map([['d/u.o', 2]]), link: 0, modules: 0, moduleSeconds: 0 }),
    );
    progress.tick(0);
    for (let now = 0; now <= 70_000; now += 1_000) progress.tick(now);
    expect(progress.moment(70_000)).toMatchObject({ fraction: 0, compiled: 0 });
    progress.compiling('d/u.o', 71_000);
    progress.finish(73_000);
    expect(progress.moment(73_000)).toMatchObject({ fraction: 1, compiled: 1 });
  });
});
