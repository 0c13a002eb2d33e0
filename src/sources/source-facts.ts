import type { TextBytes } from '../platform/platform.ts';
import { NO_REGISTRATIONS } from './registrations.ts';

/** How a source is compiled; the costs of the kinds have little in common. */
export type SourceKind = 'c' | 'assembly' | 'rust';

/** What the cost of a translation unit is estimated from, beside its directory. */
export interface SourceFacts {
  readonly kind: SourceKind;
  /** Bytes, with those of other `.c` files that it includes; -1 where there is no file (generated, or no tree). */
  readonly bytes: number;
  /** `#include` lines in its head. */
  readonly includes: number;
  /** It defines trace points: their headers are then read many times over and make code at each. */
  readonly tracePoints: boolean;
}

/** The facts, and what only those want to know who look for a module's other names. */
export interface WholeFacts extends SourceFacts {
  /**
   * The texts of `MODULE_ALIAS("…")`, and calls of macros that end in one as the file has them
   * (`MODULE_ALIAS_CRYPTO("aes")`); null where only the head was read.
   */
  readonly aliases: readonly string[] | null;
  /** What it registers with the kernel, as `readRegistration` takes it; null where that was not looked for. */
  readonly registrations: readonly string[] | null;
}

/** How much of a source is read: for its cost, for its module's other names, or for all that it registers as well. */
export type Depth = 'head' | 'aliases' | 'registrations';

/** What one file says by itself. */
export interface SourceFile extends WholeFacts {
  /** Files that are a part of it: what they register, it does. From `partsIn`; found with `registrations`. */
  readonly parts: readonly string[];
  /** The sources that it includes, relative to the tree: `bytes` is without theirs, for they may change without it. */
  readonly sources: readonly string[];
}

/** How much of a source is read for its cost, in bytes: what it includes stands at its top. */
export const HEAD_BYTES = 4096;

/** No aliases, as nearly all sources have it. */
export const NO_ALIASES: readonly string[] = [];

/** A source that isn't there. */
export const UNKNOWN_SOURCE: WholeFacts = {
  kind: 'c',
  bytes: -1,
  includes: 0,
  tracePoints: false,
  aliases: NO_ALIASES,
  registrations: NO_REGISTRATIONS,
};

/** What the head of a C source says. */
export interface Head {
  readonly includes: number;
  /** The included files that are sources themselves, relative to this one's directory. */
  readonly sources: readonly string[];
  readonly tracePoints: boolean;
}

/** Character codes of what stands around the words of a directive. */
const SPACE = 32;
const TAB = 9;
const NEWLINE = 10;
const HASH = 35;

const INCLUDE = 'include';
const DEFINE = 'define';
const INCLUDED_SOURCE = /"([^"\n]+\.c)"/y;
const TRACE_POINTS = /CREATE_TRACE_POINTS\b/y;

/** That of a file that says nothing about compiling it. */
export const NO_DIRECTIVES: Head = { includes: 0, sources: [], tracePoints: false };

/** Reads the head of a C source. */
export function headOf(source: TextBytes): Head {
  const head = source.subarray(0, HEAD_BYTES);
  const first = head.indexOf(HASH);
  if (first < 0) return NO_DIRECTIVES;
  // A string of the lines from the first `#` to the last is half as long: thousands of these are made.
  const end = head.indexOf(NEWLINE, head.lastIndexOf(HASH));
  return readHead(head.toString('latin1', Math.max(0, first - 1), end < 0 ? head.length : end));
}

/** Goes from one `#` at the start of a line of Latin-1 to the next. */
export function readHead(text: string): Head {
  let includes = 0;
  let tracePoints = false;
  const sources: string[] = [];
  for (let hash = text.indexOf('#'); hash >= 0; hash = text.indexOf('#', hash + 1)) {
    if (hash > 0 && text.charCodeAt(hash - 1) !== NEWLINE) continue;
    const at = skipBlanks(text, hash + 1);
    if (text.startsWith(INCLUDE, at)) {
      includes++;
      INCLUDED_SOURCE.lastIndex = skipBlanks(text, at + INCLUDE.length);
      const name = INCLUDED_SOURCE.exec(text)?.[1];
      if (name !== undefined) sources.push(name);
    } else if (!tracePoints && text.startsWith(DEFINE, at)) {
      TRACE_POINTS.lastIndex = skipBlanks(text, at + DEFINE.length);
      tracePoints = TRACE_POINTS.lastIndex > at + DEFINE.length && TRACE_POINTS.test(text);
    }
  }
  return { includes, sources, tracePoints };
}

/** The place of the first char from `at` on that is neither blank nor tab. */
function skipBlanks(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === SPACE || text.charCodeAt(end) === TAB) end++;
  return end;
}

const MACRO = 'MODULE_ALIAS';
/** Node looks for texts of fewer than eight chars in half the time. */
const MACRO_END = 'ALIAS';
/** A call of it, or of a macro that has it in its name; one without texts or words is a part of a definition. */
const CALL = /^\w*MODULE_ALIAS\w*\s*\((?:[^()"\n]|\n\s*|"[^"\n]*"|\((?:[^()\n]|\([^()\n]*\))*\))*\)/;
const PLAIN = /^MODULE_ALIAS\(\s*"([^"\n]+)"\s*\)$/;
/** Longest piece of text that a call stands in. */
const CALL_BYTES = 240;
/** Longest name of a macro before the part that is looked for. */
const PREFIX_BYTES = 40;

/**
 * The aliases in the bytes of a C source. Those for devices (`pci:v*`) are left out where the call says so itself: no
 * module has such a name.
 */
export function aliasesIn(buffer: TextBytes): readonly string[] {
  let end = buffer.indexOf(MACRO_END);
  if (end < 0) return NO_ALIASES;
  const found: string[] = [];
  for (; end >= 0; end = buffer.indexOf(MACRO_END, end + MACRO_END.length)) {
    const at = end + MACRO_END.length - MACRO.length;
    if (buffer.toString('latin1', Math.max(0, at), end + MACRO_END.length) !== MACRO) continue;
    const before = buffer.toString('latin1', Math.max(0, at - PREFIX_BYTES), at);
    const prefix = /\w*$/.exec(before)![0];
    // At the beginning of its line: not in a definition or comment.
    if (!/(^|[\n;])[ \t]*$/.test(before.slice(0, before.length - prefix.length))) continue;
    const call = CALL.exec(prefix + buffer.toString('latin1', at, at + CALL_BYTES))?.[0];
    if (call === undefined || /[*%]/.test(call.replace(/\/\*.*?\*\//gs, ''))) continue;
    found.push(PLAIN.exec(call)?.[1] ?? call.replace(/\s+/g, ' '));
  }
  return found;
}

/** By a source's suffix. */
export function kindOf(path: string): SourceKind {
  return path.endsWith('.S') || path.endsWith('.s') ? 'assembly' : path.endsWith('.rs') ? 'rust' : 'c';
}
