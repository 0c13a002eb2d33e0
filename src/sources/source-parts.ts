/**
 * Files that are a part of one C source: other sources that it includes, and headers for it alone. Drivers are in these
 * as well: `i8042.c` has one in `i8042-acpipnpio.h`, kernel/sched/build_utility.c is made of nothing else.
 */
import { normalizePath } from '../make/paths.ts';
import { SourceText } from './source-text.ts';

/** A part of a source. */
export interface SourcePart {
  /** Relative to the tree. */
  readonly path: string;
  /** The conditions around its `#include`, as a registration has them. */
  readonly guard: string;
}

const SEPARATOR = '\t';
const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*"([^"\n\t]+\.[ch])"/gm;

/**
 * The parts of a source, each as `readPart` takes it. A header is one where its name begins with the source's.
 * @param path the source's, relative to the tree
 */
export function partsIn(text: string, path: string): string[] {
  const directory = path.slice(0, path.lastIndexOf('/') + 1);
  const stem = path.slice(directory.length).replace(/\.\w+$/, '');
  const source = new SourceText(text);
  const parts = [...text.matchAll(INCLUDE)].flatMap(({ 1: name = '', index }) => {
    const isPart = name.endsWith('.c') || name.startsWith(stem);
    const file = normalizePath(directory + name);
    return isPart && file !== path ? [file + SEPARATOR + source.guard(index)] : [];
  });
  return [...new Set(parts)];
}

/** @param text from `partsIn` */
export function readPart(text: string): SourcePart {
  const [path = '', guard = ''] = text.split(SEPARATOR);
  return { path, guard };
}
