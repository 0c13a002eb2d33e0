/**
 * Random Kconfig trees over the whole language, with inputs and questions for conf, as fast-check arbitraries: cases
 * are data that shrinks, `printTree` makes files of it.
 *
 * Names tell types: B bool, T tristate, C members of choices, I int, H hex, S string, U undefined. A symbol refers to
 * symbols before it and selects those behind it, so that most trees have no loops; `loose` ones refer to anything.
 */

import type { ConfTarget } from '../../src/dotconfig/targets.ts';
import fc from '../helpers/fast-check.ts';

/** What differs between the languages of kernel versions. */
export interface LanguageFeatures {
  /** Choices may be tristate, optional and named, and their members of any type. */
  readonly oldChoices: boolean;
  readonly transitional: boolean;
  /** `depends on X if Y`. */
  readonly conditionalDependencies: boolean;
  /** `bool "…"` as the prompt of a choice. */
  readonly boolChoicePrompt: boolean;
}

/** One random tree with what is asked about it. */
export interface RandomCase {
  /** Path to content, Latin-1; `Kconfig` is the top. */
  readonly files: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly questions: readonly Question[];
}

export interface Question {
  readonly target: ConfTarget;
  /** The .config, the defconfig or the seed; undefined for none. */
  readonly input: string | undefined;
}

/** Commands that trees run, and what they print. */
export const KNOWN_COMMANDS: Readonly<Record<string, string>> = {
  'echo y': 'y\n',
  'echo n': 'n\n',
  "printf '4\\n2\\n\\n'": '4\n2\n\n',
  true: '',
};
const COMMANDS = Object.keys(KNOWN_COMMANDS);

/** Symbols in the order of their ranks; the first ones are what menus, ifs and choices depend on. */
const NAMES = [
  ...['B0', 'T0', 'I0', 'S0', 'T1', 'B1'],
  ...['T2', 'B2', 'H0', 'T3', 'B3', 'I1', 'B4', 'T4', 'C0', 'C1', 'C2', 'C3', 'C4', 'C5'],
  ...['T5', 'B5', 'S1', 'H1', 'B6', 'T6', 'I2', 'T7', 'B7', 'S2', 'T8', 'B8', 'I3', 'I4', 'H2', 'I5'],
];
const ROOTS = 6;
const MEMBERS = NAMES.map((_, i) => i).filter((i) => NAMES[i]!.startsWith('C'));
const NUMBERS = NAMES.map((_, i) => i).filter((i) => /^[IH]/.test(NAMES[i]!));
const BOOLEAN = NAMES.map((_, i) => i).filter((i) => /^[BT]/.test(NAMES[i]!));

const TYPES: Readonly<Record<string, string>> = {
  B: 'bool',
  T: 'tristate',
  C: 'bool',
  I: 'int',
  H: 'hex',
  S: 'string',
};

// --- what is drawn ---------------------------------------------------------------------------------------------------

type Draw = readonly number[];

/** An expression; numbers are taken modulo what they choose from. */
type Formula =
  | { readonly op: 'symbol'; readonly n: number }
  | { readonly op: 'constant'; readonly n: number }
  | { readonly op: 'compare'; readonly n: number; readonly how: number; readonly other: number }
  | { readonly op: 'macro'; readonly n: number }
  | { readonly op: 'not'; readonly left: Formula }
  | { readonly op: 'and' | 'or'; readonly left: Formula; readonly right: Formula };

type Attribute =
  | {
      readonly kind: 'prompt' | 'default' | 'range' | 'imply' | 'select';
      readonly n: Draw;
      readonly when: Formula | null;
    }
  | { readonly kind: 'depends'; readonly when: Formula; readonly onlyIf: Formula | null }
  | { readonly kind: 'help' | 'retype' | 'transitional'; readonly n: Draw };

interface Entry {
  readonly symbol: number;
  readonly form: number;
  readonly attributes: readonly Attribute[];
}

type Item =
  | ({ readonly kind: 'config' } & Entry)
  | { readonly kind: 'comment' | 'assign'; readonly n: Draw; readonly when: Formula | null }
  | {
      readonly kind: 'menu';
      readonly when: Formula | null;
      readonly visible: Formula | null;
      readonly items: readonly Item[];
    }
  | { readonly kind: 'if'; readonly when: Formula; readonly items: readonly Item[] }
  | { readonly kind: 'source'; readonly items: readonly Item[] }
  | {
      readonly kind: 'choice';
      readonly n: Draw;
      readonly when: Formula | null;
      readonly promptWhen: Formula | null;
      readonly defaultWhen: Formula | null;
      readonly members: readonly Entry[];
    };

