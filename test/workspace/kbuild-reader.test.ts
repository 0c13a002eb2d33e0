import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { FilesEntry } from '../../src/cache/files-entry.ts';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import type { KbuildOptions, KbuildTree } from '../../src/kbuild/index.ts';
import { NodeCache } from '../../src/platform/cache.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Scope } from '../../src/platform/scope.ts';
import { readKbuild } from '../../src/workspace/kbuild-reader.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let scratch: string;
let scope: Scope;
const inTree = (path: string): string => join(scratch, 'tree', path);

function write(path: string, text: string): void {
  mkdirSync(dirname(inTree(path)), { recursive: true });
  writeFileSync(inTree(path), text);
}

beforeEach(() => {
  scope = new Scope();
  scratch = temporaryFolder();
  write('Makefile', '');
  write('Kbuild', 'obj-y += d/ $(SRCARCH)/\n');
  write('d/Makefile', 'obj-m += $(patsubst $(src)/%.c,%.o,$(wildcard $(src)/*.c))\n');
  write('d/a.c', '');
  write('x86/Makefile', 'obj-m += x.o\n');
  write('arm/Makefile', 'obj-m += y.o\n');
});

/** The modules that a run finds. */
function run(more: Partial<KbuildOptions> = {}, build = 'build'): string[] {
  return [...tree(more, build).modules.all()].map(({ path }) => path).sort();
}

/** The tree that a run has; files are old enough for it. */
function tree(more: Partial<KbuildOptions> = {}, build = 'build'): KbuildTree {
  const options: KbuildOptions = {
    fs: new NodeFileSystem(),
    tree: join(scratch, 'tree'),
    srcarch: 'x86',
    domain: () => 'tristate',
    ...more,
  };
  const platform = {
    epochMs: () => Date.now() + TOO_YOUNG_MS + 1000,
    defer: (work: () => void) => scope.defer(work),
  };
  const entry = new FilesEntry(new NodeCache(join(scratch, 'cache')), options.fs, {
    kind: 'kbuild',
    directory: options.tree,
    place: JSON.stringify([options.tree, options.srcarch]),
    circumstances: JSON.stringify([build, options.variables]),
  });
  const found = readKbuild(options, entry, platform, null, () => undefined);
  scope.runDeferred();
  return found;
}

const entries = (): string[] => readdirSync(join(scratch, 'cache')).filter((name) => name.startsWith('kbuild-'));

it('is the same the second time, from the cache', () => {
  expect(run()).toEqual(['d/a', 'x86/x']);
  const [name] = entries();
  const before = readFileSync(join(scratch, 'cache', name!));
  expect(run()).toEqual(['d/a', 'x86/x']);
  expect(entries()).toEqual([name]);
  expect(readFileSync(join(scratch, 'cache', name!))).toEqual(before);
});

const CHANGES: Readonly<Record<string, readonly [change: () => void, found: readonly string[]]>> = {
  'a Makefile that was written': [() => write('x86/Makefile', 'obj-m += z.o\n'), ['d/a', 'x86/z']],
  'a Makefile that was touched': [() => utimesSync(inTree('x86/Makefile'), 1, 1), ['d/a', 'x86/x']],
  'a Kbuild file beside a Makefile': [() => write('x86/Kbuild', 'obj-m += z.o\n'), ['d/a', 'x86/z']],
  'a directory without its Makefile': [() => rmSync(inTree('x86/Makefile')), ['d/a']],
  'a new file that a wildcard lists': [() => write('d/b.c', ''), ['d/a', 'd/b', 'x86/x']],
};

it.each(Object.entries(CHANGES))('sees %s', (_, [change, found]) => {
  run();
  change();
  expect(run()).toEqual(found);
  expect(run()).toEqual(found);
});

it('keeps architectures apart, and results of other variables, symbols and builds', () => {
  run();
  expect(run({ srcarch: 'arm' })).toEqual(['arm/y', 'd/a']);
  expect(entries()).toHaveLength(2);
  write('d/Makefile', 'obj-$(CONFIG_A) += a.o\nobj-m += $(CROSS_COMPILE)b.o\n');
  expect(run()).toEqual(['d/a', 'd/b', 'x86/x']);
  expect(run({ variables: { CROSS_COMPILE: 'c-' } })).toEqual(['d/a', 'd/c-b', 'x86/x']);
  expect(run({ domain: () => 'none' })).toEqual(['d/b', 'x86/x']);
  expect(run({}, 'another build')).toEqual(['d/a', 'd/b', 'x86/x']);
});

it.each([0, 100, -1])('reads all again where the entry is cut or damaged at %i', (at) => {
  run();
  const path = join(scratch, 'cache', entries()[0]!);
  const bytes = readFileSync(path);
  const place = at < 0 ? bytes.length + at : at;
  bytes[place]! ^= 1;
  writeFileSync(path, bytes);
  expect(run()).toEqual(['d/a', 'x86/x']);
  writeFileSync(path, bytes.subarray(0, place));
  expect(run()).toEqual(['d/a', 'x86/x']);
});

it('caches nothing of a tree with a Makefile that cannot be parsed, which others need not know', () => {
  appendFileSync(inTree('Kbuild'), 'obj-$(CONFIG_B) += broken/\n');
  write('broken/Makefile', 'endif\n');
  expect(() => run()).toThrow();
  scope.runDeferred();
  expect(() => entries()).toThrow();
});

it('says now and then how many Makefiles it has read', () => {
  const names = Array.from({ length: 250 }, (_, index) => `e${index}`);
  write('Kbuild', names.map((name) => `obj-y += ${name}/\n`).join(''));
  for (const name of names) write(`${name}/Makefile`, '');
  const done: number[] = [];
  tree({ progress: (count: number) => done.push(count) } as Partial<KbuildOptions>);
  expect(done).toEqual([100, 200]);
});
