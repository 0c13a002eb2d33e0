import { basename, join } from 'node:path';
import { absentText } from '../../bisect/absent.ts';
import type { Bisection } from '../../bisect/bisection.ts';
import { BASE, LAST, PREVIOUS, type Source, type Step, stepNumber, withStep } from '../../bisect/state.ts';
import { textDigest } from '../../cache/digest.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { symbolsOn } from '../../dotconfig/scan.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { Scope } from '../../platform/scope.ts';
import type { StepReport } from '../../report/bisect-text.ts';
import { diffConfig } from '../../report/diffconfig.ts';
import type { TrimReport } from '../../report/trim-report.ts';
import { wholeKernelConditions } from '../../trim/whole-kernel.ts';
import { CommandRun } from '../command-run.ts';
import { type TrimUse, trimTree } from '../commands/trim.ts';
import { printMessage } from '../messages.ts';
import type { BisectOptions } from '../options.ts';
import { listingOptions } from './bisect-run.ts';
import { keepChanged } from './checkout-config.ts';
import { lookFirst } from './look-first.ts';

/** The full config with the names of the step in it, as it is given to the trim. */
const STEP = 'step.config';

/** What the kernels of a bisection have in their names. */
const LOCALVERSION = '-bisect';

/** Symbols whose values follow the step or the compiler: no change of the configuration. */
const OF_NO_INTEREST = /^[-+ ](?:LOCALVERSION|\w*_VERSION(?:_TEXT)?|(?:CC|AS|LD|RUSTC|PAHOLE|TOOLS|HAVE|ARCH)_\w+) /;

/** Modules of which git is asked since when they are not there: as many as are named. */
const ABSENT_SEARCHED = 6;

/** What there is to say of a commit that got its config. */
export interface ConfiguredStep {
  readonly report: StepReport;
  /** Of the first one: what this machine lacks. */
  readonly notes: readonly string[];
  /** The compiler, and the one before where that was another. */
  readonly compiler: { readonly now: string; readonly before: string } | null;
  /** The tree's. */
  readonly kconfig: Kconfig;
  /** 1 where a loaded module that can be built is not, or what was asked for does not hold. */
  readonly status: number;
}

/**
 * Makes the config of the commit that is checked out: the full base config, brought to this tree by conf's rules and
 * trimmed anew. A config that was trimmed at another commit would have off what that one has never heard of.
 * @param without symbols that are to be off here
 * @throws InputError where the tree cannot be read, or the base is none
 */
export async function configureStep(
  bisection: Bisection,
  options: BisectOptions,
  scope: Scope,
  without: readonly string[] = [],
): Promise<ConfiguredStep> {
  const { folder, git, state } = bisection;
  const commit = git.head();
  const number = stepNumber(state, commit);
  const base = folder.read(BASE);
  if (base === null) throw new InputError({ code: 'bisect-state-broken', args: { path: folder.path } });
  folder.write(STEP, named(base, `${LOCALVERSION}${state.stage === 'steps' ? number : `-${state.stage}`}`));
  const { requests = [], ...trimmedAs } = state.trim;
  const trimOptions = {
    ...options,
    ...trimmedAs,
    config: join(folder.path, STEP),
    ...listingOptions(bisection),
    unset: without,
    // A renamed symbol has its module off here: it was on where the config comes from.
    enable: true,
    // Old trees have fewer of the modules.
    force: trimmedAs.force || state.steps.length > 0,
  };
  const command = await CommandRun.open({ ...trimOptions, json: false, color: options.color }, scope);
  const { last, before, own } = configsBefore(bisection, commit);
  const beforeWriting: TrimUse['beforeWriting'] = (lack, text) => {
    if (lack !== null && state.steps.length === 0) {
      throw new InputError({
        code: 'bisect-base-trimmed',
        args: { base: state.base, missing: lack.missing, of: lack.of },
      });
    }
    const kept = keepChanged(command.platform.fs, bisection, command.workspace.configPath());
    if (kept !== null && !options.quiet) {
      const name = basename(kept);
      printMessage(
        `note: the config was changed by hand; it is kept as ${name}. What every commit is to have, start is given: --set SYMBOL=VALUE`,
      );
    }
    // Stored before `.config` is written: that it was made here has to be known at each moment.
    if (last !== null && last === before) folder.write(PREVIOUS, last);
    folder.write(LAST, text);
  };
  const previous = before === null ? null : symbolsOn(before);
  // The config of before the start is stored, and `.config.old` is not ours.
  const trimmed = await trimTree(command, trimOptions, { beforeWriting, keepOld: false, previous, requests });
  command.finish();
  command.workspace.finishSources();
  const { report } = trimmed;
  const name = git.describe(commit);
  const modules = modulesOf(report);
  const compiler = command.workspace.environment().env['CC_VERSION_TEXT'] || state.compiler;
  bisection.set(
    withStep(
      { ...state, compiler, sources: { ...state.sources, ...sourcesOf(command, report, commit) } },
      {
        ...{ commit, name, stage: state.stage },
        // git goes by its verdict, whatever config there is; an end with another trim is another kernel.
        verdict: state.stage === 'steps' ? (own?.verdict ?? null) : null,
        config: textDigest(report.result.text),
        built: modules.built,
        absent: modules.absent,
        without,
        wallSeconds: report.estimate.after.wallSeconds,
      },
    ),
  );
  return {
    kconfig: report.result.config.kconfig,
    // A word of --keep that this version does not know is no failure: another one knows it.
    status: report.result.violations.length > 0 ? 1 : 0,
    compiler:
      compiler === null || state.compiler === null || compiler === state.compiler
        ? null
        : { now: compiler, before: state.compiler },
    notes: state.steps.length === 0 ? lookFirst(command, bisection, report) : [],
    report: {
      name,
      stage: state.stage,
      number,
      commits: bisection.commitsLeft(),
      ...modules,
      absent: modules.absent.map((absent, at) =>
        at < ABSENT_SEARCHED ? absentText(git, state, absent, commit) : absent,
      ),
      unheld: report.result.violations.filter(({ promise }) => promise === 'G9'),
      broken: report.result.violations.filter(({ promise }) => promise !== 'G9' && promise !== 'G1'),
      unknownKeep: report.result.unknownKeep,
      changes: before === null ? null : changesBetween(before, report.result.text),
      wallSeconds: report.estimate.after.wallSeconds,
      jobs: report.estimate.basis.jobs,
    },
  };
}

