import { relative, resolve } from 'node:path';
import { type Diagnostic, InputError } from '../diagnostics/diagnostic.ts';
import { configOrigin, configSrcarches } from '../dotconfig/origin.ts';
import { unquoted } from '../dotconfig/quoted.ts';
import { flawedLines, setsSymbols } from '../dotconfig/scan.ts';
import { findBaseConfig } from '../machine/base-config.ts';
import { configLimit, decodeConfigBytes, readConfigFile } from '../machine/config-bytes.ts';
import { type ListingFormat, parseListing } from '../machine/listing.ts';
import { isRecord } from '../machine/record/read.ts';
import type { Platform } from '../platform/platform.ts';
import { readStandardInput } from '../platform/standard-input.ts';
import { srcarchOf } from '../toolchain/kernel-tree.ts';
import type { BaseConfig, Workspace } from './workspace.ts';

/**
 * The config to start from.
 * @param config a file, `-` for standard input; undefined: the first that is found
 * @param isForArchitecture whether one of another architecture is an error
 * @throws InputError where there is none, it cannot be read, says nothing of any symbol, or is of another architecture
 */
export async function readBase(
  workspace: Workspace,
  config: string | undefined,
  isForArchitecture = true,
): Promise<BaseConfig> {
  const base = await findBase(workspace, config);
  if (!setsSymbols(base.text)) {
    const code = isListing(base.text) ? 'config-is-listing' : 'config-without-symbols';
    throw new InputError({ code, args: { path: base.source } });
  }
  if (isForArchitecture) requireSameArchitecture(workspace, base);
  return base;
}

/** Whether a text is a table of loaded modules, or a record. */
function isListing(text: string): boolean {
  try {
    return isRecord(text) || TABLES.has(parseListing(text, '').format);
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** Of names alone, nobody knows what they are names of. */
const TABLES: ReadonlySet<ListingFormat> = new Set(['lsmod', 'proc-modules']);

async function findBase(workspace: Workspace, config: string | undefined): Promise<BaseConfig> {
  const { fs, env } = workspace.platform;
  if (config !== undefined) {
    const text = await readNamedConfig(workspace.platform, config);
    return { text, source: config === '-' ? 'standard input' : config };
  }
  const found = await findBaseConfig({ fs, objtree: workspace.objtree, env });
  return { text: found.text, source: found.path };
}

/**
 * The text of a config that a command line names.
 * @param config a file, `-` for standard input
 * @throws InputError as `readConfigFile`
 */
export async function readNamedConfig({ fs, cwd }: Pick<Platform, 'fs' | 'cwd'>, config: string): Promise<string> {
  if (config !== '-') return (await readConfigFile(fs, resolve(cwd, config), config)).text;
  const bytes = readStandardInput(configLimit);
  if (!bytes) throw new InputError({ code: 'config-unreadable', args: { path: '-', reason: 'device' } });
  return (await decodeConfigBytes(bytes, '-')).text;
}

/** The engine would make a config of the other architecture out of it, with hardly a module in it, and say nothing. */
function requireSameArchitecture(workspace: Workspace, base: BaseConfig): void {
  const other = otherArchitecture(workspace, base);
  if (other) throw new InputError(other);
}

/** That a config was made for another architecture than this run is for; null where it was not, or does not say. */
export function otherArchitecture(workspace: Workspace, { text, source }: BaseConfig): Diagnostic | null {
  const { arch, srcarch } = workspace.environment();
  const origin = configOrigin(text);
  const code = { code: 'config-other-architecture', severity: 'error' } as const;
  if (origin) {
    if (srcarchOf(origin.arch) === srcarch) return null;
    const at = { file: source, line: origin.line, column: 0 };
    return { ...code, at, lineText: origin.lineText, args: { configured: origin.arch, arch } };
  }
  const found = configSrcarches(text, workspace.tree.srcarches);
  if (found.length === 0 || found.includes(srcarch)) return null;
  return { ...code, at: { file: source, line: 1, column: 0 }, args: { configured: found[0]!, arch } };
}

/**
 * Says of a defconfig or a fragment that the tree has for another architecture that this run is for this one: its lines
 * do not say what it is for, so that its place alone does.
 * @param path absolute
 */
export function foreignDefconfig(workspace: Workspace, path: string): Diagnostic[] {
  const { arch, srcarch } = workspace.environment();
  const { treePath, tree } = workspace;
  const configured = /^arch\/([^/]+)\/configs\//.exec(relative(treePath, path))?.[1];
  if (configured === undefined || configured === srcarch || !tree.srcarches.includes(configured)) return [];
  return [{ code: 'defconfig-of-other-architecture', severity: 'warning', args: { path, configured, arch } }];
}

/**
 * What it means that a config was made for another version than the tree's; nothing where it was not.
 * @param unknown how many symbols that it sets the tree does not have
 */
export function versionDiagnostics(workspace: Workspace, base: BaseConfig, unknown: number): Diagnostic[] {
  const configured = configOrigin(base.text)?.version;
  const { version } = workspace.tree;
  if (configured === undefined || configured === version) return [];
  const args = { configured, version, source: base.source, unknown };
  return [{ code: 'base-config-of-other-version', severity: 'info', args }];
}

/**
 * What is said of lines that conf passes over though they were to count: the first one, where it begins with a byte order
 * mark, and the last one, where it breaks off, as in a copy or a download that was cut.
 */
export function lineDiagnostics(base: BaseConfig): Diagnostic[] {
  return [...markDiagnostics(base), ...cutDiagnostics(base)];
}

function markDiagnostics({ text, source }: BaseConfig): Diagnostic[] {
  const [flawed] = flawedLines(text.split('\n', 1)[0]!);
  if (flawed?.flaw !== 'mark' || flawed.meant === null) return [];
  const at = { file: source, line: flawed.line, column: 0 };
  return [{ code: 'config-marked', severity: 'warning', at, args: { text: flawed.text } }];
}

function cutDiagnostics({ text, source }: BaseConfig): Diagnostic[] {
  const end = text.lastIndexOf('\n') + 1;
  const lineText = text.slice(end).trim();
  if (isWhole(lineText)) return [];
  const line = text.slice(0, end).split('\n').length;
  return [{ code: 'config-cut', severity: 'warning', args: { source, line, text: lineText } }];
}

/** Whether a line of a config is as conf writes it, or a comment. */
function isWhole(line: string): boolean {
  if (line.startsWith('# CONFIG_')) return line.endsWith(' is not set');
  if (line === '' || line.startsWith('#')) return true;
  const equals = line.indexOf('=');
  const value = line.slice(equals + 1);
  if (equals < 0 || value === '') return false;
  return !value.startsWith('"') || unquoted(value) !== null;
}
