/** A configuration that was kept goes on as the one that was calculated. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { formatDefconfig, formatDotConfig, formatNewSymbols } from '../../src/dotconfig/write.ts';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { readKeptTree } from '../../src/kconfig/kept-tree.ts';
import { packTree } from '../../src/kconfig/packed-tree.ts';
import type { KSymbol } from '../../src/kconfig/symbol.ts';
import { Configuration, type UserValue } from '../../src/values/configuration.ts';
import { unmetDependencyText } from '../../src/values/unmet.ts';
import { configure, MODULES, NEW, NEXT, OLD, parseText, symbol } from '../helpers/kconfig.ts';
import { parseSmallTree } from '../helpers/small-engine.ts';
import { KNOWN_COMMANDS, randomCase } from '../property/random-kconfig.ts';

/** The configuration after a journey through bytes. @param kconfig its tree, or the same one */
function packed(config: Configuration, kconfig: Kconfig = config.kconfig): Configuration {
  const out = new Packer();
  config.pack(out);
  const input = new Unpacker(out.bytes());
  return Configuration.unpack(kconfig, input);
}

/** The same tree as another run has it; null where it is not to be kept. */
function keptTree(kconfig: Kconfig): Kconfig | null {
  const out = new Packer();
  return packTree(kconfig, out) ? readKeptTree(new Unpacker(out.bytes()), () => null) : null;
}

/** All that can be asked of a configuration. */
function answers(config: Configuration) {
  const { all } = config.kconfig.symbols;
  return {
    digest: config.digest(),
    texts: [formatDotConfig(config), formatDefconfig(config), formatNewSymbols(config)],
    symbols: all.map((each) => [
      config.text(each),
      config.tristate(each),
      config.visibility(each),
      config.directDependency(each),
      config.reverseDependency(each),
      config.isWritten(each),
      config.userValue(each),
      config.isNew(each),
      config.defaultText(each),
      config.effectiveType(each),
    ]),
    unmet: config.unmetDependencies().map((each) => unmetDependencyText(config, each)),
    choices: all.filter(({ isChoice }) => isChoice).map(({ nodes }) => nodes.map((node) => nameOf(config, node))),
  };
}

const nameOf = (config: Configuration, node: KSymbol['nodes'][number]): string | null =>
  config.choiceDefault(node)?.name ?? null;

/** A step: what is done, to which symbols, with which values. */
type Step = readonly [kind: number, first: number, second: number, value: number];

const steps = fc.array(fc.tuple(fc.nat(11), fc.nat(999), fc.nat(999), fc.nat(9)), { maxLength: 12 });
const TEXTS = ['5', '17', '-3', '0x10', 'text', '', '99'];

function valueFor({ type }: KSymbol, value: number): UserValue | null {
  if (value === 9) return null;
  if (type === 'bool') return value % 2 === 0 ? 0 : 2;
  return type === 'tristate' ? ((value % 3) as 0 | 1 | 2) : TEXTS[value % TEXTS.length]!;
}

/** Does a step. @returns the configuration to go on with, and the names of the symbols that changed */
function take(config: Configuration, [kind, first, second, value]: Step): [Configuration, readonly unknown[]] {
  const symbols = config.kconfig.symbols.all.filter((each) => each.isDefined && !each.isChoice);
  if (symbols.length === 0) return [config, []];
  const [one, two] = [symbols[first % symbols.length]!, symbols[second % symbols.length]!];
  const changes = new Map([one, two].map((each) => [each, valueFor(each, value)]));
  const visited: number[] = [];
  const names = (found: readonly KSymbol[]): unknown[] => [...found.map(({ id }) => id), ...visited];
  switch (kind) {
    case 0:
      return [config.clone(), []];
    case 1: {
      const undo = config.preferInChoice(one);
      const found = names(config.apply(changes, visited));
      if (value % 2 === 0) undo();
      return [config, found];
    }
    case 2:
      config.setQuietly(one, valueFor(one, 1)!);
      config.clearQuietly(two);
      return [config, []];
    case 3:
      config.invalidateAll();
      return [config, []];
    case 4:
      config.invalidateAsConf();
      return [config, []];
    case 5:
    case 6:
    case 7: {
      config.beginTrial();
      const found = names(config.apply(changes, visited));
      if (kind === 5) config.keepTrial();
      else config.takeTrialBack();
      return [config, found];
    }
    default:
      return [config, names(config.apply(changes, visited))];
  }
}

const DIALECTS: readonly (readonly [string, Dialect])[] = [
  ['6.1', OLD],
  ['6.12', NEW],
  ['7.1', NEXT],
];

describe.each(DIALECTS)('a configuration that was kept (%s)', (_name, dialect) => {
  const { optionalChoices: oldChoices, transitional, conditionalDependencies, boolChoicePrompt } = dialect;
  const cases = randomCase({ oldChoices, transitional, conditionalDependencies, boolChoicePrompt });

  it('is and becomes what the calculated one is and becomes, whenever it is kept', () => {
    let compared = 0;
    fc.assert(
      fc.property(cases, steps, steps, ({ files, env, questions }, before, after) => {
        const shell = (command: string): string => KNOWN_COMMANDS[command] ?? '';
        const { kconfig } = parseSmallTree((name) => files[name] ?? null, dialect, { env, shell });
        if (!kconfig) return;
        let config = configure(kconfig, questions[0]!.input);
        for (const step of before) [config] = take(config, step);
        const all = [config, packed(config)];
        const other = keptTree(kconfig);
        if (other) all.push(packed(config, other));
        for (const step of [null, ...after]) {
          const told = all.map((each, i) => {
            const [next, found] = step === null ? [each, []] : take(each, step);
            all[i] = next;
            return { found, answers: answers(next) };
          });
          for (const each of told.slice(1)) expect(each).toEqual(told[0]);
          compared += told.length - 1;
        }
      }),
      { numRuns: 120 },
    );
    expect(compared).toBeGreaterThan(200);
  });
});

