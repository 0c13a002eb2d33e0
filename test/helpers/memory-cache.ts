import type { ByteCache } from '../../src/platform/platform.ts';

/** What is kept between runs, in memory. */
export class MemoryCache implements ByteCache {
  readonly entries = new Map<string, Uint8Array>();
  readBytes = (name: string): Uint8Array | null => this.entries.get(name) ?? null;
  readOwnBytes = this.readBytes;
  writeBytes = (name: string, parts: readonly Uint8Array[]): unknown => this.entries.set(name, Buffer.concat(parts));
  pathOf = (): null => null;
  keepNewest = (): void => undefined;
}
