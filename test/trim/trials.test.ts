/** Trials of changes: kept, taken back, and not made twice. */
import { expect, it } from 'vitest';
import type { Requirement } from '../../src/trim/requirements.ts';
import { Trials } from '../../src/trim/trials.ts';
import { configure, MODULES, parseText, symbol, values } from '../helpers/kconfig.ts';

const KCONFIG = `${MODULES}
config A
	tristate "a"

config B
	tristate "b"
	depends on A

config HIDDEN
	bool "seen without b"
	depends on B=n
	default y

config OTHER
	tristate "other"
`;

const make = () => {
  const kconfig = parseText(KCONFIG);
  const config = configure(kconfig, 'CONFIG_MODULES=y\nCONFIG_A=m\nCONFIG_B=m\nCONFIG_OTHER=m\n');
  return { config, trials: new Trials(config), find: (name: string) => symbol(kconfig, name) };
};
const all = ({ config }: ReturnType<typeof make>): string => values(config, 'A', 'B', 'HIDDEN', 'OTHER');
const none = (): boolean => false;

it('are taken back as if nothing had been', () => {
  const made = make();
  const before = all(made);
  const changed = made.trials.run(new Map([[made.find('A'), 0]]), none);
  expect(changed.map(({ name }) => name).sort()).toEqual(['A', 'B', 'HIDDEN']);
  expect(all(made)).toBe('A=n B=n HIDDEN=y OTHER=m');
  made.trials.takeBack();
  expect(all(made)).toBe(before);
});

it('turn off what comes up on the way where that is not wanted', () => {
  const made = make();
  made.trials.run(new Map([[made.find('A'), 0]]), ({ name }) => name === 'HIDDEN');
  made.trials.keep();
  expect(all(made)).toBe('A=n B=n HIDDEN=n OTHER=m');
});

it('in vain are remembered for as long as nothing changes that they read', () => {
  const made = make();
  const { trials, find } = made;
  const requirement = { kind: 'loaded', name: 'b', symbols: [find('B')] } as unknown as Requirement;
  const obstacle = { symbol: find('A'), breaks: [requirement], changes: [] };
  const before = all(made);
  trials.run(new Map([[find('A'), 0]]), none);
  trials.refuse(obstacle);
  expect(all(made)).toBe(before);
  expect(trials.known(find('A'))).toBe(obstacle);
  expect(trials.known(find('B'))).toBeNull();
  trials.do(new Map([[find('OTHER'), 0]]), none);
  expect(trials.known(find('A'))).toBe(obstacle);
  trials.do(new Map([[find('B'), 0]]), none);
  expect(trials.known(find('A'))).toBeNull();
});
