import { chmodSync, chownSync, closeSync, lstatSync, openSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { NodeStateFolder } from '../../src/platform/state-folder.ts';
import { inOneLine } from '../cli/run.ts';
import { snapshot } from '../cli/unchanged.ts';
import { type Kernel, makeKernel, Place, runToEnd } from './place.ts';

const PAGE = 4096;
const NOBODY = 65534;
const isRoot = process.getuid?.() === 0;

let kernel: Kernel;
let place: Place;
beforeAll(() => {
  kernel = makeKernel();
});
beforeEach(() => {
  place = new Place();
});
afterEach(() => place.leave());

/** Fills the place's file system but for some pages; the number of pages that were free. */
function fill(leave: number): number {
  const chunk = 'x'.repeat(PAGE);
  let filler = '';
  for (;;) {
    try {
      place.write('filler', filler + chunk);
    } catch {
      break;
    }
    filler += chunk;
  }
  place.write('filler', filler.slice(0, Math.max(0, filler.length - leave * PAGE)));
  return filler.length / PAGE;
}

describe('a full file system', () => {
  it.for([64, 128, 256])('of %d KiB, whatever is left of it', (size, { skip }) => {
    if (!place.mount(['-t', 'tmpfs', '-o', `size=${size}k,mode=755`, 'tmpfs'], place.directory)) skip();
    const needed = Math.ceil(kernel.trimmed.length / PAGE);
    let [full, done] = [0, 0];
    for (let leave = 0; leave <= needed + 2; leave++) {
      place.write('.config', kernel.old);
      place.write('.config.old', 'CONFIG_OLDER=y\n');
      if (fill(leave) < leave) break;
      const before = snapshot(place.directory);
      const { status, stderr } = runToEnd(kernel.args, place);
      expect(place.names()).toEqual(['.config', '.config.old', 'filler']);
      if (status === 0) {
        expect(place.read('.config')).toBe(kernel.trimmed);
        expect(place.read('.config.old')).toBe(kernel.old);
        done++;
      } else {
        expect(status).toBe(2);
        expect(stderr).toBe(
          `kconfig-trim: error: ${place.path('.config')}: no space left on the disk; nothing was changed\n`,
        );
        const files = (all: ReadonlyMap<string, string>) => [...all].filter(([path]) => path !== place.directory);
        expect(files(snapshot(place.directory))).toEqual(files(before));
        full++;
      }
    }
    expect(full).toBeGreaterThan(3);
    if (size > 64) expect(done).toBeGreaterThan(0);
  });

  it('leaves no lock without an owner', ({ skip }) => {
    if (!place.mount(['-t', 'tmpfs', '-o', 'size=64k,mode=755', 'tmpfs'], place.directory)) skip();
    const folder = new NodeStateFolder(place.directory);
    fill(0);
    expect(() => folder.lock()).toThrow('write-no-space');
    expect(place.names()).toEqual(['filler']);
    place.write('filler', '');
    expect(folder.lock()).not.toBe(null);
  });

  it('without room for one more name', ({ skip }) => {
    if (!place.mount(['-t', 'tmpfs', '-o', 'size=1m,nr_inodes=3,mode=755', 'tmpfs'], place.directory)) skip();
    place.write('.config', kernel.old);
    place.write('filler', 'x');
    const before = snapshot(place.directory);
    const { status, stderr } = runToEnd(kernel.args, place);
    expect(status).toBe(2);
    expect(stderr).toContain('no space left on the disk; nothing was changed');
    expect(snapshot(place.directory)).toEqual(before);
  });

  it('behind standard output: it says so, and does not pass for done', ({ skip }) => {
    if (!place.mount(['-t', 'tmpfs', '-o', 'size=64k,mode=755', 'tmpfs'], place.directory)) skip();
    for (const [leave, args] of [
      [0, ['-o', '-']],
      [3, ['-o', '-']],
      [0, ['--diff', '--dry-run']],
      [0, ['--json', '--dry-run']],
      [1, ['--json', '--dry-run']],
    ] as const) {
      place.write('out', '');
      fill(leave);
      const out = openSync(place.path('out'), 'w');
      const { status, stderr } = runToEnd([...kernel.args, '-c', kernel.base, ...args], { stdout: out });
      closeSync(out);
      expect([status, args]).toEqual([2, args]);
      expect(stderr).toContain(
        'kconfig-trim: error: standard output cannot be written (no space left on the disk): what was printed is cut short; any files were written before\n',
      );
    }
  });

  it('for the cache: the trim is done all the same', ({ skip }) => {
    if (!place.mount(['-t', 'tmpfs', '-o', 'size=64k,mode=755', 'tmpfs'], place.directory)) skip();
    fill(0);
    const work = new Place();
    work.write('.config', kernel.old);
    const { status } = runToEnd(kernel.args, {
      directory: work.directory,
      env: { XDG_CACHE_HOME: place.directory },
    });
    expect(status).toBe(0);
    expect(work.read('.config')).toBe(kernel.trimmed);
    work.leave();
  });
});

/** A trim that may not write: nothing changes, and the message says why. */
function refused(said: string, options: { uid?: number } = {}): void {
  const before = snapshot(place.directory);
  const { status, stdout, stderr } = runToEnd(kernel.args, { ...options, directory: place.directory });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: `kconfig-trim: error: ${place.path('.config')}: ${said}\n`,
  });
  expect(snapshot(place.directory)).toEqual(before);
}

