import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { formatDiagnostic, WORDED_CODES } from '../../src/report/diagnostic-text.ts';

const SOURCE = resolve(import.meta.dirname, '../../src');

/** Codes that the source makes diagnostics with. */
function usedCodes(): Set<string> {
  const found = new Set<string>();
  for (const file of readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })) {
    // Of the findings of a check the compiler sees to it.
    if (!file.endsWith('.ts') || /^(?:report|check)\//.test(file)) continue;
    const text = readFileSync(join(SOURCE, file), 'utf8');
    const codes = text.matchAll(
      /(?:code: |errorHere\(|errorAt\(.*, |#refusal\(|#warn\(|warn\(|fail\(|#error\()'([a-z]+(?:-[a-z0-9]+)+)'/g,
    );
    for (const [, code] of codes) found.add(code!);
  }
  return found;
}

it('every finding has a text', () => {
  const used = usedCodes();
  expect(used.size).toBeGreaterThan(60);
  expect([...used].filter((code) => !WORDED_CODES.has(code))).toEqual([]);
});

it('shows the place, the line, a caret and the chain of files', () => {
  const text = formatDiagnostic({
    code: 'kconfig-syntax',
    severity: 'error',
    at: { file: 'net/Kconfig', line: 7, column: 4 },
    lineText: '\tif &&',
    includedFrom: [{ file: 'Kconfig', line: 3, column: 0 }],
    args: { expected: 'a symbol' },
  });
  expect(text).toBe(
    'net/Kconfig:7:4: error: syntax error: expected a symbol\n7 |  if &&\n  |    ^\n  included from Kconfig:3',
  );
});

it("keeps conf's own wording", () => {
  const text = formatDiagnostic({
    code: 'config-reassigned',
    severity: 'warning',
    at: { file: '.config', line: 12, column: 0 },
    args: { symbol: 'NET' },
  });
  expect(text).toBe('.config:12:warning: override: reassigning to symbol NET');
});

it('says once what cannot be unpacked', () => {
  const text = (packing: string, what: string): string =>
    formatDiagnostic({ code: 'config-packing-unsupported', severity: 'error', args: { path: 'a.bz2', packing, what } });
  expect(text('bzip2', 'bzip2')).toBe('kconfig-trim: error: a.bz2: cannot unpack bzip2; unpack it first');
  expect(text('xz', 'filter 9')).toBe('kconfig-trim: error: a.bz2: cannot unpack xz (filter 9); unpack it first');
});
