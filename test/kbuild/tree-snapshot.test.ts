import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { type DomainLookup, type KbuildOptions, KbuildTree } from '../../src/kbuild/index.ts';
import type { FileSystem } from '../../src/platform/platform.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES = {
  Makefile: 'export FLAVOUR := $(if $(CONFIG_B),bold,$(CONFIG_TEXT))\n$(shell date)\n',
  Kbuild: 'obj-y += d/ open/\nobj-$(CONFIG_A) += e/\n',
  'd/Makefile':
    'obj-$(CONFIG_A) += one.o two.o\nobj-y += three.o made.stub.o\ntwo-objs := x.o\ntwo-$(CONFIG_B) += y.o\n' +
    'two-m += z.o\nlib-y += lib.o\nextra-y := vmlinux.lds\nalways-$(CONFIG_B) += gen.h sub/always.o\n' +
    '$(obj)/%.stub.o: $(obj)/%.o FORCE\n\t$(call cmd,stub)\n$(warning look)\n',
  'e/Makefile': 'obj-m += $(FLAVOUR).o\nsubdir-y += f\n',
  'e/f/Makefile': 'obj-$(CONFIG_C) += f.o\n',
  'open/Makefile': 'obj-y += file-$(CONFIG_TEXT).o\n',
  'open/file-a.c': '',
};
const CONFIGS: readonly Readonly<Record<string, string>>[] = [
  {},
  { A: 'm', B: 'y', TEXT: 'a' },
  { A: 'y', TEXT: 'b', C: 'y' },
];
const NAMES = ['three', 'lib', 'made.stub', 'x', 'y', 'z', 'one', 'a', 'zz', ''];
const domain: DomainLookup = (symbol) => (symbol === 'A' ? 'tristate' : symbol === 'TEXT' ? 'open' : 'bool');

