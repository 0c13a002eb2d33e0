/** Random makefiles, evaluated here and by GNU make. */

import { describe, expect, it } from 'vitest';
import fc from '../helpers/fast-check.ts';
import { hasMake, MAKE_STOPPED, makeResults } from '../make/make-judge.ts';
import { kbuildResult, onDemandResult } from '../make/results.ts';
import { makeSnippet, makeSnippetWithPrograms, runEcho } from './make-snippets.ts';

/** Makefiles that one shell has judged. */
const BATCH = 40;

function compare(makefile: fc.Arbitrary<string>, evaluators: readonly ((text: string) => string)[]): void {
  fc.assert(
    fc.property(fc.array(makefile, { minLength: 1, maxLength: BATCH }), (makefiles) => {
      const judged = makeResults(makefiles);
      expect(judged.length).toBe(makefiles.length);
      // Where make stops, for a word numbered 0 say, there is nothing to compare.
      const compared = makefiles
        .map((text, i) => ({ text, result: judged[i]! }))
        .filter((each) => each.result !== MAKE_STOPPED);
      for (const evaluate of evaluators) {
        expect(compared.map(({ text }) => ({ text, result: evaluate(text) }))).toEqual(compared);
      }
    }),
    { numRuns: 10 },
  );
}

describe.skipIf(!hasMake && !process.env['CI'])('random makefiles', () => {
  it('come to what GNU make says, in both ways', () =>
    compare(makeSnippet, [kbuildResult, (text) => onDemandResult(text)]));

  it('come to it with programs that run on demand', () => {
    compare(makeSnippetWithPrograms, [(text) => onDemandResult(text, [], runEcho)]);
  });
});
