import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { formatExpr } from '../../src/kconfig/expression.ts';
import { children } from '../../src/kconfig/symbol.ts';
import { MODULES, OLD, parseText, symbol } from '../helpers/kconfig.ts';

function failure(text: string, files: Record<string, string> = {}): InputError['diagnostic'] {
  try {
    parseText(text, { files });
  } catch (error) {
    if (error instanceof InputError) return error.diagnostic;
    throw error;
  }
  throw new Error('parsed');
}

describe('expressions', () => {
  const dependency = (text: string): string =>
    formatExpr(symbol(parseText(`config X\n\tbool\n\tdepends on ${text}\n`), 'X').directDependency);

  it('! binds tighter than &&, && tighter than ||, comparisons are between symbols', () => {
    expect(dependency('!A && B || C')).toBe('!A && B || C');
    expect(dependency('A && (B || C)')).toBe('A && (B || C)');
    expect(dependency('!(A = "y")')).toBe('!A=y');
    expect(dependency('A>=10 || B != C && D<0x5')).toBe('A>=10 || B!=C && D<0x5');
  });

  it('a line goes on behind a backslash', () => {
    expect(dependency('A && \\\n\t\tB')).toBe('A && B');
  });
});

describe('the menu tree', () => {
  it('hands dependencies of ifs and menus down and dissolves ifs', () => {
    const tree = parseText('if A\nmenu "M"\n\tdepends on B\nconfig X\n\tbool "x" if C\nendmenu\nendif\n');
    const x = symbol(tree, 'X');
    expect(formatExpr(x.directDependency)).toBe('A && B');
    expect(formatExpr(x.properties[0]!.visible)).toBe('A && B && C');
    expect([...children(tree.root)].map((node) => node.prompt?.text)).toContain('M');
  });

  it('nests what depends on the symbol before it', () => {
    const tree = parseText(
      'config A\n\tbool "a"\n\nconfig B\n\tbool "b"\n\tdepends on A\n\nconfig C\n\tbool "c"\n\tdepends on B || A\n\nconfig D\n\tbool "d"\n',
    );
    const names = (nodes: Iterable<{ symbol: { name: string | null } | null }>): (string | null)[] =>
      [...nodes].map((node) => node.symbol?.name ?? null);
    const [a] = [...children(tree.root)];
    expect(names(children(tree.root))).toEqual(['A', 'D']);
    expect(names(children(a!))).toEqual(['B', 'C']);
  });

  it('collects select and imply with their conditions', () => {
    const tree = parseText(
      'config T\n\tbool\nconfig A\n\tbool "a"\n\tselect T if X\n\timply T\nconfig B\n\tbool "b"\n\tselect T\n',
    );
    expect(formatExpr(symbol(tree, 'T').reverseDependency)).toBe('A && X || B');
    expect(formatExpr(symbol(tree, 'T').implied)).toBe('A');
  });

  it('m means m && MODULES', () => {
    const tree = parseText(`${MODULES}config X\n\ttristate "x"\n\tdepends on m\n`);
    expect(formatExpr(symbol(tree, 'X').directDependency)).toBe('m && MODULES');
  });

  it('takes help by its indentation', () => {
    const tree = parseText(
      'config A\n\tbool "a"\n\thelp\n\t  first\n\t    second\n\n\t  third\n\tdefault y\nconfig B\n\tbool\n',
    );
    const { nodes } = symbol(tree, 'A');
    expect(nodes[0]!.help?.text()).toBe('first\n  second\n\nthird\n');
    expect(symbol(tree, 'A').properties.map(({ kind }) => kind)).toEqual(['prompt', 'default']);
    expect(symbol(tree, 'B').isDefined).toBe(true);
  });

  it('knows what old trees have: named, optional and tristate choices, types that come from members', () => {
    const text = 'choice NAMED\n\tprompt "c"\n\toptional\nconfig A\n\ttristate "a"\nconfig B\n\tbool "b"\nendchoice\n';
    const tree = parseText(text, { dialect: OLD });
    const choice = symbol(tree, 'A').choice!.symbol!;
    expect([choice.name, choice.type, choice.optional]).toEqual(['NAMED', 'tristate', true]);
    expect(() => parseText(text)).toThrow(InputError);
  });
});

