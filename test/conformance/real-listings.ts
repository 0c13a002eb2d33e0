/** The listings that trims of real kernels are tried with. */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { REPOSITORY } from './kernels.ts';

const SHARED = process.env['KCONFIG_TRIM_LISTINGS'] ?? resolve(REPOSITORY, '../shared/lsmod');
const FOLDER = existsSync(SHARED) ? SHARED : join(REPOSITORY, 'fixtures/listings');

/** Paths of the listings beside the repository; in a checkout alone those of fixtures/listings. */
export const LISTINGS: readonly string[] = readdirSync(FOLDER)
  // Some of the fixtures are no listings at all.
  .filter((name) => name.endsWith('.txt') && !name.startsWith('not-'))
  .map((name) => join(FOLDER, name));
