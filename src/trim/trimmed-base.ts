import { isModuleBuilt, type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';
import type { LoadedReport } from './types.ts';

/** A base config that lacks more of the loaded modules than this is hardly that of the machine. */
const MOST_MISSING = 1 / 10;
/** One that builds less of a tree's modules than this was trimmed: distributions build half of them and more. */
const SHARE_OF_TRIMMED = 1 / 8;

/** What a base config lacks of the loaded modules. */
export interface BaseLack {
  readonly missing: number;
  /** The modules that count: those that the other config builds, or all that the tree has. */
  readonly of: number;
}

/**
 * What a base config lacks that another config builds; null where that is a tenth of it at most, or where the other
 * builds no more of what is loaded: then it is of another machine itself.
 * @param loaded what became of the loaded modules with the base
 * @param other the symbols that the other config sets
 */
export function lacksOf(
  loaded: readonly LoadedReport[],
  kbuild: KbuildTree,
  other: ReadonlyMap<string, string>,
): BaseLack | null {
  const lookup = (name: string): string | undefined => {
    const value = other.get(name);
    return value === 'n' ? undefined : value;
  };
  const built = loaded.filter((module) => entriesOf(module, kbuild).some((entry) => isModuleBuilt(entry, lookup)));
  const builtByBase = loaded.filter(({ path, enable }) => path !== null && enable === null);
  return built.length > builtByBase.length ? lack(built) : null;
}

/**
 * What a base config lacks that looks trimmed: it builds a small part of the tree, and that is not what is loaded; null
 * where it does not look so.
 * @param modules how many it builds
 */
export function lackOfTrimmed(loaded: readonly LoadedReport[], kbuild: KbuildTree, modules: number): BaseLack | null {
  if (modules >= kbuild.modules.count * SHARE_OF_TRIMMED) return null;
  return lack(loaded.filter((module) => entriesOf(module, kbuild).length > 0));
}

function lack(modules: readonly LoadedReport[]): BaseLack | null {
  const missing = modules.filter(({ enable }) => enable !== null).length;
  return missing > modules.length * MOST_MISSING ? { missing, of: modules.length } : null;
}

function entriesOf({ name, path }: LoadedReport, kbuild: KbuildTree): readonly ModuleEntry[] {
  const entries = kbuild.modules.byName(moduleName(name));
  const successor = entries.length === 0 && path !== null ? kbuild.modules.byPath(path) : undefined;
  return successor ? [successor] : entries;
}
