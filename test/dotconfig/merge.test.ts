import { describe, expect, it } from 'vitest';
import { mergeFragments } from '../../src/dotconfig/merge.ts';

const merge = (texts: readonly string[], options = {}) =>
  mergeFragments(
    texts.map((text, index) => ({ source: `f${index}`, text })),
    options,
  );

describe('mergeFragments', () => {
  it('puts what a later file says in the place of every earlier line', () => {
    const { text, redefined } = merge([
      'CONFIG_A=y\n# CONFIG_B is not set\nCONFIG_C=1\n',
      'CONFIG_B=m\nCONFIG_C=1\n',
      '# CONFIG_A is not set',
    ]);
    expect(text).toBe('\nCONFIG_B=m\nCONFIG_C=1\n\n# CONFIG_A is not set');
    expect(redefined).toMatchObject([
      { kind: 'overridden', name: 'CONFIG_B', before: ['# CONFIG_B is not set'], after: ['CONFIG_B=m'] },
      { kind: 'redundant', name: 'CONFIG_C' },
      { kind: 'overridden', name: 'CONFIG_A', beforeAt: { file: 'f0', line: 1 }, afterAt: { file: 'f2', line: 1 } },
    ]);
  });

  it('ends the last line of a file that has no newline', () => {
    expect(merge(['CONFIG_A=y', 'CONFIG_B=y', 'CONFIG_A=n']).text).toBe('CONFIG_B=y\nCONFIG_A=n');
    expect(merge(['', 'CONFIG_B=y\n']).text).toBe('\nCONFIG_B=y\n');
  });

  it('takes comments that name a symbol with its lines, as merge_config.sh does', () => {
    const { text, redefined } = merge(['# CONFIG_A is for B\n# see CONFIG_A.\nCONFIG_A=y\n', 'CONFIG_A=y\n']);
    expect(text).toBe('# see CONFIG_A.\n\nCONFIG_A=y\n');
    expect(redefined).toMatchObject([
      { kind: 'redundant', before: [expect.anything(), expect.anything(), 'CONFIG_A=y'] },
    ]);
  });

  it.each([
    ['CONFIG_A=y\nCONFIG_A=y\n', 'CONFIG_A=y\n', 'redundant'],
    ['CONFIG_A=m\nCONFIG_A=y\n', 'CONFIG_A=y\n', 'redundant'],
    ['CONFIG_A=y\n', '# CONFIG_A as before\nCONFIG_A=y\n', 'redundant'],
    ['# CONFIG_A is not set\n', 'CONFIG_A=n\n', 'redundant'],
    ['CONFIG_A=y\nCONFIG_A=m\n', 'CONFIG_A=y\n', 'overridden'],
    ['# CONFIG_A is for B\n', 'CONFIG_A=y\n', 'overridden'],
  ])('compares values, not lines: %j and then %j is %s', (before, after, kind) => {
    expect(merge([before, after]).redefined.map((each) => each.kind)).toEqual([kind]);
  });

  it('leaves symbols alone whose names only begin alike', () => {
    expect(merge(['CONFIG_A_B=y\nCONFIG_A=y\n', 'CONFIG_A=n\n']).text).toBe('CONFIG_A_B=y\n\nCONFIG_A=n\n');
  });

  it('makes no built-in a module with -y', () => {
    const { text, redefined } = merge(['CONFIG_A=y\nCONFIG_B=n\n', 'CONFIG_A=m\nCONFIG_B=m\n'], { builtin: true });
    expect(text).toBe('CONFIG_A=y\n\nCONFIG_B=m\n');
    expect(redefined.map(({ kind }) => kind)).toEqual(['kept-builtin', 'overridden']);
  });

  it('says where each line of the result comes from', () => {
    const { text, origin } = merge(['CONFIG_A=y\nCONFIG_B=y\n', '\nCONFIG_A=n\n']);
    expect(text.split('\n')).toEqual(['CONFIG_B=y', '', '', 'CONFIG_A=n', '']);
    expect(origin(1)).toEqual({ index: 0, at: { file: 'f0', line: 2, column: 0 } });
    expect(origin(4)).toEqual({ index: 1, at: { file: 'f1', line: 2, column: 0 } });
  });
});
