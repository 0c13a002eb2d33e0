import { join, resolve } from 'node:path';
import { commandOf } from '../../build/command-of.ts';
import { FailureFinder } from '../../build/failure.ts';
import type { Goals } from '../../build/goals.ts';
import {
  jobsOfMakeflags,
  type MakeCall,
  makeArguments,
  pathFromMake,
  plainForMake,
  splitMakeWords,
} from '../../build/make-command.ts';
import type { OutputLine } from '../../build/output-line.ts';
import { BuildProgress, type Moment } from '../../build/progress.ts';
import { parseSampleSize, type Sample, sampleUnits } from '../../build/sample.ts';
import { SingleTargets } from '../../build/single.ts';
import { turnedOnBy } from '../../build/turned-on.ts';
import { UnitWatch } from '../../build/units.ts';
import { WarningCount } from '../../build/warnings.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { childCpuSeconds } from '../../estimate/child-time.ts';
import { openFileOf } from '../../platform/descriptors.ts';
import { NodeLogFile } from '../../platform/log-file.ts';
import type { LogFile } from '../../platform/platform.ts';
import type { Scope } from '../../platform/scope.ts';
import { endBySignal } from '../../platform/signals.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { buildCiReport } from '../../report/build-ci.ts';
import { buildJson } from '../../report/build-json.ts';
import type { BuildOutcome, BuildReport, ExplainedFailure } from '../../report/build-report.ts';
import { buildText } from '../../report/build-text.ts';
import { counted } from '../../report/count-text.ts';
import { diffConfig } from '../../report/diffconfig.ts';
import { Sources } from '../../sources/sources.ts';
import { commandLineVariables } from '../../toolchain/environment.ts';
import { kbuildLookup } from '../../trim/lookup.ts';
import { type WorkEstimate, workOf } from '../../workspace/build-work.ts';
import {
  buildPlaces,
  goalsOf,
  type Required,
  readSubject,
  requirementsOf,
  type Subject,
} from '../../workspace/building.ts';
import { Estimating } from '../../workspace/estimating.ts';
import { keepLists } from '../../workspace/listings.ts';
import { BuildDisplay } from '../build-display.ts';
import { CommandRun } from '../command-run.ts';
import { noteOld } from '../data-output.ts';
import { EXIT_FAILED } from '../exit-status.ts';
import { Maker } from '../make-run.ts';
import { printDiagnostic } from '../messages.ts';
import { parseJobs, parseSeed } from '../option-values.ts';
import type { BuildOptions } from '../options.ts';
import { requireOutputs } from '../overwriting.ts';
import { reportOutputs, writeReport } from '../report-formats.ts';
import type { AwaitedEnd } from '../running-end.ts';

/** Changes of the config that a note names before the rest is counted. */
const CHANGES_SHOWN = 6;

const LOG_NAME = 'kconfig-trim-build.log';

/** Status of a program that a signal ended, as shells show it. */
const SIGNAL_STATUS = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGKILL: 137, SIGTERM: 143 } as const;

/**
 * `kconfig-trim build [WORDS]`: make with progress, a time to go, and a check of what came out.
 * @param words targets, variables and options for make
 * @returns 0 built and all there, 1 make failed or something is missing, 2 built and the log that was named is not whole; a signal ends this process by that signal
 */
export async function runBuild(words: readonly string[], options: BuildOptions, scope: Scope): Promise<number> {
  return (await buildTree(words, options, scope)).status;
}

