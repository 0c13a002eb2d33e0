import type { FileSystem } from '../platform/platform.ts';

/**
 * What changed in the Kconfig language and its meaning between kernel versions: the only place that knows.
 * Everything else asks for a property of the dialect, never for a version.
 */
export interface Dialect {
  /**
   * `priority` (6.11 and later): a choice always has one member `y`, found through a list of members in the order in
   * which the user set them. `symbol` (before): the choice has a value of its own that bounds its members, may be
   * `m`, optional, and named.
   */
  readonly choices: 'priority' | 'symbol';
  /** `shared` (6.12 and later): expressions are hash-consed and simplified by copying; `in-place` before. */
  readonly simplification: 'shared' | 'in-place';
  /** `optional` in choices, choice names, and types of choices (up to 6.10). */
  readonly optionalChoices: boolean;
  /** `option modules` and its siblings (up to 5.14); later `modules` stands alone. */
  readonly optionStatement: boolean;
  /** `---help---` (up to 5.8). */
  readonly dashedHelp: boolean;
  /** Texts and names of files may be words without quotes, and choices hold any statement (up to 4.20). */
  readonly zconfGrammar: boolean;
  /** `transitional` (6.18 and later). */
  readonly transitional: boolean;
  /** `depends on X if Y` (7.0 and later). */
  readonly conditionalDependencies: boolean;
  /** `bool "…"` gives a choice its prompt (up to 6.12). */
  readonly boolChoicePrompt: boolean;
  /** A second or a blank help text and `menuconfig` without a prompt are errors (6.13 and later), not warnings. */
  readonly strictEntries: boolean;
  /** A member of a choice has its prompt in one entry only (6.15 and later); before, all within the choice may. */
  readonly oneMemberPrompt: boolean;
  /** No file may be sourced twice (7.0 and later). */
  readonly singleInclusion: boolean;
  /** int and hex symbols without any value are `0` and `0x0` (6.10 and later) rather than empty. */
  readonly zeroDefaults: boolean;
  /** `imply` by `y` leaves only `n` and `y` (up to 5.6); later `m` can be set too. */
  readonly implyForces: boolean;
  /** A number beyond a range becomes the bound as a number is printed, not as the bound is written (up to 6.6). */
  readonly printsRangeBounds: boolean;
  /** User values that are invisible or out of range are dropped after reading (up to 6.10). */
  readonly resetsUserValues: boolean;
  /** Buckets of the hash table in whose order symbols are walked (6.9 and later: 16384). */
  readonly symbolBuckets: 9973 | 16384;
  /** .config lines lose their `\r`, blank lines are silent, `is not set` must end the line (6.9 and later). */
  readonly strictDotConfigLines: boolean;
  /** `# end of MENU` comments after menus (5.4 and later). */
  readonly endOfMenuComments: boolean;
  /** Also after menus without an entry (not yet in 5.15, in 6.1). */
  readonly endOfEmptyMenus: boolean;
  /** allyesconfig and its siblings set only symbols with a prompt (6.11 and later). */
  readonly setsPromptedOnly: boolean;
  /** Listing new symbols takes one that is shown only for what is below it for answered (up to 6.11). */
  readonly shownIsAnswered: boolean;
  /** Recursive dependency messages carry file:line (up to 6.10). */
  readonly positionsInLoops: boolean;
}

/** The sources of a tree's own Kconfig implementation that tell its dialect. */
const LEXER = 'scripts/kconfig/lexer.l';
const SYMBOL_C = 'scripts/kconfig/symbol.c';
const EXPR_C = 'scripts/kconfig/expr.c';
const CONFDATA_C = 'scripts/kconfig/confdata.c';
const CONF_C = 'scripts/kconfig/conf.c';
const MENU_C = 'scripts/kconfig/menu.c';
const PARSER = 'scripts/kconfig/parser.y';
const UTIL_C = 'scripts/kconfig/util.c';

/**
 * The dialect of a tree: read off its own `scripts/kconfig`, so that backports count; where that is missing, from
 * the kernel version.
 * @param tree the tree's directory
 * @param version `[major, minor]`; the newest dialect is taken when it is unknown as well
 */
