import { MODULE_NAME, MODULE_NAME_MACRO } from './module-name.ts';

/** Files of the tree. @returns null where there is none */
type ReadText = (path: string) => string | null;

/** A `#define`. */
interface Macro {
  /** Null for one without parentheses. */
  readonly parameters: readonly string[] | null;
  readonly body: string;
}

/** Files that are searched for a macro, the nearest first. */
const MAX_FILES = 200;
/** The same for what stands in a macro's place as an argument: many of these are no macros but members of an enum. */
const MAX_FILES_FOR_VALUES = 30;
const MAX_DEPTH = 12;

/** What makes an alias, and which argument it is (`include/linux/module.h`, `moduleparam.h`). */
const PRIMITIVES: Readonly<Record<string, number>> = { MODULE_ALIAS: 0, MODULE_INFO: 1, __MODULE_INFO: 2 };

const TOKEN = /"(?:[^"\\\n]|\\.)*"|[A-Za-z_]\w*|\/\*[\s\S]*?\*\/|##|[\s\S]/g;
const IDENTIFIER = /^[A-Za-z_]\w*$/;
/** A macro without parentheses, as kernel code writes them. */
const CONSTANT = /^[A-Z_][A-Z0-9_]*$/;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)/gm;

/**
 * Expands what ends in `MODULE_ALIAS(…)`, as the C preprocessor would: `MODULE_ALIAS_CRYPTO("aes")` are the aliases
 * `aes` and `crypto-aes`. The macros are looked for where the compiler finds them: in the source and what it includes,
 * the nearest file first.
 */
export class AliasMacros {
  readonly #readText: ReadText;
  readonly #filesForValues: number;
  readonly #folders: readonly string[];
  /** By name; null for what was looked for and not found. */
  readonly #macros = new Map<string, Macro | null>();
  readonly #files = new Map<string, { readonly text: string; readonly includes: readonly string[] } | null>();

  /**
   * @param srcarch whose headers count
   * @param filesForValues how many files are searched for what stands for a value
   */
  constructor(readText: ReadText, srcarch: string, filesForValues = MAX_FILES_FOR_VALUES) {
    this.#readText = readText;
    this.#filesForValues = filesForValues;
    this.#folders = ['include', `arch/${srcarch}/include`, 'include/uapi', `arch/${srcarch}/include/uapi`];
  }

  /**
   * The aliases that a call makes; none of them for devices (`pci:v*`).
   * @param call as the source has it: `MODULE_ALIAS_FS("ext4")`
   * @param source the file that has it, relative to the tree
   */
  expand(call: string, source: string): readonly string[] {
    const tokens = this.#expand(tokensOf(call), source, MAX_DEPTH);
    const found: string[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const place = PRIMITIVES[tokens[i]!];
      const list = place === undefined ? null : argumentsAt(tokens, i + 1);
      if (!list || (place! > 0 && textOf(list.args[0] ?? []) !== 'alias')) continue;
      const alias = joined(list.args[place!] ?? []);
      if (alias !== null && !/[*?[%]/.test(alias)) found.push(alias);
      i = list.end;
    }
    return found;
  }

  /**
   * The text that an expression makes.
   * @param source the file that has it, relative to the tree
   * @returns with `MODULE_NAME` for the module's name; null where it makes none
   */
  text(expression: string, source: string): string | null {
    const tokens = this.#expand(tokensOf(expression), source, MAX_DEPTH).filter((token) => token.trim() !== '');
    const own = tokens.map((token) => (token === MODULE_NAME_MACRO ? JSON.stringify(MODULE_NAME) : token));
    return joined(own);
  }

  /** A text with its macros expanded, those that are found. @param source the file that has it, relative to the tree */
  expanded(text: string, source: string): string {
    return this.#expand(tokensOf(text), source, MAX_DEPTH).join('');
  }

  /** @param inside the macros whose bodies these are from: as for the preprocessor, their names stand for themselves */
  #expand(tokens: readonly string[], source: string, depth: number, inside: readonly string[] = []): string[] {
    const out: string[] = [];
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i]!;
      const list = IDENTIFIER.test(token) ? argumentsAt(tokens, i + 1) : null;
      if (token === '__stringify' && list) {
        out.push(quoted(this.#expand(list.args.flatMap(withComma), source, depth - 1, inside)));
        i = list.end;
        continue;
      }
      const macro =
        depth > 0 && IDENTIFIER.test(token) && !(token in PRIMITIVES) && !inside.includes(token)
          ? this.#macro(token, !!list, source)
          : null;
      if (!macro || (macro.parameters && !list)) {
        out.push(token);
      } else if (!macro.parameters) {
        append(out, this.#expand(tokensOf(macro.body), source, depth - 1, [...inside, token]));
      } else {
        const body = this.#substituted(macro, list!.args, source, depth, inside);
        append(out, this.#expand(body, source, depth - 1, [...inside, token]));
        i = list!.end;
      }
    }
    return out;
  }

  /** A macro's body with arguments: `#p` as a text, `p##x` joined, `p` expanded. */
  #substituted(
    { parameters, body }: Macro,
    args: readonly (readonly string[])[],
    source: string,
    depth: number,
    inside: readonly string[],
  ): string[] {
    const tokens = tokensOf(body).filter((token) => token.trim() !== '' || token === ' ');
    const out: string[] = [];
    tokens.forEach((token, i) => {
      const place = parameters!.indexOf(token);
      const isPasted = neighbour(tokens, i, -1) === '##' || neighbour(tokens, i, 1) === '##';
      if (token === '#' && parameters!.includes(neighbour(tokens, i, 1) ?? '')) return;
      if (place < 0) out.push(token);
      else if (neighbour(tokens, i, -1) === '#') out.push(quoted(args[place] ?? []));
      else if (isPasted) out.push(textOf(args[place] ?? []));
      else append(out, this.#expand(args[place] ?? [], source, depth - 1, inside));
    });
    return tokensOf(out.join('').replace(/\s*##\s*/g, ''));
  }

  #macro(name: string, isCall: boolean, source: string): Macro | null {
    const own = this.#own(name, source);
    if (own) return own;
    const known = this.#macros.get(name);
    if (known !== undefined) return known;
    if (!isCall && !CONSTANT.test(name)) return null;
    const found = this.#search(name, source, isCall ? Math.max(MAX_FILES, this.#filesForValues) : this.#filesForValues);
    this.#macros.set(name, found);
    return found;
  }

  /** A macro of the source itself: others may have another one of its name. */
  #own(name: string, source: string): Macro | null {
    const key = `${source} ${name}`;
    let macro = this.#macros.get(key);
    if (macro === undefined) {
      const text = this.#file(source)?.text ?? '';
      macro = text.includes(name) ? macroIn(text, name) : null;
      this.#macros.set(key, macro);
    }
    return macro;
  }

  #search(name: string, source: string, most: number): Macro | null {
    const seen = new Set([source]);
    for (const path of seen) {
      const file = this.#file(path);
      const macro = file?.text.includes(name) ? macroIn(file.text, name) : null;
      if (macro) return macro;
      for (const included of file?.includes ?? []) if (seen.size < most) seen.add(included);
    }
    return null;
  }

  #file(path: string): { readonly text: string; readonly includes: readonly string[] } | null {
    let file = this.#files.get(path);
    if (file === undefined) {
      const text = this.#readText(path);
      file = text === null ? null : { text, includes: this.#includes(path, text) };
      this.#files.set(path, file);
    }
    return file;
  }

  /** The places where included files may be. */
  #includes(path: string, text: string): string[] {
    const own = path.slice(0, path.lastIndexOf('/') + 1);
    return [...text.matchAll(INCLUDE)].flatMap(([, beside, name = beside!]) => [
      ...(beside === undefined ? [] : [own + beside]),
      ...this.#folders.map((folder) => `${folder}/${name}`),
    ]);
  }
}

