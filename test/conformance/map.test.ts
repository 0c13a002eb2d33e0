/**
 * `map` on real kernels: Debian's image package says which modules there are and where, the engine whether the symbols
 * that are named decide. `KCONFIG_TRIM_FULL=1` switches the symbols of every module instead of the day's sample.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { isModuleBuilt, moduleName } from '../../src/kbuild/index.ts';
import { forEachSymbol } from '../../src/kconfig/expression.ts';
import type { KSymbol } from '../../src/kconfig/symbol.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { Configuration, UserValue } from '../../src/values/configuration.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { judgeEnvironment } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase, type TrimBase } from './trim-engine.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const X86 = { arch: 'x86' };
/** Modules whose symbols are switched in a sampled run. */
const SAMPLED = 300;

interface MapEntry {
  readonly name: string;
  readonly path: string;
  readonly symbols: readonly string[];
  readonly condition: string;
}

/** Paths of the modules in Debian's image package. */
function imageModules(kernel: Kernel): string[] {
  return readFileSync(join(kernel.image, 'modules.list'), 'latin1').split('\n').filter(Boolean);
}

/** What the built program maps, by name. */
function runMap(kernel: Kernel, config: string, names: readonly string[] = []): ReadonlyMap<string, MapEntry[]> {
  const { env } = judgeEnvironment(kernel, X86);
  const bin = join(REPOSITORY, 'bin/kconfig-trim.js');
  const args = ['map', '--json', '--tree', kernel.tree, '--arch', 'x86', '--config', config, ...names];
  const done = spawnSync(process.execPath, [bin, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
    env: { PATH: env['PATH'], HOME: env['HOME'] },
  });
  if (done.status !== 0) throw new Error(done.stderr);
  const { modules } = JSON.parse(done.stdout) as { modules: MapEntry[] };
  const found = new Map<string, MapEntry[]>();
  for (const entry of modules) found.set(entry.name, [...(found.get(entry.name) ?? []), entry]);
  return found;
}

/** Modules that are not mapped to just their path, or without a symbol. */
function wronglyMapped(kernel: Kernel, config: string): string[] {
  const mapped = runMap(kernel, config);
  return imageModules(kernel).filter((path) => {
    const entries = mapped.get(moduleName(path)) ?? [];
    return entries.map((entry) => entry.path).join(' ') !== path || entries[0]!.symbols.length === 0;
  });
}

/**
 * Switches symbols off as a person would: by their prompts, or where they have none by what turns them on.
 * @returns the user values to go back to
 */
function switchOff(config: Configuration, symbols: readonly KSymbol[]): Map<KSymbol, UserValue | null> {
  const undo = new Map<KSymbol, UserValue | null>();
  let seen = new Set<KSymbol>();
  const visit = (symbol: KSymbol): void => {
    if (symbol.constant !== null || seen.has(symbol) || config.tristate(symbol) === 0) return;
    seen.add(symbol);
    if (!undo.has(symbol)) undo.set(symbol, config.userValue(symbol));
    config.set(symbol, 0);
    if (config.tristate(symbol) === 0) return;
    forEachSymbol(symbol.reverseDependency, visit);
    for (const property of symbol.properties) {
      if (config.tristate(symbol) === 0) return;
      if (property.kind !== 'default') continue;
      forEachSymbol(property.value, visit);
      forEachSymbol(property.visible, visit);
    }
  };
  // Symbols that hold each other need more than one round.
  for (let round = 0; round < 4 && symbols.some((symbol) => config.tristate(symbol) > 0); round++) {
    seen = new Set();
    for (const symbol of symbols) visit(symbol);
  }
  return undo;
}

/** What is wrong with the deciding symbols of a module; null where they decide. */
function undecided(base: TrimBase, path: string): string | null {
  const { config, kbuild, kconfig } = base;
  const entry = kbuild.modules.byPath(path)!;
  const lookup = kbuildLookup(config);
  if (!isModuleBuilt(entry, lookup)) return `${path} is not built`;
  const symbols = entry.decidingSymbols.map((name) => kconfig.symbols.find(name)!);
  const undo = switchOff(config, symbols);
  const on = symbols.filter((symbol) => config.tristate(symbol) > 0).map((symbol) => symbol.name);
  const stays = isModuleBuilt(entry, lookup);
  config.apply(undo);
  if (on.length > 0) return `${path}: ${on.join(' ')} stay on`;
  if (stays) return `${path} is built without ${entry.decidingSymbols.join(' ')}`;
  return isModuleBuilt(entry, lookup) ? null : `${path} does not come back`;
}

describeKernels('map', (kernels) => {
  const seed = sampleSeed();

  for (const kernel of kernels) {
    it(`${kernel.version}: gives the path of every module of the image, and symbols`, () => {
      expect(imageModules(kernel).length).toBeGreaterThan(4000);
      expect(wronglyMapped(kernel, join(kernel.image, 'config'))).toEqual([]);
    });

    it(`${kernel.version}: maps modules that the base config has off`, () => {
      const scratch = temporaryFolder();
      const config = join(scratch, 'config');
      writeFileSync(config, '# CONFIG_MODULES is not set\n');
      const mapped = runMap(kernel, config);
      const missing = imageModules(kernel).filter(
        (path) => !mapped.get(moduleName(path))?.some((entry) => entry.path === path),
      );
      expect(missing).toEqual([]);
    });

    it(`${kernel.version}: the symbols switch the module (seed ${seed})`, () => {
      const base = readTrimBase(kernel, X86, readFileSync(join(kernel.image, 'config'), 'latin1'));
      const paths = FULL ? imageModules(kernel) : random(seed).pick(imageModules(kernel), SAMPLED);
      expect(paths.map((path) => undecided(base, path)).filter((wrong) => wrong !== null)).toEqual([]);
    });
  }
});
