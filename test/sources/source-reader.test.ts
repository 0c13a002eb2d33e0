import { describe, expect, it } from 'vitest';
import { currentFingerprint } from '../../src/cache/fingerprint.ts';
import type { FileStat, FileSystem } from '../../src/platform/platform.ts';
import { type PackedSources, unpackAnswers } from '../../src/sources/cached-sources.ts';
import type { Depth } from '../../src/sources/source-facts.ts';
import { CachingSourceReader, SourceReader } from '../../src/sources/source-reader.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;

/** Files whose states can be set, and that count how often they were read. */
class Disk {
  readonly reads: string[] = [];
  readonly #files = new Map<string, { text: string; stat: FileStat }>();

  write(path: string, text: string, state: Partial<FileStat> = {}): void {
    const old = { size: text.length, mtimeMs: DAY, ctimeMs: DAY, isFile: true, isDirectory: false, mode: 0o644 };
    const stat = { ...old, ...state };
    const version = `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} 1:${path}`;
    this.#files.set(path, { text, stat: { version, ...stat } });
  }

  delete(path: string): void {
    this.#files.delete(path);
  }

  get fs(): FileSystem {
    const read = (path: string): string | null => {
      const file = this.#files.get(path);
      if (file) this.reads.push(path);
      return file?.text ?? null;
    };
    return {
      readText: read,
      whyUnreadable: () => '',
      readBytes: (path) => bytesOf(read(path)),
      lookAt: (path, look) => {
        const bytes = bytesOf(read(path));
        return bytes && look(bytes, this.#files.get(path)!.stat);
      },
      readHead: (path, limit) => {
        const text = read(path);
        return text === null ? null : { text: text.slice(0, limit), file: this.#files.get(path)!.stat };
      },
      stat: (path) => this.#files.get(path)?.stat ?? null,
      exists: (path) => this.#files.has(path),
      readDirectory: () => null,
      realPath: (path) => path,
    };
  }
}

const bytesOf = (text: string | null): Buffer | null => (text === null ? null : Buffer.from(text, 'latin1'));

const ALIASES = 'MODULE_ALIAS("one");\nMODULE_ALIAS_CRYPTO("two");\nMODULE_ALIAS("pci:*");\nMODULE_ALIAS(X "no");\n';

function disk(): Disk {
  const made = new Disk();
  made.write('/t/a/x.c', `#include <linux/module.h>\n${' '.repeat(5000)}\n${ALIASES}`);
  made.write('/t/a/y.c', '#include "part.c"\n#define CREATE_TRACE_POINTS\n');
  made.write('/t/a/part.c', '0123456789');
  made.write('/t/a/z.S', ALIASES);
  return made;
}

describe('SourceReader', () => {
  const reader = new SourceReader(disk().fs, '/t');

  it('finds aliases behind the head, in C sources alone', () => {
    expect(reader.look('a/x.o', 'aliases').aliases).toEqual([
      'one',
      'MODULE_ALIAS_CRYPTO("two")',
      'MODULE_ALIAS(X "no")',
    ]);
    expect(reader.look('a/z.o', 'aliases')).toMatchObject({ kind: 'assembly', aliases: [] });
  });

  it('says the same of the rest whether it reads a source whole or not', () => {
    for (const unit of ['a/x.o', 'a/y.o', 'a/z.o', 'a/none.o', 'a/b/../x.o']) {
      const { aliases: _, registrations: __, ...head } = reader.look(unit, 'head');
      expect(reader.look(unit, 'aliases')).toMatchObject(head);
      expect(reader.look(unit, 'registrations')).toMatchObject(head);
    }
  });
});

describe('what sources register', () => {
  const written = (): Disk => {
    const on = new Disk();
    on.write(
      '/t/a/x.c',
      '#ifdef CONFIG_P\n#include "part.c"\n#endif\n#include "x-own.h"\nstruct pci_driver d = { .name = "x" };\n',
    );
    on.write('/t/a/part.c', 'struct pci_driver d = { .name = "part" };\n');
    on.write('/t/a/x-own.h', '\nstruct pnp_driver d = { .name = "own" };\n');
    return on;
  };
  const EXPECTED = [
    'pci_driver\tx\t5\t',
    'pci_driver\tpart\t1\t(defined(CONFIG_P))\ta/part.c',
    'pnp_driver\town\t2\t\ta/x-own.h',
  ];

  it('has what parts of a source register', () => {
    expect(new SourceReader(written().fs, '/t').look('a/x.o', 'registrations').registrations).toEqual(EXPECTED);
  });

  it('reads each file once, until one changes', () => {
    const on = written();
    const first = new CachingSourceReader(on.fs, '/t', NOW, null);
    first.look('a/x.o', 'aliases');
    expect(first.look('a/x.o', 'registrations').registrations).toEqual(EXPECTED);
    const { packed } = first.pack()!;
    on.reads.length = 0;
    expect(new CachingSourceReader(on.fs, '/t', NOW, packed).look('a/x.o', 'registrations').registrations).toEqual(
      EXPECTED,
    );
    expect(on.reads).toEqual([]);
    on.write('/t/a/x-own.h', 'struct pnp_driver d = { .name = "other" };\n', { ctimeMs: 2 * DAY });
    const after = new CachingSourceReader(on.fs, '/t', NOW, packed).look('a/x.o', 'registrations').registrations;
    expect(after?.at(-1)).toBe('pnp_driver\tother\t1\t\ta/x-own.h');
    expect(on.reads).toEqual(['/t/a/x-own.h']);
  });

  it('does not look for them where only aliases are asked for', () => {
    expect(new SourceReader(written().fs, '/t').look('a/x.o', 'aliases').registrations).toBeNull();
  });
});

describe('CachingSourceReader', () => {
  const UNITS = ['a/x.o', 'a/y.o', 'a/z.o', 'a/none.o'];
  const open = (on: Disk, kept: PackedSources | null = null, startedMs = NOW): CachingSourceReader =>
    new CachingSourceReader(on.fs, '/t', startedMs, kept);
  const all = (reader: SourceReader, depth: Depth = 'aliases'): unknown[] =>
    UNITS.map((unit) => reader.look(unit, depth));

  /** What a run caches that reads all units. */
  function kept(on: Disk, depth: Depth = 'aliases'): PackedSources {
    const reader = open(on);
    all(reader, depth);
    const { packed } = reader.pack()!;
    on.reads.length = 0;
    return packed;
  }

  it('reads nothing again while the files are what they were, and has nothing new to cache', () => {
    const on = disk();
    const fresh = all(new SourceReader(on.fs, '/t'));
    const reader = open(on, kept(on));
    expect(all(reader)).toEqual(fresh);
    expect(on.reads).toEqual([]);
    expect(reader.pack()).toBeNull();
  });

  it.each<[string, Partial<FileStat>]>([
    ['size', {}],
    ['time of change', { mtimeMs: DAY + 0.5 }],
    ['time of change of the inode', { ctimeMs: DAY + 0.5 }],
    ['inode', { version: 'another' }],
  ])('reads a file again whose %s is another, and no other', (_, state) => {
    const on = disk();
    const packed = kept(on);
    on.write('/t/a/x.c', '#include <a>\n#include <b>\n', state);
    const reader = open(on, packed);
    expect(reader.look('a/x.o', 'aliases')).toMatchObject({ includes: 2, aliases: [] });
    all(reader);
    expect(on.reads).toEqual(['/t/a/x.c']);
    expect(all(open(on, reader.pack()!.packed))).toEqual(all(new SourceReader(on.fs, '/t')));
  });

  it('sees that a source has gone, or has come before another suffix', () => {
    const on = disk();
    const packed = kept(on);
    on.delete('/t/a/x.c');
    on.write('/t/a/z.c', '');
    expect(all(open(on, packed))).toEqual(all(new SourceReader(on.fs, '/t')));
  });

  it('takes the size of an included source as it is now', () => {
    const on = disk();
    const packed = kept(on);
    on.write('/t/a/part.c', 'x'.repeat(1000));
    const before = open(disk(), packed).look('a/y.o', 'aliases').bytes;
    expect(open(on, packed).look('a/y.o', 'aliases').bytes).toBe(before + 990);
  });

  it('reads a source whole of which only the head was cached', () => {
    const on = disk();
    const packed = kept(on, 'head');
    const reader = open(on, packed);
    expect(reader.look('a/x.o', 'head').aliases).toBeNull();
    expect(reader.look('a/x.o', 'aliases').aliases).toEqual([
      'one',
      'MODULE_ALIAS_CRYPTO("two")',
      'MODULE_ALIAS(X "no")',
    ]);
    expect(on.reads).toEqual(['/t/a/x.c']);
    expect(open(on, reader.pack()!.packed).look('a/x.o', 'head').aliases).toEqual([
      'one',
      'MODULE_ALIAS_CRYPTO("two")',
      'MODULE_ALIAS(X "no")',
    ]);
  });

  it('packs what was not asked for this time', () => {
    const on = disk();
    const first = open(on);
    first.look('a/x.o', 'aliases');
    const second = open(on, first.pack()!.packed);
    second.look('a/y.o', 'aliases');
    const { packed } = second.pack()!;
    on.reads.length = 0;
    open(on, packed).look('a/x.o', 'aliases');
    expect(on.reads).toEqual([]);
  });

  it('does not cache a file that changes while it is read', () => {
    const on = disk();
    on.write('/t/a/x.c', 'longer than it was when its state was asked for', { size: 3 });
    const packed = kept(on);
    all(open(on, packed));
    expect(on.reads).toEqual(['/t/a/x.c']);
  });

  it('does not cache a file that changed right before', () => {
    const on = disk();
    on.write('/t/a/x.c', '', { ctimeMs: NOW - 1999 });
    const packed = kept(on);
    all(open(on, packed));
    expect(on.reads).toEqual(['/t/a/x.c']);
    // As often as it is asked, it is news to nobody.
    expect(open(on, packed).pack()).toBeNull();
  });

  it('takes what is damaged for nothing', () => {
    const on = disk();
    const packed = kept(on);
    for (const part of ['answers', 'files'] as const) {
      const whole = packed[part];
      for (const cut of [0, 1, 12, 100, whole.length - 4]) {
        const reader = open(on, { ...packed, [part]: whole.slice(0, cut) });
        expect(all(reader)).toEqual(all(new SourceReader(on.fs, '/t')));
      }
    }
  });
});

describe('an answer that is cached', () => {
  const UNITS = ['a/x.o', 'a/y.o', 'a/z.o', 'a/none.o'];
  const open = (on: Disk, packed: PackedSources | null, startedMs = NOW): CachingSourceReader =>
    new CachingSourceReader(on.fs, '/t', startedMs, packed);

  /** What a run caches that was asked about a list. */
  function answered(on: Disk, list = 'list', before: PackedSources | null = null): PackedSources {
    const reader = open(on, before);
    for (const unit of UNITS) reader.look(unit, 'aliases');
    reader.cacheAnswer(list, { aliases: `of ${list}` });
    return reader.pack()!.packed;
  }
  const aliases = (on: Disk, packed: PackedSources, list = 'list'): unknown =>
    open(on, packed).answer(list)?.aliases ?? null;

  it('is given back for the same list alone, while no file has changed', () => {
    const on = disk();
    const packed = answered(on);
    expect(aliases(on, packed)).toBe('of list');
    expect(aliases(on, packed, 'other')).toBeNull();
  });

  it('is not given back where the files were written by another run', () => {
    const on = disk();
    const { answers } = answered(on);
    on.write('/t/a/x.c', ALIASES);
    expect(open(on, { answers, files: answered(on).files }).answer('list')).toBeNull();
  });

  it('has facts and aliases, whichever came first', () => {
    const on = disk();
    const reader = open(on, answered(on));
    reader.cacheAnswer('list', { facts: new Float64Array([1, 2, 0.5]) });
    const { packed } = reader.pack()!;
    expect(open(on, packed).answer('list')).toEqual({
      aliases: 'of list',
      facts: new Float64Array([1, 2, 0.5]),
      registrations: null,
    });
    expect(unpackAnswers(packed.answers).byList.get('list')).toEqual(open(on, packed).answer('list'));
  });

  const CHANGES: readonly [string, (on: Disk) => void][] = [
    ['a source has changed', (on) => on.write('/t/a/x.c', ALIASES)],
    ['a source has gone', (on) => on.delete('/t/a/x.c')],
    ['a source is there that was not', (on) => on.write('/t/a/none.c', ALIASES)],
    ['a C source has come before an assembly source', (on) => on.write('/t/a/z.c', ALIASES)],
    ['an included source has grown', (on) => on.write('/t/a/part.c', '01234567890')],
    ['an included source has gone', (on) => on.delete('/t/a/part.c')],
  ];

  it.each(CHANGES)('is not given back where %s', (_, change) => {
    const on = disk();
    const packed = answered(on);
    change(on);
    const reader = open(on, packed);
    expect(reader.answer('list')).toBeNull();
    // And what this run caches has it no more.
    for (const unit of UNITS) reader.look(unit, 'aliases');
    expect(aliases(on, reader.pack()!.packed)).toBeNull();
  });

  it.each(CHANGES)('comes with the state of all files that it depends on: %s', (_, change) => {
    const on = disk();
    const reader = open(on, null);
    for (const unit of UNITS) reader.look(unit, 'aliases');
    const { fingerprint } = reader.pack()!;
    expect(currentFingerprint(on.fs, fingerprint.list, '/t')).toBe(fingerprint.digest);
    change(on);
    expect(currentFingerprint(on.fs, fingerprint.list, '/t')).not.toBe(fingerprint.digest);
  });

  it('is not cached where a source is too young for it', () => {
    for (const path of ['/t/a/x.c', '/t/a/part.c']) {
      const on = disk();
      on.write(path, '', { ctimeMs: NOW - 1999 });
      expect(aliases(on, answered(on))).toBeNull();
    }
  });

  it('is no reason to cache anything where it cannot be cached itself', () => {
    const on = disk();
    for (const path of ['/t/a/x.c', '/t/a/y.c', '/t/a/part.c', '/t/a/z.S']) on.write(path, '', { ctimeMs: NOW - 1999 });
    const reader = open(on, null);
    for (const unit of UNITS) reader.look(unit, 'aliases');
    reader.cacheAnswer('list', { aliases: '' });
    expect(reader.pack()).toBeNull();
  });

  it('stays beside that of another list, the eight that were wanted last', () => {
    const on = disk();
    let packed = answered(on, '1');
    for (const list of ['2', '3', '4', '5', '6', '7', '8']) packed = answered(on, list, packed);
    expect(aliases(on, packed, '1')).toBe('of 1');
    packed = answered(on, '9', packed);
    expect(aliases(on, packed, '1')).toBeNull();
    expect(aliases(on, packed, '2')).toBe('of 2');
  });
});
