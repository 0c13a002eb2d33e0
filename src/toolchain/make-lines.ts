/** The logical lines of a makefile: continuations joined, comments gone, recipes and `define` bodies told apart. */

/** A line with its meaning's raw material. */
export interface MakeLine {
  /** Without comment and continuation; leading blanks are gone. */
  readonly text: string;
  /** Begins with a tab: a recipe where a rule stands before it. */
  readonly tab: boolean;
  /** Counts from 1: the line where it begins. */
  readonly line: number;
  /** For a `define` line: the text up to its `endef`, lines joined by newlines. */
  readonly body?: string;
}

/** Splits a makefile into logical lines; empty ones are left out. */
export function makeLines(source: string): readonly MakeLine[] {
  const raw = source.split('\n');
  const lines: MakeLine[] = [];
  for (let at = 0; at < raw.length; ) {
    const first = at;
    let text = raw[at++]!.replace(/\r$/, '');
    while (continues(text) && at < raw.length) {
      text = `${text.slice(0, -1).trimEnd()} ${raw[at++]!.replace(/\r$/, '').trimStart()}`;
    }
    const tab = text.startsWith('\t');
    const clean = withoutComment(text).trimStart();
    if (clean.trimEnd() === '') continue;
    if (/^(?:override\s+|export\s+)*define\s/.test(clean)) {
      const end = endOfDefine(raw, at);
      lines.push({ text: clean, tab, line: first + 1, body: raw.slice(at, end).join('\n') });
      at = end + 1;
    } else {
      lines.push({ text: clean, tab, line: first + 1 });
    }
  }
  return lines;
}

function continues(text: string): boolean {
  let slashes = 0;
  while (text[text.length - 1 - slashes] === '\\') slashes++;
  return slashes % 2 === 1;
}

/** Cuts at the first `#` that no backslash precedes; `\#` becomes `#`. */
function withoutComment(text: string): string {
  if (!text.includes('#')) return text;
  let out = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && text[at + 1] === '#') {
      out += '#';
      at++;
    } else if (text[at] === '#') {
      return out;
    } else {
      out += text[at];
    }
  }
  return out;
}

function endOfDefine(raw: readonly string[], from: number): number {
  let depth = 1;
  for (let at = from; at < raw.length; at++) {
    const text = raw[at]!.trim();
    if (/^define\s/.test(text)) depth++;
    else if (/^endef(?:\s|#|$)/.test(text) && --depth === 0) return at;
  }
  return raw.length;
}
