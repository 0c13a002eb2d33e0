/** Listings of which little is in the tree. */
import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { formatDiagnostic } from '../../src/report/diagnostic-text.ts';
import { type FoundName, requireFit } from '../../src/trim/listing-fit.ts';

const found = (status: FoundName['status'], note: string, ...names: string[]): FoundName[] =>
  names.map((name) => ({ name, status, note }));

function refusal(names: readonly FoundName[], ignoredLines = 0): string {
  try {
    requireFit({ source: 'its.txt', modules: names, ignoredLines }, [
      ...names,
      ...found('kept', '', 'of_another_listing'),
    ]);
  } catch (error) {
    if (error instanceof InputError) return formatDiagnostic(error.diagnostic);
    throw error;
  }
  return '';
}

describe('a listing', () => {
  it('of which a third fits is taken', () => {
    expect(refusal([...found('off', '', 'a'), ...found('unknown', '', 'b', 'c')])).toBe('');
    expect(refusal([...found('renamed', '', 'a'), ...found('removed', '', 'b', 'c')])).toBe('');
  });

  it('of which less fits is refused, and told what it looks like', () => {
    expect(refusal([...found('kept', '', 'a'), ...found('unknown', '', 'b', 'c', 'd')])).toContain(
      'its.txt: of 4 names only 1 fits this tree; the listing looks like another program',
    );
    expect(refusal(found('unknown', '', 'I915', 'E1000E'))).toMatch(/of 2 names none fits .*capitals.*--force/);
    const foreign = found('unknown', 'a module of another architecture (arch/arm64/crypto/Makefile)', 'aes_ce_blk');
    expect(refusal(foreign)).toContain('another architecture: name it with --arch');
  });

  it('is judged by lines that name no module as well', () => {
    const names = [...found('builtin', '', 'devtmpfs'), ...found('unknown', '', 'tmpfs')];
    expect(refusal(names)).toBe('');
    expect(refusal(names, 2)).toContain('its.txt: of 4 lines only 1 fits this tree');
  });

  it('that is a record is called so', () => {
    const names = found('unknown', '', 'b', 'c');
    const cut = { source: 'host.record', modules: names, ignoredLines: 0, record: new Map() };
    expect(() => requireFit(cut, names)).toThrow(
      expect.objectContaining({
        diagnostic: expect.objectContaining({ args: expect.objectContaining({ looksLike: 'record' }) }),
      }),
    );
  });

  it('is judged without the modules that its marks show to be from outside', () => {
    expect(refusal([...found('out-of-tree', '', 'a', 'b', 'c'), ...found('kept', '', 'd')])).toBe('');
    expect(refusal(found('out-of-tree', '', 'nvidia'))).toBe('');
  });
});
