import { createHash } from 'node:crypto';
import type { Cache } from '../platform/platform.ts';
import type { ToolNames } from './tool-commands.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** Entries of another format are not looked at. */
const FORMAT = 'kconfig-trim probes 1';
/** Answers in one entry; the ones that were asked last stay. A tree asks some 110. */
const MAX_ANSWERS = 2000;

/** Answers of a toolchain, and what it was when it gave them. */
export interface KeptProbes extends Pick<ToolIdentity, 'compiler' | 'linker'> {
  readonly answers: ReadonlyMap<string, string>;
}

/** Keeps the answers to commands of Kconfig files between runs. */
export class ProbeCache {
  readonly #cache: Cache;
  readonly #name: string;

  /** @param tools each toolchain has an entry of its own, whose identity tells whether it still is the same */
  constructor(cache: Cache, { compiler, linker }: ToolNames) {
    this.#cache = cache;
    this.#name = `probes-${digest(JSON.stringify([compiler, linker])).slice(0, 16)}.json`;
  }

  /** Null where there is no entry, or one that is damaged or of another format. */
  read(): KeptProbes | null {
    const [head, body = ''] = (this.#cache.read(this.#name) ?? '').split(/\n(.*)/s);
    if (head !== heading(body)) return null;
    try {
      const { compiler, linker, answers } = JSON.parse(body) as Record<string, unknown>;
      if (!isTextOrNull(compiler) || !isTextOrNull(linker) || !isPairs(answers)) return null;
      return { compiler, linker, answers: new Map(answers) };
    } catch {
      return null;
    }
  }

  write({ compiler, linker, answers }: KeptProbes): void {
    const last = [...answers].slice(-MAX_ANSWERS);
    const body = `${JSON.stringify({ compiler, linker, answers: last })}\n`;
    this.#cache.write(this.#name, `${heading(body)}\n${body}`);
  }
}

function heading(body: string): string {
  return `${FORMAT} ${digest(body)}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isPairs(value: unknown): value is [string, string][] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((each) => typeof each === 'string'))
  );
}
