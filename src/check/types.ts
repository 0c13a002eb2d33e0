import type { Position, Severity } from '../diagnostics/diagnostic.ts';
import type { Blocker } from '../trim/blocker.ts';
import type { Hindrance, Remedy, SetBy } from '../trim/why-types.ts';

/** What is checked, in the order of the report. */
export const CHECK_NAMES = [
  'config',
  'fixpoint',
  'minimal',
  'dependencies',
  'fragments',
  'listings',
  'record',
  'keep',
  'against',
  'files',
  'tools',
] as const;
export type CheckName = (typeof CHECK_NAMES)[number];

/** What is wrong. The wording of each is in `report/check-text.ts`. */
export type FindingCode =
  // config: lines that conf does not take as they stand
  | 'line-unreadable'
  | 'line-blanks'
  | 'line-marked'
  | 'wrong-type'
  | 'value-letter'
  | 'out-of-range'
  | 'reassigned'
  | 'choice-conflict'
  | 'symbol-gone'
  | 'promptless-gone'
  | 'symbol-transitional'
  | 'other-architecture'
  // fixpoint: what olddefconfig would change
  | 'value-changed'
  | 'value-added'
  | 'line-dropped'
  | 'toolchain-value'
  // minimal: what savedefconfig would change in a defconfig
  | 'line-needless'
  | 'line-missing'
  | 'line-misplaced'
  | 'line-unasked'
  // dependencies
  | 'unmet-dependency'
  // fragments
  | 'request-not-held'
  | 'request-follows'
  | 'request-unknown'
  | 'request-ignored'
  | 'request-none'
  | 'request-overridden'
  // listings and keep
  | 'module-off'
  | 'module-unknown'
  | 'module-out-of-tree'
  // record: what a machine uses beside its loaded modules
  | 'record-off'
  | 'record-unknown'
  | 'keep-off'
  | 'keep-unknown'
  | 'keep-without-old'
  // against
  | 'turned-off'
  | 'made-module'
  | 'gone-from-tree'
  // files and tools
  | 'file-missing'
  | 'tool-missing'
  | 'tool-too-old'
  | 'header-not-found'
  | 'compiler-other-target'
  | 'tree-not-clean';

/** What a finding is about. */
export interface Subject {
  readonly kind: 'symbol' | 'module' | 'line' | 'word' | 'file' | 'program' | 'header' | 'tree';
  readonly name: string;
}

/** A name that something may have now. */
export interface SymbolSuccessor {
  readonly name: string;
  /**
   * `tree`: the tree says so; `name`: the names are alike; `architecture`: the same symbol, of other architectures;
   * `always`: no symbol, but an object of its name that is always built; `merged`: what builds an object of its name;
   * `part`: no symbol, but a module or composite that has an object of its name inside.
   */
  readonly evidence: 'tree' | 'name' | 'architecture' | 'always' | 'merged' | 'part';
  /** The symbols that decide whether such an object is built. */
  readonly symbols: readonly string[];
  readonly at: Position | null;
}

/** A symbol whose value has others fail. */
export interface Cause {
  readonly symbol: string;
  readonly value: string;
  /** Where it is defined. */
  readonly at: Position | null;
}

/** One thing that is wrong, or worth a word. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** What it would be, where somebody gave the check another severity. */
  readonly was?: Severity;
  readonly subject: Subject;
  /** The line to look at: of the config or fragment, else of the tree; null where there is none. */
  readonly at: Position | null;
  /** The value that was asked for, as a .config has it; null where none was. */
  readonly wanted: string | null;
  /** The value that olddefconfig gives; null where that is no matter of values. */
  readonly held: string | null;
  /** What gives it the value that it has. */
  readonly setBy: SetBy | null;
  /** The conditions that fail, with their lines. */
  readonly blockers: readonly Blocker[];
  /** What would make it hold; null where nothing was found or looked for. */
  readonly remedy: Remedy | null;
  /** Where no way was found: what is to blame, as far as that is known. */
  readonly hindrances: readonly Hindrance[];
  readonly successors: readonly SymbolSuccessor[];
  /** The symbol that all of it comes from; null where none is known. */
  readonly cause: Cause | null;
  /** What else the message says. */
  readonly args: Readonly<Record<string, string | number>>;
}

/** One thing that was checked. */
export interface CheckCase {
  /** `BTRFS_FS=y`, `iwlwifi`, `pahole`: unique within its check. */
  readonly name: string;
  readonly findings: readonly Finding[];
  /** What was found, too, and left out because a baseline has it. */
  readonly known?: readonly Finding[];
}

/** One check: all that was checked in its course. */
export interface CheckResult {
  readonly name: CheckName;
  /** What is checked against: a file of a fragment, listing or old config; empty where there is none. */
  readonly source: string;
  readonly cases: readonly CheckCase[];
  /** Whether `--fix` does what is missing. */
  readonly isFixable?: boolean;
}

/** Makes a finding; what is not given is empty. */
export function finding(
  what: Pick<Finding, 'code' | 'severity' | 'subject'> & Partial<Omit<Finding, 'code' | 'severity' | 'subject'>>,
): Finding {
  return {
    at: null,
    wanted: null,
    held: null,
    setBy: null,
    blockers: [],
    remedy: null,
    hindrances: [],
    successors: [],
    cause: null,
    args: {},
    ...what,
  };
}

/** All findings of all checks, in order. */
export function allFindings(checks: readonly CheckResult[]): Finding[] {
  return checks.flatMap(({ cases }) => cases.flatMap(({ findings }) => findings));
}