function options(files: Readonly<Record<string, string>> = FILES): KbuildOptions {
  const fs = memoryFs(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/tree/${path}`, text])));
  return { fs, tree: '/tree', srcarch: 'x86', domain };
}

/** All that can be asked of a tree. */
function answers(tree: KbuildTree) {
  const modules = [...tree.modules.all()].map((entry) => ({
    name: entry.name,
    path: entry.path,
    directory: entry.directory,
    when: [entry.whenModule, entry.whenBuiltin, entry.whenLinked],
    symbols: [entry.symbols, entry.decidingSymbols],
    mentions: entry.mentions,
    isComposite: entry.isComposite,
    objects: entry.objects.map(({ path, when, mentions }) => ({ path, when, mentions })),
    isFound: tree.modules.byPath(entry.path) === entry && tree.modules.byName(entry.name).includes(entry),
    chain: tree.modules.directoryChain(entry.directory),
    entered: tree.modules.whenEntered(entry.directory),
  }));
  return {
    builds: CONFIGS.map((config) => tree.build((symbol) => config[symbol])),
    variables: CONFIGS.map((config) => tree.variable('FLAVOUR', (symbol) => config[symbol])),
    modules,
    named: [...modules, ...NAMES.map((name) => ({ name }))].map(({ name }) =>
      tree.modules.byName(name).map(({ path }) => path),
    ),
    builtinOnly: [...tree.modules.builtinOnly()].map(({ path, when, mentions }) => ({ path, when, mentions })),
    gates: ['A', 'B', 'C'].map((symbol) => tree.modules.gatedBy(symbol)),
    names: {
      builtinOnly: NAMES.map((name) => tree.names.builtinOnly(name)).map((item) => item && [item.path, item.when]),
      withMember: NAMES.map((name) => tree.names.withMember(name).map(({ module, path }) => [module.path, path])),
      units: tree.names.moduleUnits.paths(),
      digest: tree.names.moduleUnits.digest,
      owners: tree.names.moduleUnits.paths().map((_, index) => tree.names.owner(index).path),
    },
    diagnostics: tree.diagnostics,
    unanswered: tree.unansweredShells,
  };
}

/** A tree that has been read, and walked for some configurations. */
function read(configs = CONFIGS): KbuildTree {
  const tree = KbuildTree.load(options());
  for (const config of configs) tree.build((symbol) => config[symbol]);
  return tree;
}

/** Files that nobody may read. */
const NO_FILES: FileSystem = new Proxy({} as FileSystem, {
  get: (_, call) => () => {
    throw new Error(`${String(call)} was called`);
  },
});

describe('a tree that was packed', () => {
  it.each([0, 1, CONFIGS.length])('answers as the one that was read, after %i walks', (walks) => {
    const packed = read(CONFIGS.slice(0, walks)).pack();
    expect(answers(KbuildTree.unpack(options(), packed)!)).toEqual(answers(read(CONFIGS.slice(0, walks))));
  });

  it('knows the entries of the modules that a configuration builds', () => {
    const tree = read();
    const again = KbuildTree.unpack(options(), tree.pack())!;
    for (const each of [tree, again]) {
      const modules = CONFIGS.flatMap((config) => each.build((symbol) => config[symbol]).modules);
      expect(modules.length).toBeGreaterThan(0);
      for (const module of modules) {
        expect(each.modules.entryOf(module)).toBe(each.modules.byPath(module.path));
        // One that does not know where it is listed.
        expect(each.modules.entryOf({ ...module })).toBe(each.modules.byPath(module.path));
      }
    }
    expect(tree.modules.entryOf({ name: 'none', path: 'd/none', objects: [] })).toBeUndefined();
  });

  it('reads no file for a configuration that was walked', () => {
    const [, config] = CONFIGS;
    const packed = read([config!]).pack();
    const tree = KbuildTree.unpack({ ...options(), makefiles: NO_FILES }, packed)!;
    expect(tree.build((symbol) => config![symbol]).modules.map(({ path }) => path)).toContain('d/two');
    expect(tree.modules.byName('two')).toHaveLength(1);
  });

  it('goes to another thread without a copy', () => {
    const packed = read().pack();
    const { buffer, byteLength } = packed;
    expect(buffer.byteLength).toBe(byteLength);
    const moved = structuredClone(packed, { transfer: [buffer as ArrayBuffer] });
    expect(packed.byteLength).toBe(0);
    expect(answers(KbuildTree.unpack(options(), moved)!)).toEqual(answers(read()));
  });

  it('is packed again with what it has read since', () => {
    const [, config] = CONFIGS;
    const first = KbuildTree.unpack(options(), read([]).pack())!;
    first.build((symbol) => config![symbol]);
    expect(first.directory('nowhere')).toBeNull();
    const again = KbuildTree.unpack({ ...options(), makefiles: NO_FILES }, first.pack())!;
    expect(again.build((symbol) => config![symbol])).toEqual(first.build((symbol) => config![symbol]));
    expect(again.directory('nowhere')).toBeNull();
    expect(answers(KbuildTree.unpack(options(), first.pack())!)).toEqual(answers(read()));
  });

  it('is not taken from bytes that are cut', () => {
    const packed = read().pack();
    expect(() => KbuildTree.unpack(options(), packed.subarray(0, packed.length - 8))).toThrow();
  });

  it('is none where a symbol has become something else', () => {
    const packed = read().pack();
    const other: DomainLookup = (symbol) => (symbol === 'C' ? 'tristate' : domain(symbol));
    expect(KbuildTree.unpack({ ...options(), domain: other }, packed)).toBeNull();
  });

  it('asks nothing of what is known to say the same of every symbol', () => {
    const numbered = (checksum: number) => ({ numbered: { checksum, numberOf: () => undefined } });
    const known = Object.assign((symbol: string) => domain(symbol), numbered(0xdeadbeef));
    const packed = KbuildTree.load({ ...options(), domain: known }).pack();
    const asked: string[] = [];
    const asking = (checksum: number | undefined): DomainLookup => {
      const lookup = (symbol: string) => {
        asked.push(symbol);
        return domain(symbol);
      };
      return checksum === undefined ? lookup : Object.assign(lookup, numbered(checksum));
    };
    expect(KbuildTree.unpack({ ...options(), domain: asking(0xdeadbeef) }, packed)).not.toBeNull();
    expect(asked).toEqual([]);
    for (const checksum of [7, undefined]) {
      asked.length = 0;
      expect(KbuildTree.unpack({ ...options(), domain: asking(checksum) }, packed)).not.toBeNull();
      expect(asked).toContain('A');
    }
    // What has no checksum is like nothing else.
    const plain = KbuildTree.load(options()).pack();
    asked.length = 0;
    expect(KbuildTree.unpack({ ...options(), domain: asking(0) }, plain)).not.toBeNull();
    expect(asked).toContain('A');
  });
});

describe('a tree with a Makefile that cannot be parsed', () => {
  const files = { ...FILES, 'e/Makefile': 'ifeq (a\n' };
  const built = (config: Readonly<Record<string, string>>): unknown =>
    KbuildTree.load(options(files)).build((symbol) => config[symbol]);

  it('is as good as any other for configurations that do not enter it', () => {
    expect(built({})).toEqual(read([]).build(() => undefined));
  });

  it('fails where the Makefile is needed', () => {
    expect(() => built({ A: 'y' })).toThrow(InputError);
    const tree = KbuildTree.load(options(files));
    for (const ask of [() => tree.modules, () => tree.names, () => tree.pack(), () => tree.directory('e')]) {
      expect(ask).toThrow(InputError);
    }
  });
});
