import { CommanderError } from 'commander';
import { newCommandLine } from '../../src/cli/command-line.ts';
import { withCommandFirst } from '../../src/cli/words.ts';

/** The words of a shell line up to a pipe, a redirection, `&&`, or a comment. */
export function shellWords(line: string): string[] {
  const words: string[] = [];
  for (const [word] of line.matchAll(/\|\||&&|[|;<>]|#(?=\s|$)|(?:"[^"]*"|'[^']*'|[^\s|;<>"'])+/g)) {
    if (/^(?:\|\|?|&&|[;<>]|#)$/.test(word)) break;
    words.push(word.replace(/["']/g, ''));
  }
  return words;
}

/** What stands behind `kconfig-trim` in a text of shell lines; each that there is. */
export function commandLines(text: string): string[][] {
  const starts = /(?:^|[\s|=(])(?:npx |sudo )*kconfig-trim(?:@[\w.]+)?(?= |$)/gm;
  return text.split('\n').flatMap((line) => {
    const code = line.replace(/(^|\s)#\s.*$/, '');
    return [...code.matchAll(starts)].map((found) => shellWords(code.slice(found.index + found[0].length)));
  });
}

/** What the program has against a command line; null where it takes it. Nothing is run. */
export async function commandLineError(words: readonly string[]): Promise<string | null> {
  const errors: string[] = [];
  const program = newCommandLine(
    words,
    async () => undefined,
    (text) => errors.push(text),
  );
  const all = [program, ...program.commands, ...program.commands.flatMap(({ commands }) => commands)];
  for (const command of all) command.configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  try {
    await program.parseAsync(withCommandFirst(words, program.commands), { from: 'user' });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? null : `${words.join(' ')}: ${errors.join(' ')}`;
  }
}
