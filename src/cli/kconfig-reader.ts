import { isAbsolute, join } from 'node:path';
import { type Dialect, detectDialect } from '../kconfig/dialect.ts';
import { attemptKconfig, type Kconfig, type KconfigHost, parseKconfig } from '../kconfig/kconfig.ts';
import type { FileSystem } from '../platform/platform.ts';

type Shell = KconfigHost['shell'];

/** Reads a tree's Kconfig files, if need be several times; each file is fetched once. */
export class KconfigReader {
  readonly #fs: FileSystem;
  readonly #tree: string;
  readonly #top: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #dialect: Dialect;
  readonly #finalising: () => void;
  readonly #texts = new Map<string, string | null>();
  /** What the files say with `$(info)` and `$(warning-if)`, in conf's words. */
  messages: string[] = [];

  /**
   * @param tree absolute
   * @param version VERSION, PATCHLEVEL and SUBLEVEL
   * @param conf the first file, and conf's environment
   * @param finalising called when all files are read
   */
  constructor(
    fs: FileSystem,
    tree: string,
    version: readonly [number, number, number],
    conf: { readonly kconfig: string; readonly env: Readonly<Record<string, string>> },
    finalising: () => void,
  ) {
    this.#fs = fs;
    this.#tree = tree;
    this.#top = conf.kconfig;
    this.#env = conf.env;
    this.#finalising = finalising;
    this.#dialect = detectDialect(fs, tree, [version[0], version[1]]);
  }

  /** Reads with the answers that there are; null where one was missing. */
  attempt(shell: Shell): Kconfig | null {
    return attemptKconfig(this.#top, this.#dialect, this.#host(shell));
  }

  /** Reads without the answers; marks stand for them. */
  read(): Kconfig {
    return parseKconfig(
      this.#top,
      this.#dialect,
      this.#host(() => null),
    );
  }

  #host(shell: Shell): KconfigHost {
    this.messages = [];
    return {
      readFile: (name) => this.#text(name),
      whyUnreadable: (name) => this.#fs.whyUnreadable(this.#path(name)),
      glob: () => null,
      env: (name) => this.#env[name],
      finalising: this.#finalising,
      shell,
      message: (kind, text, { file, line }) => {
        this.messages.push(kind === 'info' ? text : `${file}:${line}: ${text}`);
      },
    };
  }

  #text(name: string): string | null {
    let text = this.#texts.get(name);
    if (text === undefined) {
      text = this.#fs.readText(this.#path(name));
      this.#texts.set(name, text);
    }
    return text;
  }

  #path(name: string): string {
    return isAbsolute(name) ? name : join(this.#tree, name);
  }
}
