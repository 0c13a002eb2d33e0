import type { Bisection } from '../../bisect/bisection.ts';
import { countSince, LAUNCHERS, launcherOf } from '../../bisect/launchers.ts';
import { isMachineToBlame, wallOf } from '../../bisect/walls.ts';
import { splitMakeWords } from '../../build/make-command.ts';
import type { ExplainedFailure } from '../../report/build-report.ts';
import { counted } from '../../report/count-text.ts';
import { shellWords } from '../../report/shell-words.ts';
import { findProgram } from '../../toolchain/environment.ts';
import { buildTree } from '../commands/build.ts';
import { printMessage } from '../messages.ts';
import type { BuildOptions } from '../options.ts';
import { type BisectRun, buildOptions } from './bisect-run.ts';
import { configureWithout } from './step.ts';

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
 * and then by an older compiler that is installed; where a unit does not compile that nothing required needs, once more
 * without it.
 * @param words as for `kconfig-trim build`
 */
export async function buildStep(
  run: BisectRun,
  bisection: Bisection,
  words: readonly string[],
  options: BuildOptions,
): Promise<StepBuild> {
  const { lsmod, ...rest } = buildOptions(bisection);
  // Of a directory alone, nothing is required that it does not build.
  const required = splitMakeWords(words).targets.length === 0 ? { lsmod } : {};
  const build = (more: readonly string[]) =>
    buildTree([...words, ...more], { ...options, ...rest, ...required }, run.scope);
  const compiler = words.findLast((word) => word.startsWith('CC='))?.slice('CC='.length) ?? run.platform.env['CC'];
  const sayGain = launch(run, bisection, compiler);
  let { status, failure } = await build([]);
  const wall = failure && wallOf(outputOf(failure));
  if (wall) {
    const older = compiler === undefined ? olderCompiler(run) : null;
    const ways = [wall.words(compiler ?? 'gcc'), ...(older === null ? [] : [[`CC=${older}`, `HOSTCC=${older}`]])];
    for (const way of ways) {
      if (failure === null) break;
      printMessage(`${wall.text}: once more with ${shellWords(way)}`);
      ({ status, failure } = await build(way));
    }
  }
  if (failure && !isMachineToBlame(outputOf(failure)) && (await withoutUnit(run, bisection, failure))) {
    ({ status, failure } = await build([]));
  }
  sayGain();
  return { status, isMachineToBlame: failure !== null && isMachineToBlame(outputOf(failure)) };
}

/**
 * Turns the symbol off that has a unit of vmlinux built which does not compile, where nothing required needs it. Of modules
 * those alone are left that are required.
 */
async function withoutUnit(run: BisectRun, bisection: Bisection, failure: ExplainedFailure): Promise<boolean> {
  const { symbols, modules } = failure.turnedOn ?? { symbols: [], modules: [] };
  const symbol = modules.length === 0 ? symbols[0]?.name : undefined;
  const head = run.git.head();
  const isTried = bisection.state.steps.some(({ commit, without }) => commit === head && without.length > 0);
  if (symbol === undefined || isTried) return false;
  if (!(await configureWithout(bisection, run.options, run.scope, symbol))) return false;
  printMessage(`${failure.target}: nothing that is required needs ${symbol}: it is off at this commit, once more`);
  return true;
}

/**
 * Before the first build, offers a program that saves compiling and is installed.
 * @param compiler as `CC` is given
 * @returns says, after a build, what the cache that is in use had of it
 */
function launch(run: BisectRun, { state }: Bisection, compiler = ''): () => void {
  const { fs, env, cwd, commands } = run.platform;
  const used = launcherOf(compiler);
  if (used === null) {
    const found = LAUNCHERS.find(({ name }) => findProgram(fs, name, env, cwd) !== null);
    const isFirst = state.steps.every(({ verdict }) => verdict === null);
    const way = `export ${shellWords([`CC=${found?.name} ${compiler || 'gcc'}`])}`;
    if (found && isFirst) run.note(`${found.name} is installed: ${found.gain}. To use it: ${way}`, [way]);
    return () => {};
  }
  const { name, statistics } = used;
  const count = () => statistics?.read(commands!.run(name, statistics.words, { cwd, env }).stdout) ?? null;
  const before = count();
  return () => {
    const after = count();
    if (before === null || after === null) return;
    const { hits, misses } = countSince(before, after);
    run.note(`${name} had ${hits} of ${counted(hits + misses, 'unit')} from before`);
  };
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
