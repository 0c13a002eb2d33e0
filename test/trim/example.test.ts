/** The trim of fixtures/example against the truth that was worked out by hand (fixtures/example/README.md). */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  Configuration,
  detectDialect,
  KbuildTree,
  NodeFileSystem,
  parseKconfig,
  readDotConfig,
  type TrimInput,
  Trimmer,
  trim,
} from '../../src/index.ts';

const EXAMPLE = resolve(import.meta.dirname, '../../fixtures/example');
const TREE = join(EXAMPLE, 'tree');

interface Expected {
  readonly loaded: readonly { readonly name: string; readonly status: readonly string[]; readonly path?: string }[];
  readonly trim: {
    readonly built: string[];
    readonly gone: string[];
    readonly symbolsOff: string[];
    readonly featuresKept: string[];
  };
  readonly lean: { readonly built: string[]; readonly gone: string[]; readonly featuresLost: string[] };
}
const expected = JSON.parse(readFileSync(join(EXAMPLE, 'expected.json'), 'utf8')) as Expected;

const fs = new NodeFileSystem();
const env: Record<string, string> = {
  SRCARCH: 'x86',
  ARCH: 'x86',
  srctree: TREE,
  CC: 'cc',
  KERNELVERSION: '6.12.0-example',
};
const kconfig = parseKconfig('Kconfig', detectDialect(fs, TREE, [6, 12]), {
  readFile: (name) => fs.readText(join(TREE, name)),
  glob: () => null,
  env: (name) => env[name],
  shell: (command) =>
    /^\{.*echo "y" \|\| echo "n"$/s.test(command) && !command.includes('echo "n" ||') ? 'y\n' : 'n\n',
  message: () => {},
});
const base = new Configuration(kconfig);
readDotConfig(base, readFileSync(join(EXAMPLE, 'config'), 'latin1'), { file: 'config' });
const names = readFileSync(join(EXAMPLE, 'lsmod.txt'), 'latin1')
  .trimEnd()
  .split('\n')
  .slice(1)
  .map((line) => line.split(' ')[0]!);

const input: TrimInput = {
  kbuild: KbuildTree.load({ fs, tree: TREE, srcarch: 'x86' }),
  base,
  loaded: names.map((name) => ({ name, origin: 'unknown' })),
  keep: [],
  lean: false,
  enable: false,
  builtin: false,
};
const built = (result: ReturnType<typeof trim>): string[] => result.build.modules.map(({ path }) => path).sort();

describe('the example', () => {
  const result = trim(input);

  it('keeps and drops what it must', () => {
    expect(built(result)).toEqual([...expected.trim.built].sort());
    expect(built(result).filter((path) => expected.trim.gone.includes(path))).toEqual([]);
    const on = expected.trim.symbolsOff.filter((name) => result.config.tristate(kconfig.symbols.find(name)!) !== 0);
    expect(on).toEqual([]);
    expect(result.violations).toEqual([]);
  });

  it('tells what became of every loaded module', () => {
    for (const { name, status } of expected.loaded) {
      const report = result.loaded.find((module) => module.name === name);
      if (report) expect(status, name).toContain(report.status);
    }
    expect(result.loaded.length).toBe(names.length);
  });

  it('keeps features of kept drivers and says what they cost', () => {
    for (const name of expected.trim.featuresKept) {
      expect(result.config.tristate(kconfig.symbols.find(name)!), name).toBe(2);
    }
    const ipsec = result.features.find(({ symbol }) => symbol === 'FERRY_IPSEC');
    expect(ipsec?.costs).toContain('INET_ESP_OFFLOAD');
  });

  it('gives them up when asked to be lean', () => {
    const lean = trim({ ...input, lean: true });
    expect(expected.lean.built.filter((path) => !built(lean).includes(path))).toEqual([]);
    expect(built(lean).filter((path) => expected.lean.gone.includes(path))).toEqual([]);
    expect(lean.features.filter(({ to }) => to === 'n').map(({ symbol }) => symbol)).toEqual(
      expect.arrayContaining(expected.lean.featuresLost),
    );
  });

  it.each([{}, { builtin: true }, { fast: true }, { deep: 'bold' as const }])(
    'lists kept symbols with the values that they have in the end: %j',
    (options) => {
      const { kept, config } = trim({ ...input, ...options });
      const values = kept.map(({ symbol }) => ({ symbol, value: config.text(kconfig.symbols.find(symbol)!) }));
      expect(kept.length).toBeGreaterThan(10);
      expect(kept.map(({ symbol, value }) => ({ symbol, value }))).toEqual(values);
      expect(values.filter(({ value }) => value === 'n')).toEqual([]);
    },
  );

  it('does not depend on what was trimmed from the same base before', () => {
    const trimmer = new Trimmer(input.kbuild, input.base);
    trimmer.trim({ ...input, loaded: input.loaded.slice(0, 2) });
    trimmer.trim({ ...input, lean: true, builtin: true });
    expect(trimmer.trim(input).text).toBe(result.text);
  });

  it('is irreducible: without any kept symbol something required is lost', () => {
    for (const { symbol: name, reason } of result.kept) {
      if (reason === 'loaded' || reason === 'forced') continue;
      const without = result.config.clone();
      without.set(kconfig.symbols.find(name)!, 0);
      const again = trim({ ...input, base: without });
      const before = built(result).filter((path) => result.loaded.some((module) => module.path === path));
      const stillBuilt = before.every((path) => built(again).includes(path));
      const featuresOn = expected.trim.featuresKept.every(
        (feature) => again.config.tristate(kconfig.symbols.find(feature)!) === 2,
      );
      expect(stillBuilt && featuresOn, name).toBe(false);
    }
  });

  it('does not depend on the order of the listing', () => {
    expect(trim({ ...input, loaded: [...input.loaded].reverse() }).text).toBe(result.text);
  });

  it('leaves the base alone and is done when it is done', () => {
    expect(trim({ ...input, base: result.config }).text).toBe(result.text);
    expect(trim(input).text).toBe(result.text);
  });
});
