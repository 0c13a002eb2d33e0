import { forEachSymbol } from '../kconfig/expression.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { UNKNOWN_MARK } from '../kconfig/preprocessor.ts';
import type { KSymbol } from '../kconfig/symbol.ts';

/**
 * Answers the toolchain probes that were not run from a .config that records what they once said: a symbol whose
 * default is a probe has its recorded value, and a probe that something depends on said `y` if that is on.
 * @param values the plain values of the base config
 * @returns how many probes were answered
 */
export function answerProbes(kconfig: Kconfig, values: ReadonlyMap<string, string>): number {
  const unknown = kconfig.symbols.all.filter((symbol) => symbol.name?.includes(UNKNOWN_MARK));
  if (unknown.length === 0) return 0;
  const defaults = new Map<KSymbol, KSymbol>();
  const gates = new Map<KSymbol, KSymbol[]>();
  const gate = (symbol: KSymbol) => (probe: KSymbol) => {
    if (!probe.name?.includes(UNKNOWN_MARK)) return;
    const known = gates.get(probe);
    if (known) known.push(symbol);
    else gates.set(probe, [symbol]);
  };
  for (const symbol of kconfig.symbols.all) {
    for (const property of symbol.properties) {
      if (property.kind === 'default') forEachSymbol(property.value, (probe) => defaults.set(probe, symbol));
      forEachSymbol(property.visible, gate(symbol));
    }
    forEachSymbol(symbol.directDependency, gate(symbol));
  }
  for (const probe of unknown) {
    const owner = defaults.get(probe);
    if (owner) probe.answer = recorded(owner, values);
    else probe.answer = (gates.get(probe) ?? []).some((symbol) => isOn(symbol, values)) ? 'y' : 'n';
  }
  return unknown.length;
}

function isOn(symbol: KSymbol, values: ReadonlyMap<string, string>): boolean {
  const value = symbol.name === null ? undefined : values.get(symbol.name);
  return value !== undefined && value !== 'n';
}

/** What the config has for a symbol; a bool it does not mention is off. */
function recorded(symbol: KSymbol, values: ReadonlyMap<string, string>): string {
  const value = values.get(symbol.name ?? '');
  if (symbol.type === 'bool' || symbol.type === 'tristate') return value ?? 'n';
  if (symbol.type === 'string') return (value ?? '').replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1');
  return value ?? '0';
}
