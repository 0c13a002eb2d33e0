import { describe, expect, it } from 'vitest';
import { aliasesIn, HEAD_BYTES, headOf, readHead } from '../../src/sources/source-facts.ts';
import fc from '../helpers/fast-check.ts';

describe('readHead', () => {
  it('counts what is included, and names the sources among it', () => {
    const text =
      '/* # */\n#include <a.h>\n # include "no.c"\n#\tinclude\t"b/part.c"\n#include "own.h"\nx = "#include";\n';
    expect(readHead(text)).toEqual({ includes: 3, sources: ['b/part.c'], tracePoints: false });
  });

  it('knows what makes trace points', () => {
    const isTraced = (text: string): boolean => readHead(text).tracePoints;
    expect(isTraced('#define CREATE_TRACE_POINTS\n#define OTHER\n')).toBe(true);
    expect(isTraced('#  define \t CREATE_TRACE_POINTS 1\n')).toBe(true);
    expect(isTraced('#define CREATE_TRACE_POINTS_NOT\n#defineCREATE_TRACE_POINTS\n#undef CREATE_TRACE_POINTS\n')).toBe(
      false,
    );
  });
});

describe('headOf', () => {
  const pieces = ['#', '\n', ' ', '\t', 'include', 'define', '<a.h>', '"b.c"', 'CREATE_TRACE_POINTS', 'word;', '\xe9'];

  it('says of bytes what readHead says of the whole head', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...pieces), { maxLength: 60 }).map((all) => all.join('')),
        fc.constantFrom(0, HEAD_BYTES - 90, HEAD_BYTES - 40, HEAD_BYTES - 8, HEAD_BYTES),
        (text, before) => {
          const source = Buffer.from(`${'.'.repeat(before)}\n${text}`, 'latin1');
          expect(headOf(source)).toEqual(readHead(source.toString('latin1', 0, HEAD_BYTES)));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('says nothing of a file without directives', () => {
    expect(headOf(Buffer.from(''))).toEqual({ includes: 0, sources: [], tracePoints: false });
    expect(headOf(Buffer.from('int x;\n'))).toEqual({ includes: 0, sources: [], tracePoints: false });
  });
});

describe('aliasesIn', () => {
  const aliases = (text: string): readonly string[] => aliasesIn(Buffer.from(text, 'latin1'));

  it('finds calls of MODULE_ALIAS, and of macros that have it in their names', () => {
    expect(aliases('MODULE_ALIAS("one");\nMODULE_ALIAS_CRYPTO("two");\nMY_MODULE_ALIAS(x);\n')).toEqual([
      'one',
      'MODULE_ALIAS_CRYPTO("two")',
      'MY_MODULE_ALIAS(x)',
    ]);
  });

  it('finds nothing in other words that end in ALIAS, wherever they stand', () => {
    expect(aliases('ALIAS("a");\nMY_ALIAS("b");\nODULE_ALIAS("c");\nmodule_ALIAS("d");\nMODULE_ALIA')).toEqual([]);
    expect(aliases('ALIAS')).toEqual([]);
  });
});
