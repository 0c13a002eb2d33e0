import type { Position } from '../../diagnostics/diagnostic.ts';
import type { KeptReason, TrimmedNames, TrimmedView } from '../../trim/why-types.ts';
import { linkText } from '../link-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import type { ChainLink, ModuleDirectory, ModuleEntry, SymbolEntry, SymbolIndex } from './page-data.ts';

/** Symbols that are named of what is gone. */
const NEEDED_SHOWN = 3;

/**
 * Why each symbol and module is what it is, in few bytes: of a chain each symbol has its last link only, and sentences
 * that several have are there once.
 */
export function symbolIndex({ symbols, modules }: TrimmedNames): SymbolIndex {
  const sorted = [...symbols].sort((a, b) => (a.name < b.name ? -1 : 1));
  const places = new Map(sorted.map(({ name }, index) => [name, index]));
  const texts = new Map<string, number>();
  const textIndex = (text: string): number => {
    const known = texts.get(text) ?? texts.size;
    texts.set(text, known);
    return known;
  };
  const entries = sorted.map(({ name, before, view }): SymbolEntry => {
    const link = lastLink(view);
    return [name, before + view.value, link ?? textIndex(reasonText(view))];
  });
  return {
    symbols: entries,
    modules: byDirectory(modules, places),
    texts: [...texts.keys()],
  };
}

/** @param places of symbols in the index, by name */
function byDirectory(modules: TrimmedNames['modules'], places: ReadonlyMap<string, number>): ModuleDirectory[] {
  const directories = new Map<string, ModuleEntry[]>();
  for (const { path, before, after, symbols } of modules) {
    const slash = path.lastIndexOf('/');
    const directory = path.slice(0, Math.max(0, slash));
    const entries = directories.get(directory) ?? [];
    directories.set(directory, entries);
    entries.push([path.slice(slash + 1), before + after, ...symbols.flatMap((name) => places.get(name) ?? [])]);
  }
  return [...directories];
}

/** `drivers/net/Kconfig:12`, or nothing. */
export const placeText = (at: Position | null): string => (at ? `${byteStringToTerminal(at.file)}:${at.line}` : '');

/** The last link of a symbol's chain; null where it has none, or stays as a built-in that nothing leads to. */
function lastLink({ chain }: TrimmedView): ChainLink | null {
  const link = chain.at(-1);
  if (!link || link.kind === 'stays') return null;
  return [chain.length > 1 ? link.from : '', byteStringToTerminal(linkText(link)), placeText(link.at)];
}

/** Why a symbol is what it is that no chain leads to. */
function reasonText({ fate, value, blockers, beyond, reason }: TrimmedView): string {
  if (beyond?.isGone) return byteStringToTerminal(`${beyond.option} turned it off: ${beyond.because}`);
  if (fate === 'gone' || fate === 'off') {
    const needed = [...new Set(blockers.flatMap(({ operands }) => operands.map(({ symbol }) => symbol)))];
    const shown = needed.slice(0, NEEDED_SHOWN).join(', ');
    const more = needed.length > NEEDED_SHOWN ? ', …' : '';
    return needed.length > 0
      ? `It needs ${shown}${more}, which ${needed.length === 1 ? 'is' : 'are'} off.`
      : 'No loaded module needs it.';
  }
  const stays = beyond ? ` ${beyond.option} left it: ${byteStringToTerminal(beyond.because)}.` : '';
  if (reason) return `${keptText(reason)}${stays}`;
  return `${value === 'y' ? 'A trim leaves alone what is built in.' : 'It stays.'}${stays}`;
}

/** Why a symbol stays that is no module's. */
export function keptText({ reason, for: names, evidence }: KeptReason): string {
  const whom = names.length > 0 ? ` for ${names.join(', ')}` : '';
  const facts = evidence.length > 0 ? ` (${evidence.join('; ')})` : '';
  return byteStringToTerminal(`It stays: ${reason}${whom}${facts}.`);
}
