import { describe, expect, it } from 'vitest';
import { dialectOfVersion } from '../../src/kconfig/dialect.ts';
import { unmetDependencyText } from '../../src/values/unmet.ts';
import { configure, MODULES, NEW, OLD, parseText, symbol, values } from '../helpers/kconfig.ts';

describe('tristates', () => {
  const tree = parseText(
    `${MODULES}config A\n\ttristate "a"\nconfig B\n\ttristate "b"\n\tdepends on A\nconfig T\n\ttristate\nconfig S\n\ttristate "s"\n\tselect T\nconfig BOOL\n\tbool "bool"\n\tdepends on A\n`,
  );

  it('are limited by what they depend on; bools are not', () => {
    expect(values(configure(tree, 'CONFIG_A=m\nCONFIG_B=y\nCONFIG_BOOL=y\n'), 'A', 'B', 'BOOL')).toBe('A=m B=m BOOL=y');
    expect(values(configure(tree, 'CONFIG_B=y\n'), 'A', 'B')).toBe('A=n B=n');
  });

  it('without a prompt follow select alone', () => {
    expect(values(configure(tree, 'CONFIG_S=m\nCONFIG_T=y\n'), 'S', 'T')).toBe('S=m T=m');
  });

  it('are bools without modules', () => {
    expect(values(configure(tree, '# CONFIG_MODULES is not set\nCONFIG_A=m\nCONFIG_S=m\n'), 'A', 'S', 'T')).toBe(
      'A=y S=y T=y',
    );
  });
});

describe('defaults', () => {
  const tree = parseText(
    'config A\n\tbool "a"\nconfig D\n\tbool\n\tdefault n if A\n\tdefault y\nconfig I\n\tbool "i"\n\tdepends on A\nconfig J\n\tbool "j"\n\timply I\nconfig N\n\tint "n"\n\trange 2 10 if A\n\tdefault 5\nconfig H\n\thex\n\tdefault 0x10 if A\n',
  );

  it('the first whose condition holds counts', () => {
    expect(values(configure(tree, ''), 'D')).toBe('D=y');
    expect(values(configure(tree, 'CONFIG_A=y\n'), 'D', 'H')).toBe('D=n H=0x10');
  });

  it('imply turns on what the user has not turned off, as far as it may be', () => {
    expect(values(configure(tree, 'CONFIG_A=y\nCONFIG_J=y\n'), 'I')).toBe('I=y');
    expect(values(configure(tree, 'CONFIG_A=y\nCONFIG_J=y\n# CONFIG_I is not set\n'), 'I')).toBe('I=n');
    expect(values(configure(tree, 'CONFIG_J=y\n'), 'I')).toBe('I=n');
  });

  it('numbers stay within their range: new trees clamp, old ones take the default', () => {
    const text = 'CONFIG_A=y\nCONFIG_N=99\n';
    expect(values(configure(tree, text), 'N')).toBe('N=10');
    const old = parseText(
      'config A\n\tbool "a"\nconfig N\n\tint "n"\n\trange 2 10 if A\n\tdefault 5\nconfig H\n\thex\n',
      { dialect: OLD },
    );
    expect(values(configure(old, text), 'N', 'H')).toBe('N=5 H=');
  });
});

