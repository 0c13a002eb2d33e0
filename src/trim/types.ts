import type { Position } from '../diagnostics/diagnostic.ts';
import type { BuildResult, KbuildTree } from '../kbuild/index.ts';
import type { MachineRecord } from '../machine/record/format.ts';
import type { Sources } from '../sources/sources.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Blocker } from './blocker.ts';

/** A module that a machine has loaded, as its listing names it. */
export interface LoadedModule {
  /** With `_` for `-`. */
  readonly name: string;
  /**
   * What the listing's taint marks say: `/proc/modules` marks modules from outside the tree with O, lsmod does not.
   * `sys-module`: it may be built in, or a part of the kernel itself.
   */
  readonly origin: 'in-tree' | 'out-of-tree' | 'sys-module' | 'unknown';
}

/** What a trim is made from. */
export interface TrimInput extends TrimRequest {
  readonly kbuild: KbuildTree;
  /** The tree's sources, where they are read elsewhere as well: each is read only once then. */
  readonly sources?: Sources;
  /** The base config, loaded and calculated. It is not changed. */
  readonly base: Configuration;
}

/** What is asked of a trim. */
export interface TrimRequest {
  readonly loaded: readonly LoadedModule[];
  /** `--keep`: symbols (with or without `CONFIG_`), modules, Kconfig directories. */
  readonly keep: readonly string[];
  /** `--set`, `--unset`, `--fragment`: values that must hold in the result, with what they need. */
  readonly requests?: readonly ValueRequest[];
  /** Give features of kept drivers up where they cost modules. */
  readonly lean: boolean;
  /** Turn loaded modules on that the base has off. */
  readonly enable: boolean;
  /** Build what is kept into the kernel where that is possible (localyesconfig). */
  readonly builtin: boolean;
  /** `--deep`: turn built-ins off that the machine shows no use of. */
  readonly deep?: DeepScope | null;
  /**
   * With `deep` and no record: names say what has to stay. The base has no modules that a listing could show, and what
   * announces itself counts as unused where nothing names it or needs it.
   */
  readonly byName?: boolean;
  /** `--fast`: turn settings off that cost build time and nothing that runs. */
  readonly fast?: boolean;
  /** `--debug-info`, `--no-debug-info`; what `fast` says where it is not given. */
  readonly debugInfo?: boolean | null;
  /** Say what `deep` could turn off where it is not asked for: `TrimResult.idle`. */
  readonly hints?: boolean;
  /**
   * Names of the symbols that are on in the config before this one, as of the last step of a bisection. Of ways that cost
   * the same the one that was taken there is taken again, so that less is built anew.
   */
  readonly previous?: ReadonlySet<string> | null;
  /** The machine's record, where there is one: what it names beside modules is kept as well. */
  readonly record?: MachineRecord | null;
  /** Called when a part of the work begins, to measure it. */
  readonly phase?: (name: TrimPhase) => void;
}

/** A value that must hold. */
export interface ValueRequest {
  /** Without `CONFIG_`. */
  readonly symbol: string;
  /** As a .config has it, `n` for what is not set; where `isNamed`, a text may do without its quotes. */
  readonly value: string;
  /** What asks for it: `--set`, or `ci.config:3`. */
  readonly source: string;
  /** Why conf passes over the line that asks for it, so that it does not hold. */
  readonly flawed?: string;
  /** Asked for by hand: the tree has to have it, also where it is to be off. */
  readonly isNamed?: boolean;
}

/** What became of a value that was asked for. */
export interface RequestReport extends ValueRequest {
  /** What the base config has. */
  readonly from: string;
  /** What the result has. */
  readonly to: string;
  readonly holds: boolean;
  /** The values that were set for it. */
  readonly needs: readonly { readonly symbol: string; readonly value: string }[];
}

/** `evidence`: what announces itself and is shown not to be used; `bold`: also what announces itself nowhere. */
export type DeepScope = 'evidence' | 'bold';

/** The parts of a trim: what the base builds, the loaded modules in it, what can go, and the proof. */
export type TrimPhase = 'kbuild' | 'match' | 'resolve' | 'deep' | 'prove';

