import type { Stream } from './output.ts';

/** Whether a stream gets more than text. @param color false where the command line says so */
export function isColored(color: boolean, stream: Stream): boolean {
  return color && !process.env['NO_COLOR'] && (process[stream].isTTY ?? false);
}
