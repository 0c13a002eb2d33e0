import { textDigest } from '../cache/digest.ts';
import type { FileSystem, Thread } from '../platform/platform.ts';
import type { CachedAnswers } from './cached-sources.ts';
import { ListedFacts } from './listed-facts.ts';
import { noFacts, type PackedFacts, packUnit, unpackFacts } from './packed-facts.ts';
import { type SourceFacts, UNKNOWN_SOURCE, type WholeFacts } from './source-facts.ts';
import { SourceReader } from './source-reader.ts';
import type { SourceRequest, TextKind } from './source-thread.ts';
import type { UnitList } from './unit-list.ts';
import { readUnitTexts, type UnitTexts } from './unit-texts.ts';

/** What the thread was asked. */
type Asked =
  | { readonly type: 'look'; readonly units: readonly string[] }
  | { readonly type: TextKind; readonly list: UnitList }
  | { readonly type: 'ahead' }
  | { readonly type: 'write-cache' };

/** Who looks at sources beside this program. */
export interface SourceHelpers {
  /** Starts a thread that does `sourceThreadWork` for the tree; null where there can be none. */
  readonly thread: () => Thread | null;
  /** What was answered in an earlier run, if no source has changed; null where nothing is known of that. */
  readonly cached: CachedAnswers | null;
}

/**
 * The tree's sources, each read once: by a thread where there is one and it was asked early enough, else here. Where
 * all that is wanted is cached, no thread is started.
 */
