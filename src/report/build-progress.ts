import type { Moment } from '../build/progress.ts';
import { count, counted } from './count-text.ts';
import { formatDuration } from './duration-text.ts';
import { byteStringToTerminal } from './plain-text.ts';

/** What a progress line says. */
export interface ProgressLine {
  readonly moment: Moment;
  readonly warnings: number;
  /** The step that began last: `CC drivers/net/tun.o`; null before the first. */
  readonly current: string | null;
}

const BAR_WIDTH = 20;
/** Below this the bar leaves its room to the figures. */
const ROOM_FOR_BAR = 72;
/** Less of a path says nothing. */
const SHORTEST_PATH = 8;

/**
 * One line for a terminal, never wider than it.
 * @param width columns that it may take
 */
export function progressLine(line: ProgressLine, width: number): string {
  const { moment, warnings, current } = line;
  const percent = `${String(Math.floor(moment.fraction * 100)).padStart(3)} %`;
  const parts = [workText(moment), toGo(moment), ...(warnings > 0 ? [`${counted(warnings, 'warning')}`] : [])];
  let text = width >= ROOM_FOR_BAR ? `${bar(moment.fraction)} ${percent}` : percent;
  for (const part of parts) if (text.length + 2 + part.length <= width) text += `  ${part}`;
  const step = byteStringToTerminal(current ?? '');
  const shown = shortened(step, width - text.length - 2);
  if (shown !== '') text += `  ${shown}`;
  return text.slice(0, Math.max(0, width));
}

/** Units, and once all are compiled the modules that are linked. */
function workText({ phase, compiled, units, linked, modules }: Moment): string {
  if (phase === 'link' && linked > 0) return `${count(linked)}/${count(modules)} modules`;
  return `${count(compiled)}/${count(units)}`;
}

function bar(fraction: number): string {
  const full = Math.floor(fraction * BAR_WIDTH);
  return `[${'#'.repeat(full)}${'.'.repeat(BAR_WIDTH - full)}]`;
}

function toGo({ secondsToGo }: Moment): string {
  return `${formatDuration(Math.max(1, secondsToGo))} to go`;
}

/** A step in so much room, or nothing: of a path that is too long, the end says more. */
function shortened(step: string, room: number): string {
  if (step.length <= room) return step;
  const [verb = '', path = ''] = step.split(' ', 2);
  const left = room - verb.length - 2;
  return left < SHORTEST_PATH || left >= path.length ? '' : `${verb} …${path.slice(path.length - left)}`;
}

/** A line for where there is no terminal. */
export function plainProgress({ moment, warnings }: ProgressLine): string {
  const { compiled, units, elapsedSeconds, fraction } = moment;
  const percent = String(Math.floor(fraction * 100)).padStart(3);
  const said = warnings > 0 ? `, ${counted(warnings, 'warning')}` : '';
  return (
    `build: ${percent} %, ${count(compiled)} of ${counted(units, 'unit')}, ${formatDuration(elapsedSeconds)}, ` +
    `about ${toGo(moment)}${said}`
  );
}
