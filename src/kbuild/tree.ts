/**
 * The kernel's Kbuild files as a whole: every directory evaluated once with all symbols open, and from that, for any
 * configuration, the modules and objects that make would build.
 */
import { type Condition, type ConfigLookup, type DomainLookup, evaluateCondition } from '../conditions/condition.ts';
import { ConditionTable } from '../conditions/condition-table.ts';
import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { TreeFiles } from '../make/files.ts';
import type { MakeRule } from '../make/rules.ts';
import type { FileSystem } from '../platform/platform.ts';
import { Sources } from '../sources/sources.ts';
import { type BuildResult, collectBuild } from './built-objects.ts';
import type { DirectoryEntries, Mention } from './directory.ts';
import { addDirectory, DirectoryRecord, hasRulesAt, isOpenAt, NO_DIRECTORY } from './directory-records.ts';
import { writeIndex } from './index-writer.ts';
import { KbuildReader, type ReaderOptions, type UnansweredShell } from './kbuild-reader.ts';
import { makefileError, missingDirectoryError, missingDirectoryNote } from './missing-files.ts';
import { ModuleIndex } from './module-index.ts';
import { modulesElsewhere } from './other-architectures.ts';
import { Snapshot } from './snapshot.ts';
import { TreeNames, writeNames } from './tree-names.ts';
import { type ConcreteDirectory, packTree, type TreeContent, unpackTree } from './tree-snapshot.ts';
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
  /** Called for each directory as soon as its Kbuild file is read, in the order of reading. */
  readonly read?: (entries: DirectoryEntries) => void;
}

/** Stands for the place of what is not written yet. */
const NOT_WRITTEN = 0;

/** A kernel tree's Kbuild files, evaluated. */
export class KbuildTree {
  readonly snapshot: Snapshot;
  readonly units: UnitOrder;
  readonly srcarch: string;
  readonly diagnostics: readonly Diagnostic[];
  /** `$(shell …)` calls that were reached so far and expanded to nothing. */
  readonly unansweredShells: readonly UnansweredShell[];
  readonly #options: KbuildOptions;
  readonly #files: TreeFiles;
  readonly #reader: KbuildReader;
  readonly #places: Map<string, number>;
  readonly #concrete: Map<string, ConcreteDirectory>;
  readonly #records = new Map<number, DirectoryRecord>();
  /** Places in the snapshot, or NOT_WRITTEN. */
  #indexPlace: number;
  #namesPlace: number;
  #index: ModuleIndex | null = null;
  #names: TreeNames | null = null;
  /** Why a directory cannot be read, which is in the way only of those who ask for it or for all. */
  #broken: InputError | null = null;

  private constructor(options: KbuildOptions, reader: KbuildReader, content: Omit<TreeContent, 'inheritance'>) {
    this.#options = options;
    this.srcarch = options.srcarch;
    this.#files = new TreeFiles(options.fs, options.tree);
    this.#reader = reader;
    this.snapshot = content.snapshot;
    this.units = content.units;
    this.diagnostics = content.findings.diagnostics;
    this.unansweredShells = content.findings.unanswered;
    this.#places = content.places;
    this.#concrete = content.concrete;
    this.#indexPlace = content.index;
    this.#namesPlace = content.names;
  }

  /**
   * Reads every directory that make can enter.
   * @throws InputError where the top Makefile cannot be parsed, or the top directory has no Kbuild file
   */
  static load(options: KbuildOptions): KbuildTree {
    const snapshot = new Snapshot(new ConditionTable(options.domain));
    const findings = { diagnostics: [], unanswered: [] };
    const { reader, root } = KbuildReader.start(readerOptions(options, snapshot), findings);
    // make reads it by name; in its place the top Makefile would be taken for one.
    if (root === null || !options.fs.exists(`${options.tree}/Kbuild`)) {
      throw new InputError({ code: 'tree-not-kernel', args: { directory: options.tree, missing: 'Kbuild', top: '' } });
    }
    const places = new Map([['.', addDirectory(snapshot, root)]]);
    const nothing = { concrete: new Map(), index: NOT_WRITTEN, names: NOT_WRITTEN };
    const tree = new KbuildTree(options, reader, { snapshot, units: new UnitOrder(), findings, places, ...nothing });
    tree.#readAll();
    return tree;
  }

  /**
   * A tree that was packed.
   * @param packed from `pack` of this very program, of the same tree, architecture and variables, and no file changed
   * @returns null where symbols are other than they were
   * @throws RangeError where the bytes are not whole
   */
  static unpack(options: KbuildOptions, packed: Uint8Array): KbuildTree | null {
    const content = unpackTree(packed, options.domain ?? null);
    if (content === null) return null;
    const { snapshot, findings, inheritance } = content;
    return new KbuildTree(options, new KbuildReader(readerOptions(options, snapshot), findings, inheritance), content);
  }

  /** All that was read, for `unpack`. @throws InputError where a makefile cannot be parsed */
  pack(): Uint8Array {
    return packTree({
      snapshot: this.snapshot,
      units: this.units,
      findings: this.#reader.findings,
      inheritance: this.#reader.inheritance,
      places: this.#places,
      concrete: this.#concrete,
      names: this.#writeNames(),
      index: this.#indexPlace,
    });
  }