describe('read-only', () => {
  beforeEach(() => {
    place.write('.config', kernel.old);
    place.write('.config.old', 'CONFIG_OLDER=y\n');
  });

  it('file system', ({ skip }) => {
    if (!place.mount(['--bind', place.directory], place.directory)) skip();
    if (!place.mount(['-o', 'remount,ro,bind'], place.directory)) skip();
    refused('on a read-only file system; nothing was changed');
  });

  it('directory', ({ skip }) => {
    chmodSync(place.directory, 0o555);
    for (const name of ['.config', '.config.old']) chmodSync(place.path(name), 0o666);
    if (!isRoot) skip('needs root to run as somebody else');
    refused('no permission to write; nothing was changed', { uid: NOBODY });
  });

  it('file in a directory that may be written', ({ skip }) => {
    if (!isRoot) skip('needs root to run as somebody else');
    chmodSync(place.directory, 0o777);
    chmodSync(place.path('.config'), 0o444);
    refused('no permission to write; nothing was changed', { uid: NOBODY });
  });
});

describe('what a file is', () => {
  it('a symbolic link stays one, and what it points to keeps permissions and owner', () => {
    place.subdirectory('far');
    place.write('far/real', kernel.old);
    chmodSync(place.path('far/real'), 0o640);
    if (isRoot) chownSync(place.path('far/real'), 123, 456);
    symlinkSync('far/real', place.path('.config'));
    expect(runToEnd(kernel.args, place).status).toBe(0);
    expect(lstatSync(place.path('.config')).isSymbolicLink()).toBe(true);
    expect(readFileSync(place.path('far/real'), 'latin1')).toBe(kernel.trimmed);
    const { mode, uid, gid } = statSync(place.path('far/real'));
    expect(mode & 0o7777).toBe(0o640);
    if (isRoot) expect([uid, gid]).toEqual([123, 456]);
    expect(place.read('.config.old')).toBe(kernel.old);
    expect(place.names()).toEqual(['.config', '.config.old', 'far']);
  });

  it('an unchanged file is not touched, nor is anything beside it', () => {
    place.write('.config', kernel.old);
    const first = runToEnd(kernel.args, place);
    expect(inOneLine(first.stdout)).toContain(
      `written ${place.path('.config')}, the old one is ${place.path('.config.old')}`,
    );
    const before = snapshot(place.directory);
    const second = runToEnd(kernel.args, place);
    expect(second.status).toBe(0);
    expect(inOneLine(second.stdout)).toContain(`written ${place.path('.config')} (it was the same already)`);
    expect(snapshot(place.directory)).toEqual(before);
  });
});
