/** Kbuild: which modules and objects a configuration builds, and which symbols decide. */
export type { BuildResult, BuiltModule } from './build.ts';
export {
  type Condition,
  type ConfigLookup,
  conditionSymbols,
  type DomainLookup,
  evaluateCondition,
  printCondition,
  type SymbolDomain,
} from './condition.ts';
export type { Mention } from './directory.ts';
export type { BuiltinItem, GatedItem, GatedObject, ModuleEntry, ModuleIndex } from './module-index.ts';
export { moduleName } from './names.ts';
export { type KbuildOptions, KbuildTree, type UnansweredShell } from './tree.ts';
