import { join } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { CommandRunner, FileSystem } from '../platform/platform.ts';

/** Commits that git compares in about a second: most of those between two releases of Linux. */
const SEARCHED_COMMITS = 10_000;

/** What is done to files where git was killed. */
export interface GitFiles {
  /** Whether a process has a file open. */
  isOpen(path: string): boolean;
  remove(path: string): void;
}

/** A file as another commit has it. */
export interface OtherFile {
  /** Null where it is not there. */
  readonly id: string | null;
  /** Whether it is not in HEAD. */
  readonly isNew: boolean;
  readonly isLink: boolean;
}

/** What a checkout that was cut off has left in the files. */
export interface HalfCheckout {
  /** Files that HEAD has, and that are as the other commit has them, in part or as a whole, or are gone. */
  readonly changed: readonly string[];
  /** Files that only the other commit has. */
  readonly added: readonly string[];
}

/** Reads and moves a git checkout. It never fetches, pushes, stashes, cleans or forces. */
export class Git {
  readonly #commands: CommandRunner;
  readonly #fs: FileSystem;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #tree: string;
  readonly #files: GitFiles;

  /**
   * @param fs reads what git stores of a bisection
   * @param tree absolute
   */
  constructor(
    commands: CommandRunner,
    fs: FileSystem,
    env: Readonly<Record<string, string | undefined>>,
    tree: string,
    files: GitFiles,
  ) {
    this.#commands = commands;
    this.#fs = fs;
    this.#files = files;
    this.#env = { ...env, LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_EDITOR: 'true' };
    this.#tree = tree;
  }

  /** The top of the checkout, links resolved; null where the tree is in none. */
  top(): string | null {
    return this.#ask('rev-parse', '--show-toplevel');
  }

  /** Where git stores a file of its own, in this checkout alone. */
  ownPath(name: string): string {
    return this.#run('rev-parse', '--path-format=absolute', '--git-path', name);
  }

