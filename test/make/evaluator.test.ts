import { describe, expect, it } from 'vitest';
import { type ConfigLookup, evaluateCondition } from '../../src/conditions/condition.ts';
import { ConditionTable } from '../../src/conditions/condition-table.ts';
import { MakeEvaluator } from '../../src/make/evaluator.ts';
import { TreeFiles } from '../../src/make/files.ts';
import { parseMakefile } from '../../src/make/parser.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { hasMake, makeResult } from './make-judge.ts';
import { kbuildResult, onDemandResult, valueText } from './results.ts';

function evaluator(config: ConfigLookup | null, files: Record<string, string> = {}): MakeEvaluator {
  const fs = memoryFs({ '/tree/.keep': '', ...files });
  return new MakeEvaluator({
    table: new ConditionTable(),
    files: new TreeFiles(fs, '/tree'),
    config,
    holes: [],
  });
}

/** RESULT for one configuration, out of the evaluation with all symbols open. */
function openResult(makefile: string, config: Record<string, string>): string {
  const make = evaluator(null);
  make.run(parseMakefile(makefile, 'Makefile'));
  return make
    .variableWords('RESULT')
    .filter((word) => evaluateCondition(word.when, (symbol) => config[symbol]))
    .map((word) => word.text)
    .join(' ');
}

