/** What was seen of sources, as it is kept between runs: each with the state of its file. */
import { TOO_YOUNG_MS } from '../cache/file-trace.ts';
import { Packer, Unpacker } from '../cache/packed.ts';
import type { FileStat } from '../platform/platform.ts';
import type { SourceKind } from './source-facts.ts';

/** What one file says by itself. */
export interface SourceFile {
  readonly kind: SourceKind;
  readonly bytes: number;
  readonly includes: number;
  readonly tracePoints: boolean;
  /** The sources that it includes, relative to the tree; they may change without it. */
  readonly sources: readonly string[];
  /** Null where only the head was read. */
  readonly aliases: readonly string[] | null;
}

/** By all that a change of its content changes. */
export interface FileState {
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly identity: string;
}

/** A file with what it was when it was read. */
export interface KeptSource {
  readonly state: FileState;
  readonly file: SourceFile;
}

const KINDS: readonly SourceKind[] = ['c', 'assembly', 'rust'];
const NONE: readonly string[] = [];

/** Whether a file is what it was. */
export function isSameState(state: FileState, found: FileStat): boolean {
  return (
    found.mtimeMs === state.mtimeMs &&
    found.ctimeMs === state.ctimeMs &&
    found.size === state.size &&
    found.identity === state.identity
  );
}

/** The state of a file, for `isSameState`. */
export function stateOf({ size, mtimeMs, ctimeMs, identity }: FileStat): FileState {
  return { size, mtimeMs, ctimeMs, identity };
}

/**
 * Packs sources.
 * @param sources by path relative to the tree
 * @param startedMs when reading began, in milliseconds since the epoch: files that changed since or just before are
 *   left out, for they may have changed once more without a trace
 */
export function packSources(sources: ReadonlyMap<string, KeptSource>, startedMs: number): Uint8Array {
  const old = [...sources].filter(([, { state }]) => state.ctimeMs <= startedMs - TOO_YOUNG_MS);
  const out = new Packer();
  out.int(old.length);
  for (const [path, { state, file }] of old) {
    out.text(path);
    out.double(state.size);
    out.double(state.mtimeMs);
    out.double(state.ctimeMs);
    out.text(state.identity);
    out.int(KINDS.indexOf(file.kind));
    out.double(file.bytes);
    out.int(file.includes);
    out.int(file.tracePoints ? 1 : 0);
    packTexts(out, file.sources);
    if (file.aliases) packTexts(out, file.aliases);
    else out.int(-1);
  }
  return out.bytes();
}

/**
 * Unpacks what `packSources` of this very program packed.
 * @throws RangeError where it is not whole
 */
export function unpackSources(bytes: Uint8Array): Map<string, KeptSource> {
  const from = new Unpacker(bytes);
  const sources = new Map<string, KeptSource>();
  for (let left = from.int(); left > 0; left--) {
    const path = from.text();
    const size = from.double();
    const mtimeMs = from.double();
    const ctimeMs = from.double();
    const identity = from.text();
    const kind = KINDS[from.int()]!;
    const length = from.double();
    const includes = from.int();
    const tracePoints = from.int() === 1;
    const included = unpackTexts(from)!;
    const file = { kind, bytes: length, includes, tracePoints, sources: included, aliases: unpackTexts(from) };
    sources.set(path, { state: { size, mtimeMs, ctimeMs, identity }, file });
  }
  return sources;
}

function packTexts(out: Packer, texts: readonly string[]): void {
  out.int(texts.length);
  for (const text of texts) out.text(text);
}

function unpackTexts(from: Unpacker): readonly string[] | null {
  const count = from.int();
  if (count <= 0) return count < 0 ? null : NONE;
  return Array.from({ length: count }, () => from.text());
}
