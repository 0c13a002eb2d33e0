/**
 * What the top Makefile and the architecture's Makefile hand down: exported variables, and the directories that
 * vmlinux and the modules come from.
 */

import type { MakeEvaluator } from '../make/evaluator.ts';
import type { Value } from '../make/values.ts';
import { type DirectoryEntries, readLists } from './directory.ts';

/** What a run of make knows before it reads the top Makefile. */
export interface RootVariables {
  readonly srcarch: string;
  /** ARCH, SUBARCH, CROSS_COMPILE …, as given to make. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Sets what make and the top Makefile's first run set before anything is read. */
export function defineMakeBasics(make: MakeEvaluator, root: RootVariables): void {
  const basics: Record<string, string> = {
    ARCH: root.srcarch,
    SUBARCH: root.srcarch === 'um' ? 'x86' : root.srcarch,
    ...root.variables,
    SRCARCH: root.srcarch,
    MAKE: 'make',
    MAKE_VERSION: '4.3',
    CURDIR: make.files.root,
    CONFIG_SHELL: 'sh',
    srctree: '.',
    objtree: '.',
    srcroot: '.',
    sub_make_done: '1',
    'sub-make-done': '1',
    abs_srctree: make.files.root,
    abs_objtree: make.files.root,
    abs_output: make.files.root,
    KBUILD_VERBOSE: '0',
    KBUILD_BUILTIN: '1',
    KBUILD_MODULES: '1',
  };
  for (const [name, value] of Object.entries(basics)) make.pin(name, value);
  // The top Makefile refuses a make that cannot do what it needs.
  make.define(
    '.FEATURES',
    'target-specific order-only second-expansion else-if shortest-stem undefine oneshell archives output-sync',
  );
  make.define('MAKEFLAGS', '--no-print-directory');
  make.define('MAKEFILE_LIST', 'Makefile');
}

/** Variables that the build passes on to the Kbuild files of the directories. */
export function exportedVariables(make: MakeEvaluator): ReadonlyMap<string, Value> {
  const exported = new Map<string, Value>();
  for (const name of make.exported) {
    if (FIXED.has(name) || /FLAGS|CMD|_VERSION_TEXT$/.test(name)) continue;
    exported.set(name, make.safeVariable(name));
  }
  return exported;
}

const FIXED: ReadonlySet<string> = new Set([
  'srctree',
  'objtree',
  'srcroot',
  'SRCARCH',
  'KBUILD_BUILTIN',
  'KBUILD_MODULES',
]);

/**
 * The root directory's lists. Since Linux 6.1 the root's Kbuild file descends; before, the top Makefile did so over
 * `vmlinux-dirs`, the directories among init-y, core-y, drivers-y, net-y, libs-y and virt-y, all of them with the
 * built-in objects wanted. (Those lists themselves name archives by the end of the Makefile.)
 */
export function rootLists(make: MakeEvaluator, root: DirectoryEntries | null): DirectoryEntries | null {
  const directories = make.variableWords('vmlinux-dirs');
  if (root === null || directories.length === 0) return root;
  const words = directories.map((word) => ({ ...word, text: `${word.text}/` }));
  make.define('obj-y', make.values.list(words));
  const entries = readLists(make, '.');
  return { ...root, builtinDirectories: [...root.builtinDirectories, ...entries.builtinDirectories] };
}
