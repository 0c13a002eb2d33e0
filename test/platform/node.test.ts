import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';

const fs = new NodeFileSystem();

function temporary(): string {
  const dir = mkdtempSync(join(tmpdir(), 'kconfig-trim-node-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

describe('readBytes with a bound', () => {
  test('one byte more than the bound tells that there is more', () => {
    const path = join(temporary(), 'f');
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 7, 'abc');
    writeFileSync(path, bytes);
    expect(Buffer.compare(fs.readBytes(path, bytes.length)!, bytes)).toBe(0);
    expect(fs.readBytes(path, bytes.length + 1)).toHaveLength(bytes.length);
    expect(fs.readBytes(path, bytes.length - 1)).toHaveLength(bytes.length);
    expect(fs.readBytes(path, 9)).toHaveLength(10);
    expect(fs.readBytes(path, 0)).toHaveLength(1);
  });

  test('a file without an end, an empty one, none, a directory', () => {
    const dir = temporary();
    writeFileSync(join(dir, 'empty'), '');
    expect(fs.readBytes('/dev/zero', 5_000_000)).toHaveLength(5_000_001);
    expect(fs.readBytes(join(dir, 'empty'), 10)).toHaveLength(0);
    expect(fs.readBytes(join(dir, 'none'), 10)).toBeNull();
    expect(fs.readBytes(dir, 10)).toBeNull();
  });

  test('a pipe, which comes in pieces', () => {
    const whole = Buffer.alloc(1_500_000, 'abcdefg');
    let at = 0;
    const pipe = {
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
