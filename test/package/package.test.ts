import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { beforeAll, describe, expect, it } from 'vitest';
import { Installed, REPOSITORY } from './packed.ts';

const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
  version: string;
  dependencies?: Record<string, string>;
};

describe('the package, installed from its tarball', () => {
  let installed: Installed;
  beforeAll(() => {
    installed = new Installed();
  });

  it('holds the program, its types, its licences, and nothing else', () => {
    const inside = /^(bin\/kconfig-trim\.js|dist\/.*|package\.json|README\.md|CHANGELOG\.md|LICENSE)$/;
    expect(installed.files.filter((path) => !inside.test(path))).toEqual([]);
    expect(installed.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'CHANGELOG.md',
        'bin/kconfig-trim.js',
        'dist/cli.js',
        'dist/commands.js',
        'dist/index.js',
        'dist/types/index.d.ts',
        'dist/THIRD-PARTY-LICENSES.txt',
        'dist/kconfig-trim.1',
      ]),
    );
  });

  it('brings everything with it', () => {
    expect(manifest.dependencies).toBeUndefined();
    const listed = installed.run('npm', ['ls', '--all', '--json']);
    const tree = JSON.parse(listed.stdout) as { dependencies: Record<string, { dependencies?: unknown }> };
    expect(Object.keys(tree.dependencies)).toEqual(['kconfig-trim']);
    expect(tree.dependencies['kconfig-trim']?.dependencies).toBeUndefined();
  });

  it('npx kconfig-trim --version prints the version', () => {
    const run = installed.run('npx', ['--offline', 'kconfig-trim', '--version']);
    expect(run.stdout).toBe(`${manifest.version}\n`);
    expect(run.status).toBe(0);
  });

  it('the API can be imported, and its types hold in strict TypeScript', () => {
    const program = (type: string) => `
      import { InputError, NodeFileSystem, type FileStat } from 'kconfig-trim';
      const found: FileStat | null = new NodeFileSystem().stat('package.json');
      const size: ${type} = found!.size;
      export const told = [size > 0, new InputError({ code: 'example', args: {} }).diagnostic.severity];
    `;
    writeFileSync(join(installed.dir, 'good.mts'), program('number'));
    writeFileSync(join(installed.dir, 'bad.mts'), program('string'));
    const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
    // A machine may have types of Node in a folder above.
    const compile = (file: string) =>
      installed.run(process.execPath, [
        tsc,
        ...'--module nodenext --target es2022 --strict --typeRoots none'.split(' '),
        file,
      ]);
    expect(compile('good.mts')).toMatchObject({ status: 0, stdout: '' });
    expect(compile('bad.mts').stdout).toContain("Type 'number' is not assignable to type 'string'");
    const told = "import('./good.mjs').then(({ told }) => console.log(told.join(' ')))";
    expect(installed.run(process.execPath, ['-e', told]).stdout).toBe('true error\n');
  });

  it('says so where one of its files is missing', () => {
    const dist = join(installed.dir, 'node_modules/kconfig-trim/dist');
    const others = readdirSync(dist).filter((name) => name.startsWith('others-'));
    expect(others).toHaveLength(1);
    const [from, to] = [join(dist, others[0]!), join(dist, 'elsewhere.js')];
    renameSync(from, to);
    try {
      const run = installed.run('npx', ['--offline', 'kconfig-trim', 'map']);
      expect(run.stderr).toMatch(/^kconfig-trim: error: a file of this program is missing; install it again \(.*\)\n$/);
      expect(run.status).toBe(2);
    } finally {
      renameSync(to, from);
    }
  });
});

describe('bin/kconfig-trim.js', () => {
  const bin = join(REPOSITORY, 'bin/kconfig-trim.js');

  it.each(['12.22.12', '16.20.2', '18.18.2'])('on Node %s it says what it needs, and exits with 2', (version) => {
    const lie = `Object.defineProperty(process, 'versions', { value: { node: '${version}' } })`;
    const preload = `data:text/javascript,${encodeURIComponent(lie)}`;
    const run = (): string => execFileSync(process.execPath, ['--import', preload, bin], { stdio: 'pipe' }).toString();
    expect(run).toThrow(expect.objectContaining({ status: 2 }));
    expect(run).toThrow(`needs Node.js 18.19 or newer; this is ${version}`);
  });

  it('can be read by a Node that takes it for CommonJS', () => {
    const text = readFileSync(bin, 'utf8');
    expect(() => new Script(text.replace(/^#!.*/, ''))).not.toThrow();
    expect(text).not.toMatch(/\b(const|let)\b|=>|`|\?\?|\?\./);
  });
});
