import { basename, dirname, join, resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { Platform } from '../platform/platform.ts';

/** What a run reads and writes, as it was named. What is no file (`-`, null, a device) does not count. */
export interface RunFiles {
  /** All that stays as it is. */
  readonly read: readonly Named[];
  /** Each a file of its own. */
  readonly written: readonly Named[];
  /** A config that is written as well, whose old text stays beside it. */
  readonly replaced?: {
    readonly file: Named;
    /** The config that is read: its place may be the same. */
    readonly base: Named;
  };
}

type Named = string | null | undefined;

/**
 * Refuses to write where something is read, or where something else is written: a slip of the keyboard would cost somebody
 * a config, or weeks of records.
 * @throws InputError `output-is-input`, `output-twice`, `old-is-input`
 */
export function requireInputsStay(platform: Pick<Platform, 'fs' | 'cwd'>, files: RunFiles): void {
  const { read, written, replaced } = files;
  const place = (file: Named): string | null => placeOf(platform, file);
  const inputs = new Set(read.map(place));
  const base = place(replaced?.base);
  const config = place(replaced?.file);
  const outputs = new Set<string | null>([config]);
  if (config !== null && inputs.has(config)) refuse('output-is-input', replaced?.file);
  for (const file of written) {
    const at = place(file);
    if (at === null) continue;
    if (inputs.has(at) || at === base) refuse('output-is-input', file);
    if (outputs.has(at)) refuse('output-twice', file);
    outputs.add(at);
  }
  if (config === null || platform.fs.stat(config) === null) return;
  const old = `${replaced!.file}.old`;
  const at = place(old);
  if (inputs.has(at) || at === base) refuse('old-is-input', old);
  if (outputs.has(at)) refuse('output-twice', old);
}

/** @param file one that was found to have a place */
function refuse(code: string, file: Named): never {
  throw new InputError({ code, args: { file: file! } });
}

/** Where a file is, or would be made; null for what is none. */
function placeOf({ fs, cwd }: Pick<Platform, 'fs' | 'cwd'>, file: Named): string | null {
  if (file === null || file === undefined || file === '-' || file === 'standard input') return null;
  const path = resolve(cwd, file);
  if (fs.stat(path)?.isFile === false) return null;
  const folder = dirname(path);
  return fs.realPath(path) ?? join(fs.realPath(folder) ?? folder, basename(path));
}
