import { relative } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import { configOrigin, configSrcarches } from '../dotconfig/origin.ts';
import { srcarchOf } from '../toolchain/kernel-tree.ts';
import type { BaseConfig } from '../workspace/workspace.ts';
import type { CommandRun } from './command-run.ts';

/** A config that is to be checked, on the tree as it is for its architecture. */
export interface CheckTarget {
  readonly command: CommandRun;
  readonly config: BaseConfig;
}

/**
 * The configs that a command line names, each with its architecture: of several that are named the one that it was made for,
 * or all where it does not say. Where none is named, several configs are each for their own.
 * @param files without any, the build's own: another that a search would find is not the one that somebody wants checked
 * @throws InputError where one cannot be read, or is for an architecture that is not named
 */
export async function checkTargets(
  command: CommandRun,
  files: readonly string[],
  arches: readonly string[],
): Promise<CheckTarget[]> {
  const named = files.length > 0 ? files : [shortPath(command, command.workspace.configPath())];
  if (named.filter((file) => file === '-').length > 1) throw new InputError({ code: 'configs-stdin-twice', args: {} });
  const isOne = named.length === 1 && arches.length <= 1;
  // An architecture that the environment names is meant for all.
  if (isOne || arches.length === 1 || (arches.length === 0 && command.platform.env['ARCH'])) {
    const targets: CheckTarget[] = [];
    for (const file of named) targets.push({ command, config: await command.readBase(file) });
    return targets;
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
    const own = archesOf(config, command, arches);
    for (const arch of own) targets.push({ command: arch === null ? command : runFor(arch), config });
  }
  return targets;
}

/** The architectures that a config is checked for; null for the one of this machine. */
function archesOf(config: BaseConfig, { workspace }: CommandRun, arches: readonly string[]): (string | null)[] {
  const origin = configOrigin(config.text);
  const srcarches = origin ? [srcarchOf(origin.arch)] : configSrcarches(config.text, workspace.tree.srcarches);
  const [srcarch] = srcarches;
  if (srcarch === undefined) return arches.length > 0 ? [...arches] : [null];
  if (arches.length === 0) return [srcarch];
  const meant = arches.filter((arch) => srcarchOf(arch) === srcarch);
  if (meant.length > 0) return meant;
  const at = { file: config.source, line: origin?.line ?? 1, column: 0 };
  const args = { configured: origin?.arch ?? srcarch, arch: arches.join(', ') };
  throw new InputError({ code: 'config-other-architecture', at, args });
}

/** A path as a person would give it: relative to the working directory where it lies below. */
function shortPath(command: CommandRun, path: string): string {
  const short = relative(command.platform.cwd, path);
  return short.startsWith('..') ? path : short;
}
