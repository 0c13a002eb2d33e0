import { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheStore } from '../platform/platform.ts';
import type { CommandDependencies } from './command-dependencies.ts';
import type { RecordedDependencies } from './fingerprints.ts';
import type { ToolNames } from './tool-commands.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** The form of the content, and the rules by which dependencies are found. */
const FORMAT = '3';
/** Answers in one entry; those that were asked last stay. A tree asks some 110. */
const MAX_ANSWERS = 2000;

/** Answers of a toolchain, and what it was when it gave them. */
export interface CachedProbes extends Pick<ToolIdentity, 'compiler' | 'linker'> {
  readonly answers: ReadonlyMap<string, string>;
  /** Of some commands, what their answers depend on. */
  readonly dependencies: ReadonlyMap<string, RecordedDependencies>;
}

/** The cached answers to commands of Kconfig files. */
export class ProbeCache {
  readonly #entry: CacheEntry;

  /** @param tools each toolchain has an entry of its own */
  constructor(store: CacheStore, { compiler, linker }: ToolNames) {
    const place = JSON.stringify([compiler, linker]);
    this.#entry = new CacheEntry(store, { kind: 'probes', place, circumstances: FORMAT });
  }

  /** Null where there is no entry, or one that is damaged or of another format. */
  read(): CachedProbes | null {
    const { compiler, linker, answers, dependencies } = (this.#entry.readJson() ?? {}) as Record<string, unknown>;
    if (!isTextOrNull(compiler) || !isTextOrNull(linker) || !isTexts(answers) || !areRecords(dependencies)) return null;
    return { compiler, linker, answers: new Map(answers), dependencies: new Map(dependencies) };
  }

  write({ compiler, linker, answers, dependencies }: CachedProbes): void {
    const last = [...answers].slice(-MAX_ANSWERS);
    const records = last.flatMap(([command]) => {
      const recorded = dependencies.get(command);
      return recorded ? [[command, recorded]] : [];
    });
    this.#entry.writeJson({ compiler, linker, answers: last, dependencies: records }, null);
  }
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
