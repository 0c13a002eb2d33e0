import { resolve } from 'node:path';
import { BEFORE, type BisectState, LAST } from '../../bisect/state.ts';
import { textDigest } from '../../cache/digest.ts';
import { NodeFileWriter, removeFile } from '../../platform/write-file.ts';
import type { BisectRun } from './bisect-run.ts';

/**
 * Puts the config of before the start back, or none, where the one that is there was made by the bisection. Needs no
 * tree: the commit that is checked out may have none.
 * @throws InputError `write-…`
 */
export function restoreConfig({ platform, folder, tree }: BisectRun, { trim, steps }: BisectState): void {
  const { fs, env } = platform;
  const path = resolve(trim.objtree ?? tree, env['KCONFIG_CONFIG'] || '.config');
  const there = fs.readText(path);
  if (there === null) return;
  // The last one is stored before it is written; where that was not done any more, an earlier one is there.
  const digest = textDigest(there);
  if (there !== folder.read(LAST) && steps.every(({ config }) => config !== digest)) return;
  const before = folder.read(BEFORE);
  if (before === null) removeFile(path);
  else new NodeFileWriter().writeConfigAtomic(path, before, false);
}
