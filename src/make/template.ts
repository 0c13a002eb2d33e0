/**
 * The expansion syntax of make: `$(name)`, `${name}`, `$x`, `$(name:a=b)`, `$(function args)`, `$$`.
 * A template is parsed once and expanded many times.
 */

/** A piece of literal text, a variable reference, a substitution reference or a function call. */
export type TemplatePart =
  | string
  | { readonly kind: 'variable'; readonly name: Template }
  | { readonly kind: 'substitution'; readonly name: Template; readonly from: Template; readonly to: Template }
  | { readonly kind: 'function'; readonly name: string; readonly args: readonly Template[] };

/** Unexpanded text; `parts` is parsed at the first use. */
export class Template {
  readonly raw: string;
  #parts: readonly TemplatePart[] | null = null;

  constructor(raw: string) {
    this.raw = raw;
  }

  /** The parsed pieces. */
  get parts(): readonly TemplatePart[] {
    this.#parts ??= parseTemplate(this.raw);
    return this.#parts;
  }

  /** Whether there is nothing to expand. */
  get isLiteral(): boolean {
    return !this.raw.includes('$');
  }
}

/** Functions and the number of arguments after which commas are ordinary text (function.c:function_table). */
const FUNCTION_ARGS: ReadonlyMap<string, number> = new Map([
  ['abspath', 1],
  ['addprefix', 2],
  ['addsuffix', 2],
  ['and', Number.POSITIVE_INFINITY],
  ['basename', 1],
  ['call', Number.POSITIVE_INFINITY],
  ['dir', 1],
  ['error', 1],
  ['eval', 1],
  ['file', 2],
  ['filter', 2],
  ['filter-out', 2],
  ['findstring', 2],
  ['firstword', 1],
  ['flavor', 1],
  ['foreach', 3],
  ['guile', 1],
  ['if', 3],
  ['info', 1],
  ['intcmp', 5],
  ['join', 2],
  ['lastword', 1],
  ['let', 3],
  ['notdir', 1],
  ['or', Number.POSITIVE_INFINITY],
  ['origin', 1],
  ['patsubst', 3],
  ['realpath', 1],
  ['shell', 1],
  ['sort', 1],
  ['strip', 1],
  ['subst', 3],
  ['suffix', 1],
  ['value', 1],
  ['warning', 1],
  ['wildcard', 1],
  ['word', 2],
  ['wordlist', 3],
  ['words', 1],
]);

/** Index of the delimiter that closes the reference opened before `start`, or -1. */
function findClose(text: string, start: number, open: number, close: number): number {
  let depth = 1;
  for (let i = start; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === open) depth++;
    else if (c === close && --depth === 0) return i;
  }
  return -1;
}

/**
 * Index just behind the reference that starts with the `$` at `start`; text.length where it is not closed.
 */
export function skipReference(text: string, start: number): number {
  const open = text.charCodeAt(start + 1);
  if (open !== 40 /* ( */ && open !== 123 /* { */) return Math.min(start + 2, text.length);
  const end = findClose(text, start + 2, open, open === 40 ? 41 : 125);
  return end < 0 ? text.length : end + 1;
}

function parseTemplate(text: string): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let literal = '';
  let i = 0;
  for (;;) {
    const dollar = text.indexOf('$', i);
    if (dollar < 0 || dollar === text.length - 1) break;
    literal += text.slice(i, dollar);
    const end = skipReference(text, dollar);
    const next = text[dollar + 1]!;
    if (next === '$') {
      literal += '$';
    } else {
      if (literal !== '') parts.push(literal);
      literal = '';
      if (next === '(' || next === '{') parts.push(parseReference(text.slice(dollar + 2, end - 1), next));
      else parts.push({ kind: 'variable', name: new Template(next) });
    }
    i = end;
  }
  literal += text.slice(i);
  if (literal !== '') parts.push(literal);
  return parts;
}

function parseReference(inner: string, open: string): TemplatePart {
  const call = /^([a-z-]+)(?:[ \t\n]+|$)/.exec(inner);
  const limit = call === null ? undefined : FUNCTION_ARGS.get(call[1]!);
  if (call !== null && limit !== undefined && (inner.length > call[1]!.length || call[1] === 'shell')) {
    const args = splitArguments(inner.slice(call[0].length), open, limit);
    return { kind: 'function', name: call[1]!, args: args.map((arg) => new Template(arg)) };
  }
  const colon = findTopLevel(inner, ':');
  if (colon > 0) {
    const equals = findTopLevel(inner, '=', colon + 1);
    if (equals > 0) {
      return {
        kind: 'substitution',
        name: new Template(inner.slice(0, colon)),
        from: new Template(inner.slice(colon + 1, equals)),
        to: new Template(inner.slice(equals + 1)),
      };
    }
  }
  return { kind: 'variable', name: new Template(inner) };
}

function findTopLevel(text: string, wanted: string, start = 0): number {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '$') i = skipReference(text, i) - 1;
    else if (text[i] === wanted) return i;
  }
  return -1;
}

function splitArguments(text: string, open: string, limit: number): string[] {
  const close = open === '(' ? ')' : '}';
  const args: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length && args.length < limit - 1; i++) {
    const c = text[i];
    if (c === open) depth++;
    else if (c === close) depth--;
    else if (c === ',' && depth === 0) {
      args.push(text.slice(start, i));
      start = i + 1;
    }
  }
  args.push(text.slice(start));
  return args;
}
