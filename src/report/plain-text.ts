/**
 * What of a text a terminal would act on rather than show: C0 and C1 control characters (escape sequences start with
 * one), and the marks that reorder, hide or break text. Tab and newline stay.
 */
const NOT_SHOWN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/**
 * Takes out what could drive or deceive a terminal, from text that came from input: names in a listing, prompts,
 * paths. An escape sequence loses its escape character, so its rest stays readable.
 * @param text decoded text (not a Latin-1 byte string: see `byteStringToTerminal`)
 */
export function stripControlCharacters(text: string): string {
  return text.replace(NOT_SHOWN, '');
}

/**
 * JSON in which such characters are escapes: a terminal that it is printed on acts on none, and none is lost.
 * @param value texts in it as for `byteStringToTerminal`
 * @param indent whether to lay it out for people
 */
export function jsonText(value: unknown, indent = true): string {
  const escaped = JSON.stringify(value, decoded, indent ? 2 : 0).replace(NOT_SHOWN, (found) => {
    const units = Array.from({ length: found.length }, (_, at) => found.charCodeAt(at).toString(16).padStart(4, '0'));
    return units.map((unit) => `\\u${unit}`).join('');
  });
  return `${escaped}\n`;
}

/** One character that takes more than one byte in UTF-8, as a byte string has it. */
const UTF8_SEQUENCE = /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}/g;

/**
 * A message as a person may see it: our words and names from the command line, with text of files among them.
 * @param text what came from files is a Latin-1 byte string: taken for UTF-8, and bytes that aren't for Latin-1
 */
export function byteStringToTerminal(text: string): string {
  return stripControlCharacters(fromUtf8(text));
}

const fromUtf8 = (text: string): string =>
  text.replace(UTF8_SEQUENCE, (bytes) => Buffer.from(bytes, 'latin1').toString('utf8'));

/** For `JSON.stringify`. */
const decoded = (_key: string, value: unknown): unknown => (typeof value === 'string' ? fromUtf8(value) : value);
