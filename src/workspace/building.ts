import { resolve } from 'node:path';
import { buildGoals, type Goals } from '../build/goals.ts';
import type { BuildPlaces } from '../build/tree-path.ts';
import type { BuildOptions } from '../cli/options.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { readDotConfig } from '../dotconfig/read.ts';
import { formatDotConfig, formatNewSymbols } from '../dotconfig/write.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import type { LostRequirement } from '../report/build-report.ts';
import { diffConfig } from '../report/diffconfig.ts';
import { resolveKeep } from '../trim/keep.ts';
import { resolveLoaded } from '../trim/loaded.ts';
import { isModuleBuilt, kbuildLookup } from '../trim/lookup.ts';
import { Configuration } from '../values/configuration.ts';
import { readBase } from './base.ts';
import type { Built } from './estimating.ts';
import { keepWords, listingFiles, loadedModules, readListings } from './listings.ts';
import type { Session } from './session.ts';

/** A config that is to be built. */
export interface Subject extends Built {
  /** Its path. */
  readonly source: string;
  /** Its text when make has brought it up to date. */
  readonly settled: string;
  readonly kbuild: KbuildTree;
  readonly notes: readonly string[];
}

/** Symbols that a message names before the rest is counted. */
const NAMES_SHOWN = 6;

/**
 * Reads the config that make will read, and sees to it that make has nothing to ask.
 * @param path absolute
 * @throws InputError `build-no-config`, `build-config-packed`, `build-config-asks`
 */
export async function readSubject(session: Session, path: string): Promise<Subject> {
  const { fs } = session.platform;
  if (fs.stat(path) === null) throw new InputError({ code: 'build-no-config', args: { path } });
  const base = await readBase(session, path);
  if (base.text !== fs.readText(path)) throw new InputError({ code: 'build-config-packed', args: { path } });
  const config = new Configuration(await session.kconfig(base.text));
  session.phases.begin('evaluate', 'Calculating values');
  readDotConfig(config, base.text, { file: path });
  const asked = formatNewSymbols(config).match(/(?<=^(?:# )?CONFIG_)\w+/gm) ?? [];
  if (asked.length > 0) {
    const names = asked.slice(0, NAMES_SHOWN).join(', ') + (asked.length > NAMES_SHOWN ? ', …' : '');
    throw new InputError({ code: 'build-config-asks', args: { path, count: asked.length, names } });
  }
  const settled = formatDotConfig(config);
  const kbuild = session.kbuild(config.kconfig);
  const build = kbuild.build(kbuildLookup(config));
  return {
    config,
    build,
    kbuild,
    source: path,
    settled,
    notes: [...changeNotes(base.text, settled), ...session.toolchainNotes(base.text)],
  };
}

/** What make changes in the config, without asking, before it builds. */
function changeNotes(text: string, settled: string): string[] {
  const changes = diffConfig(text, settled)
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  if (changes.length === 0) return [];
  const shown = changes.slice(0, NAMES_SHOWN).map((line) => line.trim());
  const more = changes.length > shown.length ? ', …' : '';
  return [
    `the config is not settled: make changes ${changes.length} ${changes.length === 1 ? 'symbol' : 'symbols'} first (${shown.join(', ')}${more})`,
  ];
}

/** Where the build runs, as compilers will print it. */
export function buildPlaces({ treePath, objtree, platform }: Session): BuildPlaces {
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

/** Holds listings that were named, and `--keep`, against the config. */
export function readRequired(session: Session, options: BuildOptions, subject: Subject): Required {
  const { config, build, kbuild } = subject;
  const built = new Set(build.modules.map(({ path }) => path));
  const modules = new Set<string>();
  const lost: LostRequirement[] = [];
  const listings = listingFiles(session, options.lsmod).length > 0 ? readListings(session, options.lsmod) : [];
  for (const { name, status, entries, note } of resolveLoaded(loadedModules(listings), kbuild, config, build)) {
    if (status === 'off') lost.push({ name, path: entries[0]?.path ?? null, note });
    for (const { path } of entries) if (built.has(path)) modules.add(path);
  }
  const keep = resolveKeep(keepWords(session, options.keep), kbuild, config);
  const lookup = kbuildLookup(config);
  for (const entry of keep.modules) {
    if (built.has(entry.path)) modules.add(entry.path);
    else if (!isModuleBuilt(entry, lookup)) lost.push({ name: entry.name, path: entry.path, note: '--keep' });
  }
  for (const symbol of keep.symbols) {
    const isSwitch = symbol.type === 'bool' || symbol.type === 'tristate';
    if (isSwitch && config.tristate(symbol) === 0) lost.push({ name: symbol.name!, path: null, note: '--keep' });
  }
  for (const name of keep.unknown) lost.push({ name, path: null, note: '--keep: not in this tree' });
  return { modules: [...modules], lost };
}

/** The config that make will read. */
export function buildConfigPath(session: Session, named: string | undefined): string {
  const { config } = session.options;
  if (config !== undefined) return resolve(session.platform.cwd, config);
  return named === undefined ? session.configPath() : resolve(session.objtree, named);
}
