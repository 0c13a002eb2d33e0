import { join, resolve } from 'node:path';
import { Bisection, FOLDER, type Outcome } from '../../bisect/bisection.ts';
import { Git } from '../../bisect/git.ts';
import { builtRelease, cleanCommands, installCommands, type Words } from '../../bisect/install.ts';
import {
  BASE,
  BEFORE,
  type BisectState,
  type BisectTrim,
  LAST,
  listingName,
  newState,
  readState,
  type Verdict,
} from '../../bisect/state.ts';
import { textDigest } from '../../cache/digest.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { readListingFile } from '../../machine/listing.ts';
import { collectRecord } from '../../machine/record/collect.ts';
import { type FactWord, factsOf } from '../../machine/record/format.ts';
import { isRecord, parseRecord } from '../../machine/record/read.ts';
import { formatRecord } from '../../machine/record/write.ts';
import { isRoot, nodePlatform } from '../../platform/node.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Scope } from '../../platform/scope.ts';
import { NodeStateFolder } from '../../platform/state-folder.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { bisectReportText, foundLines, statusText, stepText } from '../../report/bisect-text.ts';
import { shellWords } from '../../report/shell-words.ts';
import { listingFiles } from '../../workspace/listings.ts';
import { runningConfig } from '../../workspace/running-config.ts';
import type { BaseConfig } from '../../workspace/workspace.ts';
import { configureStep } from '../bisect-step.ts';
import { CommandRun } from '../command-run.ts';
import { printReport } from '../data-output.ts';
import { reportFailure } from '../failure.ts';
import { foregroundStatus } from '../foreground.ts';
import type { BisectActOptions, BisectOptions, BisectStartOptions, BuildOptions } from '../options.ts';
import { printMessage, printText } from '../output.ts';
import { runBuild } from './build.ts';

/** What `git bisect run` takes for "cannot be tested". */
const EXIT_SKIP = 125;
/** Statuses of a command that say something of the commit: others say that something is wrong on this side. */
const LAST_BAD = 127;
/** Something is wrong on this side: a bisection has to stop, and no commit is to blame. */
const EXIT_STOPPED = 129;
const FULL_HASH = /^[0-9a-f]{40,64}$/;
/** Changed files that an error names. */
const FILES_SHOWN = 5;

/** A command of a bisection, with the checkout that it works on. No other command runs there meanwhile. */
class BisectRun {
  readonly platform: Platform;
  readonly git: Git;
  readonly folder: NodeStateFolder;
  readonly options: BisectOptions;
  readonly scope: Scope;

  /** @throws InputError where the tree is no checkout, or another command is at work */
  constructor(options: BisectOptions, scope: Scope) {
    if (!options.exec) throw new InputError({ code: 'bisect-no-exec', args: {} });
    this.options = options;
    this.scope = scope;
    this.platform = nodePlatform(scope, true);
    const { fs, env, cwd, commands } = this.platform;
    const tree = resolve(cwd, options.tree ?? '.');
    this.git = new Git(commands!, env, tree);
    const top = fs.stat(tree)?.isDirectory ? this.git.top() : null;
    if (top === null || fs.realPath(top) !== fs.realPath(tree)) {
      throw new InputError({ code: 'bisect-not-checkout', args: { path: tree } });
    }
    this.folder = new NodeStateFolder(this.git.ownPath(FOLDER));
  }

  /** Keeps other commands out until this one ends. @throws InputError `bisect-busy` */
  lock(): void {
    const release = this.folder.lock();
    if (!release) throw new InputError({ code: 'bisect-busy', args: {} });
    this.scope.add(release);
  }

  /** The bisection that goes on, with the right commit checked out. @throws InputError */
  open(): Bisection {
    // What is not there is not locked: that would make the folder.
    const bisection = Bisection.open(this.git, this.folder, this.platform);
    this.lock();
    for (const note of bisection.settle()) this.note(note);
    return bisection;
  }

  note(text: string): void {
    if (!this.options.quiet) printMessage(`note: ${text}`);
  }

  print(text: string): void {
    if (!this.options.quiet) printReport(text, this.options);
  }
}

/**
 * `kconfig-trim bisect start GOOD BAD`: stores the full config and what the machine uses, checks the first commit out and
 * makes its config.
 */
