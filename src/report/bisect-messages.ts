import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { counted } from './count-text.ts';
import { shellWords } from './shell-words.ts';

/** Why no history fits a verdict. */
const CONTRADICTIONS: Readonly<Record<string, (other: string) => string>> = {
  'is-bad': () => 'it was found to be bad',
  'is-good': () => 'it was found to be good',
  'not-before-bad': (other) => `it is not among the commits before ${other}, which is bad`,
  'before-good': (other) => `it comes before ${other}, which is good`,
};

/** What stops a command of a bisection. */
export const BISECT_MESSAGES: Readonly<Record<string, (args: Diagnostic['args']) => string>> = {
  'bisect-base-trimmed': (a) =>
    `${a['base']} lacks ${a['missing']} of ${a['of']} loaded modules: it looks trimmed. A bisection starts from the full ` +
    'config, which is trimmed anew at each commit: name it with --config FILE (/boot/config-…)',
  'bisect-busy': () => 'another kconfig-trim bisect is at work in this checkout; wait for its end',
  'bisect-by-hand': () => 'git bisect is at work here already, started by hand. End it first: git bisect reset',
  'bisect-changed-files': (a) =>
    `${counted(Number(a['count']), 'file')} of the checkout ${a['count'] === 1 ? 'is' : 'are'} changed (${a['files']}). ` +
    'Commit that or put it away first: git stash',
  'bisect-end-skipped': (a) =>
    `the known ${a['end']} end cannot be skipped: without it nothing is known. Start with another one ` +
    '(kconfig-trim bisect reset), or trust both: kconfig-trim bisect start --trust-ends',
  'bisect-end-untestable': (a) =>
    `${a['commit']}, the known ${a['end']} end, cannot be tested, and without it nothing is known. Start with another one` +
    `${a['isStarted'] ? ' (kconfig-trim bisect reset)' : ''}, or trust both: kconfig-trim bisect start --trust-ends`,
  'bisect-blame-open': (a) =>
    `${a['files']} in the checkout ${a['count'] === 1 ? 'differs' : 'differ'} from ${a['commit']}, which may not be to ` +
    'blame then. Put that back or away first (git stash), then: kconfig-trim bisect config; to skip it all the same: ' +
    'git bisect skip',
  'bisect-compiler-changed': (a) =>
    `the compiler is another one now: ${a['now']}; so far it was ${a['before']}. A bisection with two compilers may blame ` +
    'the wrong commit: put the old one back, or go on by the same command',
  'bisect-config-gone': (a) =>
    `${a['path']}: the config of ${a['commit']} is gone; to make it once more: kconfig-trim bisect config`,
  'bisect-contradicts': (a) =>
    `${a['commit']} cannot be ${a['verdict']}: ${CONTRADICTIONS[a['relation']!]?.(String(a['other']))}. ` +
    'Nothing was changed; kconfig-trim bisect status says what is to be tested',
  'bisect-ended-by-hand': (a) =>
    `git bisect was ended by hand. To go on: git bisect replay ${shellWords([String(a['path'])])}; to end it here, too: ` +
    'kconfig-trim bisect reset',
  'bisect-git': (a) => `${a['command']}: ${a['message']}`,
  'bisect-git-busy': () => 'git is still at work in this checkout; wait for its end',
  'bisect-goes-on': () => 'a bisection goes on here: kconfig-trim bisect status, or kconfig-trim bisect reset',
  'bisect-no-commit': (a) => `${a['name']}: git knows no such commit here`,
  'bisect-no-config': (a) =>
    `${a['commit']} has no config yet, and the one that is there is of another commit: kconfig-trim bisect config`,
  'bisect-no-exec': () => 'a bisection runs git and make, and --no-exec forbids to run programs',
  'bisect-no-git': () => 'git is not installed (no such program in PATH), or it was killed',
  'bisect-none': () => 'no bisection goes on here. Start one: kconfig-trim bisect start GOOD BAD',
  'bisect-not-built': (a) =>
    `${a['objtree']}: no kernel of this commit was built here; build it first: kconfig-trim bisect build`,
  'bisect-not-checkout': (a) => `${a['path']}: not the top of a git checkout; name the kernel's with --tree DIR`,
  'bisect-not-checked-out': (a) =>
    `${a['verdict']} is not taken: the commit that is to be tested cannot be checked out. Put what is in the way away ` +
    '(git stash), then: kconfig-trim bisect config',
  'bisect-not-kernel': (a) => `${a['commit']} is no kernel source tree: ${a['missing']} is missing`,
  'bisect-not-tested': (a) =>
    `${a['verdict']} is not taken: ${a['commit']} was checked out, and ${a['next']} is to be tested, which is checked out ` +
    'now. To make its config once more: kconfig-trim bisect config',
  'bisect-same': (a) =>
    `${a['good']} and ${a['bad']} are the same commit: nothing is between them. Name the last commit that is known to ` +
    'be good, and one after it that is bad',
  'bisect-state-broken': (a) =>
    `${a['path']}: what is stored of the bisection is damaged, or of another version of kconfig-trim. Delete that folder, ` +
    'and start anew (git bisect reset, git checkout)',
  'bisect-step-open': (a) =>
    `${a['verdict']} is stored for ${a['commit']}, and the next commit is not checked out. Mend that first, then: ` +
    'kconfig-trim bisect config',
  'bisect-swapped': (a) =>
    `${a['bad']} is older than ${a['good']}: name the good one first, kconfig-trim bisect start GOOD BAD`,
};
