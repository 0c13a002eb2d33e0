import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import type { Listing } from '../machine/listing.ts';
import { nodePlatform } from '../platform/node.ts';
import type { Platform } from '../platform/platform.ts';
import type { Scope } from '../platform/scope.ts';
import { count, counted } from '../report/count-text.ts';
import { diagnosticMessage } from '../report/diagnostic-text.ts';
import { shellWords } from '../report/shell-words.ts';
import { leftInTree, srcarchOfMachine } from '../toolchain/kernel-tree.ts';
import { readBase, versionDiagnostics } from '../workspace/base.ts';
import type { Estimating } from '../workspace/estimating.ts';
import { foreignMachine, keepWords, listingFiles, readByVariable, readListings } from '../workspace/listings.ts';
import type { BaseConfig } from '../workspace/workspace.ts';
import { Workspace } from '../workspace/workspace.ts';
import { linkInto } from './hyperlinks.ts';
import { printDiagnostic, printMessage } from './messages.ts';
import type { CommonOptions, ListingOptions } from './options.ts';
import { printText } from './output.ts';
import { Phases, WORKSPACE_PHASES } from './phases.ts';

/** Said where no terminal shows what is done. */
const MEASURING = "kconfig-trim: measuring the compiler's speed, which takes some seconds";

/** One run of a command on a kernel tree: the tree, and what is said meanwhile. */
export class CommandRun {
  readonly options: CommonOptions;
  readonly scope: Scope;
  readonly platform: Platform;
  readonly phases: Phases;
  readonly workspace: Workspace;

  private constructor(options: CommonOptions, scope: Scope, platform: Platform, phases: Phases, workspace: Workspace) {
    this.options = options;
    this.scope = scope;
    this.platform = platform;
    this.phases = phases;
    this.workspace = workspace;
  }

  /**
   * @param scope ends what is started for it
   * @param variables of make's command line, beside those that options and environment give
   * @throws InputError where the directory is no kernel tree
   */
  static async open(
    options: CommonOptions,
    scope: Scope,
    variables: Readonly<Record<string, string>> = {},
  ): Promise<CommandRun> {
    const platform = nodePlatform(scope, options.exec);
    const visible = !options.quiet && !options.json;
    const phases = await Phases.start(visible, options.performance ? platform : null, scope, options.color);
    const { tree, objtree, arch, cache } = options;
    const workspace = new Workspace(
      platform,
      { tree, objtree, arch, variables, cache },
      {
        phase: (name) => phases.begin(name, WORKSPACE_PHASES[name]),
        progress: (what, done, total) =>
          phases.progress(total === null ? counted(done, what) : `${count(done)} of ${counted(total, what)}`),
        // Standard output is for data.
        message: (text) => warn(options, text),
      },
    );
    linkInto([workspace.treePath, platform.cwd]);
    return new CommandRun(options, scope, platform, phases, workspace);
  }

  /** The same run on the same tree for another architecture. @param arch as make's ARCH */
  forArchitecture(arch: string): CommandRun {
    const { options, scope, platform, phases, workspace } = this;
    return new CommandRun({ ...options, arch }, scope, platform, phases, workspace.forArchitecture(arch));
  }

  /**
   * The options with which another command reads the same tree and a config, for messages that name one.
   * @param source the config as messages call it
   * @returns null for standard input
   */
  again(source: string): string[] | null {
    if (source === 'standard input') return null;
    const { tree, exec } = this.options;
    const { env } = this.platform;
    const objtree = this.options.objtree ?? env['KBUILD_OUTPUT'];
    const arch = this.options.arch ?? env['ARCH'];
    return [
      ...(tree ? ['-C', tree] : []),
      ...(objtree ? ['-O', objtree] : []),
      ...(arch ? ['--arch', arch] : []),
      ...['-c', source],
      ...(exec === false ? ['--no-exec'] : []),
    ];
  }

  /**
   * The config to start from: the one that is named, or else the first that is found.
   * @param isForArchitecture whether one of another architecture is an error
   */
  readBase(config = this.options.config, isForArchitecture = true): Promise<BaseConfig> {
    return readBase(this.workspace, config, isForArchitecture);
  }

