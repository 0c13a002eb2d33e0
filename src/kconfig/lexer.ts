import type { Diagnostic, Position } from '../diagnostics/diagnostic.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { Dialect } from './dialect.ts';
import { type HelpPlace, scanHelp } from './help.ts';
import { isBareTextCode, isWordCode, type MacroPosition, type Preprocessor } from './preprocessor.ts';
import { KEYWORDS, T, type Token } from './tokens.ts';

/** One file that is being read. */
interface Source {
  readonly file: string;
  readonly text: string;
  pos: number;
  line: number;
  /** Where the `source` statement of this file stands; null for the first file. */
  readonly from: MacroPosition | null;
}

/**
 * Stands for a help text among the last two tokens. Like an end of line it starts a new statement, but an assignment
 * right behind it is not taken for one.
 */
const HELP_TEXT = -1;

/** Files that may be open in one another. A chain that includes itself is an error of its own. */
const MAX_SOURCE_DEPTH = 200;

/**
 * The two-stage lexer (`lexer.l:yylex1`, `yylex`) over a stack of files. The current token is in `kind`, `value` and
 * `line`; macros are expanded while it reads, so tokens must be asked for one at a time.
 */
export class Lexer {
  readonly #preprocessor: Preprocessor;
  readonly #keywords: ReadonlyMap<string, Token>;
  readonly #report: (diagnostic: Diagnostic) => void;
  readonly #stack: Source[] = [];
  #source!: Source;
  #previous: Token | typeof HELP_TEXT = T.eol;
  #beforePrevious: Token | typeof HELP_TEXT = T.eol;
  #assigning = false;
  readonly #isWord: (code: number) => boolean;
  /** By char code: 1 for chars of words, `$` included. */
  readonly #inWord = new Uint8Array(256);
  #isUnread = false;
  #tokenStart = 0;

  kind: Token = T.eol;
  /** Text of a word, a string or the right side of an assignment. */
  value = '';
  /** Line of the first token of the current statement (`lexer.l:cur_lineno`). */
  statementLine = 1;

  constructor(preprocessor: Preprocessor, dialect: Dialect, report: (diagnostic: Diagnostic) => void) {
    this.#preprocessor = preprocessor;
    this.#report = report;
    const keywords = new Map(KEYWORDS);
    if (!dialect.optionStatement) keywords.set('modules', T.modules);
    else keywords.set('option', T.option);
    if (dialect.optionalChoices) keywords.set('optional', T.optional);
    if (dialect.dashedHelp) keywords.set('---help---', T.help);
    if (dialect.transitional) keywords.set('transitional', T.transitional);
    this.#keywords = keywords;
    this.#isWord = dialect.zconfGrammar ? isBareTextCode : isWordCode;
    for (let code = 0; code < 256; code++) this.#inWord[code] = code === 36 || this.#isWord(code) ? 1 : 0;
  }

  /** Name of the file being read, as its `source` statement gave it. */
  get file(): string {
    return this.#source.file;
  }

  /** Whether a file is being read: this one, or one that led here. */
  isOpen(file: string): boolean {
    return this.#source.file === file || this.#stack.some((source) => source.file === file);
  }

