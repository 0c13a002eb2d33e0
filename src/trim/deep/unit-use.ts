import { driverFits } from '../../evidence/driver-types.ts';
import type { Provider, ProviderMap } from '../../evidence/provider-map.ts';
import { type ConfigLookup, evaluateCondition, type KbuildTree, type ModuleEntry } from '../../kbuild/index.ts';
import { type FactWord, factKind, type MachineRecord } from '../../machine/record/format.ts';
import { policySource } from '../../machine/record/security-modules.ts';
import { UNRESOLVED } from '../../sources/module-name.ts';
import type { Registration } from '../../sources/registrations.ts';
import { plainPath } from '../../sources/unit-path.ts';
import { type PlatformPlace, platformPlace } from './platform-data.ts';
import { REGISTRATION_KINDS, type RegistrationKind, USE_RULES } from './registration-kinds.ts';

/** Whether a machine uses what a unit registers. */
export type UnitUse =
  /** A fact shows use. */
  | { readonly kind: 'used'; readonly by: string }
  /** It announces itself, and what it announces is not used. */
  | { readonly kind: 'unused'; readonly evidence: readonly string[] }
  /** It announces itself, and nobody has recorded that kind of thing. */
  | { readonly kind: 'unseen'; readonly what: string }
  /** All that it announces is there, whether it is used or not, as its device file is. */
  | { readonly kind: 'present'; readonly by: string }
  /** It announces itself nowhere. */
  | { readonly kind: 'silent' };

/** What a record says of one registration that nothing uses. */
type Registered =
  | { readonly kind: 'unused'; readonly evidence: string }
  | { readonly kind: 'unseen'; readonly what: string }
  | { readonly kind: 'present'; readonly by: string };

/**
 * What tells which code is used: a record; a listing, which shows modules alone; or names, where the base builds no module
 * that a listing could show, and all that has to stay is named.
 */
export type UseSource =
  | { readonly kind: 'record'; readonly record: MachineRecord }
  | { readonly kind: 'listing' }
  | { readonly kind: 'names' };

const SILENT: UnitUse = { kind: 'silent' };
/** Buses whose name says no more than that a type of driver begins with the same letters. */
const LEAST_FIT = 2;

/** A fact of a record. */
interface Fact {
  readonly fields: readonly string[];
  readonly count: number;
  /** As the record has it. */
  readonly text: string;
}

/** What a machine shows of the units of a configuration, by what their sources register. */
export class UnitUses {
  readonly #source: UseSource;
  /** Null where nobody asks what sources register. */
  readonly #registrations: ReadonlyMap<string, readonly Registration[]> | null;
  /** By unit, the fact that shows use. */
  readonly #used = new Map<string, string>();
  readonly #facts = new Map<FactWord, readonly Fact[]>();
  readonly #buses: ReadonlySet<string>;
  readonly #known = new Map<string, UnitUse>();
  readonly #files: Pick<KbuildTree, 'readText'>;

  /**
   * @param providers of what the base builds; null where what sources register does not count
   * @param files the tree's
   */
  constructor(
    source: UseSource,
    providers: ProviderMap | null,
    lookup: ConfigLookup,
    files: Pick<KbuildTree, 'readText'>,
  ) {
    this.#files = files;
    this.#source = source;
    this.#registrations = providers?.registrations() ?? null;
    this.#buses = this.#findBuses();
    if (source.kind === 'record' && providers) this.#noteUsed(source.record, providers, lookup);
  }

  /** What tells which code is used. */
  get from(): UseSource['kind'] {
    return this.#source.kind;
  }

  /** @param unit as a build has it */
  of(unit: string): UnitUse {
    const path = plainPath(unit);
    let known = this.#known.get(path);
    if (!known) {
      known = this.#find(path);
      this.#known.set(path, known);
    }
    return known;
  }

