/** A tree of a dozen areas, so that some of its symbols are conditions of the whole kernel. */
import { MODULES } from './kconfig.ts';

const AREAS = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l'] as const;

/** In every area something for testing, and something else for 32 bits alone in half of them. */
const areas = Object.fromEntries(
  AREAS.map((area, index) => {
    const upper = area.toUpperCase();
    const other = index % 2 === 0 ? `config NARROW_${upper}\n\ttristate "narrow"\n\tdepends on !64BIT\n\n` : '';
    const chip = `config CHIP_${upper}\n\ttristate "chip"\n\tdepends on ${index < 3 ? 'ARCH_CHIP' : `ARCH_${upper}`} || COMPILE_TEST\n\n`;
    const bus = `config BUS_${upper}\n\ttristate "on the bus"\n\tdepends on BUS\n\n`;
    return [`drivers/${area}/Kconfig`, chip + other + bus];
  }),
);

export const AREA_FILES: Readonly<Record<string, string>> = {
  ...areas,
  'init/Kconfig': 'config COMPILE_TEST\n\tbool "for testing"\n\nconfig 64BIT\n\tbool "64 bits"\n\n',
  'arch/x86/Kconfig': [
    'choice\n\tprompt "page size"\n',
    'config PAGES_4K\n\tbool "4 k"\n',
    'config PAGES_64K\n\tbool "64 k"\n',
    'endchoice\n',
    'config ARCH_CHIP\n\tbool "platform of the chip"\n\tdepends on PLATFORMS\n',
    'config PLATFORMS\n\tbool "platforms"\n',
    'config BIG_PAGES\n\ttristate "big pages"\n\tdepends on PAGES_64K\n',
  ].join('\n'),
  'drivers/Kconfig': [
    'config BUS\n\ttristate "bus"\n',
    'config OLD\n\tbool "built in"\n',
    'config SPEED\n\tint "speed"\n\tdefault 5\n\tdepends on ARCH_CHIP\n',
    'config HELPER\n\ttristate\n',
    'config NEW\n\ttristate "new"\n\tdepends on !OLD\n',
    'config SNEAKY\n\ttristate "sneaky"\n\tselect COMPILE_TEST\n',
    'config GADGET\n\ttristate "gadget"\n\tdepends on ARCH_CHIP\n\tselect HELPER\n',
  ].join('\n'),
};

export const AREA_KCONFIG = `${MODULES}${Object.keys(AREA_FILES)
  .map((path) => `source "${path}"\n`)
  .join('')}`;

const object = (name: string): string => `obj-$(CONFIG_${name}) += ${name.toLowerCase()}.o\n`;

/** What they build: a module for each tristate. */
export const AREA_MAKEFILE = [
  ...AREAS.flatMap((area) => [`CHIP_${area.toUpperCase()}`, `BUS_${area.toUpperCase()}`]),
  ...['NARROW_A', 'BIG_PAGES', 'BUS', 'HELPER', 'NEW', 'SNEAKY', 'GADGET'],
]
  .map(object)
  .join('');
