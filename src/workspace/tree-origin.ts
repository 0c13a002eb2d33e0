import type { TracedFileSystem } from '../cache/file-trace.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';

/** Which kept entry a tree was taken out of. */
export interface TreeOrigin {
  /** No other tree has it. */
  readonly identity: string;
  /** The files that the tree has asked for since; null where it asks for none that it would say something else for. */
  readonly files: TracedFileSystem | null;
}

type Tree = Kconfig | KbuildTree;

const origins = new WeakMap<Tree, TreeOrigin>();

/** Remembers which entry a tree was taken out of. */
export function noteOrigin(tree: Tree, origin: TreeOrigin): void {
  origins.set(tree, origin);
}

/** The entry that a tree was taken out of; null where it was read from files in this run. */
export function originOf(tree: Tree): TreeOrigin | null {
  return origins.get(tree) ?? null;
}
