import { execFileSync } from 'node:child_process';
import { closeSync, constants, openSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { unreadableReason } from '../../src/machine/config-bytes.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const fs = new NodeFileSystem();

describe('readBytes with a bound', () => {
  test('one byte more than the bound tells that there is more', () => {
    const path = join(temporaryFolder(), 'f');
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 7, 'abc');
    writeFileSync(path, bytes);
    expect(Buffer.compare(fs.readBytes(path, bytes.length)!, bytes)).toBe(0);
    expect(fs.readBytes(path, bytes.length + 1)).toHaveLength(bytes.length);
    expect(fs.readBytes(path, bytes.length - 1)).toHaveLength(bytes.length);
    expect(fs.readBytes(path, 9)).toHaveLength(10);
    expect(fs.readBytes(path, 0)).toHaveLength(1);
  });

  test('a file without an end, an empty one, none, a directory', () => {
    const dir = temporaryFolder();
    writeFileSync(join(dir, 'empty'), '');
    for (const device of ['/dev/zero', '/dev/urandom', '/dev/full']) expect(fs.readBytes(device, 10)).toBeNull();
    expect(fs.readBytes('/dev/null', 10)).toHaveLength(0);
    const link = join(dir, 'link');
    symlinkSync('/dev/zero', link);
    expect(fs.readBytes(link, 10)).toBeNull();
    expect(fs.readBytes(join(dir, 'empty'), 10)).toHaveLength(0);
    expect(fs.readBytes(join(dir, 'none'), 10)).toBeNull();
    expect(fs.readBytes(dir, 10)).toBeNull();
  });

  test('a file below a directory that keeps this process out', () => {
    const statSync = () => {
      throw Object.assign(new Error('EACCES'), { code: 'EACCES' });
    };
    const closed = new NodeFileSystem({ statSync } as unknown as NodeFs);
    expect(closed.whyUnreadable('/closed/Kconfig')).toBe('no permission');
    expect(unreadableReason(closed, '/closed/config')).toBe('permission');
    expect(fs.whyUnreadable('/none/Kconfig')).toBe('there is no such file');
    expect(unreadableReason(fs, '/none/config')).toBe('missing');
  });

  test('a bound that the start of a file decides about', () => {
    const path = join(temporaryFolder(), 'f');
    writeFileSync(path, Buffer.alloc(5 * 1024 * 1024, 'x'));
    const starts: number[] = [];
    const bound = (most: number) => (start: Uint8Array) => {
      starts.push(start.length);
      return most;
    };
    expect(fs.readBytes(path, bound(3_000_000))).toHaveLength(3_000_001);
    expect(fs.readBytes(path, bound(7))).toHaveLength(8);
    expect(fs.readBytes(path, bound(6_000_000))).toHaveLength(5 * 1024 * 1024);
    expect(starts).toEqual([1024 * 1024, 1024 * 1024, 1024 * 1024]);
  });

  test('a pipe, which comes in pieces', () => {
    const whole = Buffer.alloc(1_500_000, 'abcdefg');
    let at = 0;
    const pipe = {
      statSync: () => undefined,
      openSync: () => 3,
      closeSync: () => {},
      readSync: (_: number, into: Uint8Array, offset: number, length: number): number => {
        const piece = whole.subarray(at, at + Math.min(length, 50_001));
        into.set(piece, offset);
        at += piece.length;
        return piece.length;
      },
    } as unknown as NodeFs;
    expect(Buffer.compare(new NodeFileSystem(pipe).readBytes('/dev/fd/63', 10_000_000)!, whole)).toBe(0);
  });
});

describe('texts', () => {
  const read = (path: string): (string | null)[] => [
    fs.readText(path),
    fs.lookAt(path, (bytes) => Buffer.from(bytes).toString('latin1')),
  ];

  test('of any size', () => {
    const path = join(temporaryFolder(), 'f');
    for (const size of [0, 1, 256 * 1024 - 1, 256 * 1024, 256 * 1024 + 1, 3_000_000]) {
      const text = 'abc\xe9'.repeat(size / 4 + 1).slice(0, size);
      writeFileSync(path, text, 'latin1');
      expect(read(path).every((each) => each === text)).toBe(true);
    }
  });

  test('of files alone: not what waits in a pipe, nor a device, a directory or nothing', () => {
    const dir = temporaryFolder();
    const pipe = join(dir, 'pipe');
    execFileSync('mkfifo', [pipe]);
    expect(read(pipe)).toEqual([null, null]);
    const both = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
    writeSync(both, 'waits');
    expect(read(pipe)).toEqual([null, null]);
    closeSync(both);
    for (const path of ['/dev/zero', dir, join(dir, 'none')]) expect(read(path)).toEqual([null, null]);
  });
});
