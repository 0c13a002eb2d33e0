import { resolve } from 'node:path';
import { makeVariable } from '../../build/make-command.ts';
import { dotConfigValues } from '../../dotconfig/scan.ts';
import { formatDotConfig } from '../../dotconfig/write.ts';
import { type DirectorySeconds, directorySeconds } from '../../estimate/directory-seconds.ts';
import { savedByTimeSettings, spendersByEffect } from '../../estimate/spenders.ts';
import { type StepSavings, stepSavings } from '../../estimate/step-savings.ts';
import type { BuildEstimate } from '../../estimate/types.ts';
import type { BuildResult, KbuildTree } from '../../kbuild/index.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { Listing } from '../../machine/listing.ts';
import type { MachineRecord } from '../../machine/record/format.ts';
import { isOpenFile } from '../../platform/descriptors.ts';
import type { Scope } from '../../platform/scope.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { count, counted } from '../../report/count-text.ts';
import { diagnosticMessage, diagnosticNote, formatDiagnostic } from '../../report/diagnostic-text.ts';
import { diffConfig } from '../../report/diffconfig.ts';
import type { PageData } from '../../report/html/page-data.ts';
import { trimPage } from '../../report/html/trim-page.ts';
import { trimJson } from '../../report/trim-json.ts';
import { type TrimReport, trimReport } from '../../report/trim-report.ts';
import type { Sources } from '../../sources/sources.ts';
import { commandLineVariables } from '../../toolchain/environment.ts';
import { nearKeepWords } from '../../trim/keep.ts';
import { requireFit } from '../../trim/listing-fit.ts';
import { asksSources } from '../../trim/recorded.ts';
import { letterDiagnostics } from '../../trim/requests.ts';
import { trim } from '../../trim/trim.ts';
import { lackOfTrimmed, lacksOf } from '../../trim/trimmed-base.ts';
import type { TrimResult, ValueRequest } from '../../trim/types.ts';
import { Explainer } from '../../trim/why.ts';
import type { Configuration } from '../../values/configuration.ts';
import { lineDiagnostics } from '../../workspace/base.ts';
import { buildParts, Estimating } from '../../workspace/estimating.ts';
import { replaceMissingKeys } from '../../workspace/key-files.ts';
import { isTrimByName, keepLists, keepWords, loadedModules, recordOf } from '../../workspace/listings.ts';
import { runningConfig } from '../../workspace/running-config.ts';
import { readRequests } from '../../workspace/value-requests.ts';
import type { BaseConfig } from '../../workspace/workspace.ts';
import { CommandRun } from '../command-run.ts';
import { printReport, screenOf } from '../data-output.ts';
import { printMessage } from '../messages.ts';
import type { TrimOptions } from '../options.ts';
import { dataWritten, printBytes, printJson } from '../output.ts';
import { requireOutputs } from '../overwriting.ts';
import { sayPage, writePage } from '../page-output.ts';
import { TRIM_PHASES } from '../phases.ts';

/** Settings that cost less of what is left are not worth a line in the report. */
const SMALLEST_SHARE = 0.1;
/** Names of modules in one finding. */
const UNMAPPED_SHOWN = 6;

/** `kconfig-trim trim`: exit 1 when a promise could not be kept, or with `--strict` a loaded module not be mapped. */
export async function runTrim(options: TrimOptions, scope: Scope): Promise<number> {
  const command = await CommandRun.open(options, scope);
  const trimmed = await trimTree(command, options);
  const { base, status } = trimmed;
  const page = writePage(command, options, () => pageOf(trimmed));
  command.finish();
  await dataWritten();
  if (options.json || options.diff) sayPage(command, page);
  print(options, { ...trimmed.report, page }, base);
  command.workspace.finishSources();
  return status;
}

/** A trim that was written. */
export interface Trimmed {
  readonly report: TrimReport;
  readonly base: Configuration;
  readonly kbuild: KbuildTree;
  /** Works out where the time goes, of the base and of the result. */
  readonly seconds: () => { readonly before: DirectorySeconds; readonly after: DirectorySeconds };
  /** What `trim` exits with. */
  readonly status: number;
}

