import type { TrimmedNames } from '../../trim/why-types.ts';
import { count, counted } from '../count-text.ts';
import { formatDifference, formatDuration } from '../duration-text.ts';
import { machineName } from '../estimate-report.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import { lackText, type TrimReport } from '../trim-report.ts';
import { blockerRows } from '../why-text.ts';
import { COMPARED, type Figure, type Notice, type PageData } from './page-data.ts';
import { savingSections } from './saving-sections.ts';
import { placeText, symbolIndex } from './symbol-index.ts';
import { timeMap } from './time-map.ts';
import { trimSections } from './trim-sections.ts';

/** What the page of a trim shows beside its report. */
export interface TrimPageInput {
  readonly report: TrimReport;
  /** CPU seconds of each directory's own files. */
  readonly seconds: { readonly before: ReadonlyMap<string, number>; readonly after: ReadonlyMap<string, number> };
  readonly names: TrimmedNames;
}

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
    time: timeMap([seconds.before, seconds.after], COMPARED),
    sections: [...trimSections(result), ...savingSections(report)],
    symbols: symbolIndex(names),
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
    ['Written', written ?? (isPrinted ? 'standard output' : 'no config')],
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
  return [
    numbers('Modules', result.baseBuild.modules.length, result.build.modules.length),
    numbers('Objects', result.baseBuild.units.length, result.build.units.length),
    {
      name: `CPU time, ${machineName(basis)}`,
      before: formatDuration(before.cpuSeconds),
      after: formatDuration(after.cpuSeconds),
      share: before.cpuSeconds > 0 ? after.cpuSeconds / before.cpuSeconds : null,
    },
  ];
}
