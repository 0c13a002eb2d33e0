import { normaliseModuleName } from '../listing-line.ts';
import type { AliasTable } from './aliases.ts';
import { byBytes, type FactWord, factsOf, type MachineRecord, textOf } from './format.ts';
import type { KernelModules } from './kernel-modules.ts';
import { policySource, worksWithoutPolicy } from './security-modules.ts';

/** What can be missing. */
export type LostKind =
  | 'driver'
  | 'module'
  | 'fs'
  | 'nls'
  | 'link'
  | 'qdisc'
  | 'cgroup'
  | 'lsm'
  | 'sound'
  | 'swap'
  | 'target'
  | 'raid'
  | 'clocksource'
  | 'cpufreq'
  | 'cpuidle'
  | 'console'
  | 'class'
  | 'misc';

/**
 * Why something counts as it does. Missing: `undriven` (its device is there and has no driver), `unknown-here` (this kernel
 * has nothing of the kind), `without-card` (the driver is there, the sound card is not), `inactive` (a part of the kernel
 * that is not there or not on). Not missing: `not-loaded` (a module that can be), `no-device` (this kernel has the driver),
 * `other-driver`, `not-used`, `idle` (a security module that had no policy and does nothing without one), `cannot-tell`.
 */
export type LostReason =
  | 'undriven'
  | 'unknown-here'
  | 'without-card'
  | 'inactive'
  | 'not-loaded'
  | 'no-device'
  | 'other-driver'
  | 'not-used'
  | 'idle'
  | 'cannot-tell';

const MISSING: ReadonlySet<LostReason> = new Set(['undriven', 'unknown-here', 'without-card', 'inactive']);

/** Something that the machine had, and that is not to be seen now. */
export interface Lost {
  readonly kind: LostKind;
  /** As the kernel calls it; of a driver with its bus in front. */
  readonly name: string;
  /** The module that it came from, where the record tells. */
  readonly module: string | null;
  readonly reason: LostReason;
  /** Whether the module was built outside the tree. */
  readonly outOfTree: boolean;
  /** The symbols that bring it back, as far as the tree tells; without a tree none. */
  readonly symbols: readonly string[];
}

/** What a machine had and now has not. */
export interface RecordComparison {
  /** What this kernel lacks. */
  readonly missing: readonly Lost[];
  /** What is not in use now, and would be if its device were plugged in or somebody asked for it. */
  readonly absent: readonly Lost[];
  /** How many things were compared. */
  readonly compared: number;
}

/** What is compared. */
export interface CompareInput {
  readonly before: MachineRecord;
  readonly after: MachineRecord;
  /** Those of the kernel that runs now. */
  readonly modules: KernelModules;
  readonly aliases: AliasTable;
  /** The symbols that something needs, as the tree tells. */
  readonly symbolsOf: (kind: LostKind, name: string, module: string | null) => readonly string[];
}

/**
 * The fact that says of something lost that it was there.
 * @param name as `symbolsOf` gets it
 * @returns the fact's kind and its fields
 */
export function factOfLost(kind: LostKind, name: string, module: string | null): [FactWord, readonly string[]] {
  const owner = module ?? '-';
  if (kind === 'driver') return [kind, [...name.split(' '), owner]];
  if (kind === 'cpufreq' || kind === 'cpuidle') return [kind, ['driver', name]];
  return [kind, [name, owner]];
}

/** Compares what a machine had with what it has. */
export function compareRecords(input: CompareInput): RecordComparison {
  return new Comparison(input).run();
}

/** Kinds of links that a network card brings: its driver says more. */
const LINKS_OF_CARDS = /^(wlan|wwan|dsa|fcoe|bluetooth)$/;
/** Queues that every kernel with a network has. */
const PLAIN_QUEUES = /^(noqueue|noop|mq|pfifo|bfifo|pfifo_fast)$/;
/** Targets that the device mapper itself has. */
const PLAIN_TARGETS = /^(linear|striped|error)$/;

