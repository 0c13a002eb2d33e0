/** Sets of modules that could be loaded together. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Kernel } from './kernels.ts';
import { folded } from './trim-judge.ts';

/** What each module of the image needs, by path in the tree. */
export function imageDependencies(kernel: Kernel): ReadonlyMap<string, readonly string[]> {
  const inTree = (file: string): string => file.replace(/^.*?kernel\//, '').replace(/\.ko.*$/, '');
  const lines = readFileSync(join(kernel.image, 'modules.dep'), 'latin1').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [file = '', needs = ''] = line.split(':');
      return [inTree(file), needs.trim().split(' ').filter(Boolean).map(inTree)] as const;
    }),
  );
}

/** Names of the modules, and of all that modules.dep says they need. */
export function closure(dependencies: ReadonlyMap<string, readonly string[]>, start: readonly string[]): Set<string> {
  const chosen = new Set(start);
  for (const path of chosen) for (const needed of dependencies.get(path) ?? []) chosen.add(needed);
  return new Set([...chosen].map(folded));
}