/** What is special about a trim for another command. */
export interface TrimUse {
  /** Is given what the base lacks, and the text that will be written; throws where that will not do. */
  readonly beforeWriting?: (lack: TrimReport['base']['lack'], text: string) => void;
  /** Whether the old config stays as `.config.old`. */
  readonly keepOld?: boolean;
  /** As `TrimRequest` has it. */
  readonly previous?: ReadonlySet<string> | null;
  /** Files that are written beside the config and the page. */
  readonly writes?: readonly (string | undefined)[];
  /** Values that were read before from what `options` had. */
  readonly requests?: readonly ValueRequest[];
}

/**
 * Trims a tree's config and writes the result. Nothing is printed but what is odd in listings.
 * @throws InputError
 */
export async function trimTree(
  command: CommandRun,
  options: TrimOptions,
  { beforeWriting, keepOld = true, previous = null, writes = [], requests: known = [] }: TrimUse = {},
): Promise<Trimmed> {
  command.workspace.expectKbuild();
  // A thread reads them while this one reads everything else.
  const sources = command.workspace.sources();
  command.phases.begin('read', 'Reading the base config');
  const base = await command.readBase();
  const byName = isTrimByName(command.platform.env, options, base.text);
  const { requests: named, files: fragments, diagnostics: oddLines } = await readRequests(command.workspace, options);
  // A bisection has its own copies of what it reads, and stores the config of before itself.
  const replaced = { file: outputFile(command, options), base: base.source };
  requireOutputs(command.platform, {
    read: [...command.listingFiles(options.lsmod), ...fragments, ...(options.dryRun ? [base.source] : [])],
    written: [options.html, ...writes],
    ...(!options.dryRun && keepOld && { replaced }),
  });
  const listings = byName ? [] : command.readListings(options);
  const requests = [...known, ...named];
  const record = recordOf(listings);
  const deep = options.deep ?? null;
  if ((record && (asksSources(record) || deep)) || deep === 'bold' || byName) sources.expectRegistrations();
  const { config, read, keys, result, kbuild, estimate, seconds, unknownKeep } = await command.workspace.withKconfig(
    base.text,
    (kconfig) => trimWith(command, options, base, { listings, record, requests, previous, byName }, sources, kconfig),
  );
  command.report(config.kconfig.diagnostics);
  if (!options.force) for (const listing of listings) requireFit(listing, result.loaded);
  const lack = await lackOf(command, base, result, kbuild);
  beforeWriting?.(lack, result.text);
  if (!options.dryRun) command.phases.begin('write', 'Writing');
  const written = write(command, options, result.text, keepOld);
  const unmapped = options.strict ? unmappedFindings(result) : [];
  const refused = command.treeNotes();
  const report: TrimReport = {
    tree: { version: command.workspace.tree.version, arch: command.workspace.environment().arch },
    base: { source: base.source, unknown: read.unknown, lack },
    listings: listings.map(({ source, modules }) => ({ source, modules: modules.length })),
    hasRecord: record !== null,
    result,
    keys,
    estimate,
    written: written.path,
    isPrinted: options.output === '-' && !options.dryRun,
    changed: written.changed,
    backup: written.backup,
    page: null,
    isForMake:
      written.path !== null && !isOpenFile(written.path) && command.platform.fs.stat(written.path)?.isFile === true,
    makeWords: makeWords(command, written.path),
    isRefused: refused.length > 0,
    warnings: [
      ...lineDiagnostics(base).map(diagnosticNote),
      ...command.versionNotes(base, read.unknown.length),
      ...command.toolchainNotes(base.text),
      ...kbuild.missingDirectories.map(diagnosticNote),
      ...refused,
      ...[...oddLines, ...letterDiagnostics(requests, config.kconfig)].map(diagnosticNote),
      ...(record?.has('virt container') ? [CONTAINER_NOTE] : []),
    ],
    findings: [...unknownKeep, ...unmapped],
    listingWarnings: listings.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic)),
  };
  const hasFindings = result.violations.length > 0 || report.findings.length > 0;
  return { report, base: config, kbuild, seconds, status: hasFindings ? 1 : 0 };
}

