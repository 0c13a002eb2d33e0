import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { REPOSITORY } from '../helpers/built-program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

it('npx takes it from a git repository, builds it, and runs it', () => {
  const [clone, empty] = [join(temporaryFolder(), 'kconfig-trim'), temporaryFolder()];
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', REPOSITORY, clone]);
  const { version } = JSON.parse(readFileSync(join(clone, 'package.json'), 'utf8')) as { version: string };
  const args = ['--yes', '--prefer-offline', `git+file://${clone}`, '--version'];
  const done = spawnSync('npx', args, { cwd: empty, encoding: 'utf8' });
  expect(done).toMatchObject({ status: 0, stdout: `${version}\n` });
});
