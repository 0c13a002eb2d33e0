/** Files of values that are asked for, and where they are looked for. */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { nearNames } from '../diagnostics/near-names.ts';
import { readConfigFile } from '../machine/config-bytes.ts';
import { shortPath } from '../platform/short-path.ts';
import { foreignDefconfig } from './base.ts';
import type { BaseConfig, Workspace } from './workspace.ts';

/** Files that are offered for one that is not there. */
const NEAR_FILES = 3;

/** Fragments, and what there is to say of them. */
export interface ReadFragments {
  readonly fragments: readonly BaseConfig[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads files of values that are asked for. One that is not there is looked for in the tree, as make does it: in
 * `kernel/configs` and in those of the architecture (`make kvm_guest.config`; both where both have it), or by its path.
 * @param names in the order in which they count
 * @param option what named them, for the message
 * @throws InputError `fragment-unreadable`, with the names that it may have meant
 */
export async function readFragments(
  workspace: Workspace,
  names: readonly string[],
  option = '--fragment',
): Promise<ReadFragments> {
  const { cwd } = workspace.platform;
  const fragments: BaseConfig[] = [];
  for (const name of names) {
    const places = placesOf(workspace, name);
    const isFile = (path: string): boolean => workspace.platform.fs.stat(path)?.isFile ?? false;
    const isThere = workspace.platform.fs.stat(resolve(cwd, name)) !== null;
    const found = isThere
      ? []
      : places
          .slice(1)
          .map((folder) => join(folder, name))
          .filter(isFile);
    if (found.length === 0) fragments.push(await readFragment(workspace, name, option, places));
    for (const path of found) fragments.push(await readFragment(workspace, shortPath(cwd, path), option, places));
  }
  const diagnostics = fragments.flatMap(({ source }) => foreignDefconfig(workspace, resolve(cwd, source)));
  return { fragments, diagnostics };
}

/** The folders that a name is looked for in, that of the command line first. */
function placesOf(workspace: Workspace, name: string): readonly string[] {
  const { treePath, platform } = workspace;
  if (isAbsolute(name)) return ['/'];
  if (name.includes('/')) return [platform.cwd, treePath];
  const folders = ['kernel/configs', `arch/${workspace.environment().srcarch}/configs`];
  return [platform.cwd, ...folders.map((folder) => join(treePath, folder))];
}

async function readFragment(
  { platform: { fs, cwd } }: Workspace,
  file: string,
  option: string,
  places: readonly string[],
): Promise<BaseConfig> {
  try {
    return { source: file, text: (await readConfigFile(fs, resolve(cwd, file), file)).text };
  } catch (error) {
    if (!(error instanceof InputError) || error.diagnostic.code !== 'config-unreadable') throw error;
    const { reason = '' } = error.diagnostic.args;
    const beside =
      reason === 'missing' ? places.flatMap((folder) => fs.readDirectory(dirname(join(folder, file))) ?? []) : [];
    const near = nearNames(basename(file), beside, NEAR_FILES);
    throw new InputError({ code: 'fragment-unreadable', args: { option, file, reason, near: near.join(', ') } });
  }
}
