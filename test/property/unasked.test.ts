/** Random trees: a line that is said to be the same whatever the toolchain answers is the same for all its answers. */

import { expect, it } from 'vitest';
import { UnaskedValues } from '../../src/check/unasked.ts';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { formatDefconfig } from '../../src/dotconfig/write.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { Configuration } from '../../src/values/configuration.ts';
import fc from '../helpers/fast-check.ts';
import { MODULES, NEW, OLD, parseText, symbol } from '../helpers/kconfig.ts';

const QUESTIONS = 3;

interface Term {
  readonly of: number;
  readonly negated: boolean;
  readonly joined: '&&' | '||';
}

const condition: fc.Arbitrary<readonly Term[]> = fc.array(
  fc.record({ of: fc.nat(40), negated: fc.boolean(), joined: fc.constantFrom('&&' as const, '||' as const) }),
  { maxLength: 3 },
);

const entry = fc.record({
  type: fc.constantFrom('bool', 'tristate', 'int'),
  prompt: fc.boolean(),
  depends: condition,
  default: fc.option(fc.record({ of: fc.nat(40), condition })),
  select: fc.option(fc.record({ of: fc.nat(40), condition })),
  choice: fc.boolean(),
});

type Entry = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;

/** Entries depend on earlier ones and on questions, and select later ones. */
function kconfigOf(entries: readonly Entry[]): string {
  const isSwitch = (index: number): boolean => entries[index]!.type !== 'int';
  const out = [MODULES];
  for (const [index, each] of entries.entries()) {
    const earlier = [...entries.keys()].filter((other) => other < index && isSwitch(other));
    const names = [
      ...earlier.map((other) => `S${other}`),
      ...Array.from({ length: QUESTIONS }, (_, q) => `$(shell,q${q})`),
    ];
    const name = (of: number): string => names[of % names.length]!;
    const text = (terms: readonly Term[]): string =>
      terms
        .map(({ of, negated, joined }, at) => `${at > 0 ? ` ${joined} ` : ''}${negated ? '!' : ''}${name(of)}`)
        .join('');
    const suffix = (terms: readonly Term[]): string => (terms.length > 0 ? ` if ${text(terms)}` : '');
    const isInt = each.type === 'int';
    out.push(`config S${index}\n\t${each.type}${each.prompt ? ` "s${index}"` : ''}\n`);
    if (each.depends.length > 0) out.push(`\tdepends on ${text(each.depends)}\n`);
    if (each.default) {
      out.push(`\tdefault ${isInt ? each.default.of : name(each.default.of)}${suffix(each.default.condition)}\n`);
    }
    const later = [...entries.keys()].filter((other) => other > index && isSwitch(other));
    if (each.select && !isInt && later.length > 0) {
      out.push(`\tselect S${later[each.select.of % later.length]}${suffix(each.select.condition)}\n`);
    }
    if (each.choice) {
      const member = (letter: string): string => `config C${index}${letter}\n\tbool "${letter}"\n`;
      const seen = each.depends.length > 0 ? `\tdepends on ${text(each.depends)}\n` : '';
      out.push(`choice\n\tprompt "c${index}"\n${member('A')}${seen}${member('B')}endchoice\n`);
    }
  }
  return out.join('');
}

function configOf(kconfig: Kconfig, text: string): Configuration {
  const config = new Configuration(kconfig);
  readDotConfig(config, text, { file: 'defconfig' });
  return config;
}

/** What `savedefconfig` says of each symbol. */
function savedLines(config: Configuration): ReadonlyMap<string, string> {
  const lines = formatDefconfig(config).trimEnd().split('\n');
  return new Map(lines.map((line) => [/CONFIG_(\w+)/.exec(line)?.[1] ?? '', line]));
}

it.each([
  ['6.1', OLD],
  ['6.12', NEW],
] as const)('in the language of %s', (_, dialect) => {
  let closed = 0;
  let open = 0;
  const property = fc.property(
    fc.array(entry, { minLength: 2, maxLength: 9 }),
    fc.array(fc.constantFrom('y', 'm', 'n', null), { minLength: 9, maxLength: 9 }),
    (entries, users) => {
      const text = kconfigOf(entries);
      const config = users
        .map((user, index) => {
          if (user === null || !entries[index]) return '';
          return `CONFIG_S${index}=${entries[index].type === 'int' ? 7 : user}\nCONFIG_C${index}B=${user}\n`;
        })
        .join('');
      const unknown = parseText(text, { dialect, shell: () => null });
      const unasked = new UnaskedValues(configOf(unknown, config));
      const saved = Array.from({ length: 2 ** QUESTIONS }, (_, bits) => {
        const answer = (command: string): string => ((bits >> Number(command.slice(1))) & 1 ? 'y' : 'n');
        return savedLines(configOf(parseText(text, { dialect, shell: answer }), config));
      });
      for (const name of entries.flatMap(({ choice }, index) => [
        `S${index}`,
        ...(choice ? [`C${index}A`, `C${index}B`] : []),
      ])) {
        if (unasked.decidesLine(symbol(unknown, name))) {
          open++;
          continue;
        }
        closed++;
        const lines = new Set(saved.map((each) => each.get(name)));
        expect({ name, text, config, lines: [...lines] }).toMatchObject({ lines: [saved[0]!.get(name)] });
      }
    },
  );
  fc.assert(property, { numRuns: 100 });
  // Neither answer is given to all.
  expect(closed).toBeGreaterThan(open / 20);
  expect(open).toBeGreaterThan(closed / 20);
});

it('knows that a symbol that is off can be selected by an answer', () => {
  const text =
    `${MODULES}config A\n\tbool "a"\n\tselect B if !$(shell,q0)\n` +
    'config B\n\tbool "b"\nconfig C\n\tbool "c"\n\tdepends on B\n';
  const config = configOf(parseText(text, { dialect: NEW, shell: () => null }), 'CONFIG_A=y\nCONFIG_B=n\nCONFIG_C=y\n');
  const unasked = new UnaskedValues(config);
  const isOpen = (name: string): boolean => unasked.decidesLine(symbol(config.kconfig, name));
  expect(['A', 'B', 'C'].map(isOpen)).toEqual([false, true, true]);
});