/** A number that a user can set, with a default and a range. */
interface Bounded {
  readonly symbol: number;
  readonly n: Draw;
  readonly when: Formula | null;
}

interface Tree {
  readonly modules: number;
  readonly loose: boolean;
  readonly style: number;
  readonly items: readonly Item[];
  /** Numbers with ranges, which bound each other. */
  readonly numbers: readonly Bounded[];
}

const small = fc.nat(999);
const draw = fc.array(small, { minLength: 4, maxLength: 4 });

const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'formula' },
    { weight: 6, arbitrary: fc.record({ op: fc.constant('symbol' as const), n: small }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('constant' as const), n: small }) },
    { weight: 3, arbitrary: fc.record({ op: fc.constant('compare' as const), n: small, how: small, other: small }) },
    { weight: 1, arbitrary: fc.record({ op: fc.constant('macro' as const), n: small }) },
    { weight: 2, arbitrary: fc.record({ op: fc.constant('not' as const), left: tie('formula') }) },
    {
      weight: 5,
      arbitrary: fc.record({
        op: fc.constantFrom('and' as const, 'or' as const),
        left: tie('formula'),
        right: tie('formula'),
      }),
    },
  ),
}));
const condition = fc.option(formula, { freq: 2 });

const attribute: fc.Arbitrary<Attribute> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constantFrom(
        'prompt' as const,
        'default' as const,
        'default' as const,
        'select' as const,
        'imply' as const,
        'range' as const,
      ),
      n: draw,
      when: condition,
    }),
  },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('depends' as const), when: formula, onlyIf: condition }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constantFrom('help' as const, 'retype' as const, 'transitional' as const),
      n: draw,
    }),
  },
);
const entry: fc.Arbitrary<Entry> = fc.record({
  symbol: small,
  form: small,
  attributes: fc.array(attribute, { maxLength: 5 }),
});

const { items } = fc.letrec<{ items: readonly Item[]; item: Item }>((tie) => ({
  items: fc.array(tie('item'), { maxLength: 8, depthIdentifier: 'item' }),
  item: fc.oneof(
    { maxDepth: 2, depthIdentifier: 'item', withCrossShrink: true },
    { weight: 10, arbitrary: entry.map((each) => ({ kind: 'config' as const, ...each })) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constantFrom('comment' as const, 'assign' as const), n: draw, when: condition }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('choice' as const),
        n: draw,
        when: condition,
        promptWhen: condition,
        defaultWhen: condition,
        members: fc.array(entry, { maxLength: 4 }),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('if' as const), when: formula, items: tie('items') }) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('menu' as const),
        when: condition,
        visible: condition,
        items: tie('items'),
      }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('source' as const), items: tie('items') }) },
  ),
}));

const bounded: fc.Arbitrary<Bounded> = fc.record({ symbol: fc.constantFrom(...NUMBERS), n: draw, when: condition });

const tree: fc.Arbitrary<Tree> = fc.record({
  modules: small,
  loose: fc.integer({ min: 0, max: 9 }).map((n) => n === 9),
  style: fc.oneof({ weight: 1, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(1_000_000) }),
  items: fc.array(items, { minLength: 1, maxLength: 3 }).map((groups) => groups.flat()),
  numbers: fc.array(bounded, { maxLength: 5 }),
});

/** A line of a .config: name, value and what is wrong with it, by number. */
type ConfigLine = readonly [name: number, value: number, damage: number];
const configLines: fc.Arbitrary<ConfigLine[]> = fc.array(fc.tuple(small, small, small), { maxLength: 30 });

const TARGETS: readonly ConfTarget[] = [
  'allnoconfig',
  'allyesconfig',
  'allmodconfig',
  'alldefconfig',
  'defconfig',
  'yes2modconfig',
  'mod2yesconfig',
  'mod2noconfig',
];

