/**
 * Reads the part of the shell's language (POSIX, "Shell Command Language") that scripts of the kernel tree are written
 * in. It is for telling what a text may do, so what is not sure to be understood is not read at all.
 */

/** A piece of a word. */
export type Part =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  /** `$name`, `${name}`; with what stands behind an operator, `${name:-word}`; empty for `${#name}`. */
  | { readonly kind: 'parameter'; readonly name: string; readonly operand: Word | null; readonly quoted: boolean }
  | { readonly kind: 'command'; readonly body: ShellNode; readonly quoted: boolean }
  /** `$((…))`: the variables that it names, and the expansions in it. */
  | { readonly kind: 'arithmetic'; readonly names: readonly string[]; readonly parts: Word };

export type Word = readonly Part[];

export type Redirection =
  | { readonly kind: 'input' | 'output' | 'descriptor'; readonly target: Word }
  /** A here-document, as the command gets it. */
  | { readonly kind: 'text'; readonly text: string };

export type ShellNode =
  | {
      readonly kind: 'simple';
      readonly assignments: readonly (readonly [name: string, value: Word])[];
      readonly words: readonly Word[];
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'pipeline'; readonly parts: readonly ShellNode[] }
  | { readonly kind: 'sequence'; readonly nodes: readonly ShellNode[] }
  /** `if`, `case`, `&&`, `||`: the first runs, the others may. */
  | { readonly kind: 'choice'; readonly first: ShellNode; readonly rest: readonly ShellNode[] }
  | { readonly kind: 'loop'; readonly body: ShellNode }
  | {
      readonly kind: 'group';
      readonly body: ShellNode;
      readonly subshell: boolean;
      readonly redirections: readonly Redirection[];
    }
  | { readonly kind: 'function'; readonly name: string; readonly body: ShellNode };

/** A here-document whose text is still to come. */
interface Awaited {
  readonly end: string;
  /** Tabs at the start of lines are taken away. */
  readonly tabs: boolean;
  /** Nothing in it is expanded. */
  readonly raw: boolean;
  text: string;
}

/** Says that a text is not of the language that is read. */
class Unreadable extends Error {}

/** What a text does. @returns null where it is not understood */
export function readShell(text: string): ShellNode | null {
  if (CONTROL.test(text)) return null;
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof Unreadable || error instanceof RangeError) return null;
    throw error;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: shells drop some of these
