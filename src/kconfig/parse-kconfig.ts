import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import { checkDependencyLoops } from './dependency-loops.ts';
import type { Dialect } from './dialect.ts';
import { withContext } from './error-context.ts';
import type { ExactExpressions } from './exact-expressions.ts';
import { finalise } from './finalise.ts';
import type { Kconfig } from './kconfig.ts';
import { withAnswers } from './late-answers.ts';
import { type ParsedKconfig, type ParserHost, parse } from './parser.ts';
import { hasMark } from './preprocessor.ts';
import { isYes } from './simplify.ts';
import { type ParsedTree, packSnapshot } from './snapshot.ts';
import { readSnapshot } from './snapshot-tree.ts';
import { children, type KSymbol, type Location, type MenuNode, nextNode } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/** What parsing needs of its surroundings. */
export interface KconfigHost extends Omit<ParserHost, 'report' | 'included'> {
  /** Called when all files are read and the work on what they say begins, to measure it. */
  finalising?(): void;
}

/** Warnings about one tree (the kernel: none). */
const MAX_WARNINGS = 10_000;

/**
 * Parses a Kconfig tree (`parser.y:conf_parse`).
 * @param name the top file
 * @throws InputError for syntax errors, recursive dependencies and misuse of choices
 */
export function parseKconfig(name: string, dialect: Dialect, host: KconfigHost): Kconfig {
  return parseWhole(name, dialect, host)!;
}

/** A tree that was read although answers were missing, for `completeKconfig`. */
export interface Incomplete extends ParsedKconfig {
  readonly diagnostics: Diagnostic[];
  /** Where each file was included. */
  readonly includes: ReadonlyMap<string, Location>;
}

/**
 * As `parseKconfig` where `shell` may return null for an answer that is not known yet. As many commands as are known
 * without the answers are asked for.
 * @param incomplete called where an answer was missing, unless that led to an error
 * @returns null then: to be completed with those that were asked for, or to be called again
 */
export function attemptKconfig(
  name: string,
  dialect: Dialect,
  host: KconfigHost,
  incomplete: (found: Incomplete) => void,
): Kconfig | null {
  let missing = false;
  try {
    return parseWhole(name, dialect, {
      ...host,
      shell: (command) => {
        const answer = host.shell(command);
        missing ||= answer === null;
        return answer;
      },
      isEnough: (found) => {
        if (missing) incomplete(found);
        return !missing;
      },
    });
  } catch (error) {
    // With the answers it may be another text, without the error.
    if (missing && error instanceof InputError) return null;
    throw error;
  }
}

/**
 * The tree that reading the files with answers would give.
 * @param answers to its `unknownCommands`
 * @returns null where they have to be read for it
 * @throws InputError as `parseKconfig`
 */
export function completeKconfig(
  { diagnostics, includes, ...parsed }: Incomplete,
  answers: readonly string[],
  dialect: Dialect,
  host: KconfigHost,
): Kconfig | null {
  const whole = diagnostics.some(isMarked) ? null : withAnswers(parsed, answers);
  return whole && inContext(host, includes, diagnostics, () => finished(whole, dialect, host, diagnostics));
}

function isMarked({ args }: Diagnostic): boolean {
  return Object.values(args).some((each) => hasMark(String(each)));
}

interface ParseHost extends KconfigHost {
  /** Asked after parsing: is there any use in going on? */
  isEnough?(parsed: Incomplete): boolean;
}

function parseWhole(name: string, dialect: Dialect, host: ParseHost): Kconfig | null {
  const includes = new Map<string, Location>();
  const included = (file: string, from: Location): void => {
    if (!includes.has(file)) includes.set(file, from);
  };
  const diagnostics: Diagnostic[] = [];
  return inContext(host, includes, diagnostics, () => {
    const parsed = parseFiles(name, dialect, host, included, diagnostics);
    if (host.isEnough?.({ ...parsed, diagnostics, includes }) === false) return null;
    return finished(parsed, dialect, host, diagnostics);
  });
}

/** Does work whose errors are given their place. */
function inContext<Result>(
  host: KconfigHost,
  includes: ReadonlyMap<string, Location>,
  diagnostics: readonly Diagnostic[],
  work: () => Result,
): Result {
  try {
    return work();
  } catch (error) {
    if (isStackOverflow(error)) throw new InputError({ code: 'kconfig-chain-too-long', args: {} });
    throw error instanceof InputError
      ? withContext(error, (file) => host.readFile(file), includes, diagnostics)
      : error;
  }
}

