/**
 * make's reports of directories, cached from walk to walk. Trims of one base differ in a few hundred symbols, and a
 * directory's makefiles look at a handful: make is asked again only where one of those differs.
 *
 * A report is taken again if tree, architecture, make's environment and the values of all `CONFIG_` names that occur in
 * the files make read are the same: then make reads the same text with the same values. A makefile that puts such names
 * together (`$(CONFIG_$(x))`) looks at all of them.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configValues } from './config-values.ts';

/** What a walk is made for. */
interface WalkInput {
  /** Where reports are cached. */
  readonly folder: string;
  /** Absolute path. */
  readonly tree: string;
  readonly objtree: string;
  readonly arch: string;
  /** make's environment; mentions of `objtree` count as equal. */
  readonly env: NodeJS.ProcessEnv;
  /** The .config's text. */
  readonly config: string;
}

interface KeptReport {
  readonly symbols: readonly string[];
  /** Hash of the values of these symbols. */
  readonly values: string;
  readonly report: string;
}

/** Stands for the whole config, where a file puts names of symbols together. */
const ALL = '*';
/** Files that hold nothing but values. */
const VALUES = /(^|\/)include\/config\/auto\.conf(\.cmd)?$/;
const mentionsOf = new Map<string, readonly string[]>();

const hash = (text: string): string => createHash('sha256').update(text, 'latin1').digest('hex').slice(0, 24);

export class CachedReports {
  readonly #input: WalkInput;
  readonly #values: ReadonlyMap<string, string>;
  readonly #walk: string;

  constructor(input: WalkInput) {
    this.#input = input;
    this.#values = new Map([...configValues(input.config)].map(([name, value]) => [`CONFIG_${name}`, value]));
    const environment = Object.entries(input.env)
      .map(([name, value]) => `${name}=${value?.replaceAll(input.objtree, '@') ?? ''}`)
      .sort();
    const made = statSync(join(input.tree, 'Makefile')).mtimeMs;
    this.#walk = hash([input.tree, made, input.arch, ...environment].join('\0'));
    mkdirSync(input.folder, { recursive: true });
  }

  /** The report of a directory under this walk's values; null where none is cached. */
  find(directory: string): string | null {
    const found = this.#read(directory).find(({ symbols, values }) => this.#valuesOf(symbols) === values);
    return found?.report ?? null;
  }

  /** @param files what make read, as MAKEFILE_LIST has it */
  add(directory: string, report: string, files: readonly string[]): void {
    const read = files.filter((file) => !VALUES.test(file));
    const symbols = [...new Set(read.flatMap((file) => this.#mentions(file)))].sort();
    const entry: KeptReport = { symbols, values: this.#valuesOf(symbols), report };
    const path = this.#path(directory);
    writeFileSync(`${path}.${process.pid}`, JSON.stringify([entry, ...this.#read(directory)]));
    renameSync(`${path}.${process.pid}`, path);
  }

  #path(directory: string): string {
    return join(this.#input.folder, `${hash(`${this.#walk}\0${directory}`)}.json`);
  }

  #read(directory: string): KeptReport[] {
    const path = this.#path(directory);
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as KeptReport[]) : [];
  }

  #valuesOf(symbols: readonly string[]): string {
    if (symbols.includes(ALL)) return hash(JSON.stringify([...this.#values].sort()));
    return hash(symbols.map((symbol) => this.#values.get(symbol) ?? '').join('\n'));
  }

  /** The names of symbols in a file. */
  #mentions(file: string): readonly string[] {
    const path = resolve(this.#input.objtree, file);
    const known = mentionsOf.get(path);
    if (known !== undefined) return known;
    const text = readFileSync(path, 'latin1');
    const found = /\bCONFIG_[$]/.test(text) ? [ALL] : [...new Set(text.match(/\bCONFIG_\w+/g) ?? [])];
    mentionsOf.set(path, found);
    return found;
  }
}