export async function runBisectStart(
  good: string,
  bad: string,
  options: BisectStartOptions,
  scope: Scope,
): Promise<number> {
  const run = new BisectRun(options, scope);
  const { git, folder, platform } = run;
  if (readState(folder)) throw new InputError({ code: 'bisect-goes-on', args: {} });
  const ends = readEnds(git, platform, good, bad);
  const command = await CommandRun.open({ ...options, quiet: true }, scope);
  const base = await fullBase(command, options.config);
  const listings = await listingTexts(platform, options);
  run.lock();
  const before = platform.fs.readText(command.workspace.configPath());
  folder.write(BASE, base.text);
  listings.forEach((text, index) => {
    folder.write(listingName(index), text);
  });
  if (before !== null) folder.write(BEFORE, before);
  const state = newState({
    ...ends,
    origin: git.branchOrHead(),
    base: base.source,
    listings: listings.length,
    trim: trimOf(options, platform.cwd),
    stage: options.trustEnds ? 'steps' : 'bad-end',
  });
  const bisection = Bisection.start(git, folder, platform, state);
  try {
    for (const note of bisection.settle()) run.note(note);
    for (const note of securityNotes(listings)) run.note(note);
    if (bisection.state.stage === 'done') return printFound(run, bisection);
    return await configureOrSkip(run, bisection);
  } catch (error) {
    // Nothing was tested yet: it is as if it had not been started.
    bisection.reset();
    throw error;
  }
}

/** @throws InputError where one is no commit, they are in the wrong order, or the checkout is not clean */
function readEnds(git: Git, platform: Platform, good: string, bad: string) {
  if (git.isBisecting((path) => platform.fs.readText(path))) throw new InputError({ code: 'bisect-by-hand', args: {} });
  const commitOf = (name: string): string => {
    const commit = git.commit(name);
    if (commit === null) throw new InputError({ code: 'bisect-no-commit', args: { name } });
    return commit;
  };
  const nameOf = (name: string): string => (FULL_HASH.test(name) ? git.describe(name) : name);
  const ends = { good: commitOf(good), bad: commitOf(bad), goodName: nameOf(good), badName: nameOf(bad) };
  if (ends.good === ends.bad) throw new InputError({ code: 'bisect-same', args: { good, bad } });
  if (git.isAncestor(ends.bad, ends.good)) throw new InputError({ code: 'bisect-swapped', args: { good, bad } });
  const changed = git.changedFiles();
  if (changed.length > 0) {
    const files = changed.slice(0, FILES_SHOWN).join(', ') + (changed.length > FILES_SHOWN ? ', …' : '');
    throw new InputError({ code: 'bisect-changed-files', args: { count: changed.length, files } });
  }
  return ends;
}

/** The full config: the one that is named, else that of the running kernel, else the first that is found. */
async function fullBase(command: CommandRun, config: string | undefined): Promise<BaseConfig> {
  if (config !== undefined) return command.readBase(config);
  return (await runningConfig(command.workspace, { text: '', source: '' })) ?? command.readBase();
}

/** The listings that are named, as they are; without any, a record of this machine. @throws InputError */
async function listingTexts(platform: Platform, { lsmod, force }: BisectStartOptions): Promise<string[]> {
  const files = listingFiles(platform.env, lsmod);
  if (files.length === 0) return [formatRecord(await collectRecord(platform))];
  return files.map((file) => {
    // One that cannot be read is refused before anything is checked out.
    readListingFile(platform.fs, file, force ?? false);
    return platform.fs.readText(resolve(platform.cwd, file)) ?? '';
  });
}

/** What a kernel that is built here needs of a machine that checks signatures. */
function securityNotes(listings: readonly string[]): string[] {
  const records = listings.filter(isRecord).map((text) => parseRecord(text, 'record').record);
  const says = (word: FactWord, value: RegExp): boolean =>
    records.some((record) => [...factsOf(record, word)].some(({ fields }) => value.test(fields[0] ?? '')));
  return [
    ...(says('secureboot', /^(?:yes|on|enabled)$/)
      ? ['Secure Boot is on: a kernel that is not signed does not start; sign each, or turn it off in the firmware']
      : []),
    ...(says('lockdown', /^(?:integrity|confidentiality)$/)
      ? ['the kernel is locked down: modules that are not signed are not loaded']
      : []),
  ];
}

/** @param cwd what a relative build directory is relative to: later commands may be typed elsewhere */
function trimOf(options: BisectStartOptions, cwd: string): BisectTrim {
  const { arch, keep, force, lean, builtin, fast, debugInfo, exec, cache } = options;
  const objtree = options.objtree === undefined ? undefined : resolve(cwd, options.objtree);
  const given = { arch, objtree, keep, force, lean, builtin, fast, debugInfo };
  return { ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), exec, cache };
}

