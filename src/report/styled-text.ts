import { stripVTControlCharacters } from 'node:util';
import { wrapAnsi } from 'fast-wrap-ansi';
import { byteStringToTerminal } from './plain-text.ts';
import { shellWords } from './shell-words.ts';

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

/** Where the lines that continue one begin; and a line that is not broken: a command, or what a program printed. */
const HANG = '\ufdd3';
const VERBATIM = '\ufdd4';
/** A space at which no line is broken. */
const FIXED_SPACE = '\ufdd5';
/** A space between words of a command: a line that is broken there ends with a backslash, so that it can be pasted. */
const COMMAND_SPACE = '\ufdd7';
/** Where a path may be broken. */
const SLASH = '\ufdd6';
/** A line of a file. */
const PLACE = /:\d+/;
/** Lines of a message that show a line of input, or are conf's comments. */
const SHOWN_LINE = /^(?:\s*\d* \| |#)/;

/** The beginning of a line: what continues the line begins below its end. */
export function hanging(beginning: string): string {
  return `${beginning}${HANG}`;
}

/** A line that is shown as it is, however long. */
export function verbatim(line: string): string {
  return `${VERBATIM}${line}`;
}

/** A command line to be pasted, as a part of a report: it is broken only where it does not fit a line, by backslashes. */
export function command(words: readonly string[]): string {
  return words.map((word) => shellWords([word]).replaceAll(' ', FIXED_SPACE)).join(COMMAND_SPACE);
}

/** Columns that a report may take. */
export const REPORT_COLUMNS = 80;
/** A terminal. */
export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** One of the usual size. */
const USUAL_SCREEN: Screen = { columns: REPORT_COLUMNS, rows: 24 };
/** Columns before what continues a line that does not begin with a label. */
const CONTINUATION = 6;

/** Whether the first lines of a report are off a screen once the last is printed, and the prompt below it. */
export function isTallerThanScreen(text: string, { columns, rows } = USUAL_SCREEN): boolean {
  const lines = renderText(text, false, columns).trimEnd().split('\n');
  // The terminal breaks what is not broken here.
  return lines.reduce((sum, { length }) => sum + Math.max(1, Math.ceil(length / columns)), 0) > rows - 1;
}

/** A line without its end where that does not fit, at least a word; `-v` shows it. @param columns of a line */
export function cutToLine(line: string, columns: number): string {
  const width = (text: string): number => rendered(text, false).length;
  if (width(line) <= columns) return line;
  const end = ' … (-v)';
  const [begin = ''] = /^(?:[^\ufdd3]*\ufdd3)? */.exec(line) ?? [];
  const words = line.slice(begin.length).split(' ');
  while (words.length > 1 && width(begin + words.join(' ')) + end.length > columns) words.pop();
  return begin + words.join(' ') + end;
}

/**
 * A report as a terminal is to get it: marks become colours, or nothing; whatever else could drive a terminal goes; lines
 * are broken between words.
 * @param text our words, with Latin-1 byte strings of input among them
 * @param columns of the terminal, where it has fewer than `REPORT_COLUMNS`
 */
export function renderText(text: string, color: boolean, columns = REPORT_COLUMNS): string {
  // A terminal that does not know its width has none.
  const width = Math.min(columns || REPORT_COLUMNS, REPORT_COLUMNS);
  return text
    .split('\n')
    .map((line) => wrapped(line, color, width))
    .join('\n')
    .replace(/[\ufdd5\ufdd7]/g, ' ');
}

/** Commands of messages, which are to be typed as they are. */
const COMMANDS = /\b(?:kconfig-trim bisect [a-z]+(?: [A-Z]+| --[a-z-]+)*|git bisect (?:replay [^\s;]+|[a-z]+))/g;

/**
 * A message as a terminal is to get it: as `renderText`, and without a break in lines of input that it shows.
 * @param columns as there
 * @param whole parts with spaces that are not broken
 */
export function renderMessage(text: string, columns: number, whole: readonly string[] = []): string {
  const fixed = whole.filter((part) => part.includes(' '));
  const commands = text.replace(COMMANDS, (each) => each.replaceAll(' ', COMMAND_SPACE));
  const marked = fixed.reduce((all, part) => all.replaceAll(part, part.replaceAll(' ', FIXED_SPACE)), commands);
  const lines = marked.split('\n').map((line) => (SHOWN_LINE.test(line) ? verbatim(line) : line));
  return renderText(lines.join('\n'), false, columns);
}

function wrapped(line: string, color: boolean, columns: number): string {
  const end = line.indexOf(HANG);
  const label = line.slice(0, Math.max(0, end));
  const rest = line.slice(label.length);
  const whole = rendered(line, color);
  if (line.includes(VERBATIM) || rendered(line, false).length <= columns) return whole;
  const [indent = ''] = /^[\ufdd3 ]*/.exec(rest) ?? [];
  const first = rendered(label + indent, false);
  const hang = first === '' ? CONTINUATION : end < 0 ? first.length + 2 : first.length;
  const room = Math.max(columns - hang, columns / 2);
  const text = rendered(rest.slice(indent.length), color);
  const isNarrow = columns < REPORT_COLUMNS;
  const [begin = '', ...others] = wrapAnsi(isNarrow ? atSlashes(text, room) : text, room)
    .split('\n')
    .map((each) => each.replaceAll(`${SLASH} `, '').replaceAll(SLASH, ''))
    .flatMap((each) => (isNarrow ? atBackslashes(each, room) : [each]));
  // A place in a file stays whole, as it may be a link.
  const indentOf = (each: string): number =>
    isNarrow ? Math.max(0, Math.min(hang, columns - stripVTControlCharacters(each).length)) : hang;
  const below = others.map((each) => `\n${' '.repeat(indentOf(each))}${each}`);
  return rendered(label + indent, color) + begin + below.join('');
}

/** The lines of a command that does not fit one. @param room columns of a line */
function atBackslashes(line: string, room: number): string[] {
  const width = (text: string): number => stripVTControlCharacters(text).length;
  if (width(line) <= room) return [line];
  const lines: string[] = [];
  let current = '';
  line.split(COMMAND_SPACE).forEach((word, at, { length }) => {
    const longer = at === 0 ? word : `${current} ${word}`;
    const end = at === length - 1 ? '' : ' \\';
    if (at > 0 && width(longer + end) > room) {
      lines.push(`${current} \\`);
      current = `  ${word}`;
    } else current = longer;
  });
  return [...lines, current];
}

/** A text in which paths that do not fit a line can be broken behind a slash. @param room columns of a line */
function atSlashes(text: string, room: number): string {
  return text.replace(/\S+/g, (word) => {
    const isWhole = PLACE.test(word) || word.includes(COMMAND_SPACE);
    if (isWhole || stripVTControlCharacters(word).length <= room) return word;
    const parts: string[] = [''];
    for (const part of word.split(/(?<=\/)/)) {
      const fits = stripVTControlCharacters(parts.at(-1)! + part).length < room;
      if (fits) parts[parts.length - 1] += part;
      else parts.push(part);
    }
    return parts.filter((part) => part !== '').join(`${SLASH} `);
  });
}

function rendered(text: string, color: boolean): string {
  return text
    .split(/([\ufdd0-\ufdd4])/)
    .map((part) => {
      if (part === HANG || part === VERBATIM) return '';
      return part in SEQUENCES ? (color ? SEQUENCES[part] : '') : byteStringToTerminal(part);
    })
    .join('');
}
