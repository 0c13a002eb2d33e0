import { resolve } from 'node:path';
import { ArchDefinitions } from '../../check/arch-definitions.ts';
import { Baseline, type KnownFinding } from '../../check/baseline.ts';
import { type ConfigUnderCheck, isSound, type NamedText, TreeChecks } from '../../check/check.ts';
import { minimalDefconfig } from '../../check/minimal.ts';
import { checkOfOther } from '../../check/other-architecture.ts';
import { distributionFamily } from '../../check/preflight/distribution.ts';
import { RememberingRunner } from '../../check/preflight/remembering-runner.ts';
import { type Severities, withSeverities } from '../../check/severities.ts';
import { allFindings, CHECK_NAMES, type CheckName, type CheckResult } from '../../check/types.ts';
import { type Diagnostic, InputError, type Severity } from '../../diagnostics/diagnostic.ts';
import { configOrigin } from '../../dotconfig/origin.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import { isStandardOutput } from '../../platform/descriptors.ts';
import type { CommandRunner } from '../../platform/platform.ts';
import type { Scope } from '../../platform/scope.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { checkCiReport } from '../../report/check-ci.ts';
import { checkJson } from '../../report/check-json.ts';
import { checksCiReport, checksJson, checksText } from '../../report/check-many.ts';
import { type CheckReport, checkText, LABELS } from '../../report/check-text.ts';
import { counted } from '../../report/count-text.ts';
import { diagnosticMessage } from '../../report/diagnostic-text.ts';
import { checkPage } from '../../report/html/check-page.ts';
import { shellWords } from '../../report/shell-words.ts';
import { otherArchitecture } from '../../workspace/base.ts';
import { readFragments } from '../../workspace/fragments.ts';
import { keepLists, loadedModules } from '../../workspace/listings.ts';
import { type CheckTarget, checkTargets } from '../check-targets.ts';
import { CommandRun } from '../command-run.ts';
import { utf8Bytes, writeOutput } from '../data-output.ts';
import { SEVERITY_LEVELS } from '../option-values.ts';
import type { CheckOptions } from '../options.ts';
import { type RunFiles, requireOutputs } from '../overwriting.ts';
import { sayPage, writePage } from '../page-output.ts';
import { type ReportOutput, reportOutputs, writeReport } from '../report-formats.ts';

const VERSIONS_NOT_ASKED = diagnosticMessage({ code: 'versions-not-asked', severity: 'info', args: {} });

/** What is asked of every config, and of what is found. */
interface Asked {
  readonly options: CheckOptions;
  readonly listings: ConfigUnderCheck['listings'];
  readonly skip: ReadonlySet<CheckName>;
  readonly severities: Severities;
  /** The programs of this machine, which say the same for each config and architecture; null where none may be run. */
  readonly programs: CommandRunner | null;
  readonly definitions: ArchDefinitions;
}

/** `kconfig-trim check`: exit 1 where a config is not sound, or does not hold what is required of it. */
export async function runCheck(options: CheckOptions, scope: Scope): Promise<number> {
  const outputs = reportOutputs(options.format ?? [], options);
  const { off, severities } = readSeverities(options.severity ?? []);
  const skip = new Set([...skipped(options.skip ?? []), ...off]);
  requireConsistent(options);
  const { config: files = [], arch: arches = [], ...common } = options;
  const [only] = arches;
  const command = await CommandRun.open(arches.length === 1 ? { ...common, arch: only! } : common, scope);
  command.phases.begin('read', 'Reading the config');
  const targets = await checkTargets(command, files, arches);
  const required = await requiredFiles(targets, options);
  const fragments = [...required.values()].flatMap((each) => each.fragments.map(({ source }) => source));
  // A defconfig that is checked for several architectures is one for none.
  const rewritten = options.fix ? targets.filter(({ refusal }) => refusal === null) : [];
  requireOutputs(command.platform, {
    ...runFiles(command, { ...options, fragment: fragments }, outputs),
    rewritten: rewritten.map(({ config }) => config.source),
  });
  const baseline = options.writeBaseline ? null : readBaseline(command, options.baseline);
  const { commands } = command.platform;
  const programs = commands && new RememberingRunner(commands);
  const definitions = new ArchDefinitions(command.platform.fs, command.workspace.treePath);
  const listings = readRequiredListings(command, options);
  const asked = { options, listings, skip, severities, programs, definitions };
  const reports = await checkAll(targets, required, asked, baseline);
  if (options.writeBaseline) writeBaseline(command, options.baseline!, reports);
  const page = writePage(command, options, () => checkPage(reports));
  command.finish();
  sayPage(command, page);
  if (asked.listings.some(({ record }) => record)) command.workspace.sources().writeCache();
  command.workspace.finishSources();
  const sources = [
    ...targets.map(({ config }) => config.source),
    ...fragments,
    ...listings.map(({ source }) => source),
  ];
  writeReports(command, options, outputs, reports, [...sources, ...(options.against ? [options.against] : [])]);
  return options.writeBaseline || reports.every(({ sound }) => sound) ? 0 : 1;
}

