import type { FileSystem, Thread } from '../platform/platform.ts';
import { NO_ALIASES, type SourceFacts, UNKNOWN_SOURCE, type WholeFacts } from './source-facts.ts';
import { SourceReader } from './source-reader.ts';
import { type PackedFacts, type SourceRequest, unpackFacts } from './source-thread.ts';

/** The tree's sources, each looked at once: by a thread where there is one and it was told early enough, else here. */
export class Sources {
  readonly #reader: SourceReader | null;
  readonly #known = new Map<string, WholeFacts>();
  /** What the thread was asked and has not answered yet: units to look at, null for keeping. */
  readonly #asked: (readonly string[] | null)[] = [];
  #thread: Thread | null;

  /**
   * @param fs null: nothing is looked up, every source is unknown
   * @param tree the kernel tree's directory
   * @param thread one that does `sourceThreadWork` for the tree
   */
  constructor(fs: FileSystem | null, tree: string, thread: Thread | null = null) {
    this.#reader = fs && new SourceReader(fs, tree);
    this.#thread = thread;
  }

  /**
   * Says that facts about units will be wanted. Without a thread nothing happens.
   * @param units objects or sources, relative to the tree
   * @param whole also their aliases
   */
  announce(units: readonly string[], whole: boolean): void {
    const unknown = units.filter((unit) => !this.#isKnown(unit, whole));
    if (!this.#thread || unknown.length === 0) return;
    this.#thread.send({ type: 'look', units: unknown.join('\n'), whole } satisfies SourceRequest);
    this.#asked.push(unknown);
  }

  /** @param unit object or source, relative to the tree */
  of(unit: string): SourceFacts {
    return this.#look(unit, false);
  }

  /**
   * Names that sources give their modules with `MODULE_ALIAS("…")` or `MODULE_ALIAS_CRYPTO("…")`.
   * @returns of those of the units that have some, in their order
   */
  aliases(units: readonly string[]): ReadonlyMap<string, readonly string[]> {
    this.announce(units, true);
    const found = new Map<string, readonly string[]>();
    for (const unit of units) {
      const { aliases } = this.#look(unit, true);
      if (aliases && aliases.length > 0) found.set(unit, aliases);
    }
    return found;
  }

  /** Has the thread keep for the next run what it has seen by then. */
  keep(): void {
    if (!this.#thread) return;
    this.#thread.send({ type: 'keep' } satisfies SourceRequest);
    this.#asked.push(null);
  }

  /** Waits until the thread has done all that it was asked. */
  finish(): void {
    this.#receive(() => this.#asked.length > 0);
  }

  #isKnown(unit: string, whole: boolean): boolean {
    const facts = this.#known.get(unit);
    return facts !== undefined && (facts.aliases !== null || !whole);
  }

  #look(unit: string, whole: boolean): WholeFacts {
    const known = this.#known.get(unit);
    if (known && (known.aliases || !whole)) return known;
    // What is being kept is of no interest here.
    if (this.#asked.some((units) => units !== null)) {
      this.#receive(() => this.#asked.some((units) => units !== null));
      return this.#look(unit, whole);
    }
    const facts = this.#reader?.look(unit, whole) ?? UNKNOWN_SOURCE;
    this.#known.set(unit, facts);
    return facts;
  }

  #receive(isMissing: () => boolean): void {
    while (isMissing()) {
      const units = this.#asked.shift()!;
      const answer = this.#thread?.receive() ?? null;
      if (!answer) this.#thread = null;
      else if (units) this.#take(units, answer.value as PackedFacts);
    }
  }

  #take(units: readonly string[], facts: PackedFacts): void {
    const aliases = new Map(facts.aliases);
    units.forEach((unit, index) => {
      const names = facts.whole ? (aliases.get(index) ?? NO_ALIASES) : null;
      this.#known.set(unit, unpackFacts(facts, index, names));
    });
  }
}
