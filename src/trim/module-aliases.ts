import { type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';
import { AliasMacros } from '../sources/alias-macros.ts';
import type { Sources } from '../sources/sources.ts';

/** A macro's call in a source. */
interface Call {
  readonly unit: number;
  readonly macro: string;
  readonly text: string;
  /** The text with `_` for `-`, `,` and `/`. */
  readonly folded: string;
  /** What it has in quotes, if that is all it has, in the same form. */
  readonly own: string | null;
}

/** A name that a module's source gives it beside its own. */
export interface ModuleAlias {
  /** As the source has it: `ipt_MASQUERADE`, `ledtrig:audio-mute`. */
  readonly text: string;
  readonly module: ModuleEntry;
}

/** A call of a macro, as a source has it. */
const CALL = /^(\w*MODULE_ALIAS\w*) ?\(/;
/** A call with one text: `MODULE_ALIAS_FS("ext4")`. */
const ONE_TEXT = /^\w+ ?\( ?"([^"]+)" ?\)$/;

/**
 * Every alias in the C files that modules are made of. All of them are read where nothing is cached (0.3 s of one
 * processor on a kernel in memory), so ask only when a name is left over.
 *
 * What a macro puts before a name says what looks for it (`fs-ext4`). Where most modules that have the macro bear that
 * name themselves, as file systems do, it is a name of the others, too: ntfs3 is `fs-ntfs`, so what was loaded as `ntfs`.
 */
export class ModuleAliases {
  readonly #kbuild: KbuildTree;
  readonly #macros: AliasMacros;
  readonly #units: number[] = [];
  readonly #texts: string[] = [];
  readonly #calls: Call[] = [];
  /** What each text is as the name of a module. */
  readonly #names: readonly string[];
  /** The words of each text with `_` between them. */
  readonly #words: readonly string[];
  #ownNames: ReadonlySet<string> | null = null;

  constructor(kbuild: KbuildTree, sources: Sources) {
    this.#kbuild = kbuild;
    this.#macros = new AliasMacros((path) => kbuild.readText(path), kbuild.srcarch);
    for (const { index, texts } of sources.aliases(kbuild.names.moduleUnits)) {
      for (const text of texts) {
        const macro = CALL.exec(text)?.[1];
        if (macro !== undefined) {
          const form = folded(text);
          this.#calls.push({ unit: index, macro, text, folded: form, own: ONE_TEXT.exec(form)?.[1] ?? null });
          continue;
        }
        this.#units.push(index);
        this.#texts.push(text);
      }
    }
    // All at once: no text has a newline.
    const all = this.#texts.join('\n');
    this.#names = folded(all).split('\n');
    this.#words = all.replace(/[^A-Za-z0-9\n]+/g, '_').split('\n');
  }

  /** Those that are a module's name themselves. @param name as moduleName folds it */
  named(name: string): readonly ModuleAlias[] {
    const own = this.#ownNamed(name);
    return [...this.#where(this.#names, (each) => each === name), ...this.#expanded(name), ...own];
  }

  /** Those without macros of which a name is the first words and not all. */
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

  /** Those that macros make of calls. A call that makes a name has its last word, unless that is a number. */
  #expanded(name: string): readonly ModuleAlias[] {
    const last = name.slice(name.lastIndexOf('_') + 1);
    const near = /^\d+$/.test(last) ? this.#calls : this.#calls.filter((call) => call.folded.includes(last));
    if (near.length === 0) return [];
    const paths = this.#kbuild.names.moduleUnits.paths();
    return near.flatMap(({ unit, text }) => {
      const aliases = this.#macros.expand(text, paths[unit]!.replace(/\.o$/, '.c'));
      const module = this.#kbuild.names.owner(unit);
      return aliases.filter((alias) => folded(alias) === name).map((alias) => ({ text: alias, module }));
    });
  }

  /** Those that a macro has as its text, where its text is mostly the module's name. */
  #ownNamed(name: string): readonly ModuleAlias[] {
    this.#ownNames ??= this.#macrosOfOwnNames();
    const calls = this.#calls.filter(({ macro, own }) => own === name && this.#ownNames!.has(macro));
    return calls.map(({ unit, text }) => ({ text, module: this.#kbuild.names.owner(unit) }));
  }

  #macrosOfOwnNames(): ReadonlySet<string> {
    const counts = new Map<string, { all: number; own: number }>();
    for (const { unit, macro, own } of this.#calls) {
      if (own === null) continue;
      const count = counts.get(macro) ?? { all: 0, own: 0 };
      counts.set(macro, count);
      count.all++;
      if (own === this.#kbuild.names.owner(unit).name) count.own++;
    }
    return new Set([...counts].flatMap(([macro, { all, own }]) => (own * 2 > all ? [macro] : [])));
  }
}

/** A text as the name of a module. */
function folded(text: string): string {
  return moduleName(text.replaceAll('/', '_'));
}
