import type { Spender } from '../../estimate/types.ts';
import { count } from '../count-text.ts';
import { formatDifference, formatDuration } from '../duration-text.ts';
import { basisText, type EstimateReport, wallText } from '../estimate-report.ts';
import { percentText } from '../percent-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import { COMPARED, type Figure, type PageData, type Row, type Section } from './page-data.ts';
import { priceText } from './saving-sections.ts';
import { timeMap } from './time-map.ts';

/**
 * The page of an estimate.
 * @param seconds for each config the CPU seconds of each directory's own files
 */
export function estimatePage(report: EstimateReport, seconds: readonly ReadonlyMap<string, number>[]): PageData {
  const { configs, tree, basis, spenders, warnings } = report;
  const isPair = configs.length === 2;
  return {
    title: `Build time of Linux ${tree.version}, ${tree.arch}`,
    summary: summaryText(report),
    notices: [...warnings, basisText(basis, report.mayRun)].map((text) => ({
      level: 'note',
      text: byteStringToTerminal(text),
    })),
    facts: [
      ['Kernel', `Linux ${tree.version}, ${tree.arch}`],
      ...configs.map(({ source, cost }, index): PageData['facts'][number] => [
        isPair ? `Config ${COMPARED[index]!.toLowerCase()}` : 'Config',
        `${source}: ${wallText(cost, basis)}`,
      ]),
    ],
    figures: figures(report),
    time: timeMap(seconds, isPair ? COMPARED : ['CPU time']),
    sections: [partsSection(report), symbolsSection(spenders.symbols), settingsSection(spenders.settings)],
    symbols: null,
  };
}

function summaryText({ configs, basis }: EstimateReport): string {
  const [first, second] = configs;
  if (!second) return `${first!.source} takes ${wallText(first!.cost, basis)}.`;
  const [before, after] = [first!.cost.cpuSeconds, second.cost.cpuSeconds];
  const verb = before >= after ? 'saves' : 'costs';
  return `${second.source} ${verb} about ${formatDifference(before, after)} of CPU time against ${first!.source}.`;
}

function figures({ configs }: EstimateReport): Figure[] {
  const costs = configs.map(({ cost }) => cost);
  const [before, after] = [costs[0]!, costs.at(-1)!];
  const figure = (name: string, of: (cost: typeof before) => number, text: (value: number) => string): Figure => ({
    name,
    before: costs.length === 2 ? text(of(before)) : null,
    after: text(of(after)),
    share: costs.length === 2 && of(before) > 0 ? of(after) / of(before) : null,
  });
  return [
    figure('Modules', ({ modules }) => modules, count),
    figure('Objects', ({ objects }) => objects, count),
    figure('CPU time', ({ cpuSeconds }) => cpuSeconds, formatDuration),
  ];
}

function partsSection({ configs }: EstimateReport): Section {
  const kinds = [
    ['objects', 'units'],
    ["modules' links", 'modules'],
    ['vmlinux and image', 'kernel'],
  ] as const;
  return {
    id: 'parts',
    heading: 'What the time is for',
    intro: 'CPU time of compiling, of linking modules, and of the kernel itself.',
    columns: [
      { name: 'Part', isText: true },
      ...configs.map((_, index) => ({ name: configs.length === 2 ? COMPARED[index]! : 'CPU time', isNumber: true })),
    ],
    rows: kinds.map(([name, key]) => [name, ...configs.map(({ parts }) => formatDuration(parts[key]))]),
  };
}

function symbolsSection(symbols: readonly Spender[]): Section {
  return {
    id: 'symbols',
    heading: 'Symbols that cost the most',
    intro: 'What turning one off would save, with all that only it needs. These are suggestions; nothing is changed.',
    columns: [
      { name: 'Symbol' },
      { name: 'Objects', isNumber: true },
      { name: 'Saves', isNumber: true },
      { name: 'Share', isNumber: true },
    ],
    rows: symbols.map(({ name, objects, cpuSeconds, share }) => [
      name,
      count(objects),
      formatDuration(cpuSeconds),
      percentText(share),
    ]),
  };
}

function settingsSection(settings: readonly Spender[]): Section {
  return {
    id: 'settings',
    heading: 'Settings that cost time everywhere',
    intro:
      'They slow down all that is compiled; trim --fast turns off those that change no code that runs. The rows overlap: they do not add up.',
    columns: [
      { name: 'Symbol' },
      { name: 'Saves', isNumber: true },
      { name: 'Share', isNumber: true },
      { name: 'Note' },
    ],
    rows: settings.map(
      ({ name, cpuSeconds, share }): Row => [name, formatDuration(cpuSeconds), percentText(share), priceText(name)],
    ),
  };
}