describe('macros', () => {
  it('expand while reading: words, strings, source', () => {
    const tree = parseText('name := X\nconfig $(name)_$(name)\n\tbool "is $(name)"\nsource "$(DIR)/Kconfig"\n', {
      env: { DIR: 'sub' },
      files: { 'sub/Kconfig': 'config IN_$(filename)\n\tbool\n' },
    });
    expect(symbol(tree, 'X_X').properties[0]!.text).toBe('is X');
    expect(tree.files).toEqual(['Kconfig', 'sub/Kconfig']);
    expect(tree.symbols.find('IN_sub/Kconfig')).toBeDefined();
  });
});

describe('errors', () => {
  it('name file, line, column, the line and the chain of files', () => {
    const found = failure('config A\n\tbool\n\nsource "b"\n', { b: 'config B\n\tbool "b" if &&\n' });
    expect(found).toMatchObject({
      code: 'kconfig-syntax',
      at: { file: 'b', line: 2, column: 14 },
      lineText: '\tbool "b" if &&',
      includedFrom: [{ file: 'Kconfig', line: 4 }],
    });
  });

  it.each([
    ['endmenu\n', 'kconfig-end-without-block'],
    ['menu "m"\nendif\n', 'kconfig-wrong-end'],
    ['if A\nconfig X\n\tbool\n', 'kconfig-missing-end'],
    ['nonsense here\n', 'kconfig-unknown-statement'],
    ['source "gone"\n', 'kconfig-source-not-found'],
    ['source "Kconfig"\n', 'kconfig-recursive-inclusion'],
    ['config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool "b"\n\tdepends on A\n', 'kconfig-recursive-dependency'],
    [`config A\n\tbool "a"\n\tdepends on ${'('.repeat(400)}B${')'.repeat(400)}\n`, 'kconfig-expression-too-large'],
    [`${'if A\n'.repeat(300)}`, 'kconfig-too-deep'],
    [`${MODULES}config MORE\n\tbool\n\tmodules\n`, 'kconfig-modules-redefined'],
    ['choice\n\tprompt "c"\nconfig A\n\ttristate "a"\nendchoice\n', 'kconfig-choice-member-not-bool'],
  ])('%j is %s', (text, code) => {
    expect(failure(text).code).toBe(code);
  });

  it('of a file that is not there stand where its statement does, though the line ends the file', () => {
    const found = failure('config A\n\tbool\n\nsource "b"\n', { b: '\nsource "gone"' });
    expect(found).toMatchObject({ code: 'kconfig-source-not-found', at: { file: 'b', line: 2 } });
  });

  it('describe a dependency loop link by link', () => {
    const { args } = failure(
      'config A\n\tbool "a"\n\tdepends on B\nconfig B\n\tbool\n\nconfig C\n\tbool "c"\n\tselect B\n\tdepends on A\n',
    );
    expect(args['chain']).toContain('error: recursive dependency detected!');
    expect(args['chain']).toContain('\tsymbol A depends on B\n\tsymbol B is selected by C\n\tsymbol C depends on A\n');
  });
});

it('warns as conf does', () => {
  const { diagnostics } = parseText(
    'config A\n\tbool "a"\n\tint\n\thelp\n\nconfig B\nconfig N\n\tint "n"\n\tdefault abc\n\trange 1 x\n',
  );
  expect(diagnostics.map(({ code }) => code).sort()).toEqual([
    'kconfig-blank-help',
    'kconfig-invalid-number',
    'kconfig-range-invalid',
    'kconfig-symbol-without-type',
    'kconfig-type-redefined',
  ]);
});
