/** conf's environment as a cache entry, with all that it depends on: files, variables, links, programs. */

import type { FilesEntry } from '../cache/files-entry.ts';
import { TracedFileSystem } from '../cache/traced-file-system.ts';
import type { FileSystem } from '../platform/platform.ts';
import {
  type ConfEnvironment,
  confEnvironment,
  type EnvironmentInput,
  type EnvironmentTrace,
  type MakeSituation,
  makeSituation,
  makeSurroundings,
  type TracedCommand,
} from './environment.ts';

type Variables = Readonly<Record<string, string>>;

/** How an environment that was handed on differs from the one that make was started in. */
interface Changes {
  readonly set: Variables;
  readonly dropped: readonly string[];
}

/** The content of the entry. */
interface Content {
  /** What `givenTo` returned. */
  readonly given: string;
  readonly concerned: readonly string[];
  /** What those were that make's environment had. */
  readonly values: Variables;
  readonly links: readonly (readonly [path: string, real: string | null])[];
  readonly commands: readonly TracedCommand[];
  readonly handedOn: readonly Changes[];
  readonly result: Omit<ConfEnvironment, 'env'>;
}

/** An environment, and what caches it for the next run. */
export interface CacheableEnvironment {
  readonly environment: ConfEnvironment;
  /** To be called when the programs' answers are known to be right. */
  readonly write: () => void;
}

/**
 * As `confEnvironment`; what an earlier run has worked out is taken where all is as it was.
 * @param startedMs when the run began, in milliseconds since the epoch
 */
export function cachedConfEnvironment(
  input: EnvironmentInput,
  entry: FilesEntry,
  startedMs: number,
): CacheableEnvironment {
  const found = findCached(input, entry);
  if (found) return { environment: found, write: () => undefined };
  const fs = new LinkTracingFileSystem(input.fs);
  const trace: EnvironmentTrace = { concerned: new Set(), commands: [], handedOn: [] };
  const environment = confEnvironment({ ...input, fs }, trace);
  const write = (): void => {
    const content = contentOf(input, fs, trace, environment);
    entry.write([Buffer.from(JSON.stringify(content), 'utf8')], fs.seen, startedMs);
  };
  return { environment, write };
}

/**
 * Writes down where links lead instead of the states of what they lead to: neither does a state tell by which way it was
 * reached, nor is the tree another one because somebody has made a file in it.
 */
class LinkTracingFileSystem extends TracedFileSystem {
  readonly links = new Map<string, string | null>();
  readonly #links: FileSystem;

  constructor(fs: FileSystem) {
    super(fs);
    this.#links = fs;
  }

  override realPath(path: string): string | null {
    const real = this.#links.realPath(path);
    this.links.set(path, real);
    return real;
  }
}

function contentOf(
  input: EnvironmentInput,
  { links }: LinkTracingFileSystem,
  { concerned, commands, handedOn }: EnvironmentTrace,
  { env: _, ...result }: ConfEnvironment,
): Content {
  const situation = makeSituation(input);
  const values = Object.entries(situation.environment).filter(([name]) => concerned.has(name));
  return {
    given: givenTo(input, situation),
    concerned: [...concerned],
    values: Object.fromEntries(values),
    links: [...links],
    commands,
    handedOn: handedOn.map((env) => changes(situation.environment, env)),
    result,
  };
}

/** All of an input but the environment and what files and programs say. */
function givenTo({ shell, host }: EnvironmentInput, { tree, cwd, overrides }: MakeSituation): string {
  return JSON.stringify([tree, cwd, Object.entries(overrides), host ?? null, shell !== null]);
}

function changes(from: Variables, to: Variables): Changes {
  const set = Object.entries(to).filter(([name, value]) => from[name] !== value);
  return { set: Object.fromEntries(set), dropped: Object.keys(from).filter((name) => to[name] === undefined) };
}

function changed(from: Variables, { set, dropped }: Changes): Record<string, string> {
  const env = { ...from, ...set };
  for (const name of dropped) delete env[name];
  return env;
}

function findCached(input: EnvironmentInput, entry: FilesEntry): ConfEnvironment | null {
  const bytes = entry.read();
  if (!bytes) return null;
  const cached = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')) as Content;
  if (cached.result.unevaluated.some((name) => input.wanted?.has(name))) return null;
  const situation = makeSituation(input);
  const { environment } = situation;
  if (cached.given !== givenTo(input, situation) || !isSameFor(environment, cached)) return null;
  if (cached.links.some(([path, real]) => input.fs.realPath(path) !== real)) return null;
  const handedOn = cached.handedOn.map((each) => changed(environment, each));
  for (const { command, shell, run, answer } of cached.commands) {
    const surroundings = makeSurroundings(situation, handedOn[run - 1]);
    if (input.shell!(command, { ...surroundings, shell }) !== answer) return null;
  }
  return { ...cached.result, env: handedOn.at(-1)! };
}

/** Whether all variables that were read are what they were, and the others can be handed on as they are. */
function isSameFor(environment: Variables, { concerned, values }: Content): boolean {
  const names = new Set(concerned);
  const now = Object.entries(environment);
  // make expands what it hands on, so a value with `$` counts.
  const isPlain = now.every(([name, value]) => (names.has(name) ? values[name] === value : !value.includes('$')));
  return isPlain && Object.keys(values).every((name) => environment[name] !== undefined);
}
