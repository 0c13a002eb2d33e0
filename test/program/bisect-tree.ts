import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyExample, type Run, run } from '../cli/run.ts';

/**
 * The environment of git: nothing of this machine's settings. One date, as commits then have the same names each time:
 * which commit git tries after one that was skipped depends on them.
 */
export const GIT_ENV = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'A',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_AUTHOR_DATE: '1700000000 +0000',
  GIT_COMMITTER_NAME: 'A',
  GIT_COMMITTER_EMAIL: 'a@example.org',
  GIT_COMMITTER_DATE: '1700000000 +0000',
};

/** A copy of fixtures/example, or of another kernel tree, that is a git checkout with a history. */
export class BisectTree {
  readonly folder: string;
  /** Variables beside those of git. */
  env: Readonly<Record<string, string>> = {};
  /** The commits, the oldest first. */
  readonly commits: string[] = [];

  /** Their subjects, after `add`. */
  subjects: readonly string[] = [];

  /** @param folder the tree is in it */
  constructor(folder = copyExample()) {
    this.folder = folder;
    this.git('init', '--quiet', '--initial-branch', 'main');
    this.git('add', '--all');
    this.commit('first');
  }

  get path(): string {
    return join(this.folder, 'tree');
  }

  git(...words: readonly string[]): string {
    return execFileSync('git', words, { cwd: this.path, env: { ...process.env, ...GIT_ENV }, encoding: 'utf8' }).trim();
  }

  /** Commits what has changed in files that git knows. */
  commit(subject: string): void {
    this.git('commit', '--quiet', '--all', '--allow-empty', '--message', subject);
    this.commits.push(this.git('rev-parse', 'HEAD'));
  }

  /** Commits upon commits, which is one run of git. @param changes their subjects, and the files that each changes */
  add(changes: readonly (readonly [subject: string, files: Readonly<Record<string, string>>])[]): void {
    const data = (text: string): string => `data ${Buffer.byteLength(text)}\n${text}\n`;
    const stream = changes.map(
      ([subject, files], at) =>
        `commit refs/heads/main\ncommitter A <a@example.org> ${at} +0000\n${data(subject)}` +
        `${at === 0 ? `from ${this.commits.at(-1)}\n` : ''}` +
        Object.entries(files)
          .map(([path, text]) => `M 100644 inline ${path}\n${data(text)}`)
          .join(''),
    );
    execFileSync('git', ['fast-import', '--quiet'], {
      cwd: this.path,
      env: { ...process.env, ...GIT_ENV },
      input: stream.join(''),
    });
    this.git('reset', '--quiet', '--hard', 'main');
    const log = this.git('log', '--reverse', '--format=%H %s').split('\n');
    this.commits.splice(0, Infinity, ...log.map((line) => line.split(' ')[0]!));
    this.subjects = log.map((line) => line.replace(/^\S+ /, ''));
  }

  /** Changes a file of the tree. */
  edit(path: string, change: (text: string) => string): void {
    const file = join(this.path, path);
    writeFileSync(file, change(readFileSync(file, 'utf8')));
  }

  /** So many commits more, none of which says anything to a config. */
  grow(count: number): void {
    for (let i = 0; i < count; i++) this.commit(`commit ${this.commits.length}`);
  }

  /** `kconfig-trim bisect WORDS` in the tree. */
  bisect(...words: readonly string[]): Promise<Run> {
    return run(['bisect', ...words], { cwd: this.path, env: { ...GIT_ENV, ...this.env } });
  }

  /** `bisect start` from the first commit to the last, with the example's config and listing. */
  start(...words: readonly string[]): Promise<Run> {
    return this.bisect('start', this.commits[0]!, 'main', '-c', '../config', '-l', '../lsmod.txt', ...words);
  }

  get head(): string {
    return this.git('rev-parse', 'HEAD');
  }

  get config(): string {
    return readFileSync(join(this.path, '.config'), 'latin1');
  }
}
