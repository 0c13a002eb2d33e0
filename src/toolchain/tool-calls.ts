/** Which calls of the toolchain's programs depend on nothing but the programs, or on where the compiler searches. */

/** What an answer of the compiler depends on: on itself `alone`, or also on the directories that it `searches`. */
export type CompilerUse = 'alone' | 'searches';

const ASKS_VERSION = /^-(?:-version|dumpversion|dumpmachine)$/;
const ASKS_PLACE = /^-print-(?:file-name=[\w.+-]+|libgcc-file-name)$/;
const COMPILER_FLAG = new RegExp(
  [
    String.raw`-[fmgO][\w=.,+-]*`,
    String.raw`-W(?![alp],)[\w=+-]*`,
    String.raw`-Wa,(?:-[mgW][\w=.+-]*|--(?:version|fatal-warnings|noexecstack|g?dwarf[\w-]*|compress-debug[\w=-]*))`,
    String.raw`-D\w+(?:=\d*)?`,
    String.raw`-std=[\w+]+`,
    String.raw`-enable-[\w-]+`,
    '-[cSEPw]',
    '-static',
    '-frandomize-layout-seed-file=/dev/null',
  ]
    .map((kind) => `^${kind}$`)
    .join('|'),
);
/** Flags that name files or other programs, or that ask for the machine's own processor. */
const NAMES_FILES =
  /native|plugin|profile|list|file(?!=\/dev\/null$)|dump|info|cache|path|map|lto|module|save|use-ld|charset|offload|xray|self-test/;
/** Flags with an argument behind them, and what that may be. */
const WITH_ARGUMENT: ReadonlyMap<string, RegExp> = new Map([
  ['-x', /^(?:c|assembler-with-cpp)$/],
  ['-o', /^(?:\/dev\/null|-)$/],
  ['-mllvm', /^-[\w-]+(?:=\d+)?$/],
  ['--param', /^[\w-]+=\w+$/],
]);

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*<(?!\/)(?![^>]*\.\.)[\w./-]+>[ \t]*$/gm;
const CONDITION = /^[ \t]*#[ \t]*(?:if|ifdef|ifndef|elif|else|endif)\b/gm;
/** What has the compiler or the assembler read another file, or ask about its surroundings; also in parts. */
const READS_MORE = /[^\t\n -~]|[#\\']|\/[/*]|%:|\?\?|has_|_Pragma|inc[lb]|\.mri|altmacro|native/i;
/** Macros that are not the same each time. */
const CHANGING = /__(?:DATE|TIME|TIMESTAMP|FILE|FILE_NAME|BASE_FILE|COUNTER)__/;

const LINKER_FLAG = /^(?:\/dev\/null|-[vV]|-shared|-Bsymbolic|--[a-z][a-z-]*(?:=[\w-]+)?)$/;
const LINKER_FILES = /^--.*(?:plugin|script|file|list|sysroot|rpath|library|symbol|map|path)/i;
const BINUTILS = /^(?:[\w.]+-)*(?<!gcc-)(nm|ar|as|objcopy|objdump|readelf|strip)(?:-[\d.]+)?$/;

/**
 * @param words what stands behind the compiler's name
 * @param input what it can read on its standard input; null where that is not known
 * @param isSplit whether what it prints is taken apart, and compared with names of files
 * @returns null where the answer may depend on anything
 */
export function compilerUse(words: readonly string[], input: string | null, isSplit: boolean): CompilerUse | null {
  if (words.length === 1 && ASKS_VERSION.test(words[0]!)) return 'alone';
  if (words.length === 1 && ASKS_PLACE.test(words[0]!)) return 'searches';
  const sources: string[] = [];
  let output = '';
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const argument = WITH_ARGUMENT.get(word);
    if (word === '-' || word === '/dev/null') sources.push(word);
    else if (argument ? !argument.test(words[++at] ?? '') : !isCompilerFlag(word)) return null;
    if (word === '-o') output = words[at]!;
  }
  const [source] = sources;
  const text = source === '-' ? input : '';
  if (sources.length !== 1 || text === null) return null;
  const prints = output !== '/dev/null';
  // What the preprocessor leaves in a file could be a script for the linker.
  if (words.includes('-E') ? !prints && source === '-' : prints && !(output === '-' && words.includes('-S')))
    return null;
  // What is printed names the working directory, or files that a `*` stands for.
  if (prints && words.some((word) => /^-g|debug|working-dir/.test(word))) return null;
  if (prints && isSplit && (words.includes('-S') || /[*?[]/.test(text))) return null;
  const use = usedByText(text);
  if (use === 'searches' && words.includes('assembler-with-cpp')) return null;
  return use === 'alone' && !words.some((word) => /^-[cSE]$/.test(word)) ? 'searches' : use;
}

function isCompilerFlag(word: string): boolean {
  return COMPILER_FLAG.test(word) && !NAMES_FILES.test(word);
}

/** What a program's text has the compiler or the assembler read. */
function usedByText(source: string): CompilerUse | null {
  // Some shells' `echo` makes lines of it, as does `printf %b`.
  const text = source.replaceAll('\\n', '\n');
  const code = text.replace(INCLUDE, '');
  const rest = code.replace(CONDITION, '');
  if (READS_MORE.test(rest) || CHANGING.test(rest)) return null;
  // Headers have macros, which put words together.
  if (code !== text) return rest === code && /^[\w\s(){};"]*$/.test(code) && !/__|asm/.test(code) ? 'searches' : null;
  const parts = rest.split('"');
  if (parts.length > 1 && rest !== code) return null;
  const isPlain = parts.every((part, at) => {
    // Strings that follow each other become one.
    if (at % 2 === 0) return at === 0 || at === parts.length - 1 || part.trim() !== '';
    return /^(?:[\w=+.() -]|%l\[\w+\])*$/.test(part);
  });
  return isPlain ? 'alone' : null;
}

/** Whether a call of the linker links nothing but what was made for it. @param words what stands behind its name */
export function isLinkerCall(words: readonly string[]): boolean {
  const flags = words.join(' ').replace(/(?<=^| )(?:-o \/dev\/null|-z [\w-]+|-m \w+)(?= |$)/g, '-v');
  return flags.split(' ').every((word) => LINKER_FLAG.test(word) && !LINKER_FILES.test(word));
}

/** Whether a program reads nothing but its standard input and what was made for it. @param words its arguments */
export function isToolCall(name: string, words: readonly string[]): boolean {
  const text = words.join(' ');
  if (name === 'grep') return words.length === 2 && /^-[qiv]+ (?!-)[ -~]+$/.test(text);
  if (name === 'head') return /^-(?:n ?)?\d+$/.test(text);
  const tool = BINUTILS.exec(name)?.[1];
  if (/^--(?:version|help)$/.test(text)) return tool !== undefined;
  return (tool === 'nm' && text === '/dev/null') || (tool === 'objcopy' && text === '-O binary /dev/null /dev/null');
}