/** As `runBuild`. @returns the exit status, and what the build said where it failed */
export async function buildTree(
  words: readonly string[],
  options: BuildOptions,
  scope: Scope,
): Promise<{ readonly status: number; readonly failure: ExplainedFailure | null }> {
  if (!options.exec) throw new InputError({ code: 'build-no-exec', args: {} });
  const outputs = reportOutputs(options.format ?? [], options);
  const jobs = parseJobs(options.jobs) ?? jobsOfMakeflags(process.env['MAKEFLAGS']) ?? undefined;
  const chooser = sampleChooser(options);
  const { variables, targets, options: makeOptions } = splitMakeWords(words);
  const { O: objtree, ARCH: arch, KCONFIG_CONFIG: configName, ...others } = variables;
  const command = await CommandRun.open(
    {
      ...options,
      ...(objtree !== undefined && { objtree: pathFromMake(objtree) }),
      ...(arch !== undefined && { arch }),
    },
    scope,
    others,
  );
  command.phases.begin('read', 'Reading the config');
  const path = configPath(command, configName);
  const logPath = resolve(
    command.platform.cwd,
    options.log ?? options.usualLog ?? join(command.workspace.objtree, LOG_NAME),
  );
  requireOutputs(command.platform, {
    read: [path, ...command.listingFiles(options.lsmod)],
    written: [...outputs.map(({ file }) => file), logPath],
  });
  const subject = await readSubject(command.workspace, path, options.olddefconfig ?? false);
  const whole = goalsOf(subject, targets);
  const sample = chooser?.(subject, whole.units) ?? null;
  const goals = sample ? { units: sample.units, modules: [], files: [], links: false } : whole;
  const required = readRequired(command, options, subject);
  const estimating = new Estimating(
    command.workspace,
    new Sources(command.platform.fs, command.workspace.treePath),
    jobs,
  );
  const run = new BuildRun(command, subject, goals, estimateWork(command, estimating, subject, goals), sample);
  command.phases.finish();
  if (required.lost.length === 0) {
    if (subject.defaults.length > 0) new NodeFileWriter().writeConfigAtomic(path, subject.settled);
    if (options.log !== undefined) keepOldLog(command, logPath);
    const isOwnConfig = path !== command.workspace.configPath();
    await run.make(logPath, {
      tree: command.workspace.treePath,
      objtree: command.workspace.objtree,
      jobs: estimating.jobs,
      variables: makeVariables(command, isOwnConfig ? path : null),
      // Of a sample, one failure is not all that there is to know.
      options: sample ? ['-k', ...makeOptions] : makeOptions,
      targets: sample ? sample.units : targets,
    });
  }
  const modules = sample ? [] : [...new Set([...goals.modules, ...required.modules])];
  const report = run.report({ modules, lost: required.lost });
  const { cpu } = report.seconds;
  if (report.outcome === 'built' && cpu.real !== null) estimating.compare(cpu.predicted, cpu.real);
  command.finish();
  writeReport(command, outputs, {
    text: () => textOf(options, report),
    json: () => buildJson(report),
    ci: () => buildCiReport(report),
    ownFiles: new Set([report.config]),
  });
  const status = exitStatus(report.outcome, run.end);
  const isAskedFor = options.log !== undefined && run.logLoss !== null;
  if (isAskedFor)
    printDiagnostic({ code: 'log-not-whole', severity: 'error', args: { path: logPath, error: run.logLoss! } });
  return { status: isAskedFor && status === 0 ? EXIT_FAILED : status, failure: report.failure };
}

/** The log of the build directory is anew for each build; a file that was named may be anything. */
function keepOldLog({ platform, options }: CommandRun, path: string): void {
  if (openFileOf(path) !== null || !platform.fs.stat(path)?.isFile) return;
  const old = new NodeFileWriter().copyToOld(path);
  noteOld(options, old);
}

/** The config that make will read. @param named what `KCONFIG_CONFIG` of make's command line says */
function configPath({ options, platform, workspace }: CommandRun, named: string | undefined): string {
  if (options.config !== undefined) return resolve(platform.cwd, options.config);
  return named === undefined ? workspace.configPath() : resolve(workspace.objtree, pathFromMake(named));
}

/** What the listings that were named, and `--keep`, require. */
function readRequired(command: CommandRun, options: BuildOptions, subject: Subject): Required {
  const listings = command.listingFiles(options.lsmod).length > 0 ? command.readListings(options) : [];
  const { workspace, platform } = command;
  const keep = keepLists(platform.env, options.keep);
  const required = requirementsOf(subject, listings, keep, () => workspace.sources(), options.force);
  if (listings.some(({ record }) => record)) workspace.sources().writeCache();
  workspace.finishSources();
  return required;
}

/** What make changes in the config, without asking, before it builds; with `--olddefconfig`, what was taken for it. */
function changeNotes({ text, settled, defaults }: Subject): string[] {
  if (defaults.length > 0) {
    return [
      `defaults taken for ${counted(defaults.length, 'symbol')} that the config did not set: ${defaults.join(', ')}`,
    ];
  }
  const changes = diffConfig(text, settled)
    .trimEnd()
    .split('\n')
    .filter((line) => line !== '');
  if (changes.length === 0) return [];
  const shown = changes.slice(0, CHANGES_SHOWN).map((line) => line.trim());
  const more = changes.length > shown.length ? ', …' : '';
  return [
    `the config is not settled: make changes ${counted(changes.length, 'symbol')} first (${shown.join(', ')}${more})`,
  ];
}

/** Measures this machine where it is not known yet, and estimates the build. */
function estimateWork(command: CommandRun, estimating: Estimating, subject: Subject, goals: Goals): WorkEstimate {
  command.calibrate(estimating);
  command.phases.begin('estimate', 'Estimating');
  return workOf(command.workspace, estimating, subject, goals);
}