const CONTROL = /[\0-\x08\x0b-\x1f\x7f]/;
const BLANK = /(?:[ \t]|\\\n)*(?:#[^\n]*)?/y;
const NAME = /[A-Za-z_]\w*/y;
const PARAMETER = /[A-Za-z_]\w*|[\d@*#?]/y;
const BRACED_PARAMETER = /\{(#?)([A-Za-z_]\w*|\d+|[@*#?])(:?[-+?]|%%?|##?|)/y;
const ASSIGNMENT = /([A-Za-z_]\w*)=/y;
const FUNCTION = /([A-Za-z_]\w*)[ \t]*\([ \t]*\)\s*(?=\{)/y;
/** Of what goes to another descriptor than the usual ones, or comes from one, nothing is read. */
const REDIRECTION = /[12]?(>>|>&?)|<<-?|<(?!&)/y;
const END_OF_WORD = String.raw`(?=[\s;&|<>()]|$)`;
const RESERVED = new RegExp(`(?:if|then|else|elif|fi|while|until|do|done|case|esac|for|[{}!])${END_OF_WORD}`, 'y');
/** Words of arithmetic that change nothing. */
const ARITHMETIC = /[A-Za-z_]\w*|\d+|[-+*/%()?:]|[<>]=?|[=!]=|[ \t]+/y;

class Reader {
  readonly #text: string;
  #at = 0;
  #awaited: Awaited[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  whole(): ShellNode {
    const node = this.#list();
    if (this.#at < this.#text.length || this.#awaited.length > 0) throw new Unreadable();
    return node;
  }

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found) this.#at += found[0].length;
    return found;
  }

  #takes(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  #expect(text: string): void {
    this.#take(BLANK);
    if (!this.#takes(text)) throw new Unreadable();
  }

  /** The reserved word that comes next, which is left where it is. */
  #reserved(): string | null {
    this.#take(BLANK);
    const at = this.#at;
    const found = this.#take(RESERVED);
    this.#at = at;
    return found?.[0] ?? null;
  }

  #expectReserved(...words: string[]): string {
    this.#newlines();
    const found = this.#reserved();
    if (found === null || !words.includes(found)) throw new Unreadable();
    this.#at += found.length;
    return found;
  }

  #newlines(): void {
    for (this.#take(BLANK); this.#text[this.#at] === '\n'; this.#take(BLANK)) {
      this.#at++;
      for (const awaited of this.#awaited.splice(0)) this.#hereDocument(awaited);
    }
  }

  #hereDocument(document: Awaited): void {
    for (;;) {
      const end = this.#text.indexOf('\n', this.#at);
      if (end < 0) throw new Unreadable();
      const line = this.#text.slice(this.#at, end).replace(document.tabs ? /^\t+/ : '', '');
      this.#at = end + 1;
      if (line === document.end) break;
      document.text += `${line}\n`;
    }
    if (!document.raw && /[$`\\]/.test(document.text)) throw new Unreadable();
  }

  /** Commands up to what ends a list, which is left where it is. */
  #list(): ShellNode {
    const nodes: ShellNode[] = [];
    for (;;) {
      this.#newlines();
      const next = this.#text[this.#at];
      if (next === undefined || next === ')' || next === ';') break;
      if (/^(?:then|else|elif|fi|do|done|esac|\})$/.test(this.#reserved() ?? '')) break;
      nodes.push(this.#andOr());
      this.#take(BLANK);
      if (this.#text.startsWith(';;', this.#at) || !(this.#takes(';') || this.#text[this.#at] === '\n')) break;
    }
    return nodes.length === 1 ? nodes[0]! : { kind: 'sequence', nodes };
  }

  /** A list of at least one command. */
  #someList(): ShellNode {
    const list = this.#list();
    if (list.kind === 'sequence' && list.nodes.length === 0) throw new Unreadable();
    return list;
  }

  #andOr(): ShellNode {
    const first = this.#pipeline();
    const rest: ShellNode[] = [];
    for (this.#take(BLANK); this.#takes('&&') || this.#takes('||'); this.#take(BLANK)) {
      this.#newlines();
      rest.push(this.#pipeline());
    }
    return rest.length === 0 ? first : { kind: 'choice', first, rest };
  }

  #pipeline(): ShellNode {
    if (this.#reserved() === '!') this.#at++;
    const parts = [this.#command()];
    for (this.#take(BLANK); /^\|[^|]/.test(this.#text.slice(this.#at, this.#at + 2)); this.#take(BLANK)) {
      this.#at++;
      this.#newlines();
      parts.push(this.#command());
    }
    return parts.length === 1 ? parts[0]! : { kind: 'pipeline', parts };
  }

  #command(): ShellNode {
    const reserved = this.#reserved();
    if (reserved === null) {
      const found = this.#take(FUNCTION);
      if (found) return { kind: 'function', name: found[1]!, body: this.#command() };
      // Arithmetic, to some shells.
      if (this.#takes('((')) throw new Unreadable();
      if (this.#takes('(')) return this.#group(this.#someList(), ')');
      return this.#simple();
    }
    this.#at += reserved.length;
    if (reserved === '{') return this.#group(this.#someList(), '}');
    if (reserved === 'if') return this.#plain(this.#if());
    if (reserved === 'while' || reserved === 'until') {
      const condition = this.#someList();
      this.#expectReserved('do');
      const body: ShellNode = { kind: 'sequence', nodes: [condition, this.#someList()] };
      this.#expectReserved('done');
      return this.#plain({ kind: 'loop', body });
    }
    if (reserved === 'case') return this.#plain(this.#case());
    throw new Unreadable();
  }

  #group(body: ShellNode, end: string): ShellNode {
    this.#newlines();
    this.#expect(end);
    return { kind: 'group', body, subshell: end === ')', redirections: this.#redirections() };
  }

  /** With the redirections behind it. */
  #plain(body: ShellNode): ShellNode {
    return { kind: 'group', body, subshell: false, redirections: this.#redirections() };
  }

  #if(): ShellNode {
    const first = this.#someList();
    this.#expectReserved('then');
    const rest = [this.#someList()];
    const next = this.#expectReserved('elif', 'else', 'fi');
    if (next === 'elif') rest.push(this.#if());
    if (next === 'else') {
      rest.push(this.#someList());
      this.#expectReserved('fi');
    }
    return { kind: 'choice', first, rest };
  }

  #case(): ShellNode {
    this.#take(BLANK);
    // As an argument of a command that does nothing, for the expansions in it.
    const words = [[{ kind: 'text', text: ':', quoted: true } as const], this.#word('')];
    const rest: ShellNode[] = [];
    this.#newlines();
    if (!this.#takes('in')) throw new Unreadable();
    for (this.#newlines(); this.#reserved() !== 'esac'; this.#newlines()) {
      this.#takes('(');
      for (let more = true; more; more = this.#takes('|')) {
        this.#take(BLANK);
        words.push(quoted(this.#word('')));
        this.#take(BLANK);
      }
      this.#expect(')');
      rest.push(this.#list());
      this.#newlines();
      if (!this.#takes(';;') && this.#reserved() !== 'esac') throw new Unreadable();
    }
    this.#at += 'esac'.length;
    return { kind: 'choice', first: { kind: 'simple', assignments: [], words, redirections: [] }, rest };
  }

  #simple(): ShellNode {
    const assignments: [string, Word][] = [];
    const words: Word[] = [];
    const redirections: Redirection[] = [];
    for (;;) {
      this.#take(BLANK);
      const redirection = this.#redirection();
      if (redirection) {
        redirections.push(redirection);
        continue;
      }
      const next = this.#text[this.#at];
      if (next === undefined || '\n;&|)'.includes(next)) break;
      const name = words.length === 0 ? this.#take(ASSIGNMENT)?.[1] : undefined;
      if (name === undefined) words.push(this.#plainWord());
      else assignments.push([name, this.#value()]);
    }
    if (assignments.length + words.length + redirections.length === 0) throw new Unreadable();
    return { kind: 'simple', assignments, words, redirections };
  }

  /** A word that is no number of a descriptor. */
  #plainWord(): Word {
    const start = this.#at;
    const word = this.#word('');
    if (/^\d+[<>]$/.test(this.#text.slice(start, this.#at + 1))) throw new Unreadable();
    return word;
  }

  /** What is assigned; nothing may stand there. Its words are not split, and no names of files. */
  #value(): Word {
    const next = this.#text[this.#at];
    return next === undefined || /[\s;&|)]/.test(next) ? [] : quoted(this.#word(''));
  }

  #redirections(): Redirection[] {
    const found: Redirection[] = [];
    for (this.#take(BLANK); ; this.#take(BLANK)) {
      const redirection = this.#redirection();
      if (!redirection) return found;
      found.push(redirection);
    }
  }

  #redirection(): Redirection | null {
    const found = this.#take(REDIRECTION);
    if (!found) return null;
    this.#take(BLANK);
    const target = this.#word('');
    const operator = found[1] ?? found[0];
    if (operator === '<') return { kind: 'input', target };
    if (operator.startsWith('>')) return { kind: operator === '>&' ? 'descriptor' : 'output', target };
    const [end, more] = target;
    if (end?.kind !== 'text' || more) throw new Unreadable();
    const tabs = operator === '<<-';
    const document = { kind: 'text' as const, end: end.text, tabs, raw: end.quoted, text: '' };
    this.#awaited.push(document);
    return document;
  }

  /**
   * A word, or what stands up to a character.
   * @param end what it ends before: `"` or `}`; empty for a word of a command
   */
  #word(end: '' | '"' | '}'): Word {
    const parts: Part[] = [];
    const inQuotes = end === '"';
    const start = this.#at;
    const add = (text: string, isQuoted: boolean): void => {
      const last = parts.at(-1);
      if (last?.kind === 'text' && last.quoted === isQuoted)
        parts[parts.length - 1] = { ...last, text: last.text + text };
      else parts.push({ kind: 'text', text, quoted: isQuoted });
    };
    for (;;) {
      const next = this.#text[this.#at];
      if (next === undefined ? end === '' : next === end || (end === '' && /[\s;&|<>()]/.test(next))) break;
      if (next === undefined || next === '`') throw new Unreadable();
      this.#at++;
      if (next === '$') parts.push(this.#expansion(inQuotes));
      else if (next === '\\') {
        const escaped = this.#text[this.#at++];
        if (escaped === undefined) throw new Unreadable();
        if (escaped !== '\n') add(inQuotes && !'$`"\\'.includes(escaped) ? `\\${escaped}` : escaped, true);
      } else if (inQuotes) add(next, true);
      // What quotes mean between braces hangs on the quotes around these.
      else if (next === '{' || next === '}' || next === '~' || (end === '}' && /['"]/.test(next)))
        throw new Unreadable();
      else if (next === "'") {
        const close = this.#text.indexOf("'", this.#at);
        if (close < 0) throw new Unreadable();
        add(this.#text.slice(this.#at, close), true);
        this.#at = close + 1;
      } else if (next === '"') {
        add('', true);
        for (const part of this.#word('"')) {
          if (part.kind === 'text') add(part.text, true);
          else parts.push(part);
        }
        this.#at++;
      } else add(next, false);
    }
    if (end === '' && this.#at === start) throw new Unreadable();
    return parts;
  }

  /** What stands behind a `$`. */
  #expansion(isQuoted: boolean): Part {
    if (this.#takes('((')) return this.#arithmetic();
    if (this.#takes('(')) {
      const awaited = this.#awaited;
      this.#awaited = [];
      const body = this.#list();
      this.#newlines();
      if (!this.#takes(')') || this.#awaited.length > 0) throw new Unreadable();
      this.#awaited = awaited;
      return { kind: 'command', body, quoted: isQuoted };
    }
    const braced = this.#take(BRACED_PARAMETER);
    if (braced) {
      const [, length, name, operator] = braced;
      if (length !== '' && operator !== '') throw new Unreadable();
      // As a pattern or another value, what stands there is no file's name.
      const operand = operator !== '' ? quoted(this.#word('}')) : length !== '' ? [] : null;
      if (!this.#takes('}')) throw new Unreadable();
      return { kind: 'parameter', name: name!, operand, quoted: isQuoted };
    }
    const name = this.#take(PARAMETER)?.[0];
    if (name === undefined) throw new Unreadable();
    return { kind: 'parameter', name, operand: null, quoted: isQuoted };
  }

  #arithmetic(): Part {
    const names: string[] = [];
    const parts: Part[] = [];
    for (let depth = 0; ; ) {
      if (depth === 0 && this.#takes('))')) return { kind: 'arithmetic', names, parts };
      const start = this.#at;
      if (this.#takes('$')) parts.push(this.#expansion(true));
      else {
        const found = this.#take(ARITHMETIC)?.[0];
        if (found === undefined || /^(?:\+\+|--)/.test(this.#text.slice(start, start + 2))) throw new Unreadable();
        if (found === '(') depth++;
        if (found === ')') depth--;
        NAME.lastIndex = 0;
        if (NAME.test(found)) names.push(found);
      }
    }
  }
}

/** The same word, where the shell neither splits it nor looks for files. */
function quoted(word: Word): Word {
  return word.map((part) => (part.kind === 'arithmetic' ? part : { ...part, quoted: true }));
}