function pageOf({ report, base, kbuild, seconds }: Trimmed): PageData {
  const explainer = new Explainer({ base, kbuild, trimmed: report.result });
  return trimPage({ report, seconds: seconds(), names: explainer.trimmedNames() });
}

/** Said of a record that shows little. */
const CONTAINER_NOTE =
  'the record was made in a container, which shows little of its machine: make one on the machine itself';

/** What the result has to keep and to hold. */
interface Wishes {
  readonly listings: readonly Listing[];
  readonly record: MachineRecord | null;
  readonly requests: readonly ValueRequest[];
  readonly previous: ReadonlySet<string> | null;
  /** Whether names say what stays. */
  readonly byName: boolean;
}

/** All of a trim but what is written and printed. */
function trimWith(
  command: CommandRun,
  options: TrimOptions,
  base: BaseConfig,
  { listings, record, requests, previous, byName }: Wishes,
  sources: Sources,
  kconfig: Kconfig,
) {
  const { config, read } = command.workspace.configure(kconfig, base);
  const keys = replaceMissingKeys(command.workspace, config);
  const kbuild = command.workspace.kbuild(kconfig);
  const result = trim({
    kbuild,
    base: config,
    loaded: loadedModules(listings),
    record,
    previous,
    keep: keepWords(command.platform.env, options.keep),
    requests,
    lean: options.lean ?? false,
    enable: options.enable ?? false,
    deep: options.deep ?? null,
    byName,
    hints: options.html !== undefined || (!options.json && !options.diff && !options.quiet),
    fast: options.fast ?? false,
    debugInfo: options.debugInfo ?? null,
    builtin: options.builtin ?? false,
    sources,
    phase: (name) => {
      // The loaded modules are found: nothing new is asked of the thread from here on.
      if (name === 'resolve') sources.writeCache();
      command.phases.begin(name, TRIM_PHASES[name]);
    },
  });
  command.phases.begin('estimate', 'Estimating the build');
  const unknownKeep = result.unknownKeep.map((word) => {
    const near = nearKeepWords(word, kbuild, kconfig).join(', ');
    const { by } = keepLists(command.platform.env, options.keep).find(({ words }) => words.includes(word))!;
    return diagnosticMessage({ code: 'keep-unknown', severity: 'warning', args: { by, word, near } });
  });
  return {
    config,
    read,
    keys,
    result,
    kbuild,
    unknownKeep,
    ...estimates(command, options, config, result, kbuild),
  };
}

/** What the base config lacks, where it looks as if it was trimmed for another machine. */
async function lackOf(
  command: CommandRun,
  base: BaseConfig,
  { loaded, baseBuild }: TrimResult,
  kbuild: KbuildTree,
): Promise<TrimReport['base']['lack']> {
  if (loaded.every(({ enable }) => enable === null)) return null;
  const running = await runningConfig(command.workspace, base);
  const found = running && lacksOf(loaded, kbuild, dotConfigValues(running.text));
  if (found) return { ...found, running: running.source };
  const trimmed = lackOfTrimmed(loaded, kbuild, baseBuild.modules.length);
  return trimmed && { ...trimmed, running: null };
}

function print(options: TrimOptions, report: TrimReport, base: Configuration): void {
  const stream = options.output === '-' ? 'stderr' : 'stdout';
  if (options.json) {
    printJson(trimJson(report), true, stream);
    return;
  }
  if (options.diff) {
    sayFindings(report);
    printBytes(diffConfig(formatDotConfig(base), report.result.text), stream);
    return;
  }
  if (options.quiet) {
    sayFindings(report);
    return;
  }
  const style = { verbose: options.verbose ?? false, screen: screenOf(stream) };
  printReport(trimReport(report, style), options, stream);
}

/** Says on standard error, where no report does, why the exit status is 1. */
export function sayFindings({ result, findings }: TrimReport): void {
  for (const { promise, name, note } of result.violations)
    printMessage(`kconfig-trim: BROKEN ${promise} ${name}: ${note}`);
  for (const finding of findings) printMessage(`kconfig-trim: warning: ${finding}`);
}

