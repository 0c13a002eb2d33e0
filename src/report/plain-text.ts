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
 * Text of a file, as a person may see it.
 * @param bytes Latin-1 byte string; taken for UTF-8, and bytes that aren't become U+FFFD
 */
export function byteStringToTerminal(bytes: string): string {
  return stripControlCharacters(Buffer.from(bytes, 'latin1').toString('utf8'));
}
