/** The text of a C source, to be asked for lines, conditions around a place, and what names are. */
import { MODULE_NAME_MACRO } from './module-name.ts';
import { nameOf } from './name-expression.ts';

/** A directive of the preprocessor; what it asks may go on on the next line. */
const DIRECTIVE = /^[ \t]*#[ \t]*(if|ifdef|ifndef|elif|else|endif)\b((?:\\\n|[^\n])*)/gm;

interface Branch {
  /** Conditions of the branches before. */
  readonly before: string[];
  current: string;
}

export class SourceText {
  readonly #text: string;
  /** Where lines end. */
  #ends: readonly number[] | null = null;
  /** From where on which conditions stand around. */
  #guards: readonly (readonly [at: number, guard: string])[] | null = null;

  /** @param text Latin-1 */
  constructor(text: string) {
    this.#text = text;
  }

  /** The line of a place, from 1. */
  line(at: number): number {
    this.#ends ??= [...this.#text.matchAll(/\n/g)].map(({ index }) => index);
    return countBefore(this.#ends, at) + 1;
  }

  /** The conditions of `#if` around a place that speak of symbols. */
  guard(at: number): string {
    this.#guards ??= this.#text.includes('CONFIG_') ? guardsOf(this.#text) : [];
    const index = countBefore(
      this.#guards.map(([place]) => place),
      at + 1,
    );
    return this.#guards[index - 1]?.[1] ?? '';
  }

  /** What the name is that an expression makes; null where it makes none. */
  name(expression: string): string | null {
    return nameOf(expression, (macro) => this.#macro(macro));
  }

  #macro(name: string): string | null {
    if (name === MODULE_NAME_MACRO || !this.#text.includes(name)) return null;
    const define = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}[ \\t]+((?:\\\\\\n|[^\\n])*)`, 'm').exec(this.#text);
    if (define) return define[1]!.replaceAll('\\\n', ' ');
    return new RegExp(`\\bchar (?:\\* ?(?:const )?)?${name}(?:\\[\\])? = ([^;]*);`).exec(this.#text)?.[1] ?? null;
  }
}

/** How many of sorted places are before one. */
function countBefore(places: readonly number[], at: number): number {
  let [low, high] = [0, places.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (places[middle]! < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function guardsOf(text: string): [number, string][] {
  const found: [number, string][] = [];
  const open: Branch[] = [];
  for (const match of text.matchAll(DIRECTIVE)) {
    const word = match[1]!;
    const condition = match[2]!
      .replaceAll('\\\n', ' ')
      .replace(/\/\*.*?\*\/|\/\/.*/g, '')
      .trim();
    const innermost = open.at(-1);
    if (word === 'endif') open.pop();
    else if (word === 'if') open.push({ before: [], current: condition });
    else if (word === 'ifdef') open.push({ before: [], current: `defined(${condition})` });
    else if (word === 'ifndef') open.push({ before: [], current: `!defined(${condition})` });
    else if (innermost) {
      innermost.before.push(innermost.current);
      innermost.current = word === 'elif' ? condition : '';
    }
    found.push([match.index, open.flatMap(spoken).join(' && ')]);
  }
  return found;
}

/** What a branch says of symbols. */
function spoken({ before, current }: Branch): string[] {
  const all = [...before.map((each) => `!(${each})`), ...(current === '' ? [] : [`(${current})`])];
  return all.filter((each) => each.includes('CONFIG_')).map((each) => each.replace(/\s+/g, ' '));
}