class Comparison {
  readonly #input: CompareInput;
  readonly #outOfTree: ReadonlySet<string>;
  readonly #loaded: ReadonlySet<string>;
  readonly #found: Lost[] = [];
  #compared = 0;

  constructor(input: CompareInput) {
    this.#input = input;
    this.#outOfTree = new Set(this.#names(input.before, 'out-of-tree'));
    this.#loaded = new Set([...this.#names(input.after, 'module'), ...this.#names(input.after, 'builtin')]);
  }

  run(): RecordComparison {
    this.#modules();
    this.#drivers();
    this.#sound();
    this.#fileSystems();
    this.#network();
    this.#storage();
    for (const kind of ['cgroup', 'lsm', 'clocksource', 'cpufreq', 'cpuidle'] as const) this.#parts(kind);
    this.#consoles();
    this.#interfaces();
    const sorted = this.#found.sort((a, b) => byBytes(a.kind, b.kind) || byBytes(a.name, b.name));
    return {
      missing: sorted.filter(({ reason }) => MISSING.has(reason)),
      absent: sorted.filter(({ reason }) => !MISSING.has(reason)),
      compared: this.#compared,
    };
  }

  /** The first field of each fact. */
  #names(record: MachineRecord, word: FactWord): string[] {
    return [...new Set([...factsOf(record, word)].map(({ fields }) => fields[0] ?? ''))];
  }

  /** @param reason null: nothing is lost */
  #judge(kind: LostKind, name: string, module: string | null, reason: LostReason | null): void {
    this.#compared++;
    if (reason === null) return;
    const symbols = this.#input.symbolsOf(kind, name, module);
    const outOfTree = module !== null && this.#outOfTree.has(module);
    this.#found.push({ kind, name: textOf(name), module, reason, outOfTree, symbols });
  }

  /** Whether this kernel has a module: loaded, built in, or on the disk. */
  #has(module: string): boolean {
    return this.#isHere(module) || this.#input.modules.isLoadable(module);
  }

  #isHere(module: string): boolean {
    return this.#loaded.has(module) || this.#input.modules.isBuiltin(module);
  }

  /** Whether this kernel loads something, or has it built in, when it is asked for by this alias. */
  #answersTo(alias: string): boolean {
    return this.#input.aliases.owners(alias).length > 0;
  }

  /** Whether a source was read in the record of now. */
  #saw(source: string): boolean {
    return (this.#input.after.get(`source ${source}`)?.count ?? 0) > 0;
  }

  #modules(): void {
    for (const module of this.#names(this.#input.before, 'module')) {
      const reason = this.#isHere(module) ? null : this.#has(module) ? 'not-loaded' : 'unknown-here';
      this.#judge('module', module, module, reason);
    }
  }

  #drivers(): void {
    const now = new Map([...factsOf(this.#input.after, 'driver')].map(({ fields, count }) => [key(fields), count]));
    for (const { fields, count } of factsOf(this.#input.before, 'driver')) {
      if (count === 0) continue;
      const [bus = '', name = '', owner = '-'] = fields;
      const isBound = (now.get(key(fields)) ?? 0) > 0;
      const module = owner === '-' ? null : owner;
      const isKnown = now.has(key(fields)) || this.#has(module ?? normaliseModuleName(name));
      this.#judge('driver', `${bus} ${name}`, module, isBound ? null : this.#whyUnbound(bus, name, isKnown));
    }
  }

  #whyUnbound(bus: string, driver: string, isKnown: boolean): LostReason {
    const drivers = this.#driversNow(
      bus,
      this.#aliases(({ fields }) => fields[0] === bus && fields[1] === driver),
    );
    if (drivers.includes('-')) return 'undriven';
    if (drivers.length > 0) return 'other-driver';
    return isKnown ? 'no-device' : 'unknown-here';
  }

  /** Aliases of the devices of before that a test picks. */
  #aliases(test: (device: { readonly fields: readonly string[] }) => boolean): ReadonlySet<string> {
    return new Set([...factsOf(this.#input.before, 'device')].filter(test).map(({ fields }) => fields[2] ?? ''));
  }

  /** What drives devices now that have one of these aliases; `-`: nothing. */
  #driversNow(bus: string, aliases: ReadonlySet<string>): string[] {
    return [...factsOf(this.#input.after, 'device')]
      .filter(({ fields }) => fields[0] === bus && aliases.has(fields[2] ?? ''))
      .map(({ fields }) => fields[1] ?? '-');
  }

  #sound(): void {
    const now = new Set(this.#names(this.#input.after, 'sound'));
    for (const { fields } of factsOf(this.#input.before, 'sound')) {
      const [card = '', owner = '-'] = fields;
      const module = owner === '-' ? null : owner;
      this.#judge('sound', card, module, now.has(card) ? null : this.#whySilent(module));
    }
  }

  #whySilent(module: string | null): LostReason {
    if (module === null) return 'inactive';
    if (!this.#has(module)) return 'unknown-here';
    const drivers = [...factsOf(this.#input.before, 'driver')].filter(({ fields }) => fields[2] === module);
    const devices = drivers.flatMap(({ fields: [bus = '', name] }) =>
      this.#driversNow(
        bus,
        this.#aliases(({ fields }) => fields[0] === bus && fields[1] === name),
      ),
    );
    return devices.length === 0 && drivers.length > 0 ? 'no-device' : 'without-card';
  }

  #fileSystems(): void {
    const now = new Set([...factsOf(this.#input.after, 'fs')].filter(isInKernel).map(({ fields }) => fields[0]));
    const before = [...factsOf(this.#input.before, 'fs')].filter(({ fields }) => fields[1] !== 'registered');
    for (const type of new Set(before.map(({ fields }) => fields[0] ?? ''))) {
      const isKnown = now.has(type) || this.#answersTo(`fs-${type}`) || this.#has(type);
      this.#judge('fs', type, null, isKnown ? null : 'unknown-here');
    }
    for (const name of this.#names(this.#input.before, 'nls')) {
      const module = normaliseModuleName(`nls_${name}`);
      const isKnown = this.#has(module) || this.#answersTo(`nls_${name}`);
      this.#judge('nls', name, module, isKnown ? null : 'unknown-here');
    }
  }

  #network(): void {
    const links = new Set(this.#names(this.#input.after, 'link'));
    for (const kind of this.#names(this.#input.before, 'link').filter((each) => !LINKS_OF_CARDS.test(each))) {
      const isKnown = this.#answersTo(`rtnl-link-${kind}`) || this.#has(kind);
      this.#judge('link', kind, null, this.#unlessUsed(links.has(kind), isKnown, 'links'));
    }
    const queues = new Set(this.#names(this.#input.after, 'qdisc'));
    for (const kind of this.#names(this.#input.before, 'qdisc').filter((each) => !PLAIN_QUEUES.test(each))) {
      const isKnown = this.#answersTo(`net-sch-${kind}`) || this.#has(`sch_${kind}`);
      this.#judge('qdisc', kind, `sch_${kind}`, this.#unlessUsed(queues.has(kind), isKnown, 'qdiscs'));
    }
  }

  /** Of something that is there as long as somebody uses it. */
  #unlessUsed(isUsed: boolean, isKnown: boolean, source: string): LostReason | null {
    if (isUsed) return null;
    if (isKnown) return 'not-used';
    // Without the file of aliases nobody knows what the kernel would answer to.
    return this.#saw(source) && this.#saw('aliases') ? 'unknown-here' : 'cannot-tell';
  }

  #storage(): void {
    const targets = new Set(this.#names(this.#input.after, 'target'));
    for (const name of this.#names(this.#input.before, 'target').filter((each) => !PLAIN_TARGETS.test(each))) {
      const module = normaliseModuleName(`dm_${name}`);
      this.#judge('target', name, module, this.#unlessUsed(targets.has(name), this.#has(module), 'dmtable'));
    }
    const raids = new Set(this.#names(this.#input.after, 'raid'));
    for (const name of this.#names(this.#input.before, 'raid')) {
      const isKnown = this.#answersTo(`md-${name}`) || this.#has(name);
      this.#judge('raid', name, name, raids.has(name) ? null : isKnown ? 'not-used' : 'unknown-here');
    }
    const swaps = (record: MachineRecord): string[] => this.#names(record, 'swap').filter((kind) => kind !== 'fstab');
    const isSwapping = swaps(this.#input.after).length > 0;
    for (const kind of swaps(this.#input.before)) this.#judge('swap', kind, null, isSwapping ? null : 'inactive');
  }

  /** What the kernel itself has, or has not. */
  #parts(kind: 'cgroup' | 'lsm' | 'clocksource' | 'cpufreq' | 'cpuidle'): void {
    const counts = ({ fields }: { readonly fields: readonly string[] }): boolean =>
      kind.startsWith('cpu') ? fields[0] === 'driver' && fields[1] !== 'none' : true;
    const names = (record: MachineRecord): Set<string> =>
      new Set(
        [...factsOf(record, kind)].filter(counts).map(({ fields }) => fields[kind.startsWith('cpu') ? 1 : 0] ?? ''),
      );
    const now = names(this.#input.after);
    for (const name of names(this.#input.before)) {
      const reason = kind === 'lsm' ? this.#whyUnsecured(name) : 'inactive';
      this.#judge(kind, name, null, now.has(name) ? null : reason);
    }
  }

  /** Why a security module counts as it does that is not active now. */
  #whyUnsecured(name: string): LostReason {
    if (!this.#saw('lsm')) return 'cannot-tell';
    if (worksWithoutPolicy(name) || this.#names(this.#input.before, 'policy').includes(name)) return 'inactive';
    const source = policySource(name);
    const isSeen = source === undefined || (this.#input.before.get(`source ${source}`)?.count ?? 0) > 0;
    return isSeen ? 'idle' : 'inactive';
  }

  /** One that a parameter asked for then, and none does now, is not missed. */
  #consoles(): void {
    const { before, after } = this.#input;
    for (const { fields } of factsOf(before, 'console')) {
      const [name = '', state] = fields;
      if (state !== 'active') continue;
      const wasAskedFor = before.has(`console ${name} parameter`);
      const isAskedFor = after.has(`console ${name} parameter`);
      const isMissed = !after.has(`console ${name} active`) && wasAskedFor === isAskedFor;
      this.#judge('console', name, null, isMissed ? 'inactive' : null);
    }
  }

  /** Classes and devices that a module may bring: where one is not loaded that was, it may be that. */
  #interfaces(): void {
    const mayCome = this.#found.some(({ kind, reason }) => kind === 'module' && reason === 'not-loaded');
    const gone: LostReason = mayCome ? 'cannot-tell' : 'inactive';
    const classes = new Map([...factsOf(this.#input.after, 'class')].map(({ fields, count }) => [fields[0], count]));
    for (const { fields, count } of factsOf(this.#input.before, 'class')) {
      if (count === 0) continue;
      const [name = ''] = fields;
      const now = classes.get(name);
      this.#judge('class', name, null, now === undefined ? gone : now === 0 ? 'no-device' : null);
    }
    const misc = new Set(this.#names(this.#input.after, 'misc'));
    for (const name of this.#names(this.#input.before, 'misc')) {
      const isKnown = this.#answersTo(`devname:${name}`) || this.#answersTo(`devname:net/${name}`);
      this.#judge('misc', name, null, misc.has(name) ? null : isKnown ? 'not-used' : gone);
    }
  }
}

/** A driver's bus and name. */
function key([bus = '', name = '']: readonly string[]): string {
  return `${bus} ${name}`;
}

/** fstab says what somebody wants, and not what the kernel has. */
function isInKernel({ fields }: { readonly fields: readonly string[] }): boolean {
  return fields[1] !== 'fstab';
}