function finished(parsed: ParsedKconfig, dialect: Dialect, host: KconfigHost, diagnostics: Diagnostic[]): Kconfig {
  const tree = finishTree(parsed, dialect, host, diagnostics);
  return readSnapshot(packSnapshot(tree), (file) => host.readFile(file));
}

/**
 * Parses and finalises a tree, as objects.
 * @param included called for each file and the place that includes it
 * @param diagnostics warnings are added
 * @throws InputError without context
 */
export function parseTree(
  name: string,
  dialect: Dialect,
  host: KconfigHost,
  included: ParserHost['included'],
  diagnostics: Diagnostic[],
): ParsedTree {
  return finishTree(parseFiles(name, dialect, host, included, diagnostics), dialect, host, diagnostics);
}

function parseFiles(
  name: string,
  dialect: Dialect,
  host: KconfigHost,
  included: ParserHost['included'],
  diagnostics: Diagnostic[],
): ParsedKconfig {
  return parse(name, dialect, {
    readFile: (file) => host.readFile(file),
    whyUnreadable: (file) => host.whyUnreadable?.(file) ?? 'there is no such file',
    glob: (pattern) => host.glob(pattern),
    env: (variable) => host.env(variable),
    shell: (command) => host.shell(command),
    message: (kind, text, where) => host.message(kind, text, where),
    report: reporter(diagnostics),
    included,
  });
}

function finishTree(parsed: ParsedKconfig, dialect: Dialect, host: KconfigHost, diagnostics: Diagnostic[]): ParsedTree {
  host.finalising?.();
  const exact = finalise(parsed.root, parsed.symbols, dialect, reporter(diagnostics));
  checkDependencyLoops(parsed.root, parsed.symbols, dialect, exact);
  if (dialect.choices === 'priority') checkChoices(parsed.symbols, dialect);
  if (dialect.transitional) checkTransitional(parsed.root, exact);
  return { dialect, exact, diagnostics, ...parsed };
}

/** Adds warnings to a list. */
function reporter(diagnostics: Diagnostic[]): (diagnostic: Diagnostic) => void {
  return (diagnostic) => {
    if (diagnostics.length >= MAX_WARNINGS) {
      const { at } = diagnostic;
      throw new InputError({ code: 'kconfig-too-many-warnings', ...(at && { at }), args: { limit: MAX_WARNINGS } });
    }
    diagnostics.push(diagnostic);
  };
}

/** Members of a choice have no defaults, and no prompt outside it (`parser.y:choice_check_sanity`). */
function checkChoices(symbols: SymbolTable, dialect: Dialect): void {
  for (const choice of symbols.all) {
    if (!choice.isChoice) continue;
    for (const node of choice.nodes) {
      for (const member of children(node)) if (member.symbol) checkMember(member, member.symbol, dialect);
    }
  }
}

function checkMember(node: MenuNode, symbol: KSymbol, dialect: Dialect): void {
  for (const property of symbol.properties) {
    const at = { ...property.at, column: 0 };
    if (property.kind === 'default') {
      throw new InputError({ code: 'kconfig-choice-member-default', at, args: { symbol: symbol.name! } });
    }
    const isElsewhere = property.node !== node && property.kind === 'prompt';
    if (isElsewhere && (dialect.oneMemberPrompt || property.node.parent !== node.parent)) {
      throw new InputError({ code: 'kconfig-choice-member-outside', at, args: { symbol: symbol.name! } });
    }
  }
}

/** Transitional symbols have a type, and at most a help text besides (`parser.y:transitional_check_sanity`). */
function checkTransitional(root: MenuNode, exact: ExactExpressions): void {
  for (let node: MenuNode | null = root; node; node = nextNode(node)) {
    const { symbol } = node;
    if (!symbol?.transitional) continue;
    const property = symbol.properties[0];
    if (isYes(exact.dependency(node)) && !property) continue;
    const at = isYes(exact.dependency(node)) && property ? property.at : node.at;
    throw new InputError({
      code: 'kconfig-transitional-property',
      at: { ...at, column: 0 },
      args: { symbol: symbol.name! },
    });
  }
}
