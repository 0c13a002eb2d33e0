import { letterOf, valueOfLine } from '../dotconfig/line-value.ts';
import { flawedLines, foreignLine } from '../dotconfig/scan.ts';
import type { KSymbol } from '../kconfig/symbol.ts';
import { unprompted } from '../trim/way-to-value.ts';
import type { Configuration } from '../values/configuration.ts';
import { type ConfigFile, heldValue, isSameValue, isSwitch } from './config-file.ts';
import { brokenRange, letterFinding } from './config-lines.ts';
import { checkFlawedLines } from './flawed-lines.ts';
import type { Reasons } from './reasons.ts';
import type { StaleSymbols } from './stale-symbols.ts';
import { type CheckCase, type CheckResult, type Finding, finding } from './types.ts';

/** A line that `merge_config.sh` passes over, and that was likely meant to count. */
const MEANT = /CONFIG_\w+\s*=|CONFIG_\w+ is not set/;
/** A line that it takes. */
const TAKEN = /^(?:CONFIG_[A-Za-z0-9_]*=|# CONFIG_[A-Za-z0-9_]* is not set\r?$)/;

/**
 * Whether the config holds what fragments ask for: lines `CONFIG_X=y` and `# CONFIG_X is not set`, as
 * `scripts/kconfig/merge_config.sh` takes them. Of several fragments that name one symbol the last one counts.
 * @param fragments in the order in which they are merged
 * @param prefix `CONFIG_`, or what the environment puts in its place
 */
export function checkFragments(
  fragments: readonly ConfigFile[],
  config: Configuration,
  reasons: Reasons,
  stale: StaleSymbols,
  prefix = 'CONFIG_',
): CheckResult[] {
  const last = new Map<string, ConfigFile>();
  for (const fragment of fragments) for (const name of fragment.entries.keys()) last.set(name, fragment);
  return fragments.map((fragment) => ({
    name: 'fragments',
    source: fragment.source,
    cases: [
      ...requests(fragment, last, config, reasons, stale),
      ...checkFlawedLines(fragment, config, prefix),
      ...ignoredLines(fragment, prefix),
      ...noFragment(fragment, prefix),
    ],
  }));
}

function* requests(
  fragment: ConfigFile,
  last: ReadonlyMap<string, ConfigFile>,
  config: Configuration,
  reasons: Reasons,
  stale: StaleSymbols,
): Generator<CheckCase> {
  for (const { name, value, at } of fragment.entries.values()) {
    const subject = { kind: 'symbol', name } as const;
    const label = `${name}=${value}`;
    const winner = last.get(name)!;
    if (winner !== fragment) {
      const later = winner.entries.get(name)!;
      if (later.value === value) continue;
      const args = { by: `${later.at.file}:${later.at.line}`, value: later.value };
      const overridden = finding({ code: 'request-overridden', severity: 'info', subject, at, wanted: value, args });
      yield { name: label, findings: [overridden] };
      continue;
    }
    const symbol = config.kconfig.symbols.find(name);
    const findings: Finding[] = [];
    if (!symbol?.isDefined || symbol.transitional) {
      // What the tree does not have is off.
      if (letterOf(value) !== 'n') {
        const successors = stale.successors(name, fragment.entries);
        const near = successors.length === 0 ? stale.near(name, fragment.entries) : '';
        const unknown = { code: 'request-unknown', severity: 'error', subject, at, wanted: value, successors } as const;
        findings.push(finding({ ...unknown, ...(near === '' ? {} : { args: { near } }) }));
      }
    } else if (!isHeld(symbol, value, config)) {
      const why = reasons.why(symbol, value);
      const args = refusal(symbol, value, config);
      findings.push(finding({ code: 'request-not-held', severity: 'error', subject, at, wanted: value, ...why, args }));
    }
    findings.push(...letterFinding(symbol, { name, value, at }));
    yield { name: label, findings };
  }
}

/** Whether a symbol has the value that conf takes from a line. */
function isHeld(symbol: KSymbol, value: string, config: Configuration): boolean {
  // Quotes and backslashes may be written in more than one way.
  if (symbol.type === 'string') return valueOfLine(symbol, value, config) === config.text(symbol);
  return isSameValue(symbol, value, heldValue(config, symbol));
}

/** Why conf takes no such value at all, whatever else the config says. */
function refusal(symbol: KSymbol, value: string, config: Configuration): Finding['args'] {
  const range = brokenRange(config, symbol, value);
  if (range) return range;
  if (valueOfLine(symbol, value, config) === null) return { type: symbol.type };
  const fixed = isSwitch(symbol) ? null : unprompted(symbol, config);
  return fixed ? { defaults: fixed.values.join(', '), followers: fixed.followers.join(', ') } : {};
}

/** Lines that look like requests and are none, such as indented ones. */
function ignoredLines(fragment: ConfigFile, prefix: string): CheckCase[] {
  const flawed = new Set(flawedLines(fragment.text, prefix).map(({ line }) => line));
  return fragment.text.split('\n').flatMap((text, index) => {
    const line = text.replace(/\r$/, '');
    if (flawed.has(index + 1) || !MEANT.test(line) || TAKEN.test(line) || /^#(?! CONFIG_\w+ is not set)/.test(line))
      return [];
    const at = { file: fragment.source, line: index + 1, column: 0 };
    const subject = { kind: 'line', name: line } as const;
    return [
      { name: `line ${index + 1}`, findings: [finding({ code: 'request-ignored', severity: 'warning', subject, at })] },
    ];
  });
}

/** A file of something else: a wrong path must not pass for ever. */
function noFragment({ source, text }: ConfigFile, prefix: string): CheckCase[] {
  const line = foreignLine(text, prefix);
  if (line === null) return [];
  const at = { file: source, line, column: 0 };
  const subject = { kind: 'file', name: source } as const;
  return [{ name: 'file', findings: [finding({ code: 'request-none', severity: 'error', subject, at })] }];
}
