import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { configOrigin, configSrcarches } from '../dotconfig/origin.ts';
import { shortPath } from '../platform/short-path.ts';
import { type KernelTree, requireSrcarch, srcarchOf } from '../toolchain/kernel-tree.ts';
import { otherArchitecture } from '../workspace/base.ts';
import type { BaseConfig } from '../workspace/workspace.ts';
import type { CommandRun } from './command-run.ts';

/** A config that is to be checked, on the tree as it is for its architecture. */
export interface CheckTarget {
  readonly command: CommandRun;
  readonly config: BaseConfig;
  /** That it is for another architecture than those that are meant, so that it cannot be checked; null where it is not. */
  readonly refusal: Diagnostic | null;
}

/**
 * The configs that a command line names, each with its architecture: of several that are named the one that it was made for,
 * or all where it does not say. Where none is named, each config is for its own.
 * @param files without any, the build's own, for the architecture that make would build it for: another that a search would find
 *   is not the one that somebody wants checked
 * @throws InputError where one cannot be read, an architecture is none of the tree, or the only one is for an architecture that is not named
 */
export async function checkTargets(
  command: CommandRun,
  files: readonly string[],
  arches: readonly string[],
): Promise<readonly CheckTarget[]> {
  for (const arch of arches) requireSrcarch(command.workspace.tree, arch);
  const named = files.length > 0 ? files : [shortPath(command.platform.cwd, command.workspace.configPath())];
  const isOne = named.length === 1 && arches.length <= 1;
  // An architecture that the environment names is meant for all.
  if (arches.length === 1 || (arches.length === 0 && (files.length === 0 || command.platform.env['ARCH']))) {
    const targets: CheckTarget[] = [];
    for (const file of named) {
      const config = await command.readBase(file, isOne);
      const refusal = isOne ? null : otherArchitecture(command.workspace, config);
      targets.push({ command, config, refusal });
    }
    return requireOne(targets);
  }
  const runs = new Map<string, CommandRun>();
  const runFor = (arch: string): CommandRun => {
    const known = runs.get(arch) ?? command.forArchitecture(arch);
    runs.set(arch, known);
    return known;
  };
  const targets: CheckTarget[] = [];
  for (const file of named) {
    // Its architecture is what is to be found: none of the runs is the right one to refuse it.
    const config = await command.readBase(file, false);
    if (isOne && otherArchitecture(command.workspace, config) === null) {
      targets.push({ command, config, refusal: null });
      continue;
    }
    const own = archesOf(config, command, arches);
    if (!Array.isArray(own)) targets.push({ command, config, refusal: own });
    else
      for (const arch of own) targets.push({ command: arch === null ? command : runFor(arch), config, refusal: null });
  }
  return requireOne(targets);
}

/** @throws InputError where none can be checked */
function requireOne(targets: readonly CheckTarget[]): readonly CheckTarget[] {
  const [{ refusal: first }] = targets as [CheckTarget];
  if (first && targets.every(({ refusal }) => refusal !== null)) throw new InputError(first);
  return targets;
}

/** The architectures that a config is checked for, null for the one of this machine; or that it is for none of those. */
function archesOf(
  config: BaseConfig,
  { workspace }: CommandRun,
  arches: readonly string[],
): (string | null)[] | Diagnostic {
  const origin = configOrigin(config.text);
  const srcarches = origin ? [srcarchOf(origin.arch)] : configSrcarches(config.text, workspace.tree.srcarches);
  const [srcarch] = srcarches;
  if (srcarch === undefined) return arches.length > 0 ? [...arches] : [null];
  const meant = arches.filter((arch) => srcarchOf(arch) === srcarch);
  if (meant.length > 0) return meant;
  const at = { file: config.source, line: origin?.line ?? 1, column: 0 };
  if (arches.length === 0) {
    const unknown = unknownArchitecture(workspace.tree, srcarch);
    return unknown ? { ...unknown, at } : [srcarch];
  }
  const args = { configured: origin?.arch ?? srcarch, arch: arches.join(' or ') };
  return { code: 'config-other-architecture', severity: 'error', at, args };
}

/** That a tree does not have an architecture; null where it does. */
function unknownArchitecture(tree: KernelTree, srcarch: string): Diagnostic | null {
  try {
    requireSrcarch(tree, srcarch);
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.diagnostic;
    throw error;
  }
}
