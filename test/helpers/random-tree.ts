/** Random kernel trees: Kconfig and Makefiles, a config and loaded modules, as fast-check makes and shrinks them. */

import { KbuildTree } from '../../src/kbuild/index.ts';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { kbuildDomain } from '../../src/trim/lookup.ts';
import type { Configuration } from '../../src/values/configuration.ts';
import fc from './fast-check.ts';
import { configure, MODULES, parseText } from './kconfig.ts';
import { memoryFs } from './memory-fs.ts';

/** A condition; numbers name earlier symbols, whichever there are. */
interface Condition {
  readonly operator: '&&' | '||';
  readonly negated: boolean;
  readonly operands: readonly { readonly symbol: number; readonly form: Form; readonly other: number }[];
}
type Form = 'plain' | 'plain ' | 'not' | '=y' | '=m' | '!=n' | '=other';

/** A symbol of a random tree. */
export interface Entry {
  readonly type: 'bool' | 'tristate';
  readonly prompt: boolean;
  readonly promptIf: Condition | null;
  readonly depends: Condition | null;
  readonly default: {
    readonly value: 'y' | 'm' | 'n' | 'other';
    readonly other: number;
    readonly when: Condition | null;
  } | null;
  readonly selects: readonly {
    readonly target: number;
    readonly kind: 'select' | 'imply';
    readonly when: Condition | null;
  }[];
  /** What stands around it. */
  readonly around: 'nothing' | 'if' | 'menu' | 'visible if' | 'choice';
  readonly outer: Condition;
}

/** A module of a random tree; numbers name symbols. */
export interface Module {
  readonly symbol: number;
  readonly gate: 'none' | 'ifdef' | 'ifeq' | 'directory' | 'obj-m';
  readonly by: number;
  /** Bools or tristates that add objects. */
  readonly members: readonly number[];
}

/** What a tree is made of. */
export interface TreeSpec {
  readonly entries: readonly Entry[];
  readonly modules: readonly Module[];
  /** User values of the base config. */
  readonly values: readonly ('n' | 'm' | 'y' | null)[];
  /** Of each module whether it is loaded. */
  readonly loaded: readonly boolean[];
}

/** A tree that was read. */
export interface RandomTree {
  readonly kconfig: Kconfig;
  readonly kbuild: KbuildTree;
  readonly base: Configuration;
  /** Names of the loaded modules. */
  readonly loaded: readonly string[];
  /** All files, for a failing case. */
  readonly files: Readonly<Record<string, string>>;
}

const index = fc.nat(60);

const condition: fc.Arbitrary<Condition> = fc.record({
  operator: fc.constantFrom('&&', '||'),
  negated: fc.nat(5).map((n) => n === 5),
  operands: fc.array(
    fc.record({
      symbol: index,
      form: fc.constantFrom<Form>('plain', 'plain ', 'not', '=y', '=m', '!=n', '=other'),
      other: index,
    }),
    { minLength: 1, maxLength: 2 },
  ),
});

const entry: fc.Arbitrary<Entry> = fc.record({
  type: fc.constantFrom('tristate', 'bool'),
  prompt: fc.nat(3).map((n) => n !== 3),
  promptIf: fc.option(condition, { freq: 5 }),
  depends: fc.option(condition, { freq: 1 }),
  default: fc.option(
    fc.record({
      value: fc.constantFrom('y', 'm', 'n', 'other'),
      other: index,
      when: fc.option(condition, { freq: 2 }),
    }),
    { freq: 1 },
  ),
  selects: fc.array(
    fc.record({
      target: index,
      kind: fc.constantFrom('select', 'select', 'imply'),
      when: fc.option(condition, { freq: 2 }),
    }),
    { maxLength: 2 },
  ),
  around: fc.constantFrom('nothing', 'nothing', 'nothing', 'if', 'menu', 'visible if', 'choice'),
  outer: condition,
});

const module: fc.Arbitrary<Module> = fc.record({
  symbol: index,
  gate: fc.constantFrom('none', 'none', 'none', 'ifdef', 'ifeq', 'directory', 'obj-m'),
  by: index,
  members: fc.array(index, { maxLength: 3 }),
});

/** Trees of up to so many symbols. */
export const treeSpec = (most: number): fc.Arbitrary<TreeSpec> =>
  fc.integer({ min: 2, max: most }).chain((count) =>
    fc.record({
      entries: fc.array(entry, { minLength: count, maxLength: count }),
      modules: fc.array(module, { minLength: 1, maxLength: count }),
      values: fc.array(fc.constantFrom('m', 'y', 'm', 'n', null), { minLength: count, maxLength: count }),
      loaded: fc.array(
        fc.nat(2).map((n) => n > 0),
        { minLength: count, maxLength: count },
      ),
    }),
  );