describe('choices', () => {
  const text = (dialect: string): string =>
    `${MODULES}choice\n\t${dialect}prompt "c"\n\tdefault B\nconfig A\n\tbool "a"\nconfig B\n\tbool "b"\nconfig C\n\tbool "c"\n\tdepends on X\nendchoice\nconfig X\n\tbool "x"\n`;

  it.each([
    ['new', NEW],
    ['old', OLD],
  ])('have exactly one member on (%s trees)', (_name, dialect) => {
    const tree = parseText(text(''), { dialect });
    expect(values(configure(tree, ''), 'A', 'B', 'C')).toBe('A=n B=y C=n');
    expect(values(configure(tree, 'CONFIG_A=y\n'), 'A', 'B', 'C')).toBe('A=y B=n C=n');
    expect(values(configure(tree, 'CONFIG_C=y\n'), 'A', 'B', 'C')).toBe('A=n B=y C=n');
    expect(values(configure(tree, 'CONFIG_A=y\nCONFIG_C=y\nCONFIG_X=y\n'), 'A', 'B', 'C')).toBe('A=n B=n C=y');
  });

  it('in new trees prefer members that the user has not turned off', () => {
    const tree = parseText(text(''));
    expect(values(configure(tree, '# CONFIG_B is not set\n'), 'A', 'B', 'C')).toBe('A=y B=n C=n');
  });

  it('in old trees may be m, with several members', () => {
    const tree = parseText(
      `${MODULES}choice\n\ttristate "c"\nconfig A\n\ttristate "a"\nconfig B\n\ttristate "b"\nendchoice\n`,
      { dialect: OLD },
    );
    expect(values(configure(tree, 'CONFIG_A=m\nCONFIG_B=m\n'), 'A', 'B')).toBe('A=m B=m');
    expect(values(configure(tree, 'CONFIG_B=y\n'), 'A', 'B')).toBe('A=n B=y');
  });
});

it('says which selects go against dependencies', () => {
  const tree = parseText(
    'config D\n\tbool "d"\nconfig T\n\tbool "t"\n\tdepends on D\nconfig S\n\tbool "s"\n\tselect T\n',
  );
  const config = configure(tree, 'CONFIG_S=y\n');
  expect(config.unmetDependencies()).toEqual([symbol(tree, 'T')]);
  expect(unmetDependencyText(config, symbol(tree, 'T'))).toBe(
    '\nWARNING: unmet direct dependencies detected for T\n  Depends on [n]: D [=n]\n  Selected by [y]:\n  - S [=y]\n',
  );
});

it.each([
  ['old', OLD],
  ['new', NEW],
])('of several selects, names those that are on (%s trees)', (_name, dialect) => {
  const tree = parseText(
    `${MODULES}config T\n\ttristate\n\tdepends on GONE = n\nconfig S\n\ttristate\n\tdefault m\n\tselect T\n\tselect T if GONE\n`,
    { dialect },
  );
  const text = unmetDependencyText(configure(tree, ''), symbol(tree, 'T'));
  expect(text.split('Selected by ')[1]).toBe('[m]:\n  - S [=m]\n');
});

describe('changes', () => {
  const tree = parseText(
    'config A\n\tbool "a"\nconfig B\n\tbool\n\tdefault A\nconfig C\n\tbool\n\tdefault !B\nconfig D\n\tbool "d"\n',
  );

  it('name the symbols that have another value, from the first one on', () => {
    const config = configure(tree, '');
    expect(config.set(symbol(tree, 'A'), 2).map(({ name }) => name)).toEqual(['A', 'B', 'C']);
    expect(config.set(symbol(tree, 'A'), 2)).toEqual([]);
    expect(values(config, 'A', 'B', 'C', 'D')).toBe('A=y B=y C=n D=n');
    expect(config.clear(symbol(tree, 'A')).length).toBe(3);
  });

  it('to a copy leave the original alone', () => {
    const config = configure(tree, 'CONFIG_D=y\n');
    const copy = config.clone();
    copy.set(symbol(tree, 'D'), 0);
    expect([values(config, 'D'), values(copy, 'D')]).toEqual(['D=y', 'D=n']);
  });
});

