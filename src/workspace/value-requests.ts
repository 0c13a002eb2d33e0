import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { fitsInLine } from '../dotconfig/line-value.ts';
import { type FlawedLine, flawedLines, foreignLine, type LineStyle, scanDotConfig } from '../dotconfig/scan.ts';
import { detectDialect } from '../kconfig/dialect.ts';
import type { ValueRequest } from '../trim/types.ts';
import { readFragments } from './fragments.ts';
import type { Workspace } from './workspace.ts';

/** What a command line asks for. */
interface RequestOptions {
  readonly fragment?: readonly string[];
  readonly set?: readonly string[];
  readonly unset?: readonly string[];
}

/** What was asked for, and the lines of fragments that ask for nothing. */
export interface ReadRequests {
  readonly requests: readonly ValueRequest[];
  /** The fragments that were read. */
  readonly files: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What is wrong with a line that conf passes over. */
const FLAWS: Readonly<Record<FlawedLine['flaw'], string>> = {
  blanks: 'conf takes no blanks around "="',
  mark: 'conf passes over the line, as the file begins with a byte order mark',
};

const NAME = /^(?:CONFIG_)?(\w+)$/;
const ASSIGNMENT = /^(?:CONFIG_)?(\w+)=(.*)$/s;

/**
 * The values that a trim must hold: those of fragments first, of which the last one counts, then `--set` and `--unset`.
 * @throws InputError where a fragment cannot be read, a word is none, or `--set` and `--unset` want different values
 */
export async function readRequests(workspace: Workspace, options: RequestOptions): Promise<ReadRequests> {
  const found: ValueRequest[] = [];
  const { fragments, diagnostics: odd } = await readFragments(workspace, options.fragment ?? []);
  const diagnostics: Diagnostic[] = [...odd];
  const style = fragments.length > 0 ? lineStyle(workspace) : 'strict';
  for (const { source: file, text } of fragments) {
    requireFragment(file, text);
    const flawed = flawedLines(text);
    for (const { line, flaw, text: lineText, meant } of flawed) {
      const source = `${file}:${line}`;
      if (meant) found.push({ symbol: meant.name, value: meant.value, source, flawed: FLAWS[flaw] });
      else
        diagnostics.push({
          code: 'config-marked',
          severity: 'warning',
          at: { file, line, column: 0 },
          args: { text: lineText },
        });
    }
    const passedOver = new Set(flawed.map(({ line }) => line));
    for (const line of scanDotConfig(text, 'CONFIG_', style)) {
      if (passedOver.has(line.line)) continue;
      if (line.kind === 'unexpected') {
        const at = { file, line: line.line, column: 0 };
        diagnostics.push({ code: 'config-unexpected-data', severity: 'warning', at, args: { text: line.text } });
      }
      if (line.kind !== 'value') continue;
      found.push({ symbol: line.name, value: line.value, source: `${file}:${line.line}` });
    }
  }
  const named = [...(options.set ?? []).map(setRequest), ...(options.unset ?? []).map(unsetRequest)];
  requireOneValue(named);
  return { requests: [...found, ...named], files: fragments.map(({ source }) => source), diagnostics };
}

/** How the tree's conf takes lines. */
function lineStyle({ platform, treePath, tree }: Workspace): LineStyle {
  const [major, minor] = tree.versionParts;
  return detectDialect(platform.fs, treePath, [major, minor]).strictDotConfigLines ? 'strict' : 'lenient';
}

/** @throws InputError where a file is about something else */
function requireFragment(file: string, text: string): void {
  const line = foreignLine(text);
  if (line === null) return;
  const at = { file, line, column: 0 };
  throw new InputError({ code: 'fragment-foreign', at, lineText: text.split('\n')[line - 1]!, args: {} });
}

function setRequest(text: string): ValueRequest {
  const [, symbol, value] = ASSIGNMENT.exec(text) ?? [];
  if (symbol === undefined) {
    throw new InputError({ code: 'request-unreadable', args: { option: '--set', text, form: '--set SYMBOL=VALUE' } });
  }
  if (!fitsInLine(value!))
    throw new InputError({ code: 'request-lines', args: { symbol, value: JSON.stringify(value) } });
  return { symbol, value: Buffer.from(value!, 'utf8').toString('latin1'), source: '--set', isNamed: true };
}

function unsetRequest(text: string): ValueRequest {
  const [, symbol] = NAME.exec(text) ?? [];
  if (symbol === undefined) {
    throw new InputError({ code: 'request-unreadable', args: { option: '--unset', text, form: '--unset SYMBOL' } });
  }
  return { symbol, value: 'n', source: '--unset', isNamed: true };
}

function requireOneValue(requests: readonly ValueRequest[]): void {
  const values = new Map<string, string>();
  for (const { symbol, value } of requests) {
    const before = values.get(symbol) ?? value;
    if (before !== value) {
      const args = { symbol, one: `${symbol}=${before}`, other: `${symbol}=${value}` };
      throw new InputError({ code: 'request-contradiction', args });
    }
    values.set(symbol, value);
  }
}
