import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { FilesEntry } from '../../src/cache/files-entry.ts';
import { TOO_YOUNG_MS, takeFingerprint } from '../../src/cache/fingerprint.ts';
import { TracedFileSystem } from '../../src/cache/traced-file-system.ts';
import { NodeCache } from '../../src/platform/cache.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const RESULT = new Uint8Array([1, 2, 3]);
const fs = new NodeFileSystem();
let scratch: string;
let tree: string;

beforeEach(() => {
  scratch = temporaryFolder();
  tree = join(scratch, 'tree');
  mkdirSync(join(tree, 'lib'), { recursive: true });
  writeFileSync(join(tree, 'Kconfig'), 'one\n');
});

const entry = (circumstances = 'x', place = 'here'): FilesEntry =>
  new FilesEntry(new NodeCache(join(scratch, 'cache')), fs, { kind: 'kind', place, directory: tree, circumstances });

/** Files are old enough for a run that starts so much later. */
const later = (): number => Date.now() + TOO_YOUNG_MS + 1000;

/** A run that reads a file, asks for one that is not there, and lists a directory. */
function run(startedMs: number, between = (): void => {}): void {
  const traced = new TracedFileSystem(fs);
  traced.readText(join(tree, 'Kconfig'));
  traced.stat(join(tree, 'missing'));
  traced.readDirectory(join(tree, 'lib'));
  traced.exists(join(tree, 'missing too'));
  between();
  entry().write([RESULT], traced.seen, startedMs);
}

it('gives a result back for as long as nothing has changed', () => {
  expect(entry().read()).toBeNull();
  run(later());
  expect(entry().read()).toEqual(Buffer.from(RESULT));
  expect(entry('other circumstances').read()).toBeNull();
  expect(entry('x', 'elsewhere').read()).toBeNull();
});

it('lists missing files behind the others, where they cost stat less', () => {
  const seen = new TracedFileSystem(fs);
  for (const name of ['missing', 'Kconfig', 'missing too', 'lib']) seen.stat(join(tree, name));
  const list = takeFingerprint(fs, seen.seen, tree, later())?.list;
  expect(String(list)).toBe('Kconfig\0lib\0missing\0missing too\0');
});

const CHANGES: Readonly<Record<string, () => void>> = {
  'a file that grew': () => appendFileSync(join(tree, 'Kconfig'), 'two\n'),
  'a file of the same size and time': () => {
    const time = new Date(1_000_000_000_000);
    writeFileSync(join(tree, 'Kconfig'), 'two\n');
    utimesSync(join(tree, 'Kconfig'), time, time);
  },
  'a file in the place of another': () => {
    writeFileSync(join(tree, 'new'), 'one\n');
    renameSync(join(tree, 'new'), join(tree, 'Kconfig'));
  },
  'a file that is gone': () => rmSync(join(tree, 'Kconfig')),
  'another file that was missing': () => writeFileSync(join(tree, 'missing too'), ''),
  'a file that was missing': () => writeFileSync(join(tree, 'missing'), ''),
  'a directory of another name, whose files are the same': () => {
    renameSync(join(tree, 'lib'), join(tree, 'old'));
    renameSync(join(tree, 'old'), join(tree, 'lib2'));
  },
  'a name in a directory': () => writeFileSync(join(tree, 'lib', 'new'), ''),
};

it.each(Object.keys(CHANGES))('does not give it back after a change: %s', (name) => {
  const time = new Date(1_000_000_000_000);
  utimesSync(join(tree, 'Kconfig'), time, time);
  run(later());
  expect(entry().read()).not.toBeNull();
  CHANGES[name]!();
  expect(entry().read()).toBeNull();
});

it('does not give it back where a file changed between reading and writing', () => {
  const time = new Date(1_000_000_000_000);
  utimesSync(join(tree, 'Kconfig'), time, time);
  for (const change of [
    () => writeFileSync(join(tree, 'Kconfig'), 'two\n'),
    () => writeFileSync(join(tree, 'missing too'), ''),
  ]) {
    run(later(), change);
    expect(entry().read()).toBeNull();
  }
});

it('keeps nothing of files that changed while it read, or just before', () => {
  run(Date.now());
  expect(entry().read()).toBeNull();
});

it('does not take what is damaged', () => {
  run(later());
  const names = readdirSync(join(scratch, 'cache'));
  expect(names).toHaveLength(2);
  for (const name of names) {
    const path = join(scratch, 'cache', name);
    const bytes = readFileSync(path);
    for (let at = 0; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1;
      writeFileSync(path, damaged);
      expect(entry().read(), `${name}, byte ${at}`).toBeNull();
      writeFileSync(path, bytes.subarray(0, at));
      expect(entry().read(), `${name}, cut at ${at}`).toBeNull();
    }
    rmSync(path);
    expect(entry().read(), `without ${name}`).toBeNull();
    writeFileSync(path, bytes);
    expect(entry().read()).not.toBeNull();
  }
});

it('keeps results of few places', () => {
  for (let i = 0; i < 20; i++)
    entry('x', `place ${i}`).write([RESULT.subarray(0, 1), RESULT.subarray(1)], new Map(), later());
  const names = readdirSync(join(scratch, 'cache'));
  expect(names.filter((name) => name.startsWith('kind-'))).toHaveLength(6);
  expect(names.filter((name) => name.startsWith('files-'))).toHaveLength(20);
});
