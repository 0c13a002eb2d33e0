/** How a run and the thread that looks at sources beside it speak with each other, and what the thread does. */
import { KeptResult } from '../cache/kept-result.ts';
import type { ByteCache, FileSystem } from '../platform/platform.ts';
import { NO_ALIASES, type SourceKind, type WholeFacts } from './source-facts.ts';
import { KeepingSourceReader, SourceReader } from './source-reader.ts';

/** The name of the thread's file. */
export const SOURCE_THREAD = 'source-thread';

/** What the thread is started with. */
export interface SourceThreadStart {
  /** The kernel tree's directory. */
  readonly tree: string;
  /** Where things are kept between runs; null for nowhere. */
  readonly cache: string | null;
}

/** Asks for facts about units, or to keep what is known for the next run. */
export type SourceRequest =
  /** One unit a line: a text is handed over in a fraction of the time that a list of thousands takes. */
  { readonly type: 'look'; readonly units: string; readonly whole: boolean } | { readonly type: 'keep' };

/** Facts about the units of a request, in their order: three numbers of each. */
export interface PackedFacts {
  readonly numbers: Float64Array;
  /** Of units that have some: index and aliases. */
  readonly aliases: readonly (readonly [index: number, aliases: readonly string[]])[];
  readonly whole: boolean;
}

const KINDS: readonly SourceKind[] = ['c', 'assembly', 'rust'];
const NUMBERS = 3;
const TRACE_POINTS = 4;

/** The facts of one unit out of an answer. */
export function unpackFacts({ numbers }: PackedFacts, index: number, aliases: WholeFacts['aliases']): WholeFacts {
  const code = numbers[index * NUMBERS]!;
  return {
    kind: KINDS[code & ~TRACE_POINTS]!,
    bytes: numbers[index * NUMBERS + 1]!,
    includes: numbers[index * NUMBERS + 2]!,
    tracePoints: (code & TRACE_POINTS) !== 0,
    aliases,
  };
}

function packFacts(units: readonly string[], whole: boolean, look: (unit: string) => WholeFacts): PackedFacts {
  const numbers = new Float64Array(units.length * NUMBERS);
  const aliases: [number, readonly string[]][] = [];
  units.forEach((unit, index) => {
    const facts = look(unit);
    numbers[index * NUMBERS] = KINDS.indexOf(facts.kind) | (facts.tracePoints ? TRACE_POINTS : 0);
    numbers[index * NUMBERS + 1] = facts.bytes;
    numbers[index * NUMBERS + 2] = facts.includes;
    const names = facts.aliases ?? NO_ALIASES;
    if (whole && names.length > 0) aliases.push([index, names]);
  });
  return { numbers, aliases, whole };
}

/** What the thread has of the machine. */
export interface SourceThreadMeans {
  readonly fs: FileSystem;
  readonly cache: ByteCache | null;
  /** Names this program's build; null where it is none: nothing is kept then. */
  readonly build: string | null;
  /** Milliseconds since the epoch. */
  readonly startedMs: number;
  /** Called with every unit. */
  readonly progress: () => void;
}

/** The work of the thread: a function that answers requests. */
export function sourceThreadWork(
  tree: string,
  { fs, cache, build, startedMs, progress }: SourceThreadMeans,
): (request: SourceRequest) => PackedFacts | null {
  const key = { kind: 'sources', place: tree, circumstances: build ?? '' };
  const kept = cache && build !== null ? new KeptResult(cache, fs, key) : null;
  const keeping = kept && new KeepingSourceReader(fs, tree, startedMs, kept.read());
  const reader = keeping ?? new SourceReader(fs, tree);
  return (request) => {
    if (request.type === 'keep') {
      const bytes = keeping?.keep();
      if (bytes) kept?.write(bytes, [], startedMs);
      return null;
    }
    return packFacts(request.units.split('\n'), request.whole, (unit) => {
      progress();
      return reader.look(unit, request.whole);
    });
  };
}
