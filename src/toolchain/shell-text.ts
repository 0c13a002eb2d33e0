/**
 * Takes a text apart into simple commands, if it is written in a small part of the shell's language: words, strings of
 * one line, `$name`, `$(…)`, pipes, `if`, `while`, `case`, functions, here-documents that go into a pipe, and /dev/null.
 * What may mean more is refused: globs, `for`, subshells, jobs, other redirections, strings joined to words.
 */

/** Ends the reading of a text that may do anything. */
export class NotPlain extends Error {}

export function ensure(condition: boolean): asserts condition {
  if (!condition) throw new NotPlain();
}

export interface ShellText {
  /** `\ue000N\ue001` stands in it for the N-th of the `substitutions`, `\ue002` for a number. */
  readonly code: string;
  /** What is in `$(…)`. */
  readonly substitutions: readonly string[];
  readonly functions: ReadonlyMap<string, string>;
}

/** A simple command; its parts are as they are written. */
export interface SimpleCommand {
  /** Words of the shell's own before it: `while`, `!`. */
  readonly keywords: readonly string[];
  readonly assignments: readonly (readonly [name: string, value: string])[];
  readonly words: readonly string[];
  /** It reads /dev/null. */
  readonly isWithoutInput: boolean;
  /** `;`, `&&`, `||`, `|` or a newline. */
  readonly before: string;
  readonly after: string;
}

const COMMENT_OR_DOCUMENT =
  /^[ \t]*#.*$|^([ \t]*cat )<<(-?) ?(["']?)(\w+)\3( \| [^\n(]+)\n((?:[\s\S]*?\n)??)(\t*)\4$/gm;
/** Of numbers alone: the name of a variable could change it. */
const ARITHMETIC = /\$\(\((?:\d+|\$[\d#]|\$\{\d:-\d+\}|[ */%+]|-(?!-))*\)\)|\$#/g;
const SUBSTITUTION = /(?<!\\)\$\(([^()'\ue003]*)\)/g;
const MAX_NESTED = 8;
const KEYWORD = /^(?:if|then|else|elif|fi|while|do|done|esac|!)$/;
const ASSIGNMENT = /^([A-Za-z_]\w*)=(.*)$/s;
const FUNCTION = /^([a-z]+_\w+)\(\)\n\{\n([\s\S]*?)^\}$/gm;
const CASE_PARTS = /^[ \t]*(?:[\w*.|]+\)|;;)$/gm;

const EXPANSION = String.raw`\$(?:\w+|[@*]|\{\w+(?:%%?[\w!.*[\]-]*|:-\w*)?\})|\ue000\d+\ue001|\ue002`;
const STRING = String.raw`"(?:${EXPANSION}|\\[n$]|[^"$\\\x60\n])*"|'[^'\n]*'|\ue003[^\ue003]*\ue003`;
const WORD = String.raw`(?:[A-Za-z_]\w*=)?(?:${STRING})|(?:${EXPANSION}|[\w.,+=/:%@-])+|\[|\]|!=?`;
const REDIRECTION = '(?:[12]?>|<) ?/dev/null|[12]?>&[12]';
const TOKEN = new RegExp(String.raw`[ \t]+|[\n;]|&&|\|\|?|(?:${REDIRECTION}|${WORD})(?=[\s;|&]|$)`, 'gy');

/** @throws NotPlain */
export function readShellText(text: string): ShellText {
  ensure(/^[\t\n -~]*$/.test(text));
  const substitutions: string[] = [];
  const functions = new Map<string, string>();
  let code = text
    .replace(COMMENT_OR_DOCUMENT, (...match) => hereDocument(match))
    .replace(/^IFS='\n'$/gm, "IFS=' '")
    .replace(/(?<=[ \t])\\\n/g, ' ')
    .replace(/(&&|\|)[ \t]*\n/g, '$1 ')
    .replace(ARITHMETIC, '\ue002');
  for (let depth = 0; depth < MAX_NESTED; depth++)
    code = code.replace(SUBSTITUTION, (_, inner: string) => `\ue000${substitutions.push(inner) - 1}\ue001`);
  code = code.replace(CASE_PARTS, '').replace(FUNCTION, (_, name: string, body: string) => {
    functions.set(name, body);
    return '';
  });
  return { code, substitutions, functions };
}

/** A here-document as a word between two `\ue003`; nothing where the match is a comment. */
function hereDocument([, cat, tabs, quote, , rest, body, indent]: string[]): string {
  if (cat === undefined) return '';
  ensure((tabs === '-' || indent === '') && (quote !== '' || !/[$`\\]/.test(body!)));
  const text = tabs === '-' ? body!.replace(/^\t+/gm, '') : body!;
  return `${cat}\ue003${text.replaceAll('\n', '\ue004')}\ue003${rest}`;
}

/** The text of a word that is a string without expansions; null for others. */
export function literalOf(word: string): string | null {
  return /^['\ue003]/.test(word) ? word.slice(1, -1).replaceAll('\ue004', '\n') : null;
}

/** @throws NotPlain */
export function* simpleCommands(code: string): Generator<SimpleCommand> {
  const tokens: readonly string[] = code.match(TOKEN) ?? [];
  ensure(tokens.join('') === code);
  let before = '\n';
  let parts: string[] = [];
  for (const token of [...tokens, '\n']) {
    if (/^[ \t]/.test(token)) continue;
    if (!/^(?:[\n;|]|&&)/.test(token)) parts.push(token);
    else {
      if (parts.length > 0) yield { ...simpleCommand(parts), before, after: token };
      else ensure(token === '\n' && !/[&|]/.test(before));
      before = token;
      parts = [];
    }
  }
}

function simpleCommand(parts: readonly string[]): Omit<SimpleCommand, 'before' | 'after'> {
  const keywords: string[] = [];
  const assignments: [string, string][] = [];
  const words: string[] = [];
  let isWithoutInput = false;
  for (const part of parts) {
    const isStart = words.length === 0;
    const assignment = ASSIGNMENT.exec(part);
    if (/^[12]?[<>]/.test(part)) {
      ensure(!isStart);
      isWithoutInput ||= part.startsWith('<');
    } else if (isStart && assignment) assignments.push([assignment[1]!, assignment[2]!]);
    else if (isStart && assignments.length === 0 && KEYWORD.test(part)) keywords.push(part);
    else words.push(part);
  }
  return { keywords, assignments, words, isWithoutInput };
}
