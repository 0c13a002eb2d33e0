import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { ANSWERS, ID, PROGRESS, type ThreadAnswer, type ThreadStart } from './thread-channel.ts';

/**
 * What a thread's file calls: answers requests, one after the other, of one run after the other. Work that throws ends a
 * run's channel.
 * @param begin is given what a run gives the thread and a function to call at every step of progress; it returns what
 *   answers a request
 */
export function serveThread(begin: (data: unknown, progress: () => void) => (request: unknown) => unknown): void {
  parentPort?.on('message', (start: ThreadStart) => serveRun(start, begin));
}

function serveRun({ port, counts, data }: ThreadStart, begin: Parameters<typeof serveThread>[0]): void {
  const send = (answer: ThreadAnswer): void => {
    port.postMessage(answer);
    Atomics.add(counts, ANSWERS, 1);
    Atomics.notify(counts, ANSWERS);
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch {
      send({});
      port.close();
    }
  };
  Atomics.store(counts, ID, ownId());
  attempt(() => {
    const answer = begin(data, () => Atomics.add(counts, PROGRESS, 1));
    port.on('message', (request) => attempt(() => send({ value: answer(request) })));
  });
}

/** What the system calls this thread; 0 where it does not say. */
function ownId(): number {
  try {
    return Number(basename(readlinkSync('/proc/thread-self')));
  } catch {
    return 0;
  }
}
