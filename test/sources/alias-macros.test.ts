import { describe, expect, it } from 'vitest';
import { AliasMacros } from '../../src/sources/alias-macros.ts';

const expanded = (text: string, source: string): string =>
  new AliasMacros((path) => (path === 'a.c' ? source : null), 'x86').expanded(text, 'a.c');

describe('macros of a source', () => {
  it('stand for themselves in their own bodies, as for the preprocessor', () => {
    expect(expanded('LOOP(1)', '#define LOOP(x) LOOP(x) LOOP(x) LOOP(x)\n')).toBe('LOOP(1) LOOP(1) LOOP(1)');
    expect(expanded('ONE', '#define ONE TWO + TWO\n#define TWO ONE + ONE\n')).toBe('ONE + ONE + ONE + ONE');
    expect(expanded('ID(ID(4))', '#define ID(x) x\n')).toBe('4');
  });

  it('may have more tokens than a call has arguments', () => {
    const table = 'x,'.repeat(200_000);
    expect(expanded('TABLE', `#define TABLE ${table}\n`)).toBe(table);
    expect(expanded(`WRAP(${'y '.repeat(200_000)})`, '#define WRAP(x) x\n')).toHaveLength(400_000);
  });
});
