import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { parseTree } from '../../src/kconfig/parse-kconfig.ts';
import { readSnapshot } from '../../src/kconfig/snapshot-tree.ts';
import { dumpTree } from '../helpers/dump-tree.ts';
import fc from '../helpers/fast-check.ts';
import { MODULES, NEW, NEXT, OLD, parseText, symbol } from '../helpers/kconfig.ts';
import { parseSmallTree, runSmall } from '../helpers/small-engine.ts';
import { KNOWN_COMMANDS, randomCase } from '../property/random-kconfig.ts';

/** The same tree in a later run, or in another thread. */
function again(kconfig: Kconfig, files: Readonly<Record<string, string>> = {}): Kconfig {
  const { snapshot } = kconfig;
  const moved = structuredClone(snapshot.slice());
  return readSnapshot(moved, (name) => files[name] ?? null);
}

/** Holds the columns of the menu tree against its entries. */
function checkMenu(kconfig: Kconfig): void {
  const { symbol, parent, next, list } = kconfig.menu;
  for (let number = 0; number < list.length; number++) {
    const node = kconfig.menuNode(number);
    const at = (column: ArrayLike<number>) => (column[number] === -1 ? null : kconfig.menuNode(column[number]!));
    expect([node.parent === at(parent), node.next === at(next), node.list === at(list)]).toEqual([true, true, true]);
    expect(node.symbol?.id ?? -1).toBe(symbol[number]);
  }
}

const DIALECTS: readonly (readonly [string, Dialect])[] = [
  ['6.1', OLD],
  ['6.12', NEW],
  ['7.1', NEXT],
];

describe.each(DIALECTS)('a snapshot (%s)', (_name, dialect) => {
  const { optionalChoices: oldChoices, transitional, conditionalDependencies, boolChoicePrompt } = dialect;
  const cases = randomCase({ oldChoices, transitional, conditionalDependencies, boolChoicePrompt });

  it('says what the parsed tree said', () => {
    let trees = 0;
    fc.assert(
      fc.property(cases, ({ files, env, questions }) => {
        const readFile = (name: string): string | null => files[name] ?? null;
        const shell = (command: string): string => KNOWN_COMMANDS[command] ?? '';
        const tree = parseSmallTree(readFile, dialect, { env, shell });
        if (!tree.kconfig) return;
        trees++;
        const host = { readFile, shell, glob: () => null, env: (name: string) => env[name], message: () => {} };
        const parsed = dumpTree(parseTree('Kconfig', dialect, host, () => {}, [])!);
        const kconfig = again(tree.kconfig, files);
        expect(dumpTree(tree.kconfig)).toEqual(parsed);
        expect(dumpTree(kconfig)).toEqual(parsed);
        checkMenu(kconfig);
        for (const { target, input } of questions) {
          expect(runSmall({ ...tree, kconfig }, target, input, env)).toEqual(runSmall(tree, target, input, env));
        }
      }),
      { numRuns: 150 },
    );
    expect(trees).toBeGreaterThan(50);
  });
});

const TEXT = `${MODULES}config A
	tristate "a"
	depends on MODULES && (B || B = "y")
	depends on $(shell,ask)
	select C if B
	help
	  Something
	    to read.
source "lib/Kconfig"
comment "end"
	depends on "x\xe9" = "$(NAME)"
`;
const FILES = { 'lib/Kconfig': 'config B\n\tbool "b"\n\thelp\n\t\tB helps.\nconfig C\n\tint\n' };

it('has what was unknown, and what the files said', () => {
  const files = { Kconfig: TEXT, ...FILES };
  const kconfig = parseText(TEXT, { files: FILES, env: { NAME: 'me' }, shell: () => null });
  const later = again(kconfig, files);
  expect(dumpTree(later)).toEqual(dumpTree(kconfig));
  expect(later.unknownCommands).toEqual(['ask']);
  expect([...later.usedEnvironment]).toEqual([['NAME', 'me']]);
  expect(symbol(later, 'A').nodes[0]!.help!.text()).toBe('Something\n  to read.\n');
  expect(symbol(later, 'B').nodes[0]!.help!.text()).toBe('B helps.\n');
  expect(later.diagnostics).not.toEqual([]);
});

it('shares expressions that were shared', () => {
  const kconfig = parseText(`${MODULES}if MODULES\n${'config X\n\tbool "x"\n\tdepends on Y\n'.repeat(3)}endif\n`);
  const x = symbol(again(kconfig), 'X');
  expect(x.properties[0]!.visible).toBe(x.nodes[0]!.dependency);
  expect(x.nodes[2]!.ownDependency).toBe(x.nodes[2]!.clauses[0]!.condition);
});

it('has the forms that expressions had before members of old choices got their types', () => {
  // `A!=n` is `A` of a tristate or bool, but not of a symbol whose type is not known yet.
  const text =
    'config Z\n\tbool "z"\nconfig X\n\tbool "x"\n\tdepends on Z || B != n\n' +
    'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tprompt "b"\nendchoice\n';
  const readFile = (): string => text;
  const host = { readFile, shell: () => '', glob: () => null, env: () => undefined, message: () => {} };
  const parsed = parseTree('Kconfig', OLD, host, () => {}, [])!;
  expect(parsed.exact.hasLateTypes).toBe(true);
  expect(dumpTree(again(parseText(text, { dialect: OLD })))).toEqual(dumpTree(parsed));
});

it('is not taken from bytes that are cut', () => {
  const { snapshot } = parseText(TEXT, { files: FILES, shell: () => 'y' });
  expect(() => readSnapshot(snapshot.subarray(0, snapshot.length - 8), () => null)).toThrow();
});
