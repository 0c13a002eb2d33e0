import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isLeftover, temporaryName } from '../../src/platform/temporary-files.ts';

const NOW = 1_800_000_000_000;
const DAY = 24 * 60 * 60 * 1000;
const PATHS = ['/a/.config', '/a/.config.old'];

/** A name as a run with another process number would make it. */
const nameOf = (pid: number, path = '/a/.config'): string =>
  basename(temporaryName(path)).replace(`.${process.pid}.`, `.${pid}.`);

describe('what a killed run left', () => {
  const gone = spawnSync('true').pid;

  test('is told by its process, which is gone', () => {
    expect(isLeftover(nameOf(gone), PATHS, NOW, NOW)).toBe(true);
    expect(isLeftover(nameOf(gone, '/a/.config.old'), PATHS, NOW, NOW)).toBe(true);
  });
  test('is not what a run is writing now, be it of somebody else', () => {
    expect(isLeftover(nameOf(process.pid), PATHS, NOW - 9 * DAY, NOW)).toBe(false);
    expect(isLeftover(nameOf(1), PATHS, NOW - 9 * DAY, NOW)).toBe(false);
  });
  test('of another machine is what is older than a day', () => {
    const foreign = `.config.00000000.${gone}.0123456789ab.tmp`;
    expect(isLeftover(foreign, PATHS, NOW - DAY + 1, NOW)).toBe(false);
    expect(isLeftover(foreign, PATHS, NOW - DAY - 1, NOW)).toBe(true);
  });
  test.each(['.config', '.config.tmp', '.config.1.tmp', `${nameOf(gone)}.c`, nameOf(gone, '/a/.other'), 'x.tmp'])(
    'is not %s',
    (name) => {
      expect(isLeftover(name, PATHS, NOW - 9 * DAY, NOW)).toBe(false);
    },
  );
});
