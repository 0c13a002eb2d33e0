/**
 * Trims of random trees: G1 to G6 hold, and nothing more can go. What is built is asked of the walk through the
 * Makefiles, not of the conditions that the resolver goes by.
 */

import { describe, expect, it } from 'vitest';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { KSymbol, Tristate } from '../../src/kconfig/symbol.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { trim } from '../../src/trim/trim.ts';
import type { TrimInput, TrimResult } from '../../src/trim/types.ts';
import { type WayOn, wayToSymbol } from '../../src/trim/way-on.ts';
import type { Configuration, UserValue } from '../../src/values/configuration.ts';
import fc from '../helpers/fast-check.ts';
import { configure, NEW, OLD, symbol } from '../helpers/kconfig.ts';
import { type RandomTree, readTree, type TreeSpec, treeSpec } from '../helpers/random-tree.ts';

const RUNS = Number(process.env['KCONFIG_TRIM_RUNS'] ?? 60);

const trimTree = (tree: RandomTree, options: Partial<TrimInput> = {}): TrimResult =>
  trim({
    kbuild: tree.kbuild,
    base: tree.base,
    loaded: tree.loaded.map((name) => ({ name, origin: 'unknown' })),
    keep: [],
    lean: false,
    enable: false,
    builtin: false,
    ...options,
  });

