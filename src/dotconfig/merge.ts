import type { Position } from '../diagnostics/diagnostic.ts';

/** A file that is merged, with its text (Latin-1). */
export interface Fragment {
  /** A path as it was given, or `standard input`. */
  readonly source: string;
  readonly text: string;
}

/** A line of the merged file, and where it comes from. */
interface MergedLine {
  /** With its newline; the last one of a file may have none until another file follows. */
  text: string;
  readonly fragment: Fragment;
  /** From 1; the empty line between two files belongs to the second one. */
  readonly line: number;
}

/** A value that a later file gives once more. */
export interface Redefinition {
  /**
   * `redundant`: the same value; `merge_config.sh` calls it redefined where other lines name the symbol as well.
   * `kept-builtin`: with `-y`, `m` does not take the place of `y`, and the later line is dropped.
   */
  readonly kind: 'overridden' | 'redundant' | 'kept-builtin';
  readonly name: string;
  /** The lines that name the symbol, as they stand: most often one. */
  readonly before: readonly string[];
  readonly beforeAt: Position;
  readonly after: readonly string[];
  readonly afterAt: Position;
}

/** How files are merged. */
export interface MergeOptions {
  /** `CONFIG_`, or what the environment puts in its place. */
  readonly prefix?: string;
  /** Whether a built-in stays one that a later file makes a module. */
  readonly builtin?: boolean;
}

/** Files as one. */
export interface Merged {
  readonly text: string;
  readonly redefined: readonly Redefinition[];
  /** Where a line of the text comes from, from 1; `index` is that of the file. */
  origin(line: number): { readonly index: number; readonly at: Position };
}

/**
 * Puts files one behind the other as `scripts/kconfig/merge_config.sh` does, byte for byte: what a later one says takes the
 * place of every earlier line that names the same symbol, comments included.
 * @param fragments the base first
 */
export function mergeFragments(
  fragments: readonly Fragment[],
  { prefix = 'CONFIG_', builtin = false }: MergeOptions = {},
): Merged {
  const merging = new Merging(prefix);
  const redefined: Redefinition[] = [];
  for (const [index, fragment] of fragments.entries()) {
    const own = linesOf(fragment);
    if (index > 0) {
      const later = new LineIndex(own, prefix);
      for (const name of namesSet(own, prefix)) {
        const found = merging.redefine(name, later, builtin);
        if (found) redefined.push(found);
      }
      merging.endLine(fragment);
      merging.add([...later.lines]);
    } else merging.add(own);
  }
  const lines = [...merging.lines];
  return {
    text: lines.map(({ text }) => text).join(''),
    redefined,
    origin: (line) => {
      const found = lines[line - 1] ?? { fragment: fragments[0]!, line: 1 };
      return { index: fragments.indexOf(found.fragment), at: placeOf(found) };
    },
  };
}

const placeOf = ({ fragment, line }: Pick<MergedLine, 'fragment' | 'line'>): Position => ({
  file: fragment.source,
  line,
  column: 0,
});

function linesOf(fragment: Fragment): MergedLine[] {
  const texts = fragment.text.split(/(?<=\n)/);
  return texts.filter((text) => text !== '').map((text, index) => ({ text, fragment, line: index + 1 }));
}

/** The symbols that a file sets, with the prefix, once for each line that does. */
function namesSet(lines: readonly MergedLine[], prefix: string): string[] {
  const escaped = prefix.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const sets = new RegExp(`^(?:(${escaped}[a-zA-Z0-9_]*)=|# (${escaped}[a-zA-Z0-9_]*) is not set\\n?$)`);
  return lines.flatMap(({ text }) => {
    const found = sets.exec(text);
    return found ? [(found[1] ?? found[2])!] : [];
  });
}

const WORD = /\w+/g;

/** Lines, by the names in them. */
class LineIndex {
  readonly lines = new Set<MergedLine>();
  /** By name: lines in which it is a word (`grep -w`). */
  readonly #naming = new Map<string, Set<MergedLine>>();
  /** By name: lines in which a blank or `=` stands behind it, whatever stands before it (`sed "/NAME[ =]/d"`). */
  readonly #setting = new Map<string, Set<MergedLine>>();
  readonly #prefix: string;

  constructor(lines: readonly MergedLine[], prefix: string) {
    this.#prefix = prefix;
    this.add(lines);
  }

  add(lines: readonly MergedLine[]): void {
    for (const line of lines) {
      this.lines.add(line);
      for (const found of line.text.matchAll(WORD)) {
        const [word] = found;
        if (word.startsWith(this.#prefix)) addTo(this.#naming, word, line);
        const next = line.text[found.index + word.length];
        if (next !== ' ' && next !== '=') continue;
        for (let at = word.indexOf(this.#prefix); at >= 0; at = word.indexOf(this.#prefix, at + 1)) {
          addTo(this.#setting, word.slice(at), line);
        }
      }
    }
  }

  /** The lines that name a symbol, in their order. */
  naming(name: string): MergedLine[] {
    return [...(this.#naming.get(name) ?? [])].filter((line) => this.lines.has(line));
  }

  delete(name: string): void {
    for (const line of this.#setting.get(name) ?? []) this.lines.delete(line);
  }
}

function addTo(index: Map<string, Set<MergedLine>>, name: string, line: MergedLine): void {
  const known = index.get(name);
  if (known) known.add(line);
  else index.set(name, new Set([line]));
}

/** What was merged so far. */
class Merging extends LineIndex {
  constructor(prefix: string) {
    super([], prefix);
  }

  /** `echo >> FILE`, before another file follows: an empty line, unless the last one has no end yet. */
  endLine(next: Fragment): void {
    const last = [...this.lines].at(-1);
    if (last && !last.text.endsWith('\n')) last.text += '\n';
    else this.lines.add({ text: '\n', fragment: next, line: 1 });
  }

  /** Makes room for what a later file says of a symbol. */
  redefine(name: string, later: LineIndex, builtin: boolean): Redefinition | null {
    const before = this.naming(name);
    const after = later.naming(name);
    // What the file itself says twice may be gone by now, with -y.
    if (before.length === 0 || after.length === 0) return null;
    const [was, is] = [textOf(before), textOf(after)];
    const staysBuiltin = builtin && valueIn(is) === 'm' && valueIn(was) === 'y';
    (staysBuiltin ? later : this).delete(name);
    const value = givenValue(name, before);
    const isSame = was === is || (value !== null && value === givenValue(name, after));
    const kind = staysBuiltin ? 'kept-builtin' : isSame ? 'redundant' : 'overridden';
    const [beforeAt, afterAt] = [placeOf(before.at(-1)!), placeOf(after.at(-1)!)];
    return { kind, name, before: was.split('\n'), beforeAt, after: is.split('\n'), afterAt };
  }
}

/** As a shell's `$(…)` takes lines: without the newlines at their end. */
const textOf = (lines: readonly MergedLine[]): string =>
  lines
    .map(({ text }) => (text.endsWith('\n') ? text : `${text}\n`))
    .join('')
    .replace(/\n+$/, '');

/** What the last of some lines that gives a symbol a value gives it; null where none does. */
function givenValue(name: string, lines: readonly MergedLine[]): string | null {
  const values = lines.flatMap(({ text }) => {
    const line = text.trimEnd();
    if (line === `# ${name} is not set`) return ['n'];
    return line.startsWith(`${name}=`) ? [line.slice(name.length + 1)] : [];
  });
  return values.at(-1) ?? null;
}

/** `${LINE#CONFIG_*=}` */
const valueIn = (line: string): string => line.replace(/^CONFIG_[^=]*=/s, '');
