/** What is to blame where nothing turns a symbol on, and what a lost module's report says. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { blockerRows } from '../../src/report/why-text.ts';
import { resolveLoaded } from '../../src/trim/loaded.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { prove } from '../../src/trim/proof.ts';
import { RequirementSet } from '../../src/trim/requirements.ts';
import { Explainer } from '../../src/trim/why.ts';
import type { SymbolAnswer } from '../../src/trim/why-types.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}
config HAS_INSN
	def_bool $(probe)

config BROKEN
	bool

config ALWAYS
	def_bool y

config CHIP
	tristate "chip"
	depends on ARCH_OTHER || BROKEN

config FAST
	tristate "fast"
	depends on HAS_INSN

config SLOW
	tristate "slow"
	depends on !ALWAYS

config BOTH
	tristate "both"
	depends on CORE=y && CORE=n

config CORE
	tristate "core"

config DRIVER
	tristate "driver"
	depends on CORE
`;

const kconfig = parseText(KCONFIG, { env: { probe: 'n' } });
const kbuild = KbuildTree.load({
  fs: memoryFs({
    '/tree/Kconfig': KCONFIG,
    '/tree/Makefile': '',
    '/tree/Kbuild': 'obj-y += d/\n',
    '/tree/d/Makefile': 'obj-$(CONFIG_DRIVER) += driver.o\n',
  }),
  tree: '/tree',
  srcarch: 'x86',
});
const base = configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_CORE=m\nCONFIG_DRIVER=m\n');

describe('a symbol that nothing turns on', () => {
  it.each([
    ['CHIP', ['undefined ARCH_OTHER', 'never BROKEN']],
    ['FAST', ['toolchain HAS_INSN']],
    ['SLOW', ['forced ALWAYS']],
    ['BOTH', ['contradiction BOTH']],
    ['BROKEN', ['never BROKEN']],
  ])('%s is told what is to blame', (name, expected) => {
    const explainer = new Explainer({ base, kbuild, trimmed: null });
    const answer = explainer.symbol(symbol(kconfig, name));
    expect(answer.remedy).toBeNull();
    expect(answer.hindrances.map((each) => `${each.kind} ${each.symbol}`)).toEqual(expected);
    for (const { kind, at } of answer.hindrances) expect(at === null).toBe(kind === 'undefined');
  });

  it('is said to be given up where what it needs goes too deep', () => {
    const links = Array.from({ length: 30 }, (_, i) => `config D${i + 1}\n\tbool "d"\n\tdepends on D${i}\n`);
    const deep = parseText(`${MODULES}config D0\n\tbool "d"\n\n${links.join('\n')}`);
    const explainer = new Explainer({ base: configure(deep, 'CONFIG_MODULES=y\n'), kbuild, trimmed: null });
    const answer = explainer.symbol(symbol(deep, 'D30'));
    expect(answer).toMatchObject({ remedy: null, hindrances: [{ kind: 'given-up', symbol: '' }] });
    expect(explainer.symbol(symbol(deep, 'D20')).remedy?.changes).toHaveLength(21);
  });

  it('has nobody to blame where there is a way', () => {
    const off = configure(kconfig, 'CONFIG_MODULES=y\n');
    const [answer] = new Explainer({ base: off, kbuild, trimmed: null }).answer('DRIVER') as SymbolAnswer[];
    expect(answer).toMatchObject({
      remedy: {
        changes: [
          { symbol: 'CORE', value: 'm' },
          { symbol: 'DRIVER', value: 'm' },
        ],
        loses: [],
      },
      hindrances: [],
    });
  });
});

describe('a loaded module that a written config does not build', () => {
  it('is a violation that leads to what is off', () => {
    const loaded = resolveLoaded(
      [{ name: 'driver', origin: 'unknown' }],
      kbuild,
      base,
      kbuild.build(kbuildLookup(base)),
    );
    const text = 'CONFIG_MODULES=y\n# CONFIG_CORE is not set\n';
    const { violations } = prove(text, base, kbuild, loaded, new RequirementSet([], base));
    const lost = violations.find(({ promise }) => promise === 'G1');
    expect(lost).toMatchObject({ name: 'driver', at: { file: 'd/Makefile', line: 1 } });
    expect(blockerRows(lost!.blockers)).toEqual([
      { text: 'built if DRIVER=m: DRIVER is n', at: expect.objectContaining({ file: 'd/Makefile', line: 1 }) },
      { text: 'depends on CORE: CORE is n', at: expect.objectContaining({ file: 'Kconfig' }) },
    ]);
  });
});
