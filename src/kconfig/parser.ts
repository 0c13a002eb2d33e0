import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { isStackOverflow } from '../diagnostics/stack-overflow.ts';
import type { Dialect } from './dialect.ts';
import { binaryExpr, compareExpr, notExpr, symbolExpr } from './expression.ts';
import { HelpText } from './help.ts';
import { Lexer } from './lexer.ts';
import { MenuBuilder } from './menu-builder.ts';
import { Preprocessor, type PreprocessorHost } from './preprocessor.ts';
import { compareWithNo } from './simplify.ts';
import {
  type Expr,
  type KSymbol,
  type Location,
  type MenuNode,
  OP,
  type Op,
  type SymbolType,
  withItem,
} from './symbol.ts';
import { SymbolTable } from './symbol-table.ts';
import { T, type Token } from './tokens.ts';

/** What the parser needs besides the text. */
export interface ParserHost extends PreprocessorHost {
  /** The text of a Kconfig file as a `source` statement names it; null where there is none. */
  readFile(name: string): string | null;
  /** Why it cannot be read, in words. */
  whyUnreadable?(name: string): string;
  /** Paths that match a `source` pattern with `*`, `?` or `[`, in order; null where globs are not in the language. */
  glob(pattern: string): readonly string[] | null;
  report(diagnostic: Diagnostic): void;
  /** Called when a file is sourced, with the place of the statement. */
  included(file: string, from: Location): void;
}

/** What parsing leaves behind, before `finalise`. */
export interface ParsedKconfig {
  readonly symbols: SymbolTable;
  readonly root: MenuNode;
  /** Files in the order in which they were read. */
  readonly files: readonly string[];
  readonly unknownCommands: readonly string[];
  /** As the preprocessor has them. */
  readonly unknownConditions: readonly string[] | null;
  readonly usedEnvironment: ReadonlyMap<string, string>;
}

/** Parentheses and `!` inside one another that an expression may have. */
const MAX_EXPRESSION_DEPTH = 256;
/** Operands in one expression: the engine walks chains of them recursively. */
const MAX_OPERANDS = 1000;
/** Entries of one choice: each is held against all others (6.12: 60). */
const MAX_CHOICE_MEMBERS = 1000;
/** Menus, ifs and choices inside one another. */
const MAX_BLOCK_DEPTH = 200;
/** Definitions of symbols (6.12 has 20,000 for one architecture). */
const MAX_DEFINITIONS = 100_000;

/** Files that are read, each as often as it is sourced, and their chars (6.12 has 1,700 files and 6.7 million chars). */
const MAX_FILES = 50_000;
const MAX_CHARS = 256 * 1024 * 1024;

const TYPE_OF: Partial<Record<Token, SymbolType>> = {
  [T.bool]: 'bool',
  [T.tristate]: 'tristate',
  [T.int]: 'int',
  [T.hex]: 'hex',
  [T.string]: 'string',
};

const COMPARISONS: Partial<Record<Token, Op>> = {
  [T.equal]: OP.equal,
  [T.unequal]: OP.unequal,
  [T.less]: OP.less,
  [T.lessEqual]: OP.lessEqual,
  [T.greater]: OP.greater,
  [T.greaterEqual]: OP.greaterEqual,
};

type Block = 'menu' | 'if' | 'choice';
const END_OF: Partial<Record<Token, Block>> = {
  [T.endmenu]: 'menu',
  [T.endif]: 'if',
  [T.endchoice]: 'choice',
};

/**
 * Parses a Kconfig file and all that it sources (`parser.y`).
 * @param name the top file, as `readFile` knows it
 * @throws InputError at the first syntax error, with file, line, column and the chain of files
 */
export function parse(name: string, dialect: Dialect, host: ParserHost): ParsedKconfig {
  return new Parser(dialect, host).parse(name);
}