  #find(path: string): UnitUse {
    const by = this.#used.get(path);
    if (by !== undefined) return { kind: 'used', by };
    if (this.#source.kind === 'listing') {
      const place = platformPlace(path);
      if (place) return { kind: 'unused', evidence: [placeText(place)] };
    }
    const own = this.#registrations?.get(path) ?? [];
    const evidence = new Set<string>();
    let present: UnitUse | null = null;
    let unseen: UnitUse | null = null;
    for (const registration of own) {
      const found = this.#registered(registration, path);
      if (found?.kind === 'unused') evidence.add(found.evidence);
      else if (found?.kind === 'present') present ??= found;
      else unseen ??= found;
    }
    if (unseen !== null) return unseen;
    return evidence.size > 0 ? { kind: 'unused', evidence: [...evidence] } : (present ?? SILENT);
  }

  /** Null where records never speak of its kind. */
  #registered({ type, name, file }: Registration, path: string): Registered | null {
    const bus = this.#busOf(type);
    const kind = bus === null ? REGISTRATION_KINDS.find((each) => each.type.test(type)) : undefined;
    if (bus === null && !kind) return null;
    const word = kind?.word ?? 'driver';
    if (name.startsWith(UNRESOLVED)) {
      return { kind: 'unseen', what: `${word} of a name that its source does not tell` };
    }
    if (!this.#isCovered(word)) return { kind: 'unseen', what: `${word} ${name}` };
    const policy = type === 'lsm' ? policySource(name) : undefined;
    if (policy !== undefined && this.#isAnswered(policy)) {
      return { kind: 'unused', evidence: `no line policy ${name}` };
    }
    const fact = this.#factOf(word, name, kind);
    if (fact && kind?.presence === 'stays') return { kind: 'present', by: fact.text };
    if (fact) return kind?.presence === 'unknown' ? null : { kind: 'unused', evidence: fact.text };
    if (word === 'fs' && this.#isInternal(file ?? `${path.replace(/\.o$/, '')}.c`)) return null;
    const fields = [...(kind?.before ?? (bus === null ? [] : [bus])).filter((field) => field !== ''), name];
    const subject = [word, ...fields].join(' ');
    return { kind: 'unused', evidence: this.#source.kind === 'names' ? `not named: ${subject}` : `no line ${subject}` };
  }

  /** Whether a source mounts its file system itself, so that nobody sees it: `secretmem`, `sockfs`. */
  #isInternal(source: string): boolean {
    return /\b(?:kern_mount|init_pseudo)\(/.test(this.#files.readText(source) ?? '');
  }

  /** The bus that a driver's structure is for. */
  #busOf(type: string): string | null {
    if (!type.endsWith('_driver') || REGISTRATION_KINDS.some((each) => each.type.test(type))) return null;
    const fits = [...this.#buses].map((bus) => [driverFits(type, bus), bus] as const).sort((a, b) => b[0] - a[0]);
    return fits[0] && fits[0][0] >= LEAST_FIT ? fits[0][1] : null;
  }

  #factOf(word: FactWord, name: string, kind: RegistrationKind | undefined): Fact | undefined {
    const at = kind?.before?.length ?? (kind ? 0 : 1);
    return this.#factsOf(word).find(({ fields }) => fields[at] === name);
  }

  /** Whether the record would have such a fact, had there been something to tell. */
  #isCovered(word: FactWord): boolean {
    if (this.#source.kind !== 'record') return this.#source.kind === 'names';
    const source = USE_RULES[word]?.source;
    if (source === undefined) return true;
    return this.#isAnswered(source) || !this.#factsOf('source').some(({ fields }) => fields[0] === source);
  }

  #isAnswered(source: string): boolean {
    return this.#factsOf('source').some(({ fields, count }) => fields[0] === source && count > 0);
  }

  #factsOf(word: FactWord): readonly Fact[] {
    let facts = this.#facts.get(word);
    if (!facts) {
      facts = this.#source.kind === 'record' ? [...readFacts(this.#source.record, word)] : [];
      this.#facts.set(word, facts);
    }
    return facts;
  }

  /** Buses that the machine has or that a unit registers. */
  #findBuses(): ReadonlySet<string> {
    const buses = new Set(this.#factsOf('bus').map(({ fields }) => fields[0]!));
    for (const registrations of this.#registrations?.values() ?? []) {
      for (const { type, name } of registrations) if (type.endsWith('bus_type')) buses.add(name);
    }
    return buses;
  }

  #noteUsed(record: MachineRecord, providers: ProviderMap, lookup: ConfigLookup): void {
    for (const [word, rule] of Object.entries(USE_RULES) as [FactWord, (typeof USE_RULES)[FactWord] & {}][]) {
      for (const { fields, count, text } of readFacts(record, word)) {
        if (!rule.isUsed(fields, count)) continue;
        for (const provider of providersOf(word, fields, providers)) {
          for (const unit of unitsOf(provider, lookup)) if (!this.#used.has(unit)) this.#used.set(unit, text);
        }
      }
    }
  }
}

/** What brings a fact about; of what no source registers under that name, the object that is called so, or the parts. */
function providersOf(word: FactWord, fields: readonly string[], providers: ProviderMap): readonly Provider[] {
  const answer = providers.find(word, fields);
  if (answer.kind !== 'unknown') return answer.kind === 'mapped' ? answer.providers : [];
  // `hmac(sha256-generic)` is made of a template and an algorithm.
  const parts = word === 'crypto' ? [...new Set(fields.slice(0, 2).flatMap((field) => field.split(/[(),]+/)))] : [];
  const named = parts
    .filter((part) => part !== '')
    .map((part) => providers.find('crypto', [part, part, '-']))
    .concat(providers.find('module', [fields[word === 'driver' || word === 'device' ? 1 : 0] ?? '']));
  return named.flatMap((each) => (each.kind === 'mapped' ? each.providers : []));
}

/** Whether a record was made of a machine, and not of a listing alone. */
export function isWholeRecord(record: MachineRecord): boolean {
  const words = new Set([...record.keys()].map((fact) => fact.split(' ')[0]));
  return (['driver', 'class', 'bus', 'fs'] as const).every((word) => words.has(word));
}

function* readFacts(record: MachineRecord, word: FactWord): Generator<Fact> {
  const isCounted = factKind(word)?.counted ?? false;
  for (const [fact, { count }] of record) {
    if (fact !== word && !fact.startsWith(`${word} `)) continue;
    yield { fields: fact.split(' ').slice(1), count: count ?? 0, text: isCounted ? `${fact} ${count ?? 0}` : fact };
  }
}

/** The units that a fact stands on: of a module all that it is linked from. */
function unitsOf({ unit, module }: Provider, lookup: ConfigLookup): string[] {
  if (unit !== null) return [plainPath(unit)];
  return module ? moduleUnits(module, lookup) : [];
}

function moduleUnits({ objects }: ModuleEntry, lookup: ConfigLookup): string[] {
  return objects.filter(({ when }) => evaluateCondition(when, lookup)).map(({ path }) => plainPath(path));
}

function placeText({ directory, why }: PlatformPlace): string {
  return `${directory}: ${why}`;
}
