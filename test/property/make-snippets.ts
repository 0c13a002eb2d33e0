/**
 * Random makefiles that set RESULT, for comparing evaluators: assignments of all kinds, conditionals, text functions,
 * `call`, `eval`, `foreach`, computed names. Nothing in them looks at files; the only program is `echo`.
 */
import fc from '../helpers/fast-check.ts';

const NAMES = ['a', 'b', 'c', 'list', 'x-y', 'x-m', 'x-'];
const WORDS = ['a.o', 'b.o', 'dir/', 'sub/c.o', 'y', 'm', 'n', 'foo-bar', '%', 'x%y', '42', '.', '..', 'a.b.c'];

const name = fc.constantFrom(...NAMES);
const word = fc.constantFrom(...WORDS);
const pattern = fc.constantFrom('%.o', '%.c', 'a%', 'a.o', '%', 'sub/%', '%/c.o');
const space = fc.constantFrom(' ', '  ', '\t', ' \\\n\t');

/** Runs the programs that are in these makefiles. */
export function runEcho(command: string): string {
  return `${/^echo '(.*)'$/s.exec(command)![1]}\n`;
}

/** Texts that reference variables and call functions; `$(1)` and `$(2)` where they are bound. */
const textsWith = (programs: boolean) =>
  fc.letrec<{ text: string; piece: string }>((tie) => {
    const inner = tie('text');
    const call1 = (names: readonly string[]) =>
      fc.tuple(fc.constantFrom(...names), inner).map(([f, t]) => `$(${f} ${t})`);
    return {
      piece: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        word,
        name.map((n) => `$(${n})`),
        name.map((n) => `\${${n}}`),
        fc.constantFrom('$(1)', '$(2)', '$a', '$$', '$(0)', '$(undefined)'),
        fc.tuple(fc.constantFrom('x-'), name).map(([p, n]) => `$(${p}$(${n}))`),
        fc.tuple(name, fc.constantFrom('.o=.c', '%.o=%.d', '%=p/%', 'y=m', '.o=')).map(([n, s]) => `$(${n}:${s})`),
        call1(['strip', 'sort', 'words', 'firstword', 'lastword', 'dir', 'notdir', 'basename', 'suffix']),
        fc.tuple(fc.constantFrom('filter', 'filter-out'), pattern, inner).map(([f, p, t]) => `$(${f} ${p},${t})`),
        fc.tuple(fc.constantFrom('addprefix', 'addsuffix'), word, inner).map(([f, w, t]) => `$(${f} ${w},${t})`),
        fc.tuple(pattern, pattern, inner).map(([p, r, t]) => `$(patsubst ${p},${r},${t})`),
        fc.tuple(fc.constantFrom('a', '.o', ' ', 'y', ''), word, inner).map(([f, w, t]) => `$(subst ${f},${w},${t})`),
        fc.tuple(fc.constantFrom('findstring', 'join'), inner, inner).map(([f, s, t]) => `$(${f} ${s},${t})`),
        fc.tuple(fc.integer({ min: 1, max: 4 }), inner).map(([n, t]) => `$(word ${n},${t})`),
        fc
          .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 4 }), inner)
          .map(([from, to, t]) => `$(wordlist ${from},${to},${t})`),
        fc.tuple(inner, inner, inner).map(([c, t, e]) => `$(if ${c},${t},${e})`),
        fc.tuple(fc.constantFrom('or', 'and'), inner, inner).map(([f, s, t]) => `$(${f} ${s},${t})`),
        fc.tuple(fc.constantFrom('i', 'a'), inner, inner).map(([n, l, t]) => `$(foreach ${n},${l},${t}<$(${n})>)`),
        fc.tuple(fc.constantFrom('f', 'g', 'undefined'), inner, inner).map(([f, s, t]) => `$(call ${f},${s},${t})`),
        fc.tuple(fc.constantFrom('origin', 'flavor', 'value'), name).map(([f, n]) => `$(${f} ${n})`),
        ...(programs ? [inner.map((t) => `$(shell echo '${t}')`)] : []),
      ),
      text: fc
        .array(fc.tuple(tie('piece'), fc.constantFrom('', ' ', ' ')), { minLength: 0, maxLength: 3 })
        .map((pieces) => pieces.map(([p, s]) => p + s).join('')),
    };
  });

/** Variables that are expanded late; since they never refer to each other, they never refer to themselves. */
const late = fc.constantFrom('late', 'later');

/** `+=` makes a variable of the flavor that it has; so all but the late ones begin as simple ones. */
const PREAMBLE = [
  ...NAMES.map((n) => `${n} :=`),
  'f = $(2)-$(1)$(if $(3),z)',
  'g = $(foreach w,$(1),$(call f,$(w),$(2)))',
  'define t',
  '$(1) += $(2)',
  'x-$(2) := $(1)',
  'endef',
];

/** Makefiles whose RESULT shows all that was computed. @param programs whether they run some */
function snippets(programs: boolean): fc.Arbitrary<string> {
  const { text } = textsWith(programs);
  const assignment = fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(name, fc.constantFrom(':=', '::=', '+='), space, text, fc.constantFrom('', '', ' $(late)', '$(later)'))
        .map(([n, operator, s, t, l]) => `${n} ${operator}${s}${t}${l}`),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(late, fc.constantFrom('=', '?=', '+='), text)
        .map(([n, operator, t]) => `${n} ${operator} ${t}`),
    },
  );

  const { statements } = fc.letrec<{ statements: string; statement: string }>((tie) => ({
    statement: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: assignment },
      { weight: 1, arbitrary: fc.tuple(name, text).map(([n, t]) => `export ${n} := ${t} # comment`) },
      { weight: 1, arbitrary: fc.tuple(name, text).map(([n, t]) => `ifndef ${n}\n${n} := ${t}\nendif`) },
      { weight: 1, arbitrary: fc.tuple(name, text).map(([n, t]) => `override ${n} := ${t}`) },
      { weight: 1, arbitrary: name.map((n) => `undefine ${n}`) },
      { weight: 1, arbitrary: fc.tuple(name, word).map(([n, w]) => `$(eval ${n} := ${w} $$(${n}))`) },
      { weight: 1, arbitrary: fc.tuple(name, word).map(([n, w]) => `$(eval $(call t,${n},${w}))`) },
      { weight: 1, arbitrary: fc.tuple(name, text).map(([n, t]) => `x-$(${n}) += ${t}`) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom('ifeq', 'ifneq'), text, text, tie('statements'), tie('statements'))
          .map(([d, l, r, yes, no]) => `${d} (${l},${r})\n${yes}\nelse\n${no}\nendif`),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.constantFrom('ifdef', 'ifndef'), name, tie('statements'), name, tie('statements'))
          .map(([d, n, yes, m, no]) => `${d} ${n}\n${yes}\nelse ifdef ${m}\n${no}\nendif`),
      },
    ),
    statements: fc.array(tie('statement'), { minLength: 0, maxLength: 3 }).map((all) => all.join('\n')),
  }));

  return fc.tuple(fc.array(statements, { minLength: 1, maxLength: 6 }), text).map(([all, last]) => {
    const shown = [...NAMES, 'late', 'later'].map((n) => `[$(${n})]`).join('');
    return [...PREAMBLE, ...all, `RESULT := ${shown}|${last}|`].join('\n');
  });
}

/** Makefiles that run no program. */
export const makeSnippet = snippets(false);

/** Makefiles that run programs. */
export const makeSnippetWithPrograms = snippets(true);