class Parser {
  readonly #dialect: Dialect;
  readonly #host: ParserHost;
  readonly #preprocessor: Preprocessor;
  readonly #lexer: Lexer;
  readonly #symbols = new SymbolTable();
  readonly #menus: MenuBuilder;
  readonly #files: string[] = [];
  /** Where each file was sourced first. */
  readonly #included = new Map<string, Location>();
  /** Entries of choices so far. */
  readonly #entriesOf = new Map<MenuNode, number>();
  #chars = 0;
  #definitions = 0;
  #depth = 0;
  #operands = 0;

  constructor(dialect: Dialect, host: ParserHost) {
    this.#dialect = dialect;
    this.#host = host;
    this.#preprocessor = new Preprocessor(host);
    this.#lexer = new Lexer(this.#preprocessor, dialect, (diagnostic) => host.report(diagnostic));
    this.#menus = new MenuBuilder((diagnostic) => host.report(diagnostic));
  }

  parse(name: string): ParsedKconfig {
    const text = this.#host.readFile(name);
    if (text === null) throw new InputError({ code: 'kconfig-file-not-found', args: this.#unreadable(name) });
    this.#files.push(name);
    this.#lexer.push(name, text);
    try {
      this.#statements(null, null);
    } catch (error) {
      // Not every recursion is worth a limit of its own; this is the one of the machine.
      if (isStackOverflow(error)) throw this.#lexer.errorHere('kconfig-nested-too-deeply');
      throw error instanceof InputError ? this.#lexer.locate(error) : error;
    }
    return {
      symbols: this.#symbols,
      root: this.#menus.finish(this.#lexer.file),
      files: this.#files,
      unknownCommands: this.#preprocessor.unknownCommands,
      unknownConditions: this.#preprocessor.unknownConditions,
      usedEnvironment: this.#preprocessor.usedEnvironment,
    };
  }

  #at(): { file: string; line: number } {
    return { file: this.#lexer.file, line: this.#lexer.statementLine };
  }

  /** `stmt_list` up to the end of `block`, or of the input when there is none. */
  #statements(block: Block | null, choice: MenuNode | null): void {
    for (;;) {
      const token = this.#lexer.next();
      const end = END_OF[token];
      if (end !== undefined) {
        this.#endBlock(end, block);
        return;
      }
      if (token === T.eof) {
        if (block !== null) this.#missingEnd(block);
        return;
      }
      this.#statement(token, block, choice);
    }
  }

  #statement(token: Token, block: Block | null, choice: MenuNode | null): void {
    switch (token) {
      case T.config:
        this.#config(choice);
        return;
      case T.if:
        this.#if(choice);
        return;
      case T.comment:
        this.#comment();
        return;
      default:
    }
    if (choice === null || this.#dialect.zconfGrammar) {
      switch (token) {
        case T.menuconfig:
          this.#menuconfig();
          return;
        case T.menu:
          this.#menu();
          return;
        case T.choice:
          this.#choice();
          return;
        case T.source:
          this.#source();
          return;
        case T.word:
          this.#assignment();
          return;
        case T.mainmenu:
          if (block === null && this.#menus.isEmpty) {
            this.#menus.addPrompt('menu', this.#quoted(), null, this.#at());
            this.#endOfLine();
            return;
          }
          break;
        default:
      }
    }
    throw this.#lexer.errorHere('kconfig-invalid-statement');
  }

