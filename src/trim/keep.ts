import type { KbuildTree, ModuleEntry } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { nearNames } from './near-names.ts';

/** Names that are offered for a word that fits nothing. */
const NEAR = 3;

/** What `--keep` asks for. */
export interface KeepList {
  readonly modules: readonly ModuleEntry[];
  readonly symbols: readonly KSymbol[];
  /** Words that fit nothing. */
  readonly unknown: readonly string[];
}

/**
 * Reads the words of `--keep` and `LMC_KEEP`: a symbol (`CONFIG_USB_ACM`, `USB_ACM`), a module (`cdc_acm`), or a
 * directory of the tree, whose Kconfig files' symbols all stay. Several may be joined with `:`.
 */
export function resolveKeep(words: readonly string[], kbuild: KbuildTree, base: Configuration): KeepList {
  const modules: ModuleEntry[] = [];
  const symbols = new Set<KSymbol>();
  const unknown: string[] = [];
  for (const word of words.flatMap((text) => text.split(':')).filter((text) => text !== '')) {
    const symbol = base.kconfig.symbols.find(word.replace(/^CONFIG_/, ''));
    if (symbol?.isDefined) {
      symbols.add(symbol);
      continue;
    }
    // drivers/gpu/drm/i915 is a directory, whatever module has its last part's name.
    const inside = symbolsUnder(word, base);
    const entries = inside.length === 0 || !word.includes('/') ? kbuild.modules.byName(word) : [];
    if (entries.length > 0) {
      modules.push(...entries);
      continue;
    }
    if (inside.length === 0) unknown.push(word);
    for (const found of inside) symbols.add(found);
  }
  return { modules, symbols: [...symbols], unknown };
}

/** Names of symbols and modules that a word of `--keep` which fits nothing may have meant. */
export function nearKeepWords(word: string, kbuild: KbuildTree, { symbols }: Kconfig): string[] {
  const modules = [...kbuild.modules.all()].map(({ name }) => name);
  const defined = symbols.all.flatMap(({ name, isDefined }) => (isDefined && name !== null ? [name] : []));
  return nearNames(word.replace(/^CONFIG_/, ''), [...defined, ...modules], NEAR);
}

/** Symbols that are on and are defined in a Kconfig file in or below a directory. */
function symbolsUnder(directory: string, base: Configuration): KSymbol[] {
  const prefix = `${directory.replace(/^\.\//, '').replace(/\/+$/, '')}/`;
  return base.kconfig.symbols.all.filter(
    (symbol) =>
      !symbol.isChoice && base.tristate(symbol) !== 0 && symbol.nodes.some((node) => node.at.file.startsWith(prefix)),
  );
}
