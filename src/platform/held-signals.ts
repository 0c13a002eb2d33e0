import { setImmediate } from 'node:timers/promises';
import { endBySignal, onEndSignal } from './signals.ts';

/**
 * Waits for work. A signal that would end this process meanwhile ends it once `finish` is done; a second one at once. For
 * work that leaves the loop free: until it is, no signal is heard.
 * @param finish brings to its end what must not be left half done; it does so in a short time, and does not fail
 */
export async function holdingSignals<Result>(work: Promise<Result>, finish: () => Promise<void>): Promise<Result> {
  let isEnding = false;
  const release = onEndSignal((name) => {
    release();
    isEnding = true;
    void finish().then(() => endBySignal(name));
  });
  try {
    return await work;
  } finally {
    // What came before is handed over when the loop looks for it, which is between the two.
    await setImmediate();
    await setImmediate();
    release();
    // Its result is not wanted any more.
    if (isEnding) await new Promise(() => {});
  }
}
