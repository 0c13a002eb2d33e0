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
export { type Buildable, builtinOnly, isModuleBuilt } from './buildable.ts';
export type { BuildResult, BuiltModule } from './built-objects.ts';
export { type DirectoryEntries, type ListedItem, type Mention, moduleObjects } from './directory.ts';
export type { UnansweredShell } from './kbuild-reader.ts';
export type { BuiltinItem, BuiltinUnits, GatedItem, ModuleEntry, ModuleIndex } from './module-index.ts';
export { endsWithPath, moduleName, nameInTree, objectName } from './names.ts';
export { type KbuildOptions, KbuildTree } from './tree.ts';
