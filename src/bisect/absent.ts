import type { Git } from './git.ts';
import type { BisectState } from './state.ts';

/**
 * A module that a commit does not have, with the commit that brought it or took it away, where git finds that soon and
 * another step had the module.
 * @returns `nvme_auth (comes with v6.0-rc1-12-gabc)`
 */
export function absentText(git: Git, { sources }: BisectState, name: string, commit: string): string {
  const source = sources[name];
  if (!source || source.commit === commit) return name;
  const isOlder = git.isAncestor(commit, source.commit);
  if (!isOlder && !git.isAncestor(source.commit, commit)) return name;
  const change = isOlder
    ? git.changeOf(source.file, 'added', commit, source.commit)
    : git.changeOf(source.file, 'removed', source.commit, commit);
  return change === null ? name : `${name} (${isOlder ? 'comes with' : 'gone since'} ${git.describe(change)})`;
}
