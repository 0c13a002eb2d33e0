import type { FileSystem, Thread } from '../platform/platform.ts';
import { NO_ALIASES, type SourceFacts, type WholeFacts } from './source-facts.ts';
import { SourceReader } from './source-reader.ts';
import { type PackedFacts, type SourceRequest, unpackFacts } from './source-thread.ts';

/** A source of which nothing is known. */
const UNKNOWN: WholeFacts = { kind: 'c', bytes: -1, includes: 0, tracePoints: false, aliases: NO_ALIASES };

/** The tree's sources, each looked at once: by a thread where there is one and it was told early enough, else here. */
export class Sources {
  readonly #reader: SourceReader | null;
  readonly #known = new Map<string, WholeFacts>();
  /** What the thread was asked and has not answered yet. */
  readonly #asked: (readonly string[])[] = [];
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
    this.#ask({ type: 'look', units: unknown, whole });
    this.#asked.push(unknown);
  }

  /** @param unit object or source, relative to the tree */
  of(unit: string): SourceFacts {
    return this.#look(unit, false);
  }

  /** Names that a unit's source gives its module with `MODULE_ALIAS("…")` or `MODULE_ALIAS_CRYPTO("…")`. */
  aliases(unit: string): readonly string[] {
    return this.#look(unit, true).aliases ?? NO_ALIASES;
  }

  /** Has the thread keep for the next run what it has seen; waits for it. */
  keep(): void {
    this.#receiveAll();
    if (!this.#thread) return;
    this.#ask({ type: 'keep' });
    this.#thread.receive();
  }

  #isKnown(unit: string, whole: boolean): boolean {
    const facts = this.#known.get(unit);
    return facts !== undefined && (facts.aliases !== null || !whole);
  }

  #look(unit: string, whole: boolean): WholeFacts {
    if (this.#asked.length > 0) this.#receiveAll();
    const known = this.#known.get(unit);
    if (known && (known.aliases || !whole)) return known;
    const facts = this.#reader?.look(unit, whole) ?? UNKNOWN;
    this.#known.set(unit, facts);
    return facts;
  }

  #ask(request: SourceRequest): void {
    this.#thread?.send(request);
  }

  #receiveAll(): void {
    for (const units of this.#asked.splice(0)) {
      const answer = this.#thread?.receive() ?? null;
      if (answer) this.#take(units, answer.value as PackedFacts);
      else this.#thread = null;
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