/** Adds tokens one by one: a table of devices has more of them than a call can have arguments. */
function append(out: string[], tokens: readonly string[]): void {
  for (const token of tokens) out.push(token);
}

function tokensOf(text: string): string[] {
  return [...text.matchAll(TOKEN)].map(([token]) => token).filter((token) => !token.startsWith('/*'));
}

const neighbour = (tokens: readonly string[], from: number, step: 1 | -1): string | undefined => {
  let i = from + step;
  while (tokens[i] === ' ') i += step;
  return tokens[i];
};

const textOf = (tokens: readonly string[]): string => tokens.join('').trim();

const quoted = (tokens: readonly string[]): string => JSON.stringify(textOf(tokens).replaceAll('"', ''));

const withComma = (arg: readonly string[], index: number): readonly string[] => (index === 0 ? arg : [',', ...arg]);

/** The arguments of a call whose parenthesis is the next token; null where none is. */
function argumentsAt(
  tokens: readonly string[],
  from: number,
): { readonly args: string[][]; readonly end: number } | null {
  let i = from;
  while (i < tokens.length && tokens[i]!.trim() === '') i++;
  if (tokens[i] !== '(') return null;
  const args: string[][] = [[]];
  let depth = 0;
  for (; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token === '(' && depth++ === 0) continue;
    if (token === ')' && --depth === 0) return { args, end: i };
    if (token === ',' && depth === 1) args.push([]);
    else args.at(-1)!.push(token);
  }
  return null;
}

/** Texts that stand one behind the other; null where there is anything else. */
function joined(tokens: readonly string[]): string | null {
  const words = tokens.filter((token) => token.trim() !== '');
  if (words.length === 0 || !words.every((word) => word.startsWith('"'))) return null;
  return words.map((word) => word.slice(1, -1)).join('');
}

function macroIn(text: string, name: string): Macro | null {
  const pattern = new RegExp(`^[ \\t]*#[ \\t]*define[ \\t]+${name}\\b(\\([^)\\n]*\\))?[ \\t]*((?:\\\\\\n|.)*)`, 'm');
  const match = pattern.exec(text);
  if (!match) return null;
  const [, list, body = ''] = match;
  return {
    parameters:
      list === undefined
        ? null
        : list
            .slice(1, -1)
            .split(',')
            .map((word) => word.trim()),
    body: body.replaceAll('\\\n', ' '),
  };
}
