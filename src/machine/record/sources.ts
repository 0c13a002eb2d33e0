import type { Platform } from '../../platform/platform.ts';
import type { Facts } from './facts.ts';
import type { MachineFiles } from './machine-files.ts';

/** How long a program may take to answer, in milliseconds. */
const MAX_ANSWER_MS = 5000;

/**
 * Asks a program, and notes under `source` whether it answered.
 * @returns the lines that it prints; none where it may not be run, is not there, or fails
 */
export type Ask = (source: string, program: string, ...args: readonly string[]) => readonly string[];

/** Asks the programs of a machine. */
export function askPrograms({ commands, env }: Pick<Platform, 'commands' | 'env'>, facts: Facts): Ask {
  return (source, program, ...args) => {
    const answer = commands?.run(program, args, { env, timeoutMs: MAX_ANSWER_MS });
    const hasAnswered = answer?.status === 0;
    facts.add('source', [source], hasAnswered ? 1 : 0);
    return hasAnswered ? answer.stdout.split('\n') : [];
  };
}

/** Notes whether a file that not everybody may read could be read; nothing where there is none. */
export function noteReadable(files: MachineFiles, facts: Facts, source: string, path: string): void {
  const isReadable = files.fs.readHead(path, 1) !== null;
  if (isReadable || files.fs.exists(path)) facts.add('source', [source], isReadable ? 1 : 0);
}
