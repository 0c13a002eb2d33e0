import { resolve } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';
import type { Platform } from '../platform/platform.ts';

/**
 * Refuses reports in the place of what a command reads: a slip of the keyboard would cost somebody a config.
 * @param read files, as they were named
 * @param written likewise
 * @throws InputError `output-is-input`
 */
export function requireNoOverwriting(
  { fs, cwd }: Pick<Platform, 'fs' | 'cwd'>,
  read: readonly string[],
  written: readonly string[],
): void {
  const place = (file: string): string => fs.realPath(resolve(cwd, file)) ?? resolve(cwd, file);
  const places = new Set(read.filter((file) => file !== '-').map(place));
  const both = written.find((file) => places.has(place(file)));
  if (both !== undefined) throw new InputError({ code: 'output-is-input', args: { file: both } });
}
