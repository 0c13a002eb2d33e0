import type { Bisection, Outcome } from '../../bisect/bisection.ts';
import type { Verdict } from '../../bisect/state.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import type { Scope } from '../../platform/scope.ts';
import { BisectRun } from '../bisect/bisect-run.ts';
import { buildStep } from '../bisect/build-step.ts';
import {
  configure,
  configureOrSkip,
  printFound,
  requireConfig,
  requireUnchanged,
  sayOutcome,
  sayUntestable,
  untestableEnd,
} from '../bisect/go-on.ts';
import { reportFailure } from '../failure.ts';
import { foregroundStatus } from '../foreground.ts';
import { printMessage } from '../messages.ts';
import type { BisectOptions, BuildOptions } from '../options.ts';

/** What `git bisect run` takes for "cannot be tested". */
const EXIT_SKIP = 125;
/** Statuses of a command that say something of the commit: others say that something is wrong on this side. */
const LAST_BAD = 127;
/** Something is wrong on this side: a bisection has to stop, and no commit is to blame. */
const EXIT_STOPPED = 129;

/** `kconfig-trim bisect config`: makes the config of the commit that is checked out, once more. */
export async function runBisectConfig(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  if (bisection.state.stage === 'done') return printFound(run, bisection);
  try {
    return await configure(run, bisection);
  } catch (error) {
    sayUntestable(run, error);
    const end = untestableEnd(bisection);
    if (end === null) printMessage('this commit cannot be tested: kconfig-trim bisect skip');
    else reportFailure(end);
    return EXIT_SKIP;
  }
}

/** `kconfig-trim bisect good`, `bad` and `skip`: a verdict on the commit that is checked out; the next one's config. */
export async function runBisectVerdict(verdict: Verdict, options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const { git } = run;
  const tested = git.head();
  const bisection = opened(run, verdict);
  if (bisection.state.stage === 'done') {
    printMessage(`${verdict} is ignored: the bisection is done. What takes a verdict back is git bisect replay`);
    return printFound(run, bisection);
  }
  const here = git.head();
  if (bisection.isWaiting) {
    // The last command failed, or was killed, after it had stored its verdict.
    printMessage(
      `${git.describe(here)} has no config yet: ${verdict} is not taken for it, and what was stored before stays`,
    );
    return configureOrSkip(run, bisection);
  }
  if (here !== tested) {
    throw new InputError({
      code: 'bisect-not-tested',
      args: { verdict, commit: git.describe(tested), next: git.describe(here) },
    });
  }
  const ended = sayOutcome(run, bisection, judged(bisection, verdict));
  return ended ?? (await configureOrSkip(run, bisection));
}

/** @throws InputError as `BisectRun.open`, and says that the verdict is not taken where a checkout is in the way */
function opened(run: BisectRun, verdict: Verdict): Bisection {
  try {
    return run.open();
  } catch (error) {
    if (!(error instanceof InputError) || error.diagnostic.code !== 'bisect-git') throw error;
    reportFailure(error);
    throw new InputError({ code: 'bisect-not-checked-out', args: { verdict } });
  }
}

/** @throws InputError as `Bisection.judge`, and says so where the verdict is stored all the same */
function judged(bisection: Bisection, verdict: Verdict): Outcome {
  const { stage } = bisection.state;
  const commit = bisection.git.head();
  try {
    return bisection.judge(verdict);
  } catch (error) {
    const isStored = bisection.state.steps.some(
      (step) => step.commit === commit && step.stage === stage && step.verdict === verdict,
    );
    if (!(error instanceof InputError) || error.diagnostic.code !== 'bisect-git' || !isStored) throw error;
    reportFailure(error);
    throw new InputError({ code: 'bisect-step-open', args: { verdict, commit: bisection.git.describe(commit) } });
  }
}

/** `kconfig-trim bisect build [WORDS]`: `kconfig-trim build` of the commit that is checked out. */
export async function runBisectBuild(words: readonly string[], options: BuildOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  requireConfig(bisection);
  const path = run.configPath(bisection.state);
  if (!run.platform.fs.stat(path)) {
    throw new InputError({ code: 'bisect-config-gone', args: { path, commit: run.git.describe(run.git.head()) } });
  }
  const { status, isMachineToBlame } = await buildStep(run, bisection, words, options);
  if (status === 1) {
    printMessage(
      isMachineToBlame
        ? 'no commit is to blame for that: mend it, and build once more'
        : `where that is the fault of this commit: ${
            untestableEnd(bisection) === null
              ? 'kconfig-trim bisect skip'
              : 'start with another end (kconfig-trim bisect reset), or trust both: kconfig-trim bisect start --trust-ends'
          }`,
    );
  }
  return status;
}

/**
 * `kconfig-trim bisect run CMD`: config, build and CMD at each commit until the first bad one is known. CMD ends with 0 for
 * good, 125 for what cannot be tested, 1 to 127 for bad.
 * @returns 129 where something is wrong on this side: no commit is to blame for it
 */
export async function runBisectRun(
  command: readonly string[],
  options: BisectOptions & { readonly jobs?: string; readonly build?: boolean },
  scope: Scope,
): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  while (bisection.state.stage !== 'done') {
    const verdict = await testHere(run, bisection, command, options);
    if (verdict === null) return EXIT_STOPPED;
    const end = verdict === 'skip' ? untestableEnd(bisection) : null;
    if (end !== null) throw end;
    printMessage(`${run.git.describe(run.git.head())} is ${verdict === 'skip' ? 'skipped' : verdict}`);
    const ended = sayOutcome(run, bisection, bisection.judge(verdict));
    if (ended !== null) return ended;
  }
  return printFound(run, bisection);
}

/** @param requireFault throws where the commit is not to blame */
function skipOrStop(requireFault: () => void): Verdict | null {
  try {
    requireFault();
    return 'skip';
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    reportFailure(error);
    return null;
  }
}

/** @returns null where something is wrong on this side */
async function testHere(
  run: BisectRun,
  bisection: Bisection,
  command: readonly string[],
  options: { readonly jobs?: string; readonly build?: boolean } & BisectOptions,
): Promise<Verdict | null> {
  try {
    await configure(run, bisection, false);
  } catch (error) {
    return skipOrStop(() => sayUntestable(run, error));
  }
  if (options.build !== false) {
    const { jobs } = options;
    const { status, isMachineToBlame } = await buildStep(run, bisection, [], {
      ...options,
      ...(jobs !== undefined && { jobs }),
    });
    if (status === 1 && !isMachineToBlame) return skipOrStop(() => requireUnchanged(run.git));
    if (status !== 0) return null;
  }
  const tested = run.git.head();
  const status = await foregroundStatus(run.platform, command);
  const head = run.git.head();
  if (head !== tested) {
    const [here, there] = [run.git.describe(tested), run.git.describe(head)];
    printMessage(
      `${command.join(' ')} left ${there} checked out: no verdict is taken for ${here}; check it out again (git checkout)`,
    );
    return null;
  }
  if (status === 0) return 'good';
  if (status === EXIT_SKIP) return 'skip';
  if (status !== null && status <= LAST_BAD) return 'bad';
  printMessage(`${command.join(' ')} ended with ${status === null ? 'a signal' : `status ${status}`}: stopped here`);
  return null;
}
