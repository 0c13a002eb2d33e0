import type { Command, Option } from 'commander';
import { isStandardOutput } from '../platform/descriptors.ts';
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

/** Options that read standard input where their value is `-`. */
const READ_INPUT = ['config', 'lsmod', 'against', 'add'];

/** Commands whose arguments do, too; `conf` has them behind a target. */
const READ_ARGUMENTS: Readonly<Record<string, (words: readonly string[]) => readonly string[]>> = {
  estimate: (words) => words,
  conf: ([target, ...words]) => (target === 'merge' ? words : []),
};

/**
 * Refuses a command line that has standard input read twice: the second would find nothing there, and be blamed for it.
 * @param command one whose command line was read
 * @param env where `LSMOD` may name a listing
 * @throws CommanderError
 */
export function refuseSharedInput(command: Command, env: Readonly<Record<string, string | undefined>>): void {
  const options = command.options.filter((option) => READ_INPUT.includes(option.attributeName()));
  const ofOptions = options.flatMap((option) => {
    const name = option.attributeName();
    const value: unknown = command.getOptionValue(name);
    const isByVariable = name === 'lsmod' && value === undefined;
    const values = isByVariable ? [env['LSMOD']] : Array.isArray(value) ? value : [value];
    return values.filter((each) => each === '-').map(() => (isByVariable ? 'LSMOD=-' : `${option.long} -`));
  });
  const words = READ_ARGUMENTS[command.name()]?.(command.args) ?? [];
  const [first, second] = [...ofOptions, ...words.filter((word) => word === '-').map(() => "the argument '-'")];
  if (first === undefined || second === undefined) return;
  const who = first === second ? `${first} stands there twice` : `${first} and ${second}`;
  command.error(`error: ${who}: standard input can be read once; name a file for one of them`);
}

/**
 * Refuses `KCONFIG_CONFIG=/dev/stdout`: what reads and replaces that file, make as well, could do neither.
 * @throws CommanderError
 */
export function refusePrintedConfig(command: Command, env: Readonly<Record<string, string | undefined>>): void {
  const name = env['KCONFIG_CONFIG'];
  if (name && isStandardOutput(name)) {
    command.error(`error: KCONFIG_CONFIG=${name} is standard output, and no config; -o - prints one`);
  }
}

/** @param value null for an option without one; empty where it may be left out and is */
function asGiven({ long, short }: Option, value: string | null): string {
  const name = long ?? short ?? '';
  return value ? `${name}=${value}` : name;
}