export function detectDialect(fs: FileSystem, tree: string, version: readonly [number, number] | null): Dialect {
  const read = (path: string): string | null => fs.readText(`${tree}/${path}`);
  const lexer = read(LEXER);
  const symbolC = read(SYMBOL_C);
  const exprC = read(EXPR_C);
  const confdata = read(CONFDATA_C);
  const conf = read(CONF_C);
  if (lexer === null || symbolC === null || exprC === null || confdata === null || conf === null) {
    return dialectOfVersion(version);
  }
  // Old trees have another name for the one and no use for the other.
  const parser = read(PARSER) ?? '';
  const util = read(UTIL_C) ?? '';
  const menu = read(MENU_C) ?? '';
  return {
    choices: symbolC.includes('sym_calc_choice(struct menu') ? 'priority' : 'symbol',
    simplification: exprC.includes('expr_hashtable') ? 'shared' : 'in-place',
    optionalChoices: lexer.includes('T_OPTIONAL'),
    optionStatement: lexer.includes('T_OPTION;'),
    dashedHelp: lexer.includes('---help---'),
    zconfGrammar: /^prompt:\s+T_WORD\b/m.test(parser),
    transitional: lexer.includes('T_TRANSITIONAL'),
    conditionalDependencies: parser.includes('T_DEPENDS T_ON expr if_expr'),
    boolChoicePrompt: parser === '' || /^choice_option: (?:T_BOOL|logic_type|type)\b/m.test(parser),
    strictEntries: parser.includes('zconf_error("menuconfig statement without prompt")'),
    oneMemberPrompt: parser.includes('must not have a prompt in another entry'),
    singleInclusion: util.includes('repeated inclusion'),
    zeroDefaults: /newval\.val = "0"/.test(symbolC),
    implyForces: symbolC.includes('sym->implied.tri == yes'),
    printsRangeBounds: symbolC.includes('"0x%llx"'),
    resetsUserValues: confdata.includes('conf_unsaved'),
    symbolBuckets: symbolC.includes('sym_hashtable') ? 16384 : 9973,
    strictDotConfigLines: confdata.includes('getline_stripped'),
    endOfMenuComments: confdata.includes('end of %s'),
    endOfEmptyMenus: confdata.includes('end_check:'),
    setsPromptedOnly: /!menu->prompt \|\| sym_has_value/.test(conf),
    shownIsAnswered: menu === '' || menu.includes('sym->flags |= SYMBOL_DEF_USER'),
    positionsInLoops: symbolC.includes('%s:%d:error: recursive dependency'),
  };
}

/** The dialect that mainline had at a version. */
export function dialectOfVersion(version: readonly [number, number] | null): Dialect {
  const [major, minor] = version ?? [Number.POSITIVE_INFINITY, 0];
  const since = (wantMajor: number, wantMinor: number): boolean =>
    major > wantMajor || (major === wantMajor && minor >= wantMinor);
  return {
    choices: since(6, 11) ? 'priority' : 'symbol',
    simplification: since(6, 12) ? 'shared' : 'in-place',
    optionalChoices: !since(6, 11),
    optionStatement: !since(5, 15),
    dashedHelp: !since(5, 9),
    zconfGrammar: !since(5, 0),
    transitional: since(6, 18),
    conditionalDependencies: since(7, 0),
    boolChoicePrompt: !since(6, 13),
    strictEntries: since(6, 13),
    oneMemberPrompt: since(6, 15),
    singleInclusion: since(7, 0),
    zeroDefaults: since(6, 10),
    implyForces: !since(5, 7),
    printsRangeBounds: !since(6, 7),
    resetsUserValues: !since(6, 11),
    symbolBuckets: since(6, 9) ? 16384 : 9973,
    strictDotConfigLines: since(6, 9),
    endOfMenuComments: since(5, 4),
    endOfEmptyMenus: since(6, 0),
    setsPromptedOnly: since(6, 11),
    shownIsAnswered: !since(6, 12),
    positionsInLoops: !since(6, 11),
  };
}
