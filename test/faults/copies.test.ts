import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Kernel, makeKernel, Place, runToEnd, start } from './place.ts';

const COPIES = 8;
const ROUNDS = 5;

let kernel: Kernel;
const place = new Place();
beforeAll(() => {
  kernel = makeKernel();
});
afterAll(() => place.leave());

/** All that runs one after the other, in any order, can come to. */
function outcomes(): Set<string> {
  const found = new Set([kernel.old]);
  for (const text of found) {
    for (const args of [[], ['--lean']]) {
      place.write('.config', text);
      const done = runToEnd([...kernel.args, '-o', '-', ...args], place);
      expect(done.status).toBe(0);
      found.add(done.stdout);
    }
  }
  return found;
}

describe(`${COPIES} copies at once on one config`, () => {
  it('each reads a whole file and leaves a whole one', async () => {
    const possible = outcomes();
    expect(possible).toContain(kernel.trimmed);
    expect(possible).toContain(kernel.lean);
    for (let round = 0; round < ROUNDS; round++) {
      place.write('.config', kernel.old);
      place.write('.config.old', 'CONFIG_OLDER=y\n');
      const args = (copy: number): string[] => [...kernel.args, ...(copy % 2 === 0 ? [] : ['--lean'])];
      const codes = Array.from({ length: COPIES }, (_, copy) => {
        const child = start(args(copy), place.directory);
        return new Promise((resolve) => child.on('close', resolve));
      });
      expect(await Promise.all(codes)).toEqual(Array(COPIES).fill(0));
      expect(possible).toContain(place.read('.config'));
      expect(place.read('.config')).not.toBe(kernel.old);
      expect(possible).toContain(place.read('.config.old'));
      expect(place.names()).toEqual(['.config', '.config.old']);
    }
  });
});