/** Files that say what a config must hold. */
interface Required {
  readonly fragments: readonly NamedText[];
  /** The config of before; null for none, or one that was made for another architecture. */
  readonly against: NamedText | null;
  readonly notes: readonly string[];
}

/** Reads what is required, for each architecture: the same name may be another fragment there. */
async function requiredFiles(
  targets: readonly CheckTarget[],
  { fragment = [], against }: CheckOptions,
): Promise<Map<CommandRun, Required>> {
  const commands = new Set(targets.map(({ command }) => command));
  const found = new Map<CommandRun, Required>();
  for (const command of commands) {
    const { fragments, diagnostics } = await readFragments(command.workspace, fragment);
    command.report(diagnostics);
    const old = against === undefined ? null : await command.readBase(against, commands.size === 1);
    const other = old && otherArchitecture(command.workspace, old);
    const notes = other ? [`${old.source} is for ${other.args['configured']}: not compared`] : [];
    found.set(command, { fragments, against: other ? null : old, notes });
  }
  return found;
}

/** Checks each config, those of one tree after one another: what is the tree's is found once. */
async function checkAll(
  targets: readonly CheckTarget[],
  required: ReadonlyMap<CommandRun, Required>,
  asked: Asked,
  baseline: Baseline | null,
): Promise<CheckReport[]> {
  const reports = new Map<CheckTarget, CheckReport>();
  for (const command of new Set(targets.map((target) => target.command))) {
    const own = targets.filter((target) => target.command === command);
    let shared: { readonly kconfig: Kconfig; readonly checks: TreeChecks } | null = null;
    for (const target of own) {
      if (target.refusal) {
        reports.set(target, refused(target, target.refusal, asked, baseline));
        continue;
      }
      // Without the toolchain's answers each config gives its own.
      if (shared === null || !command.workspace.probed) shared = await openTree(target, asked);
      command.phases.begin('check', checkingText(reports.size, targets.length));
      reports.set(target, checkOne(target, shared, asked, required.get(command)!, baseline));
    }
  }
  return targets.map((target) => reports.get(target)!);
}

/** What is done, and of how much. @param before configs that were checked before this one */
const checkingText = (before: number, all: number): string =>
  all === 1 ? 'Checking' : `Checking config ${before + 1} of ${all}`;

async function openTree({ command, config }: CheckTarget, { skip, programs, definitions }: Asked) {
  const { workspace, platform } = command;
  const kconfig = await workspace.kconfig(config.text);
  command.report(kconfig.diagnostics);
  const { arch, srcarch, env } = workspace.environment();
  const checks = new TreeChecks({
    kconfig,
    kbuild: () => command.phases.around(() => workspace.kbuild(kconfig)),
    sources: () => workspace.sources(),
    fs: platform.fs,
    commands: skip.has('tools') ? null : programs,
    env,
    machineEnv: platform.env,
    tree: workspace.treePath,
    definitions,
    objtree: workspace.objtree,
    arch,
    srcarch,
  });
  return { kconfig, checks };
}

function checkOne(
  { command, config }: CheckTarget,
  { kconfig, checks }: { readonly kconfig: Kconfig; readonly checks: TreeChecks },
  { options, listings, skip, severities }: Asked,
  { fragments, against, notes }: Required,
  baseline: Baseline | null,
): CheckReport {
  const { platform, workspace } = command;
  const { arch } = workspace.environment();
  const isMinimal = options.minimal ?? false;
  const found = checks.check({
    config,
    fragments,
    listings,
    keep: keepLists(platform.env, options.keep),
    against,
    skip,
    force: options.force ?? false,
    isMinimal,
  });
  const obstacle = isMinimal ? fixObstacle(command, config, found) : null;
  const fixedFrom = options.fix ? fix(kconfig, { command, config }, obstacle) : null;
  const isOff = found.some(({ name, cases }) => name === 'minimal' && cases.length > 0);
  const isSaid = obstacle !== null && (options.fix || (isOff && obstacle.isOfFile));
  const fixed = found.map((each) =>
    each.name === 'minimal'
      ? { ...each, isFixable: obstacle === null, ...(fixedFrom !== null && { cases: [] }) }
      : each,
  );
  const results = withSeverities(fixed, severities);
  const asksPrograms = platform.commands !== null || skip.has('tools') || isMinimal;
  return {
    ...verdict({ command, config }, arch, results, options, baseline),
    notes: [
      ...notes,
      ...command.versionNotes(config, goneCount(results)),
      // That the compiler is one for another architecture is a finding.
      ...command.workspace.toolchainDiagnostics(config.text).map(diagnosticMessage),
      ...(asksPrograms ? [] : [VERSIONS_NOT_ASKED]),
      ...(isSaid
        ? [`${options.fix ? `${config.source} is left` : `--fix leaves ${config.source}`} as it is: ${obstacle.reason}`]
        : []),
    ],
    fixedFrom,
  };
}