/** Makefiles whose RESULT GNU make judges; the expected text is what make 4.3 says. */
const CASES: readonly (readonly [name: string, makefile: string, expected: string])[] = [
  ['flavors', 'A = $(B)\nB := 1\nC := $(A)\nB := 2\nRESULT := $(A)$(C)', '21'],
  ['append to a simple variable expands at once', 'B := 1\nA :=\nA += $(B)\nB := 2\nRESULT := $(strip $(A))', '1'],
  ['append to a recursive variable expands late', 'B := 1\nA = x\nA += $(B)\nB := 2\nRESULT := $(A)', 'x 2'],
  ['?= leaves what is set', 'A := 1\nA ?= 2\nB ?= 3\nRESULT := $(A)$(B)', '13'],
  ['single-letter references and $$', 'A := b\nRESULT := $A-$${A}-${A}', 'b-${A}-b'],
  ['computed names', 'a-y := 1\nN := y\nRESULT := $(a-$(N))', '1'],
  ['substitution references', 'A := a.o b.o c.x\nRESULT := $(A:.o=.c) $(A:%.o=x/%.d)', 'a.c b.c c.x x/a.d x/b.d c.x'],
  ['continuations', 'RESULT := a \\\n\tb\\\n  c', 'a b c'],
  ['comments and \\#', 'RESULT := a\\#b # c', 'a#b '],
  ['define', 'define A\nx\ny\nendef\nRESULT := $(words $(A))', '2'],
  ['call', 'f = $(2)-$(1)-$(3)\nRESULT := $(call f,a,b)', 'b-a-'],
  ['eval', 'define t\n$(1)-x := $(2)\nendef\n$(eval $(call t,a,7))\nRESULT := $(a-x)', '7'],
  ['foreach', 'RESULT := $(foreach i,1 2 3,<$(i)>)', '<1> <2> <3>'],
  ['if or and', 'E :=\nRESULT := $(if $(E),a,b)$(or $(E),c)$(and x,d)$(if  x ,e)', 'bcde'],
  ['filter', 'RESULT := $(filter %.o a,a.o b.c a)|$(filter-out %.o,a.o b.c)', 'a.o a|b.c'],
  ['subst and patsubst', 'RESULT := $(subst m,y,mmx)$(patsubst %.c,%.o,a.c b.h)', 'yyxa.o b.h'],
  [
    'names of files',
    'RESULT := $(dir a/b.c d) $(notdir a/b.c) $(basename a.b/c a.b) $(suffix x.y z)',
    'a/ ./ b.c a.b/c a .y',
  ],
  [
    'words',
    'L := a b c d\nRESULT := $(word 2,$(L)) $(wordlist 2,3,$(L)) $(words $(L)) $(firstword $(L)) $(lastword $(L))',
    'b b c 4 a d',
  ],
  ['sort and join', 'RESULT := $(sort c a b a)$(join a b,1 2 3)', 'a b ca1 b2 3'],
  ['affixes', 'RESULT := $(addprefix p/,a b)$(addsuffix .o,a b)', 'p/a p/ba.o b.o'],
  ['findstring and strip', 'RESULT := $(findstring a,xax)$(strip  a   b )', 'aa b'],
  [
    'origin, flavor, value',
    'A = $(B)\nRESULT := $(origin A) $(origin Z) $(flavor A) $(value A)',
    'file undefined recursive $(B)',
  ],
  [
    'else ifeq',
    'A := 2\nifeq ($(A),1)\nRESULT := one\nelse ifeq ($(A),2)\nRESULT := two\nelse\nRESULT := more\nendif',
    'two',
  ],
  ['quoted ifeq', 'ifeq "a b" \'a b\'\nRESULT := same\nendif', 'same'],
  [
    'ifdef looks at the unexpanded text',
    'E :=\nA = $(E)\nifdef A\nRESULT := set\nendif\nifndef E\nRESULT += unset\nendif',
    'set unset',
  ],
  ['override and export', 'override A := 1\nexport B := 2\nRESULT := $(A)$(B)', '12'],
  ['undefine', 'A := 1\nundefine A\nRESULT := <$(A)> $(flavor A)', '<> undefined'],
  ['appending to what was undefined expands late', 'A := 1\nundefine A\nA += $(B)\nB := 2\nRESULT := $(A)', '2'],
  ['blanks that += leaves', 'E :=\nA := $(E)\nA += $(E) \nA += x\nRESULT := <$(A)>', '<  x>'],
  ['blanks before the closing parenthesis', 'E :=\nifeq (a,$(E)a )\nRESULT := same\nelse\nRESULT := not\nendif', 'not'],
  ['blanks of an exported variable', 'export A := x # y\nRESULT := <$(A)>', '<x >'],
  ['a name with blanks', 'S := $() $()\nA$(S) := 1\nRESULT := <$(A)>', '<>'],
  [
    'patsubst that leaves nothing of a word',
    'x := .o a.o\nRESULT := [$(x:.o=)][$(patsubst %.o,,$(x) b.c)][$(patsubst .o,,$(x))]',
    '[ a][b.c][ a.o]',
  ],
  ['patsubst of a whole word', 'RESULT := $(patsubst a,b,a  aa  a )|$(patsubst ,b,a)', 'b  aa  b |a'],
  ['blanks between words', 'RESULT := $(wordlist 2,3,a  b   c d)|$(notdir a/ b)|$(basename .x b)', 'b   c| b| b'],
  ['value of what was appended to', 'A = $(B)\nA += $(C)\nRESULT := $(value A)', '$(B) $(C)'],
  ['rules and recipes are passed by', 'A := 1\nx: y\n\tA := 2\n\t@echo $(A)\nx: A := 3\nRESULT := $(A)', '1'],
  ['commas and parentheses in arguments', 'f = $(1)\nRESULT := $(call f,(a,b)),c', '(a,b),c'],
  ['an escaped percent sign in a pattern', 'RESULT := $(filter \\%z,%z az)|$(patsubst \\%z,b,%z az)', '%z|b az'],
  ['call of eval', '$(call eval,A := 1)\nRESULT := $(A)', '1'],
  ['eval in a recursive variable', 'A = $(eval A := 7)$(A)\nRESULT := $(A)$(flavor A)', '7simple'],
  ['override shields a variable', 'override A = x\nA = y\nA += z\nA ?= v\nundefine A\nRESULT := $(A)', 'x'],
  ['override may be overridden', 'override A = x\noverride A += y\nRESULT := $(A) $(origin A)', 'x y override'],
  ['override undefine', 'override A = x\noverride undefine A\nA = y\nRESULT := $(A)', 'y'],
  ['several modifiers', 'export override A := x\nA := y\noverride export define B\nz\nendef\nRESULT := $(A)$(B)', 'xz'],
  ['a variable named like a modifier', 'export = 1\nRESULT := $(export)', '1'],
  ['a word that only looks like a directive', 'include-y := 1\ninclude/x.h: z\n\t@:\nRESULT := $(include-y)', '1'],
];

