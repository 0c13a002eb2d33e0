import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import type { Thread, Threads } from './platform.ts';
import { threadMs } from './processor-times.ts';
import type { Scope } from './scope.ts';
import { ANSWERS, ID, PROGRESS, type ThreadAnswer, type ThreadStart } from './thread-channel.ts';

/** A thread that shows no progress for so long, in milliseconds, is given up. */
const LONGEST_SILENCE_MS = 5000;

/** Memory for what lives shortly; by itself, a thread takes several times as much as it has use for. */
const YOUNG_MEGABYTES = 4;

/** Threads whose code lies beside this program's, each in a file of its own. */
export class NodeThreads implements Threads {
  readonly #scope: Scope;
  readonly #directory: URL;
  readonly #silenceMs: number;
  readonly #started: NodeThread[] = [];

  /**
   * @param scope ends the threads
   * @param directory where the files are; without it that of this code
   */
  constructor(scope: Scope, directory = new URL('.', import.meta.url), silenceMs = LONGEST_SILENCE_MS) {
    this.#scope = scope;
    this.#directory = directory;
    this.#silenceMs = silenceMs;
  }

  start(part: string, data: unknown): Thread | null {
    const file = new URL(`${part}.js`, this.#directory);
    try {
      // Run from source, there is none.
      if (!existsSync(fileURLToPath(file))) return null;
      const thread = new NodeThread(this.#scope, file, data, this.#silenceMs);
      this.#started.push(thread);
      return thread;
    } catch {
      // Threads can be forbidden (--permission), or there are too many already.
      return null;
    }
  }

  usedMs(): number {
    return this.#started.reduce((sum, thread) => sum + thread.usedMs(), 0);
  }
}

/**
 * Threads that have done their work, by file, where the process goes on: starting one costs some 30 ms. They do not keep
 * the process from ending.
 */
const idle = new Map<string, Worker>();

function startWorker(file: URL): Worker {
  const waiting = idle.get(file.href);
  if (waiting) {
    idle.delete(file.href);
    return waiting.removeAllListeners('error');
  }
  const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEGABYTES } });
  worker.unref();
  return worker;
}

class NodeThread implements Thread {
  readonly #file: string;
  readonly #worker: Worker;
  readonly #port: MessagePort;
  readonly #counts = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  readonly #silenceMs: number;
  readonly #close: () => void;
  /** Requests without an answer. */
  #open = 0;
  #hasFailed = false;
  #hasEnded = false;
  #usedMs = 0;

  constructor(scope: Scope, file: URL, data: unknown, silenceMs: number) {
    this.#file = file.href;
    this.#silenceMs = silenceMs;
    const { port1, port2 } = new MessageChannel();
    this.#worker = startWorker(file);
    this.#worker.postMessage({ port: port2, counts: this.#counts, data } satisfies ThreadStart, [port2]);
    this.#port = port1;
    // Somebody has to listen: without it, an error of the thread ends the run.
    this.#worker.on('error', () => this.#fail());
    this.#close = scope.add(() => {
      this.usedMs();
      this.#hasEnded = true;
      this.#port.close();
      const isReusable = scope.processGoesOn && !this.#hasFailed && this.#open === 0 && !idle.has(this.#file);
      if (!isReusable) {
        void this.#worker.terminate();
        return;
      }
      this.#worker.removeAllListeners('error').on('error', () => idle.delete(this.#file));
      idle.set(this.#file, this.#worker);
    });
    this.#port.unref();
  }

  send(request: unknown): void {
    if (this.#hasEnded) return;
    this.#open += 1;
    this.#port.postMessage(request);
  }

  receive(): { readonly value: unknown } | null {
    while (!this.#hasEnded) {
      const [answers, progress] = [Atomics.load(this.#counts, ANSWERS), Atomics.load(this.#counts, PROGRESS)];
      const received = receiveMessageOnPort(this.#port)?.message as ThreadAnswer | undefined;
      if (received && 'value' in received) {
        this.#open -= 1;
        return { value: received.value };
      }
      const silent =
        !received && Atomics.wait(this.#counts, ANSWERS, answers, this.#silenceMs) === 'timed-out'
          ? Atomics.load(this.#counts, PROGRESS) === progress
          : false;
      if (received || silent) this.#fail();
    }
    return null;
  }

  end(): void {
    this.#close();
  }

  /** Processor time up to now, in milliseconds, or up to its end. */
  usedMs(): number {
    if (!this.#hasEnded) this.#usedMs = threadMs(Atomics.load(this.#counts, ID)) ?? this.#usedMs;
    return this.#usedMs;
  }

  #fail(): void {
    this.#hasFailed = true;
    this.end();
  }
}
