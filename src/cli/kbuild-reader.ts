/** Reads a tree's Kbuild files, or takes what an earlier run has kept of them. */
import { TracedFileSystem } from '../cache/file-trace.ts';
import { KeptResult } from '../cache/kept-result.ts';
import { InputError } from '../diagnostics/diagnostic.ts';
import { type KbuildOptions, KbuildTree } from '../kbuild/index.ts';
import type { ByteCache } from '../platform/platform.ts';
import { afterReport } from './after-report.ts';

/** Where and under which name results are kept. */
export interface Keeping {
  readonly cache: ByteCache;
  /** This program's build. */
  readonly build: string;
  /** Milliseconds since the epoch. */
  readonly today: number;
}

/**
 * @param keeping null to read all and keep nothing
 * @throws InputError where a makefile cannot be parsed
 */
export function readKbuild(options: KbuildOptions, keeping: Keeping | null): KbuildTree {
  if (keeping === null) return readAll(options);
  const { tree, srcarch, variables = {} } = options;
  const key = {
    kind: 'kbuild',
    place: JSON.stringify([tree, srcarch]),
    circumstances: JSON.stringify([keeping.build, Object.entries(variables).sort()]),
  };
  const kept = new KeptResult(keeping.cache, options.fs, key);
  const packed = kept.read();
  const found = packed && KbuildTree.unpack(options, packed);
  if (found) return found;
  const makefiles = new TracedFileSystem(options.fs);
  const read = readAll({ ...options, makefiles });
  afterReport(() => kept.write(read.pack(), makefiles.paths, keeping.today));
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
