/** The config of a checkout: which ones the bisection made there, and what becomes of the others. */
import { basename } from 'node:path';
import type { Bisection } from '../../bisect/bisection.ts';
import { BEFORE, type BisectState, LAST } from '../../bisect/state.ts';
import { textDigest } from '../../cache/digest.ts';
import type { FileSystem } from '../../platform/platform.ts';
import { NodeFileWriter, removeFile } from '../../platform/write-file.ts';
import type { BisectRun } from './bisect-run.ts';

/** Behind the name of a config that was changed by hand: where the one of before the start is put. */
const BESIDE = '.before-bisect';
/** Behind the name of a config that a step replaces: where the one that was changed by hand is put. */
const BY_HAND = '.by-hand';

/** Whether a config was made by the bisection. */
function isMadeHere({ folder }: Pick<Bisection, 'folder'>, state: BisectState, text: string): boolean {
  // The last one is stored before it is written; where that was not done any more, an earlier one is there.
  return text === folder.read(LAST) || state.steps.some(({ config }) => config === textDigest(text));
}

/**
 * Copies the config that is there before the one of a step replaces it, where somebody has changed it.
 * @param path the config's
 * @returns where the copy is; null where there is none to make
 * @throws InputError `write-…`
 */
export function keepChanged(fs: FileSystem, bisection: Bisection, path: string): string | null {
  const { folder, state } = bisection;
  const there = fs.readText(path);
  if (there === null || there === folder.read(BEFORE) || isMadeHere(bisection, state, there)) return null;
  new NodeFileWriter().writeConfigAtomic(path + BY_HAND, there);
  return path + BY_HAND;
}

/**
 * Puts the config of before the start back, or none, where the one that is there was made by the bisection. One that
 * somebody has changed stays, and the other is put beside it. Needs no tree: the commit that is checked out may have none.
 * @throws InputError `write-…`
 */
export function restoreConfig(run: BisectRun, state: BisectState): void {
  const { folder } = run;
  const { fs } = run.platform;
  const writer = new NodeFileWriter();
  const before = folder.read(BEFORE);
  const path = run.configPath(state);
  const there = fs.readText(path);
  if (there === before) return;
  const isOurs = there === null || isMadeHere(run, state, there);
  if (before === null) {
    if (isOurs) removeFile(path);
  } else if (isOurs) writer.writeConfigAtomic(path, before, false);
  else {
    writer.writeConfigAtomic(path + BESIDE, before);
    run.note(
      `${basename(path)} was changed by hand, and stays; the one of before the start is ${basename(path)}${BESIDE}`,
    );
  }
}
