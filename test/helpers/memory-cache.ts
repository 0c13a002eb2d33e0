import type { ByteCache } from '../../src/platform/platform.ts';

/** What is kept between runs, in memory. */
export class MemoryCache implements ByteCache {
  readonly entries = new Map<string, Uint8Array>();
  readBytes = (name: string): Uint8Array | null => this.entries.get(name) ?? null;
  writeBytes = (name: string, bytes: Uint8Array): unknown => this.entries.set(name, bytes);
  pathOf = (): null => null;
  keepNewest = (): void => undefined;
}
