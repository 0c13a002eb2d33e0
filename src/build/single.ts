import { type BuildResult, type ConfigLookup, evaluateCondition, type KbuildTree } from '../kbuild/index.ts';

/**
 * Objects that make can be given as targets (`make fs/ext4/inode.o`). Having made what every build makes first
 * (`prepare`), it hands each on to every directory below that lies on the target's path and that Kbuild files list
 * (Makefile.build: single-subdirs); where there is none further down, the rules of that directory make it.
 *
 * So a directory that is built by a rule alone (arch/x86/realmode/rm) is not reached, and the one above makes its object
 * with other flags. Where two of the directories that are listed lie on the path (arch/x86 and arch/x86/lib), both make
 * the object, each with its own flags, at the same time.
 */
export class SingleTargets {
  readonly #listed: ReadonlySet<string>;
  readonly #kbuild: KbuildTree;
  readonly #lookup: ConfigLookup;
  readonly #children = new Map<string, readonly string[]>();

  constructor(build: BuildResult, kbuild: KbuildTree, lookup: ConfigLookup) {
    this.#listed = new Set([...build.builtin, ...build.modules.flatMap(({ objects }) => objects)]);
    this.#kbuild = kbuild;
    this.#lookup = lookup;
  }

  /** Whether make makes just this unit of the target, as a whole build does. */
  isExact(unit: string): boolean {
    const makers = this.#makers(unit, '.');
    return makers.length === 1 && this.#isMade(unit, makers[0]!);
  }

  /** Whether the unit is made as a whole build does by the last directory to make it. */
  isReached(unit: string): boolean {
    return this.#makers(unit, '.').some((directory) => this.#isMade(unit, directory));
  }

  #isMade(unit: string, directory: string): boolean {
    return this.#listed.has(unit) || directory === unit.slice(0, Math.max(0, unit.lastIndexOf('/')));
  }

  /** The directories that the target is handed down to in the end. */
  #makers(unit: string, directory: string): string[] {
    const below = this.#below(directory).filter((child) => unit.startsWith(`${child}/`) && child !== directory);
    return below.length === 0 ? [directory] : below.flatMap((child) => this.#makers(unit, child));
  }

  #below(directory: string): readonly string[] {
    let children = this.#children.get(directory);
    if (children === undefined) {
      const entries = this.#kbuild.directoryFor(directory, this.#lookup);
      const items = entries
        ? [...entries.builtinDirectories, ...entries.modularDirectories, ...entries.otherDirectories]
        : [];
      const entered = items.filter(({ when }) => evaluateCondition(when, this.#lookup)).map(({ path }) => path);
      children = [...new Set(entered)];
      this.#children.set(directory, children);
    }
    return children;
  }
}
