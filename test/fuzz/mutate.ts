/** Random damage to text, as files and people do it, and as somebody would who means harm. Text is a Latin-1 string. */

/** Longest input that is made, in chars. */
const MAX_INPUT = 64 * 1024;
/** Longest that a piece of text is repeated to. */
const MAX_REPEATED = 16 * 1024;
/** How often a piece is repeated at most; mostly a few times, so that there is time for many inputs. */
const REPEATS = [2, 2, 2, 4, 4, 8, 40, 400, 4000];
/** Changes to one input. */
const MAX_CHANGES = 6;

/** Draws numbers that a seed gives (mulberry32). */
export class Draw {
  #state: number;

  constructor(seed: number) {
    // Seeds that follow each other shall not give inputs that look alike.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0;
    this.below(1);
  }

  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * limit);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** What one input starts from. */
export interface Material {
  /** Whole inputs of the reader, good ones and bad ones. */
  readonly seeds: readonly string[];
  /** Words that mean something to it. */
  readonly words: readonly string[];
}

/** Bytes that end, hide or break things. */
const SPECIALS = [
  '\0',
  '\r',
  '\r\n',
  '\n',
  '\x1b[2J',
  '\x7f',
  '\xff',
  '\xfe\xff',
  '\xef\xbb\xbf',
  '\t',
  ' ',
  '\\',
  '\\\n',
].concat(['"', "'", '(', ')', '{', '}', '$', '$(', '${', '#', ',', ':', '=', '%', '*', '../', '/', '\x9b', '\xc2\x80']);
const NUMBERS = [
  '0',
  '-1',
  '1',
  '255',
  '256',
  '65535',
  '2147483647',
  '2147483648',
  '4294967296',
  '1e9',
  '0x',
  'NaN',
].concat(['9007199254740993', '99999999999999999999', '-0', '00', '1.5']);

type Change = (text: string, material: Material, draw: Draw) => string;

const span = (text: string, draw: Draw): [number, number] => {
  const from = draw.below(text.length + 1);
  return [from, Math.min(text.length, from + 1 + draw.below(draw.below(4) === 0 ? text.length + 1 : 16))];
};
const insert = (text: string, at: number, piece: string): string => text.slice(0, at) + piece + text.slice(at);

const CHANGES: readonly Change[] = [
  (text, { words }, draw) => insert(text, draw.below(text.length + 1), draw.of(words)),
  (text, { words }, draw) => insert(text, draw.below(text.length + 1), `${draw.of(words)}${draw.of(SPECIALS)}`),
  (text, _, draw) => insert(text, draw.below(text.length + 1), draw.of(SPECIALS)),
  (text, _, draw) => insert(text, draw.below(text.length + 1), draw.of(NUMBERS)),
  (text, _, draw) => insert(text, draw.below(text.length + 1), String.fromCharCode(draw.below(256))),
  (text, _, draw) => {
    const [from, to] = span(text, draw);
    return text.slice(0, from) + text.slice(to);
  },
  (text, _, draw) => {
    const at = draw.below(text.length + 1);
    return (
      text.slice(0, at) + String.fromCharCode((text.charCodeAt(at) ^ (1 << draw.below(8))) & 255) + text.slice(at + 1)
    );
  },
  (text, _, draw) => {
    const [from, to] = span(text, draw);
    return insert(text, draw.below(text.length + 1), text.slice(from, to));
  },
  (text, { seeds }, draw) => {
    const other = draw.of(seeds);
    const [from, to] = span(other, draw);
    return insert(text, draw.below(text.length + 1), other.slice(from, to));
  },
  (text, { words }, draw) => {
    const [from, to] = span(text, draw);
    return text.slice(0, from) + draw.of(words) + text.slice(to);
  },
  (text, { words }, draw) => {
    const [from, to] = span(text, draw);
    const piece = draw.below(2) === 0 ? text.slice(from, to) : draw.of(words);
    const times = 1 + draw.below(Math.min(draw.of(REPEATS), Math.ceil(MAX_REPEATED / (piece.length + 1))));
    return insert(text, from, piece.repeat(times));
  },
  (text, _, draw) => text.slice(0, draw.below(text.length + 1)),
  (text, _, draw) => {
    const lines = text.split('\n');
    const [a, b] = [draw.below(lines.length), draw.below(lines.length)];
    [lines[a], lines[b]] = [lines[b]!, lines[a]!];
    return lines.join('\n');
  },
];

/** Changes of the whole text, which leave little of it readable: seldom. */
const WHOLE: readonly ((text: string) => string)[] = [
  (text) => text.replaceAll('\n', '\r\n'),
  (text) => text.replaceAll('\n', '\r'),
  (text) => text.replaceAll('\n', ''),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le').toString('latin1'),
  (text) => Buffer.from(text, 'utf16le').toString('latin1'),
  (text) => `\xef\xbb\xbf${text}`,
  (text) => text.repeat(1 + Math.floor(MAX_REPEATED / (text.length + 1))),
];

/** The input that a seed gives. */
export function makeInput(material: Material, seed: number): string {
  const draw = new Draw(seed);
  let text = draw.of(material.seeds);
  for (let changes = 1 + draw.below(MAX_CHANGES); changes > 0; changes--) text = draw.of(CHANGES)(text, material, draw);
  if (draw.below(60) === 0) text = draw.of(WHOLE)(text);
  return text.slice(0, MAX_INPUT);
}
