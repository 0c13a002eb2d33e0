/** The forms that the macros of scripts/Kconfig.include give to commands. */

/** The tools as the commands name them: the values of `CC` and `LD`. */
export interface ToolNames {
  readonly compiler: string;
  readonly linker: string;
}

/** `if-success` */
const IF_SUCCESS = /^\{ (.*); \} >\/dev\/null 2>&1 && echo "([\w -]*)" \|\| echo "([\w -]*)"$/;
/** `cc-option` makes a directory for its output (6.1 and later; older ones write to /dev/null). */
const TEMPORARY = /^trap "rm -rf \.tmp_\$\$" EXIT; mkdir \.tmp_\$\$; (.*)$/;
/** Words of a command that mean themselves to the shell, and no option to what gets them. */
const WORD = String.raw`\w[\w.+-]*`;
const TEST_EMPTY = new RegExp(`^test (-[zn]) "((?:${WORD})?(?: ${WORD})*)"$`);
const TEST_EQUAL = new RegExp(`^test "((?:${WORD})?)" (!?=) (${WORD})$`);
const NTH_WORD = new RegExp(`^set -- ((?:${WORD})(?: ${WORD})*) && echo \\$(\\d)$`);
/** What `echo` takes for an option. */
const ECHO_OPTION = /^-[neE]+$/;

/**
 * The command that an `if-success` is about, any other one as it is. A file that it makes stands there as /dev/null.
 */
export function conditionOf(command: string): { readonly text: string; readonly isWriting: boolean } {
  const body = IF_SUCCESS.exec(command)?.[1] ?? command;
  const writing = TEMPORARY.exec(body)?.[1];
  return { text: writing?.replaceAll('.tmp_$$/tmp.o', '/dev/null') ?? body, isWriting: writing !== undefined };
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
