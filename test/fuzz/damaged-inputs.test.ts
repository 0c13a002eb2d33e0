import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeInput } from './mutate.ts';
import { READERS, readInput } from './readers.ts';

const FOUND = resolve(import.meta.dirname, '../../fixtures/fuzz');

/** Inputs of each reader that every run of the tests has; `npm run fuzz` goes on from there. */
const INPUTS = 150;
const QUICK_INPUTS = 8;

describe.each(Object.entries(READERS))('%s', (name, reader) => {
  it('takes or refuses damaged input', async () => {
    const count = reader.share < 1 ? QUICK_INPUTS : INPUTS;
    for (let seed = 0; seed < count; seed++)
      await expect(readInput(reader, makeInput(reader, seed))).resolves.toBe(undefined);
  });

  const directory = join(FOUND, name);
  it.each(existsSync(directory) ? readdirSync(directory) : [])('what once broke it: %s', async (file) => {
    await expect(readInput(reader, readFileSync(join(directory, file), 'latin1'))).resolves.toBe(undefined);
  });
});

it('every kept input belongs to a reader', () => {
  const kept = existsSync(FOUND) ? readdirSync(FOUND, { withFileTypes: true }) : [];
  for (const { name } of kept.filter((entry) => entry.isDirectory())) expect(Object.keys(READERS)).toContain(name);
});
