/** What is enough for requirements, and of several ways the cheapest. */
import { expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { Costs } from '../../src/trim/cost.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { moduleRequirement, symbolRequirement } from '../../src/trim/requirements.ts';
import { findSupport } from '../../src/trim/support.ts';
import { tiesBy } from '../../src/trim/ties.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}
config BUS
	tristate "bus"

config DEAR
	tristate "dear"
	depends on BUS

config CHEAP
	tristate "cheap"

config EITHER
	tristate "either"
	depends on DEAR || CHEAP

config LIKE_CHEAP
	tristate "as cheap"

config TIED
	tristate "two ways, which cost the same"
	depends on CHEAP || LIKE_CHEAP

config TIED_INSIDE
	tristate "the same, inside a way"
	depends on OTHER && (CHEAP || LIKE_CHEAP) || DEAR

config HELPER
	tristate

config DEAR_USER
	tristate "selects the helper, and is dear"
	depends on DEAR
	select HELPER

config CHEAP_USER
	tristate "selects the helper"
	select HELPER

config DRIVER
	tristate "driver"
	depends on HELPER

config BY_DEFAULT
	tristate
	default CHEAP

config OTHER
	tristate "other"

config NESTED
	tristate "nested"
	depends on (DEAR || CHEAP) && OTHER || BUS && DEAR
`;
const OBJECTS: Readonly<Record<string, string>> = {
  bus: 'bus.o',
  dear: 'dear.o',
  cheap: 'cheap.o',
  like_cheap: 'like_cheap.o',
  tied: 'tied.o',
  tied_inside: 'tied_inside.o',
  either: 'either.o',
  helper: 'helper.o',
  dear_user: 'dear_user.o',
  cheap_user: 'cheap_user.o',
  driver: 'driver.o',
  by_default: 'by_default.o',
  other: 'other.o',
  nested: 'nested.o',
};

const kconfig = parseText(KCONFIG);
const MAKEFILE = [
  ...Object.entries(OBJECTS).map(([name, object]) => `obj-$(CONFIG_${name.toUpperCase()}) += ${object}`),
  'dear-y := dear1.o dear2.o dear3.o dear4.o',
  '',
].join('\n');
const kbuild = KbuildTree.load({
  fs: memoryFs({ '/tree/Makefile': '', '/tree/Kbuild': 'obj-y += d/\n', '/tree/d/Makefile': MAKEFILE }),
  tree: '/tree',
  srcarch: 'x86',
});
const ALL = Object.keys(OBJECTS).map((name) => name.toUpperCase());
const base = configure(kconfig, ['CONFIG_MODULES=y', ...ALL.map((name) => `CONFIG_${name}=m`), ''].join('\n'));
const costs = new Costs(base, kbuild, kbuild.build(kbuildLookup(base)));

/** @param previous names of symbols that were on before */
const supportAfter = (previous: readonly string[] | null, ...names: string[]): string[] => {
  const requirements = names.map((name) => symbolRequirement('keep', symbol(kconfig, name), base));
  const ties = tiesBy(kconfig, previous && new Set(previous));
  return [...findSupport(requirements, base, costs, ties)!].map((each) => each.name!).sort();
};
const supportOf = (...names: string[]): string[] => supportAfter(null, ...names);

it('is what a symbol depends on, as deep as that goes', () => {
  expect(supportOf('DEAR')).toEqual(['BUS', 'DEAR']);
  expect(supportOf('OTHER')).toEqual(['OTHER']);
  expect(supportOf()).toEqual([]);
});

it('is the cheapest of several ways', () => {
  expect(supportOf('EITHER')).toEqual(['CHEAP', 'EITHER']);
});

it('comes to an end where a way has ways of its own inside', () => {
  expect(supportOf('NESTED')).toEqual(['CHEAP', 'NESTED', 'OTHER']);
});

it('is the way that something else needs already, whatever it costs', () => {
  expect(supportOf('EITHER', 'DEAR')).toEqual(['BUS', 'DEAR', 'EITHER']);
});

it('is the cheapest selector of what has no prompt', () => {
  expect(supportOf('DRIVER')).toEqual(['CHEAP_USER', 'DRIVER', 'HELPER']);
});

it('is what a default comes from', () => {
  expect(supportOf('BY_DEFAULT')).toEqual(['BY_DEFAULT', 'CHEAP']);
});

it('is the condition of a module in Kbuild files', () => {
  const [entry] = kbuild.modules.byName('either');
  const found = findSupport([moduleRequirement('loaded', 'either', entry!, kconfig)], base, costs);
  expect([...found!].map((each) => each.name!).sort()).toEqual(['CHEAP', 'EITHER']);
});

it.each([
  ['TIED', []],
  ['TIED_INSIDE', ['OTHER']],
])('of ways that cost the same is the one that was taken before (%s)', (name, more) => {
  const by = (way: string): string[] => [way, name, ...more].sort();
  expect(supportAfter(['CHEAP'], name)).toEqual(by('CHEAP'));
  expect(supportAfter(['LIKE_CHEAP'], name)).toEqual(by('LIKE_CHEAP'));
  expect(supportAfter(['CHEAP', 'LIKE_CHEAP'], name)).toEqual(supportOf(name));
  expect(supportAfter([], name)).toEqual(supportOf(name));
});

it('is cheaper than what was taken before', () => {
  expect(supportAfter(['BUS', 'DEAR'], 'EITHER')).toEqual(['CHEAP', 'EITHER']);
});
