import type { TimeMap, TimeNode } from '../report/html/page-data.ts';
import { percentText } from '../report/percent-text.ts';

/** A directory with its CPU seconds for each config, all below it included. */
export interface TimeDirectory {
  /** `drivers/net`; empty for the whole. */
  readonly path: string;
  readonly name: string;
  readonly seconds: readonly number[];
  readonly children: readonly TimeDirectory[];
  readonly parent: TimeDirectory | null;
}

/** CPU time is written in hundredths of a second. */
const PER_SECOND = 100;

/** The tree of directories; files that a directory has beside others below it are a child of their own. */
export function timeTree({ root }: TimeMap): TimeDirectory {
  return directory(root, null);
}

function directory([name, own, below]: TimeNode, parent: TimeDirectory | null): TimeDirectory {
  const path = parent === null || parent.path === '' ? name : `${parent.path}/${name}`;
  const children: TimeDirectory[] = [];
  const seconds = own.map((each) => each / PER_SECOND);
  const made: TimeDirectory = { path, name, seconds, children, parent };
  for (const node of below) {
    const child = directory(node, made);
    children.push(child);
    for (const [index, each] of child.seconds.entries()) seconds[index]! += each;
  }
  if (below.length > 0 && own.some((each) => each > 0)) {
    const files = 'files here';
    const rest = own.map((each) => each / PER_SECOND);
    children.push({
      path: `${path === '' ? '' : `${path}/`}(${files})`,
      name: files,
      seconds: rest,
      children: [],
      parent: made,
    });
  }
  return made;
}

/** `12 %`; below one per cent with a digit more. */
export function shareText(part: number, whole: number): string {
  if (whole <= 0) return '0 %';
  const percent = (100 * part) / whole;
  return percent >= 0.1 && percent < 1 ? `${percent.toFixed(1)} %` : percentText(part / whole);
}
