import { TracedFileSystem } from '../cache/file-trace.ts';
import type { KeptResult } from '../cache/kept-result.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { type KbuildOptions, KbuildTree } from '../kbuild/index.ts';
import { afterwards } from './afterwards.ts';

/**
 * Reads a tree's Kbuild files, or takes what an earlier run has kept of them.
 * @param entry where it is kept; null to read all and keep nothing
 * @param today milliseconds since the epoch
 * @throws InputError where the top makefile cannot be parsed
 */
export function readKbuild(options: KbuildOptions, entry: KeptResult | null, today: number): KbuildTree {
  if (!entry) return readAll(options);
  const packed = entry.read();
  const found = packed && KbuildTree.unpack(options, packed);
  if (found) return found;
  const makefiles = new TracedFileSystem(options.fs);
  const read = readAll({ ...options, makefiles });
  afterwards(() => entry.write(read.pack(), makefiles.paths, today));
  return read;
}

/**
 * Directories are read in the same order whatever the configuration, so that conditions are written in the same form
 * with and without what was kept.
 */
function readAll(options: KbuildOptions): KbuildTree {
  const tree = KbuildTree.load(options);
  try {
    tree.readAll();
  } catch (error) {
    // It is in the way only of those who ask for that directory.
    if (!(error instanceof InputError)) throw error;
  }
  return tree;
}
