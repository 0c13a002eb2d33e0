import { byteStringToTerminal } from './plain-text.ts';

type Style = 'bold' | 'red';

/** Noncharacters of Unicode: no text of a file can hold them, since it has one char for each byte. */
const MARKS: Readonly<Record<Style, string>> = { bold: '\ufdd0', red: '\ufdd1' };
const END = '\ufdd2';
const SEQUENCES: Readonly<Record<string, string>> = {
  [MARKS.bold]: '\u001b[1m',
  [MARKS.red]: '\u001b[31m',
  [END]: '\u001b[0m',
};

/** Marks a part of a report. Reports are marked text, for `renderText`. */
export function paint(style: Style, text: string): string {
  return `${MARKS[style]}${text}${END}`;
}

/**
 * A report as a terminal is to get it: marks become colours, or nothing; whatever else could drive a terminal goes.
 * @param text our words, with Latin-1 byte strings of input among them
 */
export function renderText(text: string, color: boolean): string {
  return text
    .split(/([\ufdd0-\ufdd2])/)
    .map((part) => (part in SEQUENCES ? (color ? SEQUENCES[part] : '') : byteStringToTerminal(part)))
    .join('');
}
