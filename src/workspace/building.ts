import { buildGoals, type Goals, type LostRequirement } from '../build/goals.ts';
import type { BuildPlaces } from '../build/tree-path.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { dotConfigValues } from '../dotconfig/scan.ts';
import { formatDotConfig, formatNewSymbols } from '../dotconfig/write.ts';
import { isModuleBuilt, type KbuildTree } from '../kbuild/index.ts';
import type { Listing } from '../machine/listing.ts';
import type { Sources } from '../sources/sources.ts';
import { type KeepWords, nearKeepWords, resolveKeep } from '../trim/keep.ts';
import { requireFit } from '../trim/listing-fit.ts';
import { resolveLoaded } from '../trim/loaded.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import { wholeRecord } from '../trim/recorded.ts';
import { readBase } from './base.ts';
import type { Built } from './estimating.ts';
import { loadedModules, recordOf } from './listings.ts';
import type { Workspace } from './workspace.ts';

/** A config that is to be built. */
export interface Subject extends Built {
  /** Its path. */
  readonly source: string;
  readonly text: string;
  /** Its text when make has brought it up to date. */
  readonly settled: string;
  /** Symbols that it does not set and make would ask about: `NAME=value`, the value that olddefconfig gives. */
  readonly defaults: readonly string[];
  readonly kbuild: KbuildTree;
}

/** Symbols that an error names before the rest is counted. */
const NAMES_SHOWN = 6;

/**
 * Reads the config that make will read, and sees to it that make has nothing to ask.
 * @param path absolute
 * @param takesDefaults whether defaults will do where make would ask
 * @throws InputError `build-no-config`, `build-config-packed`, `build-config-asks`
 */
export async function readSubject(workspace: Workspace, path: string, takesDefaults: boolean): Promise<Subject> {
  const { fs } = workspace.platform;
  if (fs.stat(path) === null) throw new InputError({ code: 'build-no-config', args: { path } });
  const base = await readBase(workspace, path);
  if (base.text !== fs.readText(path)) throw new InputError({ code: 'build-config-packed', args: { path } });
  const { config } = workspace.configure(await workspace.kconfig(base.text), base);
  const asked = formatNewSymbols(config).match(/(?<=^(?:# )?CONFIG_)\w+/gm) ?? [];
  if (asked.length > 0 && !takesDefaults) {
    const names = asked.slice(0, NAMES_SHOWN).join(', ') + (asked.length > NAMES_SHOWN ? ', …' : '');
    throw new InputError({ code: 'build-config-asks', args: { path, count: asked.length, names } });
  }
  const settled = formatDotConfig(config);
  const kbuild = workspace.kbuild(config.kconfig);
  const build = kbuild.build(kbuildLookup(config));
  return {
    config,
    build,
    kbuild,
    source: path,
    text: base.text,
    settled,
    defaults: defaultsOf(asked, settled),
  };
}

function defaultsOf(names: readonly string[], settled: string): string[] {
  if (names.length === 0) return [];
  const values = dotConfigValues(settled);
  return names.map((name) => `${name}=${values.get(name) ?? 'n'}`);
}

/** Where the build runs, as compilers will print it. */
export function buildPlaces({ treePath, objtree, platform }: Workspace): BuildPlaces {
  const real = (path: string): string => platform.fs.realPath(path) ?? path;
  return { tree: real(treePath), objtree: real(objtree) };
}

/** What the targets bring forth with this config. */
export function goalsOf({ config, build, kbuild }: Subject, targets: readonly string[]): Goals {
  const lookup = kbuildLookup(config);
  const isOn = (symbol: string): boolean => lookup(symbol) === 'y';
  return buildGoals({
    build,
    targets,
    image: kbuild.variable('KBUILD_IMAGE', lookup) || 'vmlinux',
    modulesNeedBuiltin: isOn('MODVERSIONS') || isOn('DEBUG_INFO_BTF_MODULES'),
    modulesNeedVmlinux: isOn('DEBUG_INFO_BTF_MODULES'),
  });
}

/** What listings and `--keep` require of the build. */
export interface Required {
  /** Modules that have to be there: paths without suffix. */
  readonly modules: readonly string[];
  /** What this config does not build. */
  readonly lost: readonly LostRequirement[];
}

/**
 * Compares the config with what is required of it.
 * @param keep symbols, modules and Kconfig directories that are to be there
 * @param sources asked for only where a record says what is used
 * @param force whether to go on with a listing of which little is in the tree
 * @throws InputError `listing-fits-little`
 */
export function requirementsOf(
  { config, build, kbuild }: Subject,
  listings: readonly Listing[],
  keep: readonly KeepWords[],
  sources: () => Sources,
  force = false,
): Required {
  const built = new Set(build.modules.map(({ path }) => path));
  const modules = new Set<string>();
  const lost: LostRequirement[] = [];
  const loaded = resolveLoaded(loadedModules(listings), kbuild, config, build);
  if (!force) for (const listing of listings) requireFit(listing, loaded);
  for (const { name, status, entries, note } of loaded) {
    if (status === 'off') lost.push({ name, path: entries[0]?.path ?? null, note });
    for (const { path } of entries) if (built.has(path)) modules.add(path);
  }
  const record = recordOf(listings);
  if (record) {
    const needs = wholeRecord({ record, config, kbuild, build, sources: sources() });
    for (const { report, modules: entries } of needs) {
      const { name, use, status, path, evidence } = report;
      if (status === 'off' && use !== 'hardware') lost.push({ name, path, note: `the record has: ${evidence[0]}` });
      for (const entry of entries) if (built.has(entry.path)) modules.add(entry.path);
    }
  }
  for (const { by, words } of keep) {
    const found = resolveKeep(words, kbuild, config);
    const lookup = kbuildLookup(config);
    for (const entry of found.modules) {
      if (built.has(entry.path)) modules.add(entry.path);
      else if (!isModuleBuilt(entry, lookup)) lost.push({ name: entry.name, path: entry.path, note: by });
    }
    for (const symbol of found.symbols) {
      const isSwitch = symbol.type === 'bool' || symbol.type === 'tristate';
      if (isSwitch && config.tristate(symbol) === 0) lost.push({ name: symbol.name!, path: null, note: by });
    }
    for (const name of found.unknown) {
      const near = nearKeepWords(name, kbuild, config.kconfig).join(', ');
      lost.push({ name, path: null, note: `${by}: not in this tree${near === '' ? '' : `; near it: ${near}`}` });
    }
  }
  return { modules: [...modules], lost };
}