/** Makes the config of the commit that is checked out, and says what is in it. */
async function configure(run: BisectRun, bisection: Bisection, isManual = true): Promise<number> {
  const { report, status } = await configureStep(bisection, run.options, run.scope);
  run.print(stepText(report, isManual));
  return status;
}

/** `kconfig-trim bisect config`: makes the config of the commit that is checked out, once more. */
export async function runBisectConfig(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  if (bisection.state.stage === 'done') return printFound(run, bisection);
  try {
    return await configure(run, bisection);
  } catch (error) {
    if (!(error instanceof InputError) || !isOfTree(error)) throw error;
    reportFailure(error);
    printMessage('this commit cannot be tested: kconfig-trim bisect skip');
    return EXIT_SKIP;
  }
}

/** Whether an error is one of the tree that is checked out, and not of this machine or what was asked for. */
function isOfTree({ diagnostic: { code } }: InputError): boolean {
  return code.startsWith('kconfig-') || code.startsWith('kbuild-') || code.startsWith('tree-');
}

/** `kconfig-trim bisect good`, `bad` and `skip`: a verdict on the commit that is checked out; the next one's config. */
export async function runBisectVerdict(verdict: Verdict, options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  if (bisection.state.stage === 'done') return printFound(run, bisection);
  const outcome = bisection.judge(verdict);
  const ended = sayOutcome(run, bisection, outcome);
  return ended ?? (await configureOrSkip(run, bisection));
}

/** @returns the exit status where that is the end of it */
function sayOutcome(run: BisectRun, bisection: Bisection, outcome: Outcome): number | null {
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
async function configureOrSkip(run: BisectRun, bisection: Bisection): Promise<number> {
  for (;;) {
    try {
      return await configure(run, bisection);
    } catch (error) {
      if (!(error instanceof InputError) || !isOfTree(error) || bisection.state.stage !== 'steps') throw error;
      reportFailure(error);
      printMessage(`${run.git.describe(run.git.head())} cannot be tested: skipped`);
      const ended = sayOutcome(run, bisection, bisection.judge('skip'));
      if (ended !== null) return ended;
    }
  }
}

function printFound(run: BisectRun, bisection: Bisection): number {
  const lines = foundLines(bisection.state.found.map((commit) => titleOf(run.git, commit)));
  run.print(`${[...lines, 'next       kconfig-trim bisect report, then kconfig-trim bisect reset'].join('\n')}\n`);
  return bisection.state.found.length === 1 ? 0 : 1;
}

const titleOf = (git: Git, commit: string): string => `${commit.slice(0, 12)} ("${git.subject(commit)}")`;

/** `kconfig-trim bisect build [WORDS]`: `kconfig-trim build` of the commit that is checked out. */
export async function runBisectBuild(words: readonly string[], options: BuildOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  const status = await runBuild(words, { ...options, ...buildOptions(run, bisection) }, scope);
  if (status === 1) printMessage('where that is the commit’s fault: kconfig-trim bisect skip');
  return status;
}

/** Where it is built, and what has to come out. */
function buildOptions(run: BisectRun, { state, folder }: Bisection) {
  const { arch, objtree } = state.trim;
  return {
    ...(arch !== undefined && { arch }),
    ...(objtree !== undefined && { objtree }),
    lsmod: Array.from({ length: state.listings }, (_, index) => join(folder.path, listingName(index))),
    force: true,
  };
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
    printMessage(`${run.git.describe(run.git.head())} is ${verdict === 'skip' ? 'skipped' : verdict}`);
    const ended = sayOutcome(run, bisection, bisection.judge(verdict));
    if (ended !== null) return ended;
  }
  return printFound(run, bisection);
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
    if (!(error instanceof InputError)) throw error;
    reportFailure(error);
    return isOfTree(error) ? 'skip' : null;
  }
  if (options.build !== false) {
    const { jobs } = options;
    const built = await runBuild(
      [],
      { ...options, ...buildOptions(run, bisection), ...(jobs !== undefined && { jobs }) },
      run.scope,
    );
    if (built !== 0) return built === 1 ? 'skip' : null;
  }
  const status = await foregroundStatus(run.platform, command);
  if (status === 0) return 'good';
  if (status === EXIT_SKIP) return 'skip';
  if (status !== null && status <= LAST_BAD) return 'bad';
  printMessage(`${command.join(' ')} ended with ${status === null ? 'a signal' : `status ${status}`}: stopped here`);
  return null;
}