/** Steps by name, on a tree with a choice. */
const CHOICE = `${MODULES}config GATE
	bool "gate"
	default y
config LAST
	bool "last"
	default y
config READER
	bool "reader" if GATE
	default y if T=m
config T
	tristate "t"
choice
	prompt "choice"
	depends on GATE
config X
	bool "x"
config Y
	bool "y"
config Z
	bool "z"
	depends on LAST
endchoice
`;
/** More members in a second place, which only choices with names can have. */
const SECOND = `choice C
	prompt "choice"
	default V
config V
	bool "v"
config W
	bool "w"
endchoice
choice C
	prompt "second"
	depends on LAST
config X2
	bool "x2"
config Y2
	bool "y2"
endchoice
`;

type Do = (config: Configuration, find: (name: string) => KSymbol) => unknown;
const set =
  (name: string, value: UserValue): Do =>
  (config, find) =>
    config.set(find(name), value);
const quietly =
  (name: string, value: UserValue): Do =>
  (config, find) =>
    config.setQuietly(find(name), value);
const asConf: Do = (config) => config.invalidateAsConf();
const forget =
  (name: string): Do =>
  (config, find) =>
    config.invalidate(find(name));

/** What is done before a configuration is kept, and afterwards. */
const HISTORIES: Readonly<Record<string, readonly [input: string, before: readonly Do[], after: readonly Do[]]>> = {
  'which member was set last': ['X=y Z=y Y=y', [], [set('GATE', 0), set('GATE', 2), set('Y', 0)]],
  'which member of the second place was set last': ['X2=y Y2=y', [], [set('LAST', 0), set('LAST', 2)]],
  'which member is chosen': ['Y=y', [], [forget('Y'), forget('X')]],
  'that members keep a visibility that no longer holds': ['X=y', [quietly('LAST', 0), asConf], []],
  'that values were calculated before a change': ['', [], [quietly('T', 1), (config) => config.calculateAll()]],
  'that values are older than a change': ['', [quietly('T', 1)], [(config) => config.calculateAll()]],
  'that changes were followed': ['', [set('T', 2)], [quietly('T', 1), set('GATE', 0)]],
};

describe.each([
  ['old', OLD],
  ['new', NEW],
  ['new, with names', { ...NEW, optionalChoices: true }],
])('a configuration that was kept remembers (%s)', (_name, dialect) => {
  it.each(Object.entries(HISTORIES))('%s', (_what, [input, before, after]) => {
    const kconfig = parseText(dialect.optionalChoices ? CHOICE + SECOND : CHOICE, { dialect });
    const find = (name: string): KSymbol => symbol(kconfig, name);
    const text = input === '' ? '' : `CONFIG_${input.replaceAll(' ', '\nCONFIG_')}\n`;
    const config = configure(kconfig, text);
    for (const step of before) step(config, find);
    const again = packed(config);
    for (const step of after) {
      for (const each of [config, again]) step(each, find);
    }
    expect(answers(again.clone())).toEqual(answers(config.clone()));
    expect(answers(again)).toEqual(answers(config));
  });
});

const TEXT = `${MODULES}config A
	tristate "a"
config NAME
	string "name"
config UNTOLD
	bool
	default y
`;

describe('the digest of a configuration', () => {
  const kconfig = parseText(TEXT);
  const digest = (text: string): string => configure(kconfig, text).digest();

  it('is another where a symbol has another value', () => {
    const configs = [
      '',
      'CONFIG_A=m',
      'CONFIG_A=y',
      'CONFIG_NAME="x"',
      'CONFIG_NAME="y"',
      '# CONFIG_MODULES is not set',
    ];
    expect(new Set(configs.map((text) => digest(`${text}\n`))).size).toBe(configs.length);
  });

  it('is the same however the values came to be, and after a journey through bytes', () => {
    const config = configure(kconfig);
    config.set(symbol(kconfig, 'A'), 1);
    config.set(symbol(kconfig, 'NAME'), 'x');
    expect(config.digest()).toBe(digest('CONFIG_NAME="x"\nCONFIG_A=m\n'));
    expect(packed(config).digest()).toBe(config.digest());
  });

  it('is that of all values, also of one that nothing was asked of yet', () => {
    const fresh = new Configuration(kconfig);
    expect(fresh.digest()).toBe(digest(''));
    readDotConfig(fresh, 'CONFIG_A=y\n', { file: 'c' });
    expect(fresh.digest()).toBe(digest('CONFIG_A=y\n'));
  });
});

it('what is done with a kept configuration leaves the bytes alone', () => {
  const kconfig = parseText(TEXT);
  const out = new Packer();
  configure(kconfig, 'CONFIG_A=m\n').pack(out);
  const bytes = out.bytes();
  const before = bytes.slice();
  Configuration.unpack(kconfig, new Unpacker(bytes)).set(symbol(kconfig, 'A'), 2);
  expect(bytes).toEqual(before);
});
