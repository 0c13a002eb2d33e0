import type { Bisection, Outcome } from '../../bisect/bisection.ts';
import type { Git } from '../../bisect/git.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { foundText, stepText } from '../../report/bisect-text.ts';
import { formatDiagnostic } from '../../report/diagnostic-text.ts';
import { reportFailure } from '../failure.ts';
import { printMessage } from '../messages.ts';
import type { BisectRun } from './bisect-run.ts';
import { configureStep } from './step.ts';

/** Changed files that an error names. */
const FILES_SHOWN = 5;

/**
 * Makes the config of the commit that is checked out, and says what is in it.
 * @param isManual whether a person goes on from here
 * @throws InputError `bisect-compiler-changed` where nobody would see that, and as `configureStep`
 */
export async function configure(run: BisectRun, bisection: Bisection, isManual = true): Promise<number> {
  const { report, notes, compiler, status } = await configureStep(bisection, run.options, run.scope);
  for (const note of notes) run.note(note);
  if (compiler && !isManual) throw new InputError({ code: 'bisect-compiler-changed', args: compiler });
  if (compiler) run.note(`the compiler is another one now: ${compiler.now}; so far it was ${compiler.before}`);
  try {
    run.print(stepText(report, isManual));
  } catch (error) {
    // Nobody has seen which commit that is: the command will be typed again.
    bisection.forgetConfig();
    throw error;
  }
  return status;
}

/** Whether an error is one of the tree that is checked out, and not of this machine or what was asked for. */
function isOfTree({ diagnostic: { code } }: InputError): boolean {
  return code.startsWith('kconfig-') || code.startsWith('kbuild-') || code.startsWith('tree-');
}

/** @throws InputError `bisect-no-config` where the config that is there is of another commit */
export function requireConfig(bisection: Bisection): void {
  const { git, isWaiting } = bisection;
  if (isWaiting) throw new InputError({ code: 'bisect-no-config', args: { commit: git.describe(git.head()) } });
}

/**
 * Says why the commit that is checked out has no config, where its own files are to blame.
 * @param said what was said of the commit before
 * @returns what is said of this one: neighbours have the same fault, which is said once
 * @throws the error, where it is another one; InputError `bisect-blame-open`
 */
export function sayUntestable(run: BisectRun, error: unknown, said = ''): string {
  if (!(error instanceof InputError) || !isOfTree(error)) throw error;
  const { code, args } = error.diagnostic;
  const text = formatDiagnostic(error.diagnostic);
  // The advice of that is for who is in another directory.
  const isNone = code === 'tree-not-kernel';
  const commit = run.git.describe(run.git.head());
  const named = { code: 'bisect-not-kernel', args: { commit, missing: args['missing'] ?? '' } };
  if (text !== said) reportFailure(isNone ? new InputError(named) : error);
  requireUnchanged(run.git);
  return text;
}

/**
 * Files that were changed by hand may be what cannot be configured or built.
 * @throws InputError `bisect-blame-open`
 */
export function requireUnchanged(git: Git): void {
  const { count, files } = changedIn(git);
  if (count === 0) return;
  throw new InputError({ code: 'bisect-blame-open', args: { commit: git.describe(git.head()), count, files } });
}

/** Files of the checkout that differ from its commit, and the first of their names. */
export function changedIn(git: Git): { readonly count: number; readonly files: string } {
  const changed = git.changedFiles();
  return {
    count: changed.length,
    files: changed.slice(0, FILES_SHOWN).join(', ') + (changed.length > FILES_SHOWN ? ', …' : ''),
  };
}

/** What an end stops a bisection with that cannot be configured, built or booted; null for a step of git's. */
export function untestableEnd({ git, state: { stage, steps } }: Bisection): InputError | null {
  if (stage !== 'bad-end' && stage !== 'good-end') return null;
  const args = {
    commit: git.describe(git.head()),
    end: stage.slice(0, -'-end'.length),
    isStarted: Number(steps.length > 0),
  };
  return new InputError({ code: 'bisect-end-untestable', args });
}

/** @returns the exit status where that is the end of it */
export function sayOutcome(run: BisectRun, bisection: Bisection, outcome: Outcome): number | null {
  if (outcome.kind === 'found') return printFound(run, bisection);
  if (outcome.kind === 'end-wrong') {
    const { end } = outcome;
    printMessage(
      end === 'bad'
        ? 'the known bad end is good, with the widest trim: the bug needs something that this config does not have, or ' +
            'is not in that commit. Try it with the full config (-c), or start with other ends'
        : 'the known good end is bad: the bug is older, or comes from the config. Start with another good end',
    );
    return 1;
  }
  for (const note of outcome.notes) run.note(note);
  return null;
}

/** The config of the next commit; commits whose files cannot be read are skipped. */
export async function configureOrSkip(run: BisectRun, bisection: Bisection): Promise<number> {
  let said = '';
  for (;;) {
    try {
      return await configure(run, bisection);
    } catch (error) {
      const text = sayUntestable(run, error, said);
      const end = untestableEnd(bisection);
      if (end !== null) throw end;
      printMessage(`${run.git.describe(run.git.head())} cannot be tested${text === said ? ', either' : ''}: skipped`);
      said = text;
      const ended = sayOutcome(run, bisection, bisection.judge('skip'));
      if (ended !== null) return ended;
    }
  }
}

export function printFound(run: BisectRun, bisection: Bisection): number {
  run.print(foundText(bisection.state.found.map((commit) => titleOf(run.git, commit))));
  return bisection.state.found.length === 1 ? 0 : 1;
}

export const titleOf = (git: Git, commit: string): string => `${commit.slice(0, 12)} ("${git.subject(commit)}")`;
