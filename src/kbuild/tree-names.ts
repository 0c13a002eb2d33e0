/** Where a tree's modules and objects bear a name: for names that no module has. */
import { createHash } from 'node:crypto';
import type { UnitList } from '../sources/unit-list.ts';
import type { BuiltinItem } from './module-index.ts';
import type { ModuleEntry } from './module-reader.ts';
import { moduleName } from './names.ts';
import type { KbuildTree } from './tree.ts';

/** Numbers by name. */
export type NameTable = Pick<ReadonlyMap<string, readonly number[] | Int32Array>, 'get'>;

/** What the answers are looked up in; modules are meant by their number in the order of the index. */
export interface NamesContent {
  readonly objects: NameTable;
  readonly members: NameTable;
  /** For each object of modules the first module that has it. */
  readonly owners: ArrayLike<number>;
  /** Of the objects' paths. */
  readonly digest: string;
}

/** The same as whole tables, which can be packed. */
export interface CollectedNames extends NamesContent {
  readonly objects: ReadonlyMap<string, readonly number[]>;
  readonly members: ReadonlyMap<string, readonly number[]>;
}

/** The lists that a `BuiltinPlace` speaks of, by number. */
const LISTS = ['builtin', 'library'] as const;

/** Answers by the name of an object: as moduleName folds it, without suffix. */
export class TreeNames {
  readonly content: NamesContent;
  readonly #tree: KbuildTree;
  readonly #isAtHand: boolean;
  #modules: readonly ModuleEntry[] | null = null;

  /** @param isAtHand whether what the directories list was read in this run, not kept */
  constructor(tree: KbuildTree, content: NamesContent, isAtHand: boolean) {
    this.#tree = tree;
    this.content = content;
    this.#isAtHand = isAtHand;
  }

  /** The object of that name that the tree can only build into vmlinux; of several the last one that make lists. */
  builtinOnly(name: string): BuiltinItem | null {
    const found = this.content.objects.get(name);
    if (found === undefined) return null;
    const [directory, list, index] = found;
    return this.#tree.modules.builtinAt({ directory: directory!, list: LISTS[list!]!, index: index! });
  }

  /** The composite modules that have an object of that name inside, in the order of the index. */
  withMember(name: string): readonly { readonly module: ModuleEntry; readonly path: string }[] {
    const modules = new Set(this.content.members.get(name) ?? []);
    return [...modules].flatMap((number) => {
      const module = this.#module(number);
      const paths = module.objects.map(({ path }) => path).filter((path) => objectName(path) === name);
      return paths.map((path) => ({ module, path }));
    });
  }

  /** The objects of all modules, each once. */
  get moduleUnits(): UnitList {
    const paths = (): readonly string[] => [...ownersOf(this.#tree.modules.all()).keys()];
    return { digest: this.content.digest, isAtHand: this.#isAtHand, paths };
  }

  /** The first module that has an object of `moduleUnits`. */
  owner(index: number): ModuleEntry {
    return this.#module(this.content.owners[index]!);
  }

  #module(number: number): ModuleEntry {
    this.#modules ??= [...this.#tree.modules.all()];
    return this.#modules[number]!;
  }
}

/** The name that an object would have as a module. @param path relative to the tree */
export function objectName(path: string): string {
  return moduleName(path.endsWith('.o') ? path.slice(0, -2) : path);
}

/** Collects names; reads every directory that make can enter. @throws InputError where a makefile cannot be parsed */
export function collectNames(tree: KbuildTree): CollectedNames {
  const objects = new Map<string, readonly number[]>();
  for (const [path, { directory, list, index }] of tree.modules.builtinPlaces()) {
    objects.set(objectName(path), [directory, LISTS.indexOf(list), index]);
  }
  const members = new Map<string, number[]>();
  let number = 0;
  for (const module of tree.modules.all()) {
    for (const { path } of module.isComposite ? module.objects : []) {
      const name = objectName(path);
      const known = members.get(name);
      if (known) known.push(number);
      else members.set(name, [number]);
    }
    number++;
  }
  const owners = ownersOf(tree.modules.all());
  const digest = createHash('sha256')
    .update([...owners.keys()].join('\n'))
    .digest('hex');
  return { objects, members, owners: [...owners.values()], digest };
}

/** The first module that has it, by path of each object. */
function ownersOf(modules: Iterable<ModuleEntry>): Map<string, number> {
  const owners = new Map<string, number>();
  let number = 0;
  for (const module of modules) {
    for (const { path } of module.objects) if (!owners.has(path)) owners.set(path, number);
    number++;
  }
  return owners;
}
