import type { Position } from '../diagnostics/diagnostic.ts';
import { type CheckResult, finding } from './types.ts';

/**
 * What is found of a config that cannot be checked, as it is for another architecture.
 * @param source the config
 * @param at the line that says so; null where none does
 * @param meant the architectures that configs are checked for; empty where the tree does not have the config's
 */
export function checkOfOther(source: string, configured: string, at: Position | null, meant: string): CheckResult {
  const subject = { kind: 'file', name: source } as const;
  const found = finding({ code: 'other-architecture', severity: 'error', subject, at, args: { configured, meant } });
  return { name: 'config', source, cases: [{ name: 'architecture', findings: [found] }] };
}
