import type { ActualBuild, PredictedAgainstActual } from '../estimate/actual.ts';
import type { BuildCost, EstimateBasis, Spender } from '../estimate/types.ts';
import { count, counted } from './count-text.ts';
import { formatDifference, formatDuration } from './duration-text.ts';
import { percentText } from './percent-text.ts';
import { hanging, isTallerThanScreen, type Screen } from './styled-text.ts';

/** One config in the report. */
export interface EstimatedConfig {
  /** Where the config came from. */
  readonly source: string;
  readonly cost: BuildCost;
  readonly parts: { readonly units: number; readonly modules: number; readonly kernel: number };
}

/** Everything that `kconfig-trim estimate` says. */
export interface EstimateReport {
  readonly tree: { readonly version: string; readonly arch: string };
  /** One or two; with two, the second is compared with the first. */
  readonly configs: readonly EstimatedConfig[];
  readonly basis: EstimateBasis;
  /** Whether programs could be run, the compiler among them. */
  readonly mayRun: boolean;
  /** Of the last config. */
  readonly spenders: {
    readonly directories: readonly Spender[];
    readonly symbols: readonly Spender[];
    readonly settings: readonly Spender[];
  };
  /** What the build directory tells, or null where nothing was built in it. */
  readonly actual: { readonly build: ActualBuild; readonly against: PredictedAgainstActual | null } | null;
  readonly warnings: readonly string[];
}

const LABEL_WIDTH = 11;
const SPENDERS_SHOWN = 8;

const label = (text: string): string => hanging(text.padEnd(LABEL_WIDTH));

/**
 * The report as text for `renderText`. Where it does not fit a terminal its result is repeated at the end.
 * @param screen the terminal that it is for; null for a file or a pipe
 */
export function estimateReport(report: EstimateReport, screen: Screen | null): string {
  const { configs, basis } = report;
  const lines = [
    `${label('tree')}Linux ${report.tree.version}, ${report.tree.arch}`,
    ...configs.flatMap((config) => ['', ...configLines(config, basis)]),
    ...(configs.length === 2 ? ['', savingLine(configs[0]!.cost, configs[1]!.cost)] : []),
    ...actualLines(report),
    ...spenderLines(report),
    '',
    ...report.warnings.map((warning) => `note: ${warning}`),
    `note: ${basisText(basis, report.mayRun)}`,
  ];
  const text = `${lines.join('\n')}\n`;
  if (!screen || !isTallerThanScreen(text, screen)) return text;
  const [before, after] = configs;
  return `${text}\n${after ? savingLine(before!.cost, after.cost) : `${label('build')}${wallText(before!.cost, basis)}`}\n`;
}

function configLines({ source, cost, parts }: EstimatedConfig, basis: EstimateBasis): string[] {
  const share = (seconds: number): string => percentText(seconds / cost.cpuSeconds);
  return [
    `${label('config')}${source}`,
    `${label('builds')}${counted(cost.objects, 'object')}, ${counted(cost.modules, 'module')}`,
    `${label('CPU time')}${formatDuration(cost.cpuSeconds)}: ${share(parts.units)} objects, ` +
      `${share(parts.modules)} modules' links, ${share(parts.kernel)} vmlinux and image`,
    `${label('build')}${wallText(cost, basis)}`,
  ];
}

/** `about 22 min with make -j8, ± 25 %`. */
export function wallText(cost: BuildCost, { jobs, uncertainty }: EstimateBasis): string {
  return `about ${formatDuration(cost.wallSeconds)} with make -j${jobs}, ± ${roundedPercent(uncertainty)}`;
}

/** In steps of five: it is an uncertainty itself. */
const roundedPercent = (share: number): string => `${Math.max(5, Math.round(share * 20) * 5)} %`;

/** Whose times the figures are, in few words. */
export function machineName({ source }: EstimateBasis): string {
  return source === 'reference-machine' ? 'reference machine' : 'this machine';
}

