/**
 * npm run docs:record
 *
 * Records a trim of Debian's config on a terminal, and writes docs/trim.svg. Needs `npm run setup:kernel` (or
 * KCONFIG_TRIM_KERNELS), and util-linux' `script`.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from './pages.ts';
import { recordingSvg } from './recording-svg.ts';
import { openScene } from './scenes.ts';
import { RECORDED, recordTrim } from './trim-recording.ts';

const scene = openScene('debian');
try {
  const frames = await recordTrim(scene);
  const title = `${RECORDED.command}\n${RECORDED.title}`;
  writeFileSync(join(REPOSITORY, 'docs/trim.svg'), recordingSvg(frames, RECORDED.columns, RECORDED.rows, title));
} finally {
  scene.close();
}
