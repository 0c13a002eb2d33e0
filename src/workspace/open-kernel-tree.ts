import { type ConfTarget, runTarget, type TargetAnswer } from '../dotconfig/targets.ts';
import type { BuildResult, KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { MachineRecord } from '../machine/record/format.ts';
import { nodePlatform } from '../platform/node.ts';
import { Scope } from '../platform/scope.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import { trim } from '../trim/trim.ts';
import type { LoadedModule, TrimRequest, TrimResult } from '../trim/types.ts';
import { Explainer } from '../trim/why.ts';
import type { WhyAnswer } from '../trim/why-types.ts';
import type { Configuration } from '../values/configuration.ts';
import { readBase } from './base.ts';
import { replaceMissingKeys } from './key-files.ts';
import { loadedModules, readListings, recordOf } from './listings.ts';
import { type BaseConfig, Workspace, type WorkspaceListener, type WorkspaceOptions } from './workspace.ts';

/** How a kernel tree is opened. What is not given, the environment says (`ARCH`, `CC`, `KBUILD_OUTPUT` …), as for make. */
export interface KernelTreeOptions extends Omit<WorkspaceOptions, 'tree' | 'cache'> {
  /** False: no program is run, and the config answers for the toolchain, as with `--no-exec`. Default: true. */
  readonly exec?: boolean | undefined;
  /** False: nothing is cached between runs, and nothing used, as with `--no-cache`. Default: true. */
  readonly cache?: boolean | undefined;
  /** Hears what `$(info)` and `$(warning-if)` of Kconfig files say. */
  readonly message?: WorkspaceListener['message'] | undefined;
}

/** What a trim may be asked beside the loaded modules, as the options of the command line. */
export type TrimOptions = Partial<Omit<TrimRequest, 'loaded'>>;

/**
 * Opens a kernel tree as the command line does: its Kconfig and Kbuild files, with the toolchain's answers, and with
 * what earlier runs have cached.
 * @param directory the kernel source tree
 * @throws InputError `tree-not-kernel` where it is none
 */
export function openKernelTree(directory: string, options: KernelTreeOptions = {}): OpenKernelTree {
  const { exec = true, cache = true, message = () => undefined, ...others } = options;
  const scope = new Scope();
  const listener = { phase: () => undefined, message };
  return new OpenKernelTree(
    new Workspace(nodePlatform(scope, exec), { ...others, tree: directory, cache }, listener),
    scope,
  );
}

/** A kernel tree that was opened. Close it: what was started for it would keep the process running. */
export class OpenKernelTree {
  readonly #workspace: Workspace;
  readonly #scope: Scope;
  /** Null as long as none was read, or where each config has one of its own. */
  #kconfig: Kconfig | null = null;
  readonly #kbuild = new WeakMap<Kconfig, KbuildTree>();

  constructor(workspace: Workspace, scope: Scope) {
    this.#workspace = workspace;
    this.#scope = scope;
  }

  /** Of the kernel, as its Makefile says. */
  get version(): string {
    return this.#workspace.tree.version;
  }

  /** `ARCH`. */
  get arch(): string {
    return this.#workspace.environment().arch;
  }

  /**
   * Reads a config file: plain, compressed, or inside a kernel image.
   * @param file `-` for standard input; without it the first that is found: `.config`, `/proc/config.gz`, `/boot/config-…`
   * @throws InputError where there is none, it cannot be read, or is of another architecture
   */
  readConfig(file?: string): Promise<BaseConfig> {
    return readBase(this.#workspace, file);
  }

  /**
   * The tree's Kconfig, with the answers of the toolchain.
   * @param config the text of one that answers for the toolchain where no program may or can be run
   * @throws InputError for an error in a Kconfig file
   */
  async kconfig(config: string | null = null): Promise<Kconfig> {
    // Where the toolchain is not asked, each config answers for it, so the files mean something else with each.
    if (this.#kconfig === null || !this.#workspace.probed) this.#kconfig = await this.#workspace.kconfig(config);
    return this.#kconfig;
  }

  /** A config in this tree, with the values of all symbols, as `make olddefconfig` would leave it. */
  async configure(config: BaseConfig): Promise<Configuration> {
    return this.#workspace.configure(await this.kconfig(config.text), config).config;
  }

  /**
   * What the kernel's conf would write.
   * @param config the text that the target reads: a .config, a defconfig, the seed of an all*config; null for none
   */
  async conf(target: ConfTarget, config: string | null = null): Promise<TargetAnswer> {
    return runTarget(await this.kconfig(config), target, config, { file: 'config' });
  }

  /** The tree's Kbuild files: modules, translation units, and their conditions. */
  kbuild({ kconfig }: Configuration): KbuildTree {
    const known = this.#kbuild.get(kconfig) ?? this.#workspace.kbuild(kconfig);
    this.#kbuild.set(kconfig, known);
    return known;
  }

  /** The modules and translation units that a config builds. */
  build(config: Configuration): BuildResult {
    return this.kbuild(config).build(kbuildLookup(config));
  }

  /**
   * The modules that listings name: output of lsmod, /proc/modules, names.
   * @param files without any, this machine's modules are read
   * @throws InputError where one cannot be read or is none
   */
  readModules(...files: readonly string[]): LoadedModule[] {
    return loadedModules(readListings(this.#workspace.platform, files));
  }

  /**
   * What the records among listings say together, for a trim's `record`; null where none is a record.
   * @throws InputError where one cannot be read or is none
   */
  readRecord(...files: readonly string[]): MachineRecord | null {
    return recordOf(readListings(this.#workspace.platform, files, true));
  }

  /**
   * Trims a config to the modules that a machine has loaded, as `kconfig-trim trim`. Key files that are not there are
   * taken out of the config before.
   */
  trim(config: Configuration, loaded: readonly LoadedModule[], options: TrimOptions = {}): TrimResult {
    const base = config.clone();
    replaceMissingKeys(this.#workspace, base);
    const request = { keep: [], lean: false, enable: false, builtin: false, ...options, loaded };
    const sources = this.#workspace.sources();
    const result = trim({ kbuild: this.kbuild(config), base, sources, ...request });
    sources.writeCache();
    return result;
  }

  /**
   * Why a symbol, module or object is on, off or kept, as `kconfig-trim why`.
   * @param trimmed a trim of the config, to say what it makes of the name
   * @returns nothing where the name is not known
   */
  why(name: string, config: Configuration, trimmed: TrimResult | null = null): WhyAnswer[] {
    return new Explainer({ base: config, kbuild: this.kbuild(config), trimmed }).answer(name);
  }

  /** Ends what was started, and writes what later runs gain from. */
  close(): void {
    this.#workspace.finishSources();
    this.#scope.runDeferred();
    this.#scope.close();
  }
}
