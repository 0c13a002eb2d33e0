import type {
  DeepDeparture,
  FeatureReport,
  KeptSymbol,
  LoadedReport,
  LoadedStatus,
  TrimResult,
} from '../../trim/types.ts';
import { count, counted } from '../count-text.ts';
import { formatDifference, formatDuration } from '../duration-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import { PRICES_OF_SETTINGS } from '../settings-text.ts';
import { lackText, type TrimReport } from '../trim-report.ts';
import { blockerRows } from '../why-text.ts';
import type { Cell, Figure, Line, Notice, PageData, Row, Section } from './page-data.ts';
import { placeText, symbolIndex, type TrimmedNames } from './symbol-index.ts';
import { timeMap } from './time-map.ts';

/** What the page of a trim shows beside its report. */
export interface TrimPageInput {
  readonly report: TrimReport;
  /** CPU seconds of each directory's own files. */
  readonly seconds: { readonly before: ReadonlyMap<string, number>; readonly after: ReadonlyMap<string, number> };
  readonly names: TrimmedNames;
}

export const ROWS_SHOWN = 20;
/** What saves less is not worth a row. */
const LEAST_SECONDS = 0.05;

/** The page of a trim. */
export function trimPage({ report, seconds, names }: TrimPageInput): PageData {
  const { result, tree, estimate } = report;
  const saved = formatDifference(estimate.before.cpuSeconds, estimate.after.cpuSeconds);
  const [before, after] = [result.baseBuild.modules.length, result.build.modules.length];
  return {
    title: `Trim of Linux ${tree.version}, ${tree.arch}`,
    summary: `${counted(before, 'module')} became ${count(after)}, which saves about ${saved} of CPU time.`,
    notices: notices(report),
    facts: facts(report),
    figures: figures(report),
    time: timeMap([seconds.before, seconds.after], ['Before', 'After']),
    sections: [...trimSections(result), ...savingSections(report)],
    symbols: symbolIndex(names),
    rowsShown: ROWS_SHOWN,
  };
}

function notices(report: TrimReport): Notice[] {
  const lack = lackText(report);
  const warning = (text: string): Notice => ({ level: 'warning', text: byteStringToTerminal(text) });
  return [
    ...report.result.violations.map(({ name, note, at, blockers }): Notice => {
      const why = [note, ...blockerRows(blockers).map(({ text }) => text)].join('; ');
      return { level: 'error', text: byteStringToTerminal(`${name}: ${why}${at ? ` (${placeText(at)})` : ''}`) };
    }),
    ...(lack === null ? [] : [warning(lack)]),
    ...report.findings.map(warning),
    ...[...report.listingWarnings, ...report.warnings].map((text): Notice => ({ ...warning(text), level: 'note' })),
  ];
}

function facts({ tree, base, listings, written, isPrinted, keys }: TrimReport): PageData['facts'] {
  const loaded = listings.map(({ source, modules }) => `${source} (${counted(modules, 'module')})`);
  return [
    ['Kernel', `Linux ${tree.version}, ${tree.arch}`],
    ['Base config', base.source],
    ['Loaded modules', loaded.join(', ')],
    ['Written', written ?? (isPrinted ? 'standard output' : 'nothing')],
    ...keys.map(({ symbol, missing, to }): PageData['facts'][number] => [
      symbol,
      `${missing.join(', ')} is not there; the config has "${to}"`,
    ]),
  ];
}

function figures({ result, estimate }: TrimReport): Figure[] {
  const numbers = (name: string, before: number, after: number): Figure => ({
    name,
    before: count(before),
    after: count(after),
    share: before > 0 ? after / before : null,
  });
  const { before, after, basis } = estimate;
  const where = basis.source === 'reference-machine' ? ', reference machine' : '';
  return [
    numbers('Modules', result.baseBuild.modules.length, result.build.modules.length),
    numbers('Objects', result.baseBuild.units.length, result.build.units.length),
    {
      name: `CPU time${where}`,
      before: formatDuration(before.cpuSeconds),
      after: formatDuration(after.cpuSeconds),
      share: before.cpuSeconds > 0 ? after.cpuSeconds / before.cpuSeconds : null,
    },
  ];
}

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

/** What settings and built-ins saved or would save. */
function savingSections(report: TrimReport): Section[] {
  const { settings, deep } = report.result;
  return [
    moreSection(report),
    ...(settings ? [settingsSection(report)] : []),
    ...(deep ? [deepSection(deep.departures, report), heldSection(report)] : []),
  ];
}

