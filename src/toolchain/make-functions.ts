/** GNU make's text functions, as far as they need nothing but their arguments. */

/** A function on expanded arguments. */
export type TextFunction = (args: readonly string[]) => string;

/** The words of a text, as make separates them. */
export function words(text: string | undefined): string[] {
  return (text ?? '').split(/[ \t\n\r\v\f]+/).filter((word) => word !== '');
}

/** Does a word match a pattern with at most one `%`? The stem, or null. */
export function matchPattern(pattern: string, word: string): string | null {
  const percent = pattern.indexOf('%');
  if (percent < 0) return pattern === word ? '' : null;
  const head = pattern.slice(0, percent);
  const tail = pattern.slice(percent + 1);
  if (word.length < head.length + tail.length || !word.startsWith(head) || !word.endsWith(tail)) return null;
  return word.slice(head.length, word.length - tail.length);
}

/** `$(patsubst from,to,text)`. */
export function patternSubstitute(from: string, to: string, text: string): string {
  const hasPercent = from.includes('%');
  return words(text)
    .map((word) => {
      const stem = matchPattern(from, word);
      if (stem === null) return word;
      return hasPercent ? to.replace('%', () => stem) : to;
    })
    .join(' ');
}

function filter(patterns: string | undefined, text: string | undefined, keep: boolean): string {
  const list = words(patterns);
  return words(text)
    .filter((word) => list.some((pattern) => matchPattern(pattern, word) !== null) === keep)
    .join(' ');
}

const each =
  (change: (word: string) => string): TextFunction =>
  ([text]) =>
    words(text).map(change).join(' ');

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Functions by name. */
export const TEXT_FUNCTIONS: Readonly<Record<string, TextFunction>> = {
  subst: ([from, to, text]) =>
    from === '' ? `${text ?? ''}${to ?? ''}` : (text ?? '').replaceAll(from!, () => to ?? ''),
  patsubst: ([from, to, text]) => patternSubstitute(from ?? '', to ?? '', text ?? ''),
  strip: ([text]) => words(text).join(' '),
  findstring: ([needle, text]) => ((text ?? '').includes(needle ?? '') ? (needle ?? '') : ''),
  filter: ([patterns, text]) => filter(patterns, text, true),
  'filter-out': ([patterns, text]) => filter(patterns, text, false),
  sort: ([text]) => [...new Set(words(text))].sort(compare).join(' '),
  word: ([index, text]) => words(text)[Number(index) - 1] ?? '',
  wordlist: ([from, to, text]) =>
    words(text)
      .slice(Number(from) - 1, Number(to))
      .join(' '),
  words: ([text]) => String(words(text).length),
  firstword: ([text]) => words(text)[0] ?? '',
  lastword: ([text]) => words(text).at(-1) ?? '',
  dir: each((word) => word.slice(0, word.lastIndexOf('/') + 1) || './'),
  notdir: each((word) => word.slice(word.lastIndexOf('/') + 1)),
  suffix: ([text]) =>
    words(text)
      .map((word) => /\.[^./]*$/.exec(word)?.[0] ?? '')
      .filter((suffix) => suffix !== '')
      .join(' '),
  basename: each((word) => word.replace(/\.[^./]*$/, '')),
  addsuffix: ([suffix, text]) =>
    words(text)
      .map((word) => word + (suffix ?? ''))
      .join(' '),
  addprefix: ([prefix, text]) =>
    words(text)
      .map((word) => (prefix ?? '') + word)
      .join(' '),
  join: ([left, right]) => {
    const a = words(left);
    const b = words(right);
    return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? '') + (b[at] ?? '')).join(' ');
  },
};
