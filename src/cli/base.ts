import { resolve } from 'node:path';
import { findBaseConfig } from '../machine/base-config.ts';
import { decodeConfigBytes, readConfigFile } from '../machine/config-bytes.ts';
import { readStandardInput } from '../platform/standard-input.ts';
import type { Session } from './session.ts';

/** The base config as text, and where it came from. */
export interface Base {
  readonly text: string;
  /** For the report: a path, or `standard input`. */
  readonly source: string;
}

/**
 * The config to start from: `--config`, or the first that is found (DESIGN section 5).
 * @param config another file than the option names
 * @throws InputError where there is none, or it cannot be read
 */
export async function readBase(session: Session, config = session.options.config): Promise<Base> {
  const { fs, env, cwd } = session.platform;
  if (config === '-') {
    return { text: (await decodeConfigBytes(readStandardInput(), '-')).text, source: 'standard input' };
  }
  if (config !== undefined) return { text: (await readConfigFile(fs, resolve(cwd, config))).text, source: config };
  const found = await findBaseConfig({ fs, objtree: session.objtree, env });
  return { text: found.text, source: found.path };
}