/**
 * `kconfig-trim bisect install`: prints what installs the kernel that was built here; with `--yes` it is done.
 * @returns 1 where a command failed
 */
export async function runBisectInstall(options: BisectActOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = run.open();
  const { treePath, objtree } = (await openTree(run, bisection)).workspace;
  const release = builtRelease(run.platform.fs, objtree);
  if (release === null) throw new InputError({ code: 'bisect-not-built', args: { objtree } });
  const { state } = bisection;
  // Stored first: what was installed by half has to be found again, too.
  bisection.set({ ...state, installed: [...new Set([...state.installed, release])] });
  const arch = state.trim.arch === undefined ? [] : [`ARCH=${state.trim.arch}`];
  const words = ['-C', treePath, ...(objtree === treePath ? [] : [`O=${objtree}`]), ...arch];
  const status = await act(run, installCommands(words), options.yes ?? false);
  if (status === 0) run.print(`release    ${release}: what uname -r has to print when it is booted\n`);
  return status;
}

/** `kconfig-trim bisect clean`: prints what removes the kernels that were installed; with `--yes` it is done. */
export async function runBisectClean(options: BisectActOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = Bisection.open(run.git, run.folder, run.platform);
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
    printText(`${shellWords(asRoot)}\n`);
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
  const bisection = Bisection.open(run.git, run.folder, run.platform);
  printReport(statusText(statusOf(run, bisection.state)), options);
  return 0;
}

function statusOf({ git }: BisectRun, state: BisectState) {
  return {
    state,
    head: git.describe(git.head()),
    candidates: state.stage === 'steps' ? git.candidates() : null,
    found: state.found.map((commit) => titleOf(git, commit)),
  };
}

/** `kconfig-trim bisect report`: what a report to the kernel's developers needs. */
export async function runBisectReport(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const { state } = Bisection.open(run.git, run.folder, run.platform);
  const { git, folder, platform } = run;
  const names = [BASE, LAST, ...Array.from({ length: state.listings }, (_, index) => listingName(index))];
  printText(
    bisectReportText({
      ...statusOf(run, state),
      commits: state.found.map((commit) => git.run('show', '--no-patch', '--format=medium', commit)),
      kernel: `${platform.host.release} ${platform.host.machine}`,
      log: git.bisectLog(),
      baseDigest: textDigest(folder.read(BASE) ?? ''),
      options: trimWords(state.trim),
      attachments: names.map((name) => join(folder.path, name)),
    }),
  );
  return 0;
}

function trimWords({ arch, keep = [], lean, builtin, fast, debugInfo }: BisectTrim): string[] {
  return [
    ...(arch === undefined ? [] : ['--arch', arch]),
    ...keep.flatMap((word) => ['--keep', word]),
    ...(lean ? ['--lean'] : []),
    ...(builtin ? ['--builtin'] : []),
    ...(fast ? ['--fast'] : []),
    ...(debugInfo === undefined ? [] : [debugInfo ? '--debug-info' : '--no-debug-info']),
  ];
}

/** `kconfig-trim bisect reset`: everything is as it was before the start. */
export async function runBisectReset(options: BisectOptions, scope: Scope): Promise<number> {
  const run = new BisectRun(options, scope);
  const bisection = Bisection.open(run.git, run.folder, run.platform);
  run.lock();
  const command = await openTree(run, bisection);
  restoreConfig(run, command.workspace.configPath());
  const { origin, installed } = bisection.state;
  for (const words of cleanCommands(run.platform.fs, installed)) run.note(`still installed: ${shellWords(words)}`);
  bisection.reset();
  run.print(`reset      ${origin} is checked out again\n`);
  return 0;
}

/** The tree as the trims of the bisection see it. */
function openTree(run: BisectRun, bisection: Bisection): Promise<CommandRun> {
  return CommandRun.open({ ...run.options, ...buildOptions(run, bisection), quiet: true }, run.scope);
}

/** Puts the config of before the start back, where the one that is there was made here. */
function restoreConfig({ platform, folder }: BisectRun, path: string): void {
  const before = folder.read(BEFORE);
  if (before !== null && platform.fs.readText(path) === folder.read(LAST)) {
    new NodeFileWriter().writeConfigAtomic(path, before, false);
  }
}
