import { join, resolve } from 'node:path';
import { Bisection, FOLDER } from '../../bisect/bisection.ts';
import { Git } from '../../bisect/git.ts';
import { type BisectState, BUILD_LOG, listingNames } from '../../bisect/state.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { nodePlatform } from '../../platform/node.ts';
import { isOpenAnywhere } from '../../platform/open-files.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Scope } from '../../platform/scope.ts';
import { NodeStateFolder } from '../../platform/state-folder.ts';
import { removeFile } from '../../platform/write-file.ts';
import { diagnosticMessage } from '../../report/diagnostic-text.ts';
import { CommandRun } from '../command-run.ts';
import { printReport } from '../data-output.ts';
import { printMessage } from '../messages.ts';
import type { BisectOptions } from '../options.ts';

/** A command of a bisection, with the checkout that it works on. No other command runs there meanwhile. */
export class BisectRun {
  readonly platform: Platform;
  readonly git: Git;
  readonly folder: NodeStateFolder;
  readonly options: BisectOptions;
  readonly scope: Scope;
  /** Absolute. */
  readonly tree: string;

  /** @throws InputError where the tree is no checkout, or another command is at work */
  constructor(options: BisectOptions, scope: Scope) {
    if (!options.exec) throw new InputError({ code: 'bisect-no-exec', args: {} });
    this.options = options;
    this.scope = scope;
    this.platform = nodePlatform(scope, true);
    const { fs, env, cwd, commands } = this.platform;
    const tree = resolve(cwd, options.tree ?? '.');
    this.tree = tree;
    this.git = new Git(commands!, fs, env, tree, { isOpen: isOpenAnywhere, remove: removeFile });
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
    const bisection = Bisection.open(this.git, this.folder);
    this.lock();
    for (const note of bisection.settle()) this.note(note);
    return bisection;
  }

  /** The bisection as it is, for who only reads; another command may be at work. @throws InputError `bisect-none` */
  look(): Bisection {
    const bisection = Bisection.open(this.git, this.folder);
    for (const note of bisection.look()) this.note(note);
    if (bisection.isEndedByHand) {
      this.note(
        diagnosticMessage({ code: 'bisect-ended-by-hand', severity: 'warning', args: { path: bisection.logPath } }),
      );
    }
    if (this.folder.isLocked()) this.note('another command is at work in this checkout');
    return bisection;
  }

  /** Where the config of each commit is. */
  configPath({ trim }: BisectState): string {
    return resolve(trim.objtree ?? this.tree, this.platform.env['KCONFIG_CONFIG'] || '.config');
  }

  /** A note on standard error. @param whole as for `printMessage` */
  note(text: string, whole: readonly string[] = []): void {
    if (!this.options.quiet) printMessage(`note: ${text}`, whole);
  }

  /** A report on standard output, with the marks of `paint` in it. */
  print(text: string): void {
    if (!this.options.quiet) printReport(text, this.options);
  }
}

/** The files of its listings. */
export function listingPaths({ state, folder }: Bisection): string[] {
  return listingNames(state.listings.length).map((name) => join(folder.path, name));
}

/** The same as options of a command, whose messages name what was named at the start. */
export function listingOptions(bisection: Bisection) {
  return { lsmod: listingPaths(bisection), lsmodNames: bisection.state.listings };
}

/** Where it is built, and what has to come out. */
export function buildOptions(bisection: Bisection) {
  const { arch, objtree } = bisection.state.trim;
  return {
    ...(arch !== undefined && { arch }),
    ...(objtree !== undefined && { objtree }),
    ...listingOptions(bisection),
    // In the tree it would be a file that git does not know.
    usualLog: join(bisection.folder.path, BUILD_LOG),
    force: true,
  };
}

/** The tree as the trims of the bisection see it. */
export function openTree(run: BisectRun, bisection: Bisection): Promise<CommandRun> {
  return CommandRun.open({ ...run.options, ...buildOptions(bisection), quiet: true }, run.scope);
}
