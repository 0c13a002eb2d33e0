import type { ChildProcess } from 'node:child_process';
import { rmSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kernel, LEFTOVER, makeKernel, Place, randomNumbers, runToEnd, start } from './place.ts';

const KILLS = 200;
/** Milliseconds that are taken for the writing, from the first file that appears. */
const WRITING_MS = 4;
const SEED = Number(process.env['KCONFIG_TRIM_SEED'] ?? Date.now() % 2 ** 31);
const OLDER = 'CONFIG_OLDER=y\n';

let kernel: Kernel;
const places: Place[] = [];
beforeAll(() => {
  kernel = makeKernel();
});
afterAll(() => {
  for (const place of places) place.leave();
});

const ended = (child: ChildProcess): Promise<NodeJS.Signals | null> =>
  new Promise((resolve) => child.on('close', (_, signal) => resolve(signal)));

/** Kills runs in one directory, one after the other. */
class Lane {
  readonly place = new Place();
  readonly seen = { old: 0, new: 0, leftover: 0 };
  readonly #random: () => number;
  #life = 1000;

  constructor(seed: number) {
    this.#random = randomNumbers(seed);
    places.push(this.place);
  }

  async run(kills: number): Promise<void> {
    const begin = performance.now();
    this.#reset();
    expect(runToEnd(kernel.args, this.place).status).toBe(0);
    this.#life = performance.now() - begin;
    for (let done = 0; done < kills; ) {
      this.#reset();
      // One half at any moment of the run, the other while it writes.
      const signal = done % 2 === 0 ? await this.#killAnywhere() : await this.#killWriting();
      this.#check();
      // A run that was over before its time came is none.
      if (signal !== null) done++;
    }
    this.#reset();
    expect(runToEnd(kernel.args, this.place).status).toBe(0);
    expect(this.place.names()).toEqual(['.config', '.config.old']);
  }

  #reset(): void {
    // A run that was killed between its two renames leaves one file with two names.
    for (const name of ['.config', '.config.old']) rmSync(join(this.place.directory, name), { force: true });
    this.place.write('.config', kernel.old);
    this.place.write('.config.old', OLDER);
  }

  async #killAnywhere(): Promise<NodeJS.Signals | null> {
    const child = start(kernel.args, this.place.directory);
    const timer = setTimeout(() => child.kill('SIGKILL'), this.#random() * this.#life);
    return ended(child).finally(() => clearTimeout(timer));
  }

  async #killWriting(): Promise<NodeJS.Signals | null> {
    const child = start(kernel.args, this.place.directory);
    const wait = this.#random() * WRITING_MS;
    const watcher = watch(this.place.directory, (_, name) => {
      if (!name || !LEFTOVER.test(name) || child.killed) return;
      for (const until = performance.now() + wait; performance.now() < until; ) {
        // A timer is too coarse for this.
      }
      child.kill('SIGKILL');
    });
    return ended(child).finally(() => watcher.close());
  }

  #check(): void {
    const [config, old] = [this.place.read('.config'), this.place.read('.config.old')];
    const others = this.place.names().filter((name) => name !== '.config' && name !== '.config.old');
    const isNew = config === kernel.trimmed;
    // Whole: the bytes of before, or those of a run that nobody disturbs.
    if (!isNew) expect(config).toBe(kernel.old);
    if (isNew || old !== OLDER) expect(old).toBe(kernel.old);
    for (const name of others) expect(name).toMatch(LEFTOVER);
    this.seen[isNew ? 'new' : 'old']++;
    if (others.length > 0) this.seen.leftover++;
  }
}

describe('killed', () => {
  it(`at ${KILLS} random moments (seed ${SEED}): .config and .config.old are whole`, async () => {
    expect(kernel.trimmed).not.toBe(kernel.old);
    const lanes = [new Lane(SEED), new Lane(SEED + 1)];
    await Promise.all(lanes.map((lane) => lane.run(KILLS / lanes.length)));
    const sum = (kind: 'old' | 'new' | 'leftover'): number => lanes.reduce((all, { seen }) => all + seen[kind], 0);
    const counts = `${sum('old')} left the old file, ${sum('new')} the new one; ${sum('leftover')} while writing`;
    process.stderr.write(`kills: ${counts}\n`);
    // Or the moments were not spread over what matters.
    expect(sum('old')).toBeGreaterThan(KILLS / 10);
    expect(sum('new')).toBeGreaterThan(0);
    expect(sum('leftover')).toBeGreaterThan(0);
  });
});
