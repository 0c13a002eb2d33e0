import { createHash } from 'node:crypto';
import type { Cache } from '../platform/platform.ts';
import type { CommandDependencies } from './command-dependencies.ts';
import type { RecordedDependencies } from './fingerprints.ts';
import type { ToolNames } from './tool-commands.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** Entries of another format are not looked at; what proves an answer is part of it. */
const FORMAT = 'kconfig-trim probes 3';
/** Answers in one entry; the ones that were asked last stay. A tree asks some 110. */
const MAX_ANSWERS = 2000;

/** Answers of a toolchain, and what it was when it gave them. */
export interface KeptProbes extends Pick<ToolIdentity, 'compiler' | 'linker'> {
  readonly answers: ReadonlyMap<string, string>;
  /** Of some commands, what their answers hang on. */
  readonly dependencies: ReadonlyMap<string, RecordedDependencies>;
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
      const { compiler, linker, answers, dependencies } = JSON.parse(body) as Record<string, unknown>;
      if (!isTextOrNull(compiler) || !isTextOrNull(linker) || !isTexts(answers) || !areRecords(dependencies))
        return null;
      return { compiler, linker, answers: new Map(answers), dependencies: new Map(dependencies) };
    } catch {
      return null;
    }
  }

  write({ compiler, linker, answers, dependencies }: KeptProbes): void {
    const last = [...answers].slice(-MAX_ANSWERS);
    const records = last.flatMap(([command]) => {
      const recorded = dependencies.get(command);
      return recorded ? [[command, recorded]] : [];
    });
    const body = `${JSON.stringify({ compiler, linker, answers: last, dependencies: records })}\n`;
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

function isTexts(value: unknown): value is [string, string][] {
  return isPairs(value) && value.every(([, text]) => typeof text === 'string');
}

function areRecords(value: unknown): value is [string, RecordedDependencies][] {
  return isPairs(value) && value.every(([, record]) => isRecord(record));
}

function isPairs(value: unknown): value is [string, unknown][] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && pair.length === 2 && typeof pair[0] === 'string')
  );
}

function isRecord(value: unknown): value is RecordedDependencies {
  const { dependencies, fingerprint } = (value ?? {}) as Partial<RecordedDependencies>;
  const { compiler, linker, scripts, programs, variables, files } = (dependencies ??
    {}) as Partial<CommandDependencies>;
  return (
    typeof fingerprint === 'string' &&
    typeof compiler === 'boolean' &&
    typeof linker === 'boolean' &&
    [scripts, programs, variables, files].every(
      (list) => Array.isArray(list) && list.every((each) => typeof each === 'string'),
    )
  );
}
