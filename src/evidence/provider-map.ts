/** From what a machine shows to what has to be built for it: facts of a record, units, symbols, all found in the tree. */
import { textDigest } from '../cache/digest.ts';
import type { Condition } from '../conditions/condition.ts';
import type { Position } from '../diagnostics/diagnostic.ts';
import {
  type ConfigLookup,
  conditionSymbols,
  evaluateCondition,
  isModuleBuilt,
  type KbuildTree,
  type ModuleEntry,
} from '../kbuild/index.ts';
import { AliasMacros } from '../sources/alias-macros.ts';
import { tablesFor } from '../sources/device-tables.ts';
import { MODULE_NAME, UNRESOLVED } from '../sources/module-name.ts';
import { type Registration, readRegistration } from '../sources/registrations.ts';
import type { Sources } from '../sources/sources.ts';
import type { UnitList } from '../sources/unit-list.ts';
import { AcpiSignatures } from './acpi-signatures.ts';
import { DeviceSources } from './device-sources.ts';
import { driverFits } from './driver-types.ts';
import { Guards } from './guard.ts';
import { type Subject, subjectsOf } from './subjects.ts';
import { type UnitPlace, UnitPlaces } from './unit-places.ts';

/** What brings a fact about. */
export interface Provider {
  /** The object that registers it, relative to the tree; null where only its module is known. */
  readonly unit: string | null;
  /** The module that it is a part of, or can be; null for what can only be part of vmlinux. */
  readonly module: ModuleEntry | null;
  /** Where the source registers it, or else the line of the Makefile that lists it. */
  readonly at: Position | null;
  /**
   * The symbols that have to stay for it: those of its own lines, or of the nearest directory's. None where it is built
   * whatever the configuration.
   */
  readonly symbols: readonly string[];
  /** Symbols that the source asks for around the registration: without them the unit is there, and this part of it not. */
  readonly inside: readonly string[];
  /** Whether the configuration builds it; true where there is none. */
  readonly isBuilt: boolean;
}

/** What is known of a fact: `none` names no code of the kernel, of `unknown` the tree says nothing. */
export type FactAnswer =
  | { readonly kind: 'mapped'; readonly providers: readonly Provider[] }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'none' };

/** A registration and the unit that makes it. */
interface Registered extends Registration {
  readonly unit: string;
}

/** What a map is made from. */
export interface ProviderMapInput {
  readonly kbuild: KbuildTree;
  readonly sources: Sources;
  /** The units whose sources are read; those that a configuration builds, or all. */
  readonly units: readonly string[];
  /** The configuration; null for whatever the tree can build. */
  readonly lookup: ConfigLookup | null;
}

/** Files that are searched for the macro that is a name. */
const MAX_HEADERS = 1200;

/** A list of units as the sources are asked for it. */
export function unitListOf(units: readonly string[]): UnitList {
  return { digest: textDigest(units.join('\n')), paths: () => units };
}

/** Every unit that a tree can build for its architecture. */
export function allUnits(kbuild: KbuildTree): string[] {
  const units = new Set(kbuild.names.moduleUnits.paths());
  for (const { item, members } of kbuild.modules.builtinUnits()) {
    if (members.length === 0) units.add(item.path);
    for (const { path } of members) units.add(path);
  }
  return [...units];
}

/** Answers of every fact what has to be built for it. Sources are read when the first fact asks for them. */
export class ProviderMap {
  readonly #kbuild: KbuildTree;
  readonly #sources: Sources;
  readonly #list: UnitList;
  readonly #lookup: ConfigLookup | null;
  readonly #places: UnitPlaces;
  readonly #guards = new Guards();
  readonly #macros: AliasMacros;
  readonly #signatures: AcpiSignatures;
  #devices: DeviceSources | null = null;
  #byName: Map<string, Registered[]> | null = null;
  /** By type, those whose names are macros of other files: these are looked up where a name is not found otherwise. */
  readonly #unresolved = new Map<string, Registered[]>();

  constructor({ kbuild, sources, units, lookup }: ProviderMapInput) {
    this.#kbuild = kbuild;
    this.#sources = sources;
    this.#list = unitListOf(units);
    this.#lookup = lookup;
    this.#places = new UnitPlaces(kbuild);
    this.#macros = new AliasMacros((path) => kbuild.readText(path), kbuild.srcarch, MAX_HEADERS);
    this.#signatures = new AcpiSignatures(kbuild);
  }

  /** Says that sources will be wanted. */
  announce(): void {
    this.#sources.announceRegistrations(this.#list);
  }

