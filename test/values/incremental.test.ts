import { expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { packTree, unpackTree } from '../../src/kconfig/packed-tree.ts';
import { dependencyGraph, packGraph, unpackGraph } from '../../src/values/incremental.ts';
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
  packTree(kconfig, packer);
  packGraph(kconfig, packer);
  const unpacker = new Unpacker(packer.bytes());
  const again = unpackTree(unpacker, () => null);
  const other = unpackTree(new Unpacker(packer.bytes()), () => null);
  unpackGraph(again, unpacker);
  const [graph, made] = [dependencyGraph(again), dependencyGraph(other)];
  const plain = ({ unitOf, start, dependents, members }: typeof graph): unknown => ({
    unitOf,
    start,
    dependents,
    members: members.map((unit) => unit.map(({ id }) => id)),
  });
  expect(plain(graph)).toEqual(plain(made));
  expect(graph.members.flat().every((each) => again.symbols.all[each.id] === each)).toBe(true);
});
