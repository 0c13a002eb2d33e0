/** `$(shell …)` of Kbuild files that names objects: answered, as no program has to be run for it. */
import type { MakeShell } from '../make/expander.ts';
import type { MakeFiles } from '../make/files.ts';

const UNAME = /^uname(?:\s+-s)?$/;
/** `test -e PATH && echo WORDS`, without what sh would expand. */
const TEST_AND_ECHO = /^test\s+-([def])\s+([\w./+,:@%=-]+)\s*&&\s*echo((?:\s+[\w./+,:@%=-]+)*)$/;
const FIRST_WORDS = /^\s*(?:uname|test\s+-[def])\s/;

/**
 * Answers the commands by which the kernel's own files find directories: `uname -s` (arch/um/Makefile of Linux 6.1:
 * `os-$(OS)/`, of which a kernel has `os-Linux` alone) and `test -e PATH && echo WORDS` (arch/xtensa/Makefile of Linux
 * 5.10). The answer of no other command is a part of a name.
 */
export function knownCommands(files: MakeFiles): MakeShell {
  return { mayAnswer: (text) => FIRST_WORDS.test(`${text} `), answer: (command) => answerOf(command.trim(), files) };
}

function answerOf(command: string, files: MakeFiles): string | undefined {
  if (UNAME.test(command)) return 'Linux';
  const [, kind, path, words] = TEST_AND_ECHO.exec(command) ?? [];
  if (path === undefined || words === undefined) return undefined;
  const isDirectory = (): boolean => files.list(path) !== null;
  const isThere = kind === 'd' ? isDirectory() : files.exists(path) && (kind === 'e' || !isDirectory());
  return isThere ? words.trim().replaceAll(/\s+/g, ' ') : '';
}