function moreSection({ estimate, result, hasRecord }: TrimReport): Section {
  const { more, after, settings } = estimate;
  const record = hasRecord ? '' : '; a record of the machine allows more';
  const all: readonly (readonly [what: string, seconds: number, note: string])[] = [
    ['--fast', result.settings ? 0 : more.fastSeconds, 'settings that cost build time and nothing that runs'],
    ['--deep', result.deep ? 0 : more.deepSeconds, `built-ins that the machine shows no use of${record}`],
    ...settings.map(({ name, cpuSeconds }) => [name, cpuSeconds, priceText(name)] as const),
  ];
  const rows = all
    .filter(([, seconds]) => seconds >= LEAST_SECONDS)
    .map(
      ([what, seconds, note]): Row => [
        what,
        formatDuration(seconds),
        `${Math.round((100 * seconds) / after.cpuSeconds)} %`,
        note,
      ],
    );
  return {
    id: 'more',
    heading: 'What would save more',
    intro: 'CPU time that could still go, as a share of what is left. The rows overlap: they do not add up.',
    columns: [{ name: 'What' }, { name: 'Saves', isNumber: true }, { name: 'Share', isNumber: true }, { name: 'Note' }],
    rows,
  };
}

/** What a person gives up without a setting. */
export function priceText(symbol: string): string {
  const price = PRICES_OF_SETTINGS[symbol];
  return price ? `gives up: ${price}` : 'in everything that is compiled';
}

function settingsSection({ result, estimate }: TrimReport): Section {
  const { steps, held } = result.settings!;
  return {
    id: 'settings',
    heading: 'Settings that went',
    intro: 'They cost build time only. What stays is named with the reason.',
    columns: [{ name: 'Symbol' }, { name: 'Saved', isNumber: true }, { name: 'What it means' }],
    rows: [
      ...steps.map(({ symbol, changes }, index): Row => {
        const saved = estimate.settingSteps[index]?.cpuSeconds ?? 0;
        const price = PRICES_OF_SETTINGS[symbol];
        const lines = changes.filter((each) => each.symbol !== symbol).map(changeLine);
        return [{ text: symbol, lines }, formatDuration(Math.max(0, saved)), price ? `gives up: ${price}` : ''];
      }),
      ...held.map(({ symbol, because }): Row => [symbol, '', byteStringToTerminal(`stays: ${because}`)]),
    ],
  };
}

const changeLine = ({ symbol, from, to }: { symbol: string; from: string; to: string }): Line => ({
  text: byteStringToTerminal(`${symbol}: ${from} → ${to === '' ? 'none' : to}`),
  at: '',
});

function deepSection(departures: readonly DeepDeparture[], { estimate }: TrimReport): Section {
  const all = departures.map((departure) => ({
    departure,
    seconds: departure.units.reduce((sum, { seconds }) => sum + seconds, 0) * estimate.scale,
  }));
  all.sort((a, b) => b.seconds - a.seconds);
  return {
    id: 'deep',
    heading: 'Built-ins that --deep turned off',
    intro: `${counted(departures.length, 'built-in')} went, with the evidence that the machine does not use them.`,
    columns: [
      { name: 'Symbol' },
      { name: 'Objects', isNumber: true },
      { name: 'Saved', isNumber: true },
      { name: 'Evidence' },
    ],
    rows: all.map(({ departure: { symbol, units, evidence, changes }, seconds }): readonly Cell[] => [
      { text: symbol, lines: changes.filter((each) => each.symbol !== symbol).map(changeLine) },
      count(units.length),
      formatDuration(seconds),
      byteStringToTerminal(evidence),
    ]),
  };
}

function heldSection({ result, estimate }: TrimReport): Section {
  const held = result.deep!.stays.filter(({ isIdle }) => isIdle);
  return {
    id: 'held',
    heading: 'Built-ins that stayed though unused',
    intro: 'No use of them is shown, and something holds them.',
    columns: [{ name: 'Symbol' }, { name: 'Costs', isNumber: true }, { name: 'Held by' }],
    rows: held.map(({ symbol, seconds, by }) => [
      symbol,
      formatDuration(seconds * estimate.scale),
      byteStringToTerminal(by),
    ]),
  };
}