export class Sources {
  readonly #reader: SourceReader | null;
  readonly #helpers: SourceHelpers | null;
  #cached: CachedAnswers | null;
  /** What was read here. */
  readonly #known = new Map<string, WholeFacts>();
  /** By digest of the list. */
  readonly #texts: Readonly<Record<TextKind, Map<string, readonly UnitTexts[]>>> = {
    aliases: new Map(),
    registrations: new Map(),
  };
  /** What has not been answered yet. */
  readonly #asked: Asked[] = [];
  /** Facts about lists of units. */
  readonly #facts: ListedFacts[] = [];
  #depthAhead: 'aliases' | 'registrations' = 'aliases';
  /** Undefined as long as none was started. */
  #thread: Thread | null | undefined;

  /**
   * @param fs null: nothing is looked up, every source is unknown
   * @param tree the kernel tree's directory
   */
  constructor(fs: FileSystem | null, tree: string, helpers: SourceHelpers | null = null) {
    this.#reader = fs && new SourceReader(fs, tree);
    this.#helpers = helpers;
    this.#cached = helpers?.cached ?? null;
    // It may need a while to begin.
    if (this.#cached === null) this.#start();
  }

  /** Forgets what was known: a cached source is stale. */
  forget(): void {
    this.#cached = null;
    this.#known.clear();
    this.#texts.aliases.clear();
    this.#texts.registrations.clear();
    this.#facts.length = 0;
    this.#start();
  }

  /**
   * Says that facts about units will be wanted. Without a thread nothing happens.
   * @param units objects or sources, relative to the tree
   */
  announce(units: readonly string[]): void {
    const places = this.#facts.length === 0 ? null : this.#copyListed(units, noFacts(units.length));
    const unknown = places === null ? units : places.map((place) => units[place]!);
    if (!this.#helpers || unknown.length === 0) return;
    const text = unknown.join('\n');
    const list = textDigest(text);
    const cached = this.#cached?.byList.get(list)?.facts;
    if (cached) {
      this.#facts.push(new ListedFacts(unknown, cached));
      return;
    }
    this.#start()?.send({ type: 'look', list, units: text } satisfies SourceRequest);
    if (this.#thread) this.#asked.push({ type: 'look', units: unknown });
  }

  /** Says that all about units may be wanted. @param units objects or sources, relative to the tree */
  lookAhead(units: readonly string[]): void {
    this.#start()?.send({ type: 'ahead', units: units.join('\n'), depth: this.#depthAhead } satisfies SourceRequest);
    if (this.#thread) this.#asked.push({ type: 'ahead' });
  }

  /** Says that the aliases of units will be wanted. Announced first, their sources are read once for all. */
  announceAliases(list: UnitList): void {
    this.#announceTexts('aliases', list);
  }

  /** Says that what units register will be wanted, of lists that are not known yet: `lookAhead` then reads as much. */
  expectRegistrations(): void {
    this.#depthAhead = 'registrations';
  }

  /** Says that what units register will be wanted. */
  announceRegistrations(list: UnitList): void {
    this.#announceTexts('registrations', list);
  }

  /**
   * Facts about units, in their order.
   * @param units objects or sources, relative to the tree
   */
  packedFacts(units: readonly string[]): PackedFacts {
    if (this.#asked.length > 0) this.#receive('look');
    const found = noFacts(units.length);
    const unknown = this.#copyListed(units, found) ?? units.keys();
    for (const place of unknown) packUnit(found, place, this.#look(units[place]!));
    return found;
  }

  /** @param unit object or source, relative to the tree */
  of(unit: string): SourceFacts {
    return unpackFacts(this.packedFacts([unit]), 0);
  }

  /** Copies what lists have of units. @returns the places of those that are in no list; null where there is none */
  #copyListed(units: readonly string[], to: PackedFacts): readonly number[] | null {
    let unknown: readonly number[] | null = null;
    for (const list of this.#facts) unknown = list.copy(units, to, unknown);
    return unknown;
  }

  #look(unit: string): SourceFacts {
    const known = this.#known.get(unit);
    if (known) return known;
    const facts = this.#reader?.look(unit, 'head') ?? UNKNOWN_SOURCE;
    this.#known.set(unit, facts);
    return facts;
  }

  /**
   * Names that sources give their modules with `MODULE_ALIAS("…")` or `MODULE_ALIAS_CRYPTO("…")`.
   * @returns those of the units that have some, in their order
   */
  aliases(list: UnitList): readonly UnitTexts[] {
    return this.#textsOf('aliases', list);
  }

  /**
   * What sources register with the kernel, as `readRegistration` takes it.
   * @returns those of the units that register something, in their order
   */
  registrations(list: UnitList): readonly UnitTexts[] {
    return this.#textsOf('registrations', list);
  }

  /** Has the thread write to the cache what it has read by then. */
  writeCache(): void {
    if (!this.#thread) return;
    this.#thread.send({ type: 'write-cache' } satisfies SourceRequest);
    this.#asked.push({ type: 'write-cache' });
  }

  /** Waits until the thread has done all that it was asked, and ends it. */
  finish(): void {
    while (this.#asked.length > 0) this.#receiveOne();
    this.#thread?.end();
    this.#thread = null;
  }

  #announceTexts(kind: TextKind, list: UnitList): void {
    const isAsked = this.#asked.some((asked) => asked.type === kind && asked.list.digest === list.digest);
    if (isAsked || this.#texts[kind].has(list.digest)) return;
    const cached = this.#cached?.byList.get(list.digest)?.[kind];
    if (cached === undefined || cached === null) this.#askTexts(kind, list);
    else this.#texts[kind].set(list.digest, readUnitTexts(cached));
  }

  #textsOf(kind: TextKind, list: UnitList): readonly UnitTexts[] {
    this.#announceTexts(kind, list);
    this.#receive(kind);
    const found = this.#texts[kind].get(list.digest) ?? this.#readTexts(kind, list);
    this.#texts[kind].set(list.digest, found);
    return found;
  }

  #askTexts(kind: TextKind, list: UnitList): void {
    const thread = this.#start();
    if (!thread) return;
    const units = list.paths().join('\n');
    thread.send({ type: kind, list: list.digest, units } satisfies SourceRequest);
    this.#asked.push({ type: kind, list });
  }

  #readTexts(kind: TextKind, list: UnitList): readonly UnitTexts[] {
    const found: UnitTexts[] = [];
    list.paths().forEach((unit, index) => {
      const known = this.#known.get(unit);
      const facts = known?.[kind] ? known : (this.#reader?.look(unit, kind) ?? UNKNOWN_SOURCE);
      if (!known) this.#known.set(unit, facts);
      const texts = facts[kind] ?? [];
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
    else if (asked.type === 'look') this.#facts.push(new ListedFacts(asked.units, answer.value as PackedFacts));
    else if ((asked.type === 'aliases' || asked.type === 'registrations') && answer.value !== null) {
      this.#texts[asked.type].set(asked.list.digest, readUnitTexts(answer.value as string));
    }
  }

  #start(): Thread | null {
    if (this.#thread === undefined) this.#thread = this.#helpers?.thread() ?? null;
    return this.#thread;
  }
}
