import { UNKNOWN_MARK } from '../kconfig/preprocessor.ts';
import type { KSymbol } from '../kconfig/symbol.ts';

/** Reads files of the tree. */
export interface KconfigText {
  /** @param path relative to the tree; null where there is none */
  readText(path: string): string | null;
}

/** What the preprocessor puts in place of a `$(…)` that nobody was asked. */
const PLACEHOLDER = new RegExp(`${UNKNOWN_MARK}\\d+${UNKNOWN_MARK}`, 'g');

/** Where no line shows what was asked. */
const SOME_MACRO = '$(…)';

/** Whether a symbol stands for a `$(…)` that nobody was asked. */
export function isUnasked({ name }: KSymbol): boolean {
  return name?.includes(UNKNOWN_MARK) ?? false;
}

/**
 * An answer in which conditions read as their files have them: each `$(…)` that nobody was asked in place of the number
 * that the preprocessor knows it by.
 * @param data plain data; a text belongs to the line of the `at` beside it, or of the object around
 */
export function asWritten<Data>(data: Data, tree: KconfigText): Data {
  const files = new Map<string, readonly string[]>();
  const macrosAt = ({ file, line }: Place): string[] => {
    const lines = files.get(file) ?? (tree.readText(file) ?? '').split('\n');
    files.set(file, lines);
    return macrosOf(lines[line - 1] ?? '');
  };
  const restored = (value: unknown, at: Place | null): unknown => {
    if (typeof value === 'string') return value.includes(UNKNOWN_MARK) ? restore(value, at ? macrosAt(at) : []) : value;
    if (Array.isArray(value)) return value.map((each) => restored(each, at));
    if (value === null || typeof value !== 'object') return value;
    const own = isPlace((value as { at?: unknown }).at) ? (value as { at: Place }).at : at;
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, restored(each, own)]));
  };
  return restored(data, null) as Data;
}

interface Place {
  readonly file: string;
  readonly line: number;
}

function isPlace(value: unknown): value is Place {
  return typeof value === 'object' && value !== null && 'file' in value && 'line' in value;
}

function restore(text: string, macros: readonly string[]): string {
  let at = 0;
  return text.replace(PLACEHOLDER, () => macros[Math.min(at++, macros.length - 1)] ?? SOME_MACRO);
}

/** The outermost `$(…)`s of a line. */
function macrosOf(line: string): string[] {
  const found: string[] = [];
  for (let start = line.indexOf('$('); start >= 0; start = line.indexOf('$(', start)) {
    let depth = 0;
    let end = start + 1;
    for (; end < line.length; end++) {
      if (line[end] === '(') depth++;
      else if (line[end] === ')' && --depth === 0) break;
    }
    found.push(line.slice(start, end + 1));
    start = end;
  }
  return found;
}
