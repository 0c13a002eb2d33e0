import { describe, expect, it } from 'vitest';
import { detectDialect, dialectOfVersion } from '../../src/kconfig/dialect.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

/** The five sources that tell, with just the words that each dialect is known by. */
function tree(words: Partial<Record<'lexer.l' | 'symbol.c' | 'expr.c' | 'confdata.c' | 'conf.c', string>>) {
  const names = ['lexer.l', 'symbol.c', 'expr.c', 'confdata.c', 'conf.c'] as const;
  return memoryFs(Object.fromEntries(names.map((name) => [`/tree/scripts/kconfig/${name}`, words[name] ?? '\n'])));
}

describe('the dialect of a tree', () => {
  it('is that of its sources, whatever the version says', () => {
    const fs = tree({
      'symbol.c': 'if (sym->implied.tri == yes) x; sprintf(str, "0x%llx", val2); "%s:%d:error: recursive dependency"',
      'lexer.l': '"optional" return T_OPTIONAL; "option" return T_OPTION; ---help---',
      'confdata.c': 'conf_unsaved++;',
    });
    expect(detectDialect(fs, '/tree', [6, 18])).toEqual(dialectOfVersion([5, 3]));
  });

  it('is that of the version where the sources are missing, and the newest without one', () => {
    expect(detectDialect(memoryFs({ '/tree/Kconfig': '' }), '/tree', [6, 1])).toEqual(dialectOfVersion([6, 1]));
    expect(detectDialect(memoryFs({ '/tree/Kconfig': '' }), '/tree', null)).toEqual(dialectOfVersion([99, 0]));
  });

  it('changed when mainline changed', () => {
    const first = (has: (version: [number, number]) => boolean): string =>
      [...Array(20).keys()]
        .map((minor): [number, number] => [5, minor])
        .concat([...Array(20).keys()].map((minor) => [6, minor]))
        .concat([[7, 0]])
        .find(has)!
        .join('.');
    expect(first((version) => dialectOfVersion(version).endOfMenuComments)).toBe('5.4');
    expect(first((version) => !dialectOfVersion(version).implyForces)).toBe('5.7');
    expect(first((version) => !dialectOfVersion(version).dashedHelp)).toBe('5.9');
    expect(first((version) => !dialectOfVersion(version).optionStatement)).toBe('5.15');
    expect(first((version) => !dialectOfVersion(version).printsRangeBounds)).toBe('6.7');
    expect(first((version) => dialectOfVersion(version).choices === 'priority')).toBe('6.11');
    expect(first((version) => dialectOfVersion(version).transitional)).toBe('6.18');
    expect(first((version) => dialectOfVersion(version).conditionalDependencies)).toBe('7.0');
  });
});
