import type { TimeMap, TimeNode } from './page-data.ts';

/** CPU seconds by directory. */
type DirectorySeconds = ReadonlyMap<string, number>;

/** Directories with less than this share of the whole are counted with the one above (0 to 1). */
const LEAST_SHARE = 0.0002;
/** CPU time is written in hundredths of a second. */
const PER_SECOND = 100;

interface Node {
  readonly name: string;
  /** Seconds of its own files, for each config. */
  own: number[];
  readonly below: Map<string, Node>;
}

/**
 * CPU time as a tree of directories.
 * @param times for each config the seconds of each directory's own files
 * @param names what the configs are called
 */
export function timeMap(times: readonly DirectorySeconds[], names: readonly string[]): TimeMap {
  const root = newNode('', times.length);
  for (const [index, seconds] of times.entries()) {
    for (const [directory, own] of seconds) {
      let node = root;
      for (const part of directory.split('/')) {
        if (part === '') continue;
        const next = node.below.get(part) ?? newNode(part, times.length);
        node.below.set(part, next);
        node = next;
      }
      node.own[index]! += own;
    }
  }
  const least = Math.max(...sums(root)) * LEAST_SHARE;
  return { names, root: packed(root, least) };
}

function newNode(name: string, configs: number): Node {
  return { name, own: new Array<number>(configs).fill(0), below: new Map() };
}

/** With all that is below, for each config. */
function sums({ own, below }: Node): number[] {
  const all = [...own];
  for (const node of below.values()) for (const [index, seconds] of sums(node).entries()) all[index]! += seconds;
  return all;
}

function packed({ name, own, below }: Node, least: number): TimeNode {
  const all = [...own];
  const nodes: TimeNode[] = [];
  for (const node of below.values()) {
    const total = sums(node);
    if (Math.max(...total) >= least) nodes.push(packed(node, least));
    else for (const [index, seconds] of total.entries()) all[index]! += seconds;
  }
  return [name, all.map((seconds) => Math.round(seconds * PER_SECOND)), nodes];
}
