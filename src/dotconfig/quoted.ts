/** String values as a .config has them: in quotes, with a backslash before each `"` and `\\`. */

const QUOTE = 34;
const BACKSLASH = 92;

/** A string value in quotes (`confdata.c:escape_string_value`). */
export function quoted(value: string): string {
  if (!/["\\]/.test(value)) return `"${value}"`;
  // A value may be nothing but what needs a backslash: char by char costs least then.
  const units = new Uint16Array(value.length * 2);
  let length = 0;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit === QUOTE || unit === BACKSLASH) units[length++] = BACKSLASH;
    units[length++] = unit;
  }
  return `"${textOf(units, length)}"`;
}

/**
 * The text between the quote at the start and the next one, a backslash taking the meaning from the char behind it
 * (`confdata.c:conf_set_sym_val`); null without an end.
 */
export function unquoted(text: string): string | null {
  let end = 1;
  while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1;
  if (end >= text.length) return null;
  const inner = text.slice(1, end);
  if (!inner.includes('\\')) return inner;
  const units = new Uint16Array(inner.length);
  let length = 0;
  for (let i = 0; i < inner.length; i++) {
    if (inner.charCodeAt(i) === BACKSLASH) i++;
    units[length++] = inner.charCodeAt(i);
  }
  return textOf(units, length);
}

function textOf(units: Uint16Array, length: number): string {
  return Buffer.from(units.buffer, 0, length * 2).toString('utf16le');
}
