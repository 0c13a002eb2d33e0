import { join } from 'node:path';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { nearNames } from '../../diagnostics/near-names.ts';
import { CONF_TARGETS } from '../../dotconfig/targets.ts';
import type { Scope } from '../../platform/scope.ts';
import { shortPath } from '../../platform/short-path.ts';
import { shellWords } from '../../report/shell-words.ts';
import {
  archOf,
  configsOf,
  fragmentFolders,
  isFileOfTree,
  isMadeByMakefile,
  makeDefconfig,
} from '../../workspace/make-configs.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { CommandRun } from '../command-run.ts';
import { MAKE_TARGETS, OF_MAKE_ALONE } from '../make-targets.ts';
import type { ConfOptions } from '../options.ts';

/** That conf has no such target, with what is here in its place, or what is near. */
export async function unknownTarget(target: string, options: ConfOptions, scope: Scope): Promise<InputError> {
  const args = OF_MAKE_ALONE.has(target) ? { make: target } : await meantTarget(target, options, scope);
  return new InputError({ code: 'conf-unknown-target', args: { target, ...args } });
}

/** A target of make: the command here, or what make has to be given; or else what is near. */
type Meant = { readonly meant: string } | { readonly make: string } | { readonly near: string };

const nearTo = (target: string, names: readonly string[]): Meant => ({ near: nearNames(target, names, 1)[0] ?? '' });

async function meantTarget(target: string, options: ConfOptions, scope: Scope): Promise<Meant> {
  const command = MAKE_TARGETS[target];
  // A trim is what there is without a command.
  if (command !== undefined) return { meant: `kconfig-trim ${command.replace(/^trim ?/, '')}`.trimEnd() };
  if (!/_defconfig$|\.config$/.test(target)) return nearTo(target, [...CONF_TARGETS, 'merge']);
  try {
    const { workspace } = await CommandRun.open(options, scope);
    return target.endsWith('.config') ? meantFragment(workspace, target) : meantDefconfig(workspace, target);
  } catch (error) {
    // Without a tree there are no files to name.
    if (error instanceof InputError) return { near: '' };
    throw error;
  }
}

function meantFragment(workspace: Workspace, target: string): Meant {
  const folders = fragmentFolders(workspace);
  const files = folders.map((folder) => `${folder}/${target}`).filter((file) => isFileOfTree(workspace, file));
  if (files.length === 0)
    return nearTo(
      target,
      folders.flatMap((folder) => namesIn(workspace, folder)),
    );
  const base = shortPath(workspace.platform.cwd, workspace.configPath());
  return { meant: shellWords(['kconfig-trim', 'conf', 'merge', base, ...files]) };
}

function meantDefconfig(workspace: Workspace, target: string): Meant {
  const own = makeDefconfig(workspace, target);
  if (own === null) return { near: '' };
  const conf = ['kconfig-trim', 'conf', 'defconfig'];
  if (isFileOfTree(workspace, own.file)) return { meant: shellWords([...conf, own.file]) };
  if (isMadeByMakefile(workspace, own)) return { make: `ARCH=${archOf(workspace, own.srcarch)} ${target}` };
  const fileOf = (srcarch: string): string => `${configsOf(srcarch)}/${target}`;
  // That of um has the names of the machines that it runs on.
  const others = workspace.tree.srcarches.filter(
    (srcarch) => srcarch !== 'um' && isFileOfTree(workspace, fileOf(srcarch)),
  );
  const [other, second] = others;
  return other !== undefined && second === undefined
    ? { meant: shellWords([...conf, fileOf(other), '--arch', other]) }
    : nearTo(target, namesIn(workspace, configsOf(own.srcarch)));
}

function namesIn({ platform, treePath }: Workspace, folder: string): readonly string[] {
  return platform.fs.readDirectory(join(treePath, folder)) ?? [];
}
