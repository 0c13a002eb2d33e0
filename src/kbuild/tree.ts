/**
 * The kernel's Kbuild files as a whole: every directory evaluated once with all symbols open, and from that, for any
 * configuration, the modules and objects that make would build.
 */

import { joinParts, splitParts } from '../cache/parts.ts';
import { type Condition, type ConfigLookup, type DomainLookup, evaluateCondition } from '../conditions/condition.ts';
import { ConditionTable } from '../conditions/condition-table.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { MakeShell } from '../make/evaluator.ts';
import { TreeFiles } from '../make/files.ts';
import type { MakeRule } from '../make/rules.ts';
import type { FileSystem } from '../platform/platform.ts';
import { Sources } from '../sources/sources.ts';
import { type BuildResult, collectBuild } from './build.ts';
import type { DirectoryEntries } from './directory.ts';
import { DirectoryLists, NO_DIRECTORY } from './directory-lists.ts';
import { KbuildReader, type ReaderOptions, type UnansweredShell } from './kbuild-reader.ts';
import { packNames, unpackNames } from './kept-names.ts';
import { type KeptTree, type PlacedDirectory, packTree, unpackTree } from './kept-tree.ts';
import { ModuleIndex } from './module-index.ts';
import { type IndexContent, readIndex } from './module-reader.ts';
import { type CollectedNames, collectNames, TreeNames } from './tree-names.ts';
import { UnitOrder } from './unit-order.ts';

/** What a Kbuild tree is loaded from. */
export interface KbuildOptions {
  readonly fs: FileSystem;
  /** What the Kbuild files are read through, and asked for files and directories; `fs` where it is not given. */
  readonly makefiles?: FileSystem;
  /** The kernel tree's directory. */
  readonly tree: string;
  /** As the kernel's Makefile calls it: x86, arm64, riscv … */
  readonly srcarch: string;
  /** Variables of make's command line: ARCH, SUBARCH, CROSS_COMPILE … */
  readonly variables?: Readonly<Record<string, string>>;
  /**
   * What symbols can be. With it, what no configuration can build is not in the index, and conditions are as short as
   * they can be; without it, every symbol could be anything.
   */
  readonly domain?: DomainLookup;
  /** Told of each directory as soon as its Kbuild file is read, in the order of reading. */
  readonly read?: (entries: DirectoryEntries) => void;
  /** Answers `$(shell …)`; without it such calls expand to nothing. No list of objects needs one. */
  readonly shell?: MakeShell;
}

/** A kernel tree's Kbuild files, evaluated. */
export class KbuildTree {
  readonly table: ConditionTable;
  /** What the directories list that were walked so far. */
  readonly lists: DirectoryLists;
  /** The order of the units that were found so far. */
  readonly units: UnitOrder;
  readonly srcarch: string;
  readonly diagnostics: Diagnostic[] = [];
  readonly #options: KbuildOptions;
  readonly #files: TreeFiles;
  readonly #reader: KbuildReader;
  readonly #unanswered: UnansweredShell[] = [];
  readonly #directories = new Map<string, DirectoryEntries | null>();
  readonly #concrete: Map<string, PlacedDirectory>;
  /** Where the lists of directories are, by the numbers of their names. */
  readonly #places: Map<number, number>;
  readonly #kept: KeptTree | null;
  /** From `packNames`. */
  readonly #keptNames: Uint8Array | null;
  #names: TreeNames | null = null;
  #collected: CollectedNames | null = null;
  #index: ModuleIndex | null = null;