/** Symbols read earlier ones and select later ones, so that there are no loops. */
function conditionText({ operator, negated, operands }: Condition, before: number): string {
  const name = (n: number): string => `S${n % before}`;
  const text = operands.map(({ symbol, form, other }) => {
    const each = name(symbol);
    if (form === 'not') return `!${each}`;
    if (form === '=other') return `${each}=${name(other)}`;
    return form.startsWith('plain') ? each : `${each}${form}`;
  });
  const whole = text.join(` ${operator} `);
  return negated ? `!(${whole})` : whole;
}

function kconfigText(entries: readonly Entry[]): string {
  const out = [MODULES];
  entries.forEach((each, i) => {
    const when = (c: Condition | null): string => (c && i > 0 ? ` if ${conditionText(c, i)}` : '');
    const isMember = each.around === 'choice';
    const type = isMember ? 'bool' : each.type;
    const lines = [`config S${i}`, `\t${type}${each.prompt || isMember ? ` "s${i}"${when(each.promptIf)}` : ''}`];
    if (each.depends && i > 0) lines.push(`\tdepends on ${conditionText(each.depends, i)}`);
    if (each.default && !isMember) {
      const value = each.default.value === 'other' ? (i > 0 ? `S${each.default.other % i}` : 'y') : each.default.value;
      lines.push(`\tdefault ${value}${when(each.default.when)}`);
    }
    for (const { target, kind, when: c } of isMember ? [] : each.selects) {
      if (i + 1 < entries.length) lines.push(`\t${kind} S${i + 1 + (target % (entries.length - i - 1))}${when(c)}`);
    }
    out.push(surround(each, i, lines).join('\n'), '\n');
  });
  return out.join('');
}

function surround({ around, outer }: Entry, i: number, lines: readonly string[]): readonly string[] {
  const text = i > 0 ? conditionText(outer, i) : 'MODULES';
  switch (around) {
    case 'if':
      return [`if ${text}`, ...lines, 'endif'];
    case 'menu':
      return [`menu "menu ${i}"`, `\tdepends on ${text}`, ...lines, 'endmenu'];
    case 'visible if':
      return [`menu "menu ${i}"`, `\tvisible if ${text}`, ...lines, 'endmenu'];
    case 'choice':
      return ['choice', `\tprompt "choice ${i}"`, ...lines, `config C${i}`, `\tbool "c${i}"`, 'endchoice'];
    default:
      return lines;
  }
}

/** What a Makefile of the tree says of a module, and the Makefile of the directory it may be in. */
function makefileText({ symbol, gate, by, members }: Module, i: number, count: number): [string, string] {
  const config = (n: number): string => `CONFIG_S${n % count}`;
  const line = `obj-$(${config(symbol)}) += m${i}.o\n`;
  const objects =
    members.length === 0
      ? ''
      : `m${i}-y := m${i}_main.o\n${members.map((n) => `m${i}-$(${config(n)}) += m${i}_s${n % count}.o\n`).join('')}`;
  switch (gate) {
    case 'ifdef':
      return [`ifdef ${config(by)}\n${line}endif\n${objects}`, ''];
    case 'ifeq':
      return [`ifeq ($(${config(by)}),y)\n${line}endif\n${objects}`, ''];
    case 'obj-m':
      return [`ifdef ${config(symbol)}\nobj-m += m${i}.o\nendif\n${objects}`, ''];
    case 'directory':
      return [`obj-$(${config(by)}) += sub${i}/\n`, `${line}${objects}`];
    default:
      return [`${line}${objects}`, ''];
  }
}

/** Reads a random tree. */
export function readTree({ entries, modules, values, loaded }: TreeSpec, dialect: Dialect): RandomTree {
  const kconfigFile = kconfigText(entries);
  const kconfig = parseText(kconfigFile, { dialect });
  const own = modules.map((each, i) => makefileText(each, i, entries.length));
  const makefiles: Record<string, string> = {
    Makefile: '',
    Kbuild: 'obj-y += d/\n',
    'd/Makefile': own.map(([text]) => text).join(''),
  };
  own.forEach(([, text], i) => {
    if (text !== '') makefiles[`d/sub${i}/Makefile`] = text;
  });
  const rooted = Object.fromEntries(Object.entries(makefiles).map(([path, text]) => [`/tree/${path}`, text]));
  const kbuild = KbuildTree.load({
    fs: memoryFs(rooted),
    tree: '/tree',
    srcarch: 'x86',
    domain: kbuildDomain(kconfig),
  });
  const config = values.map((value, i) => {
    if (value === null) return '';
    if (value === 'n') return `# CONFIG_S${i} is not set\n`;
    const { type, around } = entries[i]!;
    return `CONFIG_S${i}=${type === 'bool' || around === 'choice' ? 'y' : value}\n`;
  });
  const base = configure(kconfig, `CONFIG_MODULES=y\n${config.join('')}`);
  const names = modules.map((_, i) => `m${i}`).filter((_, i) => loaded[i] === true);
  return {
    kconfig,
    kbuild,
    base,
    loaded: names,
    files: { Kconfig: kconfigFile, ...makefiles, config: config.join('') },
  };
}
