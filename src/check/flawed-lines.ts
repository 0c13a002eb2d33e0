import { type FlawedLine, flawedLines } from '../dotconfig/scan.ts';
import type { Configuration } from '../values/configuration.ts';
import { type ConfigFile, heldValue } from './config-file.ts';
import { type CheckCase, finding } from './types.ts';

/**
 * Lines that were meant to count, and that conf passes over: with blanks around `=`, or behind a byte order mark.
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function checkFlawedLines(
  { source, text }: Pick<ConfigFile, 'source' | 'text'>,
  config: Configuration,
  prefix = 'CONFIG_',
): CheckCase[] {
  return flawedLines(text, prefix).map((flawed) => {
    const { flaw, line, meant } = flawed;
    const symbol = meant ? config.kconfig.symbols.find(meant.name) : undefined;
    const found = finding({
      code: flaw === 'blanks' ? 'line-blanks' : 'line-marked',
      // Nothing is lost with a comment.
      severity: meant ? 'error' : 'warning',
      subject: meant ? { kind: 'symbol', name: meant.name } : { kind: 'line', name: flawed.text },
      at: { file: source, line, column: 0 },
      wanted: meant?.value ?? null,
      held: symbol ? heldValue(config, symbol) : null,
      args: { text: flawed.text, instead: insteadOf(flawed, prefix) },
    });
    return { name: `line ${line}`, findings: [found] };
  });
}

/** The line as conf takes it. */
function insteadOf({ flaw, text, meant }: FlawedLine, prefix: string): string {
  return flaw === 'blanks' && meant ? `${prefix}${meant.name}=${meant.value}` : text;
}
