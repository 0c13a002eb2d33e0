import { spawn } from 'node:child_process';
import xterm from '@xterm/headless';

/** Characters of one look in a line. */
export interface Run {
  readonly text: string;
  readonly isBold: boolean;
  /** A colour of the terminal's sixteen; null for the usual one. */
  readonly colour: number | null;
}

/** What a terminal showed from a moment on. */
export interface Frame {
  readonly atMs: number;
  readonly lines: readonly (readonly Run[])[];
}

/** What is run on which terminal. */
export interface Recorded {
  readonly command: string;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns: number;
  readonly rows: number;
}

/**
 * Runs a command on a terminal (that util-linux' `script` makes) and records what that shows: a frame for each change.
 * @throws Error where the command cannot be started
 */
export async function recordTerminal({ command, cwd, env, columns, rows }: Recorded): Promise<Frame[]> {
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  const words = ['-qec', `stty cols ${columns} rows ${rows}; ${command}`, '/dev/null'];
  const child = spawn('script', words, {
    cwd,
    env: { ...env, TERM: 'xterm-256color' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const started = performance.now();
  const frames: Frame[] = [];
  for await (const chunk of child.stdout) {
    const atMs = performance.now() - started;
    await new Promise<void>((resolve) => terminal.write(chunk as Buffer, resolve));
    const lines = screenOf(terminal);
    if (JSON.stringify(lines) !== JSON.stringify(frames.at(-1)?.lines)) frames.push({ atMs, lines });
  }
  return frames;
}

/** The lines that a terminal shows, without the empty ones below. */
function screenOf(terminal: InstanceType<typeof xterm.Terminal>): Run[][] {
  const buffer = terminal.buffer.active;
  const lines = Array.from({ length: terminal.rows }, (_, y) => {
    const runs: { text: string; isBold: boolean; colour: number | null }[] = [];
    const line = buffer.getLine(buffer.viewportY + y);
    for (let x = 0; line && x < terminal.cols; x++) {
      const cell = line.getCell(x)!;
      const look = { isBold: cell.isBold() !== 0, colour: cell.isFgPalette() ? cell.getFgColor() : null };
      const last = runs.at(-1);
      if (last && last.isBold === look.isBold && last.colour === look.colour) last.text += cell.getChars() || ' ';
      else runs.push({ text: cell.getChars() || ' ', ...look });
    }
    const last = runs.at(-1);
    if (last) last.text = last.text.trimEnd();
    return last?.text === '' ? runs.slice(0, -1) : runs;
  });
  while (lines.at(-1)?.length === 0) lines.pop();
  return lines;
}

/** The text of a frame. */
export const textOf = ({ lines }: Frame): string =>
  lines.map((line) => line.map(({ text }) => text).join('')).join('\n');
