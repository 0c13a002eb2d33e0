/** Random trees: what is calculated step by step is what is calculated at once, and what is written is final. */

import { describe, expect, it } from 'vitest';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import type { Tristate } from '../../src/kconfig/symbol.ts';
import type { Configuration } from '../../src/values/configuration.ts';
import fc from '../helpers/fast-check.ts';
import { configure, MODULES, NEW, OLD, parseText, symbol } from '../helpers/kconfig.ts';

interface Entry {
  readonly type: 'bool' | 'tristate';
  readonly prompt: boolean;
  readonly depends: readonly number[];
  readonly operator: '&&' | '||';
  readonly negated: boolean;
  readonly select: number | null;
  readonly condition: number | null;
  readonly value: 'y' | 'm' | 'n' | null;
  readonly choice: boolean;
}

const entry: fc.Arbitrary<Entry> = fc.record({
  type: fc.constantFrom('bool', 'tristate'),
  prompt: fc.boolean(),
  depends: fc.array(fc.nat(30), { maxLength: 3 }),
  operator: fc.constantFrom('&&', '||'),
  negated: fc.boolean(),
  select: fc.option(fc.nat(30)),
  condition: fc.option(fc.nat(30)),
  value: fc.option(fc.constantFrom('y', 'm', 'n')),
  choice: fc.boolean(),
});

/** Entries depend on earlier ones and select later ones, so that there are no loops. */
function kconfigOf(entries: readonly Entry[]): string {
  const count = entries.length;
  const out = [MODULES];
  entries.forEach((each, i) => {
    const earlier = (n: number): string => `S${n % i}`;
    out.push(`config S${i}\n\t${each.type}${each.prompt ? ` "s${i}"` : ''}\n`);
    if (i > 0 && each.depends.length > 0) {
      const text = each.depends.map(earlier).join(` ${each.operator} `);
      out.push(`\tdepends on ${each.negated ? `!(${text})` : text}\n`);
    }
    if (each.value)
      out.push(`\tdefault ${each.value}${each.condition !== null && i > 0 ? ` if ${earlier(each.condition)}` : ''}\n`);
    if (each.select !== null && i + 1 < count) {
      out.push(
        `\tselect S${i + 1 + (each.select % (count - i - 1))}${each.condition !== null && i > 0 ? ` if ${earlier(each.condition)}!=n` : ''}\n`,
      );
    }
    if (each.choice) {
      out.push(
        `choice\n\tprompt "c${i}"\n\tdepends on S${i}\nconfig C${i}A\n\tbool "a"\nconfig C${i}B\n\tbool "b"\n\tdepends on MODULES\nendchoice\n`,
      );
    }
  });
  return out.join('');
}

/** All that can be asked of a configuration's symbols. */
const stateOf = (config: Configuration): unknown[] =>
  config.kconfig.symbols.all.map((each) => [
    config.text(each),
    config.visibility(each),
    config.directDependency(each),
    config.reverseDependency(each),
    config.isWritten(each),
    config.userValue(each),
  ]);

describe.each([
  ['new', NEW],
  ['old', OLD],
])('random trees (%s dialect)', (_name, dialect) => {
  it('change by change is the same as all at once, and the written file is final', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 2, maxLength: 14 }),
        fc.array(fc.tuple(fc.nat(40), fc.option(fc.constantFrom<Tristate>(0, 1, 2))), { maxLength: 25 }),
        (entries, steps) => {
          const tree = parseText(kconfigOf(entries), { dialect });
          const config = configure(tree);
          const names = tree.symbols.all.filter((each) => each.isDefined && !each.isChoice).map((each) => each.name!);
          for (const [at, value] of steps) {
            const chosen = symbol(tree, names[at % names.length]!);
            if (value === null) config.clear(chosen);
            else config.set(chosen, value === 1 && chosen.type === 'bool' ? 2 : value);
          }
          const fresh: Configuration = config.clone();
          for (const each of tree.symbols.all) expect(config.text(each), each.name ?? 'choice').toBe(fresh.text(each));
          const text = formatDotConfig(config);
          expect(formatDotConfig(configure(tree, text))).toBe(text);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('a trial that is taken back leaves nothing behind', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 2, maxLength: 14 }),
        fc.array(fc.tuple(fc.nat(40), fc.option(fc.constantFrom<Tristate>(0, 1, 2)), fc.boolean()), { maxLength: 25 }),
        (entries, steps) => {
          const tree = parseText(kconfigOf(entries), { dialect });
          const config = configure(tree);
          const names = tree.symbols.all.filter((each) => each.isDefined && !each.isChoice).map((each) => each.name!);
          for (const [at, value, keep] of steps) {
            const chosen = symbol(tree, names[at % names.length]!);
            const before = stateOf(config);
            config.beginTrial();
            config.apply(new Map([[chosen, value === 1 && chosen.type === 'bool' ? 2 : value]]));
            if (keep) config.keepTrial();
            else {
              config.takeTrialBack();
              expect(stateOf(config)).toEqual(before);
            }
          }
          const fresh = configure(tree, formatDotConfig(config));
          expect(formatDotConfig(config.clone())).toBe(formatDotConfig(config));
          expect(formatDotConfig(fresh)).toBe(formatDotConfig(config));
        },
      ),
      { numRuns: 150 },
    );
  });
});
