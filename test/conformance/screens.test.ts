/** The report of a trim of Debian's config fits a terminal of the usual size, for each of the listings. */
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { PROGRAM } from '../helpers/built-program.ts';
import { describeKernels } from './describe-kernels.ts';
import { kernel } from './kernels.ts';
import { LISTINGS } from './real-listings.ts';

describeKernels('the report on a terminal of 80 x 24', () => {
  it.each(LISTINGS.map((listing) => [basename(listing), listing]))('fits for %s', (_, listing) => {
    const { tree, configs } = kernel('6.12');
    const words = ['-C', tree, '--arch', 'x86', '-c', configs[0]!, '-l', listing!, '--no-exec', '--dry-run', '--force'];
    const command = `stty cols 80 rows 24; ${process.execPath} ${PROGRAM} ${words.join(' ')} 2>/dev/null`;
    const done = spawnSync('script', ['-qec', command, '/dev/null'], {
      encoding: 'utf8',
      env: { ...process.env, TERM: 'xterm', NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines = stripVTControlCharacters(done.stdout).trimEnd().split(/\r?\n/);
    expect(lines[0]).toMatch(/^tree/);
    // The prompt stands below it.
    expect(lines.length).toBeLessThanOrEqual(24 - 1);
  });
});