/** The same with programs that run when somebody asks for a value. */
const WITH_PROGRAMS: typeof CASES = [
  ['a variable as it was', 'A := 1\nB := $(shell echo $(A))\nA := 2\nRESULT := $(B)$(A)', '12'],
  ['an appended answer', 'A := x\nA += $(shell echo y)\nB := $(A)\nA += z\nRESULT := $(B)|$(A)', 'x y|x y z'],
  ['an empty answer', 'A := x\nA += $(shell true)\nA += z\nRESULT := <$(A)>', '<x z>'],
  ['lines of an answer', "RESULT := <$(shell printf 'a\\r\\nb\\n\\n')>", '<a b>'],
  ['!=', 'A != echo a b\nRESULT := $(A)', 'a b'],
  [
    'a branch that only a program decides',
    'A := 1\nifeq ($(shell echo n),y)\nA := 2\nB := $(A)\nelse ifdef A\nA := 3\nB += $(A)\nendif\nRESULT := $(A)$(B)',
    '33',
  ],
  [
    'what only a program says is set',
    'ifeq ($(shell echo y),y)\nA := 1\nendif\nA ?= 2\nifdef A\nB := $(A)\nendif\nRESULT := $(A)$(B)$(origin B)$(flavor A)',
    '11filesimple',
  ],
  ['eval beside an answer', 'A := $(shell echo a)$(eval B := $(shell echo b))\nC := $(B)\nRESULT := $(C)$(A)', 'ba'],
  [
    'an answer that is evaluated late',
    'A = $(eval A := $(shell echo a))$(A)\nB := $(A)\nRESULT := $(B)$(flavor A)',
    'asimple',
  ],
  [
    'call with an answer',
    'f = $(shell echo $(1)$(X))\nX := x\nA := $(call f,1)\nX := y\nRESULT := $(A)$(foreach i,1 2,$(call f,$(i)))',
    '1x1y 2y',
  ],
  ['override where a program says so', 'ifeq ($(shell echo y),y)\noverride A = 1\nendif\nA = 2\nRESULT := $(A)', '1'],
  [
    'ifdef of what a branch sets that make does not take',
    'ifneq ($(shell echo x),)\nA = $(A)\nelse\nB := $(shell echo $(A))\nendif\nifndef B\nA := a\nendif\nRESULT := $(A)',
    'a',
  ],
  ['undefine where a program says so', 'A := 1\nifneq ($(shell echo y),y)\nundefine A\nendif\nRESULT := $(A)', '1'],
];

describe('make', () => {
  it.each(CASES)('%s', (_name, makefile, expected) => {
    expect(kbuildResult(makefile)).toBe(expected);
    expect(onDemandResult(makefile)).toBe(expected);
  });

  it.skipIf(!hasMake && !process.env['CI'])('agrees with GNU make on all of them', () => {
    for (const [name, makefile, expected] of [...CASES, ...WITH_PROGRAMS]) {
      expect([name, makeResult(makefile)]).toEqual([name, expected]);
    }
  });

  it.each(WITH_PROGRAMS)('with programs: %s', (_name, makefile, expected) => {
    expect(onDemandResult(makefile)).toBe(expected);
  });

  it('expands what info prints', () => {
    expect(onDemandResult('X := $(info $(eval RESULT := 1))')).toBe('1');
  });

  it('runs only the programs that a value needs', () => {
    const ran: string[] = [];
    const lines = [
      'A := $(shell echo a)',
      'B := $(A)b',
      'ifeq ($(shell echo y),y)',
      'C := $(shell echo c)',
      'D := d',
      'endif',
      'RESULT := $(D)',
    ];
    expect(onDemandResult(lines.join('\n'), ran)).toBe('d');
    expect(ran).toEqual(['echo y']);
  });

  it('runs no program for what a branch sets that make does not take', () => {
    const ran: string[] = [];
    const makefile = 'ifeq ($(shell echo n),y)\nB := $(shell echo b)\nendif\nifndef B\nRESULT := r\nendif';
    expect(onDemandResult(makefile, ran)).toBe('r');
    expect(ran).toEqual(['echo n']);
  });

  it('names the line of what is broken', () => {
    expect(() => parseMakefile('a := 1\nifdef A\n', 'd/Makefile')).toThrow(
      expect.objectContaining({
        diagnostic: expect.objectContaining({
          code: 'kbuild-missing-endif',
          at: { file: 'd/Makefile', line: 2, column: 0 },
        }),
      }),
    );
    expect(() => parseMakefile('endif\n', 'M')).toThrow('kbuild-stray-endif');
    expect(() => parseMakefile('else\n', 'M')).toThrow('kbuild-stray-else');
    expect(() => parseMakefile('define x\n', 'M')).toThrow('kbuild-missing-endef');
    expect(() => parseMakefile('ifeq (a b)\nendif\n', 'M')).toThrow('kbuild-bad-conditional');
  });

  it('runs no shell command that is not answered', () => {
    const make = evaluator(() => undefined);
    make.run(parseMakefile('RESULT := <$(shell touch /tmp/x)>\n', 'Makefile'));
    expect(make.variable('RESULT')).toBe('<>');
    expect(make.unanswered).toEqual([{ command: 'touch /tmp/x', at: { file: 'Makefile', line: 1, column: 0 } }]);
  });
});

