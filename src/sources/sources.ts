import type { FileSystem, Thread } from '../platform/platform.ts';
import { type AliasesOfUnit, readAliasAnswer } from './alias-answer.ts';
import { NO_ALIASES, type SourceFacts, UNKNOWN_SOURCE, type WholeFacts } from './source-facts.ts';
import { SourceReader } from './source-reader.ts';
import type { PackedFacts, SourceRequest } from './source-thread.ts';
import { ToldFacts } from './told-facts.ts';
import type { UnitList } from './unit-list.ts';

/** What the thread was asked. */
type Asked =
  | { readonly type: 'look'; readonly units: readonly string[] }
  | { readonly type: 'aliases'; readonly list: UnitList }
  | { readonly type: 'ahead' }
  | { readonly type: 'keep' };

/** The tree's sources, each looked at once: by a thread where there is one and it was told early enough, else here. */
export class Sources {
  readonly #reader: SourceReader | null;
  /** What was looked at here. */
  readonly #known = new Map<string, WholeFacts>();
  /** By digest of the list. */
  readonly #aliases = new Map<string, readonly AliasesOfUnit[]>();
  /** What has not been answered yet. */
  readonly #asked: Asked[] = [];
  /** What the thread has answered. */
  readonly #told: ToldFacts[] = [];
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
   */
  announce(units: readonly string[]): void {
    const unknown = this.#told.length === 0 ? units : units.filter((unit) => this.#toldOf(unit) === null);
    if (!this.#thread || unknown.length === 0) return;
    this.#thread.send({ type: 'look', units: unknown.join('\n') } satisfies SourceRequest);
    this.#asked.push({ type: 'look', units: unknown });
  }

  /** Says that all about units may be wanted. @param units objects or sources, relative to the tree */
  lookAhead(units: readonly string[]): void {
    if (!this.#thread) return;
    this.#thread.send({ type: 'ahead', units: units.join('\n') } satisfies SourceRequest);
    this.#asked.push({ type: 'ahead' });
  }

  /** Says that the aliases of units will be wanted. Announced first, their sources are read once for all. */
  announceAliases(list: UnitList): void {
    const isAsked = this.#asked.some((asked) => asked.type === 'aliases' && asked.list.digest === list.digest);
    if (!isAsked && !this.#aliases.has(list.digest)) this.#askAliases(list, list.isAtHand);
  }

  /** @param unit object or source, relative to the tree */
  of(unit: string): SourceFacts {
    if (this.#asked.length > 0) this.#receive('look');
    const known = this.#toldOf(unit) ?? this.#known.get(unit);
    if (known) return known;
    const facts = this.#reader?.look(unit, false) ?? UNKNOWN_SOURCE;
    this.#known.set(unit, facts);
    return facts;
  }

  /**
   * Names that sources give their modules with `MODULE_ALIAS("…")` or `MODULE_ALIAS_CRYPTO("…")`.
   * @returns those of the units that have some, in their order
   */
  aliases(list: UnitList): readonly AliasesOfUnit[] {
    this.announceAliases(list);
    this.#receive('aliases');
    if (!this.#aliases.has(list.digest)) {
      // The thread has kept none, or nothing can be told by the digest any more.
      this.#askAliases(list, true);
      this.#receive('aliases');
    }
    const found = this.#aliases.get(list.digest) ?? this.#readAliases(list);
    this.#aliases.set(list.digest, found);
    return found;
  }

  /** Has the thread keep for the next run what it has seen by then. */
  keep(): void {
    if (!this.#thread) return;
    this.#thread.send({ type: 'keep' } satisfies SourceRequest);
    this.#asked.push({ type: 'keep' });
  }

  /** Waits until the thread has done all that it was asked. */
  finish(): void {
    while (this.#asked.length > 0) this.#receiveOne();
  }

  #askAliases(list: UnitList, withUnits: boolean): void {
    if (!this.#thread) return;
    const units = withUnits ? list.paths().join('\n') : null;
    this.#thread.send({ type: 'aliases', list: list.digest, units } satisfies SourceRequest);
    this.#asked.push({ type: 'aliases', list });
  }

  #readAliases(list: UnitList): readonly AliasesOfUnit[] {
    const found: AliasesOfUnit[] = [];
    list.paths().forEach((unit, index) => {
      const known = this.#known.get(unit);
      const facts = known?.aliases ? known : (this.#reader?.look(unit, true) ?? UNKNOWN_SOURCE);
      if (!known) this.#known.set(unit, facts);
      const texts = facts.aliases ?? NO_ALIASES;
      if (texts.length > 0) found.push({ index, texts });
    });
    return found;
  }

  /** Waits for the answers to all requests of a type. */
  #receive(type: Asked['type']): void {
    while (this.#asked.some((asked) => asked.type === type)) this.#receiveOne();
  }

  #receiveOne(): void {
    const asked = this.#asked.shift()!;
    const answer = this.#thread?.receive() ?? null;
    if (!answer) this.#thread = null;
    else if (asked.type === 'look') this.#told.push(new ToldFacts(asked.units, answer.value as PackedFacts));
    else if (asked.type === 'aliases' && answer.value !== null) {
      this.#aliases.set(asked.list.digest, readAliasAnswer(answer.value as string));
    }
  }

  #toldOf(unit: string): SourceFacts | null {
    for (const told of this.#told) {
      const facts = told.of(unit);
      if (facts) return facts;
    }
    return null;
  }
}
