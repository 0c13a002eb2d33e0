import type { EndSignal, ProgramEnd, RunningProgram } from '../platform/platform.ts';
import { catchSignals } from '../platform/signals.ts';

/** How a program that this one waited for came to its end. */
export interface AwaitedEnd extends ProgramEnd {
  /** The signal that this process was sent and passed on; null where the program ended without one. */
  readonly interruptedBy: EndSignal | null;
}

/**
 * What a program and all below it are sent when this process gets a signal to end, and when it gets another. First what
 * Ctrl-C sends, whatever came: at SIGTERM, each make sends another to those below it, and the second ends them at once.
 */
const PASSED_ON: readonly EndSignal[] = ['SIGINT', 'SIGTERM', 'SIGKILL'];

/** Waits for a program. A signal that would end this process ends the program, and all below it, first. */
export async function endOf(running: RunningProgram): Promise<AwaitedEnd> {
  const received: EndSignal[] = [];
  const release = catchSignals(
    (name) => {
      running.signal(PASSED_ON[received.length] ?? 'SIGKILL');
      received.push(name);
    },
    (name) => running.signal(name),
  );
  try {
    const end = await running.end;
    return { ...end, interruptedBy: received[0] ?? null };
  } finally {
    release();
  }
}
