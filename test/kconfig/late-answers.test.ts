import { describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import {
  attemptKconfig,
  completeKconfig,
  type Incomplete,
  type KconfigHost,
  parseKconfig,
} from '../../src/kconfig/parse-kconfig.ts';
import { askUnknown } from '../../src/kconfig/preprocessor.ts';
import fc from '../helpers/fast-check.ts';
import { MODULES, NEW, NEXT, OLD } from '../helpers/kconfig.ts';
import { KNOWN_COMMANDS, randomCase } from '../property/random-kconfig.ts';

type Files = Readonly<Record<string, string>>;
type Shell = (command: string) => string | null;

/** Commands that are not among the known ones say what stands behind `say`. */
const answer = (command: string): string => KNOWN_COMMANDS[command] ?? `${command.replace(/^say ?/, '')}\n`;

const hostOf = (files: Files, shell: Shell, env: Files = {}): KconfigHost => ({
  readFile: (name) => files[name] ?? null,
  glob: () => null,
  env: (name) => env[name],
  shell,
  message: () => {},
});

/** What is read at once, and what comes of reading without answers and filling them in; null for an error. */
function both(files: Files, dialect: Dialect, env: Files = {}): { atOnce: Kconfig | null; late: Kconfig | null } {
  let incomplete: Incomplete | null = null;
  const silent = hostOf(files, () => null, env);
  try {
    attemptKconfig('Kconfig', dialect, silent, (found) => {
      incomplete = found;
    });
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
  const found = incomplete as Incomplete | null;
  const complete = (): Kconfig | null =>
    found && completeKconfig(found, askUnknown(found.unknownCommands, answer)!, dialect, silent);
  const tried = (work: () => Kconfig | null): Kconfig | null => {
    try {
      return work();
    } catch (error) {
      if (error instanceof InputError) return null;
      throw error;
    }
  };
  return { late: tried(complete), atOnce: tried(() => parseKconfig('Kconfig', dialect, hostOf(files, answer, env))) };
}

describe.each([
  ['6.1', OLD],
  ['6.12', NEW],
  ['7.1', NEXT],
] as const)('a tree that gets its answers late (%s)', (_name, dialect) => {
  const { optionalChoices: oldChoices, transitional, conditionalDependencies, boolChoicePrompt } = dialect;

  it('is what it is where they are there at once, or is not taken', () => {
    let taken = 0;
    const cases = randomCase({ oldChoices, transitional, conditionalDependencies, boolChoicePrompt });
    fc.assert(
      fc.property(cases, ({ files, env }) => {
        const { atOnce, late } = both(files, dialect, env);
        if (!late) return;
        taken++;
        expect(Buffer.from(late.snapshot).equals(Buffer.from(atOnce!.snapshot))).toBe(true);
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(30);
  });
});

const TAKEN: Readonly<Record<string, string>> = {
  'in conditions and defaults': 'config A\n\tdef_bool $(shell,say y)\n\tdepends on $(shell,say m) || !$(shell,say n)\n',
  'in comparisons, ranges and strings':
    'config A\n\tint "a"\n\trange $(shell,say 1) $(shell,say 9)\n\tdefault 2 if "$(shell,say 3)" < $(shell,say 10)\n' +
    'config B\n\tstring\n\tdefault "v$(shell,say 4).$(shell,say)"\n',
  'as symbols that are mentioned before or later':
    'config Z\n\tbool "z"\n\tdepends on $(shell,say A) && $(shell,say N)\n\tselect $(shell,say B)\n' +
    'config A\n\tbool "a"\n\tdepends on 5 = N || $(shell,say 5) = 6\nconfig B\n\tbool "b"\n\tdepends on "$(shell,say y)"\n',
  'in menus and choices':
    'menu "m"\n\tdepends on $(shell,say y)\n\tvisible if $(shell,say n)\nconfig A\n\tbool "a"\nendmenu\n' +
    'choice\n\tprompt "c"\n\tdepends on $(shell,say y)\nconfig C\n\tbool "c"\nconfig D\n\tbool "d"\nendchoice\n' +
    'if $(shell,say y)\ncomment "x"\n\tdepends on $(shell,say n)\nendif\n',
  'made of answers': 'one := $(shell,say say)\nconfig A\n\tdef_bool $(shell,$(one) $(shell,say y))\n',
  'in conditions of messages that do not hold':
    '$(error-if,$(shell,say n),no)\n$(warning-if,$(shell,say no),no)\nconfig A\n\tdef_bool $(shell,say y)\n',
};
const LEFT: Readonly<Record<string, string>> = {
  'an empty word': 'config A\n\tbool "a"\n\tdefault $(shell,say) y\n',
  'the name of a symbol': 'config $(shell,say A)\n\tbool "a"\n',
  'the name of a variable': '$(shell,say V) = y\nconfig A\n\tdef_bool $(V)\n\tdepends on $(shell,say y)\n',
  'the name of a macro': 'V = y\nconfig A\n\tdef_bool $($(shell,say V))\n',
  'a prompt': 'config A\n\tbool "a $(shell,say b)"\n',
  'a second prompt': 'config A\n\tbool "a $(shell,say b)"\n\tprompt "a"\n',
  'the name of a file': 'source "$(shell,say more)"\n',
  'a message': '$(info,$(shell,say b))\nconfig A\n\tbool "a"\n',
  'an error': '$(error-if,$(shell,say y),no)\nconfig A\n\tbool "a"\n',
  'a warning': '$(warning-if,$(shell,say y),no)\nconfig A\n\tbool "a"\n',
};

it.each(Object.entries(TAKEN))('takes answers %s', (_, text) => {
  const { atOnce, late } = both({ Kconfig: `${MODULES}${text}` }, NEW);
  expect(Buffer.from(late!.snapshot).equals(Buffer.from(atOnce!.snapshot))).toBe(true);
});

it.each(Object.entries(LEFT))('has files read again where an answer is %s', (_, text) => {
  const { late } = both({ Kconfig: `${MODULES}${text}`, more: 'config M\n\tbool "m"\n' }, NEW);
  expect(late).toBeNull();
});

it('says of a tree with an error what is said where answers are there at once', () => {
  const text = `config A\n\tdef_bool $(shell,say y)\n\tselect B\nconfig B\n\tbool "b"\n\tselect A\n`;
  const { atOnce, late } = both({ Kconfig: text }, NEW);
  expect([atOnce, late]).toEqual([null, null]);
});
