import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cacheDirectory, NodeCache } from '../../src/platform/cache.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

describe('cacheDirectory', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/c', HOME: '/h' }, '/c/kconfig-trim'],
    [{ HOME: '/h' }, '/h/.cache/kconfig-trim'],
    [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/kconfig-trim'],
    [{ XDG_CACHE_HOME: 'relative', HOME: '/h' }, '/h/.cache/kconfig-trim'],
    [{}, null],
    [{ XDG_CACHE_HOME: '/proc/self/root/tmp', HOME: '/h' }, null],
    [{ XDG_CACHE_HOME: '/tmp/../dev/fd', HOME: '/h' }, null],
    [{ HOME: '/sys' }, null],
  ])('of %j is %s', (env, directory) => {
    expect(cacheDirectory(env)).toBe(directory);
  });
});

const TEXT = Buffer.from('text');

describe('NodeCache', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = temporaryFolder();
  });

  it('makes its directory and gives back bytes', () => {
    const cache = new NodeCache(join(scratch, 'a/b'));
    expect(cache.read('x.json')).toBeNull();
    cache.write('x.json', [Buffer.from('ca'), Buffer.from('f')]);
    expect(cache.read('x.json')).toEqual(Buffer.from('caf'));
    expect(readdirSync(join(scratch, 'a/b'))).toEqual(['x.json']);
  });

  it('does without where it cannot write', () => {
    writeFileSync(join(scratch, 'file'), '');
    const cache = new NodeCache(join(scratch, 'file/below'));
    expect(() => cache.write('x', [TEXT])).not.toThrow();
    expect(cache.read('x')).toBeNull();
  });

  it.each([
    ['goes through a file', 'file/kconfig-trim'],
    ['is a file', 'file'],
    ['goes through a loop of links', 'loop/kconfig-trim'],
    ['has a name that is too long', 'x'.repeat(300)],
    ['has a NUL', 'a\0b'],
  ])('is not there where its path %s', (_, path) => {
    writeFileSync(join(scratch, 'file'), '');
    symlinkSync('loop', join(scratch, 'loop'));
    const cache = new NodeCache(join(scratch, path));
    expect(() => cache.write('x', [TEXT])).not.toThrow();
    expect(cache.read('x')).toBeNull();
    expect(cache.pathOf('x')).toBeNull();
    expect(() => cache.keepNewest('x', 0)).not.toThrow();
  });

  it('tells what this user alone can have written', () => {
    const cache = new NodeCache(scratch);
    expect(cache.read('x')).toBeNull();
    cache.write('x', [TEXT]);
    expect(cache.read('x')).toEqual(TEXT);
    for (const mode of [0o620, 0o602]) {
      chmodSync(join(scratch, 'x'), mode);
      expect(cache.read('x')).toBeNull();
    }
    chmodSync(join(scratch, 'x'), 0o644);
    expect(cache.read('x')).not.toBeNull();
  });

  it.runIf(process.geteuid?.() === 0)('does not take an entry or a directory of another user', () => {
    const cache = new NodeCache(scratch);
    cache.write('x', [TEXT]);
    chownSync(join(scratch, 'x'), 12345, 12345);
    expect(cache.read('x')).toBeNull();
    expect(cache.pathOf('x')).toBeNull();
    chownSync(join(scratch, 'x'), 0, 0);
    chownSync(scratch, 12345, 12345);
    expect(cache.read('x')).toBeNull();
    expect(cache.pathOf('x')).toBeNull();
    cache.write('y', [TEXT]);
    expect(readdirSync(scratch)).toEqual(['x']);
  });

  it('does not take a directory that others can write to, or a link to one', () => {
    const own = join(scratch, 'own');
    new NodeCache(own).write('x', [TEXT]);
    symlinkSync(own, join(scratch, 'link'));
    expect(new NodeCache(join(scratch, 'link')).read('x')).toBeNull();
    for (const mode of [0o770, 0o777, 0o1777]) {
      chmodSync(own, mode);
      expect(new NodeCache(own).read('x')).toBeNull();
      expect(new NodeCache(own).pathOf('x')).toBeNull();
      new NodeCache(own).write('y', [TEXT]);
      expect(readdirSync(own)).toEqual(['x']);
    }
  });

  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a link to an entry', (path) => symlinkSync(join(scratch, 'x'), path)],
    ['a link to nothing', (path) => symlinkSync('/nowhere', path)],
    ['a link to a device', (path) => symlinkSync('/dev/zero', path)],
    ['a directory', (path) => mkdirSync(path)],
  ])('does not wait for %s in the place of an entry, nor take it', (_, make) => {
    const cache = new NodeCache(scratch);
    cache.write('x', [TEXT]);
    make(join(scratch, 'y'));
    expect(cache.read('y')).toBeNull();
    expect(cache.pathOf('y')).toBeNull();
  });

  it.each<[string, (path: string) => void]>([
    ['a pipe', (path) => execFileSync('mkfifo', [path])],
    ['a file', (path) => writeFileSync(path, '')],
    ['a link to a device', (path) => symlinkSync('/dev/zero', path)],
  ])('does not wait for %s in the place of its directory', (_, make) => {
    make(join(scratch, 'cache'));
    const cache = new NodeCache(join(scratch, 'cache'));
    cache.write('x', [TEXT]);
    expect(cache.read('x')).toBeNull();
    cache.keepNewest('x', 1);
  });

  it('never shows half an entry to others', async () => {
    const cache = new NodeCache(scratch);
    const module = join(import.meta.dirname, '../../src/platform/cache.ts');
    const writer = (letter: string): Promise<void> =>
      new Promise((done, failed) => {
        const code =
          `import { NodeCache } from ${JSON.stringify(module)};` +
          `const cache = new NodeCache(${JSON.stringify(scratch)});` +
          `for (let i = 0; i < 200; i++) cache.write('x', [Buffer.from(${JSON.stringify(letter)}.repeat(200000))]);`;
        const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
          stdio: 'inherit',
        });
        child.on('exit', (status) => (status === 0 ? done() : failed(new Error(`status ${status}`))));
      });
    let finished = false;
    const writers = Promise.all([writer('a'), writer('b')]).finally(() => {
      finished = true;
    });
    let seen = 0;
    while (!finished) {
      const bytes = cache.read('x');
      if (bytes !== null) {
        seen++;
        expect(/^(?:a{200000}|b{200000})$/.test(Buffer.from(bytes).toString())).toBe(true);
      }
      await new Promise((next) => setTimeout(next, 1));
    }
    await writers;
    expect(seen).toBeGreaterThan(0);
    expect(readdirSync(scratch)).toEqual(['x']);
  }, 60_000);
});
