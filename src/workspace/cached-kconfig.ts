import type { FilesEntry } from '../cache/files-entry.ts';
import { Packer, Unpacker } from '../cache/packed.ts';
import type { SeenPath } from '../cache/traced-file-system.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { readSnapshot } from '../kconfig/snapshot-tree.ts';
import { packWholeKernel, unpackWholeKernel } from '../trim/whole-kernel.ts';
import { packGraph, unpackGraph } from '../values/dependency-graph.ts';

/** What reading Kconfig files asked its surroundings beside files, with the answers; null for what there was not. */
export interface Conversation {
  /** Variables of the environment. */
  readonly variables: Map<string, string | null>;
  /** Commands of `$(shell)`, in the order of their first use. */
  readonly commands: Map<string, string | null>;
  /** What the files say with `$(info)` and `$(warning-if)`, in conf's words. */
  readonly messages: string[];
}

/** Answers what reading asks. */
export interface Answers {
  variable(name: string): string | undefined;
  command(text: string): string | null;
}

/** The Kconfig tree that an earlier run read, where reading the same files would give the same one. */
export class CachedKconfig {
  readonly #conversation: { variables: [string, string | null][]; commands: [string, string | null][] };
  readonly #kconfig: Kconfig;
  readonly messages: readonly string[];

  private constructor(bytes: Uint8Array, readFile: (name: string) => string | null) {
    const unpacker = new Unpacker(bytes);
    const { messages, ...conversation } = JSON.parse(unpacker.text());
    this.#conversation = conversation;
    this.messages = messages;
    this.#kconfig = readSnapshot(unpacker.octets(), readFile);
    unpackGraph(this.#kconfig, unpacker);
    unpackWholeKernel(this.#kconfig, unpacker);
  }

  /**
   * Unpacks the tree while its files are validated.
   * @param readFile gives a Kconfig file, for help texts
   * @param meanwhile called with the tree while they are validated still
   * @returns null where nothing is cached, or a file has changed
   */
  static async open(
    entry: FilesEntry,
    readFile: (name: string) => string | null,
    meanwhile: (kconfig: Kconfig) => void,
  ): Promise<CachedKconfig | null> {
    const bytes = entry.read();
    const cached = bytes && CachedKconfig.#unpacked(bytes, readFile);
    if (cached) meanwhile(cached.#kconfig);
    return (await entry.confirm()) ? cached : null;
  }

  static #unpacked(bytes: Uint8Array, readFile: (name: string) => string | null): CachedKconfig | null {
    try {
      return new CachedKconfig(bytes, readFile);
    } catch {
      // Made by another program, then: it has our name, but not our form.
      return null;
    }
  }

  /**
   * The tree, if all answers are what they were. They are asked for one after the other up to the first that differs,
   * as reading the files would: later questions may depend on it.
   */
  tree(answers: Answers): Kconfig | null {
    const { variables, commands } = this.#conversation;
    for (const [name, value] of variables) if ((answers.variable(name) ?? null) !== value) return null;
    for (const [text, answer] of commands) if (answers.command(text) !== answer) return null;
    return this.#kconfig;
  }
}

/**
 * Caches a tree for the next run.
 * @param seen all that it was read from
 * @param startedMs when reading began, in milliseconds since the epoch
 */
export function cacheKconfig(
  entry: FilesEntry,
  kconfig: Kconfig,
  { variables, commands, messages }: Conversation,
  seen: ReadonlyMap<string, SeenPath>,
  startedMs: number,
): void {
  const packer = new Packer();
  packer.text(JSON.stringify({ variables: [...variables], commands: [...commands], messages }));
  packer.octets(kconfig.snapshot);
  packGraph(kconfig, packer);
  packWholeKernel(kconfig, packer);
  entry.write([packer.bytes()], seen, startedMs);
}
