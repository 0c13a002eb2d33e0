/** Where a tree's modules and objects bear a name: for names that no module has. */
import { createHash } from 'node:crypto';
import type { UnitList } from '../sources/unit-list.ts';
import { Item } from './directory-records.ts';
import type { BuiltinItem, ModuleEntry, ModuleIndex } from './module-index.ts';
import { inOrderOfName, objectName, rowsOfName } from './names.ts';
import type { Snapshot } from './snapshot.ts';

/** Numbers of a row of what other architectures list: references to the name and to the makefile. */
const Elsewhere = { name: 0, makefile: 1, ints: 2 } as const;

/** Numbers of a row: the place of an object's item, and the number of its directory's guard, or of a module. */
const Row = { item: 0, of: 1, ints: 2 } as const;

/** Answers by the name of an object: as moduleName folds it, without suffix. */
export class TreeNames {
  readonly #snapshot: Snapshot;
  readonly #index: ModuleIndex;
  readonly #digest: string;
  readonly #builtin: Rows;
  readonly #members: Rows;
  readonly #units: Rows;
  readonly #elsewhere: number;

  /** @param place from `writeNames` */
  constructor(snapshot: Snapshot, index: ModuleIndex, place: number) {
    this.#snapshot = snapshot;
    this.#index = index;
    this.#digest = snapshot.text(snapshot.ints[place]!);
    this.#builtin = new Rows(snapshot, place + 1);
    this.#members = new Rows(snapshot, this.#builtin.end);
    this.#units = new Rows(snapshot, this.#members.end);
    this.#elsewhere = this.#units.end;
  }

  /** The object of that name that the tree can only build into vmlinux; of several the last one that make lists. */
  builtinOnly(name: string): BuiltinItem | null {
    const row = this.#builtin.find(name).at(-1);
    return row === undefined ? null : this.#index.builtinAt(this.#builtin.item(row), this.#builtin.of(row));
  }

  /** The composite modules that have an object of that name inside, in the order of the index. */
  withMember(name: string): readonly { readonly module: ModuleEntry; readonly path: string }[] {
    return this.#members.find(name).map((row) => {
      return { module: this.#index.at(this.#members.of(row)), path: this.#members.path(row) };
    });
  }

  /**
   * A makefile of another architecture that lists a module of this name; null for none.
   * @returns its path: `arch/arm64/crypto/Makefile`
   */
  elsewhere(name: string): string | null {
    const { ints } = this.#snapshot;
    const text = (row: number, column: number): string =>
      this.#snapshot.text(ints[this.#elsewhere + 1 + Elsewhere.ints * row + column]!);
    const [row] = rowsOfName(ints[this.#elsewhere]!, (each) => text(each, Elsewhere.name), name);
    return row === undefined ? null : text(row, Elsewhere.makefile);
  }

  /** The objects of all modules, each once. */
  get moduleUnits(): UnitList {
    const rows = this.#units;
    return { digest: this.#digest, paths: () => Array.from({ length: rows.count }, (_, row) => rows.path(row)) };
  }

  /** The first module that has an object of `moduleUnits`. */
  owner(index: number): ModuleEntry {
    return this.#index.at(this.#units.of(index));
  }
}

/** Rows of a snapshot, behind their number. */
class Rows {
  readonly count: number;
  readonly end: number;
  readonly #snapshot: Snapshot;
  readonly #start: number;

  constructor(snapshot: Snapshot, place: number) {
    this.#snapshot = snapshot;
    this.#start = place + 1;
    this.count = snapshot.ints[place]!;
    this.end = this.#start + Row.ints * this.count;
  }

  item(row: number): number {
    return this.#snapshot.ints[this.#start + Row.ints * row + Row.item]!;
  }

  of(row: number): number {
    return this.#snapshot.ints[this.#start + Row.ints * row + Row.of]!;
  }

  path(row: number): string {
    return pathAt(this.#snapshot, this.item(row));
  }

  /** The rows of objects with a name, in a table that is in order of name. */
  find(name: string): number[] {
    return rowsOfName(this.count, (row) => objectName(this.path(row)), name);
  }
}

/**
 * Writes the names of a tree into its snapshot.
 * @param elsewhere modules of other architectures, with the makefiles that list them
 * @returns the place for `TreeNames`
 */
export function writeNames(snapshot: Snapshot, index: ModuleIndex, elsewhere: ReadonlyMap<string, string>): number {
  const [builtin, members, units]: [number[], number[], number[]] = [[], [], []];
  for (const { item, guard } of index.builtinPlaces()) builtin.push(item, guard);
  /** Numbers of the units' paths. */
  const paths = new Set<number>();
  for (const [number, { isComposite, objectPlaces }] of index.numbered()) {
    for (const item of objectPlaces) {
      const path = snapshot.ints[item + Item.path]!;
      if (isComposite) members.push(item, number);
      if (!paths.has(path)) units.push(item, number);
      paths.add(path);
    }
  }
  const digest = createHash('sha256')
    .update([...paths].map((path) => snapshot.text(path)).join('\n'))
    .digest('hex');
  const place = snapshot.push(snapshot.reference(digest));
  for (const rows of [sorted(snapshot, builtin), sorted(snapshot, members), units]) {
    snapshot.push(rows.length / Row.ints);
    snapshot.append(rows);
  }
  const names = [...elsewhere.keys()];
  const inOrder = inOrderOfName(names.length, (row) => names[row]!).map((row) => names[row]!);
  snapshot.push(names.length);
  snapshot.append(inOrder.flatMap((name) => [snapshot.reference(name), snapshot.reference(elsewhere.get(name)!)]));
  return place;
}

/** Rows of one name stay in their order. */
function sorted(snapshot: Snapshot, rows: readonly number[]): readonly number[] {
  const nameOf = (row: number): string => objectName(pathAt(snapshot, rows[Row.ints * row + Row.item]!));
  return inOrderOfName(rows.length / Row.ints, nameOf).flatMap((row) => {
    return [rows[Row.ints * row + Row.item]!, rows[Row.ints * row + Row.of]!];
  });
}

function pathAt(snapshot: Snapshot, item: number): string {
  return snapshot.text(snapshot.ints[item + Item.path]!);
}
