import { readSync } from 'node:fs';
import { resolve } from 'node:path';
import { findBaseConfig } from '../machine/base-config.ts';
import { decodeConfigBytes, readConfigFile } from '../machine/config-bytes.ts';
import type { Session } from './session.ts';

/** The base config as text, and where it came from. */
export interface Base {
  readonly text: string;
  /** For the report: a path, or `standard input`. */
  readonly source: string;
}

/** Bytes of standard input that are read at most: a config or a listing. */
const MAX_STDIN_BYTES = 64 * 1024 * 1024;
const CHUNK = 65_536;

/**
 * The config to start from: `--config`, or the first that is found (DESIGN section 5).
 * @throws InputError where there is none, or it cannot be read
 */
export async function readBase(session: Session): Promise<Base> {
  const { fs, env, cwd } = session.platform;
  const { config } = session.options;
  if (config === '-') {
    return { text: (await decodeConfigBytes(readStandardInput(), '-')).text, source: 'standard input' };
  }
  if (config !== undefined) return { text: (await readConfigFile(fs, resolve(cwd, config))).text, source: config };
  const found = await findBaseConfig({ fs, objtree: session.objtree, env });
  return { text: found.text, source: found.path };
}

/** All of standard input, up to a limit. */
export function readStandardInput(): Uint8Array {
  const chunks: Uint8Array[] = [];
  for (let total = 0; total < MAX_STDIN_BYTES; ) {
    const chunk = new Uint8Array(CHUNK);
    const count = readChunk(chunk);
    if (count === 0) break;
    chunks.push(chunk.subarray(0, count));
    total += count;
  }
  return Buffer.concat(chunks);
}

function readChunk(chunk: Uint8Array): number {
  for (;;) {
    try {
      return readSync(0, chunk);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EOF') return 0;
      if (code !== 'EAGAIN') throw error;
    }
  }
}
