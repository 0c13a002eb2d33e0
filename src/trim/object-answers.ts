import {
  type BuildResult,
  type ConfigLookup,
  conditionSymbols,
  type KbuildTree,
  type Mention,
} from '../kbuild/index.ts';
import type { ObjectAnswer } from './why-types.ts';

/** The object that a path of an object or source file means; null for other paths. */
export function objectPath(path: string): string | null {
  return /\.(?:o|c|S|rs)$/.test(path) ? path.replace(/\.\w+$/, '.o') : null;
}

/** Tells of object files what they are part of. */
export class ObjectFinder {
  readonly #kbuild: KbuildTree;
  readonly #build: BuildResult;

  /** @param build what the config in hand builds */
  constructor(kbuild: KbuildTree, build: BuildResult) {
    this.#kbuild = kbuild;
    this.#build = build;
  }

  /**
   * Where an object is part of the kernel or of modules, and the symbols that its own lines name.
   * @param path relative to the tree
   * @returns null where no Kbuild file lists it
   */
  find(path: string, lookup: ConfigLookup): ObjectAnswer | null {
    const mentions: Mention[] = [];
    const modules: string[] = [];
    for (const entry of this.#kbuild.modules.all()) {
      const member = entry.objects.find((object) => object.path === path);
      const isSelf = !entry.isComposite && `${entry.path}.o` === path;
      if (!member && !isSelf) continue;
      modules.push(entry.path);
      mentions.push(...(member?.mentions ?? []), ...(isSelf ? entry.mentions : []));
    }
    for (const item of this.#kbuild.modules.builtinOnly()) if (item.path === path) mentions.push(...item.mentions);
    const value = this.#build.builtin.includes(path)
      ? 'y'
      : this.#build.modules.some(({ objects }) => objects.includes(path))
        ? 'm'
        : 'n';
    if (mentions.length === 0 && modules.length === 0 && value === 'n') return null;
    const names = new Set(mentions.flatMap(({ when }) => conditionSymbols(when)));
    const symbols = [...names].map((name) => ({ name, value: lookup(name) ?? 'n' }));
    return { kind: 'object', name: path, value, modules, symbols, at: mentions[0]?.at ?? null };
  }
}
