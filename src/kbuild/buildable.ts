import { type ConfigLookup, evaluateCondition } from '../conditions/condition.ts';
import type { BuiltinItem, ModuleEntry } from './module-index.ts';

/** What decides whether something is built: all of a module's entry that does. */
export type Buildable = Pick<ModuleEntry, 'whenModule' | 'whenLinked' | 'whenBuiltin'> &
  Partial<Pick<ModuleEntry, 'decidingSymbols'>>;

const NEVER = { kind: 'constant', id: 1, value: false } as const;

/** An object that can only be part of vmlinux. */
export function builtinOnly({ when }: BuiltinItem): Buildable {
  return { whenModule: NEVER, whenLinked: NEVER, whenBuiltin: when };
}

/** Whether a configuration builds a module: as one, with at least one object, or as part of vmlinux. */
export function isModuleBuilt(entry: Buildable, lookup: ConfigLookup): boolean {
  return (
    (evaluateCondition(entry.whenModule, lookup) && evaluateCondition(entry.whenLinked, lookup)) ||
    evaluateCondition(entry.whenBuiltin, lookup)
  );
}
