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

/** Names by what similar ones have in common, so that a name is compared with a few of thousands. */
class NameIndex {
  readonly #byTrait = new Map<string, string[]>();
  readonly #traitsOf: (name: string) => readonly string[];

  /** @param traitsOf of which a name has at least one in common with each that is similar to it */
  constructor(names: Iterable<string>, traitsOf: (name: string) => readonly string[]) {
    this.#traitsOf = traitsOf;
    for (const name of new Set(names)) {
      for (const trait of traitsOf(name)) {
        const known = this.#byTrait.get(trait);
        // A name may have a trait twice.
        if (!known) this.#byTrait.set(trait, [name]);
        else if (known.at(-1) !== name) known.push(name);
      }
    }
  }

  /** The names that are similar to one, none twice. */
  find(name: string, isSimilar: (name: string, other: string) => boolean): string[] {
    const near = this.#traitsOf(name).flatMap((trait) => this.#byTrait.get(trait) ?? []);
    return [...new Set(near)].filter((other) => isSimilar(name, other));
  }
}

/** What was computed of names: trees of several architectures have the same ones but for a few. */
const memory = new Map<(name: string) => readonly string[], Map<string, readonly string[]>>();

function remembered(traitsOf: (name: string) => readonly string[], name: string): readonly string[] {
  const known = memory.get(traitsOf) ?? new Map<string, readonly string[]>();
  memory.set(traitsOf, known);
  const found = known.get(name) ?? traitsOf(name);
  known.set(name, found);
  return found;
}

/** Finds the names that a name may be now. */
export class AlikeNames {
  readonly #index: NameIndex;

  constructor(names: Iterable<string>) {
    this.#index = new NameIndex(names, (name) => remembered(traits, name));
  }

  /** Those that `isAlike` says a name may be now. */
  find(name: string): string[] {
    return this.#index.find(name, isAlike);
  }
}

/** Finds the names that a mistyped one was meant to be. */
export class MistypedNames {
  readonly #index: NameIndex;

  constructor(names: Iterable<string>) {
    this.#index = new NameIndex(names, (name) => remembered(rests, name));
  }

  /** Those that `isMistyped` says a name may have been meant to be. */
  find(name: string): string[] {
    return this.#index.find(name, isMistyped);
  }
}

/**
 * What a name shares with one that has a word more before or behind it, with one whose words are joined otherwise, and
 * with one that has a slip in a word that may have one.
 */
function traits(name: string): string[] {
  const words = name.split('_');
  const sure = words.map((word) => (word.length < LETTERS_PER_SLIP || /\d/.test(word) ? word : '*'));
  const shorter = [words.slice(1).join('_'), words.slice(0, -1).join('_')];
  return [name, ...shorter, `joined ${words.join('')}`, `sure ${sure.join('_')}`];
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

/** Tells by the first words of a name whether a symbol that is gone could be set: no HAVE_… of the tree can. */
export class PromptlessNames {
  /** By beginning: how many symbols there are, and how many of them have no prompt. */
  readonly #counts = new Map<string, { all: number; promptless: number }>();

  constructor(symbols: Iterable<{ readonly name: string; readonly hasPrompt: boolean }>) {
    for (const { name, hasPrompt } of symbols) {
      for (const beginning of beginnings(name)) {
        const counts = this.#counts.get(beginning) ?? { all: 0, promptless: 0 };
        counts.all++;
        if (!hasPrompt) counts.promptless++;
        this.#counts.set(beginning, counts);
      }
    }
  }

  /** The longest beginning that several symbols have counts. */
  includes(name: string): boolean {
    for (const beginning of beginnings(name).reverse()) {
      const counts = this.#counts.get(beginning);
      if (counts && counts.all >= ENOUGH) return counts.promptless >= NEARLY_ALL * counts.all;
    }
    return false;
  }
}

/** `ARCH_`, `ARCH_HAS_` of ARCH_HAS_X. */
function beginnings(name: string): string[] {
  const words = name.split('_');
  return words.slice(1).map((_, i) => `${words.slice(0, i + 1).join('_')}_`);
}