/** The report on a config that is for another architecture than those that are meant: that it is. */
function refused(
  { command, config }: CheckTarget,
  { at, args }: Diagnostic,
  { options, severities }: Asked,
  baseline: Baseline | null,
): CheckReport {
  const arch = String(args['configured'] ?? args['arch']);
  const meant = args['configured'] === undefined ? '' : String(args['arch']);
  const results = withSeverities([checkOfOther(config.source, arch, at ?? null, meant)], severities);
  return { ...verdict({ command, config }, arch, results, options, baseline), notes: [], fixedFrom: null };
}

/** What a report says of the results that a baseline leaves. */
function verdict(
  { command, config }: Pick<CheckTarget, 'command' | 'config'>,
  arch: string,
  results: CheckReport['results'],
  options: CheckOptions,
  baseline: Baseline | null,
): Omit<CheckReport, 'notes' | 'fixedFrom'> {
  const { platform, workspace } = command;
  const left = baseline?.remaining({ config: config.source, arch, results }) ?? null;
  const strict = options.strict ?? false;
  return {
    tree: { version: workspace.tree.version, arch },
    config: config.source,
    results: left?.results ?? results,
    sound: isSound(left?.results ?? results, strict),
    strict,
    distribution: distributionFamily(platform.fs),
    baseline: left && { known: left.known, fixed: left.fixed.map(knownText) },
    again: command.again(config.source),
  };
}

const knownText = ({ check, code, name }: KnownFinding): string => `${check}: ${name} (${code})`;

/** Why `--fix` does not write a defconfig anew. */
interface FixObstacle {
  readonly reason: string;
  /** Whether the file itself is none that could be. */
  readonly isOfFile: boolean;
}

function fixObstacle(command: CommandRun, config: NamedText, results: readonly CheckResult[]): FixObstacle | null {
  // Its thousand other lines would be gone.
  if (configOrigin(config.text)) {
    const words = ['kconfig-trim', 'conf', 'savedefconfig', ...(command.again(config.source) ?? ['-c', '-'])];
    const reason = `it is a whole .config; ${shellWords([...words, '-o', 'FILE'])} writes a defconfig of it`;
    return { reason, isOfFile: true };
  }
  if (command.platform.fs.readText(resolve(command.platform.cwd, config.source)) !== config.text)
    return { reason: 'it is packed, or no file', isOfFile: true };
  const reason = unfixableText(results);
  return reason === null ? null : { reason, isOfFile: false };
}

/** Why lines would go that count, if a file were written anew; null where none would. */
function unfixableText(results: readonly CheckResult[]): string | null {
  const codes = allFindings(results).map(({ code }) => code);
  if (codes.includes('compiler-other-target')) return 'what the compiler answers is right for another architecture';
  const unasked = codes.filter((code) => code === 'line-unasked').length;
  if (unasked === 0) return null;
  return `what the toolchain would answer decides over ${counted(unasked, 'line')} of it, and it was not asked`;
}

/**
 * Writes what `savedefconfig` writes in the place of a defconfig.
 * @returns where the defconfig of before is; null where it was that already, or is left as it is
 * @throws InputError `fix-impossible`
 */
function fix(
  kconfig: Kconfig,
  { command, config }: Pick<CheckTarget, 'command' | 'config'>,
  obstacle: FixObstacle | null,
): string | null {
  const text = minimalDefconfig(kconfig, config);
  if (text === config.text || (obstacle !== null && !obstacle.isOfFile)) return null;
  const { source } = config;
  if (obstacle !== null) throw new InputError({ code: 'fix-impossible', args: { source, reason: obstacle.reason } });
  new NodeFileWriter().writeConfigAtomic(resolve(command.platform.cwd, source), text);
  return `${source}.old`;
}