/**
 * Makes the config of the commit that is checked out without a symbol, where nothing that is required needs it and it does
 * not decide over the whole kernel; otherwise as before.
 * @returns whether it is off
 */
export async function configureWithout(
  bisection: Bisection,
  options: BisectOptions,
  scope: Scope,
  name: string,
): Promise<boolean> {
  const { report, kconfig, status } = await configureStep(bisection, options, scope, [name]);
  const symbol = kconfig.symbols.find(name);
  if (status === 0 && report.lost.length === 0 && symbol && !wholeKernelConditions(kconfig).has(symbol)) return true;
  await configureStep(bisection, options, scope);
  return false;
}

/**
 * The last config that was made, and that of the step before this one: another where the last is an earlier one of the
 * same commit. Null for none. `own` is that earlier step.
 */
function configsBefore(
  { folder, state }: Bisection,
  commit: string,
): { readonly last: string | null; readonly before: string | null; readonly own: Step | undefined } {
  const last = folder.read(LAST);
  const own = state.steps.find((step) => step.commit === commit && step.stage === state.stage);
  // At the first commit there is none before it, whatever its trim was.
  const isOwn = last !== null && (state.stage === 'bad-end' || own?.config === textDigest(last));
  return { last, before: isOwn ? folder.read(PREVIOUS) : last, own };
}

/** A config whose kernels say in their names which step they are. @param text of a .config */
function named(text: string, localversion: string): string {
  const rest = text.replace(/^(?:# )?CONFIG_LOCALVERSION(?:_AUTO)?[= ].*\n?/gm, '');
  return `${rest.endsWith('\n') ? rest : `${rest}\n`}CONFIG_LOCALVERSION="${localversion}"\nCONFIG_LOCALVERSION_AUTO=y\n`;
}

function modulesOf({ result: { loaded, violations } }: TrimReport) {
  const why = new Map(violations.map(({ name, note }) => [name, note]));
  const isBuilt = (status: string): boolean => status === 'kept' || status === 'builtin';
  const inTree = loaded.filter(({ status }) => status !== 'out-of-tree' && status !== 'unknown');
  const absent = inTree.filter(({ status, path }) => !isBuilt(status) && path === null);
  const present = inTree.filter((module) => !absent.includes(module));
  const lost = present.filter(({ status }) => status === 'off' || status === 'lost');
  return {
    built: present.length - lost.length,
    buildable: present.length,
    absent: [...absent, ...loaded.filter(({ status }) => status === 'unknown')].map(({ name }) => name),
    lost: lost.map(({ name, note }) => ({ name, note: note || (why.get(name) ?? '') })),
  };
}

/** The files that some of the loaded modules are named by. */
function sourcesOf(
  { platform, workspace }: CommandRun,
  { result }: TrimReport,
  commit: string,
): Record<string, Source> {
  const found = result.loaded.flatMap(({ name, path }) => {
    const file = `${path}.c`;
    return path !== null && platform.fs.exists(join(workspace.treePath, file))
      ? [[name, { file, commit }] as const]
      : [];
  });
  return Object.fromEntries(found);
}

function changesBetween(before: string, after: string): string[] {
  return diffConfig(before, after)
    .split('\n')
    .filter((line) => line !== '' && !OF_NO_INTEREST.test(line))
    .map((line) => line.trim());
}
