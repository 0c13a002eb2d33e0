/** Statements of plain words are read as a whole; they mean what the same statements mean read word by word. */
import { describe, expect, it } from 'vitest';
import { type MakeStatement, parseMakefile } from '../../src/make/parser.ts';

/** Line, name, operator and text of each assignment. */
function assignments(makefile: string): unknown[] {
  const found: unknown[] = [];
  const visit = (statements: readonly MakeStatement[]): void => {
    for (const each of statements) {
      if (each.kind === 'words') {
        const name = each.symbol === null ? each.name : `${each.name}$(CONFIG_${each.symbol})`;
        found.push([each.at.line, name, each.operator, each.text]);
      } else if (each.kind === 'assign') found.push([each.at.line, each.name.raw, each.operator, each.value.raw]);
      else if (each.kind === 'conditional') for (const branch of each.branches) visit(branch.body);
      else found.push([each.at.line, each.kind]);
    }
  };
  visit(parseMakefile(makefile, 'Makefile'));
  return found;
}

describe('statements of plain words', () => {
  it.each([
    ['spaces', 'obj-y  +=\ta.o  b.o ', [[1, 'obj-y', '+=', 'a.o  b.o ']]],
    ['no spaces', 'obj-$(CONFIG_A):=a.o', [[1, 'obj-$(CONFIG_A)', ':=', 'a.o']]],
    [
      'nothing',
      'obj-y =\nobj-m :=',
      [
        [1, 'obj-y', '=', ''],
        [2, 'obj-m', ':=', ''],
      ],
    ],
    [
      'comments',
      'obj-y := a.o # b.o\n# c\n\nobj-m := d.o#e',
      [
        [1, 'obj-y', ':=', 'a.o '],
        [4, 'obj-m', ':=', 'd.o'],
      ],
    ],
    [
      'continuations',
      'a-y := \\\n\tb.o \\\n  \\\n c.o\\\nd.o\na-m = e',
      [
        [1, 'a-y', ':=', 'b.o c.o d.o'],
        [6, 'a-m', '=', 'e'],
      ],
    ],
    ['a continuation at the end', 'a-y := b.o \\\n', [[1, 'a-y', ':=', 'b.o ']]],
    [
      'a continued comment',
      'a-y := b.o # c \\\nd-y := e\nf-y := g',
      [
        [1, 'a-y', ':=', 'b.o '],
        [3, 'f-y', ':=', 'g'],
      ],
    ],
    [
      'line ends of Windows',
      'a-y := b.o\r\na-y += c.o\r\n',
      [
        [1, 'a-y', ':=', 'b.o'],
        [2, 'a-y', '+=', 'c.o'],
      ],
    ],
    [
      'references',
      'a-y := $(b)\na-$(c) := d',
      [
        [1, 'a-y', ':=', '$(b)'],
        [2, 'a-$(c)', ':=', 'd'],
      ],
    ],
    ['escapes', 'a-y := b\\#c', [[1, 'a-y', ':=', 'b#c']]],
    [
      'other operators',
      'a-y ?= b\na-y ::= c',
      [
        [1, 'a-y', '?=', 'b'],
        [2, 'a-y', ':=', 'c'],
      ],
    ],
    [
      'directives',
      'export := a\ndefine = b',
      [
        [1, 'export', ':=', 'a'],
        [2, 'define', '=', 'b'],
      ],
    ],
    ['flags', 'ccflags-y += -a\nCFLAGS_a.o := -b\nb-y := c', [[3, 'b-y', ':=', 'c']]],
    [
      'rules',
      'a-y: b\n\tobj-y += c\nd-y := e',
      [
        [1, 'rule'],
        [3, 'd-y', ':=', 'e'],
      ],
    ],
    ['target-specific variables', 'a-y: b := c', [[1, 'rule']]],
    [
      'bodies of define',
      'define a\nb-y := c\nendef\nd-y := e',
      [
        [1, 'a', '=', 'b-y := c'],
        [4, 'd-y', ':=', 'e'],
      ],
    ],
    [
      'branches',
      'ifdef A\na-y := b\nelse\na-y := c\nendif',
      [
        [2, 'a-y', ':=', 'b'],
        [4, 'a-y', ':=', 'c'],
      ],
    ],
  ])('%s', (_, makefile, expected) => {
    expect(assignments(makefile)).toEqual(expected);
  });

  it('tells the line of what is not closed', () => {
    expect(() => parseMakefile('a-y := \\\nb\nifdef C\nd-y := e\n', 'Makefile')).toThrow(
      expect.objectContaining({
        diagnostic: expect.objectContaining({ at: { file: 'Makefile', line: 3, column: 0 }, lineText: 'ifdef C' }),
      }),
    );
  });
});