describe('what a .config would say otherwise than the user', () => {
  const tree = parseText(
    `${MODULES}config A\n\tbool "a"\n\tselect B\nconfig B\n\tbool "b"\nconfig LIMITED\n\ttristate "l"\n\tdepends on M\nconfig M\n\ttristate "m"\nconfig HIDDEN\n\tbool "h"\n\tdepends on A = n\nconfig TEXT\n\tstring "t"\n\tdefault "x"\nchoice\n\tprompt "c"\nconfig C1\n\tbool "1"\nconfig C2\n\tbool "2"\nendchoice\n`,
  );
  const unsettled = (text: string): string[] =>
    configure(tree, text)
      .unsettled()
      .map(({ name }) => name!);

  it('is what something else decided, or what is not written at all; texts and choices are left out', () => {
    expect(unsettled('CONFIG_MODULES=y\nCONFIG_A=y\nCONFIG_M=m\nCONFIG_LIMITED=y\nCONFIG_HIDDEN=y\n')).toEqual([
      'B',
      'LIMITED',
      'HIDDEN',
    ]);
  });

  it('is nothing where the user said all of it', () => {
    const all = 'CONFIG_MODULES=y\nCONFIG_A=y\nCONFIG_B=y\nCONFIG_M=m\nCONFIG_LIMITED=m\n';
    expect(unsettled(all)).toEqual([]);
    const config = configure(tree, all);
    config.clear(symbol(tree, 'M'));
    expect(config.unsettled().map(({ name }) => name)).toEqual(['LIMITED', 'M']);
  });
});

describe('before 5.7', () => {
  const dialect = dialectOfVersion([5, 4]);
  const entries = `config A\n\ttristate "a"\n\timply T\nconfig D\n\tbool "d"\nconfig T\n\ttristate "t"\n\tdepends on D\n`;

  it('a symbol implied by y cannot be m, and one whose dependencies fail is not implied', () => {
    const old = parseText(MODULES.replace('\tmodules', '\toption modules') + entries, { dialect });
    expect(values(configure(old, 'CONFIG_A=y\nCONFIG_D=y\nCONFIG_T=m\n'), 'T')).toBe('T=y');
    expect(values(configure(old, 'CONFIG_A=m\nCONFIG_D=y\nCONFIG_T=m\n'), 'T')).toBe('T=m');
    expect(values(configure(old, 'CONFIG_A=y\n'), 'T')).toBe('T=n');
    expect(values(configure(parseText(MODULES + entries), 'CONFIG_A=y\nCONFIG_D=y\nCONFIG_T=m\n'), 'T')).toBe('T=m');
  });

  it('a number beyond its range becomes the bound as a number is printed', () => {
    const range = 'config H\n\thex "h"\n\trange 1f FF\n\tdefault 0x2\nconfig I\n\tint "i"\n\trange 3 5\n\tdefault 9\n';
    expect(values(configure(parseText(range, { dialect })), 'H', 'I')).toBe('H=0x1f I=5');
    expect(values(configure(parseText(range)), 'H', 'I')).toBe('H=1f I=5');
  });
});

describe('what turns modules on', () => {
  const tree = parseText(
    'config A\n\ttristate "a"\nconfig B\n\ttristate\n\tdefault A\nconfig MODULES\n\tdef_bool A\n\tdepends on B\n\tmodules\nconfig C\n\ttristate "c"\n\tdefault A\n',
  );

  it('is calculated first, and by a change as at once', () => {
    const config = configure(tree, 'CONFIG_A=n\n');
    expect(values(config, 'A', 'B', 'MODULES', 'C')).toBe('A=n B=n MODULES=n C=n');
    config.set(symbol(tree, 'A'), 1);
    expect(values(config, 'A', 'B', 'MODULES', 'C')).toBe('A=y B=y MODULES=y C=y');
    expect(values(configure(tree, 'CONFIG_A=m\n'), 'A', 'B', 'MODULES', 'C')).toBe('A=y B=y MODULES=y C=y');
  });
});

describe('an error of calculation', () => {
  const calculation = (message: string) => {
    const tree = parseText('config A\n\tbool "a"\n');
    const config = configure(tree, 'CONFIG_A=y\n');
    config.invalidateAll();
    Object.defineProperty(tree.symbols, 'modules', {
      get() {
        throw new RangeError(message);
      },
    });
    return () => config.tristate(symbol(tree, 'A'));
  };

  it('is a chain that is too long where the stack has no more room, and nothing else is', () => {
    expect(calculation('Maximum call stack size exceeded')).toThrow('kconfig-chain-too-long');
    expect(calculation('Invalid array length')).toThrow('Invalid array length');
  });
});
