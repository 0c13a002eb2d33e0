import type { Bisection } from '../../bisect/bisection.ts';
import { spaceNeeds, spaceNotes } from '../../bisect/space.ts';
import { preflight } from '../../check/preflight/preflight.ts';
import { RememberingRunner } from '../../check/preflight/remembering-runner.ts';
import { freeBytes } from '../../platform/free-space.ts';
import { findingMessage } from '../../report/check-messages.ts';
import type { TrimReport } from '../../report/trim-report.ts';
import type { CommandRun } from '../command-run.ts';

/**
 * What a bisection may fail for on this machine, found before anything is built: programs and headers that are missing or
 * too old for one of its ends, and disks that are too small.
 * @param report of the first trim
 * @returns one sentence each
 */
export function lookFirst(command: CommandRun, bisection: Bisection, { result, estimate }: TrimReport): string[] {
  const { config } = result;
  const debugInfo = config.kconfig.symbols.find('DEBUG_INFO');
  const hasDebugInfo = debugInfo !== undefined && config.tristate(debugInfo) !== 0;
  return [
    ...command.treeNotes(),
    ...toolNotes(command, bisection, result.config),
    ...spaceNotes(spaceNeeds(estimate.after, hasDebugInfo, command.workspace.objtree), freeBytes),
  ];
}

/** What `check` finds missing, by the files of both ends; none of them has to be checked out. */
function toolNotes(
  { workspace, platform }: CommandRun,
  { git, state }: Bisection,
  config: TrimReport['result']['config'],
): string[] {
  const { arch, srcarch, env } = workspace.environment();
  const commands = platform.commands && new RememberingRunner(platform.commands);
  const notes = new Map<string, string[]>();
  for (const [commit, name] of [
    [state.good, state.goodName],
    [state.bad, state.badName],
  ] as const) {
    const cases = preflight({
      ...{ fs: platform.fs, commands, machineEnv: platform.env, cwd: workspace.objtree },
      ...{ config, env, files: [], tree: workspace.treePath, objtree: workspace.objtree, arch, srcarch },
      readSource: (path) => git.file(commit, path),
    });
    for (const found of cases.flatMap(({ findings }) => findings)) {
      const { text } = findingMessage('tools', found);
      notes.set(text, [...(notes.get(text) ?? []), name]);
    }
  }
  return [...notes].map(([text, ends]) => (ends.length === 2 ? text : `${text} (${ends.join()})`));
}
