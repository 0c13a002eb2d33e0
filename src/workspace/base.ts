import { resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import { configOrigin, configSrcarches } from '../dotconfig/origin.ts';
import { setsSymbols } from '../dotconfig/scan.ts';
import { findBaseConfig } from '../machine/base-config.ts';
import { decodeConfigBytes, readConfigFile } from '../machine/config-bytes.ts';
import { readStandardInput } from '../platform/standard-input.ts';
import { diagnosticMessage } from '../report/diagnostic-text.ts';
import { srcarchOf } from '../toolchain/kernel-tree.ts';
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
 * @throws InputError where there is none, it cannot be read, says nothing of any symbol, or is of another architecture
 */
export async function readBase(session: Session, config = session.options.config): Promise<Base> {
  const base = await findBase(session, config);
  if (!setsSymbols(base.text)) {
    throw new InputError({ code: 'config-without-symbols', args: { path: base.source } });
  }
  requireSameArchitecture(session, base);
  return base;
}

async function findBase(session: Session, config: string | undefined): Promise<Base> {
  const { fs, env, cwd } = session.platform;
  if (config === '-') {
    return { text: (await decodeConfigBytes(readStandardInput(), '-')).text, source: 'standard input' };
  }
  if (config !== undefined) return { text: (await readConfigFile(fs, resolve(cwd, config))).text, source: config };
  const found = await findBaseConfig({ fs, objtree: session.objtree, env });
  return { text: found.text, source: found.path };
}

/** The engine would make a config of the other architecture out of it, with hardly a module in it, and say nothing. */
function requireSameArchitecture(session: Session, { text, source }: Base): void {
  const { arch, srcarch } = session.environment();
  const origin = configOrigin(text);
  if (origin) {
    if (srcarchOf(origin.arch) === srcarch) return;
    const at = { file: source, line: origin.line, column: 0 };
    const args = { configured: origin.arch, arch };
    throw new InputError({ code: 'config-other-architecture', at, lineText: origin.lineText, args });
  }
  const found = configSrcarches(text, session.tree.srcarches);
  if (found.length === 0 || found.includes(srcarch)) return;
  const at = { file: source, line: 1, column: 0 };
  throw new InputError({ code: 'config-other-architecture', at, args: { configured: found[0]!, arch } });
}

/**
 * What it means that a config was made for another version than the tree's; nothing where it was not.
 * @param unknown how many symbols that it sets the tree does not have
 */
export function versionNotes(session: Session, base: Base, unknown: number): string[] {
  const configured = configOrigin(base.text)?.version;
  const { version } = session.tree;
  if (configured === undefined || configured === version) return [];
  const args = { configured, version, source: base.source, unknown };
  return [diagnosticMessage({ code: 'base-config-of-other-version', severity: 'info', args })];
}
