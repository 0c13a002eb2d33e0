/** Kbuild: which modules and objects a configuration builds, and which symbols decide. */

export {
  type Condition,
  type ConfigLookup,
  conditionSymbols,
  type DomainLookup,
  evaluateCondition,
  type SymbolDomain,
} from '../conditions/condition.ts';
export { printCondition } from '../conditions/condition-text.ts';
export type { BuildResult, BuiltModule } from './build.ts';
export type { DirectoryEntries, Mention } from './directory.ts';
export type { UnansweredShell } from './kbuild-reader.ts';
export type { BuiltinItem, GatedItem, ModuleIndex } from './module-index.ts';
export { type GatedObject, type ModuleEntry, moduleObjects } from './module-reader.ts';
export { moduleName } from './names.ts';
export { type KbuildOptions, KbuildTree } from './tree.ts';
export { objectName } from './tree-names.ts';