  /** As `readBase`, in a command that takes no listing and says so of one. @param name the command's */
  async readConfigAlone(name: string, config?: string): Promise<BaseConfig> {
    try {
      return await this.readBase(config);
    } catch (error) {
      if (!(error instanceof InputError) || error.diagnostic.code !== 'config-is-listing') throw error;
      const { code, args } = error.diagnostic;
      throw new InputError({ code, args: { ...args, command: name } });
    }
  }

  /** The listings that `--lsmod` or `LSMOD` name. */
  listingFiles(lsmod: readonly string[] | undefined): readonly string[] {
    return listingFiles(this.platform.env, lsmod);
  }

  /**
   * Reads listings, and says on standard error what is odd in them. Where neither `--lsmod` nor `LSMOD` name one, this
   * machine's modules are read. One without modules will do where `--keep` says what stays, or with `--force`.
   * @throws InputError where one cannot be read or is none, `record-other-architecture` where it is of another kind of machine
   */
  readListings({ lsmod, lsmodNames, keep, force }: ListingOptions): Listing[] {
    const mayBeEmpty = (force ?? false) || keepWords(this.platform.env, keep).length > 0;
    const files = this.listingFiles(lsmod);
    const read = () => readListings(this.platform, files, mayBeEmpty, lsmodNames);
    const listings = files.length > 0 ? readByVariable(lsmod, read) : read();
    for (const { diagnostics } of listings) this.report(diagnostics);
    if (!force) for (const listing of listings) this.#requireSameArchitecture(listing);
    return listings;
  }

  /** A record of another architecture says of nearly all that is there that it is not used. */
  #requireSameArchitecture({ record, source }: Listing): void {
    if (!record) return;
    const { arch, srcarch } = this.workspace.environment();
    const machine = foreignMachine(record, srcarch);
    if (machine === null) return;
    const args = { file: source, machine, configured: srcarchOfMachine(machine), arch };
    throw new InputError({ code: 'record-other-architecture', args });
  }

  /**
   * For the report: what it means that the base config is of another version than the tree.
   * @param unknown how many symbols that it sets the tree does not have
   */
  versionNotes(base: BaseConfig, unknown: number): string[] {
    const again = shellWords(this.again(base.source) ?? []);
    return versionDiagnostics(this.workspace, base, unknown).map((each) =>
      diagnosticMessage({ ...each, args: { ...each.args, again } }),
    );
  }

  /** For the report: what there is to say about the toolchain and a config. @param config its text */
  toolchainNotes(config: string): string[] {
    return [...this.targetNotes(), ...this.workspace.toolchainDiagnostics(config).map(diagnosticMessage)];
  }

  /** For the report: that the compiler is one for another architecture, which does not fail where values are calculated. */
  targetNotes(): string[] {
    return this.workspace.targetDiagnostics().map(diagnosticMessage);
  }

  /** For the report: that make would refuse the tree. */
  treeNotes(): string[] {
    const { treePath: tree, objtree } = this.workspace;
    const what = leftInTree(this.platform.fs, { tree, objtree, srcarch: this.workspace.environment().srcarch });
    return what === null ? [] : [diagnosticMessage({ code: 'tree-not-clean', severity: 'warning', args: { what } })];
  }

  /**
   * Gives an estimate this machine's speed. Where it is not cached its compiler is measured, which takes seconds; where no
   * terminal shows progress, a line says so.
   */
  calibrate(estimating: Estimating): void {
    const isSaid = !process.stderr.isTTY && !this.options.json;
    estimating.calibrate((run, of) => {
      if (run === 1) {
        this.phases.begin('calibrate', "Measuring the compiler's speed");
        if (isSaid) this.warn(MEASURING);
      }
      this.phases.progress(`run ${run} of ${of}`);
    });
  }

  /** A message on standard error. */
  warn(text: string): void {
    warn(this.options, text);
  }

  /** Diagnostics on standard error, in conf's words where conf has some. */
  report(diagnostics: readonly Diagnostic[]): void {
    if (this.options.quiet) return;
    for (const diagnostic of diagnostics) printDiagnostic(diagnostic);
  }

  /** Ends the work: the progress line goes. `--performance` prints its table when all is done. */
  finish(): void {
    this.phases.finish();
    if (this.options.performance) this.scope.defer(() => printText(this.phases.text(), 'stderr'));
  }
}

function warn({ quiet }: CommonOptions, text: string): void {
  if (!quiet) printMessage(text);
}