  /**
   * What has to be built for a fact.
   * @param word the fact's kind, as `FACT_KINDS` has it; any other is `none`
   * @param fields as `factsOf` has them
   */
  find(word: string, fields: readonly string[]): FactAnswer {
    const subjects = subjectsOf(word, fields);
    if (subjects === null) return { kind: 'none' };
    // A cipher is all of its algorithms; of everything else the first that the tree knows is meant.
    const isAll = word === 'cipher';
    const found: Provider[] = [];
    for (const subject of subjects) {
      if (found.length > 0 && !isAll) break;
      found.push(...(isAll ? this.#plainest(subject) : this.#providers(subject)));
    }
    return found.length === 0 ? { kind: 'unknown' } : { kind: 'mapped', providers: found };
  }

  /**
   * What has a device in its tables, going by the sources: a driver that the kernel which ran there may not have had.
   * @param alias the device's, as a record has it
   */
  ofDevice(alias: string): readonly Provider[] {
    this.#devices ??= new DeviceSources((path) => this.#kbuild.readText(path), this.#macros);
    const devices = this.#devices;
    const found = tablesFor(alias).flatMap((table) =>
      this.#named(table, (type) => type === 'device-table').filter(({ unit, file }) =>
        devices.drives(file ?? sourceOf(unit, this.#kbuild), table, alias),
      ),
    );
    return this.#built(found);
  }

  #providers(subject: Subject): readonly Provider[] {
    switch (subject.kind) {
      case 'module':
        return this.#ofModule(subject.name);
      case 'acpi-table':
        return this.#signatures
          .namesOf(subject.signature)
          .flatMap((name) => this.#built(this.#named(name, (type) => type === 'acpi-table')));
      case 'driver':
        return this.#ofDriver(subject.bus, subject.name);
      case 'registered':
        return this.#registered(subject.name, subject.types);
    }
  }

  /** Of several that do the same, as machines of many kinds compute AES, the one that runs everywhere; else all. */
  #plainest(subject: Subject): readonly Provider[] {
    const all = this.#providers(subject);
    if (subject.kind !== 'registered') return all;
    const generic = this.#named(`${subject.name}-generic`, (type) => type === 'crypto-driver').map(({ unit }) => unit);
    const plain = all.filter(({ unit }) => unit !== null && generic.includes(unit));
    return plain.length > 0 ? plain : all;
  }

  /** A module of the tree, or the part of the kernel itself that has its name. */
  #ofModule(name: string): readonly Provider[] {
    const lookup = this.#lookup;
    const entries = this.#kbuild.modules.byName(name);
    const on = lookup === null ? entries : entries.filter((entry) => isModuleBuilt(entry, lookup));
    const modules = (on.length > 0 ? on : entries).map((entry) => ({
      unit: null,
      module: entry,
      at: entry.mentions[0]?.at ?? null,
      symbols: entry.decidingSymbols,
      inside: [],
      isBuilt: on.includes(entry),
    }));
    if (modules.length > 0) return modules;
    const item = this.#kbuild.names.builtinOnly(name);
    if (!item) return [];
    const places = this.#places.of(item.path);
    const found = places.map((place) => this.#provider(item.path, place, null, place.mentions[0]?.at ?? null));
    // An object that the kernel does not have only happens to be called so.
    return found.filter(({ isBuilt }) => isBuilt);
  }

  #registered(name: string, types: readonly string[]): readonly Provider[] {
    const all = this.#named(name, (type) => types.includes(type));
    for (const type of types) {
      const found = this.#built(all.filter((each) => each.type === type));
      // Anything may have a name set in its code.
      const isVague = type === 'assigned' && new Set(found.map(({ unit }) => unit)).size > 1;
      if (found.length > 0 && !isVague) return found;
    }
    return [];
  }

  /** Those registrations of a driver that fit its bus best. */
  #ofDriver(bus: string, name: string): readonly Provider[] {
    const all = this.#named(
      name,
      (type) => type.endsWith('_driver'),
      (type) => type.endsWith('_driver') && driverFits(type, bus) > 0,
    );
    const fits = all.map(({ type }) => driverFits(type, bus));
    for (const fit of [...new Set(fits)].sort((a, b) => b - a)) {
      const found = this.#built(all.filter((_, index) => fits[index] === fit));
      if (found.length > 0) return found;
    }
    return this.#ofModule(name);
  }

  /** Where Kbuild files list each unit. */
  get places(): UnitPlaces {
    return this.#places;
  }

  /**
   * What each unit registers with the configuration. A name that only macros of other files tell begins with
   * `UNRESOLVED`.
   */
  registrations(): ReadonlyMap<string, readonly Registration[]> {
    const units = this.#list.paths();
    const found = new Map<string, readonly Registration[]>();
    for (const { index, texts } of this.#sources.registrations(this.#list)) {
      const unit = units[index]!;
      const own = texts.map(readRegistration).filter(({ guard }) => this.#isActive(guard));
      const named = own.flatMap((each) => this.#names({ ...each, unit }, each.name).map((name) => ({ ...each, name })));
      if (named.length > 0) found.set(unit, named);
    }
    return found;
  }

  #isActive(guard: string): boolean {
    const condition = this.#guards.condition(guard);
    return condition === null || this.#lookup === null || evaluateCondition(condition, this.#lookup);
  }

  /** The units of registrations; those that the configuration builds, where it builds any. */
  #built(registrations: readonly Registered[]): readonly Provider[] {
    const all = registrations.flatMap(({ unit, file, line, guard }) => {
      const condition = this.#guards.condition(guard);
      const at = { file: file ?? sourceOf(unit, this.#kbuild), line, column: 0 };
      return this.#places.of(unit).map((place) => this.#provider(unit, place, condition, at));
    });
    const built = all.filter(({ isBuilt }) => isBuilt);
    return built.length > 0 ? built : all;
  }

  #provider(unit: string, place: UnitPlace, guard: Condition | null, at: Position | null): Provider {
    const lookup = this.#lookup;
    const isBuilt = lookup === null || this.#places.isBuilt(place, guard, lookup);
    // What is off has no symbols that are on: all that its lines name are given then.
    const symbols = this.#places.symbols(unit, place, isBuilt ? lookup : null);
    return { unit, module: place.module, at, symbols, inside: insideOf(guard, isBuilt ? lookup : null), isBuilt };
  }

  /**
   * Registrations under a name.
   * @param wants picks their types
   * @param resolves picks those whose macros are worth looking up
   */
  #named(
    name: string,
    wants: (type: string) => boolean,
    resolves: (type: string) => boolean = wants,
  ): readonly Registered[] {
    this.#byName ??= this.#index();
    const find = (): Registered[] => (this.#byName!.get(name) ?? []).filter(({ type }) => wants(type));
    const found = find();
    if (found.length > 0 || !this.#resolve(resolves)) return found;
    return find();
  }

  #index(): Map<string, Registered[]> {
    const units = this.#list.paths();
    const byName = new Map<string, Registered[]>();
    for (const { index, texts } of this.#sources.registrations(this.#list)) {
      for (const registration of texts.map(readRegistration)) {
        const registered = { ...registration, unit: units[index]! };
        if (!registration.name.startsWith(UNRESOLVED)) {
          for (const name of this.#names(registered, registration.name)) add(byName, name, registered);
        } else add(this.#unresolved, registration.type, registered);
      }
    }
    return byName;
  }

  /** Looks up macros that are names of registrations. @returns whether there were some */
  #resolve(wants: (type: string) => boolean): boolean {
    let hasNew = false;
    for (const [type, pending] of [...this.#unresolved].filter(([each]) => wants(each))) {
      this.#unresolved.delete(type);
      for (const registered of pending) {
        const source = registered.file ?? sourceOf(registered.unit, this.#kbuild);
        const text = this.#macros.text(registered.name.slice(UNRESOLVED.length), source);
        for (const name of text === null ? [] : this.#names(registered, text)) {
          add(this.#byName!, name, registered);
          hasNew = true;
        }
      }
    }
    return hasNew;
  }

  /** What a registration's name is once the module's name is known. */
  #names({ unit }: Registered, text: string): readonly string[] {
    if (!text.includes(MODULE_NAME)) return [text];
    return this.#places.of(unit).map(({ modname }) => text.replaceAll(MODULE_NAME, modname));
  }
}

/** The symbols that a condition in a source needs; where no one alone decides, those that are on. */
function insideOf(guard: Condition | null, lookup: ConfigLookup | null): readonly string[] {
  const names = guard ? conditionSymbols(guard) : [];
  if (guard === null || lookup === null) return names;
  const on = names.filter((name) => lookup(name) !== undefined);
  const needed = on.filter((name) => !evaluateCondition(guard, (each) => (each === name ? undefined : lookup(each))));
  return needed.length > 0 ? needed : on;
}

function add(lists: Map<string, Registered[]>, key: string, registered: Registered): void {
  const known = lists.get(key);
  if (known) known.push(registered);
  else lists.set(key, [registered]);
}

function sourceOf(unit: string, kbuild: KbuildTree): string {
  const stem = unit.replace(/\.o$/, '');
  return kbuild.exists(`${stem}.S`) ? `${stem}.S` : `${stem}.c`;
}