/** What the figures stand on and how to get others, as a note. @param mayRun whether programs may be run: the compiler */
export function basisText({ source }: EstimateBasis, mayRun: boolean): string {
  const reference = 'those of the reference machine';
  if (source === 'self') return `times are for this machine, its compiler was measured; --no-exec gives ${reference}`;
  if (source === 'timed') return 'times are for this machine, by the build that was timed on it';
  return mayRun
    ? `times are ${reference}, no compiler could be measured here; --reference TIME scales by a build that you timed`
    : `times are ${reference}; without --no-exec this one is measured`;
}

function savingLine(before: BuildCost, after: BuildCost): string {
  const saved = before.cpuSeconds - after.cpuSeconds;
  const share = percentText(Math.abs(saved) / before.cpuSeconds);
  const verb = saved >= 0 ? 'the second saves' : 'the second costs';
  const wall = formatDifference(before.wallSeconds, after.wallSeconds);
  return `${label('compared')}${verb} about ${wall}, ${share} (${formatDifference(before.cpuSeconds, after.cpuSeconds)} of CPU time)`;
}

function actualLines({ actual, configs, basis }: EstimateReport): string[] {
  if (!actual) return [];
  const { build, against } = actual;
  const found = `${count(build.objectsFound)} of ${counted(configs[0]!.cost.objects, 'object')} ${build.objectsFound === 1 ? 'is' : 'are'} there`;
  if (!against) {
    const last = `the last make wrote ${count(build.objects)} of them in ${formatDuration(build.wallSeconds)}`;
    return ['', `${label('built here')}${found}; ${last}: no measure for all`];
  }
  const off = against.ratio - 1;
  return [
    '',
    `${label('built here')}${found}; ${formatDuration(against.actualSeconds)} on the clock, first to last output`,
    `${label('predicted')}${formatDuration(against.predictedSeconds)} with make -j${basis.jobs}: ` +
      `${percentText(Math.abs(off))} ${off >= 0 ? 'more' : 'less'}${against.withinBounds ? '' : ', outside the bounds'}`,
  ];
}

function spenderLines({ spenders: { directories, symbols, settings } }: EstimateReport): string[] {
  const lines: string[] = [];
  const share = (spender: Spender): string => hanging(`${percentText(spender.share).padStart(5)}  `);
  if (directories.length > 0) {
    lines.push('', 'Where the CPU time goes:');
    for (const spender of directories.slice(0, SPENDERS_SHOWN)) {
      lines.push(`${share(spender)}${spender.name}/ (${counted(spender.objects, 'object')})`);
    }
  }
  if (symbols.length + settings.length > 0) {
    lines.push('', 'Turning off would save (suggestions, nothing is changed):');
    for (const spender of symbols.slice(0, SPENDERS_SHOWN)) {
      lines.push(`${share(spender)}${spender.name} (${counted(spender.objects, 'object')})`);
    }
    for (const spender of settings) lines.push(`${share(spender)}${spender.name}, in everything that is compiled`);
  }
  return lines;
}

/** The report as the object that `--json` prints; its form is `kconfig-trim/estimate-1`. */
export function estimateJson(report: EstimateReport): Record<string, unknown> {
  const { tree, configs, basis, spenders, actual, warnings } = report;
  const rounded = (list: readonly Spender[]): readonly Spender[] =>
    list.map((spender) => ({
      ...spender,
      cpuSeconds: Math.round(spender.cpuSeconds),
      share: Math.round(spender.share * 10_000) / 10_000,
    }));
  const [before, after] = configs;
  return {
    schema: 'kconfig-trim/estimate-1',
    tree,
    basis: { ...basis, uncertainty: Math.round(basis.uncertainty * 100) / 100 },
    configs: configs.map(({ source, cost, parts }) => ({
      source,
      ...cost,
      cpuSeconds: Math.round(cost.cpuSeconds),
      wallSeconds: Math.round(cost.wallSeconds),
      parts: {
        units: Math.round(parts.units),
        modules: Math.round(parts.modules),
        kernel: Math.round(parts.kernel),
      },
    })),
    savedFraction:
      before && after ? Math.round((1 - after.cost.cpuSeconds / before.cost.cpuSeconds) * 10_000) / 10_000 : null,
    spenders: {
      directories: rounded(spenders.directories),
      symbols: rounded(spenders.symbols),
      settings: rounded(spenders.settings),
    },
    actual: actual && { ...actual.build, against: actual.against },
    warnings,
  };
}