  #endBlock(end: Block, block: Block | null): void {
    if (block === null) throw this.#lexer.errorHere('kconfig-end-without-block', { end });
    if (end !== block) throw this.#lexer.errorHere('kconfig-wrong-end', { end, block });
    const opened = this.#menus.currentMenu.at;
    const here = this.#lexer.position();
    this.#endOfLine();
    // A file whose last line lacks its end is over by now, and what is in it counts as the file's around it.
    if (opened.file !== this.#lexer.file) {
      throw this.#lexer.errorAt(here, 'kconfig-end-in-other-file', { end, file: opened.file, line: opened.line });
    }
    this.#menus.endMenu();
  }

  #missingEnd(block: Block): never {
    const { file, line } = this.#menus.currentMenu.at;
    throw new InputError({ code: 'kconfig-missing-end', at: { file, line, column: 0 }, args: { block } });
  }

  #enter(block: Block, choice: MenuNode | null): void {
    if (++this.#depth > MAX_BLOCK_DEPTH) throw this.#lexer.errorHere('kconfig-too-deep', { limit: MAX_BLOCK_DEPTH });
    this.#statements(block, choice);
    this.#depth--;
  }

  #config(choice: MenuNode | null): void {
    const node = this.#entry();
    this.#symbolAttributes(node);
    if (!choice) return;
    const count = (this.#entriesOf.get(choice) ?? 0) + 1;
    if (count > MAX_CHOICE_MEMBERS)
      throw this.#lexer.errorHere('kconfig-choice-too-large', { limit: MAX_CHOICE_MEMBERS });
    this.#entriesOf.set(choice, count);
    this.#addChoiceMember(choice, node);
  }

  #menuconfig(): void {
    const node = this.#entry();
    this.#symbolAttributes(node);
    if (node.prompt) node.prompt.kind = 'menu';
    else this.#complain('kconfig-menuconfig-without-prompt', {});
  }

  #entry(): MenuNode {
    const symbol = this.#nonConstant();
    if (++this.#definitions > MAX_DEFINITIONS) {
      throw this.#lexer.errorHere('kconfig-too-many-definitions', { limit: MAX_DEFINITIONS });
    }
    this.#endOfLine();
    return this.#menus.addEntry(symbol, this.#at());
  }

  /** A choice's member must be a bool with a prompt where choices are lists of members; older trees just go on. */
  #addChoiceMember(choice: MenuNode, node: MenuNode): void {
    if (this.#dialect.choices !== 'priority') return;
    const symbol = node.symbol!;
    const { file, line } = node.at;
    const fail = (code: string): InputError =>
      new InputError({ code, at: { file, line, column: 0 }, args: { symbol: symbol.name! } });
    if (!node.prompt) throw fail('kconfig-choice-member-without-prompt');
    if (symbol.type !== 'bool') throw fail('kconfig-choice-member-not-bool');
    if (!choice.choiceMembers.includes(symbol)) choice.choiceMembers = withItem(choice.choiceMembers, symbol);
  }

  #if(choice: MenuNode | null): void {
    const condition = this.#expression();
    this.#endOfLine();
    const node = this.#menus.addEntry(null, this.#at());
    this.#menus.addDependency(node, condition, this.#at());
    this.#menus.openMenu();
    this.#enter('if', choice);
  }

  #menu(): void {
    const text = this.#quoted();
    this.#endOfLine();
    const node = this.#menus.addEntry(null, this.#at());
    this.#menus.addPrompt('menu', text, null, this.#at());
    for (let token = this.#lexer.next(); ; token = this.#lexer.next()) {
      if (token === T.depends) this.#depends(node);
      else if (token === T.visible) {
        const condition = this.#condition();
        this.#endOfLine();
        if (condition) this.#menus.addVisibility(node, condition, this.#at());
      } else break;
    }
    this.#lexer.unread();
    this.#menus.openMenu();
    this.#enter('menu', null);
  }

  #comment(): void {
    const text = this.#quoted();
    this.#endOfLine();
    const node = this.#menus.addEntry(null, this.#at());
    this.#menus.addPrompt('comment', text, null, this.#at());
    while (this.#lexer.next() === T.depends) this.#depends(node);
    this.#lexer.unread();
  }

  #choice(): void {
    let name: string | null = null;
    const token = this.#lexer.next();
    if (token === T.word && this.#dialect.optionalChoices) name = this.#lexer.value;
    else this.#lexer.unread();
    this.#endOfLine();
    const symbol = this.#symbols.choice(name);
    const node = this.#menus.addEntry(symbol, this.#at());
    if (this.#dialect.choices === 'priority') this.#menus.setType(node, 'bool');
    this.#choiceAttributes(node);
    if (!node.prompt && this.#dialect.choices === 'priority') {
      const { file, line } = node.at;
      throw new InputError({ code: 'kconfig-choice-without-prompt', at: { file, line, column: 0 }, args: {} });
    }
    this.#menus.openMenu();
    this.#enter('choice', node);
  }

  #choiceAttributes(node: MenuNode): void {
    for (;;) {
      const token = this.#lexer.next();
      switch (token) {
        case T.prompt:
          this.#prompt();
          break;
        case T.bool:
        case T.tristate:
          this.#choiceType(node, token);
          break;
        case T.default: {
          const target = this.#nonConstant();
          this.#addProperty('default', symbolExpr(target));
          break;
        }
        case T.optional:
          this.#endOfLine();
          node.symbol!.optional = true;
          break;
        case T.depends:
          this.#depends(node);
          break;
        case T.help:
          this.#help(node);
          break;
        default:
          this.#lexer.unread();
          return;
      }
    }
  }

  #choiceType(node: MenuNode, token: Token): void {
    if (this.#dialect.choices === 'priority') {
      const taken = token === T.bool && this.#dialect.boolChoicePrompt;
      if (!taken) throw this.#lexer.errorHere('kconfig-invalid-statement');
      this.#prompt();
      return;
    }
    this.#optionalPrompt();
    this.#endOfLine();
    this.#menus.setType(node, TYPE_OF[token]!);
  }

  /** `config_option_list`. */
  #symbolAttributes(node: MenuNode): void {
    for (;;) {
      const token = this.#lexer.next();
      if (!this.#symbolAttribute(node, token)) {
        this.#lexer.unread();
        return;
      }
    }
  }

  #symbolAttribute(node: MenuNode, token: Token): boolean {
    switch (token) {
      case T.bool:
      case T.tristate:
      case T.int:
      case T.hex:
      case T.string:
        this.#optionalPrompt();
        this.#endOfLine();
        this.#menus.setType(node, TYPE_OF[token]!);
        return true;
      case T.prompt:
        this.#prompt();
        return true;
      case T.default:
      case T.defBool:
      case T.defTristate:
        this.#addProperty('default', this.#expression());
        if (token !== T.default) this.#menus.setType(node, token === T.defBool ? 'bool' : 'tristate');
        return true;
      case T.select:
      case T.imply:
        this.#addProperty(token === T.select ? 'select' : 'imply', symbolExpr(this.#nonConstant()));
        return true;
      case T.range:
        this.#range();
        return true;
      case T.depends:
        this.#depends(node);
        return true;
      case T.help:
        this.#help(node);
        return true;
      default:
        return this.#markAttribute(node, token);
    }
  }

  /** The attributes that only mark the symbol: `modules`, `option …`, `transitional`. */
  #markAttribute(node: MenuNode, token: Token): boolean {
    switch (token) {
      case T.modules:
        this.#endOfLine();
        this.#setModules(node.symbol!);
        return true;
      case T.transitional:
        this.#endOfLine();
        node.symbol!.transitional = true;
        return true;
      case T.option:
        this.#option(node.symbol!);
        return true;
      default:
        return false;
    }
  }

  /** `option NAME` and `option NAME="value"` of old trees (`menu.c:menu_add_option`). */
  #option(symbol: KSymbol): void {
    const token = this.#lexer.next();
    if (token !== T.word) throw this.#lexer.errorHere('kconfig-syntax', { expected: 'an option name' });
    const name = this.#lexer.value;
    if (this.#lexer.next() === T.equal) this.#quoted();
    else this.#lexer.unread();
    this.#endOfLine();
    if (name === 'modules') this.#setModules(symbol);
    else if (name === 'defconfig_list') symbol.isDefconfigList = true;
    else if (name === 'allnoconfig_y') symbol.isOnInAllnoconfig = true;
  }

  #setModules(symbol: KSymbol): void {
    const known = this.#symbols.modules;
    if (known) {
      throw this.#lexer.errorHere('kconfig-modules-redefined', { symbol: symbol.name!, known: known.name! });
    }
    this.#symbols.modules = symbol;
  }

  #range(): void {
    const low = this.#symbol();
    const high = this.#symbol();
    const condition = this.#condition();
    this.#endOfLine();
    this.#menus.addRange(low, high, condition, this.#at());
  }

  #addProperty(kind: 'default' | 'select' | 'imply', value: Expr): void {
    const condition = this.#condition();
    this.#endOfLine();
    this.#menus.addValue(kind, value, condition, this.#at());
  }

  #prompt(): void {
    const text = this.#quoted();
    const condition = this.#condition();
    this.#endOfLine();
    this.#menus.addPrompt('prompt', text, condition, this.#at());
  }

  #optionalPrompt(): void {
    if (!this.#isText(this.#lexer.next())) {
      this.#lexer.unread();
      return;
    }
    const text = this.#lexer.value;
    this.#menus.addPrompt('prompt', text, this.#condition(), this.#at());
  }

  #depends(node: MenuNode): void {
    if (this.#lexer.next() !== T.on) throw this.#lexer.errorHere('kconfig-syntax', { expected: "'on'" });
    let condition = this.#expression();
    if (this.#dialect.conditionalDependencies) {
      const when = this.#condition();
      // Where `when` is off, the dependency holds.
      if (when) condition = binaryExpr(OP.or, condition, compareWithNo(when, true, this.#symbols));
    }
    this.#endOfLine();
    this.#menus.addDependency(node, condition, this.#at());
  }

  #help(node: MenuNode): void {
    this.#endOfLine();
    const { file } = this.#lexer;
    const help = this.#lexer.help();
    const name = node.symbol?.name ?? '<choice>';
    if (node.help) this.#complain('kconfig-second-help', { symbol: name });
    if (help.blank) this.#complain('kconfig-blank-help', { symbol: name });
    node.help = new HelpText((name) => this.#host.readFile(name), file, help.start);
  }

  #source(): void {
    const name = this.#quoted();
    const stated = this.#at();
    this.#endOfLine();
    const at = this.#at();
    const names = /[*?[]/.test(name) ? (this.#host.glob(name) ?? [name]) : [name];
    // The lexer goes on in the file that is pushed last, so the first of a pattern is pushed last.
    for (const file of [...names].reverse()) {
      const text = this.#host.readFile(file);
      if (text === null) {
        // Where its line ends the file without a newline, the lexer is in the file around it by now.
        throw this.#lexer.errorAt({ ...stated, column: 0 }, 'kconfig-source-not-found', this.#unreadable(file));
      }
      this.#noteInclusion(file, at);
      this.#files.push(file);
      this.#chars += text.length;
      if (this.#files.length > MAX_FILES || this.#chars > MAX_CHARS) {
        const args = { files: MAX_FILES, chars: MAX_CHARS };
        throw this.#lexer.errorAt({ ...at, column: 0 }, 'kconfig-too-much', args);
      }
      this.#host.included(file, at);
      this.#lexer.push(file, text);
    }
  }

  /** A file that includes itself gets the lexer's message; here are the others that are sourced again. */
  #noteInclusion(file: string, at: Location): void {
    const first = this.#included.get(file);
    if (first && this.#dialect.singleInclusion && !this.#lexer.isOpen(file)) {
      const args = { file, first: first.file, line: first.line };
      throw this.#lexer.errorAt({ ...at, column: 0 }, 'kconfig-repeated-inclusion', args);
    }
    if (!first) this.#included.set(file, at);
  }

  #unreadable(file: string): { file: string; reason: string } {
    return { file, reason: this.#host.whyUnreadable?.(file) ?? 'there is no such file' };
  }

  #assignment(): void {
    const name = this.#lexer.value;
    const at = this.#lexer.position();
    const operator = this.#lexer.next();
    if (operator !== T.equal && operator !== T.colonEqual && operator !== T.plusEqual) {
      throw this.#lexer.errorAt(at, 'kconfig-unknown-statement', { word: name });
    }
    let value = '';
    if (this.#lexer.next() === T.assignValue) value = this.#lexer.value;
    else this.#lexer.unread();
    this.#endOfLine();
    const flavor = operator === T.equal ? 'recursive' : operator === T.colonEqual ? 'simple' : 'append';
    this.#preprocessor.assign(name, value, flavor, { file: this.#lexer.file, line: this.#lexer.statementLine });
  }

  #endOfLine(): void {
    if (this.#lexer.next() !== T.eol)
      throw this.#lexer.errorHere('kconfig-syntax', { expected: 'the end of the line' });
  }

  #isText(token: Token): boolean {
    return token === T.quoted || (token === T.word && this.#dialect.zconfGrammar);
  }

  #quoted(): string {
    if (!this.#isText(this.#lexer.next()))
      throw this.#lexer.errorHere('kconfig-syntax', { expected: 'a quoted string' });
    return this.#lexer.value;
  }

  #nonConstant(): KSymbol {
    if (this.#lexer.next() !== T.word) throw this.#lexer.errorHere('kconfig-syntax', { expected: 'a symbol' });
    return this.#symbols.lookup(this.#lexer.value);
  }

  #symbol(): KSymbol {
    const token = this.#lexer.next();
    if (token === T.word) return this.#symbols.lookup(this.#lexer.value);
    if (token === T.quoted) return this.#symbols.constant(this.#lexer.value);
    throw this.#lexer.errorHere('kconfig-syntax', { expected: 'a symbol or a quoted value' });
  }

  /** `if_expr`: the condition behind an attribute, or none. */
  #condition(): Expr | null {
    if (this.#lexer.next() === T.if) return this.#expression();
    this.#lexer.unread();
    return null;
  }

  #expression(): Expr {
    this.#operands = 0;
    return this.#or(0);
  }

  #or(depth: number): Expr {
    let left = this.#and(depth);
    while (this.#lexer.next() === T.or) left = binaryExpr(OP.or, left, this.#and(depth));
    this.#lexer.unread();
    return left;
  }

  #and(depth: number): Expr {
    let left = this.#operand(depth);
    while (this.#lexer.next() === T.and) left = binaryExpr(OP.and, left, this.#operand(depth));
    this.#lexer.unread();
    return left;
  }

  #operand(depth: number): Expr {
    if (depth > MAX_EXPRESSION_DEPTH || ++this.#operands > MAX_OPERANDS) {
      throw this.#lexer.errorHere('kconfig-expression-too-large', { depth: MAX_EXPRESSION_DEPTH, limit: MAX_OPERANDS });
    }
    const token = this.#lexer.next();
    if (token === T.not) return notExpr(this.#operand(depth + 1));
    if (token === T.open) {
      const inner = this.#or(depth + 1);
      if (this.#lexer.next() !== T.close) throw this.#lexer.errorHere('kconfig-syntax', { expected: "')'" });
      return inner;
    }
    this.#lexer.unread();
    const left = this.#symbol();
    const comparison = COMPARISONS[this.#lexer.next()];
    if (comparison !== undefined) return compareExpr(comparison, left, this.#symbol());
    this.#lexer.unread();
    return symbolExpr(left);
  }

  /** A warning that newer dialects make an error. */
  #complain(code: string, args: Record<string, string | number>): void {
    const at = { ...this.#at(), column: 0 };
    if (this.#dialect.strictEntries) throw this.#lexer.errorAt(at, code, args);
    this.#host.report({ code, severity: 'warning', at, args });
  }
}
