import { workerData } from 'node:worker_threads';
import { ANSWERS, PROGRESS, type ThreadAnswer, type ThreadStart } from './thread-channel.ts';

/**
 * What a thread's file calls: answers requests, one after the other. Work that throws ends the thread.
 * @param begin is given what the thread was started with and a function to call at every step of progress; it returns
 *   what answers a request
 */
export function serveThread(begin: (data: unknown, progress: () => void) => (request: unknown) => unknown): void {
  const { port, counts, data } = workerData as ThreadStart;
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
  attempt(() => {
    const answer = begin(data, () => Atomics.add(counts, PROGRESS, 1));
    port.on('message', (request) => attempt(() => send({ value: answer(request) })));
  });
}
