/** Lists of words stay apart from variables until somebody asks for them: nobody may see a difference. */

import { describe, expect, it } from 'vitest';
import { type ConfigLookup, evaluateCondition } from '../../src/conditions/condition.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { MakeEvaluator } from '../../src/make/evaluator.ts';
import { TreeFiles } from '../../src/make/files.ts';
import { LIST_ENDS, listEnd } from '../../src/make/list-family.ts';
import { ListedWords } from '../../src/make/listed-words.ts';
import { parseMakefile } from '../../src/make/parser.ts';
import fc from '../helpers/fast-check.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { hasMake, makeResults } from './make-judge.ts';
import { valueText } from './results.ts';

function evaluated(makefile: string, config: ConfigLookup | null): MakeEvaluator {
  const files = new TreeFiles(memoryFs({ '/tree/.keep': '' }), '/tree');
  const make = new MakeEvaluator({ table: new ConditionTable(), files, config, holes: [] });
  for (const end of LIST_ENDS) make.define(`obj-${end}`, '');
  make.run(parseMakefile(makefile, 'Makefile'));
  return make;
}

/** The words of a stem's lists for one configuration, out of the evaluation with all symbols open. */
function listed(makefile: string, stem: string, config: ConfigLookup): string[] {
  const make = evaluated(makefile, null);
  return LIST_ENDS.map((end) => {
    const words = new ListedWords();
    make.addListWords(stem, end, 'dir', words);
    expect(words.paths).toEqual(words.texts.map((text) => `dir/${text}`));
    return words.texts.filter((_, i) => evaluateCondition(words.whens[i]!, config)).join(' ');
  });
}

const STEMS = ['obj-', 'foo-'];
const NAMES = STEMS.flatMap((stem) => ['y', 'm', '', '$(CONFIG_A)', '$(CONFIG_B)'].map((end) => stem + end));

const words = fc.array(fc.constantFrom('a.o', 'b.o', 'dir/', 'foo.o'), { maxLength: 3 }).map((list) => list.join(' '));
const assignment = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom('+=', '+=', '+=', ':=', '='), words)
  .map(([name, operator, text]) => `${name} ${operator} ${text}`);
const reading = fc.constantFrom(
  'X := $(foo-y)',
  'foo-m += $(obj-m)',
  'obj-y := $(filter-out a.o,$(obj-y)) $(X)',
  'undefine foo-y',
  'undefine obj-',
  'obj-$(CONFIG_A) += $(foo-)',
  'CONFIG_B := m',
  'foo-y ?= c.o',
);
const simple = fc.oneof({ weight: 4, arbitrary: assignment }, { weight: 1, arbitrary: reading });
const block = fc
  .tuple(
    fc.constantFrom('ifdef CONFIG_A', 'ifeq ($(CONFIG_B),m)', 'ifneq ($(foo-y),)'),
    fc.array(simple, { maxLength: 4 }),
  )
  .map(([test, body]) => [test, ...body, 'endif'].join('\n'));
const makefile = fc
  .array(fc.oneof({ weight: 4, arbitrary: simple }, { weight: 1, arbitrary: block }), { maxLength: 10 })
  .map((statements) => statements.join('\n'));
const value = fc.constantFrom('', 'm', 'y');

describe('lists of words', () => {
  it.skipIf(!hasMake && !process.env['CI'])('hold what make finds in the variables of their names', () => {
    const cases = fc.array(fc.tuple(makefile, value, value), { minLength: 30, maxLength: 30 });
    fc.assert(
      fc.property(cases, (drawn) => {
        const judged = makeResults(
          drawn.map(([text, a, b]) => {
            const lists = STEMS.flatMap((stem) => LIST_ENDS.map((end) => `$(strip $(${stem}${end}))`));
            return `CONFIG_A := ${a}\nCONFIG_B := ${b}\nobj-y :=\nobj-m :=\nobj- :=\n${text}\nRESULT := ${lists.join('|')}`;
          }),
        );
        const found = drawn.map(([text, A, B]) => {
          const config: ConfigLookup = (symbol) => ({ A, B })[symbol] || undefined;
          return STEMS.flatMap((stem) => listed(text, stem, config)).join('|');
        });
        expect(found).toEqual(judged);
      }),
      { numRuns: 10 },
    );
  });

  it('are the same for one configuration', () => {
    fc.assert(
      fc.property(makefile, value, value, (text, A, B) => {
        const config: ConfigLookup = (symbol) => ({ A, B })[symbol] || undefined;
        const make = evaluated(text, config);
        for (const stem of STEMS) {
          const texts = LIST_ENDS.map((end) =>
            valueText(make.variable(stem + end))
              .split(/\s+/)
              .filter(Boolean),
          );
          expect(listed(text, stem, config)).toEqual(texts.map((list) => list.join(' ')));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('leave out what holds flags', () => {
    const make = evaluated('ccflags-$(CONFIG_A) += -a\nccflags-y += -b\nCFLAGS_x-$(CONFIG_A) += -c', null);
    expect(make.variable('ccflags-y')).toBe('');
    expect(make.variable('CFLAGS_x-y')).toBe('');
  });

  it('are known by their names', () => {
    expect(['obj-y', 'obj-m', 'obj-', 'obj-objs', 'y', '-', 'obj', 'any'].map(listEnd)).toEqual([
      'y',
      'm',
      '',
      null,
      null,
      null,
      null,
      null,
    ]);
  });
});
