import { expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { readSnapshot } from '../../src/kconfig/snapshot-tree.ts';
import { dependencyGraph, packGraph, unpackGraph } from '../../src/values/dependency-graph.ts';
import { MODULES, NEW, OLD, parseText } from '../helpers/kconfig.ts';

const TEXT = `${MODULES}config A
	tristate "a"
	depends on MODULES
choice
	prompt "c"
config X
	bool "x"
config Y
	bool "y"
	depends on A
endchoice
config B
	tristate "b"
	depends on Y
`;

it.each([
  ['old', OLD],
  ['new', NEW],
])('a graph that was packed is the one that would be made (%s)', (_name, dialect) => {
  const kconfig = parseText(TEXT, { dialect });
  const packer = new Packer();
  packGraph(kconfig, packer);
  const again = readSnapshot(kconfig.snapshot, () => null);
  unpackGraph(again, new Unpacker(packer.bytes()));
  const [graph, made] = [dependencyGraph(again), dependencyGraph(kconfig)];
  expect(graph).toEqual(made);
  expect([...graph.members].sort((a, b) => a - b)).toEqual(again.symbols.all.map(({ id }) => id));
});
