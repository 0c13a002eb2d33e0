import {
  type BuildResult,
  type ConfigLookup,
  conditionSymbols,
  isModuleBuilt,
  type KbuildTree,
  type Mention,
  type ModuleEntry,
} from '../kbuild/index.ts';
import type { ObjectAnswer } from './why-types.ts';

/** The object that a path of an object or source file means; null for other paths. */
export function objectPath(path: string): string | null {
  return /\.(?:o|c|S|rs)$/.test(path) ? path.replace(/\.\w+$/, '.o') : null;
}

/** What a module's objects are linked to before it is made; no source file is called so. */
const ownObject = ({ path }: ModuleEntry): string => `${path}.o`;

/** Tells of object files what they are part of. */
export class ObjectFinder {
  readonly #kbuild: KbuildTree;
  readonly #build: BuildResult;

  /** @param build what the config in hand builds */
  constructor(kbuild: KbuildTree, build: BuildResult) {
    this.#kbuild = kbuild;
    this.#build = build;
  }

  /** Paths of all objects that a Kbuild file lists. */
  paths(): ReadonlySet<string> {
    const { modules } = this.#kbuild;
    const found = new Set([...this.#build.builtin, ...this.#build.modules.flatMap(({ objects }) => objects)]);
    for (const entry of modules.all()) {
      found.add(ownObject(entry));
      for (const { path } of entry.objects) found.add(path);
    }
    for (const { path } of modules.builtinOnly()) found.add(path);
    return found;
  }

  /** The objects that a name means: a path, or the end of one. */
  named(name: string): string[] {
    const paths = this.paths();
    return paths.has(name) ? [name] : [...paths].filter((path) => path.endsWith(`/${name}`)).sort();
  }

  /**
   * Where an object is part of the kernel or of modules, and the symbols that its own lines name.
   * @param path relative to the tree
   * @returns null where no Kbuild file lists it
   */
  find(path: string, lookup: ConfigLookup): ObjectAnswer | null {
    const mentions: Mention[] = [];
    const modules: string[] = [];
    // That of several objects is none of those that are compiled.
    let isLinked = false;
    for (const entry of this.#kbuild.modules.all()) {
      const member = entry.objects.find((object) => object.path === path);
      const isSelf = ownObject(entry) === path;
      isLinked ||= isSelf && isModuleBuilt(entry, lookup);
      if (!member && !isSelf) continue;
      modules.push(entry.path);
      mentions.push(...(member?.mentions ?? []), ...(isSelf ? entry.mentions : []));
    }
    for (const item of this.#kbuild.modules.builtinOnly()) if (item.path === path) mentions.push(...item.mentions);
    const value = this.#build.builtin.includes(path)
      ? 'y'
      : this.#build.modules.some((module) => module.objects.includes(path) || `${module.path}.o` === path)
        ? 'm'
        : isLinked
          ? 'y'
          : 'n';
    if (mentions.length === 0 && modules.length === 0 && value === 'n') return null;
    const names = new Set(mentions.flatMap(({ when }) => conditionSymbols(when)));
    const symbols = [...names].map((name) => ({ name, value: lookup(name) ?? 'n' }));
    return { kind: 'object', name: path, value, modules, symbols, at: mentions[0]?.at ?? null };
  }
}
