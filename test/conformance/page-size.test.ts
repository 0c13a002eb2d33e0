/** The page of a trim is below 1 MB, whatever the config builds. */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { MOST_BYTES } from '../../src/report/html/page-size.ts';
import { PROGRAM } from '../helpers/built-program.ts';
import { pageData } from '../helpers/page.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { describeKernels } from './describe-kernels.ts';
import { LISTINGS } from './real-listings.ts';

describeKernels('the page of a trim', (kernels) => {
  it.each(kernels.map((kernel) => [kernel.version, kernel] as const))('of %s is below 1 MB', (_, { tree, configs }) => {
    const folder = temporaryFolder();
    const run = (...words: readonly string[]): void => {
      const all = [PROGRAM, ...words, '-C', tree, '--arch', 'x86', '--no-exec', '-q'];
      const done = spawnSync(process.execPath, all, { encoding: 'utf8' });
      expect([done.status, done.stderr]).toEqual([0, '']);
    };
    const [longest] = [...LISTINGS].sort((a, b) => statSync(b).size - statSync(a).size);
    const allmod = join(folder, 'allmodconfig');
    run('conf', 'allmodconfig', '-o', allmod);
    for (const config of [configs[0]!, allmod]) {
      const page = join(folder, 'page.html');
      run('trim', '-c', config, '-l', longest!, '--dry-run', '--force', '--html', page);
      expect(statSync(page).size).toBeLessThan(MOST_BYTES);
      expect(pageData(page).symbols!.symbols.length).toBeGreaterThan(5000);
    }
  });
});
