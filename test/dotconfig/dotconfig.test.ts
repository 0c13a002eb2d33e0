import { describe, expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { dotConfigValue, scanDotConfig, setsSymbols } from '../../src/dotconfig/scan.ts';
import { rewriteTristates, runTarget, setAllNewSymbols } from '../../src/dotconfig/targets.ts';
import { formatDefconfig, formatDotConfig, formatNewSymbols } from '../../src/dotconfig/write.ts';
import { dialectOfVersion } from '../../src/kconfig/dialect.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { configure, MODULES, OLD, parseText, values } from '../helpers/kconfig.ts';

const TREE = `mainmenu "Test Configuration"

${MODULES}config A
	tristate "a"

menu "Menu"

config S
	string "s"
	default "text"

config N
	int "n"
	default 3

endmenu

comment "Remark"
	depends on A

config B
	bool "b"
	depends on A
`;
const tree = parseText(TREE);

const codes = (text: string, kconfig = tree): string[] =>
  readDotConfig(new Configuration(kconfig), text, { file: '.config', warnUnknown: true }).diagnostics.map(
    ({ code }) => code,
  );

describe('a text without its tree', () => {
  it('has the value that the last line gives', () => {
    const text = 'CONFIG_A=y\nCONFIG_AB="x"\r\nCONFIG_A=m\n# CONFIG_N is not set\n';
    expect(['A', 'AB', 'N', 'B'].map((name) => dotConfigValue(text, name))).toEqual(['m', '"x"', null, null]);
  });

  it('says something of a symbol, or of none', () => {
    expect(['CONFIG_A=y', '\n# CONFIG_A is not set\n'].map(setsSymbols)).toEqual([true, true]);
    expect(['', '# CONFIG_A\n', 'text\n'].map(setsSymbols)).toEqual([false, false, false]);
  });
});

describe('reading', () => {
  it('warns as conf does', () => {
    expect(codes('CONFIG_A=m\nCONFIG_A=y\n')).toEqual(['config-reassigned']);
    expect(codes('CONFIG_A=x\n')).toEqual(['config-invalid-value']);
    expect(codes('CONFIG_N=3a\n')).toEqual(['config-invalid-value']);
    expect(codes('CONFIG_S="open\n')).toEqual(['config-invalid-string']);
    expect(codes('CONFIG_S=bare\n')).toEqual([]);
    expect(codes('CONFIG_NONE=y\n')).toEqual(['config-unknown-symbol']);
    expect(codes('junk\n\n# comment\n#CONFIG_A is not set\n')).toEqual(['config-unexpected-data']);
  });

  it('takes escapes, CRLF and a missing newline', () => {
    expect(values(configure(tree, 'CONFIG_S="a\\"b\\\\c" rest\r\nCONFIG_A=m'), 'S', 'A')).toBe('S=a"b\\c A=m');
  });

  it('is stricter about line ends in new trees', () => {
    const lines = (style: 'strict' | 'lenient'): number =>
      [...scanDotConfig('# CONFIG_A is not set \n', 'CONFIG_', style)].length;
    expect([lines('strict'), lines('lenient')]).toEqual([0, 1]);
  });

  it('takes a line up to its first NUL', () => {
    const text = 'CONFIG_A=m\0\nCONFIG_S="a\0b"\n\0CONFIG_N=7\nCONFIG_B\0=y\n';
    expect(values(configure(tree, text), 'A', 'S', 'N', 'B')).toBe('A=m S=text N=3 B=n');
    expect(codes(text)).toEqual(['config-invalid-string', 'config-unexpected-data']);
    expect(codes(text, parseText(TREE, { dialect: OLD }))).toEqual(['config-invalid-string', 'config-unexpected-data']);
  });

  it('knows another prefix', () => {
    const config = new Configuration(tree);
    readDotConfig(config, 'BR2_A=y\nCONFIG_N=7\n', { file: 'x', prefix: 'BR2_' });
    expect(values(config, 'A', 'N')).toBe('A=y N=3');
  });
});

describe('writing', () => {
  const FULL = `#
# Automatically generated file; DO NOT EDIT.
# Test Configuration
#
CONFIG_MODULES=y
CONFIG_A=m

#
# Menu
#
CONFIG_S="text"
CONFIG_N=3
# end of Menu

#
# Remark
#
# CONFIG_B is not set
`;

  it('writes what conf writes, and reads it back', () => {
    const config = configure(tree, 'CONFIG_A=m\n');
    expect(formatDotConfig(config)).toBe(FULL);
    expect(formatDotConfig(configure(tree, FULL))).toBe(FULL);
  });

  it.each([
    ['5.3', ''],
    ['5.10', '# end of Outer\n'],
    ['6.1', '# end of Empty\n# end of Outer\n'],
  ])('ends menus as conf of %s does', (version, end) => {
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const menus = 'menu "Outer"\nmenu "Empty"\nendmenu\nendmenu\n';
    const config = configure(parseText(menus, { dialect: dialectOfVersion([major, minor]) }));
    expect(formatDotConfig(config).split('#\n# Outer\n#\n')[1]).toBe(`\n#\n# Empty\n#\n${end}`);
  });

  it('savedefconfig has what differs from the defaults', () => {
    expect(formatDefconfig(configure(tree, 'CONFIG_A=m\nCONFIG_N=4\nCONFIG_S="text"\n'))).toBe(
      'CONFIG_A=m\nCONFIG_N=4\n',
    );
  });

  it('listnewconfig has what the file does not mention', () => {
    expect(formatNewSymbols(configure(tree, 'CONFIG_A=y\nCONFIG_MODULES=y\nCONFIG_S="x"\n'))).toBe(
      'CONFIG_N=3\nCONFIG_B=n\n',
    );
  });
});

describe('targets', () => {
  it('set what is new', () => {
    const config = configure(tree, 'CONFIG_B=y\n');
    setAllNewSymbols(config, 1);
    expect(values(config, 'A', 'B', 'MODULES')).toBe('A=m B=y MODULES=y');
  });

  it('rewrite tristates and leave bools', () => {
    const config = configure(tree, 'CONFIG_A=y\nCONFIG_B=y\n');
    rewriteTristates(config, 2, 1);
    expect(values(config, 'A', 'B')).toBe('A=m B=y');
  });

  it('say of unmet dependencies what conf says of them before it calculates once more', () => {
    const kconfig = parseText(
      `${MODULES}config T\n\tbool\n\tdepends on NOWHERE\nchoice\n\ttristate "c"\n\toptional\n` +
        'config M\n\ttristate "m"\n\tselect T\nconfig O\n\ttristate "o"\nendchoice\n',
      { dialect: OLD },
    );
    const { text, unmet } = runTarget(kconfig, 'savedefconfig', 'CONFIG_M=y\n', { file: '.config' });
    expect(text).toBe('');
    expect(unmet).toEqual([expect.stringContaining('unmet direct dependencies detected for T\n')]);
  });

  it('set all symbols in old trees', () => {
    const config = configure(parseText(TREE, { dialect: OLD }));
    setAllNewSymbols(config, 2);
    expect(values(config, 'A', 'B')).toBe('A=y B=y');
  });
});
