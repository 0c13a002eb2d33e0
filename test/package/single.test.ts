import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { PROGRAM, REPOSITORY } from '../helpers/built-program.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** What an ELF file is for, at byte 18. */
const MACHINES = { x64: 62, arm64: 183 };
const OWN = process.arch === 'arm64' ? 'arm64' : 'x64';

const built = (architecture: string): string => join(REPOSITORY, 'dist/single', `kconfig-trim-linux-${architecture}`);

describe('the single executable file', () => {
  const folder = temporaryFolder();
  /** With no program in reach, no variable, and nothing beside it. */
  const start = (args: readonly string[], env: Record<string, string> = {}) =>
    spawnSync(join(folder, 'bin/kconfig-trim'), args, {
      cwd: folder,
      env: { PATH: '/none', ...env },
      encoding: 'utf8',
    });

  beforeAll(() => {
    execFileSync('npm', ['run', '--silent', 'build:single'], { cwd: REPOSITORY, stdio: 'ignore' });
    mkdirSync(join(folder, 'bin'));
    copyFileSync(built(OWN), join(folder, 'bin/kconfig-trim'));
    cpSync(join(REPOSITORY, 'fixtures/example'), join(folder, 'example'), { recursive: true });
  }, 900_000);

  it.each(['x64', 'arm64'] as const)('is there for Linux on %s', (architecture) => {
    const head = readFileSync(built(architecture)).subarray(0, 20);
    expect(head.toString('latin1', 1, 4)).toBe('ELF');
    expect(head.readUInt16LE(18)).toBe(MACHINES[architecture]);
  });

  it('prints its version, and nothing else', () => {
    const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };
    expect(start(['--version'])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('writes what the package writes, with and without a cache', () => {
    const trim = (output: string) => [
      ...['-C', 'example/tree', '--arch', 'x86', '-c', 'example/config', '-l', 'example/lsmod.txt'],
      ...['--no-exec', '-o', output],
    ];
    const cache = { XDG_CACHE_HOME: temporaryFolder() };
    for (const env of [{}, cache, cache]) expect(start(trim('single'), env)).toMatchObject({ status: 0 });
    execFileSync(process.execPath, [PROGRAM, ...trim('package')], { cwd: folder });
    expect(readFileSync(join(folder, 'single'), 'utf8')).toBe(readFileSync(join(folder, 'package'), 'utf8'));
  });

  it('checks, explains, records and completes', () => {
    const tree = ['-C', 'example/tree', '--arch', 'x86', '--no-exec'];
    expect(start(['check', ...tree, '-c', 'example/config', '--skip', 'files,tools'])).toMatchObject({ status: 0 });
    expect(start(['why', 'ZRAM', ...tree, '-c', 'example/config']).stdout).toContain('ZRAM=n');
    expect(start(['record']).status).toBe(0);
    expect(start(['complete', '--', 'wh']).stdout).toContain('\nwhy\t');
    expect(start(['nope'])).toMatchObject({ status: 2, stderr: expect.stringContaining("unknown command 'nope'") });
  });
});
