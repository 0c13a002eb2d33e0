import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

type Wrapper = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  directory: string,
) => void;

/** A CommonJS file of this program, as text: V8 can be given the compiled form of no ES module. */
export class ScriptFile {
  readonly #file: URL;
  readonly #text: string;
  /** Changes with the file's content. */
  readonly checksum: number;

  /** @throws Error where it cannot be read */
  constructor(file: URL) {
    const bytes = readFileSync(file);
    this.#file = file;
    this.#text = bytes.toString('utf8');
    this.checksum = crc32(bytes);
  }

  /**
   * Has V8 compile it, which leaves most functions for when they are called first.
   * @param compiled what `CompiledScript.compiled` gave of the same file, to begin with: V8 checks its own version and
   *   flags, and the length of the file, and takes the rest on trust
   */
  compile(compiled: Uint8Array | null): CompiledScript {
    const script = new Script(`(function(exports,require,module,__filename,__dirname){${this.#text}\n})`, {
      // As an ES module's, so that messages of errors name files alike.
      filename: this.#file.href,
      ...(compiled && { cachedData: compiled as Buffer }),
    });
    return new CompiledScript(script, fileURLToPath(this.#file));
  }
}

/** A file that was compiled, and can be run. */
export class CompiledScript {
  readonly #script: Script;
  readonly #path: string;

  constructor(script: Script, path: string) {
    this.#script = script;
    this.#path = path;
  }

  /** Whether V8 had no use for what was to begin with; undefined where there was nothing. */
  get isRejected(): boolean | undefined {
    return this.#script.cachedDataRejected;
  }

  /** Runs it. @returns what it exports */
  run(): object {
    const module = { exports: {} };
    const wrapper = this.#script.runInThisContext() as Wrapper;
    wrapper(module.exports, createRequire(this.#path), module, this.#path, dirname(this.#path));
    return module.exports;
  }

  /** What V8 has compiled up to now, with the functions that were called. */
  compiled(): Uint8Array {
    return this.#script.createCachedData();
  }
}
