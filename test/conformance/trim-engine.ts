/** The trim run in process on a real kernel: one reading of the tree serves many trims. */
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { kbuildDomain } from '../../src/trim/lookup.ts';
import { trim } from '../../src/trim/trim.ts';
import type { TrimInput, TrimResult } from '../../src/trim/types.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { type Arch, judgeEnvironment, runConf } from './conf-judge.ts';
import { engineTree } from './engine.ts';
import type { Kernel } from './kernels.ts';

/** A base config on a kernel, read once. */
export interface TrimBase {
  readonly kernel: Kernel;
  readonly kconfig: Kconfig;
  readonly kbuild: KbuildTree;
  readonly config: Configuration;
}

/**
 * Reads a tree and a base config.
 * @param text the base config, Latin-1
 */
export function readTrimBase(kernel: Kernel, arch: Arch, text: string): TrimBase {
  const run = { kernel, arch, target: 'olddefconfig', config: text, answers: 'real' } as const;
  // conf's run leaves the probes' answers that the engine takes.
  runConf(run);
  const kconfig = engineTree(run);
  const config = new Configuration(kconfig);
  readDotConfig(config, text, { file: 'base' });
  const { env, srcarch } = judgeEnvironment(kernel, arch);
  const variables = { ARCH: arch.arch, ...(env['SUBARCH'] === undefined ? {} : { SUBARCH: env['SUBARCH'] }) };
  const domain = kbuildDomain(kconfig);
  const kbuild = KbuildTree.load({ fs: new NodeFileSystem(), tree: kernel.tree, srcarch, variables, domain });
  return { kernel, kconfig, kbuild, config };
}

/** Trims a base to modules by name. */
export function trimTo(base: TrimBase, names: Iterable<string>, options: Partial<TrimInput> = {}): TrimResult {
  return trim({
    kbuild: base.kbuild,
    base: base.config,
    loaded: [...names].map((name) => ({ name, origin: 'unknown' })),
    keep: [],
    lean: false,
    enable: false,
    builtin: false,
    ...options,
  });
}
