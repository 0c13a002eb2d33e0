import { join } from 'node:path';
import { Bisection } from '../../bisect/bisection.ts';
import type { Git } from '../../bisect/git.ts';
import { builtRelease, cleanCommands, installCommands, localversionOf, type Words } from '../../bisect/install.ts';
import { BASE, type BisectTrim, LAST } from '../../bisect/state.ts';
import { makeVariable } from '../../build/make-command.ts';
import { textDigest } from '../../cache/digest.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { isRoot } from '../../platform/node.ts';
import type { Scope } from '../../platform/scope.ts';
import { bisectReportText, statusText } from '../../report/bisect-text.ts';
import { shellWords } from '../../report/shell-words.ts';
import { command } from '../../report/styled-text.ts';
import { BisectRun, listingPaths, openTree } from '../bisect/bisect-run.ts';
import { restoreConfig } from '../bisect/checkout-config.ts';
import { requireConfig, titleOf } from '../bisect/go-on.ts';
import { printReport } from '../data-output.ts';
import { foregroundStatus } from '../foreground.ts';
import { printMessage } from '../messages.ts';
import type { BisectActOptions, BisectOptions } from '../options.ts';
import { printText } from '../output.ts';

/**
 * `kconfig-trim bisect install`: prints what installs the kernel that was built here; with `--yes` it is done.
 * @returns 1 where a command failed
 */
export async function runBisectInstall(options: BisectActOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  requireConfig(bisection);
  const { treePath, objtree } = (await openTree(run, bisection)).workspace;
  const release = builtRelease(run.platform.fs, objtree, localversionOf(run.folder.read(LAST) ?? ''));
  if (release === null) throw new InputError({ code: 'bisect-not-built', args: { objtree } });
  const { state } = bisection;
  // Stored first: what was installed by half has to be found again, too.
  bisection.set({ ...state, installed: [...new Set([...state.installed, release])] });
  const arch = state.trim.arch === undefined ? [] : [`ARCH=${state.trim.arch}`];
  const words = ['-C', treePath, ...(objtree === treePath ? [] : [makeVariable('O', objtree)]), ...arch];
  const status = await act(run, installCommands(words), options.yes ?? false);
  if (status === 0) run.print(`release    ${release}: what uname -r has to print when it is booted\n`);
  return status;
}

/** `kconfig-trim bisect clean`: prints what removes the kernels that were installed; with `--yes` it is done. */
export async function runBisectClean(options: BisectActOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = Bisection.open(run.git, run.folder);
  run.lock();
  const { installed } = bisection.state;
  const running = run.platform.host.release;
  if (installed.includes(running)) run.note(`${running} is running: it stays`);
  const commands = cleanCommands(
    run.platform.fs,
    installed.filter((release) => release !== running),
  );
  if (commands.length === 0) run.print('nothing    is left of kernels that were installed here\n');
  return act(run, commands, options.yes ?? false);
}

/** Prints commands that need root; or runs them, one after the other, up to the first that fails. */
async function act(run: BisectRun, commands: readonly Words[], isDone: boolean): Promise<number> {
  for (const words of commands) {
    // A password cannot be asked for: the program has nothing to read.
    const asRoot = isRoot() ? words : ['sudo', ...(isDone ? ['-n'] : []), ...words];
    printReport(`${command(asRoot)}\n`, run.options);
    if (!isDone) continue;
    const status = await foregroundStatus(run.platform, asRoot);
    if (status !== 0) {
      printMessage(`${words[0]} failed: do it by hand, or as root`);
      return 1;
    }
  }
  return 0;
}

/** `kconfig-trim bisect status`: what was tested and what is left. */
export async function runBisectStatus(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  printReport(statusText(statusOf(run, run.look())), options);
  return 0;
}

function statusOf({ git }: BisectRun, bisection: Bisection) {
  const { state } = bisection;
  return {
    state,
    head: git.describe(git.head()),
    next: nextOf(git, bisection),
    isWaiting: bisection.isWaiting,
    commits: bisection.commitsLeft(),
    found: state.found.map((commit) => titleOf(git, commit)),
  };
}

/** The commit that is to be tested where another one is checked out, and not to be tested instead. */
function nextOf(git: Git, { wanted, state }: Bisection): string | null {
  return wanted === null || state.stage === 'steps' || wanted === git.head() ? null : git.describe(wanted);
}

/** `kconfig-trim bisect report`: what a report to the kernel's developers needs. */
export async function runBisectReport(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.look();
  const { git, folder, state } = bisection;
  printText(
    bisectReportText({
      ...statusOf(run, bisection),
      details: state.found.map((commit) => git.show(commit)),
      log: bisection.log,
      baseDigest: textDigest(folder.read(BASE) ?? ''),
      options: trimWords(state.trim),
      attachments: [...[BASE, LAST].map((name) => join(folder.path, name)), ...listingPaths(bisection)],
    }),
  );
  return 0;
}

function trimWords({ arch, keep = [], requests = [], lean, builtin, deep, fast, debugInfo }: BisectTrim): string[] {
  return [
    ...(arch === undefined ? [] : ['--arch', arch]),
    ...keep.flatMap((word) => ['--keep', word]),
    ...requests
      .filter(({ flawed }) => flawed === undefined)
      .flatMap(({ symbol, value }) => ['--set', shellWords([`${symbol}=${value}`])]),
    ...(lean ? ['--lean'] : []),
    ...(builtin ? ['--builtin'] : []),
    ...(deep ? [deep === 'bold' ? '--deep=bold' : '--deep'] : []),
    ...(fast ? ['--fast'] : []),
    ...(debugInfo === undefined ? [] : [debugInfo ? '--debug-info' : '--no-debug-info']),
  ];
}

/** `kconfig-trim bisect reset`: everything is as it was before the start. */
export async function runBisectReset(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = Bisection.open(run.git, run.folder);
  run.lock();
  restoreConfig(run, bisection.state);
  const { origin, installed } = bisection.state;
  for (const words of cleanCommands(run.platform.fs, installed)) run.note(`still installed: ${shellWords(words)}`);
  bisection.reset();
  run.print(`reset      ${origin} is checked out again\n`);
  return 0;
}
