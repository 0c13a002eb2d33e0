/**
 * Writes what the model sees of every source that measurements name, so that the fit and its check need no kernel tree.
 *
 *   npx tsx scripts/estimate/list-sources.ts TREE OUT.csv MEASUREMENTS.csv…      names of files in data/
 */
import { writeFileSync } from 'node:fs';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { Sources } from '../../src/sources/sources.ts';
import { dataFile, readRows } from './measurements.ts';

const [tree, out, ...measurements] = process.argv.slice(2);
if (tree === undefined || out === undefined) throw new Error('the kernel tree and the file to write are needed');
const sources = new Sources(new NodeFileSystem(), tree);
const names = measurements.flatMap((file) => readRows(dataFile(file)).map((row) => row['source']!));
const lines = [...new Set(names)].sort().flatMap((name) => {
  const { kind, bytes, includes, tracePoints } = sources.of(name);
  return bytes < 0 ? [] : [[name, kind, bytes, includes, tracePoints ? 1 : 0].join()];
});
writeFileSync(dataFile(out), `source,kind,bytes,includes,tracePoints\n${lines.join('\n')}\n`);
