import { describe, expect, it } from 'vitest';
import { readPages, type ShownOutput, shownOutputs } from '../../scripts/docs/pages.ts';
import { printedPage } from '../../scripts/docs/printed-pages.ts';
import { startHere } from '../helpers/start-here.ts';

/** Outputs of what builds, or asks a toolchain. */
const isHeavy = ({ command, scene }: ShownOutput): boolean => !command.includes(' --no-exec') && scene !== 'debian';

describe('what the documentation shows of outputs', () => {
  it.each(readPages().filter(({ text }) => shownOutputs(text).some(isHeavy)))(
    'in $path is what is printed (npm run docs)',
    async (page) => {
      expect(await printedPage(page, isHeavy, startHere)).toBe(page.text);
    },
  );
});
