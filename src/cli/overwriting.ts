import { basename, dirname, join, relative, resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { Platform } from '../platform/platform.ts';
import { NodeFileWriter } from '../platform/write-file.ts';
import { treeAround } from '../toolchain/kernel-tree.ts';

/** What a run reads and writes, as it was named. What is no file (`-`, null, a device) does not count. */
export interface RunFiles {
  /** All that stays as it is. */
  readonly read: readonly Named[];
  /** Each a file of its own. What was there stays beside it as `FILE.old`. */
  readonly written: readonly Named[];
  /** Of `read`, what is replaced where it stands; what was there stays as `FILE.old`. */
  readonly rewritten?: readonly Named[];
  /** A config or a record that is written as well. */
  readonly replaced?: {
    readonly file: Named;
    /** What it is made of: its place may be the same. */
    readonly base: Named;
    /** Whether it will have all that was there, so that no `FILE.old` is stored. */
    readonly hasAll?: boolean;
  };
}

type Named = string | null | undefined;

/** Files of a kernel tree that say what is built, and how. Configs are none: they are written. */
const SOURCE_NAME = /^(?:Kconfig|Makefile|Kbuild)|\.(?:[chS]|rs|dts[io]?|lds|tbl|asn1)$/;

/**
 * Refuses, before the work, outputs that would cost somebody something or cannot be written: those in the place of what is
 * read, of another output or of a kernel's source file, and those in a directory that is not there.
 * @throws InputError `output-is-input`, `output-twice`, `old-is-input`, `output-is-source`, and as `requireWritable`
 */
export function requireOutputs(platform: Pick<Platform, 'fs' | 'cwd'>, files: RunFiles): void {
  const { read, written, rewritten = [], replaced } = files;
  const { fs, cwd } = platform;
  const place = (file: Named): string | null => placeOf(platform, file);
  const base = place(replaced?.base);
  const inputs = new Set(read.map(place));
  const outputs = new Map<string, string>();
  for (const file of [replaced?.file, ...written]) {
    const at = place(file);
    if (at === null) continue;
    const mayBeBase = file === replaced?.file;
    if (inputs.has(at) || (at === base && !mayBeBase)) refuse('output-is-input', file);
    if (outputs.has(at)) refuse('output-twice', file);
    outputs.set(at, file!);
  }
  for (const file of rewritten) {
    const at = place(file);
    if (at === null) continue;
    if (outputs.has(at)) refuse('output-twice', file);
    outputs.set(at, file!);
  }
  for (const [at, file] of outputs) {
    if (fs.stat(at) === null) continue;
    const old = replaced?.hasAll && file === replaced.file ? null : place(`${file}.old`);
    if (old === null) continue;
    if (inputs.has(old) || old === base) refuse('old-is-input', `${file}.old`);
    if (outputs.has(old)) refuse('output-twice', `${file}.old`);
    const tree = treeAround(fs, at);
    if (tree !== '' && isSource(relative(tree, at))) refuse('output-is-source', file, { tree });
  }
  const writer = new NodeFileWriter();
  // A config that is there and stays the same is not written.
  const isThere = (file: Named): boolean => typeof file === 'string' && fs.stat(resolve(cwd, file))?.isFile === true;
  for (const file of [...written, ...(isThere(replaced?.file) ? [] : [replaced?.file])]) {
    if (typeof file === 'string' && file !== '-') writer.requireWritable(resolve(cwd, file));
  }
}

/** @param path from the top of a kernel tree */
const isSource = (path: string): boolean => path.startsWith('scripts/') || SOURCE_NAME.test(basename(path));

/** @param file one that was found to have a place */
function refuse(code: string, file: Named, more: Readonly<Record<string, string>> = {}): never {
  throw new InputError({ code, args: { file: file!, ...more } });
}

/** Where a file is, or would be made; null for what is none. */
function placeOf({ fs, cwd }: Pick<Platform, 'fs' | 'cwd'>, file: Named): string | null {
  if (file === null || file === undefined || file === '-' || file === 'standard input') return null;
  const path = resolve(cwd, file);
  if (fs.stat(path)?.isFile === false) return null;
  const folder = dirname(path);
  return fs.realPath(path) ?? join(fs.realPath(folder) ?? folder, basename(path));
}
