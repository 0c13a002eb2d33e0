/**
 * Which commands of Kconfig files ask the compiler or the linker, and nothing else: their answers can be cached as long
 * as the programs stay the same. Whoever is in doubt about a command has it run.
 */

/** The tools as the commands name them: the values of `CC` and `LD`. */
export interface ToolNames {
  readonly compiler: string;
  readonly linker: string;
}

/** scripts/Kconfig.include: `if-success`. */
const IF_SUCCESS = /^\{ (.*); \} >\/dev\/null 2>&1 && echo "([\w -]*)" \|\| echo "([\w -]*)"$/;
/** Words of a command that mean themselves to the shell, and no option to what gets them. */
const WORD = String.raw`\w[\w.+-]*`;
const TEST_EMPTY = new RegExp(`^test (-[zn]) "((?:${WORD})?(?: ${WORD})*)"$`);
const TEST_EQUAL = new RegExp(`^test "((?:${WORD})?)" (!?=) (${WORD})$`);
const NTH_WORD = new RegExp(`^set -- ((?:${WORD})(?: ${WORD})*) && echo \\$(\\d)$`);
/** What `echo` takes for an option. */
const ECHO_OPTION = /^-[neE]+$/;
/** `cc-option` makes a directory for its output (6.1 and later; older ones write to /dev/null). */
const TEMPORARY = /^trap "rm -rf \.tmp_\$\$" EXIT; mkdir \.tmp_\$\$; (.*)$/;
/** Text for the compiler to read; single-quoted, so the shell leaves it alone. */
const ECHO = /^echo '([^']*)' \| (.*)$/;
/** `as-instr`; of what the shell or printf would change, only the end of a line and an escaped dollar. */
const PRINTF = /^printf "%b\\n" "((?:[^"\\$`]|\\n|\\\$)*)" \| (.*)$/;

/** What makes the compiler or the assembler read another file, or ask about its surroundings. */
const READS_MORE = /#|%:|\?\?=|__has|_Pragma|\.inc(?!\w*s)/i;
/** What `echo` makes a character of that may be a `#`. */
const ESCAPED = /\\0/;

const COMPILER_WORD = new RegExp(
  [
    String.raw`-[fmgO][\w=.,+-]*`,
    String.raw`-W(?![alp],)[\w=+-]*`,
    String.raw`-Wa,--?[mW\w][\w=.+-]*`,
    String.raw`-D\w+(=[\w.]*)?`,
    String.raw`-std=[\w+]+`,
    String.raw`-enable-[\w-]+`,
    '-[cSE]',
    '-frandomize-layout-seed-file=/dev/null',
  ]
    .map((kind) => `^${kind}$`)
    .join('|'),
);
/** Words with an argument behind them, and what that may be. */
const WITH_ARGUMENT: Readonly<Record<string, RegExp>> = {
  '-x': /^(?:c|assembler-with-cpp)$/,
  '-o': /^(?:\/dev\/null|\.tmp_\$\$\/tmp\.o)$/,
  '-mllvm': /^-[\w=-]+$/,
  '--param': /^[\w-]+=\w+$/,
};
/** Flags that name files, or that ask for the machine's own processor. */
const NAMES_FILES = /native|plugin|profile|list|file(?!=\/dev\/null$)|dump|info|cache|path|map|lto|module|save|-Wa,-I/;
const LINKER_WORD = /^--[a-z][a-z-]*(?:=[\w-]+)?$/;
const LINKER_FILES = /plugin|script|file|list|sysroot|rpath|library|symbol|map|path/i;

/** Which of the tools a command asks; null where it may ask, read or depend on anything else. */
export function askedTool(command: string, tools: ToolNames): keyof ToolNames | null {
  const body = IF_SUCCESS.exec(command)?.[1];
  if (body === undefined) return null;
  const rest = afterName(body, tools.linker);
  if (rest !== null) return isLinkerQuestion(rest) ? 'linker' : null;
  return isCompilerQuestion(body, tools.compiler) ? 'compiler' : null;
}

/**
 * What a command prints that asks nothing but what stands in it: whether words are the same or empty, or which is the
 * n-th. Kconfig files take the compiler's name and version apart with such.
 * @returns null for any other command
 */
export function plainAnswer(command: string): string | null {
  const nth = NTH_WORD.exec(command);
  if (nth) return Number(nth[2]) === 0 ? null : `${nth[1]!.split(' ')[Number(nth[2]) - 1] ?? ''}\n`;
  const [, body = '', success = '', failure = ''] = IF_SUCCESS.exec(command) ?? [];
  const holds = isTrue(body);
  const text = holds ? success : failure;
  return holds === null || ECHO_OPTION.test(text) ? null : `${text}\n`;
}

/** A `test` of words; null for anything else. */
function isTrue(body: string): boolean | null {
  const empty = TEST_EMPTY.exec(body);
  if (empty) return (empty[2] === '') === (empty[1] === '-z');
  const equal = TEST_EQUAL.exec(body);
  return equal && (equal[1] === equal[3]) === (equal[2] === '=');
}

/** Whether a command makes a directory and files, and has succeeded: so does it no more where that is forbidden now. */
export function showsWriting(command: string, answer: string): boolean {
  const [, body = '', success] = IF_SUCCESS.exec(command) ?? [];
  return TEMPORARY.test(body) && answer === `${success}\n`;
}

function isCompilerQuestion(body: string, compiler: string): boolean {
  const text = ECHO.exec(body) ?? PRINTF.exec(body);
  if (text && (readsMore(text[1]!) || ESCAPED.test(text[1]!))) return false;
  const call = text?.[2] ?? TEMPORARY.exec(body)?.[1] ?? body;
  const rest = afterName(call, compiler) ?? afterName(call, '$CC');
  if (rest === null) return false;
  const input = text ? '-' : '/dev/null';
  let inputs = 0;
  const words = rest.split(/ +/).filter((word) => word !== '');
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === input) inputs++;
    else if (takesArgument(word)) {
      if (!takesArgument(word, words[++at] ?? '')) return false;
    } else if (!isCompilerFlag(word)) return false;
  }
  return inputs === 1;
}

/** Whether a program text may have the compiler or the assembler read more than it. */
export function readsMore(text: string): boolean {
  return READS_MORE.test(text);
}

/** Whether a word is a flag on which alone the compiler's answer depends. */
export function isCompilerFlag(word: string): boolean {
  return COMPILER_WORD.test(word) && !NAMES_FILES.test(word);
}

/** Whether a flag of the compiler has an argument behind it, and may have that one. */
export function takesArgument(word: string, argument?: string): boolean {
  if (!Object.hasOwn(WITH_ARGUMENT, word)) return false;
  return argument === undefined || WITH_ARGUMENT[word]!.test(argument);
}

/** Whether a word is a flag on which alone the linker's answer depends. */
export function isLinkerFlag(word: string): boolean {
  return LINKER_WORD.test(word) && !LINKER_FILES.test(word);
}

function isLinkerQuestion(rest: string): boolean {
  const [first, ...words] = rest.split(/ +/).filter((word) => word !== '');
  return first === '-v' && words.every(isLinkerFlag);
}

function afterName(text: string, name: string): string | null {
  return name !== '' && text.startsWith(`${name} `) ? text.slice(name.length + 1) : null;
}
