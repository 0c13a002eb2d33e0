import { dirname, join, resolve } from 'node:path';
import { textDigest } from '../cache/digest.ts';
import type { FileStat, FileSystem } from '../platform/platform.ts';
import { type CommandSurroundings, commandDependencies, type Dependency } from './command-dependencies.ts';
import { findProgram } from './environment.ts';
import { searchCommand, searchedPaths } from './search-paths.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** What an answer depends on, and the fingerprint of all of it when the answer was given. */
export interface RecordedDependencies {
  readonly dependencies: readonly Dependency[];
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
  identity: ToolIdentity | Promise<ToolIdentity>,
  shell: (command: string) => Promise<string>,
): Promise<readonly Dependency[] | null> {
  const found = commandDependencies(command, surroundings);
  if (!found) return null;
  const dependencies = new Set(found.dependencies);
  const { compiler, linker } = await identity;
  if ((dependencies.has('compiler') && compiler === null) || (dependencies.has('linker') && linker === null))
    return null;
  for (const call of found.calls) {
    const searched = searchedPaths(await shell(searchCommand(call)));
    if (!searched) return null;
    for (const path of searched) dependencies.add(`file ${path}`);
  }
  return [...dependencies].sort();
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
  /** Most commands depend on the same as others. */
  readonly #lists = new Map<string, string>();

  constructor(surroundings: CommandSurroundings, identity: ToolIdentity, files: FileFingerprints) {
    this.#surroundings = surroundings;
    this.#identity = identity;
    this.#files = files;
  }

  /** One fingerprint for all that a command depends on. */
  of(dependencies: readonly Dependency[]): string {
    const list = JSON.stringify(dependencies);
    let fingerprint = this.#lists.get(list);
    if (fingerprint === undefined) {
      fingerprint = textDigest(JSON.stringify(['surroundings', ...dependencies].map((each) => this.#once(each))));
      this.#lists.set(list, fingerprint);
    }
    return fingerprint;
  }

  #once(dependency: string): string {
    const known = this.#known.get(dependency) ?? this.#fingerprint(dependency);
    this.#known.set(dependency, known);
    return known;
  }

  #fingerprint(dependency: string): string {
    const [kind, name] = dependency.split(/ (.*)/s) as [string, string];
    const { compiler, linker, surroundings } = this.#identity;
    if (kind === 'file') return this.#files.of(name);
    if (kind === 'script') return this.#script(name);
    if (kind === 'program') return this.#program(name);
    if (kind === 'variable') return JSON.stringify([name, this.#surroundings.env[name]]);
    return textDigest((kind === 'compiler' ? compiler : kind === 'linker' ? linker : surroundings) ?? '');
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
}
