import { basename } from 'node:path';
import { BEFORE, type BisectState, LAST } from '../../bisect/state.ts';
import { textDigest } from '../../cache/digest.ts';
import { NodeFileWriter, removeFile } from '../../platform/write-file.ts';
import type { BisectRun } from './bisect-run.ts';

/** Behind the name of a config that was changed by hand: where the one of before the start is put. */
const BESIDE = '.before-bisect';

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
  // The last one is stored before it is written; where that was not done any more, an earlier one is there.
  const isOurs =
    there === null || there === folder.read(LAST) || state.steps.some(({ config }) => config === textDigest(there));
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
