import type { Git, HalfCheckout } from './git.ts';

/**
 * What a checkout of a commit has done to the files before it was killed: HEAD and the index move last. What somebody
 * changed by hand is no part of it.
 * @returns null where it has done nothing
 */
export function halfCheckout(git: Git, to: string): HalfCheckout | null {
  const there = git.changesTo(to);
  const modified = git.changedFiles().filter((path) => there.has(path));
  const fresh = [...there].filter(([path, { isNew }]) => isNew && git.hasFile(path)).map(([path]) => path);
  const isOf = (path: string): boolean => {
    const { id, isLink } = there.get(path)!;
    // git deletes a file before it writes it anew.
    return isLink || !git.hasFile(path) || (id !== null && git.isBeginningOf(path, id));
  };
  const whole = git.sameAs([...modified, ...fresh].flatMap((path) => ({ path, id: there.get(path)!.id })));
  const ours = (paths: readonly string[]): string[] => paths.filter((path) => whole.has(path) || isOf(path));
  const half = { changed: ours(modified), added: ours(fresh) };
  return half.changed.length + half.added.length > 0 ? half : null;
}
