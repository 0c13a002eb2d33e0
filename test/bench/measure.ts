/** Runs programs and says what they used. */
import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A program to run: what it is called in tables, and how it is started. */
export interface Contestant {
  readonly name: string;
  readonly file: string;
  readonly args: readonly string[];
  readonly options: SpawnSyncOptions;
  /** Puts things as they were; not measured. */
  readonly before?: () => void;
  /** Exit statuses beside 0 that are no failure. */
  readonly statuses?: readonly number[];
}

/** One run. */
export interface Sample {
  /** Seconds on the clock. */
  readonly wall: number;
  /** Seconds of processor time, of the program and all it started, in steps of 0.01. */
  readonly cpu: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Linux counts the time of programs in hundredths of a second (`USER_HZ`). */
const TICKS_PER_SECOND = 100;

/** Runs a program to its end. */
export function measure({ name, file, args, options, before, statuses = [] }: Contestant): Sample {
  before?.();
  const ticks = childTicks();
  const start = performance.now();
  const done = spawnSync(file, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    ...options,
    encoding: 'latin1',
  });
  const wall = (performance.now() - start) / 1000;
  const cpu = (childTicks() - ticks) / TICKS_PER_SECOND;
  if (done.status !== 0 && !statuses.includes(done.status ?? -1)) {
    throw new Error(`${name}: status ${done.status}\n${done.stdout.slice(-2000)}${done.stderr.slice(-2000)}`);
  }
  return { wall, cpu, stdout: done.stdout, stderr: done.stderr };
}

/**
 * Runs all of them in turn, several times: what else the machine does then falls on all alike. A first round, that
 * brings everything into memory, does not count.
 */
export function interleaved(contestants: readonly Contestant[], rounds: number): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>(contestants.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contestant of contestants) {
      const sample = measure(contestant);
      if (round > 0) samples.get(contestant.name)!.push(sample);
    }
  }
  return samples;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What `--performance` printed: milliseconds of the processors by phase, programs included; MiB for `memory`. */
export function performanceLines(stderr: string): Map<string, number> {
  const lines = stderr.matchAll(/^(\w+) +[\d.]+((?: +[\d.]+)+)$/gm);
  const sum = (numbers: string): number => numbers.split(/ +/).reduce((total, each) => total + Number(each), 0);
  const memory = /^memory +([\d.]+) MiB$/m.exec(stderr)?.[1];
  const phases = [...lines].map(([, name, numbers]) => [name!, sum(numbers!)] as const);
  return new Map(memory === undefined ? phases : [...phases, ['memory', Number(memory)]]);
}

/** Processor time of all programs that this process has waited for, theirs included. */
function childTicks(): number {
  const text = readFileSync('/proc/self/stat', 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return Number(fields[13]) + Number(fields[14]);
}
