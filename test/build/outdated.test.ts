import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { changedSymbols, OutdatedUnits } from '../../src/build/outdated.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';

const CMD = `savedcmd_fs/a.o := gcc -c -o fs/a.o /src/fs/a.c

source_fs/a.o := /src/fs/a.c

deps_fs/a.o := \\
    $(wildcard include/config/SMP) \\
    $(wildcard include/config/net/ns.h) \\
  /src/include/linux/fs.h \\
  include/generated/bounds.h \\

fs/a.o: $(deps_fs/a.o)

$(deps_fs/a.o):
#SYMVER a 0x1
`;

/** When things were written, in seconds; the object at 100. */
const FILES: Readonly<Record<string, number>> = {
  '/out/fs/a.o': 100,
  '/out/fs/.a.o.cmd': 100,
  '/src/fs/a.c': 10,
  '/src/include/linux/fs.h': 10,
  '/out/include/generated/bounds.h': 90,
  '/out/include/config/SMP': 50,
};

function isOutdated(
  changes: Readonly<Record<string, number | null>> = {},
  changed: readonly string[] = [],
  cmd = CMD,
): boolean | null {
  const files = Object.entries({ ...FILES, ...changes }).filter(([, time]) => time !== null);
  const text = (path: string): string => (path.endsWith('.cmd') ? cmd : '');
  const volume = Volume.fromJSON(Object.fromEntries(files.map(([path]) => [path, text(path)])));
  for (const [path, time] of files) volume.utimesSync(path, time!, time!);
  const fs = new NodeFileSystem(volume as unknown as NodeFs);
  return new OutdatedUnits(fs, '/out', new Set(changed)).isOutdated('fs/a.o');
}

describe('an object of an earlier build', () => {
  it('is as it should be where nothing that it was made of is newer', () => {
    expect(isOutdated()).toBe(false);
  });

  it.each<[string, Readonly<Record<string, number | null>>]>([
    ['its source is newer', { '/src/fs/a.c': 101 }],
    ['a header is newer', { '/src/include/linux/fs.h': 101 }],
    ['a header is gone', { '/src/include/linux/fs.h': null }],
    ['a generated header is newer', { '/out/include/generated/bounds.h': 101 }],
    ['a symbol that they look at was changed since', { '/out/include/config/SMP': 101 }],
    ['nothing tells what it was made of', { '/out/fs/.a.o.cmd': null }],
  ])('is out of date where %s', (_, changes) => expect(isOutdated(changes)).toBe(true));

  it('is out of date where a symbol is about to change', () => {
    expect(isOutdated({}, ['NET'])).toBe(false);
    expect(isOutdated({}, ['SMP'])).toBe(true);
    expect(isOutdated({}, ['NET_NS'])).toBe(true);
  });

  it('is out of date where the list is of another object, or cut', () => {
    expect(isOutdated({}, [], CMD.replace('\ndeps_fs/a.o', '\ndeps_fs/b.o'))).toBe(true);
    expect(isOutdated({}, [], CMD.slice(0, CMD.indexOf('include/linux')))).toBe(true);
    expect(isOutdated({}, [], '')).toBe(true);
  });

  it('is none where there is none', () => {
    expect(isOutdated({ '/out/fs/a.o': null })).toBeNull();
  });
});

describe('changed symbols', () => {
  const values = (object: Record<string, string>) => new Map(Object.entries(object));

  it('are those of other values; n and nothing are one', () => {
    const before = { A: 'y', B: 'm', C: '"text"', D: 'y', G: 'bare text', H: String.raw`a "b" \c`, I: '' };
    const now = { A: 'y', B: 'y', C: '"other"', D: 'n', E: 'n', F: '3', G: '"bare text"' };
    const quoted = { H: String.raw`"a \"b\" \\c"`, I: '""' };
    expect([...changedSymbols(values(before), values({ ...now, ...quoted }))].sort()).toEqual(['B', 'C', 'D', 'F']);
  });
});
