import type { Frame, Run } from './terminal-recording.ts';

/** Pixels. */
const CELL = { width: 8, height: 18 };
const MARGIN = 16;
/** How long the last frame stays before it begins again, in milliseconds. */
const REST_MS = 12_000;

/** The terminal's colours that the program uses, on a light and on a dark ground. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  text: ['#1f2328', '#e6edf3'],
  ground: ['#f6f8fa', '#0d1117'],
  1: ['#cf222e', '#ff7b72'],
  2: ['#1a7f37', '#3fb950'],
  3: ['#9a6700', '#d29922'],
  4: ['#0969da', '#58a6ff'],
  5: ['#8250df', '#bc8cff'],
  6: ['#1b7c83', '#39c5cf'],
  8: ['#59636e', '#9198a1'],
};

/** For XML. */
const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/**
 * A recording as an SVG that shows its frames one after the other, without end; where motion is not wanted, the last one.
 * Its colours follow `prefers-color-scheme`.
 * @param title for who does not see it
 */
export function recordingSvg(frames: readonly Frame[], columns: number, rows: number, title: string): string {
  const length = frames.at(-1)!.atMs + REST_MS;
  const width = columns * CELL.width + 2 * MARGIN;
  const height = rows * CELL.height + 2 * MARGIN;
  const style = [
    `text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}`,
    '.b{font-weight:700}',
    ...Object.entries(COLOURS).map(([name, [light]]) => rule(name, light)),
    `@media(prefers-color-scheme:dark){${Object.entries(COLOURS)
      .map(([name, [, dark]]) => rule(name, dark))
      .join('')}}`,
    '.f{visibility:hidden}',
    ...frames.map((frame, i) => keyframes(frame, frames[i + 1], i, length)),
    `@media(prefers-reduced-motion:reduce){.f{animation:none!important}#f${frames.length - 1}{visibility:visible}}`,
  ];
  const shown = frames.map(({ lines }, i) => `<g class="f" id="f${i}">\n${lines.map(lineText).join('')}</g>\n`);
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">\n` +
    `<title>${escaped(title)}</title>\n<style>\n${style.join('\n')}\n</style>\n` +
    `<rect class="ground" width="${width}" height="${height}" rx="8"/>\n${shown.join('')}</svg>\n`
  );
}

/** The text of the last frame of an SVG of `recordingSvg`, with the empty lines that it has. */
export function lastFrameText(svg: string): string {
  const frame = svg.slice(svg.lastIndexOf('<g class="f"'));
  const lines: string[] = [];
  for (const [, y, spans] of frame.matchAll(/<text y="([\d.]+)">(.*)<\/text>/g)) {
    const line = Math.floor((Number(y) - MARGIN) / CELL.height);
    while (lines.length < line) lines.push('');
    lines.push(
      spans!
        .replace(/<[^>]*>/g, '')
        .replaceAll('&lt;', '<')
        .replaceAll('&gt;', '>')
        .replaceAll('&quot;', '"')
        .replaceAll('&amp;', '&'),
    );
  }
  return lines.join('\n');
}

const rule = (name: string, colour: string): string => `.${/^\d/.test(name) ? `c${name}` : name}{fill:${colour}}`;

/** Shows a frame from its moment to the next one's. */
function keyframes(frame: Frame, next: Frame | undefined, i: number, length: number): string {
  const percent = (ms: number): string => `${((100 * ms) / length).toFixed(2)}%`;
  const [from, to] = [i === 0 ? 0 : frame.atMs, next?.atMs ?? length];
  const on = `${percent(from)},${percent(to)}{visibility:visible}`;
  const off = next ? `${percent(to)},100%{visibility:hidden}` : '';
  const before = i === 0 ? '' : `0%,${percent(from)}{visibility:hidden}`;
  const steps = `@keyframes k${i}{${before}${on}${off}}`;
  return `${steps}\n#f${i}{animation:k${i} ${(length / 1000).toFixed(1)}s step-end infinite}`;
}

function lineText(runs: readonly Run[], y: number): string {
  let column = 0;
  const spans = runs.map(({ text, isBold, colour }) => {
    const classes = [isBold ? 'b' : '', colour === null ? 'text' : `c${colour}`].filter(Boolean).join(' ');
    const at = MARGIN + column * CELL.width;
    column += text.length;
    // A width for each run: whatever the font's own is, columns stay columns.
    return `<tspan x="${at}" class="${classes}" textLength="${text.length * CELL.width}">${escaped(text)}</tspan>`;
  });
  return spans.length === 0 ? '' : `<text y="${MARGIN + (y + 0.75) * CELL.height}">${spans.join('')}</text>\n`;
}
