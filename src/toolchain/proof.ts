/** What lets a command of a Kconfig file be answered without running it. */
import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { traceCommand, tracedFiles } from './compiler-trace.ts';
import { findProgram } from './environment.ts';
import { type CommandSurroundings, commandNeeds, type Needs } from './shell-analysis.ts';
import type { Stamps } from './stamps.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** What an answer depends on, and what all of it was when it was given. */
export interface Proof {
  readonly needs: Needs;
  /** As `stateOf` tells it; empty where it was changing. */
  readonly state: string;
}

/** What a command depends on; null where that may be anything. @param shell runs a command */
export async function findNeeds(
  command: string,
  surroundings: CommandSurroundings,
  shell: (command: string) => Promise<string>,
): Promise<Needs | null> {
  const found = commandNeeds(command, surroundings);
  if (!found) return null;
  const files = new Set(found.needs.files);
  for (const call of found.calls) {
    const traced = tracedFiles(surroundings.fs, call, await shell(traceCommand(call)), surroundings);
    if (!traced) return null;
    for (const path of traced) files.add(path);
  }
  return { ...found.needs, files: [...files] };
}

/**
 * Tells all that a command depends on from what it was before.
 * @returns null where it cannot be told
 */
export function stateOf(
  needs: Needs,
  identity: ToolIdentity,
  { fs, env, cwd }: CommandSurroundings,
  stamps: Stamps,
): string | null {
  if ((needs.compiler && identity.compiler === null) || (needs.linker && identity.linker === null)) return null;
  const script = (name: string): string | null => {
    const path = resolve(cwd, name);
    // Its stamp is of no interest but for its age: another checkout may have the same text.
    stamps.of(path);
    const stat = fs.stat(path);
    return stat && `${stat.mode & 0o111} ${fs.readText(path)}`;
  };
  const program = (name: string): string => {
    const path = findProgram(fs, name, env, cwd);
    return path === null ? '-' : `${stamps.ofProgram(path)} ${stamps.ofProgram(fs.realPath(path) ?? path)}`;
  };
  const all = [
    identity.surroundings,
    needs.compiler ? identity.compiler : '',
    needs.linker ? identity.linker : '',
    needs.scripts.map((name) => [name, script(name)]),
    needs.programs.map((name) => [name, program(name)]),
    needs.variables.map((name) => [name, env[name] ?? null]),
    needs.files.map((path) => stamps.of(path)),
  ];
  return createHash('sha256').update(JSON.stringify(all)).digest('hex');
}