/**
 * What became of a loaded module. `kept`: built as a module, or built in by `--builtin`; `builtin`: the base has it in
 * the kernel itself; `off`: the base does not build it; `lost`: the base builds it and the result does not.
 */
export type LoadedStatus = 'kept' | 'builtin' | 'off' | 'renamed' | 'removed' | 'out-of-tree' | 'unknown' | 'lost';

export interface LoadedReport {
  readonly name: string;
  readonly status: LoadedStatus;
  /** Of the module in the tree, without suffix; null where the tree has none of that name. */
  readonly path: string | null;
  /** The symbols that decide whether it is built. */
  readonly symbols: readonly string[];
  /**
   * For what the base has off: `done` by `--enable`, `possible` with it, `impossible` without a change of the whole
   * kernel or in any way; null for what it has on.
   */
  readonly enable: 'done' | 'possible' | 'impossible' | null;
  /** One short sentence, or empty. */
  readonly note: string;
}

/** What a record wants something for. `hardware` is there although its driver is not loaded. */
export type RecordedUse =
  | 'hardware'
  | 'driver'
  | 'file-system'
  | 'charset'
  | 'encryption'
  | 'swap'
  | 'raid'
  | 'device-mapper';

/** What a record says to keep beside the loaded modules. */
export interface RecordedReport {
  /** The module, with `_` for `-`; of a part of the kernel itself the object; of what is unknown the fact's own word. */
  readonly name: string;
  readonly use: RecordedUse;
  /** `kept`: a module; `builtin`; `off` in the base config; `unknown`: nothing in the tree registers it. */
  readonly status: 'kept' | 'builtin' | 'off' | 'unknown';
  readonly path: string | null;
  readonly symbols: readonly string[];
  /** The facts, as the record has them without their numbers, and settings of the base config. */
  readonly evidence: readonly string[];
}

/** What became of a word of `--keep`, symbol, module or directory. */
export interface KeepReport {
  readonly word: string;
  /** `off`: the base config has it off, so there is nothing to keep; `lost`: a violation says it. */
  readonly status: 'kept' | 'off' | 'lost';
  /** How many symbols are on in a directory; null for a name. */
  readonly symbols: number | null;
}

export type KeepReason =
  | 'loaded'
  | 'dependency'
  | 'selector'
  | 'feature'
  | 'keep'
  | 'set'
  | 'record'
  | 'floor'
  | 'forced';

/** A symbol that stayed on as a module, and what for. */
export interface KeptSymbol {
  readonly symbol: string;
  /** `m` or `y`. */
  readonly value: string;
  readonly reason: KeepReason;
  /** The modules, features or kept symbols that would be lost without it; the first few, sorted. */
  readonly for: readonly string[];
}

/** A feature of a kept driver: a bool that the base has on. */
export interface FeatureReport {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** The module it belongs to, and what it costs or what took it away. */
  readonly because: string;
  /** Symbols that stay on for it alone. */
  readonly costs: readonly string[];
}

/** A promise that does not hold. */
export interface Violation {
  readonly promise: 'G1' | 'G2' | 'G4' | 'G6' | 'G9' | 'keep';
  /** Module or symbol. */
  readonly name: string;
  readonly note: string;
  readonly at: Position | null;
  /** For a lost module: the conditions that fail, from its Makefile's on. */
  readonly blockers: readonly Blocker[];
}

/** How many symbols have each value. */
export interface SymbolCounts {
  readonly m: number;
  readonly y: number;
}

/** A symbol with another value than in the base config, and why. */
export interface SymbolChange {
  readonly symbol: string;
  /** As a .config has it; empty for a number or text that it does not have. */
  readonly from: string;
  readonly to: string;
  readonly because: string;
}

/** A setting that costs build time only and that went. */
export interface SettingStep {
  readonly symbol: string;
  /** What else a person could have set and that went with it, in order of name; members of choices are not among it. */
  readonly others: readonly string[];
  /** It and all that went or came with it, in order of name. */
  readonly changes: readonly SymbolChange[];
}

