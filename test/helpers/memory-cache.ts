import type { CacheStore } from '../../src/platform/platform.ts';

/** Cache entries in memory. */
export class MemoryCache implements CacheStore {
  readonly entries = new Map<string, Uint8Array>();
  read = (name: string): Uint8Array | null => this.entries.get(name) ?? null;
  write = (name: string, parts: readonly Uint8Array[]): unknown => this.entries.set(name, Buffer.concat(parts));
  pathOf = (): null => null;
  use = (): void => undefined;
  keepNewest = (): void => undefined;
}
