/** Which part of this program has used how much processor time, as Linux counts it. */
import { readFileSync } from 'node:fs';
import type { ProcessorTimes } from './platform.ts';

const NANOSECONDS_PER_MILLISECOND = 1e6;
/** Linux counts the time of processes in hundredths of a second (`USER_HZ`). */
const MILLISECONDS_PER_TICK = 10;
/** Places behind the name in /proc/PID/stat: times of the process itself, and of children that it has waited for. */
const [OWN, CHILDREN] = [11, 13] as const;

/**
 * @param ownMs of all threads of this process
 * @param threadsMs of those that were started for a part of the work
 */
export function processorTimes(ownMs: number, threadsMs: number): ProcessorTimes {
  // Where that is not known, all else is the main thread's.
  const mainMs = threadMs(process.pid) ?? ownMs - threadsMs;
  return { mainMs, threadsMs, engineMs: Math.max(0, ownMs - mainMs - threadsMs), programsMs: programsMs() };
}

/** Milliseconds that one thread of this process has used; null where that is not known. @param id as the system has it */
export function threadMs(id: number): number | null {
  const text = readOrNull(`/proc/self/task/${id}/schedstat`);
  return text === null ? null : Number(text.split(' ')[0]) / NANOSECONDS_PER_MILLISECOND;
}

/** Programs that have ended, and those that run: what they have waited for, too. */
function programsMs(): number {
  const running = (readOrNull(`/proc/self/task/${process.pid}/children`) ?? '').split(' ').filter((pid) => pid !== '');
  const ticks = running.reduce(
    (sum, pid) => sum + ticksOf(pid, OWN) + ticksOf(pid, CHILDREN),
    ticksOf('self', CHILDREN),
  );
  return ticks * MILLISECONDS_PER_TICK;
}

function ticksOf(pid: string, place: number): number {
  const text = readOrNull(`/proc/${pid}/stat`);
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ') ?? [];
  return Number(fields[place] ?? 0) + Number(fields[place + 1] ?? 0);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
