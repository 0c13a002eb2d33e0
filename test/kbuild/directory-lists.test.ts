import { expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { FALSE, TRUE } from '../../src/conditions/condition.ts';
import type { DirectoryEntries, ListedItem } from '../../src/kbuild/directory.ts';
import {
  CompositePart,
  Directory,
  DirectoryLists,
  Item,
  LISTS,
  NO_COMPOSITE,
  NO_OBJECT,
  ROOT,
} from '../../src/kbuild/directory-lists.ts';

const item = (path: string): ListedItem => ({ path, when: TRUE, mentions: [] });

const ENTRIES: DirectoryEntries = {
  directory: 'd',
  builtin: [item('d/a.o'), item('d/../e/b.o')],
  modular: [item('d/c.o')],
  library: [],
  extra: [item('d/d.lds')],
  always: [],
  builtinDirectories: [item('d/e')],
  modularDirectories: [],
  otherDirectories: [],
  composites: new Map([
    ['d/c.o', { whenBuiltin: FALSE, whenModular: TRUE, members: [item('d/x.o')], modularMembers: [item('d/y.o')] }],
  ]),
  rules: [],
  isOpen: true,
};

/** The items of a list, and where the next is. */
function readList(lists: DirectoryLists, at: number): { items: (string | number | null)[][]; next: number } {
  const { ints } = lists;
  const items = Array.from({ length: ints[at]! }, (_, index) => {
    const place = at + 1 + index * Item.ints;
    const parent = ints[place + Item.parent]!;
    const parentName = parent === NO_OBJECT ? null : lists.text(parent);
    return [lists.text(ints[place + Item.path]!), ints[place + Item.when]!, parentName, ints[place + Item.composite]!];
  });
  return { items, next: at + 1 + items.length * Item.ints };
}

/** All that the lists say of `ENTRIES`. */
function check(lists: DirectoryLists, place: number): void {
  const { ints } = lists;
  expect(lists.text(ints[place + Directory.name]!)).toBe('d');
  expect([lists.isOpen(place), lists.hasRules(place)]).toEqual([true, false]);
  const list = ints[place + Directory.composites]!;
  expect(ints[list]).toBe(1);
  const composite = ints[list + 1]!;
  expect(lists.text(ints[composite + CompositePart.path]!)).toBe('d/c.o');
  expect(ints[composite + CompositePart.whenBuiltin]).toBe(FALSE.id);
  expect(ints[composite + CompositePart.whenModular]).toBe(TRUE.id);
  const members = readList(lists, composite + CompositePart.lists);
  expect(members.items).toEqual([['d/x.o', TRUE.id, 'd', NO_COMPOSITE]]);
  expect(readList(lists, members.next).items).toEqual([['d/y.o', TRUE.id, 'd', NO_COMPOSITE]]);
  const found: Record<string, unknown> = {};
  let at = place + Directory.lists;
  for (const name of LISTS) {
    const { items, next } = readList(lists, at);
    if (items.length > 0) found[name] = items;
    at = next;
  }
  expect(found).toEqual({
    builtin: [
      ['d/a.o', TRUE.id, 'd', NO_COMPOSITE],
      ['d/../e/b.o', TRUE.id, 'e', NO_COMPOSITE],
    ],
    modular: [['d/c.o', TRUE.id, 'd', composite]],
    extra: [['d/d.lds', TRUE.id, null, NO_COMPOSITE]],
    builtinDirectories: [['d/e', TRUE.id, null, NO_COMPOSITE]],
  });
}

it('says of a directory what was read of it', () => {
  const lists = new DirectoryLists();
  expect(lists.text(ROOT)).toBe('.');
  check(lists, lists.add(ENTRIES));
});

it('says the same after it was packed, and goes on from there', () => {
  const lists = new DirectoryLists();
  const place = lists.add(ENTRIES);
  const out = new Packer();
  lists.pack(out);
  out.text('another');
  const again = DirectoryLists.unpack(new Unpacker(out.bytes()));
  check(again, place);
  expect(again.reference('d/a.o')).toBe(lists.reference('d/a.o'));
  check(again, again.add(ENTRIES));
  check(again, place);
  expect(again.text(again.reference('new'))).toBe('new');
});

it('grows', () => {
  const lists = new DirectoryLists();
  const first = lists.add(ENTRIES);
  const places = Array.from({ length: 3000 }, () => lists.add(ENTRIES));
  for (const place of [first, places[0]!, places.at(-1)!]) check(lists, place);
});
