import { spawn } from 'node:child_process';
import { chmodSync, chownSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheDirectory, NodeCache } from '../../src/platform/cache.ts';

describe('cacheDirectory', () => {
  it.each([
    [{ XDG_CACHE_HOME: '/c', HOME: '/h' }, '/c/kconfig-trim'],
    [{ HOME: '/h' }, '/h/.cache/kconfig-trim'],
    [{ XDG_CACHE_HOME: '', HOME: '/h' }, '/h/.cache/kconfig-trim'],
    [{ XDG_CACHE_HOME: 'relative', HOME: '/h' }, '/h/.cache/kconfig-trim'],
    [{}, null],
  ])('of %j is %s', (env, directory) => {
    expect(cacheDirectory(env)).toBe(directory);
  });
});

describe('NodeCache', () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  it('makes its directory and gives back bytes', () => {
    const cache = new NodeCache(join(scratch, 'a/b'));
    expect(cache.read('x.json')).toBeNull();
    cache.write('x.json', 'caf\xe9');
    expect(cache.read('x.json')).toBe('caf\xe9');
    expect(readdirSync(join(scratch, 'a/b'))).toEqual(['x.json']);
  });

  it('does without where it cannot write', () => {
    writeFileSync(join(scratch, 'file'), '');
    const cache = new NodeCache(join(scratch, 'file/below'));
    expect(() => cache.write('x', 'text')).not.toThrow();
    expect(cache.read('x')).toBeNull();
  });

  it('tells what this user alone can have written', () => {
    const cache = new NodeCache(scratch);
    expect(cache.readOwnBytes('x')).toBeNull();
    cache.write('x', 'text');
    expect(cache.readOwnBytes('x')).toEqual(Buffer.from('text'));
    for (const mode of [0o620, 0o602]) {
      chmodSync(join(scratch, 'x'), mode);
      expect(cache.readOwnBytes('x')).toBeNull();
    }
    chmodSync(join(scratch, 'x'), 0o644);
    expect(cache.readOwnBytes('x')).not.toBeNull();
  });

  it.runIf(process.geteuid?.() === 0)('does not take the word of another user', () => {
    const cache = new NodeCache(scratch);
    cache.write('x', 'text');
    chownSync(join(scratch, 'x'), 12345, 12345);
    expect(cache.readOwnBytes('x')).toBeNull();
    expect(cache.readBytes('x')).not.toBeNull();
  });

  it('never shows half an entry to others', async () => {
    const cache = new NodeCache(scratch);
    const module = join(import.meta.dirname, '../../src/platform/cache.ts');
    const writer = (letter: string): Promise<void> =>
      new Promise((done, failed) => {
        const code =
          `import { NodeCache } from ${JSON.stringify(module)};` +
          `const cache = new NodeCache(${JSON.stringify(scratch)});` +
          `for (let i = 0; i < 200; i++) cache.write('x', ${JSON.stringify(letter)}.repeat(200000));`;
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
      const text = cache.read('x');
      if (text !== null) {
        seen++;
        expect(/^(?:a{200000}|b{200000})$/.test(text)).toBe(true);
      }
      await new Promise((next) => setTimeout(next, 1));
    }
    await writers;
    expect(seen).toBeGreaterThan(0);
    expect(readdirSync(scratch)).toEqual(['x']);
  }, 60_000);
});
