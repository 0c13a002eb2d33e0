import { textDigest } from '../cache/digest.ts';
import type { KeptResult } from '../cache/kept-result.ts';
import { Packer, Unpacker } from '../cache/packed.ts';
import { type ReadResult, readDotConfig } from '../dotconfig/read.ts';
import type { BuildResult, KbuildTree } from '../kbuild/index.ts';
import { packBuild, unpackBuild } from '../kbuild/kept-build.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import { Configuration } from '../values/configuration.ts';
import { afterwards } from './afterwards.ts';
import type { Base } from './base.ts';
import type { Session } from './session.ts';
import { originOf } from './tree-origin.ts';

/** A base config that was read into a tree. */
export interface LoadedBase {
  readonly config: Configuration;
  readonly read: ReadResult;
}

/**
 * What hangs on the trees and the base config alone, and is taken from an earlier run where there was one with the same
 * ones. What is not kept yet will be for the next run, but only of trees that were kept themselves: they have names.
 */
export class KeptBase {
  readonly #session: Pick<Session, 'kept' | 'platform'>;
  readonly #kconfig: Kconfig;
  readonly #startedMs: number;

  constructor(session: Pick<Session, 'kept' | 'platform'>, kconfig: Kconfig) {
    this.#session = session;
    this.#kconfig = kconfig;
    this.#startedMs = session.platform.today();
  }

  /** Reads the base config, and calculates it. */
  load(base: Base): LoadedBase {
    const tree = originOf(this.#kconfig);
    const entry = tree && this.#session.kept('values', [tree.identity, textDigest(base.text), base.source], []);
    const known = entry && this.#unpacked(entry, (input) => this.#unpackBase(input));
    if (known) return known;
    if (entry) afterwards(() => entry.write([packBase(loadBase(this.#kconfig, base))], [], this.#startedMs));
    return loadBase(this.#kconfig, base);
  }

  /** What a configuration of the tree builds. */
  build(kbuild: KbuildTree, config: Configuration): BuildResult {
    const [tree, makefiles] = [originOf(this.#kconfig), originOf(kbuild)];
    const walk = (): BuildResult => kbuild.build(kbuildLookup(config));
    if (!tree || !makefiles) return walk();
    const entry = this.#session.kept('build', [tree.identity, makefiles.identity, config.digest()], []);
    const known = entry && this.#unpacked(entry, unpackBuild);
    if (known) return known;
    const built = walk();
    const paths = [...(makefiles.files?.paths ?? [])];
    if (entry) afterwards(() => entry.write([packed(built)], paths, this.#startedMs));
    return built;
  }

  /** What an entry holds; null where it holds nothing that can be used. */
  #unpacked<Result>(entry: KeptResult, unpack: (input: Unpacker) => Result): Result | null {
    try {
      const bytes = entry.read();
      return bytes && unpack(new Unpacker(bytes));
    } catch {
      return null;
    }
  }

  #unpackBase(input: Unpacker): LoadedBase {
    const read = JSON.parse(input.text()) as ReadResult;
    return { read, config: Configuration.unpack(this.#kconfig, input) };
  }
}

function loadBase(kconfig: Kconfig, { text, source }: Base): LoadedBase {
  const config = new Configuration(kconfig);
  return { config, read: readDotConfig(config, text, { file: source }) };
}

function packBase({ read, config }: LoadedBase): Uint8Array {
  const out = new Packer();
  out.text(JSON.stringify(read));
  config.pack(out);
  return out.bytes();
}

function packed(build: BuildResult): Uint8Array {
  const out = new Packer();
  packBuild(build, out);
  return out.bytes();
}