/** Random cases in a language. */
export function randomCase(features: LanguageFeatures): fc.Arbitrary<RandomCase> {
  return fc
    .record({ tree, first: configLines, second: configLines, target: fc.constantFrom(...TARGETS), how: small })
    .map(({ tree: drawn, first, second, target, how }) => {
      const prefix = how % 13 === 1 ? 'X_' : 'CONFIG_';
      const numbers: ConfigLine[] = drawn.numbers.map(({ symbol, n }, i) => [symbol, n[2]! + i, 0]);
      const [one, two] = [configText([...numbers, ...first], prefix, how), configText(second, prefix, how + 1)];
      const env: Record<string, string> = { VALUE: 'value' };
      if (how % 13 === 1) env['CONFIG_'] = prefix;
      if (how % 3 === 0) env['KCONFIG_WARN_UNKNOWN_SYMBOLS'] = '1';
      const seeded = /^all/.test(target) && how % 4 !== 0;
      const questions: Question[] = [
        { target: 'olddefconfig', input: one },
        { target: 'olddefconfig', input: how % 17 === 0 ? undefined : two },
        { target: 'savedefconfig', input: one },
        { target: 'listnewconfig', input: two },
        { target, input: seeded ? undefined : two },
      ];
      return { files: new Printer(drawn, features).print(), env, questions };
    });
}

// --- .config ---------------------------------------------------------------------------------------------------------

const VALUES = [
  'y',
  'm',
  'n',
  'y',
  'm',
  '5',
  '0x10',
  '-3',
  '"text"',
  '"a\\"b\\\\c"',
  '',
  '"open',
  'yes',
  '0X1f',
  '99',
  '"y"',
];

function configText(lines: readonly ConfigLine[], prefix: string, how: number): string {
  const out = lines.map(([name, value, damage]) => {
    const symbol = damage % 19 === 1 ? 'NO_SUCH' : NAMES[name % NAMES.length]!;
    const fitting: Readonly<Record<string, readonly string[]>> = {
      B: ['y', 'n'],
      C: ['y', 'y', 'n'],
      T: ['y', 'm', 'n'],
      I: ['5', '17', '-3', '12', '2', '99'],
      H: ['0x10', '0xff', '0x3', '1c'],
      S: ['"text"', '"a\\"b"'],
    };
    const choices = damage % 11 === 1 ? VALUES : (fitting[symbol[0]!] ?? VALUES);
    const text = choices[value % choices.length]!;
    const line = text === 'n' && value % 2 === 0 ? `# ${prefix}${symbol} is not set` : `${prefix}${symbol}=${text}`;
    if (damage % 23 === 1)
      return [
        ...['garbage', `${line}\r`, ` ${line}`, `${prefix}${symbol}`, `# ${prefix}${symbol}=y`, `${line} `],
        ...[`${line}\0tail`, `\0${line}`, `${line}\r\0`, line.replace(symbol, `${symbol}\0`), `${line.slice(0, 3)}\0`],
      ][value % 11]!;
    return line;
  });
  const text = out.map((line) => `${line}\n`).join('');
  return how % 7 === 0 ? text.replace(/\n$/, '') : text;
}

// --- Kconfig ---------------------------------------------------------------------------------------------------------

const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='];
const CONSTANTS = ['y', 'n', 'm', '"y"', '5', '0x10', '"text"', '""', '-3', '"m"', 'U0', '17'];

class Printer {
  readonly #tree: Tree;
  readonly #features: LanguageFeatures;
  readonly #files: Record<string, string> = {};
  #out: string[] = [];
  #style: number;

  constructor(drawn: Tree, features: LanguageFeatures) {
    this.#tree = drawn;
    this.#features = features;
    this.#style = drawn.style;
  }

  print(): Record<string, string> {
    const { modules, style } = this.#tree;
    if (style % 5 === 1) this.#line('mainmenu "Random $(VALUE)"');
    // A tristate with `modules` would depend on what it was in the calculation before.
    const name = `B${Math.floor(modules / 10) % 3}`;
    const head = [
      'config MODULES\n\tbool "Modules"\n\tdefault y\n\tmodules',
      'config MODULES\n\tdef_bool n\n\tmodules',
      null,
    ];
    const own = [`config ${name}\n\tmodules`, 'config MODULES\n\tbool "Modules"\n\tmodules', head[0]!];
    const text = modules % 10 < 6 ? head[0]! : ([head[1]!, head[2]!, ...own][modules % 5] ?? null);
    if (text !== null) this.#out.push(`${text}\n`);
    this.#items(this.#tree.items, NAMES.length);
    for (const each of this.#tree.numbers) this.#bounded(each);
    this.#files['Kconfig'] = this.#out.join('');
    return this.#files;
  }

  /** A number below `limit` that only decides how things are written; 0 in plain trees. */
  #taste(limit: number): number {
    if (this.#style === 0) return 0;
    this.#style = (Math.imul(this.#style, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor(this.#style / 65_536) % limit;
  }

  #line(text: string, depth = 0): void {
    const end = ['', '', '', '', ' ', ' # comment', '\t#', ''][this.#taste(8)]!;
    this.#out.push(`${'\t'.repeat(depth)}${text}${end}\n`);
    const gap = this.#taste(12);
    if (gap === 1) this.#out.push('\n');
    if (gap === 2) this.#out.push('# a comment of its own\n');
    if (gap === 3) this.#out.push(' \t\n');
  }

  #bounded({ symbol, n, when }: Bounded): void {
    const name = NAMES[symbol]!;
    this.#line(`config ${name}`);
    this.#line(`${TYPES[name[0]!]} ${this.#quoted(`number ${name}`)}`, 1);
    this.#line(`default ${this.#value(n[3]!, name, symbol)}`, 1);
    this.#line(`range ${this.#bound(name, n[0]!)} ${this.#bound(name, n[1]!)}${this.#when(when, symbol)}`, 1);
  }

