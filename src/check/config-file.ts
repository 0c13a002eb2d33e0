import type { Position } from '../diagnostics/diagnostic.ts';
import { letterOf } from '../dotconfig/line-value.ts';
import { type LineStyle, scanDotConfig } from '../dotconfig/scan.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';

/** A line of a .config or fragment that gives a symbol a value. */
export interface ConfigEntry {
  readonly name: string;
  /** As written: strings with their quotes, `n` for `is not set`. */
  readonly value: string;
  readonly at: Position;
}

/** What a .config or fragment says, with its lines. */
export interface ConfigFile {
  /** A path as it was given, or `standard input`. */
  readonly source: string;
  readonly text: string;
  /** The line of each symbol that counts: the last one. */
  readonly entries: ReadonlyMap<string, ConfigEntry>;
}

/**
 * Reads the lines of a .config.
 * @param text Latin-1
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function readConfigFile(source: string, text: string, style: LineStyle, prefix = 'CONFIG_'): ConfigFile {
  const entries = new Map<string, ConfigEntry>();
  for (const line of scanDotConfig(text, prefix, style)) {
    if (line.kind !== 'value') continue;
    const { name, value } = line;
    // What `flawedLines` has is of no symbol.
    if (/[ \t]$/.test(name) || /^[ \t]/.test(value)) continue;
    entries.set(name, { name, value, at: { file: source, line: line.line, column: 0 } });
  }
  return { source, text, entries };
}

/**
 * A symbol's value as its line in a .config has it: strings in quotes.
 * @returns null where it has no line
 */
export function writtenValue(config: Configuration, symbol: KSymbol): string | null {
  return config.isWritten(symbol) ? heldValue(config, symbol) : null;
}

/** The same, whether it has a line or not: what is not written is `n`, or empty. */
export function heldValue(config: Configuration, symbol: KSymbol): string {
  // Of a number that has no line conf has 0.
  const isAbsent = (symbol.type === 'int' || symbol.type === 'hex') && !config.isWritten(symbol);
  const text = symbol.type === 'unknown' ? 'n' : isAbsent ? '' : config.text(symbol);
  return symbol.type === 'string' ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
}

/** Whether a line's value is a symbol's value: letters of bools and tristates, texts of all others. */
export function isSameValue(symbol: KSymbol, line: string, held: string): boolean {
  return isSwitch(symbol) ? letterOf(line) === held : line === held;
}

/** Bools and tristates, which can be on or off. */
export function isSwitch(symbol: KSymbol): boolean {
  return symbol.type === 'bool' || symbol.type === 'tristate';
}

/** Whether any user could ever set it. */
export function hasPrompt(symbol: KSymbol): boolean {
  return symbol.properties.some(({ text }) => text !== null);
}
