/** Which calls of the toolchain's programs depend on nothing but the programs, or on where the compiler searches. */
import { isCompilerFlag, isLinkerFlag, readsMore, takesArgument } from './tool-commands.ts';

/** Stands for the name of a file from `mktemp`. No text has it, as texts are Latin-1. */
export const MADE_FILE = '\ue000made';
const MADE = new RegExp(`^${MADE_FILE}[\\w.]*$`);

/** What an answer of the compiler depends on: on itself `alone`, or also on the directories that it `searches`. */
export type CompilerUse = 'alone' | 'searches';

/** Flags beside those that a probe of a single flag has. */
const MORE_FLAGS = /^-(?:P|w|static|shared|nostdlib|nostdinc)$/;
const ASKS_VERSION = /^-(?:-version|dumpversion|dumpmachine)$/;
const ASKS_PLACE = /^-print-(?:file|prog|libgcc-file)-name(?:=[\w.+-]+)?$/;
/** What is no link. */
const STOPS_EARLY = /^-[cSE]$/;
const CONDITION = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|define|undef|error)\b/gm;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*<(?!\/)(?![^>]*\.\.)[\w./-]+>[ \t]*$/gm;
/** Macros that are not the same each time. */
const CHANGING = /__(?:DATE|TIME|TIMESTAMP|FILE|BASE_FILE|COUNTER)__/;

const BINUTILS = /^(?:[\w.]+-)*(?:nm|ar|as|objcopy|objdump|readelf|strip)(?:-[\d.]+)?$/;

/**
 * @param words what stands behind the compiler's name
 * @param input what it can read on its standard input; null where that is not known
 * @returns null where the answer may depend on anything
 */
export function compilerUse(words: readonly string[], input: string | null): CompilerUse | null {
  if (words.length === 1 && ASKS_VERSION.test(words[0]!)) return 'alone';
  if (words.length === 1 && ASKS_PLACE.test(words[0]!)) return 'searches';
  let inputs = 0;
  let output: string | null = null;
  let searches = !words.some((word) => STOPS_EARLY.test(word));
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '/dev/null') inputs++;
    else if (word === '-') {
      if (input === null || CHANGING.test(input) || /[\0\\]$/m.test(input)) return null;
      const code = input.replace(INCLUDE, '');
      if (readsMore(code.replace(CONDITION, ''))) return null;
      searches ||= code !== input;
      inputs++;
    } else if (word === '-o') output = words[++at] ?? '';
    else if (takesArgument(word)) {
      if (!takesArgument(word, words[++at] ?? '')) return null;
    } else if (!isCompilerFlag(word) && !MORE_FLAGS.test(word)) return null;
  }
  const isHarmless = output === null ? words.includes('-E') : isLost(output) || output === '-';
  // What is printed names the working directory.
  const namesPlace = output !== '/dev/null' && words.some((word) => /^-g|debug|working-dir/.test(word));
  if (inputs !== 1 || !isHarmless || namesPlace) return null;
  return searches ? 'searches' : 'alone';
}

/** Whether a call of the linker links nothing but what was made for it. @param words what stands behind its name */
export function isLinkerCall(words: readonly string[]): boolean {
  const text = words.map((word) => (isLost(word) ? '.' : word)).join(' ');
  const rest = text.replace(/(?<=^| )(?:-o \.|-z [\w-]+|-m \w+)(?= |$)/g, '-v').split(' ');
  return rest.every((word) => word === '.' || /^-(?:v|V|shared|Bsymbolic)$/.test(word) || isLinkerFlag(word));
}

/** Whether a program reads nothing but its standard input and what was made for it. @param words its arguments */
export function isToolCall(name: string, words: readonly string[]): boolean {
  const text = words.map((word) => (MADE.test(word) ? '.' : word)).join(' ');
  if (name === 'grep') return words.length === 2 && /^-[qiv]+ (?!-)/.test(text);
  if (name === 'head') return /^(?:-n ?)?-?\d+$/.test(text) && text.startsWith('-');
  if (name === 'mktemp') return words.length === 0;
  if (name === 'rm') return /^-f(?: \.)+$/.test(text);
  return BINUTILS.test(name) && /^(?:--version|--help|-V|(?:-O binary |-[dhSstr] )*\.(?: \.)?)$/.test(text);
}

function isLost(output: string): boolean {
  return output === '/dev/null' || MADE.test(output);
}