  /** A bound may be any symbol: ranges are no dependencies, and no loops. */
  #bound(name: string, n: number): string {
    if (n % 5 < 2) return NAMES[NUMBERS[n % NUMBERS.length]!]!;
    return (name.startsWith('I') ? ['1', '10', '20', '-5'] : ['0x1', '0x10', '0xff', '1f'])[n % 4]!;
  }

  #items(drawn: readonly Item[], limit: number): void {
    for (const item of drawn) this.#item(item, limit);
  }

  #item(item: Item, limit: number): void {
    switch (item.kind) {
      case 'config': {
        const rank = item.symbol % limit;
        if (!this.#tree.loose && NAMES[rank]!.startsWith('C')) return;
        this.#entry(item, rank);
        return;
      }
      case 'comment':
        this.#line(`comment ${this.#quoted(`comment ${item.n[0]}`)}`);
        if (item.when) this.#line(`depends on ${this.#formula(item.when, ROOTS)}`, 1);
        return;
      case 'assign':
        this.#assign(item.n);
        return;
      case 'if':
        this.#line(`if ${this.#formula(item.when, ROOTS)}`);
        this.#items(item.items, limit);
        this.#line('endif');
        return;
      case 'menu':
        this.#line(`menu ${this.#quoted('a menu')}`);
        if (item.visible && this.#taste(2) === 1) this.#line(`visible if ${this.#formula(item.visible, ROOTS)}`, 1);
        if (item.when) this.#line(`depends on ${this.#formula(item.when, ROOTS)}`, 1);
        if (item.visible) this.#line(`visible if ${this.#formula(item.visible, ROOTS)}`, 1);
        this.#items(item.items, limit);
        this.#line('endmenu');
        return;
      case 'source': {
        const outer = this.#out;
        this.#out = [];
        this.#items(item.items, limit);
        const name = `sub/Kconfig.${Object.keys(this.#files).length}`;
        this.#files[name] = this.#out.join('').replace(/\n$/, this.#taste(9) === 1 ? '' : '\n');
        this.#out = outer;
        this.#line(`source ${this.#quoted(name)}`);
        return;
      }
      case 'choice':
        this.#choice(item);
    }
  }

  #assign(n: Draw): void {
    const name = `M${n[0]! % 3}`;
    const value = ['B0', 'y', `$(shell,${COMMANDS[n[2]! % COMMANDS.length]})`, '$(1) text', '$(VALUE)', '', 'T0 = m'][
      n[1]! % 7
    ]!;
    if (n[3]! % 6 === 0) this.#line(`$(warning-if,$(M0),said ${n[1]})`);
    else if (n[3]! % 6 === 1) this.#line('$(info,$(filename):$(lineno) $(M1,arg))');
    else this.#out.push(`${name} ${[':=', '=', '+='][n[3]! % 3]} ${value}\n`);
  }

  #choice(item: Extract<Item, { kind: 'choice' }>): void {
    const old = this.#features.oldChoices;
    const type = old
      ? ['', 'bool', 'tristate', ''][item.n[0]! % 4]!
      : this.#features.boolChoicePrompt
        ? ['', 'bool'][item.n[0]! % 2]!
        : '';
    this.#line(old && item.n[1]! % 7 === 1 ? `choice NAMED${item.n[1]! % 2}` : 'choice');
    const when = this.#when(item.promptWhen, ROOTS);
    if (type === '') this.#line(`prompt ${this.#quoted('a choice')}${when}`, 1);
    else this.#line(`${type} ${this.#quoted('a choice')}${when}`, 1);
    if (old && item.n[2]! % 4 === 1) this.#line('optional', 1);
    const first = item.n[3]! % MEMBERS.length;
    const ranks = item.members.map((_, i) => MEMBERS[(first + i) % MEMBERS.length]!);
    if (item.n[2]! % 3 === 1 && ranks.length > 0) {
      this.#line(`default ${NAMES[ranks[item.n[1]! % ranks.length]!]}${this.#when(item.defaultWhen, ROOTS)}`, 1);
    }
    if (item.when) this.#line(`depends on ${this.#formula(item.when, ROOTS)}`, 1);
    const tristate = type === 'tristate' || item.n[0]! % 8 === 0;
    for (const [i, member] of item.members.entries()) this.#member(member, ranks[i]!, tristate);
    this.#line('endchoice');
  }

  #member(member: Entry, rank: number, tristate: boolean): void {
    const old = this.#features.oldChoices;
    this.#line(`config ${NAMES[rank]}`);
    const type = old && tristate ? ['tristate', 'tristate', 'bool'][member.form % 3]! : 'bool';
    const typed = !old || member.form % 9 !== 1;
    const prompt = this.#quoted(`member ${NAMES[rank]}`);
    const [first] = member.attributes;
    const when = first && 'when' in first && member.form % 4 === 1 ? this.#when(first.when, MEMBERS[0]!) : '';
    this.#line(`${typed ? type : 'prompt'} ${prompt}${when}`, 1);
    for (const each of member.attributes) {
      if (each.kind === 'prompt' || each.kind === 'range' || each.kind === 'retype') continue;
      if (each.kind === 'default' && !(old && member.form % 7 === 1)) continue;
      // A member that depends on another would make a loop of the choice.
      this.#attribute(each, rank, this.#tree.loose ? NAMES.length : MEMBERS[0]!);
    }
  }

  #entry({ form, attributes }: Entry, rank: number): void {
    const name = NAMES[rank]!;
    const limit = this.#tree.loose ? NAMES.length : Math.max(rank, 1);
    const withPrompt = form % 4 !== 0;
    this.#line(`${withPrompt && form % 5 === 1 ? 'menuconfig' : 'config'} ${name}`);
    const type = TYPES[name[0]!]!;
    const prompt = this.#quoted(`prompt of ${name}`);
    const boolean = type === 'bool' || type === 'tristate';
    if (this.#features.transitional && attributes.some(({ kind }) => kind === 'transitional') && form % 3 === 0) {
      this.#line(type, 1);
      this.#line('transitional', 1);
      return;
    }
    if (form % 29 !== 3) {
      if (boolean && form % 7 === 1) this.#line(`def_${type} ${this.#value(form, name, limit)}`, 1);
      else if (withPrompt && form % 2 === 1) this.#line(`${type} ${prompt}`, 1);
      else this.#line(type, 1);
    }
    if (withPrompt && (form % 2 === 0 || form % 7 === 1)) {
      const [first] = attributes;
      this.#line(`prompt ${prompt}${first && 'when' in first ? this.#when(first.when, limit) : ''}`, 1);
    }
    for (const each of attributes) this.#attribute(each, rank, limit);
  }

  #attribute(each: Attribute, rank: number, limit: number): void {
    const name = NAMES[rank]!;
    switch (each.kind) {
      case 'prompt':
        // A second prompt is a warning.
        if (each.n[0]! % 9 === 1) this.#line(`prompt ${this.#quoted('another')}${this.#when(each.when, limit)}`, 1);
        return;
      case 'default':
        this.#line(`default ${this.#value(each.n[0]!, name, limit)}${this.#when(each.when, limit)}`, 1);
        return;
      case 'select':
      case 'imply': {
        if (!/^[BTC]/.test(name)) return;
        const behind = BOOLEAN.filter((other) => this.#tree.loose || other > rank);
        const target = behind.length > 0 ? NAMES[behind[each.n[0]! % behind.length]!]! : 'U1';
        this.#line(`${each.kind} ${each.n[1]! % 31 === 1 ? 'U1' : target}${this.#when(each.when, limit)}`, 1);
        return;
      }
      case 'range': {
        if (!/^[IH]/.test(name)) return;
        const [low, high] = [this.#bound(name, each.n[0]!), this.#bound(name, each.n[1]!)];
        this.#line(`range ${low} ${high}${this.#when(each.when, limit)}`, 1);
        return;
      }
      case 'depends':
        this.#depends(each.when, each.onlyIf, limit);
        return;
      case 'transitional':
        // Beside other attributes it is refused.
        if (this.#features.transitional && each.n[0]! % 25 === 1) this.#line('transitional', 1);
        return;
      case 'retype':
        if (each.n[0]! % 3 === 1) this.#line(['bool', 'tristate', 'int', 'string', 'hex'][each.n[1]! % 5]!, 1);
        return;
      default:
        this.#help(each.n);
    }
  }

  #depends(on: Formula, onlyIf: Formula | null, limit: number): void {
    const when = this.#features.conditionalDependencies ? this.#when(onlyIf, limit) : '';
    this.#line(`depends on ${this.#formula(on, limit)}${when}`, 1);
  }

  #help(n: Draw): void {
    this.#line('help', 1);
    const lines = ['\t  A text', '\t  config NOT\n', '\t    deeper', '', '          with blanks\t', '\t  \\'];
    this.#out.push(`${lines.slice(n[0]! % 3, 2 + (n[1]! % 5)).join('\n')}\n`);
  }

  #when(when: Formula | null, limit: number): string {
    return when ? ` if ${this.#formula(when, limit)}` : '';
  }

  /** A default's value that fits the symbol, mostly. */
  #value(n: number, name: string, limit: number): string {
    const type = name[0]!;
    const before = NAMES.slice(0, limit).filter((other) =>
      (/[BTC]/.test(type) ? /^[BTC]/ : new RegExp(`^${type}`)).test(other),
    );
    if (n % 4 === 0 && before.length > 0) return before[n % before.length]!;
    if (n % 37 === 1) return CONSTANTS[n % CONSTANTS.length]!;
    if (type === 'I') return ['5', '17', '-3', '"12"', '0'][n % 5]!;
    if (type === 'H') return ['0x10', '0xff', '1f', '"0x3"', '0x0'][n % 5]!;
    if (type === 'S') return ['"text"', '"$(VALUE)"', '"a\\"b\\\\"', '\'single "quoted"\'', '""'][n % 5]!;
    if (n % 5 === 1 && before.length > 1) return `${before[n % before.length]} && !${before[(n + 1) % before.length]}`;
    return ['y', 'n', 'm', 'y', '"y"', 'm'][n % 6]!;
  }

  #formula(e: Formula, limit: number): string {
    const name = (n: number): string => (n % 29 === 1 ? 'U0' : NAMES[n % limit]!);
    switch (e.op) {
      case 'symbol':
        // A number or a string by itself is off: less of them.
        return /^[IHS]/.test(name(e.n)) && e.n % 5 !== 0
          ? NAMES[e.n % 2 === 0 ? 0 : Math.min(1, limit - 1)]!
          : name(e.n);
      case 'constant':
        return CONSTANTS[e.n % CONSTANTS.length]!;
      case 'macro':
        return e.n % 3 === 0 ? '"$(M2)"' : `$(shell,${COMMANDS[e.n % 2]})`;
      case 'compare': {
        const right = e.other % 3 === 0 ? name(e.other) : CONSTANTS[e.other % CONSTANTS.length]!;
        return `${e.n % 11 === 1 ? CONSTANTS[e.n % CONSTANTS.length] : name(e.n)}${[' ', ''][e.n % 2]}${COMPARISONS[e.how % 6]}${[' ', ''][e.n % 2]}${right}`;
      }
      case 'not': {
        const inner = this.#formula(e.left, limit);
        return e.left.op === 'and' || e.left.op === 'or' || e.left.op === 'compare' ? `!(${inner})` : `!${inner}`;
      }
      default: {
        const [left, right] = [this.#formula(e.left, limit), this.#formula(e.right, limit)];
        const joined = [' ', '  ', '\\\n\t\t', ' \\\n  '][this.#taste(4)]!;
        const nested = `${left} ${e.op === 'and' ? '&&' : '||'}${joined}${right}`;
        return this.#taste(3) === 2 || e.op === 'or' ? `(${nested})` : nested;
      }
    }
  }

  #quoted(text: string): string {
    const decorated = [text, text, text, `${text} \xe9`, `${text} \\"q\\"`, `${text} # no comment`, `${text} $(VALUE)`][
      this.#taste(7)
    ]!;
    if (/\\/.test(decorated) || this.#taste(5) !== 1) return `"${decorated}"`;
    return `'${decorated}'`;
  }
}