  /** Goes on in another file (`lexer.l:zconf_nextfile`); its end brings back the one before. */
  push(file: string, text: string): void {
    let from: MacroPosition | null = null;
    if (this.#source) {
      from = { file: this.#source.file, line: this.statementLine };
      if (this.isOpen(file)) throw this.#refusal('kconfig-recursive-inclusion', from, file);
      if (this.#stack.length >= MAX_SOURCE_DEPTH) throw this.#refusal('kconfig-too-deep-inclusion', from, file);
      this.#stack.push(this.#source);
    }
    this.#source = { file, text, pos: 0, line: 1, from };
  }

  /** Gives the current token back: the next call of `next` returns it again. */
  unread(): void {
    this.#isUnread = true;
  }

  /** Reads the next token into `kind` and returns it. */
  next(): Token {
    if (this.#isUnread) {
      this.#isUnread = false;
      return this.kind;
    }
    for (;;) {
      const token = this.#scan();
      if (this.#previous === T.eol || this.#previous === HELP_TEXT) {
        if (token === T.eol) continue;
        this.statementLine = this.#source.line;
      }
      this.#assigning =
        this.#beforePrevious === T.eol &&
        this.#previous === T.word &&
        (token === T.equal || token === T.colonEqual || token === T.plusEqual);
      this.#beforePrevious = this.#previous;
      this.#previous = token;
      this.kind = token;
      return token;
    }
  }

  /** Reads the help text that follows `help` and its end of line (`lexer.l`, state HELP). */
  help(): HelpPlace {
    const source = this.#source;
    const help = scanHelp(source.text, source.pos);
    source.pos = help.end;
    source.line += help.lines;
    // conf places what it says about a help text at its end.
    this.statementLine = source.line;
    this.#beforePrevious = this.#previous;
    this.#previous = HELP_TEXT;
    return help;
  }

  /** The position of the current token. */
  position(): Position {
    const { file, text } = this.#source;
    const start = Math.min(this.#tokenStart, text.length);
    const lineStart = text.lastIndexOf('\n', start - 1) + 1;
    return { file, line: this.#lineOf(start), column: start - lineStart + 1 };
  }

  /** An error at the current token, with the chain of files that led here. */
  errorHere(code: string, args: Record<string, string | number> = {}): InputError {
    return this.errorAt(this.position(), code, args);
  }

  /** An error in the file that is being read; `withContext` adds its line of text. */
  errorAt(at: Position, code: string, args: Record<string, string | number> = {}): InputError {
    return new InputError({ code, at, includedFrom: this.includedFrom(), args });
  }

  /** Adds the chain of files to an error that lower parts found in the file that is being read. */
  locate(error: InputError): InputError {
    const { diagnostic } = error;
    if (diagnostic.includedFrom || diagnostic.at?.file !== this.file) return error;
    return new InputError({ ...diagnostic, includedFrom: this.includedFrom() });
  }

  /** Where the file being read was included from, innermost first. */
  includedFrom(): Position[] {
    const chain: Position[] = [];
    for (const open of [...this.#stack, this.#source].reverse()) {
      if (open.from) chain.push({ file: open.from.file, line: open.from.line, column: 0 });
    }
    return chain;
  }

  #refusal(code: string, at: MacroPosition, file: string): InputError {
    return this.errorAt({ file: at.file, line: at.line, column: 0 }, code, { file });
  }

  #macroPosition(offset: number): MacroPosition {
    const { file, line, text } = this.#source;
    return { file, line, column: offset - text.lastIndexOf('\n', offset - 1) };
  }

  #lineOf(offset: number): number {
    const { text, pos, line } = this.#source;
    let count = line;
    for (let i = text.lastIndexOf('\n', pos - 1); i >= offset && i >= 0; i = i > 0 ? text.lastIndexOf('\n', i - 1) : -1)
      count--;
    return count;
  }

  #warn(code: string, line: number, args: Record<string, string | number> = {}): void {
    this.#report({ code, severity: 'warning', at: { file: this.#source.file, line, column: 0 }, args });
  }

  /** First stage: one token of the text (`lexer.l:yylex1`). */
  #scan(): Token {
    if (this.#assigning) return this.#scanAssignment();
    const source = this.#source;
    const { text } = source;
    for (;;) {
      const start = source.pos;
      this.#tokenStart = start;
      if (start >= text.length) return this.#endOfFile();
      const code = text.charCodeAt(start);
      switch (code) {
        case 32: // blank
        case 9: // tab
          source.pos++;
          continue;
        case 10: // newline
          source.pos++;
          source.line++;
          return T.eol;
        case 35: // #
          source.pos = endOfLine(text, start);
          continue;
        case 34: // "
        case 39: // '
          source.pos++;
          return this.#scanString(code);
        case 92: // \
          if (text.charCodeAt(start + 1) === 10) {
            source.pos += 2;
            source.line++;
            continue;
          }
          break;
        default:
          if (this.#inWord[code] === 1) {
            const word = this.#scanWord(start);
            if (word === null) continue;
            return word;
          }
      }
      const operator = this.#scanOperator(code, text.charCodeAt(start + 1));
      if (operator !== null) return operator;
      source.pos++;
      this.#warn('kconfig-unsupported-character', source.line, { character: String.fromCharCode(code) });
    }
  }

  /** An operator at the current place; null where there is none. */
  #scanOperator(code: number, after: number): Token | null {
    const two = operatorOfTwo(code, after);
    const token = two ?? operatorOfOne(code);
    if (token !== null) this.#source.pos += two === null ? 1 : 2;
    return token;
  }

