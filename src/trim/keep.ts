import { nearNames, symbolMeant } from '../diagnostics/near-names.ts';
import { isModuleBuilt, type KbuildTree, type ModuleEntry, nameInTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { kbuildLookup } from './lookup.ts';
import type { KeepReport, Violation } from './types.ts';

/** Names that are offered for a word that fits nothing. */
const NEAR = 3;

/** A word that names something. */
interface KeepWord {
  readonly word: string;
  readonly isDirectory: boolean;
  readonly modules: readonly ModuleEntry[];
  readonly symbols: readonly KSymbol[];
}

/** Words that name what is to be kept, and what gave them: the option, or the variable. */
export interface KeepWords {
  readonly by: '--keep' | 'LMC_KEEP';
  readonly words: readonly string[];
}

/** What `--keep` asks for. */
export interface KeepList {
  readonly words: readonly KeepWord[];
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
  const single = new Set(words.flatMap((text) => text.split(':')).filter((text) => text !== ''));
  const resolved = [...single].map((word) => resolveWord(word, kbuild, base));
  const isNamed = ({ modules, symbols }: KeepWord): boolean => modules.length > 0 || symbols.length > 0;
  return {
    words: resolved.filter(isNamed),
    modules: resolved.flatMap(({ modules }) => modules),
    symbols: [...new Set(resolved.flatMap(({ symbols }) => symbols))],
    unknown: resolved.filter((each) => !isNamed(each)).map(({ word }) => word),
  };
}

function resolveWord(word: string, kbuild: KbuildTree, base: Configuration): KeepWord {
  const symbol = base.kconfig.symbols.find(word.replace(/^CONFIG_/, ''));
  if (symbol?.isDefined) return { word, isDirectory: false, modules: [], symbols: [symbol] };
  // drivers/gpu/drm/i915 is a directory, whatever module has its last part's name.
  const inside = symbolsUnder(word, base);
  const entries = inside.length === 0 || !word.includes('/') ? kbuild.modules.meant(word) : [];
  if (entries.length > 0) return { word, isDirectory: false, modules: entries, symbols: [] };
  return { word, isDirectory: true, modules: [], symbols: inside };
}

/**
 * What became of the words that name something.
 * @param base the config that the trim began with
 * @param violations of the result
 */
export function keepReports({ words }: KeepList, base: Configuration, violations: readonly Violation[]): KeepReport[] {
  const lost = new Set(violations.filter(({ promise }) => promise === 'keep').map(({ name }) => name));
  const lookup = kbuildLookup(base);
  const isOff = ({ modules, symbols }: KeepWord): boolean =>
    !modules.some((entry) => isModuleBuilt(entry, lookup)) &&
    symbols.every((symbol) => (symbol.type === 'bool' || symbol.type === 'tristate') && base.tristate(symbol) === 0);
  return words.map((each) => {
    const { word, isDirectory, modules, symbols } = each;
    const isLost = [...modules, ...symbols].some(({ name }) => lost.has(name!));
    const status = isLost ? 'lost' : isOff(each) ? 'off' : 'kept';
    return { word, status, symbols: isDirectory ? symbols.length : null };
  });
}

/** Names of symbols and modules that a word of `--keep` which fits nothing may have meant. */
export function nearKeepWords(word: string, kbuild: KbuildTree, { symbols }: Kconfig): string[] {
  const modules = [...kbuild.modules.all()].map(({ name }) => name);
  const defined = symbols.all.flatMap(({ name, isDefined }) => (isDefined && name !== null ? [name] : []));
  return nearNames(symbolMeant(nameInTree(word)), [...defined, ...modules], NEAR);
}

/** Symbols that are on and are defined in a Kconfig file in or below a directory. */
function symbolsUnder(directory: string, base: Configuration): KSymbol[] {
  const prefix = `${directory.replace(/^\.\//, '').replace(/\/+$/, '')}/`;
  return base.kconfig.symbols.all.filter(
    (symbol) =>
      !symbol.isChoice && base.tristate(symbol) !== 0 && symbol.nodes.some((node) => node.at.file.startsWith(prefix)),
  );
}
