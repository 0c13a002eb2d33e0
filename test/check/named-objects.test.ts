import { describe, expect, it } from 'vitest';
import { NamedObjects } from '../../src/check/named-objects.ts';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES: Readonly<Record<string, string>> = {
  Makefile: '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  Kbuild: 'obj-y += net/ lib/ fs/ mac/ old-cards/ two/\nobj-$(CONFIG_MEDIA) += media/\n',
  'net/Makefile': [
    'obj-$(CONFIG_TABLES) += tables.o',
    'tables-y := tables_core.o nft_objref.o',
    'tables-$(CONFIG_TABLES_FAST) += fast_lookup.o',
    '',
  ].join('\n'),
  'lib/Makefile': 'obj-y += always_there.o whole.o\nwhole-y := inside_whole.o\n',
  'fs/Makefile': 'obj-$(CONFIG_OVERLAY) += both.o\nboth-y := in_both.o\n',
  'mac/Makefile': 'obj-$(CONFIG_MAC_TRANSMIT) += tx.o\nobj-$(CONFIG_MAC_SAME) += same-name.o\n',
  'old-cards/Makefile': 'obj-$(CONFIG_OLD_RECEIVE) += rx.o\nobj-$(CONFIG_OLD_SAME) += same_name.o two_ways.o\n',
  'two/Makefile': 'obj-$(CONFIG_TWO) += ways.o\n',
  'media/Makefile': 'obj-y += media_plain.o media_whole.o\nmedia_whole-y := media_part.o\n',
};

function find(name: string) {
  const inTree = Object.fromEntries(Object.entries(FILES).map(([path, text]) => [`/tree/${path}`, text]));
  return new NamedObjects(KbuildTree.load({ fs: memoryFs(inTree), tree: '/tree', srcarch: 'x86' })).find(name);
}

describe('what has the code of a symbol that is gone', () => {
  it.each([
    ['a module that has it inside', 'NFT_OBJREF', 'part', 'net/tables', ['TABLES'], 'net/Makefile:2'],
    ['a symbol inside a module', 'FAST_LOOKUP', 'merged', 'TABLES_FAST', ['TABLES_FAST'], 'net/Makefile:3'],
    ['a module or built-in that has it inside', 'IN_BOTH', 'part', 'fs/both', ['OVERLAY'], 'fs/Makefile:2'],
    ['a composite of a directory', 'MEDIA_PART', 'part', 'media/media_whole', ['MEDIA'], 'media/Makefile:2'],
    ['a directory', 'MEDIA_PLAIN', 'merged', 'MEDIA', ['MEDIA'], 'media/Makefile:1'],
    ['nothing', 'ALWAYS_THERE', 'always', 'lib/always_there.o', [], 'lib/Makefile:1'],
    ['nothing, of a composite', 'INSIDE_WHOLE', 'always', 'lib/inside_whole.o', [], 'lib/Makefile:2'],
  ])('is built by %s', (_, symbol, evidence, name, symbols, at) => {
    const found = find(symbol);
    expect({ ...found, at: `${found?.at?.file}:${found?.at?.line}` }).toEqual({ name, evidence, symbols, at });
  });

  it.each([
    ['a directory with its file', 'MAC_TX', 'MAC_TRANSMIT'],
    ['a directory of several words with its file', 'OLD_CARDS_RX', 'OLD_RECEIVE'],
  ])('has the name of %s', (_, symbol, name) => {
    expect(find(symbol)?.name).toBe(name);
  });

  it.each([
    ['nothing has its name', 'NOT_THERE'],
    ['a file of a short name is in another directory', 'TX'],
    ['several have its name', 'SAME_NAME'],
    ['a file has the name of another with its directory', 'TWO_WAYS'],
  ])('is unknown where %s', (_, symbol) => {
    expect(find(symbol)).toBeNull();
  });
});