function writeReports(
  command: CommandRun,
  options: CheckOptions,
  outputs: readonly ReportOutput[],
  reports: readonly CheckReport[],
  sources: readonly string[],
): void {
  const style = { verbose: options.verbose ?? false, quiet: options.quiet ?? false };
  const [first] = reports as [CheckReport];
  const isOne = reports.length === 1;
  writeReport(command, outputs, {
    text: () => (isOne ? checkText(first, style) : checksText(reports, style)),
    json: () => (isOne ? checkJson(first) : checksJson(reports)),
    ci: () => (isOne ? checkCiReport(first) : checksCiReport(reports)),
    ownFiles: new Set(sources),
  });
}

/** @throws InputError for options that do not go together */
function requireConsistent({ writeBaseline, baseline, fix: isFix, minimal, config = [] }: CheckOptions): void {
  const isFile = baseline !== undefined && baseline !== '-' && !isStandardOutput(baseline);
  if (writeBaseline && !isFile) throw new InputError({ code: 'baseline-unnamed', args: {} });
  if (!isFix) return;
  if (!minimal) throw new InputError({ code: 'fix-without-minimal', args: {} });
  if (config.includes('-')) {
    throw new InputError({ code: 'fix-impossible', args: { source: 'standard input', reason: 'it is no file' } });
  }
}

/** What a run reads and writes, so that no report or baseline takes the place of what is checked. */
function runFiles(command: CommandRun, options: CheckOptions, outputs: readonly ReportOutput[]): RunFiles {
  const { config = [command.workspace.configPath()], fragment = [], against, baseline, writeBaseline, html } = options;
  const listings = command.listingFiles(options.lsmod);
  return {
    read: [...config, ...fragment, ...listings, against, writeBaseline ? null : baseline],
    written: [...outputs.map(({ file }) => file), html, writeBaseline ? baseline : null],
  };
}

/** @throws InputError where there is no baseline, or it is none */
function readBaseline(command: CommandRun, file: string | undefined): Baseline | null {
  if (file === undefined) return null;
  const text = command.platform.fs.readText(resolve(command.platform.cwd, file));
  if (text === null) throw new InputError({ code: 'baseline-missing', args: { file } });
  return Baseline.parse(Buffer.from(text, 'latin1').toString('utf8'), file);
}

function writeBaseline(command: CommandRun, file: string, reports: readonly CheckReport[]): void {
  const checked = reports.map(({ config, tree, results }) => ({ config, arch: tree.arch, results }));
  const baseline = Baseline.of(checked);
  const path = resolve(command.platform.cwd, file);
  writeOutput(command.options, path, utf8Bytes(baseline.text()));
  command.warn(`baseline of ${counted(baseline.size, 'finding')} written to ${path}`);
}

/** @throws InputError for what is no check, neither by its name nor as reports call it */
function skipped(words: readonly string[]): CheckName[] {
  return words
    .flatMap((word) => word.split(','))
    .filter((word) => word !== '')
    .map((name) => checkNamed(name, '--skip'));
}

function checkNamed(name: string, option: string): CheckName {
  const found = CHECK_NAMES.find((known) => known === name || LABELS[known] === name);
  if (!found) throw new InputError({ code: 'check-unknown', args: { option, name, known: CHECK_NAMES.join(' ') } });
  return found;
}

/** `fixpoint=warning`, several with commas. @throws InputError for what is no check or level */
function readSeverities(words: readonly string[]): { readonly off: CheckName[]; readonly severities: Severities } {
  const levels = new Map<CheckName, Severity | null>();
  for (const word of words.flatMap((each) => each.split(','))) {
    const [name = '', level = ''] = word.split('=');
    const check = level === '' ? null : checkNamed(name, '--severity');
    const severity = Object.hasOwn(SEVERITY_LEVELS, level) ? SEVERITY_LEVELS[level] : undefined;
    if (check === null || severity === undefined)
      throw new InputError({ code: 'check-severity-unknown', args: { word, known: CHECK_NAMES.join(' ') } });
    levels.set(check, severity);
  }
  const off = [...levels].flatMap(([name, severity]) => (severity === null ? [name] : []));
  const kept = [...levels].flatMap(([name, severity]) => (severity === null ? [] : [[name, severity] as const]));
  return { off, severities: new Map(kept) };
}

/** Symbols that the config sets and the tree does not have. */
function goneCount(results: readonly CheckResult[]): number {
  return allFindings(results).filter(({ code }) => code === 'symbol-gone' || code === 'promptless-gone').length;
}

/** The listings that were named; this machine's modules are not asked for. */
function readRequiredListings(command: CommandRun, options: CheckOptions): ConfigUnderCheck['listings'] {
  if (command.listingFiles(options.lsmod).length === 0) return [];
  return command.readListings(options).map((listing) => ({
    source: listing.source,
    modules: loadedModules([listing]),
    ignoredLines: listing.ignoredLines,
    record: listing.record,
  }));
}
