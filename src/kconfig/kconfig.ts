import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { checkDependencyLoops } from './dependency-loops.ts';
import type { Dialect } from './dialect.ts';
import { withContext } from './error-context.ts';
import type { ExactExpressions } from './exact-expressions.ts';
import { finalise } from './finalise.ts';
import { type ParserHost, parse } from './parser.ts';
import { children, type KSymbol, type Location, type MenuNode } from './symbol.ts';
import type { SymbolTable } from './symbol-table.ts';

/** A parsed and finalised Kconfig tree, without values. Many `Configuration`s may share one. */
export interface Kconfig {
  readonly dialect: Dialect;
  readonly symbols: SymbolTable;
  readonly root: MenuNode;
  /** Files in the order in which they were read, as `source` names them. */
  readonly files: readonly string[];
  /** The expressions in conf's simplified form, for its warnings. */
  readonly exact: ExactExpressions;
  /** `$(shell)` commands whose answers were not known; their marks stand in the tree. */
  readonly unknownCommands: readonly string[];
  /** Environment variables that the files read. */
  readonly usedEnvironment: ReadonlyMap<string, string>;
  /** Warnings, in order. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What parsing needs of its surroundings. */
export type KconfigHost = Omit<ParserHost, 'report' | 'included'>;

/**
 * Parses a Kconfig tree (`parser.y:conf_parse`).
 * @param name the top file
 * @throws InputError for syntax errors, recursive dependencies and misuse of choices
 */
export function parseKconfig(name: string, dialect: Dialect, host: KconfigHost): Kconfig {
  const includes = new Map<string, Location>();
  const included = (file: string, from: Location): void => {
    if (!includes.has(file)) includes.set(file, from);
  };
  try {
    return parseAndFinalise(name, dialect, host, included);
  } catch (error) {
    if (error instanceof RangeError) throw new InputError({ code: 'kconfig-chain-too-long', args: {} });
    throw error instanceof InputError ? withContext(error, (file) => host.readFile(file), includes) : error;
  }
}

function parseAndFinalise(
  name: string,
  dialect: Dialect,
  host: KconfigHost,
  included: ParserHost['included'],
): Kconfig {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => {
    diagnostics.push(diagnostic);
  };
  const parsed = parse(name, dialect, {
    readFile: (file) => host.readFile(file),
    whyUnreadable: (file) => host.whyUnreadable?.(file) ?? 'there is no such file',
    glob: (pattern) => host.glob(pattern),
    env: (variable) => host.env(variable),
    shell: (command) => host.shell(command),
    message: (kind, text, where) => host.message(kind, text, where),
    report,
    included,
  });
  const exact = finalise(parsed.root, parsed.symbols, dialect, report);
  checkDependencyLoops(parsed.root, parsed.symbols, dialect, exact);
  if (dialect.choices === 'priority') checkChoices(parsed.symbols);
  return { dialect, exact, diagnostics, ...parsed };
}

/** Members of a choice have no defaults, and no prompt outside it (`parser.y:choice_check_sanity`). */
function checkChoices(symbols: SymbolTable): void {
  for (const choice of symbols.all) {
    for (const node of choice.isChoice ? choice.nodes : []) {
      for (const member of children(node)) if (member.symbol) checkMember(member, member.symbol);
    }
  }
}

function checkMember(node: MenuNode, symbol: KSymbol): void {
  for (const property of symbol.properties) {
    const at = { ...property.at, column: 0 };
    if (property.kind === 'default') {
      throw new InputError({ code: 'kconfig-choice-member-default', at, args: { symbol: symbol.name! } });
    }
    if (property.node !== node && property.kind === 'prompt' && property.node.parent !== node.parent) {
      throw new InputError({ code: 'kconfig-choice-member-outside', at, args: { symbol: symbol.name! } });
    }
  }
}
