import type { Command, Option } from 'commander';
import { isRepeatable } from './options.ts';

/**
 * Has a command refuse what commander would take the last of: an option with two values, and an option beside its own
 * negation. The same value twice is no contradiction: a wrapper may add what its user gave as well.
 */
export function refuseContradictions(command: Command): void {
  for (const below of command.commands) refuseContradictions(below);
  /** By what an option sets: how it was given. */
  const given = new Map<string, string>();
  for (const option of command.options) {
    if (isRepeatable(option)) continue;
    command.on(`option:${option.name()}`, (value: string | null) => {
      const known = given.get(option.attributeName());
      const now = asGiven(option, value);
      if (known !== undefined && known !== now) {
        command.error(`error: option '${now}' cannot be used with option '${known}'`);
      }
      given.set(option.attributeName(), now);
    });
  }
}

/** @param value null for an option without one; empty where it may be left out and is */
function asGiven({ long, short }: Option, value: string | null): string {
  const name = long ?? short ?? '';
  return value ? `${name}=${value}` : name;
}
