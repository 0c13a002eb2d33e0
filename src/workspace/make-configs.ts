/** What make has for a target that names a config: files of the tree, and rules of Makefiles. */
import { isAbsolute, join, relative, resolve } from 'node:path';
import type { Workspace } from './workspace.ts';

/** A defconfig as make knows it. */
export interface MakeDefconfig {
  /** The directory under arch/ that it is for. */
  readonly srcarch: string;
  /** The target of make: its path from that architecture's configs on. */
  readonly name: string;
  /** From the top of the tree; there may be no such file. */
  readonly file: string;
}

const IN_CONFIGS = /^arch\/([^/]+)\/configs\/(.+)$/;

/** Targets that a Makefile puts together out of parts of names (arch/mips). */
const COMPUTED_TARGETS = /^\$\(\w*defconfigs\)\s*:/m;

/**
 * @param given a path in the tree, absolute or from its top, or a name under arch/SRCARCH/configs
 * @returns null for a path to somewhere else
 */
export function makeDefconfig(workspace: Workspace, given: string): MakeDefconfig | null {
  const file = relative(workspace.treePath, resolve(workspace.treePath, given));
  const [, srcarch, name] = IN_CONFIGS.exec(file) ?? [];
  if (srcarch !== undefined) return workspace.tree.srcarches.includes(srcarch) ? { srcarch, name: name!, file } : null;
  if (isAbsolute(given) || given.startsWith('.')) return null;
  const own = workspace.environment().srcarch;
  return { srcarch: own, name: given, file: `${configsOf(own)}/${given}` };
}

/** Whether the architecture's Makefile names it, or may put its name together: then it is made of others. */
export function isMadeByMakefile({ platform, treePath }: Workspace, { srcarch, name }: MakeDefconfig): boolean {
  if (!name.endsWith('defconfig')) return false;
  const text = platform.fs.readText(join(treePath, 'arch', srcarch, 'Makefile')) ?? '';
  const words = new Set(text.replace(/^\s*#.*$/gm, '').match(/[\w.+-]+/g));
  return words.has(name) || COMPUTED_TARGETS.test(text);
}

/** The folders in which make looks for the target `NAME.config`, from the top of the tree. */
export function fragmentFolders(workspace: Workspace): readonly string[] {
  return ['kernel/configs', configsOf(workspace.environment().srcarch)];
}

/** Where an architecture has its defconfigs, from the top of the tree. */
export const configsOf = (srcarch: string): string => `arch/${srcarch}/configs`;

/** @param file from the top of the tree */
export function isFileOfTree({ platform, treePath }: Workspace, file: string): boolean {
  return platform.fs.stat(join(treePath, file))?.isFile ?? false;
}

/** What make calls the architecture of a directory under arch/: as this run does where it is this run's. */
export function archOf(workspace: Workspace, srcarch: string): string {
  const own = workspace.environment();
  return own.srcarch === srcarch ? own.arch : srcarch;
}
