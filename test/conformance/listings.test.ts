/**
 * Listings of real machines, read as their own tools' columns say: the first word of every line but the header.
 * They are beside the repository; without them this says so, and fails in CI.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readListingFile } from '../../src/machine/listing.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { REPOSITORY } from './kernels.ts';

const FOLDER = resolve(REPOSITORY, '../shared/lsmod');
const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.txt')) : [];

describe('listings of real machines', () => {
  test('are there', ({ skip }) => {
    if (files.length === 0 && !process.env['CI']) skip(`no listings in ${FOLDER}`);
    expect(files.length).toBeGreaterThan(0);
  });

  test.each(files)('%s', (file) => {
    const path = join(FOLDER, file);
    const firstWords = readFileSync(path, 'latin1')
      .split('\n')
      .map((line) => line.trim().split(/\s+/)[0]!)
      .filter((word) => word !== '' && word !== 'Module');
    const listing = readListingFile(new NodeFileSystem(), path);
    expect(listing.modules.map(({ name }) => name)).toEqual([...new Set(firstWords)]);
    expect(listing.format).toBe(file.includes('proc-modules') ? 'proc-modules' : 'lsmod');
    expect(listing.diagnostics).toEqual([]);
  });
});
