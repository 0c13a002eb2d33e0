import { Volume } from 'memfs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/file-state.ts';
import { TracedFileSystem } from '../../src/cache/file-trace.ts';
import { KeptResult } from '../../src/cache/kept-result.ts';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import type { Platform } from '../../src/platform/platform.ts';
import type { Configuration } from '../../src/values/configuration.ts';
import { doAfterwards } from '../../src/workspace/afterwards.ts';
import { KeptBase } from '../../src/workspace/kept-base.ts';
import { noteOrigin } from '../../src/workspace/tree-origin.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

const KCONFIG = `${MODULES}config A
	tristate "a"
config NAME
	string "name"
`;
const FILES = {
  '/tree/Makefile': '',
  '/tree/Kbuild': 'obj-$(CONFIG_A) += d/\n',
  '/tree/d/Makefile':
    'obj-m += a.o\nextra-y := b.bin\n$(obj)/%.bin: $(obj)/%.o FORCE\n\t$(call cmd)\n$(obj)/%.o: $(src)/%.c FORCE\n\t$(call cmd)\n',
  '/tree/d/a.c': '',
};

let volume: InstanceType<typeof Volume>;
let fs: NodeFileSystem;
let cache: MemoryCache;
/** The entries that were asked for. */
let asked: KeptResult[];

beforeEach(() => {
  volume = Volume.fromJSON(FILES);
  fs = new NodeFileSystem(volume as unknown as NodeFs);
  cache = new MemoryCache();
  asked = [];
});
afterEach(() => doAfterwards());

/** What a run has of a Kconfig tree; files are old enough for it. @param identity null for one that was not kept */
function keptBase(kconfig: Kconfig, identity: string | null = 'tree', hasCache = true): KeptBase {
  if (identity !== null) noteOrigin(kconfig, { identity, files: null });
  const kept = (kind: string, place: readonly unknown[], circumstances: readonly unknown[]): KeptResult | null => {
    if (!hasCache) return null;
    const key = { kind, place: JSON.stringify(place), directory: '/', circumstances: JSON.stringify(circumstances) };
    asked.push(new KeptResult(cache, fs, key));
    return asked.at(-1)!;
  };
  const today = (): number => Date.now() + TOO_YOUNG_MS + 1000;
  return new KeptBase({ kept, platform: { today } as Platform }, kconfig);
}

/** Has one entry say what another says: whoever asks for it then is told so. */
function swap(entry: KeptResult, other: KeptResult): void {
  entry.write([other.read()!], [], Date.now());
}

describe('a base config that is kept', () => {
  const load = (text: string, source = 'config', identity: string | null = 'tree', hasCache = true) => {
    const loaded = keptBase(parseText(KCONFIG), identity, hasCache).load({ text, source });
    doAfterwards();
    return loaded;
  };
  const written = ({ config }: { config: Configuration }): string => formatDotConfig(config);

  it('is taken where tree, text and source are the same', () => {
    const [on, off] = [load('CONFIG_A=m\n'), load('CONFIG_A=y\n')];
    expect(written(load('CONFIG_A=m\n'))).toBe(written(on));
    swap(asked[0]!, asked[1]!);
    expect(written(load('CONFIG_A=m\n'))).toBe(written(off));
  });

  it.each<[string, () => string]>([
    ['text', () => written(load('CONFIG_A=m\n# \n'))],
    ['source', () => written(load('CONFIG_A=m\n', 'other'))],
    ['tree', () => written(load('CONFIG_A=m\n', 'config', 'other'))],
    ['tree that was not kept', () => written(load('CONFIG_A=m\n', 'config', null))],
    ['program that keeps nothing', () => written(load('CONFIG_A=m\n', 'config', 'tree', false))],
  ])('is not taken for another %s', (_what, other) => {
    const right = written(load('CONFIG_A=m\n'));
    load('CONFIG_A=y\n');
    swap(asked[0]!, asked[1]!);
    expect(other()).toBe(right);
  });

  it('is kept as it was read, whatever was done with it before it is written', () => {
    const kconfig = parseText(KCONFIG);
    const { config } = keptBase(kconfig).load({ text: 'CONFIG_A=m\n', source: 'config' });
    const right = formatDotConfig(config);
    config.set(symbol(kconfig, 'A'), 2);
    doAfterwards();
    const size = cache.entries.size;
    expect(written(load('CONFIG_A=m\n'))).toBe(right);
    expect(cache.entries.size).toBe(size);
  });

  it('is kept with what was found in it', () => {
    const text = 'CONFIG_A=m\nCONFIG_A=m\nCONFIG_NO_SUCH=y\nnonsense\n';
    const { read } = load(text);
    expect(read).toMatchObject({ unknown: ['NO_SUCH'], diagnostics: [{ at: { file: 'config' } }, {}] });
    expect(load(text).read).toEqual(read);
  });

  it('is read where what is kept is damaged, and kept again', () => {
    const right = written(load('CONFIG_A=m\n'));
    for (const bytes of [new Uint8Array(0), Buffer.from('text'), Buffer.alloc(400, 1)]) {
      asked[0]!.write([bytes], [], Date.now());
      expect(written(load('CONFIG_A=m\n'))).toBe(right);
      expect(asked[0]!.read()).not.toEqual(bytes);
    }
  });
});

describe('what a base builds', () => {
  /** A walk in a run of its own; texts of modules and units. */
  function build(
    text: string,
    { kbuild = 'kbuild', kconfig = 'tree' }: { kbuild?: string | null; kconfig?: string | null } = {},
  ): string {
    const files = new TracedFileSystem(fs);
    const tree = KbuildTree.load({ fs: files, makefiles: fs, tree: '/tree', srcarch: 'x86' });
    if (kbuild !== null) noteOrigin(tree, { identity: kbuild, files });
    const parsed = parseText(KCONFIG);
    const built = keptBase(parsed, kconfig).build(tree, configure(parsed, text));
    doAfterwards();
    return JSON.stringify([built.modules.map(({ path, objects }) => [path, ...objects]), built.builtin, built.units]);
  }

  const ON = 'CONFIG_A=m\n';
  const OFF = '# CONFIG_A is not set\n';

  it('is taken where both trees and all values are the same', () => {
    const [on, off] = [build(ON), build(OFF)];
    expect(on).not.toBe(off);
    expect(build(`${ON}# said otherwise\n`)).toBe(on);
    swap(asked[0]!, asked[1]!);
    expect(build(ON)).toBe(off);
  });

  it.each<[string, () => string]>([
    ['other values', () => build(`${ON}CONFIG_NAME="x"\n`)],
    ['another Kconfig tree', () => build(ON, { kconfig: 'other' })],
    ['other Makefiles', () => build(ON, { kbuild: 'other' })],
    ['a Kconfig tree that was not kept', () => build(ON, { kconfig: null })],
    ['Makefiles that were not kept', () => build(ON, { kbuild: null })],
  ])('is not taken for %s', (_what, other) => {
    const right = build(ON);
    build(OFF);
    swap(asked[0]!, asked[1]!);
    expect(other()).toBe(right);
  });

  it('is not taken where a source has come that the walk had looked for', () => {
    const before = build(ON);
    expect(before).toContain('d/a.o');
    volume.writeFileSync('/tree/d/b.c', '');
    const now = build(ON);
    cache.entries.clear();
    expect(build(ON)).toBe(now);
    expect(now).not.toBe(before);
  });
});
