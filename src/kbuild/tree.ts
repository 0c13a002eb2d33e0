/**
 * The kernel's Kbuild files as a whole: every directory evaluated once with all symbols open, and from that, for any
 * configuration, the modules and objects that make would build.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { FileSystem } from '../platform/platform.ts';
import { Sources } from '../sources/sources.ts';
import { type BuildResult, collectBuild } from './build.ts';
import {
  type Condition,
  ConditionEvaluator,
  ConditionTable,
  type ConfigLookup,
  type DomainLookup,
  evaluateCondition,
} from './condition.ts';
import { type DirectoryEntries, readDirectory } from './directory.ts';
import { MakeEvaluator, type MakeShell } from './evaluator.ts';
import { TreeFiles } from './files.ts';
import { ModuleIndex } from './module-index.ts';
import { defineMakeBasics, exportedVariables, rootLists } from './root.ts';
import { hasHole, type Value } from './value.ts';

/** What a Kbuild tree is loaded from. */
export interface KbuildOptions {
  readonly fs: FileSystem;
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
  /** Answers `$(shell …)`; without it such calls expand to nothing. No list of objects needs one. */
  readonly shell?: MakeShell;
}

/** A `$(shell …)` that was reached and not answered. */
export interface UnansweredShell {
  readonly command: string;
  readonly file: string;
  readonly line: number;
}

interface ConcreteDirectory {
  readonly lookups: ReadonlyMap<string, string>;
  readonly entries: DirectoryEntries | null;
}

/** A kernel tree's Kbuild files, evaluated. */
export class KbuildTree {
  readonly table: ConditionTable;
  readonly srcarch: string;
  readonly diagnostics: Diagnostic[] = [];
  readonly #options: KbuildOptions;
  readonly #files: TreeFiles;
  readonly #holes: string[] = [];
  readonly #unanswered: UnansweredShell[] = [];
  readonly #directories = new Map<string, DirectoryEntries | null>();
  readonly #concrete = new Map<string, ConcreteDirectory>();
  readonly #exported: ReadonlyMap<string, Value>;
  readonly #base: MakeEvaluator;
  #index: ModuleIndex | null = null;

  private constructor(options: KbuildOptions) {
    this.#options = options;
    this.srcarch = options.srcarch;
    this.table = new ConditionTable(options.domain);
    this.#files = new TreeFiles(options.fs, options.tree);
    const top = this.#basics(null);
    top.runFile('Makefile');
    this.#exported = exportedVariables(top);
    this.#keepFindings(top);
    this.#base = this.#directoryBase(null);
    this.#directories.set('.', rootLists(top, this.#read('.', null)));
  }

  /**
   * Reads the top Makefile; directories are read when they are needed.
   * @throws InputError where a makefile cannot be parsed
   */
  static load(options: KbuildOptions): KbuildTree {
    return new KbuildTree(options);
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
      entries = this.#read(directory, null);
      this.#directories.set(directory, entries);
    }
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
    return this.#concreteValue(this.#exported.get(name) ?? '', config).trim();
  }

  /** Whether the tree has this file. */
  exists(path: string): boolean {
    return this.#files.exists(path);
  }

  /** Whether a condition of this tree holds for a configuration. */
  holds(condition: Condition, config: ConfigLookup): boolean {
    return evaluateCondition(condition, config);
  }

  /** Every module that the tree can build for its architecture. */
  get modules(): ModuleIndex {
    this.#index ??= new ModuleIndex(this);
    return this.#index;
  }

  /** A directory for one configuration: open ones are evaluated again, and kept while the symbols they ask stay. */
  directoryFor(directory: string, config: ConfigLookup): DirectoryEntries | null {
    const open = this.directory(directory);
    if (open === null || !open.isOpen) return open;
    const known = this.#concrete.get(directory);
    if (known !== undefined && [...known.lookups].every(([symbol, value]) => (config(symbol) ?? '') === value)) {
      return known.entries;
    }
    const made = this.#readConcrete(directory, config);
    this.#concrete.set(directory, made);
    return made.entries;
  }

  #evaluator(config: ConfigLookup | null, base?: MakeEvaluator): MakeEvaluator {
    const { shell } = this.#options;
    return new MakeEvaluator({ table: this.table, files: this.#files, config, shell, holes: this.#holes, base });
  }

  #basics(config: ConfigLookup | null): MakeEvaluator {
    const { srcarch, variables } = this.#options;
    const make = this.#evaluator(config);
    defineMakeBasics(make, { srcarch, variables: variables ?? {} });
    return make;
  }

  /** What every directory's run of make starts with. */
  #directoryBase(config: ConfigLookup | null): MakeEvaluator {
    const make = this.#basics(config);
    for (const [name, value] of this.#exported) {
      make.define(name, config === null ? value : this.#concreteValue(value, config));
    }
    make.runFile('scripts/Kbuild.include');
    make.runFile('scripts/Makefile.compiler');
    return make;
  }

  #read(directory: string, config: ConfigLookup | null): DirectoryEntries | null {
    const base = config === null ? this.#base : this.#directoryBase(config);
    const make = this.#evaluator(config, base);
    const entries = readDirectory(make, directory);
    this.#keepFindings(make);
    return entries;
  }

  #readConcrete(directory: string, config: ConfigLookup): ConcreteDirectory {
    const lookups = new Map<string, string>();
    const entries = this.#read(directory, (symbol) => {
      const value = config(symbol);
      lookups.set(symbol, value ?? '');
      return value;
    });
    return { lookups, entries };
  }

  #concreteValue(value: Value, config: ConfigLookup): string {
    if (typeof value === 'string') return value;
    const evaluator = new ConditionEvaluator(this.table, config);
    const text = value.pieces
      .filter((piece) => evaluator.holds(piece.when))
      .map((piece) => piece.text)
      .join(value.kind === 'words' ? ' ' : '');
    if (!hasHole(text)) return text;
    return [...text]
      .map((c) => (hasHole(c) ? (config(this.#holes[c.charCodeAt(0) - 0xe000] ?? '') ?? '') : c))
      .join('');
  }

  #keepFindings(make: MakeEvaluator): void {
    this.diagnostics.push(...make.diagnostics);
    for (const { command, at } of make.unanswered) {
      this.#unanswered.push({ command, file: at?.file ?? '', line: at?.line ?? 0 });
    }
  }
}
