import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Bundles the writer into one file, so that many short-lived processes can load it quickly; returns its path. */
export function buildWriter(directory: string): string {
  const outfile = join(directory, 'writer.mjs');
  buildSync({
    entryPoints: [new URL('../../src/platform/write-file.ts', import.meta.url).pathname],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'error',
  });
  return outfile;
}
