/**
 * Runs the Kbuild files of a tree: the top Makefile once, for what it hands down, and each directory's file with that.
 */

import type { ConfigLookup } from '../conditions/condition.ts';
import { ConditionEvaluator } from '../conditions/condition-evaluator.ts';
import type { ConditionTable } from '../conditions/condition-table.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import { MakeEvaluator } from '../make/evaluator.ts';
import type { MakeShell } from '../make/expander.ts';
import { TreeFiles } from '../make/files.ts';
import { HOLE_BASE } from '../make/symbols.ts';
import { hasHole, type Value } from '../make/values.ts';
import type { FileSystem } from '../platform/platform.ts';
import { type DirectoryEntries, emptyLists, readDirectory } from './directory.ts';
import { knownCommands } from './known-commands.ts';
import { defineMakeBasics, exportedVariables, type RootVariables, rootLists } from './root.ts';

/** A `$(shell …)` that was reached and not answered. */
export interface UnansweredShell {
  readonly command: string;
  readonly file: string;
  readonly line: number;
}

/** What was said on the way. */
export interface Findings {
  readonly diagnostics: Diagnostic[];
  readonly unanswered: UnansweredShell[];
}

/** What the top Makefile hands down to the directories. */
export interface Inheritance {
  readonly exported: ReadonlyMap<string, Value>;
  /** Symbols whose values stand open in texts, by number. */
  readonly holes: string[];
}

export interface ReaderOptions {
  readonly fs: FileSystem;
  /** The kernel tree's directory. */
  readonly tree: string;
  readonly root: RootVariables;
  readonly table: ConditionTable;
}

/** Reads directories. */
export class KbuildReader {
  readonly inheritance: Inheritance;
  readonly findings: Findings;
  readonly #options: ReaderOptions;
  readonly #files: TreeFiles;
  readonly #commands: MakeShell;
  #base: MakeEvaluator | null = null;

  /** @param inheritance from an earlier reading of the top Makefile; without it, the root is still to be read */
  constructor(options: ReaderOptions, findings: Findings, inheritance?: Inheritance) {
    this.#options = options;
    this.#files = new TreeFiles(options.fs, options.tree);
    this.#commands = knownCommands(this.#files);
    this.findings = findings;
    this.inheritance = inheritance ?? { exported: new Map(), holes: [] };
  }

  /**
   * Reads the top Makefile.
   * @returns a reader that knows what it hands down, and the root directory
   * @throws InputError where a makefile cannot be parsed
   */
  static start(options: ReaderOptions, findings: Findings): { reader: KbuildReader; root: DirectoryEntries | null } {
    const first = new KbuildReader(options, findings);
    const top = first.#basics(null);
    top.runFile('Makefile');
    const exported = exportedVariables(top);
    first.#addFindings(top, '.');
    const reader = new KbuildReader(options, findings, { exported, holes: first.inheritance.holes });
    return { reader, root: rootLists(top, reader.read('.')) };
  }

  /**
   * A directory with all symbols open.
   * @throws InputError where a makefile cannot be parsed
   */
  read(directory: string): DirectoryEntries | null {
    this.#base ??= this.#directoryBase(null);
    return this.#read(directory, null, this.#base);
  }

  /** A directory for one configuration, and what it was asked of that. @throws InputError as `read` */
  readFor(
    directory: string,
    config: ConfigLookup,
  ): { lookups: ReadonlyMap<string, string>; entries: DirectoryEntries | null } {
    const lookups = new Map<string, string>();
    const lookup: ConfigLookup = (symbol) => {
      const value = config(symbol);
      lookups.set(symbol, value ?? '');
      return value;
    };
    return { lookups, entries: this.#read(directory, lookup, this.#directoryBase(lookup)) };
  }

  /** What a variable that the top Makefile exports is for a configuration; empty where it exports none of the name. */
  variable(name: string, config: ConfigLookup): string {
    return this.#concreteValue(this.inheritance.exported.get(name) ?? '', config).trim();
  }

  #read(directory: string, config: ConfigLookup | null, base: MakeEvaluator): DirectoryEntries | null {
    const make = this.#evaluator(config, base);
    const entries = readDirectory(make, directory);
    this.#addFindings(make, directory);
    return entries;
  }

  #evaluator(config: ConfigLookup | null, base?: MakeEvaluator): MakeEvaluator {
    const { table } = this.#options;
    const shell = this.#commands;
    return new MakeEvaluator({ table, files: this.#files, config, shell, holes: this.inheritance.holes, base });
  }

  #basics(config: ConfigLookup | null): MakeEvaluator {
    const make = this.#evaluator(config);
    defineMakeBasics(make, this.#options.root);
    return make;
  }

  /** What every directory's run of make starts with. */
  #directoryBase(config: ConfigLookup | null): MakeEvaluator {
    const make = this.#basics(config);
    for (const [name, value] of this.inheritance.exported) {
      make.define(name, config === null ? value : this.#concreteValue(value, config));
    }
    make.runFile('scripts/Kbuild.include');
    make.runFile('scripts/Makefile.compiler');
    emptyLists(make);
    return make;
  }

  #concreteValue(value: Value, config: ConfigLookup): string {
    if (typeof value === 'string') return value;
    const evaluator = new ConditionEvaluator(this.#options.table, config);
    const text = value.pieces
      .filter((piece) => evaluator.holds(piece.when))
      .map((piece) => piece.text)
      .join(value.kind === 'words' ? ' ' : '');
    if (!hasHole(text)) return text;
    const { holes } = this.inheritance;
    return [...text].map((c) => (hasHole(c) ? (config(holes[c.charCodeAt(0) - HOLE_BASE] ?? '') ?? '') : c)).join('');
  }

  #addFindings(make: MakeEvaluator, directory: string): void {
    for (const each of make.diagnostics) {
      // What ends one configuration need not end another one.
      const severity = make.isSymbolic ? each.severity : 'warning';
      this.findings.diagnostics.push({ ...each, severity, args: { ...each.args, directory } });
    }
    for (const { command, at } of make.unanswered) {
      this.findings.unanswered.push({ command, file: at?.file ?? '', line: at?.line ?? 0 });
    }
  }
}
