import { CacheEntry } from '../cache/cache-entry.ts';
import type { CacheStore } from '../platform/platform.ts';
import type { RecordedDependencies } from './fingerprints.ts';
import type { ToolNames } from './kconfig-include.ts';
import type { ToolIdentity } from './tool-identity.ts';

/** The form of the content, and the rules by which dependencies are found. */
const FORMAT = '4';
/** Answers in one entry; those that were asked last stay. A tree asks some 110. */
const MAX_ANSWERS = 1000;

export interface CachedAnswer {
  readonly answer: string;
  /** Null where the command has to run each time. */
  readonly recorded: RecordedDependencies | null;
}

/** Answers of a toolchain, and what it was when it gave them. */
export interface CachedProbes extends Pick<ToolIdentity, 'compiler' | 'linker'> {
  readonly answers: ReadonlyMap<string, CachedAnswer>;
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
    const { compiler, linker, answers } = (this.#entry.readJson() ?? {}) as Record<string, unknown>;
    if (!isTextOrNull(compiler) || !isTextOrNull(linker) || !areAnswers(answers)) return null;
    return { compiler, linker, answers: new Map(answers) };
  }

  write({ compiler, linker, answers }: CachedProbes): void {
    this.#entry.writeJson({ compiler, linker, answers: [...answers].slice(-MAX_ANSWERS) }, null);
  }
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function areAnswers(value: unknown): value is [string, CachedAnswer][] {
  return (
    Array.isArray(value) &&
    value.every((pair) => Array.isArray(pair) && typeof pair[0] === 'string' && isAnswer(pair[1]))
  );
}

function isAnswer(value: unknown): value is CachedAnswer {
  const { answer, recorded } = (value ?? {}) as Partial<CachedAnswer>;
  return typeof answer === 'string' && (recorded === null || isRecord(recorded));
}

function isRecord(value: unknown): value is RecordedDependencies {
  const { dependencies, fingerprint } = (value ?? {}) as Partial<RecordedDependencies>;
  return (
    typeof fingerprint === 'string' &&
    Array.isArray(dependencies) &&
    dependencies.every((each) => typeof each === 'string')
  );
}