  /** The conditions of the tree. */
  get table(): ConditionTable {
    return this.snapshot.table;
  }

  /**
   * What a directory's Kbuild file says.
   * @param directory relative to the tree
   * @returns null where the directory has no Kbuild file
   * @throws InputError where it cannot be parsed
   */
  directory(directory: string): DirectoryEntries | null {
    return this.#recordAt(this.#placeOf(directory));
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

  /**
   * What make builds for a configuration.
   * @throws InputError where a makefile that it reads cannot be parsed, is not there or cannot be read
   */
  build(config: ConfigLookup): BuildResult {
    return collectBuild(this, config);
  }

  /** See `WalkedTree`. */
  missing(directory: string, mentions: readonly Mention[]): InputError | null {
    return missingDirectoryError(this.#options, { directory, mentions });
  }

  /** See `WalkedTree`. */
  stopIn(directory: string): InputError | null {
    const stop = this.diagnostics.find(({ severity, args }) => severity === 'error' && args['directory'] === directory);
    return stop === undefined ? null : makefileError(this.#options, stop);
  }

  /** Directories that some configuration enters and whose Kbuild file cannot be read: what they build is not known. */
  get missingDirectories(): Diagnostic[] {
    return this.modules.missingDirectories().flatMap((step) => missingDirectoryNote(this.#options, step) ?? []);
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

  /** Every module that the tree can build for its architecture. @throws InputError where a makefile cannot be parsed */
  get modules(): ModuleIndex {
    if (this.#broken !== null) throw this.#broken;
    this.#index ??= new ModuleIndex(this.snapshot, this.#indexPlace);
    return this.#index;
  }

  /** Where its modules and objects bear a name. @throws InputError where a makefile cannot be parsed */
  get names(): TreeNames {
    this.#names ??= new TreeNames(this.snapshot, this.modules, this.#writeNames());
    return this.#names;
  }

  /** A directory for one configuration. @throws InputError where it cannot be parsed */
  directoryFor(directory: string, config: ConfigLookup): DirectoryEntries | null {
    return this.#recordAt(this.placeFor(directory, config));
  }

  /**
   * The place in the snapshot of a directory for one configuration. Open ones are evaluated again, unless the symbols
   * that they ask for are what they were.
   * @returns NO_DIRECTORY where the directory has no Kbuild file
   * @throws InputError where it cannot be parsed
   */
  placeFor(directory: string, config: ConfigLookup): number {
    const place = this.#placeOf(directory);
    if (place === NO_DIRECTORY || !isOpenAt(this.snapshot, place)) return place;
    const known = this.#concrete.get(directory);
    if (known !== undefined && [...known.lookups].every(([symbol, value]) => (config(symbol) ?? '') === value)) {
      return known.place;
    }
    const { lookups, entries } = this.#reader.readFor(directory, config);
    const made = { lookups, place: this.#add(entries) };
    this.#concrete.set(directory, made);
    return made.place;
  }

  /** Whether a directory may have rules. */
  mayHaveRules(directory: string): boolean {
    const place = this.#places.get(directory);
    if (place === undefined) return true;
    return place !== NO_DIRECTORY && (isOpenAt(this.snapshot, place) || hasRulesAt(this.snapshot, place));
  }

  /** Which files a directory's Kbuild file says to be made from which. @throws InputError where it cannot be parsed */
  rulesFor(directory: string, config: ConfigLookup): readonly MakeRule[] {
    return this.directoryFor(directory, config)?.rules ?? [];
  }

  /** Conditions are then written in the same form whatever configuration is asked for first. */
  #readAll(): void {
    this.#indexPlace = writeIndex(this.snapshot, (reference) => {
      try {
        return this.#placeOf(this.snapshot.text(reference));
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        this.#broken ??= error;
        return NO_DIRECTORY;
      }
    });
  }

  #writeNames(): number {
    if (this.#namesPlace === NOT_WRITTEN) {
      const { makefiles, fs, tree } = this.#options;
      const elsewhere = modulesElsewhere(new TreeFiles(makefiles ?? fs, tree), this.srcarch);
      this.#namesPlace = writeNames(this.snapshot, this.modules, elsewhere);
    }
    return this.#namesPlace;
  }

  #placeOf(directory: string): number {
    let place = this.#places.get(directory);
    if (place === undefined) {
      const entries = this.#reader.read(directory);
      if (entries !== null) this.#options.read?.(entries);
      place = this.#add(entries);
      this.#places.set(directory, place);
    }
    return place;
  }

  #add(entries: DirectoryEntries | null): number {
    return entries === null ? NO_DIRECTORY : addDirectory(this.snapshot, entries);
  }

  #recordAt(place: number): DirectoryRecord | null {
    if (place === NO_DIRECTORY) return null;
    let record = this.#records.get(place);
    if (record === undefined) {
      record = new DirectoryRecord(this.snapshot, place);
      this.#records.set(place, record);
    }
    return record;
  }
}

function readerOptions(options: KbuildOptions, { table }: Snapshot): ReaderOptions {
  const { srcarch, variables = {}, tree } = options;
  return { fs: options.makefiles ?? options.fs, tree, root: { srcarch, variables }, table };
}
