/** What a directory says about being a kernel source tree. */
import { dirname, join, resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import { nearNames } from '../diagnostics/near-names.ts';
import type { FileSystem } from '../platform/platform.ts';

/** A kernel source tree. */
export interface KernelTree {
  /** The directory as it was given. */
  readonly directory: string;
  /** KERNELVERSION: `6.12.117`, `6.13.0-rc1`; without what localversion files add. */
  readonly version: string;
  /** VERSION, PATCHLEVEL and SUBLEVEL. */
  readonly versionParts: readonly [number, number, number];
  /** EXTRAVERSION, such as `-rc1`; mostly empty. */
  readonly extraVersion: string;
  /** NAME; empty where the Makefile gives none. */
  readonly name: string;
  /** Directories under arch/ that have a Kconfig: the values that SRCARCH can take. */
  readonly srcarches: readonly string[];
}

/** Values of ARCH that are not the name of a directory under arch/. */
const SRCARCH_OF_ARCH: Readonly<Record<string, string>> = {
  i386: 'x86',
  x86_64: 'x86',
  sparc32: 'sparc',
  sparc64: 'sparc',
  parisc64: 'parisc',
  sh64: 'sh',
  tilepro: 'tile',
  tilegx: 'tile',
};

/** What machines and distributions call architectures: `uname -m` (scripts/subarch.include), dpkg, rpm. */
const COMMON_NAMES: readonly (readonly [RegExp, string])[] = [
  [/^(?:amd64|x64|i[3-6]86|x86[-_]64)/, 'x86'],
  [/^aarch64|^armv8/, 'arm64'],
  [/^arm(?:v[5-7]|hf|el|eb)/, 'arm'],
  [/^ppc|^powerpc/, 'powerpc'],
  [/^s390x/, 's390'],
  [/^riscv/, 'riscv'],
  [/^loong/, 'loongarch'],
  [/^mips/, 'mips'],
  [/^sparc|^sun4/, 'sparc'],
  [/^(?:hppa|parisc)/, 'parisc'],
  [/^m68k|^680/, 'm68k'],
  [/^sh\d/, 'sh'],
];

/** The kernel tree that a file or a directory is in; empty where there is none. */
export function treeAround(fs: FileSystem, inside: string): string {
  for (let path = resolve(inside); path !== dirname(path); ) {
    path = dirname(path);
    if (fs.stat(join(path, 'Kconfig'))?.isFile && fs.stat(join(path, 'arch'))?.isDirectory) return path;
  }
  return '';
}

/**
 * Reads the top of a kernel tree.
 * @param directory absolute, or relative to the working directory
 * @throws InputError `tree-not-kernel` with the first thing that is missing, `tree-not-directory`
 */
export function readKernelTree(fs: FileSystem, directory: string): KernelTree {
  const makefile = fs.readText(join(directory, 'Makefile'));
  const missing = (what: string) =>
    new InputError({ code: 'tree-not-kernel', args: { directory, missing: what, top: treeAround(fs, directory) } });
  const found = fs.stat(directory);
  if (found === null) throw missing('the directory');
  if (!found.isDirectory) throw new InputError({ code: 'tree-not-directory', args: { path: directory } });
  if (makefile === null) throw missing('Makefile');
  const version = makeVariable(makefile, 'VERSION');
  const patchlevel = makeVariable(makefile, 'PATCHLEVEL');
  if (version === null || patchlevel === null) throw missing('VERSION or PATCHLEVEL in Makefile');
  if (fs.stat(join(directory, 'Kconfig')) === null) throw missing('Kconfig');
  const srcarches = listSrcarches(fs, directory);
  if (srcarches.length === 0) throw missing('arch/*/Kconfig');
  const sublevel = makeVariable(makefile, 'SUBLEVEL') ?? '';
  const extraVersion = makeVariable(makefile, 'EXTRAVERSION') ?? '';
  return {
    directory,
    version: kernelVersion(version, patchlevel, sublevel, extraVersion),
    versionParts: [number(version), number(patchlevel), number(sublevel)],
    extraVersion,
    name: makeVariable(makefile, 'NAME') ?? '',
    srcarches,
  };
}

/** ARCH → SRCARCH, the directory under arch/, as the top Makefile maps it. */
export function srcarchOf(arch: string): string {
  return SRCARCH_OF_ARCH[arch] ?? arch;
}

/** The same for what `uname -m` says. */
export function srcarchOfMachine(machine: string): string {
  return COMMON_NAMES.find(([name]) => name.test(machine))?.[1] ?? srcarchOf(machine);
}

/**
 * The kernel's directory under arch/ for an ARCH.
 * @throws InputError `arch-unknown` where the tree has no such architecture
 */
export function requireSrcarch(tree: KernelTree, arch: string): string {
  const srcarch = srcarchOf(arch);
  if (tree.srcarches.includes(srcarch)) return srcarch;
  const [, common = ''] = COMMON_NAMES.find(([name]) => name.test(arch)) ?? [];
  const [near = ''] = tree.srcarches.includes(common) ? [common] : nearNames(arch, tree.srcarches, 1);
  throw new InputError({
    code: 'arch-unknown',
    args: { arch, near, known: tree.srcarches.join(' '), version: tree.version },
  });
}

function listSrcarches(fs: FileSystem, directory: string): readonly string[] {
  const names = fs.readDirectory(join(directory, 'arch')) ?? [];
  return names.filter((name) => fs.stat(join(directory, 'arch', name, 'Kconfig')) !== null);
}

/** The first assignment of a plain variable; null where there is none. */
function makeVariable(makefile: string, name: string): string | null {
  const found = new RegExp(`^${name}[ \\t]*:?=[ \\t]*([^\\n#]*)`, 'm').exec(makefile);
  return found ? found[1]!.trim() : null;
}

function kernelVersion(version: string, patchlevel: string, sublevel: string, extra: string): string {
  let text = version;
  if (patchlevel !== '') text += `.${patchlevel}${sublevel === '' ? '' : `.${sublevel}`}`;
  return text + extra;
}

function number(text: string): number {
  return /^\d+$/.test(text) ? Number(text) : 0;
}

/** How a Makefile says it: `The source tree is not clean`, up to 5.1 `$(srctree) is not clean`. */
const REFUSES = /(?:source tree|\$\(srctree\)) is not clean/;

/**
 * What is left in a tree of a build there, or of a config: `make O=` refuses it (Makefile: outputmakefile).
 * @returns a path from the tree; null where the build is in the tree, or may be elsewhere
 */
export function leftInTree(
  fs: FileSystem,
  { tree, objtree, srcarch }: { readonly tree: string; readonly objtree: string; readonly srcarch: string },
): string | null {
  if (objtree === tree || !REFUSES.test(fs.readText(join(tree, 'Makefile')) ?? '')) return null;
  const left = ['.config', 'include/config', `arch/${srcarch}/include/generated`];
  return left.find((path) => fs.stat(join(tree, path)) !== null) ?? null;
}
