import type { Position } from '../diagnostics/diagnostic.ts';
import type { Blocker } from './blocker.ts';
import type { KeepReason, LoadedReport } from './types.ts';

/**
 * How one element of a chain leads to the next. `builds`: the symbol builds the module; `built-by`: the symbol builds the
 * module as well; `gated-by`, `gates`: the symbol does not build the module, but has to be on for it (that of a directory
 * above it, or of all objects inside); `feature`: the symbol is a feature of the module; `depends`, `prompt`: the symbol
 * needs the next one, by its dependencies or to be visible; `selected-by`: it has no say of its own, and the next one
 * selects it; `select-condition`: the next one is the condition of the `select` that keeps it on; `default`: its
 * default needs the next one; `selects`, `implies`, `sets-default`: it turns the next one on; `brings`: the next one
 * is on by default wherever its dependencies (`condition`) allow it, and this is one of them; `stays`: a built-in of the config,
 * which a trim does not touch (`from` is empty).
 */
export type LinkKind =
  | 'builds'
  | 'built-by'
  | 'gated-by'
  | 'gates'
  | 'feature'
  | 'depends'
  | 'prompt'
  | 'selected-by'
  | 'select-condition'
  | 'default'
  | 'implied-by'
  | 'selects'
  | 'implies'
  | 'sets-default'
  | 'brings'
  | 'stays';

/** One step of a chain. */
export interface Link {
  readonly kind: LinkKind;
  readonly from: string;
  readonly to: string;
  /** The condition as the file has it; empty where the link is no condition. */
  readonly condition: string;
  /** The line of the Kconfig file or Makefile that makes the link. */
  readonly at: Position | null;
}

/** What gave a symbol its value. */
export interface SetBy {
  /**
   * `config`: the config file; `default`, `select`, `imply`: a property; `choice`: the choice it is in; `invisible`: no
   * prompt can be seen, no default or `select` applies; `nothing`: nothing sets it; `undefined`: this tree's files for
   * the architecture only mention it.
   */
  readonly kind: 'config' | 'default' | 'select' | 'imply' | 'choice' | 'invisible' | 'nothing' | 'undefined';
  /** Of several selectors all that count. */
  readonly by: readonly { readonly text: string; readonly at: Position | null }[];
}

/** What turns something on. */
export interface Remedy {
  readonly changes: readonly { readonly symbol: string; readonly value: string }[];
  /** Loaded modules that the config builds now and would not build then. */
  readonly loses: readonly string[];
}

/**
 * What keeps something off and cannot be changed, or should not. `undefined`: no Kconfig file of the architecture
 * defines the symbol; `unasked`: its value is an answer of a program that was not run; `transitional`: it is only read from
 * a .config, and the condition names those that have its value; `toolchain`: its value is an answer
 * of the toolchain; `never`: nothing sets it; `forced`: it would have to be off and cannot be; `built-in`: it would have
 * to be off, and for a module's sake no built-in is turned off; `whole-kernel`: it would have to change and decides over
 * the whole kernel; `contradiction`: the condition cannot hold; `given-up`: the search for a way came to its limits, and
 * names no symbol; `not-searched`: so many ways were searched for that this one was not.
 */
export interface Hindrance {
  readonly kind:
    | 'undefined'
    | 'unasked'
    | 'transitional'
    | 'toolchain'
    | 'never'
    | 'forced'
    | 'built-in'
    | 'whole-kernel'
    | 'contradiction'
    | 'given-up'
    | 'not-searched';
  readonly symbol: string;
  readonly condition: string;
  readonly at: Position | null;
}

/** Why a trim keeps something, or gives it a value. */
export interface KeptReason {
  readonly reason: KeepReason;
  readonly for: readonly string[];
  /** Facts of the record, or what asked for the value: `--set`, `ci.config:3`; none where another reason was found. */
  readonly evidence: readonly string[];
}

