/**
 * The public API. `openKernelTree` gives what the command line has: a tree with its toolchain's answers, configs and
 * their values, what they build, trims, reasons. Beside it stand the parts that it is made of, which take their files
 * through `FileSystem`; `NodeFileSystem` is the machine's.
 *
 * Strings from files are Latin-1 byte strings, so that what is written back is byte for byte what was read.
 */
export { type CheckInput, checkConfig, isSound } from './check/check.ts';
export type { CheckCase, CheckName, CheckResult, Finding, FindingCode } from './check/types.ts';
export type { Diagnostic, Position, Severity } from './diagnostics/diagnostic.ts';
export { InputError } from './diagnostics/diagnostic.ts';
export { answerProbes } from './dotconfig/probe-answers.ts';
export { loadUserValues, type ReadOptions, type ReadResult, readDotConfig } from './dotconfig/read.ts';
export { dotConfigValues } from './dotconfig/scan.ts';
export { type ConfTarget, runTarget, type TargetAnswer } from './dotconfig/targets.ts';
export { formatDefconfig, formatDotConfig, formatNewSymbols } from './dotconfig/write.ts';
export {
  type ActualBuild,
  actualFromBuild,
  compareWithActual,
  type PredictedAgainstActual,
} from './estimate/actual.ts';
export {
  type CalibrationRun,
  calibrationFrom,
  calibrationFromReference,
  selfCalibrate,
} from './estimate/calibrate.ts';
export { CALIBRATION_SOURCE_VERSION } from './estimate/calibration-source.ts';
export { parseDuration } from './estimate/duration.ts';
export { estimateBuild } from './estimate/estimate.ts';
export { type Gone, spendersByDirectory, spendersByEffect, spendersBySymbol } from './estimate/spenders.ts';
export type { BuildEstimate, BuildInput, Calibration, Spender } from './estimate/types.ts';
export {
  type BuildResult,
  type BuiltModule,
  type Condition,
  conditionSymbols,
  type DomainLookup,
  evaluateCondition,
  type GatedItem,
  type KbuildOptions,
  KbuildTree,
  type ListedItem,
  type Mention,
  type ModuleEntry,
  type ModuleIndex,
  printCondition,
  type SymbolDomain,
  type UnansweredShell,
} from './kbuild/index.ts';
export { type Dialect, detectDialect, dialectOfVersion } from './kconfig/dialect.ts';
export { formatExpr } from './kconfig/expression.ts';
export type { Kconfig } from './kconfig/kconfig.ts';
export { parseKconfig } from './kconfig/parse-kconfig.ts';
export {
  children,
  type Expr,
  type KSymbol,
  type MenuNode,
  nextNode,
  OP,
  type Property,
  type SymbolType,
  type Tristate,
} from './kconfig/symbol.ts';
export type { MachineRecord } from './machine/record/format.ts';
export { NodeFileSystem } from './platform/node.ts';
export type { CommandResult, CommandRunner, FileStat, FileSystem, Platform, RunOptions } from './platform/platform.ts';
export { formatDuration } from './report/duration-text.ts';
export type { SourceFacts } from './sources/source-facts.ts';
export { Sources } from './sources/sources.ts';
export { kbuildDomain, kbuildLookup } from './trim/lookup.ts';
export { Trimmer, trim } from './trim/trim.ts';
export type { LoadedModule, LoadedReport, TrimInput, TrimRequest, TrimResult, Violation } from './trim/types.ts';
export type { WhyAnswer } from './trim/why-types.ts';
export { Configuration, type UserValue } from './values/configuration.ts';
export {
  type KernelTreeOptions,
  type OpenKernelTree,
  openKernelTree,
  type TrimOptions,
} from './workspace/open-kernel-tree.ts';
export type { BaseConfig } from './workspace/workspace.ts';
