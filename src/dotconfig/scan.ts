/** One line of a .config that says something. */
export type DotConfigLine =
  | { readonly kind: 'value'; readonly line: number; readonly name: string; readonly value: string }
  | { readonly kind: 'unexpected'; readonly line: number; readonly text: string };

/**
 * How lines are taken. `strict` (6.9 and later) drops a `\r` before the newline and wants `is not set` to end its
 * line; `lenient` (before) lets anything follow, and passes over lines without `=`.
 */
export type LineStyle = 'strict' | 'lenient';

const NOT_SET = 'is not set';

/**
 * The lines of a .config, without any knowledge of symbols (`confdata.c:conf_read_simple`).
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function* scanDotConfig(
  text: string,
  prefix = 'CONFIG_',
  style: LineStyle = 'strict',
): Generator<DotConfigLine> {
  const mayHaveNul = text.includes('\0');
  let from = 0;
  for (let line = 1; from < text.length; line++) {
    const newline = text.indexOf('\n', from);
    const end = endOfText(text, from, newline, mayHaveNul);
    const found = parseLine(text, from, end, line, prefix, style) ?? hiddenLine(text, from, line, style);
    if (found) yield found;
    if (newline < 0) return;
    from = newline + 1;
  }
}

/** Where the text of a line ends. C stops at a NUL, so we do. @param newline -1 for none */
function endOfText(text: string, from: number, newline: number, mayHaveNul: boolean): number {
  let end = newline < 0 ? text.length : newline;
  if (newline > from && text[newline - 1] === '\r') end--;
  const nul = mayHaveNul ? text.indexOf('\0', from) : -1;
  return nul < 0 ? end : Math.min(nul, end);
}

/** Old conf takes a line that begins with a NUL for one without a text, not for an empty one. */
function hiddenLine(text: string, from: number, line: number, style: LineStyle): DotConfigLine | null {
  return style === 'lenient' && text[from] === '\0' ? { kind: 'unexpected', line, text: '' } : null;
}

/** The line from `from` to `end` of a text: no string is made of it, as there are thousands. */
function parseLine(
  text: string,
  from: number,
  end: number,
  line: number,
  prefix: string,
  style: LineStyle,
): DotConfigLine | null {
  if (from === end) return null;
  if (text[from] === '#') {
    const start = from + 2 + prefix.length;
    if (text[from + 1] !== ' ' || start > end || !text.startsWith(prefix, from + 2)) return null;
    const blank = text.indexOf(' ', start);
    if (blank < 0 || blank >= end) return null;
    const rest = end - blank - 1;
    const hasLength = style === 'strict' ? rest === NOT_SET.length : rest >= NOT_SET.length;
    const unset = hasLength && text.startsWith(NOT_SET, blank + 1);
    return unset ? { kind: 'value', line, name: text.slice(start, blank), value: 'n' } : null;
  }
  const start = from + prefix.length;
  const hasPrefix = start <= end && text.startsWith(prefix, from);
  const equals = hasPrefix ? text.indexOf('=', start) : -1;
  if (equals >= 0 && equals < end) {
    return { kind: 'value', line, name: text.slice(start, equals), value: text.slice(equals + 1, end) };
  }
  if (style === 'lenient' && (hasPrefix || text[from] === '\r')) return null;
  const whole = text.slice(from, end);
  return { kind: 'unexpected', line, text: style === 'lenient' ? whole.replace(/\r.*$/s, '') : whole };
}

/** The bytes of a byte order mark, which editors of other systems write at the start of a file; files put together have more. */
const BYTE_ORDER_MARK = /^(?:\u00ef\u00bb\u00bf)+/;
const SETTING = /^(\w+)([ \t]*)=([ \t]*)(.*)$/;
const UNSET = /^(\w+) is not set$/;

/** A line that was meant to count, and that conf passes over for what stands in it. */
export interface FlawedLine {
  /** `blanks`: there are some around `=`; `mark`: a byte order mark stands before it. */
  readonly flaw: 'blanks' | 'mark';
  readonly line: number;
  /** Without the mark and the line's end. */
  readonly text: string;
  /** What it was to set, as it should be written; null for a comment. */
  readonly meant: { readonly name: string; readonly value: string } | null;
}

/**
 * The lines of a .config or fragment that conf takes for none, or for one of another symbol: `CONFIG_X = y` names the symbol
 * `X `, with a blank at its end (`confdata.c:conf_read_simple`).
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function flawedLines(text: string, prefix = 'CONFIG_'): FlawedLine[] {
  const found: FlawedLine[] = [];
  // Hardly any text has one.
  if (!BYTE_ORDER_MARK.test(text) && !/^\w+(?:[ \t]+=|=[ \t])/m.test(text)) return found;
  for (const [index, whole] of text.split('\n').entries()) {
    const isMarked = index === 0 && BYTE_ORDER_MARK.test(whole);
    const line = (isMarked ? whole.replace(BYTE_ORDER_MARK, '') : whole).replace(/\r$/, '');
    const set = line.startsWith(prefix) ? SETTING.exec(line.slice(prefix.length)) : null;
    const unset = line.startsWith(`# ${prefix}`) ? UNSET.exec(line.slice(prefix.length + 2)) : null;
    const hasBlanks = set !== null && (set[2] !== '' || set[3] !== '');
    if (!isMarked && !hasBlanks) continue;
    const meant = set ? { name: set[1]!, value: set[4]! } : unset ? { name: unset[1]!, value: 'n' } : null;
    found.push({ flaw: isMarked ? 'mark' : 'blanks', line: index + 1, text: line, meant });
  }
  return found;
}

/**
 * The plain values of a .config, without a tree: name to value as written, `n` for `is not set`; a later line wins.
 */
export function dotConfigValues(text: string, prefix = 'CONFIG_'): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of scanDotConfig(text, prefix)) if (line.kind === 'value') values.set(line.name, line.value);
  return values;
}

/** Names of the symbols that a .config has on, or gives a number or text. */
export function symbolsOn(text: string): ReadonlySet<string> {
  return new Set([...dotConfigValues(text)].flatMap(([name, value]) => (value === 'n' ? [] : [name])));
}

/** The plain value of one symbol, as written (a text with its quotes); null where no line gives it one. */
export function dotConfigValue(text: string, name: string): string | null {
  const assignment = `CONFIG_${name}=`;
  for (let at = text.lastIndexOf(assignment); at >= 0; at = at === 0 ? -1 : text.lastIndexOf(assignment, at - 1)) {
    if (at === 0 || text[at - 1] === '\n' || text[at - 1] === '\r') {
      return /.*/.exec(text.slice(at + assignment.length, endOfLine(text, at)))![0];
    }
  }
  return null;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}

/** Whether a text says anything of any symbol. */
export function setsSymbols(text: string): boolean {
  for (const line of scanDotConfig(text)) if (line.kind === 'value') return true;
  return false;
}

/**
 * The first line, from 1 on, of a text that is about something else, such as a listing of modules: it has lines, and no
 * symbol is in any of them. Null where one is, or where there are blank lines and comments alone.
 */
export function foreignLine(text: string, prefix = 'CONFIG_'): number | null {
  if (text.includes(prefix)) return null;
  const index = text.split('\n').findIndex((line) => /^\s*[^\s#]/.test(line));
  return index < 0 ? null : index + 1;
}