  /** The commit that a revision names; null where there is none. */
  commit(revision: string): string | null {
    return this.#ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  }

  /** The commit that is checked out. */
  head(): string {
    return this.#run('rev-parse', '--verify', 'HEAD');
  }

  /** The branch that is checked out, or the commit where it is none. */
  branchOrHead(): string {
    return this.#ask('symbolic-ref', '--quiet', '--short', 'HEAD') ?? this.head();
  }

  /** Files of the checkout that differ from HEAD; untracked ones do not count. */
  changedFiles(): string[] {
    const words = ['--porcelain', '-z', '--untracked-files=no', '--no-renames', '--ignore-submodules=all'];
    const entries = this.#run('status', ...words).split('\0');
    return entries.flatMap((entry) => (entry === '' ? [] : [entry.slice(3)]));
  }

  /** Files that another commit has otherwise than HEAD, by path. */
  changesTo(commit: string): ReadonlyMap<string, OtherFile> {
    const fields = this.#run('diff-tree', '-r', '-z', '--no-renames', 'HEAD', commit).split('\0');
    const files = new Map<string, OtherFile>();
    for (let at = 0; at + 1 < fields.length; at += 2) {
      const [, mode = '', , id = '', kind] = fields[at]!.split(' ');
      files.set(fields[at + 1]!, { id: kind === 'D' ? null : id, isNew: kind === 'A', isLink: mode === '120000' });
    }
    return files;
  }

  hasFile(path: string): boolean {
    return this.#fs.exists(join(this.#tree, path));
  }

  /** The files that have the contents of their objects. */
  sameAs(files: readonly { readonly path: string; readonly id: string | null }[]): ReadonlySet<string> {
    const there = files.filter(({ path, id }) => id !== null && this.hasFile(path));
    const input = there.map(({ path }) => `${Buffer.from(path).toString('latin1')}\n`).join('');
    const ids = this.#runWith(input, 'hash-object', '--stdin-paths').split('\n');
    return new Set(there.filter(({ id }, at) => ids[at] === id).map(({ path }) => path));
  }

  /** Whether a file has the beginning of an object. */
  isBeginningOf(path: string, id: string): boolean {
    const text = this.#fs.readText(join(this.#tree, path));
    return text !== null && this.#git(['cat-file', 'blob', id]).stdout.startsWith(text);
  }

  /**
   * Makes what a checkout that was killed has left what HEAD has.
   * @throws InputError `bisect-git-busy` where git is not dead, `bisect-git`
   */
  undo({ changed, added }: HalfCheckout): void {
    const lock = this.ownPath('index.lock');
    if (this.#fs.exists(lock)) {
      if (this.#files.isOpen(lock)) throw new InputError({ code: 'bisect-git-busy', args: {} });
      this.#files.remove(lock);
    }
    for (const path of added) this.#files.remove(join(this.#tree, path));
    const input = changed.map((path) => `${Buffer.from(path).toString('latin1')}\0`).join('');
    this.#runWith(input, 'checkout-index', '--force', '-z', '--stdin');
  }

  /** Whether one commit is the other, or came before it. */
  isAncestor(ancestor: string, of: string): boolean {
    return this.#git(['merge-base', '--is-ancestor', ancestor, of]).status === 0;
  }

  /** A commit as people name it: `v6.7-rc3-12-gabc…` where a tag is near, else its first digits. */
  describe(commit: string): string {
    return this.#ask('describe', '--always', '--abbrev=12', commit) ?? commit.slice(0, 12);
  }

  /**
   * The commit between two that added a file, or removed it; null where there is none, or a search would take long.
   * @param before an ancestor of `after`
   */
  changeOf(file: string, kind: 'added' | 'removed', before: string, after: string): string | null {
    const commits = this.count([before], after);
    if (commits === null || commits > SEARCHED_COMMITS) return null;
    const filter = `--diff-filter=${kind === 'added' ? 'A' : 'D'}`;
    return this.#ask('log', '-1', '--no-renames', filter, '--format=%H', `${before}..${after}`, '--', file) || null;
  }

  /** The first line of a commit's message. */
  subject(commit: string): string {
    return this.#run('show', '--no-patch', '--format=%s', commit);
  }

  /** The text of a file at a commit (Latin-1); null where it has none there. */
  file(commit: string, path: string): string | null {
    const { status, stdout } = this.#git(['show', `${commit}:./${path}`]);
    return status === 0 ? stdout : null;
  }

  /** A commit with its author, date and message. */
  show(commit: string): string {
    return this.#run('show', '--no-patch', '--format=medium', commit);
  }

  /** @throws InputError `bisect-git` with what git says, and nothing has changed */
  checkOut(revision: string): void {
    this.#run('checkout', '--quiet', revision, '--');
  }

  /** @throws InputError `bisect-git` */
  detachAt(commit: string): void {
    this.#run('checkout', '--quiet', '--detach', commit, '--');
  }

  /** The commit that `git bisect` wants tested; null where it wants none. */
  expected(): string | null {
    return this.#fs.readText(this.ownPath('BISECT_EXPECTED_REV'))?.trim() || null;
  }

  /** Whether `git bisect` is at work, whoever started it. */
  isBisecting(): boolean {
    return this.#fs.readText(this.ownPath('BISECT_START')) !== null;
  }

  /** The commits that `git bisect` knows to be good, and the first that it knows to be bad. */
  bounds(): { readonly good: readonly string[]; readonly bad: string | null } {
    const refs = this.#ask('for-each-ref', '--format=%(refname) %(objectname)', 'refs/bisect') ?? '';
    const named = refs.split('\n').map((line) => line.split(' '));
    const good = named.filter(([name]) => name?.startsWith('refs/bisect/good')).map(([, commit]) => commit!);
    return { good, bad: named.find(([name]) => name === 'refs/bisect/bad')?.[1] ?? null };
  }

  /** How many commits may still be the first bad one; null where that is not known. */
  candidates(): number | null {
    const { good, bad } = this.bounds();
    return bad === null ? null : this.count(good, bad);
  }

  /** How many commits one has that others have not; null where git does not know. */
  count(without: readonly string[], commit: string): number | null {
    const count = this.#ask('rev-list', '--count', commit, '--not', ...without);
    return count === null ? null : Number(count);
  }

  /** What `git bisect` did: its verdicts, one a line. Empty where it is not at work. */
  bisectLog(): string {
    return this.#ask('bisect', 'log') ?? '';
  }

  /**
   * `git bisect WORDS`, which checks out the next commit. What it found is in its log.
   * @throws InputError `bisect-git`
   */
  bisect(...words: readonly string[]): void {
    const { status, stdout, stderr } = this.#said(['bisect', ...words]);
    // With only skipped commits left its status is that of a failure.
    if (status === 0 || /only 'skip'ped commits left/.test(stdout)) return;
    throw failed(['bisect', ...words], `${stdout}${stderr}`);
  }

  #runWith(input: string, ...words: readonly string[]): string {
    const { status, stdout, stderr } = this.#git(words, input);
    if (status !== 0) throw failed(words, stderr);
    return stdout;
  }

  #ask(...words: readonly string[]): string | null {
    const { status, stdout } = this.#said(words);
    return status === 0 ? stdout.replace(/\n$/, '') : null;
  }

  #run(...words: readonly string[]): string {
    const { status, stdout, stderr } = this.#said(words);
    if (status !== 0) throw failed(words, stderr);
    return stdout.replace(/\n$/, '');
  }

  /** What git says: names and paths in it are UTF-8. */
  #said(words: readonly string[]) {
    const { status, stdout, stderr } = this.#git(words);
    const decoded = (text: string): string => Buffer.from(text, 'latin1').toString();
    return { status, stdout: decoded(stdout), stderr: decoded(stderr) };
  }

  /** @param input Latin-1 */
  #git(words: readonly string[], input = '') {
    const result = this.#commands.run('git', words, { cwd: this.#tree, env: this.#env, input });
    if (result.status === null) throw new InputError({ code: 'bisect-no-git', args: {} });
    return result;
  }
}

function failed(words: readonly string[], message: string): InputError {
  const said = message.trim().replace(/^(?:fatal|error): /, '');
  return new InputError({ code: 'bisect-git', args: { command: `git ${words.join(' ')}`, message: said } });
}