/** A setting that was to go and stays. */
export interface HeldSetting {
  readonly symbol: string;
  readonly because: string;
  /** Whether it was asked for under no condition: then the result is not what was asked for (G9). */
  readonly isFinding: boolean;
}

/** What `--fast` and `--no-debug-info` did. */
export interface SettingsReport {
  /** What asked for it. */
  readonly option: '--fast' | '--no-debug-info';
  readonly steps: readonly SettingStep[];
  readonly held: readonly HeldSetting[];
}

/** A built-in that `--deep` turned off. */
export interface DeepDeparture {
  readonly symbol: string;
  readonly from: string;
  readonly to: string;
  /** `unused`: its code announces itself; `infrastructure`: only what is gone used it; `silent`: it announces nothing. */
  readonly kind: 'unused' | 'infrastructure' | 'silent';
  /** The lines of the record, or what says that it is not used. */
  readonly evidence: string;
  /** What is no longer built, and what each costs on the reference machine. */
  readonly units: readonly { readonly path: string; readonly seconds: number }[];
  /** It and all that went with it, in order of name. */
  readonly changes: readonly SymbolChange[];
}

/** A symbol that `--deep` left on, and what holds it. */
export interface HeldSymbol {
  readonly symbol: string;
  readonly by: string;
  readonly seconds: number;
  /** Whether no use of its code is shown. */
  readonly isIdle: boolean;
}

/** What `--deep` did. */
export interface DeepReport {
  readonly scope: DeepScope;
  /**
   * Where use is known from: a record that says more than a listing, a listing alone, or, where the base builds no
   * modules, what had to stay by its name.
   */
  readonly usesFrom: 'record' | 'listing' | 'names';
  /** In the order in which they went. */
  readonly departures: readonly DeepDeparture[];
  /** Symbols with code in vmlinux that stay, the dearest first. */
  readonly stays: readonly HeldSymbol[];
  /** Symbols of the floor whose modules stay, each with who asks for it. */
  readonly pinned: readonly { readonly symbol: string; readonly source: string }[];
}

/** A configuration with what it builds. */
export interface BuiltConfig {
  readonly config: Configuration;
  readonly build: BuildResult;
}

export interface TrimResult {
  /** The trimmed configuration, read back from `text`. */
  readonly config: Configuration;
  /** The .config, byte for byte. */
  readonly text: string;
  readonly baseCounts: SymbolCounts;
  readonly counts: SymbolCounts;
  readonly baseBuild: BuildResult;
  readonly build: BuildResult;
  readonly loaded: readonly LoadedReport[];
  readonly kept: readonly KeptSymbol[];
  /** What the record says to keep; nothing without one. */
  readonly recorded: readonly RecordedReport[];
  readonly features: readonly FeatureReport[];
  /** Whether `--enable` was asked for. */
  readonly isEnabled: boolean;
  /** What was asked for with `--set`, `--unset` and `--fragment`. */
  readonly requests: readonly RequestReport[];
  /** Every symbol that changed for what `--enable` turned on or a request asked for, beside these themselves. */
  readonly changed: readonly SymbolChange[];
  /** Nothing where nothing of it was asked for. */
  readonly settings: SettingsReport | null;
  /** Nothing without `--deep`. */
  readonly deep: DeepReport | null;
  /** Units of vmlinux that the machine shows no use of: about what `--deep` would take. None where nobody asked. */
  readonly idle: readonly string[];
  /** Units of modules that `--deep` would keep for the floor and that are not built: what it would add. As `idle`. */
  readonly pinned: readonly string[];
  /** What modules alone leave, where settings or built-ins were turned off after them. */
  readonly plain: BuiltConfig | null;
  /** `--builtin`: kept symbols that cannot be `y`. */
  readonly notBuiltin: readonly string[];
  readonly violations: readonly Violation[];
  /** The words of `--keep` that name something. */
  readonly keep: readonly KeepReport[];
  /** Names given to `--keep` that fit no symbol, module or directory. */
  readonly unknownKeep: readonly string[];
}