  /** A word, keyword or macro reference; null for a reference that expands to nothing. */
  #scanWord(start: number): Token | null {
    const source = this.#source;
    const { text } = source;
    const inWord = this.#inWord;
    let end = start;
    let dollar = false;
    for (let code = text.charCodeAt(end); inWord[code] === 1; code = text.charCodeAt(++end)) {
      if (code === 36) dollar = true;
    }
    if (dollar) {
      const where = this.#macroPosition(start);
      const expanded = this.#preprocessor.expandToken(text, start, endOfLine(text, start), where, this.#isWord);
      source.pos = expanded.next;
      if (expanded.value === '') return null;
      this.value = expanded.value;
      return T.word;
    }
    source.pos = end;
    this.value = text.slice(start, end);
    // No keyword begins with a capital letter, and most names of symbols do.
    const first = text.charCodeAt(start);
    return first >= 65 && first <= 90 ? T.word : (this.#keywords.get(this.value) ?? T.word);
  }

  /** A string, its opening quote already read (`lexer.l`, state STRING). */
  #scanString(quote: number): Token {
    const source = this.#source;
    const { text } = source;
    let value = '';
    let from = source.pos;
    let at = from;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote) {
        value += text.slice(from, at);
        source.pos = at + 1;
        this.value = value;
        return T.quoted;
      }
      if (code === 10) {
        this.#warn('kconfig-multi-line-string', this.statementLine);
        break;
      }
      if (code === 92 /* \ */) {
        value += text.slice(from, at);
        // The next char loses its meaning; a newline cannot be escaped here.
        from = at + 1;
        if (text.charCodeAt(from) !== 10) at++;
      } else if (code === 36 /* $ */) {
        value += text.slice(from, at);
        const where = this.#macroPosition(at);
        const reference = this.#preprocessor.expandDollar(text, at + 1, endOfLine(text, at), [], where);
        value += reference.value;
        from = reference.next;
        at = from - 1;
      }
    }
    at = Math.min(at, text.length);
    this.value = value + text.slice(from, at);
    source.pos = at;
    return T.quoted;
  }

  /** The right side of an assignment: the rest of the line, without leading blanks (`lexer.l`, state ASSIGN_VAL). */
  #scanAssignment(): Token {
    const source = this.#source;
    const { text } = source;
    let at = source.pos;
    while (text.charCodeAt(at) === 32 || text.charCodeAt(at) === 9) at++;
    const end = endOfLine(text, at);
    this.#tokenStart = at;
    source.pos = end;
    // The state ends with the line; what is read next is the newline or the end of the file.
    if (at === end) {
      if (end >= text.length) return this.#endOfFile();
      source.pos++;
      source.line++;
      return T.eol;
    }
    this.value = text.slice(at, end);
    return T.assignValue;
  }

  #endOfFile(): Token {
    if (this.#previous !== T.eol && this.#previous !== HELP_TEXT)
      this.#warn('kconfig-no-newline-at-end', this.#source.line);
    const parent = this.#stack.pop();
    if (!parent) return T.eof;
    this.#source = parent;
    return T.eol;
  }
}

function operatorOfTwo(code: number, after: number): Token | null {
  switch (code) {
    case 124: // |
      return after === 124 ? T.or : null;
    case 38: // &
      return after === 38 ? T.and : null;
    case 33: // !
      return after === 61 ? T.unequal : null;
    case 60: // <
      return after === 61 ? T.lessEqual : null;
    case 62: // >
      return after === 61 ? T.greaterEqual : null;
    case 58: // :
      return after === 61 ? T.colonEqual : null;
    case 43: // +
      return after === 61 ? T.plusEqual : null;
    default:
      return null;
  }
}

function operatorOfOne(code: number): Token | null {
  switch (code) {
    case 61: // =
      return T.equal;
    case 33: // !
      return T.not;
    case 60: // <
      return T.less;
    case 62: // >
      return T.greater;
    case 40:
      return T.open;
    case 41:
      return T.close;
    default:
      return null;
  }
}

/** Offset of the newline that ends the line at `from`, or of the text's end. */
function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end < 0 ? text.length : end;
}
