import { letterOf } from '../dotconfig/line-value.ts';
import type { KSymbol, Tristate } from '../kconfig/symbol.ts';
import type { Configuration } from '../values/configuration.ts';
import { inputsOf } from '../values/dependency-graph.ts';
import { type ConfigFile, hasPrompt, isSwitch } from './config-file.ts';
import type { Reasons } from './reasons.ts';
import type { StaleSymbols } from './stale-symbols.ts';
import { type CheckCase, type Finding, finding } from './types.ts';

/** Two configs of one tree. */
export interface AgainstInput {
  /** The old one, loaded and calculated in this tree: what olddefconfig makes of it. */
  readonly old: Configuration;
  readonly oldFile: ConfigFile;
  readonly config: Configuration;
  readonly file: ConfigFile;
  readonly reasons: Reasons;
  readonly stale: StaleSymbols;
}

/**
 * What was on in an old config and is off in the new one: what its file says of symbols that a user can set, which an
 * older tree may have held, and what olddefconfig makes of it here. What went only with what it depends on is left to the
 * symbols that it follows. A built-in that is a module now is a warning, and so is what the
 * old config has on and this tree does not know.
 */
export function checkAgainst(input: AgainstInput): CheckCase[] {
  const { config } = input;
  const lower = config.kconfig.symbols.all.filter(
    (symbol) =>
      isSwitch(symbol) &&
      symbol.constant === null &&
      !symbol.isChoice &&
      config.tristate(symbol) < valueBefore(symbol, input),
  );
  const { roots, followers } = tellRoots(lower, config);
  const cases = roots.map((symbol) => {
    const found = lowered(symbol, countFollowers(symbol, followers), input);
    return { name: symbol.name!, findings: [found] };
  });
  return [...cases, ...goneCases(input)];
}

/** How far a symbol was on. */
function valueBefore(symbol: KSymbol, { old, oldFile }: AgainstInput): Tristate {
  const line = hasPrompt(symbol) ? letterOf(oldFile.entries.get(symbol.name!)?.value ?? 'n') : 'n';
  const said = symbol.type === 'bool' && line === 'm' ? 0 : Math.max(LETTERS.indexOf(line), 0);
  return Math.max(said, old.tristate(symbol)) as Tristate;
}

const LETTERS = ['n', 'm', 'y'];

interface Roots {
  /** Symbols that a user set lower, or nothing that is lower as well explains. */
  readonly roots: readonly KSymbol[];
  /** For each symbol those that are lower because it is. */
  readonly followers: ReadonlyMap<KSymbol, readonly KSymbol[]>;
}

function tellRoots(lower: readonly KSymbol[], config: Configuration): Roots {
  const changed = new Set(lower);
  const roots: KSymbol[] = [];
  const followers = new Map<KSymbol, KSymbol[]>();
  for (const symbol of lower) {
    const causes = [...inputsOf(symbol, config.kconfig)].filter((input) => changed.has(input));
    if (causes.length === 0 || !isFollower(symbol, config)) roots.push(symbol);
    else for (const cause of causes) followers.set(cause, [...(followers.get(cause) ?? []), symbol]);
  }
  return { roots, followers };
}

/** Whether no user can set a symbol now. A choice's member that another one replaced is no follower. */
function isFollower(symbol: KSymbol, config: Configuration): boolean {
  return config.visibility(symbol) === 0 && !symbol.choice;
}

/** How many symbols went with one, and with those. */
function countFollowers(root: KSymbol, followers: Roots['followers']): number {
  const reached = new Set([root]);
  for (const symbol of reached) for (const follower of followers.get(symbol) ?? []) reached.add(follower);
  return reached.size - 1;
}

function lowered(symbol: KSymbol, followers: number, input: AgainstInput): Finding {
  const { config, file, reasons } = input;
  const wanted = LETTERS[valueBefore(symbol, input)]!;
  const [node] = symbol.nodes;
  const at = file.entries.get(symbol.name!)?.at ?? (node ? { ...node.at, column: 0 } : null);
  const isOff = config.tristate(symbol) === 0;
  return finding({
    code: isOff ? 'turned-off' : 'made-module',
    severity: isOff ? 'error' : 'warning',
    subject: { kind: 'symbol', name: symbol.name! },
    at,
    wanted,
    ...reasons.why(symbol, wanted),
    args: { followers },
  });
}

/** Symbols that the old config has on and the tree does not define. */
function goneCases({ oldFile, config, file, stale }: AgainstInput): CheckCase[] {
  const gone = [...oldFile.entries.values()].filter(({ name, value }) => {
    const isOn = value === 'y' || value === 'm';
    const isKnown = config.kconfig.symbols.find(name)?.isDefined ?? false;
    // Where the config has it as well, its line has a finding already.
    const isSaid = letterOf(file.entries.get(name)?.value ?? 'n') !== 'n';
    return isOn && !isKnown && !isSaid;
  });
  return gone.map(({ name, value, at }) => {
    const subject = { kind: 'symbol', name } as const;
    const isPromptless = stale.isPromptless(name);
    const successors = isPromptless ? [] : stale.successors(name, oldFile.entries);
    const severity = isPromptless ? 'info' : 'warning';
    const found = finding({ code: 'gone-from-tree', severity, subject, at, wanted: value, successors });
    return { name, findings: [found] };
  });
}
