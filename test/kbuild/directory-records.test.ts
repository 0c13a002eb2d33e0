import { expect, it } from 'vitest';
import { FALSE, TRUE } from '../../src/conditions/condition.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import type { Composite, DirectoryEntries, ListedItem, Mention } from '../../src/kbuild/directory.ts';
import {
  addDirectory,
  DirectoryRecord,
  hasRulesAt,
  Item,
  isOpenAt,
  itemPlaces,
  LISTS,
  listOf,
  memberPlaces,
  NO_COMPOSITE,
  NO_OBJECT,
} from '../../src/kbuild/directory-records.ts';
import { Snapshot } from '../../src/kbuild/snapshot.ts';

const table = new ConditionTable();
const isA = table.is('A', 'y');
const LINE: Mention = { at: { file: 'd/Makefile', line: 3, column: 0 }, when: isA };
const item = (path: string, ...mentions: readonly Mention[]): ListedItem => ({ path, when: TRUE, mentions });

const ENTRIES: DirectoryEntries = {
  directory: 'd',
  builtin: [item('d/a.o', LINE, { at: null, when: TRUE }), item('d/../e/b.o')],
  modular: [item('d/c.o', LINE)],
  library: [],
  extra: [item('d/d.lds')],
  always: [],
  builtinDirectories: [item('d/e')],
  modularDirectories: [],
  otherDirectories: [],
  composites: new Map([
    [
      'd/c.o',
      { whenBuiltin: FALSE, whenModular: isA, members: [item('d/x.o', LINE)], modularMembers: [item('d/y.o')] },
    ],
  ]),
  rules: [
    {
      target: 'd/a.o',
      pattern: null,
      when: isA,
      prerequisites: [{ when: isA, text: 'd/a.\ue000c', at: null }],
      hasRecipe: true,
      descents: [[{ when: TRUE, text: 'e', at: { file: 'd/Makefile', line: 7, column: 0 } }]],
      at: { file: 'd/Makefile', line: 5, column: 0 },
    },
  ],
  isOpen: true,
};

const plainItems = (items: readonly ListedItem[]): unknown =>
  items.map(({ path, when, mentions }) => ({ path, when, mentions }));

/** All that a directory says, as plain data. */
function said(entries: DirectoryEntries): unknown {
  const { directory, isOpen, rules, composites } = entries;
  const plain = ({ whenBuiltin, whenModular, members, modularMembers }: Composite): unknown => {
    return { whenBuiltin, whenModular, members: plainItems(members), modularMembers: plainItems(modularMembers) };
  };
  return {
    ...{ directory, isOpen, rules },
    lists: LISTS.map((name) => plainItems(entries[name])),
    composites: [...composites].map(([path, composite]) => [path, plain(composite)]),
  };
}

it('says of a directory what was read of it', () => {
  const snapshot = new Snapshot(table);
  const place = addDirectory(snapshot, ENTRIES);
  expect(said(new DirectoryRecord(snapshot, place))).toEqual(said(ENTRIES));
  expect([isOpenAt(snapshot, place), hasRulesAt(snapshot, place)]).toEqual([true, true]);
});

it('says the same without composites and rules', () => {
  const snapshot = new Snapshot(table);
  const entries = { ...ENTRIES, composites: new Map(), rules: [], isOpen: false };
  const place = addDirectory(snapshot, entries);
  expect(said(new DirectoryRecord(snapshot, place))).toEqual(said(entries));
  expect([isOpenAt(snapshot, place), hasRulesAt(snapshot, place)]).toEqual([false, false]);
});

it('knows of objects the directory that they lie in, and what they are linked from', () => {
  const snapshot = new Snapshot(table);
  const place = addDirectory(snapshot, ENTRIES);
  const { ints } = snapshot;
  const parents = (name: (typeof LISTS)[number]): (string | null)[] =>
    itemPlaces(ints, listOf(ints, place, name)).map((at) => {
      const parent = ints[at + Item.parent]!;
      return parent === NO_OBJECT ? null : snapshot.text(parent);
    });
  expect([parents('builtin'), parents('extra'), parents('builtinDirectories')]).toEqual([['d', 'e'], [null], [null]]);
  const [plain] = itemPlaces(ints, listOf(ints, place, 'builtin'));
  const [module] = itemPlaces(ints, listOf(ints, place, 'modular'));
  expect(ints[plain! + Item.composite]).toBe(NO_COMPOSITE);
  const members = memberPlaces(ints, ints[module! + Item.composite]!);
  expect(members.map((at) => snapshot.text(ints[at + Item.path]!))).toEqual(['d/x.o', 'd/y.o']);
});

it('grows', () => {
  const snapshot = new Snapshot(table);
  const first = addDirectory(snapshot, ENTRIES);
  const places = Array.from({ length: 3000 }, () => addDirectory(snapshot, ENTRIES));
  for (const place of [first, places[0]!, places.at(-1)!]) {
    expect(said(new DirectoryRecord(snapshot, place))).toEqual(said(ENTRIES));
  }
});
