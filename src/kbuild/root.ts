/**
 * What the top Makefile and the architecture's Makefile hand down: exported variables, and the directories that
 * vmlinux and the modules come from.
 */
import { type DirectoryEntries, readLists } from './directory.ts';
import type { MakeEvaluator } from './evaluator.ts';
import type { Value } from './value.ts';

/** What a run of make knows before it reads the top Makefile. */
export interface RootVariables {
  readonly srcarch: string;
  /** ARCH, SUBARCH, CROSS_COMPILE …, as given to make. */
  readonly variables: Readonly<Record<string, string>>;
}

/** Lists of the top Makefile that older trees descend into directly. */
export const TOP_LISTS = ['init', 'core', 'drivers', 'net', 'virt', 'libs'];

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
 * The root directory's lists. Since Linux 5.18 the root's Kbuild file descends; before, the top Makefile did so over
 * its own lists (vmlinux-dirs).
 */
export function rootLists(make: MakeEvaluator, root: DirectoryEntries | null): DirectoryEntries | null {
  if (root === null || root.builtinDirectories.some((item) => item.path === 'kernel')) return root;
  for (const suffix of ['y', 'm'] as const) {
    const words = TOP_LISTS.flatMap((list) => make.variableWords(`${list}-${suffix}`));
    make.define(`obj-${suffix}`, make.values.list(words));
  }
  const entries = readLists(make, '.');
  return { ...entries, extra: [...root.extra, ...entries.extra] };
}
