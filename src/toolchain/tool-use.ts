/** What calls of the compiler, the linker and other tools of binutils depend on beside the programs themselves. */
import { isCompilerFlag, isLinkerFlag, readsMore, takesArgument } from './tool-commands.ts';

/**
 * How a tool is called: `alone` where nothing but the program has a say, `files` where headers, libraries or places to
 * look for these have; null where that is not sure.
 */
export type ToolUse = 'alone' | 'files' | null;

/**
 * Stands for a file that the commands in question have made themselves, for the name that `mktemp` gives it. No text
 * has it, as texts are Latin-1.
 */
export const MADE_FILE = '\ue000made';
const MADE = new RegExp(`^${MADE_FILE}[\\w.]*$`);

/** Of programs by these names, some answers are known to hang on nothing else. */
export const TOOL_NAME = /^(?:[\w.]+-)*(?:nm|ar|as|objcopy|objdump|readelf|strip|pahole)(?:-[\d.]+)?$/;

/** Flags that ask nothing but the compiler, and that no probe of a single flag has. */
const MORE_FLAGS = /^-(?:P|w|static|shared|nostdlib|nostdinc|dumpversion|dumpmachine|-version)$/;
const ASKS_VERSION = /^-(?:-version|dumpversion|dumpmachine)$/;
/** What is no link. */
const STOPS_EARLY = /^-[cSE]$/;
const PRINTS_PLACE = /^-print-(?:file|prog|libgcc-file)-name(?:=[\w.+-]+)?$/;

const CONDITION = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif|define|undef|error)\b/gm;
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*<(?!\/)(?![^>]*\.\.)[\w./-]+>[ \t]*$/gm;
/** Macros that are not the same each time. */
const CHANGING = /__(?:DATE|TIME|TIMESTAMP|FILE|BASE_FILE|COUNTER)__/;

/**
 * @param words what stands behind the compiler's name
 * @param input what it can read on its standard input; null where that is not known
 */
export function compilerUse(words: readonly string[], input: string | null): ToolUse {
  if (words.length === 1 && PRINTS_PLACE.test(words[0]!)) return 'files';
  let inputs = 0;
  let output: string | null = null;
  let use: ToolUse = words.some((word) => STOPS_EARLY.test(word)) ? 'alone' : 'files';
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '/dev/null') inputs++;
    else if (word === '-') {
      const program = input === null ? null : programUse(input);
      if (program === null) return null;
      if (program === 'files') use = 'files';
      inputs++;
    } else if (word === '-o') output = words[++at] ?? '';
    else if (takesArgument(word)) {
      if (!takesArgument(word, words[++at] ?? '')) return null;
    } else if (!isCompilerFlag(word) && !MORE_FLAGS.test(word)) return null;
  }
  if (inputs === 0) return words.length > 0 && words.every((word) => ASKS_VERSION.test(word)) ? 'alone' : null;
  return inputs === 1 && isHarmless(output, use, words) ? use : null;
}

/** Whether what the compiler makes is left to nobody, or to the commands in question. */
function isHarmless(output: string | null, use: ToolUse, words: readonly string[]): boolean {
  // What is printed names the working directory.
  if (output !== '/dev/null' && words.some((word) => /^-g|debug|working-dir/.test(word))) return false;
  if (output === null) return words.includes('-E');
  // To see which files it reads, it is called once more.
  return output === '/dev/null' || output === '-' || (use === 'alone' && MADE.test(output));
}

/** What a program text hangs on. */
function programUse(text: string): ToolUse {
  if (CHANGING.test(text) || /[\0\\]$/m.test(text)) return null;
  const withoutIncludes = text.replace(INCLUDE, '');
  if (readsMore(withoutIncludes.replace(CONDITION, ''))) return null;
  return withoutIncludes === text ? 'alone' : 'files';
}

/** @param words what stands behind the linker's name */
export function linkerUse(words: readonly string[]): ToolUse {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '-o') {
      const output = words[++at] ?? '';
      if (!(output === '/dev/null' || MADE.test(output))) return null;
    } else if (word === '-z' || word === '-m') {
      if (!/^[\w-]+(?:=\w+)?$/.test(words[++at] ?? '')) return null;
    } else if (!(MADE.test(word) || /^-(?:v|V|shared|Bsymbolic)$/.test(word) || isLinkerFlag(word))) return null;
  }
  return words.length > 0 ? 'alone' : null;
}

/** @param words what stands behind the name of a tool that has a `TOOL_NAME` */
export function otherToolUse(words: readonly string[]): ToolUse {
  if (words.length === 1 && /^(?:--version|--help|-V)$/.test(words[0]!)) return 'alone';
  const made = words.filter((word) => MADE.test(word));
  const others = words.filter((word) => !MADE.test(word)).join(' ');
  return made.length > 0 && /^(?:(?:-[dhSstr]|-O binary)(?: |$))*$/.test(others) ? 'alone' : null;
}
