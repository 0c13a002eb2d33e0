import type { Bisection, Outcome } from '../../bisect/bisection.ts';
import type { Git } from '../../bisect/git.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { foundText, stepText } from '../../report/bisect-text.ts';
import { formatDiagnostic } from '../../report/diagnostic-text.ts';
import { reportFailure } from '../failure.ts';
import { printMessage } from '../messages.ts';
import type { BisectRun } from './bisect-run.ts';
import { configureStep } from './step.ts';

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
  run.print(stepText(report, isManual));
  return status;
}

/** Whether an error is one of the tree that is checked out, and not of this machine or what was asked for. */
export function isOfTree({ diagnostic: { code } }: InputError): boolean {
  return code.startsWith('kconfig-') || code.startsWith('kbuild-') || code.startsWith('tree-');
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
      if (!(error instanceof InputError) || !isOfTree(error) || bisection.state.stage !== 'steps') throw error;
      const text = formatDiagnostic(error.diagnostic);
      // Neighbours have the same fault.
      if (text !== said) reportFailure(error);
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
