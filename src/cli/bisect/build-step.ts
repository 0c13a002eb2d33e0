import type { Bisection } from '../../bisect/bisection.ts';
import { isMachineToBlame, wallOf } from '../../bisect/walls.ts';
import type { ExplainedFailure } from '../../report/build-report.ts';
import { shellWords } from '../../report/shell-words.ts';
import { findProgram } from '../../toolchain/environment.ts';
import { buildTree } from '../commands/build.ts';
import { printMessage } from '../messages.ts';
import type { BuildOptions } from '../options.ts';
import { type BisectRun, buildOptions } from './bisect-run.ts';

/** Versions of gcc that are looked for beside the one in use, the newest first: those that distributions package. */
const OLDER_GCC = [14, 13, 12, 11, 10, 9, 8];

/** How the build of a commit ended. */
export interface StepBuild {
  /** As `build` exits. */
  readonly status: number;
  /** Whether it failed for a reason that says nothing of the commit. */
  readonly isMachineToBlame: boolean;
}

/**
 * Builds the commit that is checked out. Where old code stops a new compiler, it is built once more with flags that help,
 * and then by an older compiler that is installed.
 * @param words as for `kconfig-trim build`
 */
export async function buildStep(
  run: BisectRun,
  bisection: Bisection,
  words: readonly string[],
  options: BuildOptions,
): Promise<StepBuild> {
  const build = (more: readonly string[]) =>
    buildTree([...words, ...more], { ...options, ...buildOptions(bisection) }, run.scope);
  let { status, failure } = await build([]);
  const wall = failure && wallOf(outputOf(failure));
  if (wall) {
    const compiler = words.findLast((word) => word.startsWith('CC='))?.slice('CC='.length) ?? run.platform.env['CC'];
    const older = compiler === undefined ? olderCompiler(run) : null;
    const ways = [wall.words(compiler ?? 'gcc'), ...(older === null ? [] : [[`CC=${older}`, `HOSTCC=${older}`]])];
    for (const way of ways) {
      if (failure === null) break;
      printMessage(`${wall.text}: once more with ${shellWords(way)}`);
      ({ status, failure } = await build(way));
    }
  }
  return { status, isMachineToBlame: failure !== null && isMachineToBlame(outputOf(failure)) };
}

function outputOf({ message, excerpt }: ExplainedFailure): string {
  return [message, ...excerpt].join('\n');
}

/** An older gcc than the one that `gcc` is; null where none is installed. */
function olderCompiler({ platform }: BisectRun): string | null {
  const { fs, env, cwd, commands } = platform;
  const major = Number(commands!.run('gcc', ['-dumpversion'], { cwd }).stdout.split('.')[0]);
  const name = OLDER_GCC.filter((version) => version < major).find(
    (version) => findProgram(fs, `gcc-${version}`, env, cwd) !== null,
  );
  return name === undefined ? null : `gcc-${name}`;
}
