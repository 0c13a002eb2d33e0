import type { Stream } from './output.ts';

/** Whether the terminal knows no escape sequences. */
export const isDumb = (): boolean => process.env['TERM'] === 'dumb';

/** Whether a stream gets more than text. @param color false where the command line says so */
export function isColored(color: boolean, stream: Stream): boolean {
  return color && !process.env['NO_COLOR'] && !isDumb() && (process[stream].isTTY ?? false);
}
