import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Packer, Unpacker } from '../../src/cache/packed.ts';
import { CONF_TARGETS } from '../../src/dotconfig/targets.ts';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { readKeptTree } from '../../src/kconfig/kept-tree.ts';
import { packTree } from '../../src/kconfig/packed-tree.ts';
import { dumpTree } from '../helpers/dump-tree.ts';
import { MODULES, NEW, NEXT, OLD, parseText, symbol } from '../helpers/kconfig.ts';
import { parseSmallTree, runSmall } from '../helpers/small-engine.ts';
import { KNOWN_COMMANDS, randomCase } from '../property/random-kconfig.ts';

/** The tree after a journey through bytes; null where it is not to be kept. */
function packed(kconfig: Kconfig, files: Readonly<Record<string, string>>): Kconfig | null {
  const packer = new Packer();
  if (!packTree(kconfig, packer)) return null;
  return readKeptTree(new Unpacker(packer.bytes()), (name) => files[name] ?? null);
}

/** The columns of the menu tree, which are made in two ways; each has its entry. */
function menuOf(kconfig: Kconfig): readonly (readonly number[])[] {
  const { symbol, parent, next, list } = kconfig.menu;
  for (let number = 0; number < list.length; number++) {
    const node = kconfig.menuNode(number);
    const at = (column: ArrayLike<number>) => (column[number] === -1 ? null : kconfig.menuNode(column[number]!));
    expect([node.parent === at(parent), node.next === at(next), node.list === at(list)]).toEqual([true, true, true]);
    expect(node.symbol?.id ?? -1).toBe(symbol[number]);
  }
  return [symbol, parent, next, list].map((column) => Array.from(column));
}

const DIALECTS: readonly (readonly [string, Dialect])[] = [
  ['6.1', OLD],
  ['6.12', NEW],
  ['7.1', NEXT],
];

describe.each(DIALECTS)('a tree that was packed (%s)', (_name, dialect) => {
  const { optionalChoices: oldChoices, transitional, conditionalDependencies, boolChoicePrompt } = dialect;
  const cases = randomCase({ oldChoices, transitional, conditionalDependencies, boolChoicePrompt });

  it('says what it said, and gives the same answers to conf’s targets', () => {
    let kept = 0;
    fc.assert(
      fc.property(cases, ({ files, env, questions }) => {
        const shell = (command: string): string => KNOWN_COMMANDS[command] ?? '';
        const tree = parseSmallTree((name) => files[name] ?? null, dialect, { env, shell });
        if (!tree.kconfig) return;
        const kconfig = packed(tree.kconfig, files);
        if (!kconfig) return;
        kept++;
        for (const { target, input } of questions) {
          expect(runSmall({ ...tree, kconfig }, target, input, env)).toEqual(runSmall(tree, target, input, env));
        }
        const { input } = questions[0]!;
        for (const target of CONF_TARGETS) {
          expect(runSmall({ ...tree, kconfig }, target, input, env)).toEqual(runSmall(tree, target, input, env));
        }
        expect(dumpTree(kconfig)).toEqual(dumpTree(tree.kconfig));
        expect(menuOf(kconfig)).toEqual(menuOf(tree.kconfig));
      }),
      { numRuns: 150 },
    );
    expect(kept).toBeGreaterThan(50);
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

it('keeps what was unknown, and what the files said', () => {
  const files = { Kconfig: TEXT, ...FILES };
  const kconfig = parseText(TEXT, { files: FILES, env: { NAME: 'me' }, shell: () => null });
  const again = packed(kconfig, files)!;
  const { messages: _, commands: __, ...plain } = kconfig;
  expect(dumpTree(again)).toEqual(dumpTree(plain));
  expect(again.unknownCommands).toEqual(['ask']);
  expect([...again.usedEnvironment]).toEqual([['NAME', 'me']]);
  expect(symbol(again, 'A').nodes[0]!.help!.text()).toBe('Something\n  to read.\n');
  expect(symbol(again, 'B').nodes[0]!.help!.text()).toBe('B helps.\n');
  expect(again.diagnostics).not.toEqual([]);
});

it('shares expressions that were shared', () => {
  const kconfig = parseText(`${MODULES}if MODULES\n${'config X\n\tbool "x"\n\tdepends on Y\n'.repeat(3)}endif\n`);
  const again = symbol(packed(kconfig, {})!, 'X');
  expect(again.properties[0]!.visible).toBe(again.nodes[0]!.dependency);
  expect(again.nodes[2]!.ownDependency).toBe(again.nodes[2]!.clauses[0]!.condition);
});

it('is not kept where members of old choices get their types late', () => {
  const text = 'choice\n\tprompt "c"\nconfig A\n\tbool "a"\nconfig B\n\tprompt "b"\nendchoice\n';
  expect(packed(parseText(text, { dialect: OLD }), {})).toBeNull();
});

it('is not taken from bytes that are cut', () => {
  const packer = new Packer();
  packTree(parseText(TEXT, { files: FILES, shell: () => 'y' }), packer);
  const bytes = packer.bytes();
  expect(() => readKeptTree(new Unpacker(bytes.subarray(0, bytes.length - 8)), () => null)).toThrow();
});
