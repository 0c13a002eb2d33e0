import { InputError } from '../diagnostics/diagnostic.ts';
import type { CommandRunner } from '../platform/platform.ts';

/** Reads and moves a git checkout. It never fetches, pushes, stashes, cleans or forces. */
export class Git {
  readonly #commands: CommandRunner;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #tree: string;

  /** @param tree absolute */
  constructor(commands: CommandRunner, env: Readonly<Record<string, string | undefined>>, tree: string) {
    this.#commands = commands;
    this.#env = { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true' };
    this.#tree = tree;
  }

  /** The top of the checkout, links resolved; null where the tree is in none. */
  top(): string | null {
    return this.ask('rev-parse', '--show-toplevel');
  }

  /** Where git stores a file of its own, in this checkout alone. */
  ownPath(name: string): string {
    return this.run('rev-parse', '--path-format=absolute', '--git-path', name);
  }

  /** The commit that a revision names; null where there is none. */
  commit(revision: string): string | null {
    return this.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  }

  /** The commit that is checked out. */
  head(): string {
    return this.run('rev-parse', '--verify', 'HEAD');
  }

  /** The branch that is checked out, or the commit where it is none. */
  branchOrHead(): string {
    return this.ask('symbolic-ref', '--quiet', '--short', 'HEAD') ?? this.head();
  }

  /** Files of the checkout that differ from HEAD; untracked ones do not count. */
  changedFiles(): string[] {
    const lines = this.run('status', '--porcelain', '--untracked-files=no', '--ignore-submodules=all');
    return lines.split('\n').flatMap((line) => (line === '' ? [] : [line.replace(/^..? +/, '')]));
  }

  isAncestor(ancestor: string, of: string): boolean {
    return this.#git(['merge-base', '--is-ancestor', ancestor, of]).status === 0;
  }

  /** A commit as people name it: `v6.7-rc3-12-gabc…` where a tag is near, else its first digits. */
  describe(commit: string): string {
    return this.ask('describe', '--always', '--abbrev=12', commit) ?? commit.slice(0, 12);
  }

  /** The first line of a commit's message. */
  subject(commit: string): string {
    return this.run('show', '--no-patch', '--format=%s', commit);
  }

  /** @throws InputError `bisect-git` with what git says, and nothing has changed */
  checkOut(revision: string): void {
    this.run('checkout', '--quiet', revision, '--');
  }

  /** @throws InputError `bisect-git` */
  detachAt(commit: string): void {
    this.run('checkout', '--quiet', '--detach', commit, '--');
  }

  /** The commit that `git bisect` wants tested; null where it wants none. */
  expected(readText: (path: string) => string | null): string | null {
    return readText(this.ownPath('BISECT_EXPECTED_REV'))?.trim() || null;
  }

  /** Whether `git bisect` is at work, whoever started it. */
  isBisecting(readText: (path: string) => string | null): boolean {
    return readText(this.ownPath('BISECT_START')) !== null;
  }

  /** How many commits may still be the first bad one; null where that is not known. */
  candidates(): number | null {
    const refs = this.ask('for-each-ref', '--format=%(refname)', 'refs/bisect');
    const good = refs?.split('\n').filter((name) => name.startsWith('refs/bisect/good')) ?? [];
    const count = this.ask('rev-list', '--count', 'refs/bisect/bad', '--not', ...good);
    return count === null ? null : Number(count);
  }

  /** What `git bisect` did: its verdicts, one a line. */
  bisectLog(): string {
    return this.ask('bisect', 'log') ?? '';
  }

  /**
   * `git bisect WORDS`, which checks out the next commit.
   * @returns its output and status: 0 goes on, 2 with only skipped commits left
   * @throws InputError `bisect-git`
   */
  bisect(...words: readonly string[]): { readonly output: string; readonly status: number } {
    const { status, stdout, stderr } = this.#git(['bisect', ...words]);
    if (status === 0 || /only 'skip'ped commits left/.test(stdout)) return { output: stdout, status: status ?? 1 };
    throw failed(['bisect', ...words], `${stdout}${stderr}`);
  }

  /** What a question prints, without the last newline; null where git says no. */
  ask(...words: readonly string[]): string | null {
    const { status, stdout } = this.#git(words);
    return status === 0 ? stdout.replace(/\n$/, '') : null;
  }

  /** The same. @throws InputError `bisect-git` */
  run(...words: readonly string[]): string {
    const { status, stdout, stderr } = this.#git(words);
    if (status !== 0) throw failed(words, stderr);
    return stdout.replace(/\n$/, '');
  }

  #git(words: readonly string[]) {
    const result = this.#commands.run('git', words, { cwd: this.#tree, env: this.#env });
    if (result.status === null) throw new InputError({ code: 'bisect-no-git', args: {} });
    return result;
  }
}

function failed(words: readonly string[], message: string): InputError {
  const said = message.trim().replace(/^(?:fatal|error): /, '');
  return new InputError({ code: 'bisect-git', args: { command: `git ${words.join(' ')}`, message: said } });
}
