/**
 * Writes what the model sees of every source that the measurements name, so that the fit needs no kernel tree.
 *
 *   npx tsx scripts/estimate/list-sources.ts TREE
 */
import { writeFileSync } from 'node:fs';
import { Sources } from '../../src/estimate/sources.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { dataFile, readRows } from './measurements.ts';

const [tree] = process.argv.slice(2);
if (tree === undefined) throw new Error('the kernel tree is needed');
const sources = new Sources(new NodeFileSystem(), tree);
const names = ['units', 'holdout', 'effects'].flatMap((file) =>
  readRows(dataFile(`${file}.csv`)).map((row) => row['source']!),
);
const lines = [...new Set(names)].sort().flatMap((name) => {
  const { kind, bytes, includes, tracePoints } = sources.of(name);
  return bytes < 0 ? [] : [[name, kind, bytes, includes, tracePoints ? 1 : 0].join()];
});
writeFileSync(dataFile('sources.csv'), `source,kind,bytes,includes,tracePoints\n${lines.join('\n')}\n`);
