import { letterOf } from '../dotconfig/line-value.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import {
  type ConfigEntry,
  type ConfigFile,
  hasPrompt,
  heldValue,
  isSameValue,
  isSwitch,
  writtenValue,
} from './config-file.ts';
import type { KconfigLines } from './kconfig-lines.ts';
import type { Reasons } from './reasons.ts';
import { ToolchainSymbols } from './toolchain-symbols.ts';
import { type CheckCase, type Finding, finding } from './types.ts';

/** A symbol whose line olddefconfig would change, write or leave out. */
interface Difference {
  readonly symbol: KSymbol;
  /** Its line; null where the file has none. */
  readonly entry: ConfigEntry | null;
  /** What olddefconfig writes; null where it writes no line. */
  readonly to: string | null;
}

/** What the fixpoint is looked for with. */
export interface FixpointInput {
  /** The file, loaded and calculated. */
  readonly config: Configuration;
  readonly file: ConfigFile;
  readonly reasons: Reasons;
  readonly lines: KconfigLines;
  /** Symbols whose lines have a finding of their own already. */
  readonly known: ReadonlySet<string>;
}

/**
 * What `conf --olddefconfig` would change in the config, symbol by symbol: first the lines of the file in their order,
 * then symbols that have none, in the order of the tree. What was asked for and is not held is an error; so is a line
 * about a symbol that no user can set, that no longer fits the others. New symbols are warnings, what follows
 * another toolchain is a note.
 */
export function checkFixpoint(input: FixpointInput): CheckCase[] {
  const { config, file, known } = input;
  const found = differences(config, file);
  const changed = new Set(found.map(({ symbol }) => symbol));
  const toolchain = new ToolchainSymbols(config, changed, input.lines);
  const own = found.filter(({ symbol }) => !known.has(symbol.name!));
  return own.map((difference) => {
    const { symbol } = difference;
    return { name: symbol.name!, findings: [describe(difference, toolchain, input)] };
  });
}

function differences(config: Configuration, { entries }: ConfigFile): Difference[] {
  const changed: (Difference & { readonly entry: ConfigEntry })[] = [];
  const added: Difference[] = [];
  for (const symbol of config.kconfig.symbols.all) {
    if (!symbol.isDefined || symbol.name === null || symbol.isChoice || symbol.transitional) continue;
    const entry = entries.get(symbol.name) ?? null;
    const to = writtenValue(config, symbol);
    if (entry === null) {
      if (to !== null) added.push({ symbol, entry, to });
    } else if (to === null || !isSameValue(symbol, entry.value, to)) changed.push({ symbol, entry, to });
  }
  changed.sort((a, b) => a.entry.at.line - b.entry.at.line);
  return [...changed, ...added];
}

function describe(
  { symbol, entry, to }: Difference,
  toolchain: ToolchainSymbols,
  { config, reasons }: FixpointInput,
): Finding {
  const subject = { kind: 'symbol', name: symbol.name! } as const;
  const [node] = symbol.nodes;
  if (toolchain.explains(symbol)) {
    const at = entry?.at ?? null;
    const held = heldValue(config, symbol);
    return finding({ code: 'toolchain-value', severity: 'info', subject, at, wanted: entry?.value ?? null, held });
  }
  if (entry === null) {
    const at = node ? { ...node.at, column: 0 } : null;
    return finding({ code: 'value-added', severity: 'warning', subject, at, held: to });
  }
  const held = heldValue(config, symbol);
  if (to === null && isSwitch(symbol) && letterOf(entry.value) === held) {
    // With the old toolchain it is no line too many.
    const severity = toolchain.follows(symbol) ? 'info' : 'warning';
    return finding({ code: 'line-dropped', severity, subject, at: entry.at, wanted: entry.value, held });
  }
  // A number that cannot be seen follows from what is off, which has its own line.
  const why = reasons.why(symbol, entry.value, hasPrompt(symbol) && isSwitch(symbol));
  return finding({ code: 'value-changed', severity: 'error', subject, at: entry.at, wanted: entry.value, ...why });
}
