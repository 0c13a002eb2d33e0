import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';
import { NODES, nodeProgram } from './nodes.ts';
import { Installed, REPOSITORY } from './packed.ts';

const example = join(REPOSITORY, 'fixtures/example');
const { version } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as { version: string };

let installed: Installed;
beforeAll(() => {
  installed = new Installed();
  const linux = join(installed.dir, 'linux');
  cpSync(join(example, 'tree'), linux, { recursive: true });
  const config = readFileSync(join(example, 'config'));
  writeFileSync(join(linux, 'config.gz'), gzipSync(config));
  writeFileSync(join(linux, 'config.xz'), execFileSync('xz', ['-c'], { input: config }));
  writeFileSync(join(linux, 'config.zst'), execFileSync('zstd', ['-c'], { input: config }));
});

describe.each(NODES)('the package on Node.js %s', (wanted) => {
  const node = nodeProgram(wanted);
  const start = (args: readonly string[], folder = 'linux', env: NodeJS.ProcessEnv = {}) =>
    installed.start(node, args, folder, { ARCH: 'x86', XDG_CACHE_HOME: join(installed.dir, 'cache', wanted), ...env });
  beforeAll(() => mkdirSync(join(installed.dir, 'cache', wanted), { recursive: true, mode: 0o700 }));

  it('is run by that version', () => {
    const found = installed.run(node, ['--version']).stdout;
    expect(found.startsWith(`v${wanted}.`)).toBe(true);
  });

  it('starts through its link from a folder below', () => {
    expect(start(['--version'], 'a folder/below')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('trims in a kernel tree that has nothing to do with the package, with and without a cache', () => {
    // Twice from .xz: the second run has all from the cache.
    const results = ['gz', 'xz', 'zst', 'xz'].map((form) => {
      const args = ['--config', `config.${form}`, '--lsmod', join(example, 'lsmod.txt'), '--output', 'trimmed'];
      const trimmed = start(args);
      expect(trimmed).toMatchObject({ status: 0, stderr: '' });
      expect(trimmed.stdout).toContain('all 38 loaded modules that the base config builds');
      return readFileSync(join(installed.dir, 'linux/trimmed'), 'utf8');
    });
    expect(results[0]).toMatch(/^CONFIG_SYSTEM_TRUSTED_KEYS=""$/m);
    expect(new Set(results).size).toBe(1);
  });

  it('checks, explains, estimates, maps, records, writes configs, and lists what is built', () => {
    const [config, listing] = [join(example, 'config'), join(example, 'lsmod.txt')];
    const schema = (args: readonly string[]): unknown => {
      const ran = start([...args, '--json', '--no-exec']);
      expect(ran).toMatchObject({ status: expect.toBeOneOf([0, 1]) });
      return (JSON.parse(ran.stdout) as { schema?: string }).schema;
    };
    expect(schema(['check', '-c', config, '-l', listing])).toBe('kconfig-trim/check-1');
    expect(schema(['why', 'zram', '-c', config, '-l', listing])).toBe('kconfig-trim/why-1');
    expect(schema(['estimate', config])).toBe('kconfig-trim/estimate-1');
    expect(schema(['record'])).toBe('kconfig-trim/record-1');
    expect(start(['map', 'zram', '--no-exec']).stdout).toContain('ZRAM');
    expect(start(['objects', '-c', config, '--no-exec']).stdout).toContain('drivers/');
    expect(start(['conf', 'olddefconfig', '-c', config, '-o', '-', '--no-exec'])).toMatchObject({ status: 0 });
  });

  it('builds', () => {
    cpSync(join(REPOSITORY, 'fixtures/build/tree'), join(installed.dir, 'built', wanted), { recursive: true });
    const CC = join(REPOSITORY, 'fixtures/build/cc');
    const tree = join('built', wanted);
    expect(start(['conf', 'alldefconfig'], tree, { CC })).toMatchObject({ status: 0 });
    const stderr = expect.stringMatching(/^(?:kconfig-trim: measuring the compiler's speed.*\n)?$/);
    expect(start(['build', '-j2'], tree, { CC })).toMatchObject({ status: 0, stderr });
  });

  it('shows a terminal what it does', () => {
    const bin = join(installed.dir, 'node_modules/.bin/kconfig-trim');
    const command = `stty cols 80 rows 24; ${bin} --config config.xz --lsmod ${join(example, 'lsmod.txt')} --dry-run`;
    const { CI: _, NO_COLOR: __, ...env } = process.env;
    const PATH = `${join(node, '..')}:${env['PATH'] ?? ''}`;
    const shown = installed.run('script', ['-qec', command, '/dev/null'], 'linux', {
      ...env,
      PATH,
      TERM: 'xterm',
      ARCH: 'x86',
    });
    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('Reading Kconfig files');
    expect(stripVTControlCharacters(shown.stdout)).toMatch(/^modules +68 -> +47 {3}31 % less\r?$/m);
  });

  it('runs the program in docs/api.md, which opens a tree, walks its menus, trims, and sets a value', () => {
    const page = readFileSync(join(REPOSITORY, 'docs/api.md'), 'utf8');
    const [, program] = /<!-- run by test\/package -->\n\n```js\n([\s\S]*?)```/.exec(page)!;
    writeFileSync(join(installed.dir, 'program.mjs'), program!);
    const inputs = ['tree', 'config', 'lsmod.txt'].map((name) => join(example, name));
    const ran = installed.run(node, ['program.mjs', ...inputs]);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(
      new RegExp(
        String.raw`^Linux 6\.12\.0-example: 68 modules, 153 translation units\nm arch/x86/Kconfig \d+\nmodule\n(?:\w[\w ]+\n)+` +
          String.raw`47 modules are left; lost: 0\n\[[^\]]*'KVM=n'[^\]]*\]\ntrue\n$`,
      ),
    );
  });
});
