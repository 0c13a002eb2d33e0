import { type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';
import type { Sources } from '../sources/sources.ts';

/** A name that a module's source gives it beside its own. */
export interface ModuleAlias {
  /** As the source has it: `ipt_MASQUERADE`, `ledtrig:audio-mute`. */
  readonly text: string;
  readonly module: ModuleEntry;
}

/**
 * Every `MODULE_ALIAS("…")` and `MODULE_ALIAS_CRYPTO("…")` in the C files that modules are made of. All of them are
 * read where nothing is kept (0.3 s of one processor on a kernel in memory), so ask only when a name is left over.
 */
export class ModuleAliases {
  readonly #kbuild: KbuildTree;
  readonly #units: number[] = [];
  readonly #texts: string[] = [];
  /** What each text is as the name of a module. */
  readonly #names: readonly string[];
  /** The words of each text with `_` between them. */
  readonly #words: readonly string[];

  constructor(kbuild: KbuildTree, sources: Sources) {
    this.#kbuild = kbuild;
    for (const { index, texts } of sources.aliases(kbuild.names.moduleUnits)) {
      for (const text of texts) {
        this.#units.push(index);
        this.#texts.push(text);
      }
    }
    // All at once: no text has a newline.
    const all = this.#texts.join('\n');
    this.#names = moduleName(all.replaceAll('/', '_')).split('\n');
    this.#words = all.replace(/[^A-Za-z0-9\n]+/g, '_').split('\n');
  }

  /** Those that are a module's name themselves. @param name as moduleName folds it */
  named(name: string): readonly ModuleAlias[] {
    return this.#where(this.#names, (each) => each === name);
  }

  /** Those of which a name is the first words and not all. */
  beginningWith(name: string): readonly ModuleAlias[] {
    return this.#where(this.#words, (each) => each.startsWith(`${name}_`));
  }

  #where(forms: readonly string[], fits: (form: string) => boolean): readonly ModuleAlias[] {
    const found: ModuleAlias[] = [];
    this.#texts.forEach((text, index) => {
      if (fits(forms[index]!)) found.push({ text, module: this.#kbuild.names.owner(this.#units[index]!) });
    });
    return found;
  }
}
