/** Letters of a word for each slip that it may have. */
const LETTERS_PER_SLIP = 5;

/**
 * Whether a symbol's name is that of another with a slip in it, or with a word before or behind it: RETPOLINE and
 * MITIGATION_RETPOLINE. Words that are short or have digits tell symbols apart: ACPI_EC and ACPI_AC, NFSD_V3 and NFSD_V4.
 */
export function isAlike(name: string, other: string): boolean {
  const [words, others] = [name.split('_'), other.split('_')];
  if (others.length === words.length + 1) return other.startsWith(`${name}_`) || other.endsWith(`_${name}`);
  if (words.length !== others.length) return words.join('') === others.join('');
  return words.every((word, i) => isSameWord(word, others[i]!));
}

function isSameWord(word: string, other: string): boolean {
  if (word === other) return true;
  if (/\d/.test(word + other)) return false;
  return slips(word, other) <= Math.floor(Math.min(word.length, other.length) / LETTERS_PER_SLIP);
}

/** Letters of a word that may have a slip in it: shorter ones tell symbols apart. */
const LEAST_LETTERS = 3;

/**
 * Whether a name is another with one slip of a finger: a letter too many, too few or another one, or two that changed
 * places, in one of its words. That says what may have been meant, not what became of a symbol.
 */
export function isMistyped(name: string, other: string): boolean {
  const [words, others] = [name.split('_'), other.split('_')];
  if (words.length !== others.length) return false;
  const at = words.findIndex((word, i) => word !== others[i]);
  const [word, meant] = [words[at] ?? '', others[at] ?? ''];
  if (words.some((each, i) => i !== at && each !== others[i])) return false;
  if (/\d/.test(word + meant) || Math.min(word.length, meant.length) < LEAST_LETTERS) return false;
  const count = slips(word, meant);
  return count === 1 || (count === 2 && sorted(word) === sorted(meant));
}

const sorted = (word: string): string => [...word].sort().join('');

/** Letters that differ between what two words begin and end with alike, an upper bound of the edits. */
function slips(word: string, other: string): number {
  const most = Math.min(word.length, other.length);
  let front = 0;
  while (front < most && word[front] === other[front]) front++;
  let back = 0;
  while (back < most - front && word.at(-1 - back) === other.at(-1 - back)) back++;
  return Math.max(word.length, other.length) - front - back;
}

/**
 * Names by what similar ones have in common, so that a name is compared with a few of thousands. One index has those of
 * all trees: the trees of several architectures have the same names but for a few.
 */
class NameIndex {
  readonly #byTrait = new Map<string, string[]>();
  readonly #names = new Set<string>();
  readonly #added = new WeakSet<ReadonlySet<string>>();
  readonly #traitsOf: (name: string) => readonly string[];

  /** @param traitsOf of which a name has at least one in common with each that is similar to it */
  constructor(traitsOf: (name: string) => readonly string[]) {
    this.#traitsOf = traitsOf;
  }

  /** Adds those of a tree, once. */
  add(names: ReadonlySet<string>): void {
    if (this.#added.has(names)) return;
    this.#added.add(names);
    for (const name of names) {
      if (this.#names.has(name)) continue;
      this.#names.add(name);
      for (const trait of this.#traitsOf(name)) {
        const known = this.#byTrait.get(trait);
        // A name may have a trait twice.
        if (!known) this.#byTrait.set(trait, [name]);
        else if (known.at(-1) !== name) known.push(name);
      }
    }
  }

  /** The names that may be similar to one, none twice. */
  near(name: string): Set<string> {
    return new Set(this.#traitsOf(name).flatMap((trait) => this.#byTrait.get(trait) ?? []));
  }
}

const BY_TRAITS = new NameIndex(traits);
const BY_RESTS = new NameIndex(rests);

/** Finds names of a tree that are like another one. */
export class SimilarNames {
  readonly #names: ReadonlySet<string>;

  constructor(names: Iterable<string>) {
    this.#names = new Set(names);
  }

  /** Those that `isAlike` says a name may be now. */
  alike(name: string): string[] {
    return this.#find(BY_TRAITS, name, isAlike);
  }

  /** Those that `isMistyped` says a name may have been meant to be. */
  mistyped(name: string): string[] {
    return this.#find(BY_RESTS, name, isMistyped);
  }

  #find(index: NameIndex, name: string, isSimilar: (name: string, other: string) => boolean): string[] {
    index.add(this.#names);
    return [...index.near(name)].filter((other) => this.#names.has(other) && isSimilar(name, other));
  }
}

/**
 * What a name shares with one that has a word more before or behind it, with one whose words are joined otherwise, and
 * with one that has a slip in a word that may have one: of the first of these two letters stay, in front or behind.
 */
function traits(name: string): string[] {
  const words = name.split('_');
  const mayHaveSlip = (word: string): boolean => word.length >= LETTERS_PER_SLIP && !/\d/.test(word);
  const first = words.findIndex(mayHaveSlip);
  const ends = first < 0 ? [] : [`${words[first]!.slice(0, 2)}*`, `*${words[first]!.slice(-2)}`];
  const sure = (end: string): string =>
    words.map((word, i) => (i === first ? end : mayHaveSlip(word) ? '*' : word)).join('_');
  const shorter = [words.slice(1).join('_'), words.slice(0, -1).join('_')];
  return [name, ...shorter, `joined ${words.join('')}`, ...ends.map((end) => `sure ${sure(end)}`)];
}

/** `*_SOC`, `SND_*` of SND_SOC. */
function rests(name: string): string[] {
  const words = name.split('_');
  return words.map((_, at) => words.map((word, i) => (i === at ? '*' : word)).join('_'));
}

/** Symbols that start alike and are enough to tell what the rest of them is. */
const ENOUGH = 5;
/** Share of them without a prompt from which one that is gone is taken to have had none. */
const NEARLY_ALL = 0.95;

/** The char that follows `_`. */
const AFTER_UNDERSCORE = '`';

/** Tells by the first words of a name whether a symbol that is gone could be set: no HAVE_… of the tree can. */
export class PromptlessNames {
  /** Sorted. */
  readonly #names: readonly string[];
  /** How many of the names before each place have no prompt. */
  readonly #before = [0];

  constructor(symbols: Iterable<{ readonly name: string; readonly hasPrompt: boolean }>) {
    const byName = new Map<string, boolean>();
    for (const { name, hasPrompt } of symbols) byName.set(name, hasPrompt);
    this.#names = [...byName.keys()].sort();
    for (const name of this.#names) this.#before.push(this.#before.at(-1)! + (byName.get(name) ? 0 : 1));
  }

  /** The longest beginning that several symbols have counts. */
  includes(name: string): boolean {
    const words = name.split('_');
    for (let count = words.length - 1; count > 0; count--) {
      const beginning = words.slice(0, count).join('_');
      const first = this.#place(`${beginning}_`);
      const end = this.#place(`${beginning}${AFTER_UNDERSCORE}`);
      const all = end - first;
      if (all >= ENOUGH) return this.#before[end]! - this.#before[first]! >= NEARLY_ALL * all;
    }
    return false;
  }

  /** How many names are less than a text. */
  #place(text: string): number {
    let [low, high] = [0, this.#names.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#names[middle]! < text) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