/** What an option says of a symbol that turns off more than modules. */
export interface Beyond {
  /** As it was typed: `--deep=bold`. */
  readonly option: string;
  readonly isGone: boolean;
  readonly because: string;
}

/** What a trim for the listing does with a symbol or module. */
export interface TrimmedView {
  /**
   * `loaded`: it is loaded, or builds something loaded; `needed`: a chain leads to it from there; `kept`: it stays, but
   * no such chain leads to it; `gone`: it is turned off; `off`: it was off before.
   */
  readonly fate: 'loaded' | 'needed' | 'kept' | 'gone' | 'off';
  /** Value in the trimmed config. */
  readonly value: string;
  /** A shortest one from a loaded module, or else from a built-in that stays; empty where none leads here. */
  readonly chain: readonly Link[];
  /**
   * For `kept` ones: what the trim found when it tried without; by the record with the facts. For `kept` and `gone` ones,
   * what asked for the value.
   */
  readonly reason: KeptReason | null;
  /** For what is gone because something else is: the conditions that fail in the trimmed config. */
  readonly blockers: readonly Blocker[];
  /** What `--deep` and `--fast` say of it: by which option it went or why it stays; null where they say nothing. */
  readonly beyond: Beyond | null;
}

/** A symbol, and what a trim did with it. */
export interface TrimmedName {
  readonly name: string;
  /** Value in the base config. */
  readonly before: string;
  readonly view: TrimmedView;
}

/** A module before and after a trim: `m`, `y` for built in, `n`. */
export interface TrimmedModule {
  /** Relative to the tree, without suffix. */
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** Those that decide on it. */
  readonly symbols: readonly string[];
}

/** What a trim did with symbols and modules. */
export interface TrimmedNames {
  /** Every bool and tristate that the config or the trim has on. */
  readonly symbols: readonly TrimmedName[];
  /** Every module that one of the two builds, as a module or built in. */
  readonly modules: readonly TrimmedModule[];
}

export interface SymbolAnswer {
  readonly kind: 'symbol';
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly prompt: string | null;
  /** `n`, `m`, `y`: how far the prompt can be seen. */
  readonly visibility: string;
  readonly definedAt: readonly Position[];
  readonly setBy: SetBy;
  /** Conditions that fail, where the symbol is off or a user has no say. */
  readonly blockers: readonly Blocker[];
  /** Where it is off: the cheapest way to turn it on; null where it is on or none was found. */
  readonly remedy: Remedy | null;
  /** Where it is off and no way was found: what is to blame, as far as that is known. */
  readonly hindrances: readonly Hindrance[];
  /** Null where no listing was read. */
  readonly trimmed: TrimmedView | null;
}

export interface ModuleAnswer {
  readonly kind: 'module';
  readonly name: string;
  /** Relative to the tree, without suffix; null where the tree has no such module. */
  readonly path: string | null;
  /** `m`: built as a module; `y`: built in; `n`: not built. */
  readonly value: string;
  readonly symbols: readonly { readonly name: string; readonly value: string }[];
  readonly at: Position | null;
  readonly blockers: readonly Blocker[];
  readonly remedy: Remedy | null;
  /** Where it is off and no way was found: what is to blame, as far as that is known. */
  readonly hindrances: readonly Hindrance[];
  /** Where the listing has it. */
  readonly loaded: LoadedReport | null;
  readonly trimmed: TrimmedView | null;
}

/** An object file: what it is part of, and what its own lines say. */
export interface ObjectAnswer {
  readonly kind: 'object';
  /** Its path, as the name of the answer. */
  readonly name: string;
  /** `m`: part of a module that is built; `y`: of vmlinux; `n`: not compiled. */
  readonly value: string;
  /** Paths of the modules that it is part of; none for objects of vmlinux. */
  readonly modules: readonly string[];
  readonly symbols: readonly { readonly name: string; readonly value: string }[];
  readonly at: Position | null;
}

export type WhyAnswer = SymbolAnswer | ModuleAnswer | ObjectAnswer;