  private constructor(options: KbuildOptions, kept: KeptTree | null, names: Uint8Array | null = null) {
    this.#options = options;
    this.srcarch = options.srcarch;
    this.table = kept?.table ?? new ConditionTable(options.domain);
    this.lists = kept?.lists ?? new DirectoryLists();
    this.units = kept?.units ?? new UnitOrder();
    this.#files = new TreeFiles(options.fs, options.tree);
    const { srcarch, variables = {}, tree, shell } = options;
    const fs = options.makefiles ?? options.fs;
    const reader: ReaderOptions = { fs, tree, root: { srcarch, variables }, shell, table: this.table };
    const findings = { diagnostics: this.diagnostics, unanswered: this.#unanswered };
    this.#kept = kept;
    this.#keptNames = names;
    this.#concrete = new Map(kept?.concrete);
    this.#places = kept?.places ?? new Map();
    if (kept) {
      this.diagnostics.push(...kept.findings.diagnostics);
      this.#unanswered.push(...kept.findings.unanswered);
      this.#reader = new KbuildReader(reader, findings, kept.inheritance);
    } else {
      const started = KbuildReader.start(reader, findings);
      this.#reader = started.reader;
      this.#directories.set('.', started.root);
    }
  }

  /**
   * Reads the top Makefile; directories are read when they are needed.
   * @throws InputError where a makefile cannot be parsed
   */
  static load(options: KbuildOptions): KbuildTree {
    return new KbuildTree(options, null);
  }

  /**
   * A tree that was packed.
   * @param packed from `pack` of this very program, of the same tree, architecture and variables, and no file changed
   * @returns null where symbols are other than they were, or the bytes are not whole
   */
  static unpack(options: KbuildOptions, packed: Uint8Array): KbuildTree | null {
    const [tree, names] = splitParts(packed);
    const kept = unpackTree(tree, options.domain ?? null);
    return kept && new KbuildTree(options, kept, names);
  }

  /** All that was read, for `unpack`, in pieces. @throws InputError where a makefile cannot be parsed */
  pack(): readonly Uint8Array[] {
    const index = this.modules.content;
    for (const directory of this.#directories.keys()) this.#placeOf(this.lists.reference(directory));
    const tree = packTree({
      table: this.table,
      findings: { diagnostics: this.diagnostics, unanswered: this.#unanswered },
      inheritance: this.#reader.inheritance,
      directories: this.#directories,
      concrete: this.#concrete,
      lists: this.lists,
      units: this.units,
      placeOf: (directory) => this.#placeOf(this.lists.reference(directory)),
      index,
    });
    return joinParts(tree, packNames(this.#collectNames()));
  }

  /** `$(shell …)` calls that were reached so far and expanded to nothing. */
  get unansweredShells(): readonly UnansweredShell[] {
    return this.#unanswered;
  }

  /**
   * What a directory's Kbuild file says.
   * @param directory relative to the tree
   * @returns null where the directory has no Kbuild file
   */
  directory(directory: string): DirectoryEntries | null {
    let entries = this.#directories.get(directory);
    if (entries === undefined) {
      entries = this.#kept?.directory(directory);
      if (entries === undefined) entries = this.#readDirectory(directory);
      this.#directories.set(directory, entries);
    }
    return entries;
  }

  #readDirectory(directory: string): DirectoryEntries | null {
    const entries = this.#reader.read(directory);
    if (entries) this.#options.read?.(entries);
    return entries;
  }

  /** The text of a file of the tree (Latin-1); null where it cannot be read. */
  readText(path: string): string | null {
    return this.#options.fs.readText(`${this.#options.tree}/${path}`);
  }

  /** The sources of the tree, which are read when they are asked for. */
  sources(): Sources {
    return new Sources(this.#options.fs, this.#options.tree);
  }

  /** Names in a directory of the tree, sorted; none where it is not there. */
  readDirectory(path: string): readonly string[] {
    return this.#options.fs.readDirectory(`${this.#options.tree}/${path}`) ?? [];
  }

  /** What make builds for a configuration. */
  build(config: ConfigLookup): BuildResult {
    return collectBuild(this, config);
  }

  /** What a variable that the top Makefile exports is for a configuration; empty where it exports none of the name. */
  variable(name: string, config: ConfigLookup): string {
    return this.#reader.variable(name, config);
  }

  /** Whether the tree has this file. */
  exists(path: string): boolean {
    return this.#files.exists(path);
  }

  /** Whether a condition of this tree holds for a configuration. */
  holds(condition: Condition, config: ConfigLookup): boolean {
    return evaluateCondition(condition, config);
  }

  /** Reads every directory that make can enter. @throws InputError where a makefile cannot be parsed */
  readAll(): void {
    this.#index ??= new ModuleIndex(this, readIndex(this));
  }

  /** Every module that the tree can build for its architecture. */
  get modules(): ModuleIndex {
    const content = (): IndexContent => this.#kept?.index((directory) => this.directory(directory)) ?? readIndex(this);
    this.#index ??= new ModuleIndex(this, content());
    return this.#index;
  }

  /** Where its modules and objects bear a name. */
  get names(): TreeNames {
    const kept = this.#keptNames;
    this.#names ??= new TreeNames(this, kept ? unpackNames(kept) : this.#collectNames(), kept === null);
    return this.#names;
  }

  /** For looking names up, and for packing. */
  #collectNames(): CollectedNames {
    this.#collected ??= collectNames(this);
    return this.#collected;
  }

  /** A directory for one configuration: open ones are evaluated again, and kept while the symbols they ask stay. */
  directoryFor(directory: string, config: ConfigLookup): DirectoryEntries | null {
    const open = this.directory(directory);
    return open?.isOpen ? this.#concreteFor(directory, config).entries : open;
  }

  /**
   * The place in `lists` of a directory for one configuration.
   * @param directory the number of its name
   * @returns NO_DIRECTORY where the directory has no Kbuild file
   */
  placeFor(directory: number, config: ConfigLookup): number {
    const place = this.#placeOf(directory);
    if (place === NO_DIRECTORY || !this.lists.isOpen(place)) return place;
    return this.#concreteFor(this.lists.text(directory), config).place;
  }

  /** Whether a directory may have rules. @param directory the number of its name */
  mayHaveRules(directory: number): boolean {
    const place = this.#places.get(directory);
    if (place === undefined) return true;
    return place !== NO_DIRECTORY && (this.lists.isOpen(place) || this.lists.hasRules(place));
  }

  /** Which files a directory's Kbuild file says to be made from which. */
  rulesFor(directory: string, config: ConfigLookup): readonly MakeRule[] {
    return this.#kept?.rules(directory) ?? this.directoryFor(directory, config)?.rules ?? [];
  }

  #placeOf(directory: number): number {
    let place = this.#places.get(directory);
    if (place === undefined) {
      place = this.#place(this.directory(this.lists.text(directory)));
      this.#places.set(directory, place);
    }
    return place;
  }

  #place(entries: DirectoryEntries | null): number {
    return entries === null ? NO_DIRECTORY : this.lists.add(entries);
  }

  #concreteFor(directory: string, config: ConfigLookup): PlacedDirectory {
    const known = this.#concrete.get(directory);
    if (known !== undefined && [...known.lookups].every(([symbol, value]) => (config(symbol) ?? '') === value)) {
      return known;
    }
    const read = this.#reader.readFor(directory, config);
    const made = { ...read, place: this.#place(read.entries) };
    this.#concrete.set(directory, made);
    return made;
  }
}
