import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

const made: string[] = [];

/**
 * A new directory; it is gone when the tests of the file that asked for it are done.
 * @param prefix how its name begins
 */
export function temporaryFolder(prefix = 'kconfig-trim-'): string {
  const path = mkdtempSync(join(tmpdir(), prefix));
  made.push(path);
  return path;
}

// Each test file has its own instance of this module, so this is at the end of the file that imports it.
afterAll(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});
