import { dirname, join, resolve } from 'node:path';
import { textDigest } from '../cache/digest.ts';
import type { FileStat, FileSystem } from '../platform/platform.ts';
import { type CommandDependencies, type CommandSurroundings, commandDependencies } from './command-dependencies.ts';
import { findProgram } from './environment.ts';
import { searchCommand, searchedPaths } from './search-paths.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** What an answer depends on, and the fingerprint of all of it when the answer was given. */
export interface RecordedDependencies {
  readonly dependencies: CommandDependencies;
  /** From `DependencyFingerprints`; empty where something was changing. */
  readonly fingerprint: string;
}

/**
 * What a command depends on.
 * @param shell runs a command
 * @returns null where that may be anything
 */
export async function findDependencies(
  command: string,
  surroundings: CommandSurroundings,
  { compiler, linker }: ToolIdentity,
  shell: (command: string) => Promise<string>,
): Promise<CommandDependencies | null> {
  const found = commandDependencies(command, surroundings);
  if (!found) return null;
  const { dependencies, calls } = found;
  if ((dependencies.compiler && compiler === null) || (dependencies.linker && linker === null)) return null;
  const files = new Set(dependencies.files);
  for (const call of calls) {
    const searched = searchedPaths(await shell(searchCommand(call)));
    if (!searched) return null;
    for (const path of searched) files.add(path);
  }
  return { ...dependencies, files: [...files].sort() };
}

/** Fingerprints of files; each file is read once. */
export class FileFingerprints {
  readonly #fs: FileSystem;
  readonly #known = new Map<string, FileStat | null>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** When the youngest of the files changed, in milliseconds since the epoch. */
  get youngest(): number {
    return [...this.#known.values()].reduce((last, stat) => Math.max(last, stat?.mtimeMs ?? 0, stat?.ctimeMs ?? 0), 0);
  }

  of(path: string): string {
    const stat = this.#stat(path);
    if (!stat) return `${path} -`;
    return `${path} ${stat.version} ${stat.mode}`;
  }

  /** With the places where its libraries are. */
  ofProgram(path: string): string {
    const folder = dirname(path);
    const places = ['../lib', '../lib64', '../lib/bfd-plugins'].map((place) => join(folder, place));
    return [path, folder, ...places].map((each) => this.of(each)).join(' ');
  }

  #stat(path: string): FileStat | null {
    let stat = this.#known.get(path);
    if (stat === undefined) {
      stat = this.#fs.stat(path);
      this.#known.set(path, stat);
    }
    return stat;
  }
}

/** Fingerprints of what commands depend on, at one moment. */
export class DependencyFingerprints {
  readonly #surroundings: CommandSurroundings;
  readonly #identity: ToolIdentity;
  readonly #files: FileFingerprints;
  readonly #known = new Map<string, string>();

  constructor(surroundings: CommandSurroundings, identity: ToolIdentity, files: FileFingerprints) {
    this.#surroundings = surroundings;
    this.#identity = identity;
    this.#files = files;
  }

  /** One fingerprint for all that a command depends on. */
  of(needs: CommandDependencies): string {
    const { compiler, linker, surroundings } = this.#identity;
    const { env } = this.#surroundings;
    const all = [
      this.#once('surroundings', () => textDigest(surroundings)),
      needs.compiler ? this.#once('compiler', () => textDigest(compiler ?? '')) : '',
      needs.linker ? this.#once('linker', () => textDigest(linker ?? '')) : '',
      needs.scripts.map((name) => [name, this.#once(`script ${name}`, () => this.#script(name))]),
      needs.programs.map((name) => [name, this.#once(`program ${name}`, () => this.#program(name))]),
      needs.variables.map((name) => [name, env[name] ?? null]),
      needs.files.map((path) => this.#files.of(path)),
    ];
    return textDigest(JSON.stringify(all));
  }

  #script(name: string): string {
    const { fs, cwd } = this.#surroundings;
    const path = resolve(cwd, name);
    // Its text and not its version counts, as another checkout may have the same; but its age has to be seen.
    this.#files.of(path);
    const mode = fs.stat(path)?.mode ?? 0;
    return `${mode & 0o111} ${textDigest(fs.readText(path) ?? '-')}`;
  }

  #program(name: string): string {
    const { fs, env, cwd } = this.#surroundings;
    const path = findProgram(fs, name, env, cwd);
    return path === null ? '-' : `${this.#files.ofProgram(path)} ${this.#files.ofProgram(fs.realPath(path) ?? path)}`;
  }

  #once(key: string, fingerprint: () => string): string {
    let known = this.#known.get(key);
    if (known === undefined) {
      known = fingerprint();
      this.#known.set(key, known);
    }
    return known;
  }
}
