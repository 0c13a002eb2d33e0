import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { letterOf, letterTaken } from '../dotconfig/line-value.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import type { Configuration } from '../values/configuration.ts';
import { type ConfigEntry, type ConfigFile, heldValue } from './config-file.ts';
import { checkFlawedLines } from './flawed-lines.ts';
import type { StaleSymbols } from './stale-symbols.ts';
import { type CheckCase, type Finding, type FindingCode, finding, type SymbolSuccessor } from './types.ts';

/** What the lines of a config are checked with. */
export interface ConfigLinesInput {
  /** The file, loaded and calculated. */
  readonly config: Configuration;
  readonly file: ConfigFile;
  /** What conf's reader says of the file. */
  readonly diagnostics: readonly Diagnostic[];
  readonly stale: StaleSymbols;
}

const CODES: Readonly<Record<string, FindingCode>> = {
  'config-invalid-value': 'wrong-type',
  'config-invalid-string': 'wrong-type',
  'config-reassigned': 'reassigned',
  'config-choice-changed': 'choice-conflict',
  'config-inconsistent-choice': 'choice-conflict',
  'config-unexpected-data': 'line-unreadable',
};

/**
 * Lines that conf does not take as they stand: no line of a config, a value of the wrong type, out of range, a symbol
 * that has two lines, one that the tree does not have. In the order of the file.
 */
export function checkConfigLines(input: ConfigLinesInput): CheckCase[] {
  const flawed = checkFlawedLines(input.file, input.config).flatMap(({ findings: own }) => own);
  const lines = new Set(flawed.map(({ at }) => at!.line));
  const readers = readerFindings(input).filter(({ at }) => !lines.has(at!.line));
  const findings = [...flawed, ...readers, ...letterFindings(input), ...rangeFindings(input), ...staleFindings(input)];
  findings.sort((a, b) => a.at!.line - b.at!.line);
  const cases = new Map<string, Finding[]>();
  for (const each of findings) {
    const { kind, name } = each.subject;
    const key = kind === 'line' ? `line ${each.at!.line}` : name;
    const known = cases.get(key);
    if (known) known.push(each);
    else cases.set(key, [each]);
  }
  return [...cases].map(([name, all]) => ({ name, findings: all }));
}

function readerFindings({ config, file, diagnostics }: ConfigLinesInput): Finding[] {
  const lines = file.text.split('\n');
  return diagnostics.map(({ code, at, args }) => {
    const place = at ?? { file: file.source, line: 1, column: 0 };
    const text = (lines[place.line - 1] ?? '').replace(/\r$/, '');
    const name = nameInLine(text) ?? String(args['symbol'] ?? '');
    const symbol = config.kconfig.symbols.find(name);
    const ours = CODES[code] ?? 'line-unreadable';
    const isLine = ours === 'line-unreadable' || !symbol;
    return finding({
      code: ours,
      // The same value twice changes nothing.
      severity: ours === 'reassigned' && !isContradicted(name, lines, place.line) ? 'warning' : 'error',
      subject: isLine ? { kind: 'line', name: text } : { kind: 'symbol', name },
      at: place,
      wanted: isLine ? null : valueInLine(text),
      held: symbol ? heldValue(config, symbol) : null,
      args: symbol ? { type: symbol.type } : {},
    });
  });
}