/** Names of the modules that a configuration builds, as modules or into the kernel. */
function built(tree: RandomTree, config: Configuration): Set<string> {
  const { modules, builtin } = tree.kbuild.build(kbuildLookup(config));
  const inside = builtin.map((path) => path.replace(/^.*\//, '').replace(/(_\w+)?\.o$/, ''));
  return new Set([...modules.map(({ name }) => name), ...inside]);
}

/** Prints the tree of a failing case. */
const shown = ({ files, loaded }: RandomTree, more = ''): string =>
  [...Object.entries(files).map(([name, text]) => `--- ${name}\n${text}`), `loaded ${loaded.join(' ')}`, more].join(
    '\n',
  );

/** Checks something for random trees. */
function forTrees(
  dialect: Dialect,
  check: (tree: RandomTree, spec: TreeSpec) => void,
  options: { readonly most?: number; readonly seed?: number } = {},
): void {
  fc.assert(
    fc.property(treeSpec(options.most ?? 10), (spec) => {
      const tree = readTree(spec, dialect);
      const text = formatDotConfig(tree.base);
      check({ ...tree, base: configure(tree.kconfig, text) }, spec);
    }),
    { numRuns: RUNS, ...(options.seed !== undefined && { seed: options.seed }) },
  );
}

const lost = (before: ReadonlySet<string>, after: ReadonlySet<string>, names: readonly string[]): string[] =>
  names.filter((name) => before.has(name) && !after.has(name));

/** A configuration with one symbol's user value changed. */
function withValue(config: Configuration, name: string, value: Tristate): Configuration {
  const copy = config.clone();
  copy.set(symbol(config.kconfig, name), value);
  return copy;
}

const named = (tree: RandomTree): string[] =>
  tree.kconfig.symbols.all.filter((each) => each.isDefined && !each.isChoice).map((each) => each.name!);

describe.each([
  ['new', NEW],
  ['old', OLD],
])('trims of random trees (%s dialect)', { timeout: 240_000 }, (_name, dialect) => {
  it('lose nothing that is loaded, and are final', () => {
    forTrees(dialect, (tree) => {
      const result = trimTree(tree);
      const read = configure(tree.kconfig, result.text);
      expect(result.violations, shown(tree)).toEqual([]);
      expect(lost(built(tree, tree.base), built(tree, read), tree.loaded), shown(tree, result.text)).toEqual([]);
      expect(formatDotConfig(read)).toBe(result.text);
    });
  });

  it('turn nothing on but what cannot be off, and nothing off but modules and what depends on them', () => {
    forTrees(dialect, (tree) => {
      const result = trimTree(tree);
      const again = tree.base.clone();
      for (const name of named(tree)) {
        const each = symbol(tree.kconfig, name);
        const [before, after] = [tree.base.tristate(each), result.config.tristate(each)];
        if (each.choice) continue;
        if (before === 0 && after !== 0) {
          expect(withValue(result.config, name, 0).tristate(each), shown(tree, `${name}\n${result.text}`)).not.toBe(0);
        }
        if (each.type === 'tristate' && before === 1 && after === 0) again.set(each, 0);
      }
      for (const name of named(tree)) {
        const each = symbol(tree.kconfig, name);
        if (each.choice || tree.base.tristate(each) === 0 || again.tristate(each) === 0) continue;
        const isNewModule = each.type === 'tristate' && again.tristate(each) === 1;
        if (!isNewModule) expect(result.config.tristate(each), shown(tree, `${name}\n${result.text}`)).not.toBe(0);
      }
    });
  });

  it('leave no module that could go', () => {
    forTrees(dialect, (tree) => {
      for (const lean of [false, true]) {
        const result = trimTree(tree, { lean });
        const before = built(tree, tree.base);
        const features = lean ? [] : bools(tree, result.config);
        for (const name of named(tree)) {
          const each = symbol(tree.kconfig, name);
          if (each.type !== 'tristate' || result.config.tristate(each) !== 1) continue;
          const without = withValue(result.config, name, 0);
          if (without.tristate(each) !== 0) continue;
          const broken = lost(before, built(tree, without), tree.loaded);
          broken.push(...features.filter((feature) => without.tristate(symbol(tree.kconfig, feature)) !== 2));
          expect(broken, shown(tree, `${name} lean ${lean}\n${result.text}`)).not.toEqual([]);
        }
      }
    });
  });

  it('do not depend on the order of the listing, and lose nothing when done again', () => {
    forTrees(dialect, (tree) => {
      const result = trimTree(tree);
      const loaded = [...tree.loaded].reverse();
      expect(trimTree({ ...tree, loaded }).text, shown(tree)).toBe(result.text);
      const again = trimTree({ ...tree, base: configure(tree.kconfig, result.text) });
      expect(again.violations, shown(tree)).toEqual([]);
      expect(lost(built(tree, tree.base), built(tree, again.config), tree.loaded), shown(tree)).toEqual([]);
      expect(again.counts.m, shown(tree, result.text)).toBeLessThanOrEqual(result.counts.m);
    });
  });

  it('keep features: bools that a user can set and that gate an object of a loaded module', () => {
    forTrees(dialect, (tree, { modules, entries }) => {
      const asModules = new Set(tree.kbuild.build(kbuildLookup(tree.base)).modules.map(({ name }) => name));
      const loaded = modules.filter((_, i) => tree.loaded.includes(`m${i}`) && asModules.has(`m${i}`));
      const gates = loaded.flatMap(({ members }) => members.map((member) => `S${member % entries.length}`));
      const features = gates.filter((name) => {
        const each = symbol(tree.kconfig, name);
        return each.type === 'bool' && tree.base.tristate(each) === 2 && tree.base.visibility(each) !== 0;
      });
      fc.pre(features.length > 0);
      const result = trimTree(tree);
      for (const name of features) {
        expect(result.config.tristate(symbol(tree.kconfig, name)), shown(tree, `${name}\n${result.text}`)).toBe(2);
      }
    });
  });

  it('build in with --builtin what can be, and name the rest', () => {
    forTrees(dialect, (tree) => {
      const result = trimTree(tree, { builtin: true });
      expect(result.violations, shown(tree)).toEqual([]);
      expect(lost(built(tree, tree.base), built(tree, result.config), tree.loaded), shown(tree)).toEqual([]);
      const modular = named(tree).filter((name) => result.config.tristate(symbol(tree.kconfig, name)) === 1);
      expect([...result.notBuiltin], shown(tree, result.text)).toEqual(modular.sort());
      for (const name of modular) {
        const builtin = withValue(result.config, name, 2);
        if (builtin.tristate(symbol(tree.kconfig, name)) !== 2) continue;
        const broken = lost(built(tree, result.config), built(tree, builtin), tree.loaded);
        const features = bools(tree, result.config).filter(
          (each) => builtin.tristate(symbol(tree.kconfig, each)) !== 2,
        );
        expect([...broken, ...features], shown(tree, `${name}\n${result.text}`)).not.toEqual([]);
      }
    });
  });

  it('lose nothing to --enable', () => {
    forTrees(dialect, (tree) => {
      const result = trimTree(tree, { enable: true });
      const now = built(tree, result.config);
      const kept = result.loaded.filter(({ status }) => status === 'kept' || status === 'builtin');
      expect(result.violations, shown(tree)).toEqual([]);
      expect(lost(built(tree, tree.base), now, tree.loaded), shown(tree, result.text)).toEqual([]);
      expect(
        kept.filter(({ name }) => !now.has(name)),
        shown(tree, result.text),
      ).toEqual([]);
    });
  });

  it('turn on with --enable nearly all that some config builds beside all that is kept', () => {
    const missed: string[] = [];
    let found = 0;
    forTrees(
      dialect,
      (tree) => {
        const result = trimTree(tree, { enable: true });
        const now = built(tree, result.config);
        const before = built(tree, tree.base);
        found += tree.loaded.filter((name) => now.has(name) && !before.has(name)).length;
        const kept = tree.loaded.filter((name) => now.has(name));
        const missing = new Set(tree.loaded.filter((name) => !now.has(name)));
        for (const config of missing.size > 0 ? everyConfig(tree) : []) {
          const possible = built(tree, config);
          if (lost(now, possible, kept).length > 0 || turnsBuiltinOff(tree, config)) continue;
          for (const name of missing) {
            if (!possible.has(name)) continue;
            missing.delete(name);
            missed.push(shown(tree, `${name}\n${formatDotConfig(config)}\nresult ${result.text}`));
          }
        }
      },
      { most: 4, seed: 1 },
    );
    expect(found).toBeGreaterThan(RUNS / 10);
    expect(missed.length, missed[0]).toBeLessThan(found / 20);
  });

  it('find a way to turn on nearly every symbol that some config has on, and none that is longer than it must be', () => {
    const missed: string[] = [];
    let found = 0;
    forTrees(
      dialect,
      (tree) => {
        const off = named(tree).filter((name) => tree.base.tristate(symbol(tree.kconfig, name)) === 0);
        for (const name of off) {
          const each = symbol(tree.kconfig, name);
          const way = wayToSymbol(tree.base.clone(), each, 1).way;
          if (way) {
            expectShortest(tree, each, way);
            found++;
            continue;
          }
          for (const config of everyConfig(tree)) {
            if (config.tristate(each) === 0) continue;
            missed.push(shown(tree, `${name}\n${formatDotConfig(config)}`));
            break;
          }
        }
      },
      { most: 4, seed: 1 },
    );
    expect(found).toBeGreaterThan(RUNS / 2);
    expect(missed.length, missed[0]).toBeLessThan(found / 50);
  });
});

/** The way works when it is written into the file, and is as short as it can be. */
function expectShortest(tree: RandomTree, target: KSymbol, way: WayOn): void {
  const text = ([{ name }, value]: readonly [KSymbol, UserValue]): string => `${name}=${'nmy'[Number(value)]}`;
  const changes = [...way];
  const isOn = (made: typeof changes): boolean => {
    const lines = made.map((change) => `CONFIG_${text(change)}\n`);
    return configure(tree.kconfig, formatDotConfig(tree.base) + lines.join('')).tristate(target) !== 0;
  };
  const all = `${target.name} by ${changes.map(text).join(' ')}`;
  expect(isOn(changes), shown(tree, all)).toBe(true);
  for (const left of changes) {
    // That the chosen one of a choice goes is said even where the order of the file would do it.
    if (left[0].choice) continue;
    expect(isOn(changes.filter((change) => change !== left)), shown(tree, all)).toBe(false);
  }
}

/** Whether something that is built in is off: for a module's sake nothing is turned off. */
function turnsBuiltinOff({ base, kconfig }: RandomTree, config: Configuration): boolean {
  return kconfig.symbols.all.some((each) => base.tristate(each) === 2 && config.tristate(each) === 0);
}

/** Every configuration of a small tree; the same object each time. */
function* everyConfig(tree: RandomTree): Generator<Configuration> {
  const config = tree.base.clone();
  const all = named(tree)
    .filter((name) => name !== 'MODULES')
    .map((name) => symbol(tree.kconfig, name));
  const values = all.map(({ type }) => (type === 'bool' ? [0, 2] : [0, 1, 2]) as Tristate[]);
  const digits = all.map(() => 0);
  for (const each of all) config.set(each, 0);
  for (;;) {
    yield config;
    let at = 0;
    while (at < all.length && digits[at]! + 1 === values[at]!.length) {
      digits[at] = 0;
      config.set(all[at]!, 0);
      at++;
    }
    if (at === all.length) return;
    digits[at]!++;
    config.set(all[at]!, values[at]![digits[at]!]!);
  }
}

/** The bools that are on. */
function bools(tree: RandomTree, config: Configuration): string[] {
  return named(tree).filter((name) => {
    const each = symbol(tree.kconfig, name);
    return each.type === 'bool' && config.tristate(each) === 2;
  });
}
