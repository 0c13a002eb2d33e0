/**
 * node machines.mjs TREE CONFIG LISTING…: trims one config for several machines, a config each, in one run: the tree is
 * read once. Prints a hash of each config. For bench.ts; runs on the built package.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import {
  answerProbes,
  Configuration,
  detectDialect,
  dotConfigValues,
  KbuildTree,
  kbuildDomain,
  NodeFileSystem,
  parseKconfig,
  readDotConfig,
  Trimmer,
} from '../../dist/index.js';

const [tree, path, ...listings] = process.argv.slice(2);
const fs = new NodeFileSystem();
const env = { SRCARCH: 'x86', srctree: '.', CC: 'gcc', LD: 'ld' };
const kconfig = parseKconfig('Kconfig', detectDialect(fs, tree, null), {
  readFile: (name) => fs.readText(join(tree, name)),
  glob: () => null,
  env: (name) => env[name],
  shell: () => null,
  message: () => {},
});
const text = fs.readText(path);
answerProbes(kconfig, dotConfigValues(text));
const base = new Configuration(kconfig);
readDotConfig(base, text, { file: path });
const kbuild = KbuildTree.load({ fs, tree, srcarch: 'x86', variables: { ARCH: 'x86' }, domain: kbuildDomain(kconfig) });
const trimmer = new Trimmer(kbuild, base);
for (const listing of listings) {
  const loaded = fs
    .readText(listing)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => ({ name: line.split(' ')[0].replaceAll('-', '_'), origin: 'unknown' }));
  const options = { keep: [], lean: false, enable: false, builtin: false };
  const result = trimmer.trim({ loaded, ...options });
  process.stdout.write(`${createHash('sha256').update(result.text, 'latin1').digest('hex')} ${listing}\n`);
}