const LINE = /^(?:CONFIG_(\w+)=(.*)|# CONFIG_(\w+) is not set)/;

const nameInLine = (text: string): string | null => {
  const found = LINE.exec(text);
  return found ? (found[1] ?? found[3] ?? null) : null;
};

const valueInLine = (text: string): string => LINE.exec(text)?.[2] ?? 'n';

/** Whether a line before this one gives the symbol another value. */
function isContradicted(name: string, lines: readonly string[], line: number): boolean {
  const value = valueInLine(lines[line - 1] ?? '');
  return lines.slice(0, line - 1).some((text) => nameInLine(text) === name && valueInLine(text) !== value);
}

/** Values of which conf takes the first letter alone: `maybe` is m. */
function letterFindings({ config, file }: ConfigLinesInput): Finding[] {
  return [...file.entries.values()].flatMap((entry) => letterFinding(config.kconfig.symbols.find(entry.name), entry));
}

/** The same of one line, where it is none of the right type: nothing for others. */
export function letterFinding(symbol: KSymbol | undefined, { name, value, at }: ConfigEntry): Finding[] {
  const letter = symbol?.isDefined ? letterTaken(symbol, value) : null;
  if (letter === null) return [];
  const subject = { kind: 'symbol', name } as const;
  const args = { type: symbol!.type, letter };
  return [finding({ code: 'value-letter', severity: 'warning', subject, at, wanted: value, args })];
}

/** Numbers beside their ranges: conf takes the bound in their place. */
function rangeFindings({ config, file }: ConfigLinesInput): Finding[] {
  const found: Finding[] = [];
  for (const entry of file.entries.values()) {
    const symbol = config.kconfig.symbols.find(entry.name);
    if (!symbol?.isDefined) continue;
    const args = brokenRange(config, symbol, entry.value);
    if (args) found.push(rangeFinding(config, symbol, entry, args));
  }
  return found;
}

/** The bounds that a number is beside, and where they stand. */
type Range = Readonly<Record<'low' | 'high' | 'range', string>>;

/** The range that keeps a number from being taken; null where it is no number, or within. */
export function brokenRange(config: Configuration, symbol: KSymbol, value: string): Range | null {
  if (symbol.type !== 'int' && symbol.type !== 'hex') return null;
  // Old trees drop such a user value when they read it.
  if (config.visibility(symbol) === 0 || !config.isValidText(symbol, value)) return null;
  if (config.isWithinRange(symbol, value)) return null;
  const { low, high, at } = config.activeRange(symbol)!;
  return { low: config.text(low!), high: config.text(high!), range: `${at.file}:${at.line}` };
}

function rangeFinding(config: Configuration, symbol: KSymbol, entry: ConfigEntry, args: Range): Finding {
  return finding({
    code: 'out-of-range',
    severity: 'error',
    subject: { kind: 'symbol', name: entry.name },
    at: entry.at,
    wanted: entry.value,
    held: heldValue(config, symbol),
    args,
  });
}

/** Symbols that the tree does not have, or has only to read old configs. */
function staleFindings({ config, file, stale }: ConfigLinesInput): Finding[] {
  const found: Finding[] = [];
  for (const { name, value, at } of file.entries.values()) {
    const symbol = config.kconfig.symbols.find(name);
    if (symbol?.isDefined && !symbol.transitional) continue;
    const isOff = letterOf(value) === 'n';
    const isPromptless = !symbol?.isDefined && stale.isPromptless(name);
    const successors = isOff || isPromptless ? [] : stale.successors(name, file.entries);
    // What conf reads to carry it over is not lost; nor is what was off, or is built all the same.
    const isLost = !symbol?.isDefined && !isOff && !successors.some((successor) => isBuilt(successor, config));
    const near = isLost && successors.length === 0 ? stale.near(name, file.entries) : '';
    found.push(
      finding({
        code: symbol?.isDefined ? 'symbol-transitional' : isPromptless ? 'promptless-gone' : 'symbol-gone',
        severity: isPromptless ? 'info' : isLost ? 'error' : 'warning',
        subject: { kind: 'symbol', name },
        at,
        wanted: value,
        successors,
        ...(near === '' ? {} : { args: { near } }),
      }),
    );
  }
  return found;
}

/** Whether the code of a symbol that is gone is built by what has it now. */
function isBuilt({ evidence, symbols }: SymbolSuccessor, config: Configuration): boolean {
  if (evidence !== 'always' && evidence !== 'part') return false;
  return symbols.every((name) => kbuildLookup(config)(name) !== undefined);
}
