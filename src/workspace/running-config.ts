import { resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import { configOrigin } from '../dotconfig/origin.ts';
import { runningConfigs } from '../machine/base-config.ts';
import { readConfigFile } from '../machine/config-bytes.ts';
import { srcarchOf } from '../toolchain/kernel-tree.ts';
import type { BaseConfig, Workspace } from './workspace.ts';

/**
 * The config of the kernel that runs here, for the tree's architecture.
 * @returns null where there is none that can be read, or where it is the base itself
 */
export async function runningConfig(workspace: Workspace, base: BaseConfig): Promise<BaseConfig | null> {
  const { fs, cwd } = workspace.platform;
  for (const path of runningConfigs(fs)) {
    if (path === resolve(cwd, base.source)) return null;
    try {
      const { text } = await readConfigFile(fs, path);
      const origin = configOrigin(text);
      return origin && srcarchOf(origin.arch) === workspace.environment().srcarch ? { text, source: path } : null;
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
    }
  }
  return null;
}
