import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ScriptFile } from '../../src/platform/script-file.ts';

interface Example {
  readonly path: string;
  readonly separator: string;
  fail(): never;
}

const TEXT = `"use strict";
exports.path = __filename;
exports.separator = require('node:path').sep;
exports.fail = () => { throw new Error('caf\u00e9'); };
`;

describe('ScriptFile', () => {
  let scratch = '';
  let file: URL;
  beforeAll(() => {
    scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim script-'));
    file = pathToFileURL(join(scratch, 'code.cjs'));
    writeFileSync(file, TEXT);
  });
  afterAll(() => rmSync(scratch, { recursive: true }));

  const compiled = (): Uint8Array => {
    const script = new ScriptFile(file).compile(null);
    expect(script.isRejected).toBeUndefined();
    script.run();
    return script.compiled();
  };

  it.each([
    ['without a compiled form', () => null],
    ['with one', compiled],
  ])('runs a file as require would, %s', (_, given) => {
    const example = new ScriptFile(file).compile(given()).run() as Example;
    expect(example).toMatchObject({ path: join(scratch, 'code.cjs'), separator: '/' });
    expect(() => example.fail()).toThrow('caf\u00e9');
    try {
      example.fail();
    } catch (error) {
      expect((error as Error).stack).toContain(`${file.href}:4:`);
    }
  });

  it('says whether V8 took what was compiled', () => {
    const bytes = compiled();
    // V8 remembers files of this process by their names.
    const isRejected = (name: string, given: Uint8Array): boolean | undefined => {
      const copy = pathToFileURL(join(scratch, name));
      writeFileSync(copy, TEXT);
      return new ScriptFile(copy).compile(given).isRejected;
    };
    expect(isRejected('intact.cjs', bytes)).toBe(false);
    expect(isRejected('spoilt.cjs', Buffer.from(bytes).fill(0, 0, 16))).toBe(true);
    expect(isRejected('nothing.cjs', new Uint8Array())).toBe(true);
  });

  it('has another checksum for another content of the same length', () => {
    const other = pathToFileURL(join(scratch, 'other.cjs'));
    writeFileSync(other, TEXT);
    expect(new ScriptFile(other).checksum).toBe(new ScriptFile(file).checksum);
    writeFileSync(other, TEXT.replace('caf', 'fac'));
    expect(new ScriptFile(other).checksum).not.toBe(new ScriptFile(file).checksum);
  });
});
