import { join } from 'node:path';
import { REPOSITORY } from './pages.ts';
import type { Scene } from './scenes.ts';
import { type Frame, type Run, recordTerminal } from './terminal-recording.ts';

/** The command that is recorded, and its terminal. */
export const RECORDED = {
  command: 'kconfig-trim -c ../config-6.12-amd64 -l ../host.record --no-exec',
  title: "Debian's config for Linux 6.12, trimmed for a PC with 93 loaded modules",
  columns: 80,
  rows: 32,
} as const;

/** The prompt and the command, above what it shows. */
const PROMPT: readonly Run[] = [
  { text: '$ ', isBold: false, colour: 2 },
  { text: RECORDED.command, isBold: true, colour: null },
];

/** Records the trim in the scene `debian`; a turn of the spinner alone is no frame. */
export async function recordTrim(scene: Scene): Promise<Frame[]> {
  const program = `${process.execPath} ${join(REPOSITORY, 'bin/kconfig-trim.js')}`;
  const { NO_COLOR, ...env } = scene.env;
  const recorded = await recordTerminal({
    ...RECORDED,
    rows: RECORDED.rows - 1,
    command: RECORDED.command.replace('kconfig-trim', program),
    cwd: scene.cwd,
    env,
  });
  const frames: Frame[] = [{ atMs: 0, lines: [PROMPT] }];
  let said = '';
  for (const { atMs, lines } of recorded) {
    const text = JSON.stringify(lines).replace(/[⠁-⣿]/g, '');
    if (text === said || lines.length === 0) continue;
    said = text;
    const settled = lines.map((line) => line.map((run) => ({ ...run, text: scene.settle(run.text) })));
    frames.push({ atMs, lines: [PROMPT, ...settled] });
  }
  return frames;
}