describe('make with open symbols', () => {
  const VALUES = ['', 'y', 'm', '64'];
  const MAKEFILES: readonly (readonly [string, string])[] = [
    ['a list by suffix', 'r-$(CONFIG_A) += a.o\nr-$(CONFIG_B) += b.o\nRESULT := $(r-y) $(r-m)'],
    [
      'a conditional',
      'ifeq ($(CONFIG_A),y)\nRESULT := one\nelse ifdef CONFIG_B\nRESULT := two\nelse\nRESULT := three\nendif',
    ],
    ['two symbols in one comparison', 'ifeq ($(CONFIG_A)$(CONFIG_B),yy)\nRESULT := both\nendif'],
    ['subst in a name', 'r-$(subst y,$(CONFIG_A),$(CONFIG_B)) += x.o\nRESULT := $(r-y) $(if $(r-m),m$(r-m))'],
    ['a substitution reference in a name', 'r-$(CONFIG_A:m=y) += x.o\nRESULT := $(r-y)'],
    [
      'a list glued into a name',
      'ifdef CONFIG_A\nBITS := 32\nelse\nBITS := 64\nendif\nRESULT := head_$(BITS).o $(BITS)',
    ],
    ['overwriting under a condition', 'RESULT := a\nifdef CONFIG_A\nRESULT := b\nendif\nRESULT += c'],
    [
      'what is simple under a condition, and is added to',
      'ifdef CONFIG_A\nL := a\nendif\nifdef CONFIG_B\nL = b\nendif\nW := 1\nL += $(W)\nW := 2\nRESULT := $(L)',
    ],
    [
      'what is simple until it is undefined',
      'L := a\nifdef CONFIG_A\nundefine L\nendif\nL ?= $(W)\nW := 1\nL += $(W)\nW := 2\nRESULT := $(L)',
    ],
    ['filter', 'L := a.o\nL += $(if $(CONFIG_A),b.o)\nRESULT := $(filter-out $(if $(CONFIG_B),a.o),$(L))'],
    ['the first word', 'L-$(CONFIG_A) := a\nL-$(CONFIG_B) += b\nRESULT := $(firstword $(L-y) z)'],
    [
      'lines of a makefile from foreach',
      `L-$(CONFIG_A) += a\nL-$(CONFIG_B) += b\nL-y += c\nT :=\ndefine lines\nRESULT += $(1).o\nOTHER := $(1)\nT := t.o\n\nendef\n` +
        `$(eval $(foreach w,$(L-y),$(call lines,$(w))))\n$(eval $(foreach w,$(L-m),$(call lines,m$(w))))\nRESULT += $(T)`,
    ],
    [
      'a block of lines from foreach',
      'L-$(CONFIG_A) += a\nL-$(CONFIG_B) += b\ndefine lines\nifeq ($(1),a)\nRESULT += $(1).o\nendif\n\nendef\n' +
        '$(eval $(foreach w,$(L-y),$(call lines,$(w))))\nRESULT += c',
    ],
    ['foreach', 'L-$(CONFIG_A) := a\nL-y += $(CONFIG_B)\nRESULT := $(foreach w,$(L-y),<$(w)>)'],
  ];

  it.each(MAKEFILES)('%s: as with every configuration on its own', (_name, makefile) => {
    for (const a of VALUES) {
      for (const b of VALUES.slice(0, 3)) {
        const config = { A: a, B: b };
        const make = evaluator((symbol) => config[symbol as 'A'] || undefined);
        make.run(parseMakefile(makefile, 'Makefile'));
        const plain = valueText(make.variable('RESULT')).trim().replace(/\s+/g, ' ');
        const filled = Object.fromEntries(Object.entries(config).filter(([, value]) => value !== ''));
        expect([config, openResult(makefile, filled)]).toEqual([config, plain]);
      }
    }
  });
});
