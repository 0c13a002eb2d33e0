import { execFileSync } from 'node:child_process';

/** A shell waits for them: better none than late. */
const TIMEOUT_MS = 2000;

/** The branches and tags of the repository that a directory is in; none where there is none, or no git. */
export function gitReferences(directory: string): readonly string[] {
  const words = [
    '-C',
    directory,
    'for-each-ref',
    '--format=%(refname:short)',
    'refs/heads',
    'refs/tags',
    'refs/remotes',
  ];
  try {
    return execFileSync('git', words, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: TIMEOUT_MS })
      .split('\n')
      .slice(0, -1);
  } catch {
    return [];
  }
}