/** @param config the config's path where it is another than make would take */
function makeVariables(command: CommandRun, config: string | null): Record<string, string> {
  return {
    ...commandLineVariables(command.platform.env),
    ...command.workspace.makeVariables(),
    ...(config !== null && { KCONFIG_CONFIG: plainForMake(config) }),
  };
}

/**
 * What chooses the units that `--units` asks for; null without it.
 * @throws InputError `units-unreadable`, `seed-unreadable`, `seed-without-units`
 */
function sampleChooser(options: BuildOptions): ((subject: Subject, units: readonly string[]) => Sample) | null {
  const seed = parseSeed(options.seed);
  const { units: text } = options;
  if (text === undefined && options.seed !== undefined) throw new InputError({ code: 'seed-without-units', args: {} });
  if (text === undefined) return null;
  const size = parseSampleSize(text);
  if (size === null) throw new InputError({ code: 'units-unreadable', args: { text } });
  return (subject, units) => {
    const single = singleTargets(subject);
    const exact = units.filter((unit) => single.isExact(unit));
    return sampleUnits(exact, size, seed);
  };
}

function singleTargets({ config, build, kbuild }: Subject): SingleTargets {
  return new SingleTargets(build, kbuild, kbuildLookup(config));
}

/** A run of make on one config, and what is found out about it. */
class BuildRun {
  end: AwaitedEnd | null = null;
  readonly #command: CommandRun;
  readonly #subject: Subject;
  readonly #goals: Goals;
  readonly #sample: Sample | null;
  readonly #estimate: WorkEstimate;
  readonly #progress: BuildProgress;
  readonly #units: UnitWatch;
  readonly #warnings: WarningCount;
  readonly #failures: FailureFinder;
  /** What make gave up. */
  readonly #stopped = new Set<string>();
  #call: MakeCall | null = null;
  /** When make had ended. */
  #last: Moment | null = null;
  #cpuSeconds: number | null = null;
  #log: { path: string; lost: string | null } | null = null;
  #failure: ExplainedFailure | null = null;

  constructor(command: CommandRun, subject: Subject, goals: Goals, estimate: WorkEstimate, sample: Sample | null) {
    this.#sample = sample;
    this.#command = command;
    this.#subject = subject;
    this.#goals = goals;
    this.#estimate = estimate;
    this.#progress = new BuildProgress(estimate.work);
    const places = buildPlaces(command.workspace);
    this.#units = new UnitWatch(goals.units, this.#progress, places);
    this.#warnings = new WarningCount(places);
    this.#failures = new FailureFinder(places);
  }

  /** The error for which the log is not whole; null where it is. */
  get logLoss(): string | null {
    return this.#log?.lost ?? null;
  }

