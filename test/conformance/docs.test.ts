import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY, readPages, shownOutputs } from '../../scripts/docs/pages.ts';
import { printedPage } from '../../scripts/docs/printed-pages.ts';
import { lastFrameText } from '../../scripts/docs/recording-svg.ts';
import { openScene, startProgram } from '../../scripts/docs/scenes.ts';
import { textOf } from '../../scripts/docs/terminal-recording.ts';
import { recordTrim } from '../../scripts/docs/trim-recording.ts';

describe("what the documentation shows of Debian's kernel", () => {
  it.each(readPages().filter(({ text }) => shownOutputs(text).some(({ scene }) => scene === 'debian')))(
    'in $path is what is printed (npm run docs)',
    async (page) => {
      expect(await printedPage(page, ({ scene }) => scene === 'debian', startProgram)).toBe(page.text);
    },
  );

  it('ends, in the recording, with the report that a terminal shows (npm run docs:record)', async () => {
    const scene = openScene('debian');
    try {
      const frames = await recordTrim(scene);
      // make's jobs are as many as there are processors.
      const settled = (text: string): string => text.replace(/ -j\d+/g, ' -jN');
      const recorded = lastFrameText(readFileSync(join(REPOSITORY, 'docs/trim.svg'), 'utf8'));
      expect(settled(recorded)).toBe(settled(textOf(frames.at(-1)!)));
    } finally {
      scene.close();
    }
  });
});
