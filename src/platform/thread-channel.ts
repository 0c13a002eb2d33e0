/** What a thread and the run that started it share. */
import type { MessagePort } from 'node:worker_threads';

/** What a thread is started with. */
export interface ThreadStart {
  /** Requests come by it, and answers go. */
  readonly port: MessagePort;
  /** Numbers that both see: how many answers were sent, a count that goes on while there is progress, the thread's id. */
  readonly counts: Int32Array;
  readonly data: unknown;
}

/** Places in `counts`. */
export const ANSWERS = 0;
export const PROGRESS = 1;
export const ID = 2;

/** An answer on its way; without `value` the work failed. */
export interface ThreadAnswer {
  readonly value?: unknown;
}