  /** Runs make. Where it fails, what failed is made once more, alone, to see its command. */
  async make(logPath: string, call: MakeCall): Promise<void> {
    const { platform, options } = this.#command;
    const maker = new Maker(platform);
    const log = new NodeLogFile(logPath);
    this.#call = call;
    this.#progress.tick(platform.monotonicMs());
    const display = await BuildDisplay.start(() => this.#look(), this.#command.scope, options);
    try {
      const before = childCpuSeconds(platform.fs);
      this.end = await maker.run(makeArguments(call), log, (line) => this.#take(line, display));
      const after = childCpuSeconds(platform.fs);
      this.#cpuSeconds = before === null || after === null ? null : after - before;
      if (this.end.status === 0) this.#progress.finish(platform.monotonicMs());
      this.#last = this.#progress.moment(platform.monotonicMs());
      const hasFailed = this.end.status !== 0 && this.end.interruptedBy === null;
      if (hasFailed) this.#failure = await this.#explain(maker, call, log);
    } finally {
      display.stop();
      this.#log = { path: logPath, lost: log.close() };
    }
  }

  #look() {
    const moment = this.#progress.moment(this.#command.platform.monotonicMs());
    return { moment, warnings: this.#warnings.count, current: this.#units.current };
  }

  #take(line: OutputLine, display: BuildDisplay): void {
    if (line.kind === 'stop' && line.target !== null) this.#stopped.add(line.target);
    this.#units.add(line, this.#command.platform.monotonicMs());
    this.#warnings.add(line);
    this.#failures.add(line);
    if (this.#command.options.verbose && line.kind === 'message') display.message(line.text);
  }

  async #explain(maker: Maker, call: MakeCall, log: LogFile): Promise<ExplainedFailure> {
    const first = this.#failures.first() ?? this.#unsaid();
    const { target } = first;
    const { kbuild, config } = this.#subject;
    const turnedOn = target === null ? null : turnedOnBy(target, kbuild, kbuildLookup(config));
    const isSingle =
      target !== null && this.#goals.units.includes(target) && singleTargets(this.#subject).isReached(target);
    if (!isSingle) return { ...first, turnedOn, command: null, failsAlone: null };
    const again = new FailureFinder(buildPlaces(this.#command.workspace));
    const lines: string[] = [];
    // Where two directories make it, the last is the one that it belongs to.
    const options = [...call.options.filter((option) => !/^(?:-s|--silent)$/.test(option)), '-k', 'V=1'];
    const end = await maker.run(makeArguments({ ...call, jobs: 1, options, targets: [target] }), log, (line) => {
      again.add(line);
      lines.push(line.text);
    });
    this.end = { ...this.end!, interruptedBy: end.interruptedBy };
    const found = again.first();
    // Alone, nothing of other jobs stands between its lines.
    const said = found?.target === target ? { ...found, others: first.others } : first;
    return { ...said, turnedOn, command: commandOf(target, lines.join('\n')), failsAlone: end.status !== 0 };
  }

  /** Where nothing was said, all that is known is how make ended. */
  #unsaid(): Omit<ExplainedFailure, 'command' | 'turnedOn' | 'failsAlone'> {
    const { status, signal } = this.end!;
    const message = signal === null ? `make ended with status ${status}` : `make was ended by ${signal}`;
    return { target: null, at: null, message, excerpt: [], others: [] };
  }

  /** What is to be said of it. */
  report(required: { readonly modules: readonly string[]; readonly lost: BuildReport['lost'] }): BuildReport {
    const { command, subject, goals } = { command: this.#command, subject: this.#subject, goals: this.#goals };
    const { fs } = command.platform;
    const isThere = (path: string): boolean => (fs.stat(join(command.workspace.objtree, path))?.size ?? 0) > 0;
    const modules = required.modules.filter((path) => !isThere(`${path}.ko`));
    const files = goals.files.filter((path) => !isThere(path));
    const units = goals.units.filter((unit) => !isThere(unit));
    const ended = this.end !== null && this.end.interruptedBy === null && this.end.status === 0;
    const notes = [...changeNotes(subject), ...command.toolchainNotes(subject.text), ...command.treeNotes()];
    if (this.logLoss !== null) notes.push(`the log is not whole: it could not be written (${this.logLoss})`);
    return {
      tree: { version: command.workspace.tree.version, arch: command.workspace.environment().arch },
      config: subject.source,
      command: this.#call && ['make', ...makeArguments(this.#call)],
      jobs: this.#estimate.work.jobs,
      log: this.#log?.path ?? null,
      sample: this.#sample && { ...this.#sample, units: this.#sample.units.length },
      outcome: this.#outcome(modules.length + files.length + (this.#sample ? units.length : 0) > 0),
      interruptedBy: this.end?.interruptedBy ?? null,
      units: {
        predicted: goals.units.length,
        // make had begun others as well where it did not come to a good end.
        compiled: ended
          ? (this.#last?.compiled ?? 0)
          : goals.units.filter((unit) => this.#isMade(unit, isThere)).length,
        present: goals.units.filter((unit) => this.#estimate.existing.has(unit) && !this.#progress.isStarted(unit))
          .length,
        missing: ended ? units : [],
        unpredicted: this.#units.unpredicted,
      },
      seconds: {
        predicted: this.#estimate.seconds,
        uncertainty: this.#estimate.uncertainty,
        real: this.#last?.elapsedSeconds ?? 0,
        cpu: { predicted: this.#estimate.cpuSeconds, real: this.#cpuSeconds },
      },
      warnings: { count: this.#warnings.count, first: this.#warnings.first },
      modules: { paths: required.modules, missing: ended ? modules : [] },
      files: { present: goals.files.filter(isThere), missing: ended ? files : [] },
      lost: required.lost,
      failure: this.#failure,
      notes,
    };
  }

  #isMade(unit: string, isThere: (path: string) => boolean): boolean {
    return this.#progress.isStarted(unit) && !this.#stopped.has(unit) && isThere(unit);
  }

  #outcome(isMissing: boolean): BuildOutcome {
    if (this.end === null) return 'lost';
    if (this.end.interruptedBy !== null) return 'interrupted';
    if (this.end.status !== 0) return 'failed';
    return isMissing ? 'missing' : 'built';
  }
}

function textOf(options: BuildOptions, report: BuildReport): string {
  if (options.quiet && report.outcome === 'built') return '';
  return buildText(report, { verbose: options.verbose ?? false });
}

function exitStatus(outcome: BuildOutcome, end: AwaitedEnd | null): number {
  if (outcome === 'interrupted') {
    const signal = end!.interruptedBy!;
    endBySignal(signal);
    return SIGNAL_STATUS[signal];
  }
  return outcome === 'built' ? 0 : 1;
}
