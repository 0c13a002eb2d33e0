import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Volume } from 'memfs';
import { beforeAll, describe, expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { NodeFileWriter, type NodeWriteFs } from '../../src/platform/write-file.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { buildWriter } from '../platform/build-writer.ts';

const KILLS = 50;
const SAFE_CALL = 'writer.writeConfigAtomic(path, text)';
/** Milliseconds in which a child writes before it is killed, at most. */
const LIFE = 20;

let dir = '';
let bundle = '';
beforeAll(() => {
  dir = temporaryFolder();
  bundle = buildWriter(dir);
});

/** A text that tells whether it is whole: every line carries its number, and the first one how many there are. */
function wholeText(id: string, lines = 4000): string {
  const head = `# ${id} ${lines}\n`;
  return head + Array.from({ length: lines }, (_, i) => `CONFIG_${id}_${i}=m\n`).join('');
}

function isWhole(text: string): boolean {
  const head = /^# (\w+) (\d+)\n/.exec(text);
  return head !== null && text === wholeText(head[1]!, Number(head[2]));
}

/**
 * A process that writes new texts to `path` as fast as it can, `times` times.
 * @param call how it writes one: an expression over `writer`, `path` and `text`
 */
function startWriter(path: string, id: string, times: number, call = SAFE_CALL): ChildProcess {
  const source = `
    import { writeFileSync } from 'node:fs';
    import { NodeFileWriter } from ${JSON.stringify(bundle)};
    ${wholeText.toString()}
    const writer = new NodeFileWriter();
    const path = ${JSON.stringify(path)};
    // Made beforehand: most of the time has to go into the writing.
    const texts = Array.from({ length: 4 }, (_, i) => wholeText(${JSON.stringify(id)} + i, 10_000 + i * 2500));
    for (let i = 0; i < ${times}; i++) {
      const text = texts[i % texts.length];
      ${call};
      if (i === 0) console.log('started');
    }`;
  return spawn(process.execPath, ['--input-type=module', '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Starts such a process, and kills it at some moment of its writing. */
async function killOne(path: string, id: string, call = SAFE_CALL): Promise<void> {
  const child = startWriter(path, id, Number.MAX_SAFE_INTEGER, call);
  const done = ended(child);
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  await new Promise((resolve) => setTimeout(resolve, Math.random() * LIFE));
  child.kill('SIGKILL');
  await done;
}

function ended(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('close', (code) => resolve(code)));
}

describe('killed at any moment', () => {
  test(`${KILLS} kills: .config and .config.old are whole after each`, async () => {
    const place = mkdtempSync(join(dir, 'kill-'));
    const path = join(place, '.config');
    writeFileSync(path, wholeText('first'));
    const heads = new Set<string>();
    for (let kill = 0; kill < KILLS; kill++) {
      await killOne(path, `k${kill}x`);
      const text = readFileSync(path, 'latin1');
      expect(isWhole(text)).toBe(true);
      expect(isWhole(readFileSync(`${path}.old`, 'latin1'))).toBe(true);
      heads.add(text.slice(0, 20));
    }
    expect(heads.size).toBe(KILLS);
    // What is left over is never taken for the file, and the next run takes it away.
    for (const name of readdirSync(place))
      expect(name).toMatch(/^\.config(\.old)?(\.[0-9a-f]{8}\.\d+\.[0-9a-f]{12}\.tmp)?$/);
    new NodeFileWriter().writeConfigAtomic(path, 'after');
    expect(readFileSync(path, 'latin1')).toBe('after');
    expect(readdirSync(place)).toEqual(['.config', '.config.old']);
  });
});

describe('these tests can fail', () => {
  test('a file that is written in place is caught torn', async () => {
    const path = join(mkdtempSync(join(dir, 'torn-')), '.config');
    let torn = false;
    for (let kill = 0; kill < 40 && !torn; kill++) {
      await killOne(path, `t${kill}x`, 'writeFileSync(path, text)');
      torn = !isWhole(readFileSync(path, 'latin1'));
    }
    expect(torn).toBe(true);
  });
});

describe('at the same time', () => {
  test('eight runs, and a reader that never sees anything but a whole file', async () => {
    const place = mkdtempSync(join(dir, 'race-'));
    const path = join(place, '.config');
    writeFileSync(path, wholeText('first'));
    let running = 8;
    const codes = Array.from({ length: 8 }, (_, i) => ended(startWriter(path, `r${i}x`, 30)).finally(() => running--));
    let reads = 0;
    while (running > 0) {
      expect(isWhole(readFileSync(path, 'latin1'))).toBe(true);
      reads++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(await Promise.all(codes)).toEqual(Array(8).fill(0));
    expect(reads).toBeGreaterThan(10);
    expect(isWhole(readFileSync(path, 'latin1'))).toBe(true);
    expect(isWhole(readFileSync(`${path}.old`, 'latin1'))).toBe(true);
    expect(readdirSync(place)).toEqual(['.config', '.config.old']);
  });
});

describe('a full file system', () => {
  test('the old file stays, and nothing is left behind', ({ skip }) => {
    const place = mkdtempSync(join(dir, 'full-'));
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', place]);
    if (mounted.status !== 0) skip('no tmpfs can be mounted here (needs root)');
    try {
      const path = join(place, '.config');
      writeFileSync(path, 'old\n');
      writeFileSync(`${path}.old`, 'older\n');
      expect(() => new NodeFileWriter().writeConfigAtomic(path, 'x'.repeat(200_000))).toThrowError(
        expect.objectContaining({ diagnostic: expect.objectContaining({ code: 'write-no-space' }) }),
      );
      expect(readFileSync(path, 'latin1')).toBe('old\n');
      expect(readFileSync(`${path}.old`, 'latin1')).toBe('older\n');
      expect(readdirSync(place)).toEqual(['.config', '.config.old']);
      expect(new NodeFileWriter().writeConfigAtomic(path, 'fits\n').changed).toBe(true);

      expect(spawnSync('mount', ['-o', 'remount,ro', place]).status).toBe(0);
      expect(() => new NodeFileWriter().writeConfigAtomic(path, 'new\n')).toThrowError(
        expect.objectContaining({ diagnostic: expect.objectContaining({ code: 'write-read-only' }) }),
      );
      expect(readFileSync(path, 'latin1')).toBe('fits\n');
    } finally {
      spawnSync('umount', [place]);
    }
  });
});

/** Calls that change nothing on the disk, or whose failure nobody can do anything about. */
const HARMLESS = new Set(['closeSync', 'unlinkSync']);

/**
 * An in-memory file system whose `n`th call fails: only that one (an error of the system), or every one from there on
 * (the process is gone).
 */
function failing(volume: NodeWriteFs, n: number, forGood: boolean): { fs: NodeWriteFs; calls: () => number } {
  let calls = 0;
  const fs = new Proxy(volume, {
    get(target, name: string) {
      const real = (target as unknown as Record<string, (...args: unknown[]) => unknown>)[name]!.bind(target);
      return (...args: unknown[]) => {
        if (!forGood && HARMLESS.has(name)) return real(...args);
        calls++;
        if (calls === n || (forGood && calls > n)) throw Object.assign(new Error('EIO'), { code: 'EIO' });
        return real(...args);
      };
    },
  });
  return { fs, calls: () => calls };
}

describe.each([
  ['an error', false],
  ['the end of the process', true],
])('%s at each single step', (_, forGood) => {
  test.each([[true], [false]])('a .config.old there before: %s', (hadOld) => {
    for (let n = 1; ; n++) {
      const before = { '/d/.config': 'old', ...(hadOld ? { '/d/.config.old': 'older' } : {}) };
      const volume = Volume.fromJSON(before);
      const { fs, calls } = failing(volume as unknown as NodeWriteFs, n, forGood);
      let failed = false;
      try {
        new NodeFileWriter(fs).writeConfigAtomic('/d/.config', 'new');
      } catch (error) {
        expect(error).toBeInstanceOf(InputError);
        failed = true;
      }
      const after = volume.toJSON() as Record<string, string>;
      expect(['old', 'new']).toContain(after['/d/.config']);
      expect(['old', 'older', undefined]).toContain(after['/d/.config.old']);
      if (after['/d/.config'] === 'new') expect(after['/d/.config.old']).toBe('old');
      if (!forGood) expect(after).toEqual(failed ? before : { '/d/.config': 'new', '/d/.config.old': 'old' });
      if (calls() < n) {
        expect(n).toBeGreaterThan(12);
        return;
      }
    }
  });
});
