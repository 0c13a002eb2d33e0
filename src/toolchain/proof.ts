/** What lets a command of a Kconfig file be answered without running it. */
import { resolve } from 'node:path';
import { textDigest } from '../cache/digest.ts';
import { traceCommand, tracedFiles } from './compiler-trace.ts';
import { findProgram } from './environment.ts';
import { type CommandSurroundings, commandNeeds, type Needs } from './shell-analysis.ts';
import type { Stamps } from './stamps.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** What an answer depends on, and what all of it was when it was given. */
export interface Proof {
  readonly needs: Needs;
  /** As `Moment` tells it; empty where it was changing. */
  readonly state: string;
}

/**
 * What a command depends on.
 * @param shell runs a command
 * @returns null where that may be anything
 */
export async function findNeeds(
  command: string,
  surroundings: CommandSurroundings,
  { compiler, linker }: ToolIdentity,
  shell: (command: string) => Promise<string>,
): Promise<Needs | null> {
  const found = commandNeeds(command, surroundings);
  if (!found || (found.needs.compiler && compiler === null) || (found.needs.linker && linker === null)) return null;
  const files = new Set(found.needs.files);
  for (const call of found.calls) {
    const traced = tracedFiles(surroundings.fs, call, await shell(traceCommand(call)), surroundings);
    if (!traced) return null;
    for (const path of traced) files.add(path);
  }
  return { ...found.needs, files: [...files] };
}

/** What commands may depend on, as it is at one moment: each thing is looked at once. */
export class Moment {
  readonly #surroundings: CommandSurroundings;
  readonly #identity: ToolIdentity;
  readonly #stamps: Stamps;
  readonly #seen = new Map<string, string>();

  /** @param stamps tells files apart, and how old they are that a state is made of */
  constructor(surroundings: CommandSurroundings, identity: ToolIdentity, stamps: Stamps) {
    this.#surroundings = surroundings;
    this.#identity = identity;
    this.#stamps = stamps;
  }

  /** Tells all that a command depends on from what it was before. */
  stateOf(needs: Needs): string {
    const { compiler, linker, surroundings } = this.#identity;
    const { env } = this.#surroundings;
    const all = [
      this.#once('surroundings', () => textDigest(surroundings)),
      needs.compiler ? this.#once('compiler', () => textDigest(compiler ?? '')) : '',
      needs.linker ? this.#once('linker', () => textDigest(linker ?? '')) : '',
      needs.scripts.map((name) => [name, this.#once(`script ${name}`, () => this.#script(name))]),
      needs.programs.map((name) => [name, this.#once(`program ${name}`, () => this.#program(name))]),
      needs.variables.map((name) => [name, env[name] ?? null]),
      needs.files.map((path) => this.#stamps.of(path)),
    ];
    return textDigest(JSON.stringify(all));
  }

  #script(name: string): string {
    const { fs, cwd } = this.#surroundings;
    const path = resolve(cwd, name);
    // Of its stamp, only the age is of interest: another checkout may have the same text.
    this.#stamps.of(path);
    const mode = fs.stat(path)?.mode ?? 0;
    return `${mode & 0o111} ${textDigest(fs.readText(path) ?? '-')}`;
  }

  #program(name: string): string {
    const { fs, env, cwd } = this.#surroundings;
    const path = findProgram(fs, name, env, cwd);
    return path === null ? '-' : `${this.#stamps.ofProgram(path)} ${this.#stamps.ofProgram(fs.realPath(path) ?? path)}`;
  }

  #once(key: string, look: () => string): string {
    let seen = this.#seen.get(key);
    if (seen === undefined) {
      seen = look();
      this.#seen.set(key, seen);
    }
    return seen;
  }
}
