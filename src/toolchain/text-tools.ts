/** Tools that only turn the text that they are given into another, as far as they are called so. */

/** All arguments together, each with a blank behind it. */
const ARGUMENTS: Readonly<Record<string, RegExp>> = {
  cat: /^(?:- )?$/,
  head: /^(?:(?:-\d+|-[nc] ?\d+|-q) )*$/,
  tail: /^(?:(?:-\d+|-[nc] ?[+-]?\d+|-q) )*$/,
  cut: /^(?:-(?:d(?: {2}|\S )|[fcb] ?[\d,-]+ |s ))*$/,
  sort: /^(?:-[bdfnruVk][\d.,nrbd]* )*$/,
  uniq: /^(?:-[cdui]+ )*$/,
  wc: /^(?:-[clwm]+ )*$/,
};
const GREP_OPTION = /^-[EFGcivnqowxahs]+$/;
const SED_OPTION = /^-[nEruz]+$/;
/** `s` without its flags that write or run, and lines that are printed, deleted or the last. */
const SED_SCRIPT = /^(?:\d+|\$)?(?:,(?:\d+|\$))?(?:s([:/|,#@%])(?:(?!\1).)*\1(?:(?!\1).)*\1[gpiI\d]*|[pdq])$/;

/** Those whose arguments are texts, whatever they are. */
const ARGUMENTS_ONLY: ReadonlySet<string> = new Set(['basename', 'dirname', 'expr', 'tr']);

const NAMES: ReadonlySet<string> = new Set([
  ...Object.keys(ARGUMENTS),
  ...ARGUMENTS_ONLY,
  'grep',
  'egrep',
  'fgrep',
  'sed',
]);

/** Whether a program is one of these tools, going by its name. */
export function isTextTool(name: string): boolean {
  return NAMES.has(name);
}

/** Whether it does so whatever its arguments are. */
export function takesAnyText(name: string): boolean {
  return ARGUMENTS_ONLY.has(name);
}

/** Whether it reads nothing but its standard input, writes nothing but its output, and starts nothing. */
export function onlyTurnsText(name: string, words: readonly string[]): boolean {
  if (takesAnyText(name)) return true;
  if (name === 'sed') return hasOneOperand(words, SED_OPTION, SED_SCRIPT);
  if (name.endsWith('grep')) return hasOneOperand(words, GREP_OPTION, /^(?!-)/);
  return ARGUMENTS[name]!.test(words.map((word) => `${word} `).join(''));
}

function hasOneOperand(words: readonly string[], option: RegExp, operand: RegExp): boolean {
  const others = words.filter((word) => !option.test(word));
  return others.length === 1 && operand.test(others[0]!);
}