/** With `--strict`: loaded modules that the result does not build. */
function unmappedFindings({ loaded }: TrimResult): string[] {
  const found = loaded.filter(({ status }) => !['kept', 'builtin'].includes(status));
  if (found.length === 0) return [];
  const names = found.slice(0, UNMAPPED_SHOWN).map(({ name, status }) => `${name} (${status})`);
  const more = found.length > names.length ? ` and ${count(found.length - names.length)} more` : '';
  const text = `--strict: ${counted(found.length, 'loaded module')} that the result does not build`;
  return [`${text}: ${names.join(', ')}${more}`];
}

/** Before and after, on this machine where its speed is known already: measuring it would take a quarter of the trim. */
function estimates(
  command: CommandRun,
  options: TrimOptions,
  base: Configuration,
  result: TrimResult,
  kbuild: KbuildTree,
): { estimate: TrimReport['estimate'] } & Pick<Trimmed, 'seconds'> {
  const estimating = new Estimating(command.workspace, command.workspace.sources());
  const before = { config: base, build: result.baseBuild };
  if (options.reference === undefined) estimating.calibrate(null);
  else estimating.scaleBy(options.reference, before);
  const estimate = estimating.estimate(before);
  const after = estimating.estimate(result);
  return {
    estimate: {
      before: estimating.cost(estimate),
      after: estimating.cost(after),
      basis: estimating.basis(estimate),
      settings: spendersByEffect(estimating.input(result), after, SMALLEST_SHARE),
      settingSteps: settingSavings(estimating, result, kbuild),
      scale: estimating.scale,
      more: {
        fastSeconds: options.fast ? 0 : savedByTimeSettings(estimating.input(result), after),
        deepSeconds: secondsOf(result.idle, result.build, after) - secondsOf(result.pinned, result.baseBuild, estimate),
      },
    },
    seconds: () => ({
      before: directorySeconds(result.baseBuild.units, estimate),
      after: directorySeconds(result.build.units, after),
    }),
  };
}

/** What units of a build cost. */
function secondsOf(units: readonly string[], build: BuildResult, { unitSeconds }: BuildEstimate): number {
  const wanted = new Set(units);
  return build.units.reduce((sum, unit, index) => sum + (wanted.has(unit) ? unitSeconds[index]! : 0), 0);
}

/** What each setting saved that was turned off. */
function settingSavings(estimating: Estimating, { plain, settings }: TrimResult, kbuild: KbuildTree): StepSavings[] {
  if (!plain || !settings) return [];
  const input = estimating.input(plain);
  return stepSavings(
    input,
    settings.steps.map(({ changes }) => changes),
    (config) => buildParts(kbuild.build(config)),
  );
}

/**
 * Options and variables that make needs here: the tree if it is another directory, the config if it is another file, and
 * what the environment says for us and would not say for make (`CC`).
 */
function makeWords({ options, platform, workspace }: CommandRun, written: string | null): string[] {
  const { treePath, objtree } = workspace;
  return [
    ...(treePath === platform.cwd ? [] : ['-C', treePath]),
    ...(options.objtree === undefined ? [] : [makeVariable('O', objtree)]),
    ...(options.arch === undefined ? [] : [`ARCH=${options.arch}`]),
    // make finds those of MAKEFLAGS there itself.
    ...Object.entries(commandLineVariables({ ...platform.env, MAKEFLAGS: undefined })).map((pair) => pair.join('=')),
    ...(written === null || written === workspace.configPath() ? [] : [makeVariable('KCONFIG_CONFIG', written)]),
  ];
}

/** Where the config goes; `-` for standard output. */
const outputFile = ({ workspace }: CommandRun, { output }: TrimOptions): string => output ?? workspace.configPath();

function write(
  command: CommandRun,
  options: TrimOptions,
  text: string,
  keepOld: boolean,
): { path: string | null; changed: boolean; backup: string | null } {
  if (options.output === '-') {
    if (!options.dryRun) printBytes(text);
    return { path: null, changed: false, backup: null };
  }
  if (options.dryRun) return { path: null, changed: false, backup: null };
  const path = resolve(command.platform.cwd, outputFile(command, options));
  const written = new NodeFileWriter().writeConfigAtomic(path, text, keepOld);
  return { path, changed: written.changed, backup: written.backup };
}
