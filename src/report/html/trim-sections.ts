import type { FeatureReport, KeptSymbol, LoadedReport, LoadedStatus, TrimResult } from '../../trim/types.ts';
import { count, counted } from '../count-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import type { Row, Section } from './page-data.ts';

/** Loaded modules, kept symbols and features of a trim. */
export function trimSections(result: TrimResult): Section[] {
  return [loadedSection(result.loaded), keptSection(result.kept), featureSection(result.features)];
}

/** What is odd comes first. */
const STATUS_ORDER: readonly LoadedStatus[] = [
  'lost',
  'off',
  'renamed',
  'removed',
  'out-of-tree',
  'unknown',
  'builtin',
  'kept',
];

function loadedSection(loaded: readonly LoadedReport[]): Section {
  const order = ({ status }: LoadedReport): number => STATUS_ORDER.indexOf(status);
  const sorted = [...loaded].sort((a, b) => order(a) - order(b) || (a.name < b.name ? -1 : 1));
  const kept = loaded.filter(({ status }) => status === 'kept' || status === 'builtin').length;
  return {
    id: 'loaded',
    heading: 'Loaded modules',
    intro: `${count(kept)} of ${counted(loaded.length, 'loaded module')} ${kept === 1 ? 'is' : 'are'} built; the others are named first.`,
    columns: [{ name: 'Module' }, { name: 'Status' }, { name: 'Reason' }, { name: 'Symbols' }, { name: 'Path' }],
    rows: sorted.map(({ name, status, note, symbols, path }): Row => {
      const level = status === 'kept' || status === 'builtin' ? 'good' : status === 'lost' ? 'bad' : 'plain';
      return [name, { text: status, level }, byteStringToTerminal(note), symbols.join(', '), path ?? ''];
    }),
  };
}

function keptSection(kept: readonly KeptSymbol[]): Section {
  return {
    id: 'kept',
    heading: 'Kept symbols',
    intro: `${counted(kept.length, 'symbol')} ${kept.length === 1 ? 'stays' : 'stay'} on for the loaded modules. Open a row to see the chain from a loaded module to the symbol.`,
    columns: [{ name: 'Symbol' }, { name: 'Value' }, { name: 'Reason' }, { name: 'For' }],
    rows: kept.map(({ symbol, value, reason, for: names }) => [
      { text: symbol, chain: symbol },
      value,
      reason,
      byteStringToTerminal(names.join(', ')),
    ]),
  };
}

function featureSection(features: readonly FeatureReport[]): Section {
  const rank = ({ to, costs }: FeatureReport): number => (to === 'n' ? 0 : costs.length > 0 ? 1 : 2);
  const sorted = [...features].sort((a, b) => rank(a) - rank(b) || b.costs.length - a.costs.length);
  const paid = features.filter(({ costs }) => costs.length > 0).length;
  return {
    id: 'features',
    heading: 'Features and what they cost',
    intro: `Features of loaded modules stay on. ${paid === 0 ? 'None keeps' : paid === 1 ? 'One keeps' : `${count(paid)} keep`} modules that nothing else needs; --lean gives those up.`,
    columns: [{ name: 'Feature' }, { name: 'Value' }, { name: 'Why' }, { name: 'Keeps on' }],
    rows: sorted.map(({ symbol, from, to, because, costs }) => [
      symbol,
      from === to ? to : `${from} → ${to}`,
      byteStringToTerminal(because),
      costs.join(', '),
    ]),
  };
}
