import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageSet } from '../helpers/conf-messages.ts';
import { NEW, NEXT, OLD } from '../helpers/kconfig.ts';
import { parseSmallTree, runSmall } from '../helpers/small-engine.ts';
import { CASE_ENV, CASE_TARGETS, caseText, fixtureCases } from './cases.ts';

const ERAS = { old: OLD, new: NEW, next: NEXT };

describe('fixtures/kconfig', () => {
  it.each(fixtureCases())('$name', ({ name, directory, input, expected }) => {
    const readFile = (file: string): string | null => {
      try {
        return readFileSync(join(directory, file), 'latin1');
      } catch {
        return null;
      }
    };
    const tree = parseSmallTree(readFile, ERAS[name.split('/')[0] as keyof typeof ERAS], { env: CASE_ENV });
    const answers = CASE_TARGETS.map((target) => ({ target, ...runSmall(tree, target, input, CASE_ENV) }));
    expect(caseText(answers, messageSet)).toBe(expected);
  });
});
