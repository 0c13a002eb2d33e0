/**
 * Feeds the program's readers with damaged input: `npm run fuzz -- --seconds N [--target READER] [--seed S] [--count N]`.
 * Each input is made from one number; a failure prints it, with the input, and how to run it again.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { makeInput } from './mutate.ts';
import { READERS, readInput } from './readers.ts';

/**
 * One input may take this long, in milliseconds. A busy machine, and the memory of thousands of decoders that is given
 * back at once, have stopped one for 10 s that takes 0.2 s by itself; one that hangs never ends.
 */
const MAX_MS = 60_000;
/** All memory of the process, in bytes. */
const MAX_MEMORY = 2 * 1024 ** 3;
/** Inputs between two looks at the clock and the memory. */
const BATCH = 50;
const KEPT = resolve(import.meta.dirname, '../../fixtures/fuzz');

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    target: { type: 'string', multiple: true, default: Object.keys(READERS) },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    count: { type: 'string', default: 'Infinity' },
  },
});
const targets = values.target.map((name) => {
  const reader = READERS[name];
  if (!reader) throw new Error(`no reader ${name}; there are: ${Object.keys(READERS).join(' ')}`);
  return { name, reader, inputs: 0, slowest: 0, ms: 0 };
});

/** What is being read, for a watchdog that still runs when the reader does not return. */
const now = new BigInt64Array(new SharedArrayBuffer(24));
const watchdog = new Worker(
  `const { workerData: { now, names, limit } } = require('node:worker_threads');
   setInterval(() => {
     const [since, target, seed] = now;
     if (since === 0n || BigInt(Date.now()) - since < BigInt(limit)) return;
     process.stderr.write('HANG: ' + names[Number(target)] + ' --seed ' + seed + ' --count 1\\n');
     process.exit(1); process.kill(process.pid, 'SIGKILL');
   }, 500);`,
  { eval: true, workerData: { now, names: targets.map(({ name }) => name), limit: MAX_MS } },
);
watchdog.on('exit', (code) => {
  if (code !== 0) process.exit(1);
});
watchdog.unref();

function keep(name: string, input: string): string {
  const directory = join(KEPT, name);
  mkdirSync(directory, { recursive: true });
  const path = join(directory, createHash('sha256').update(input, 'latin1').digest('hex').slice(0, 12));
  writeFileSync(path, input, 'latin1');
  return path;
}

// Refusals are thrown by the thousand, and each would make a stack.
Error.stackTraceLimit = 4;
let failures = 0;
const firstSeed = Number(values.seed);
const end = performance.now() + Number(values.seconds) * 1000;
const limit = Number(values.count);

async function runOne(index: number, seed: number): Promise<void> {
  const target = targets[index]!;
  const input = makeInput(target.reader, seed);
  now.set([BigInt(Date.now()), BigInt(index), BigInt(seed)]);
  const begin = performance.now();
  try {
    await readInput(target.reader, input);
    const ms = performance.now() - begin;
    target.slowest = Math.max(target.slowest, ms);
    target.ms += ms;
    if (ms > MAX_MS) throw new Error(`took ${ms} ms`);
  } catch (error) {
    failures++;
    const path = keep(target.name, input);
    const again = `npm run fuzz -- --target ${target.name} --seed ${seed} --count 1`;
    process.stderr.write(`FAILED: ${again}\n  kept as ${path}\n${error instanceof Error ? error.stack : error}\n`);
  }
  now[0] = 0n;
  target.inputs++;
}

// A long run that is ended says what it has done.
let isEnded = false;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    isEnded = true;
  });
}

while (performance.now() < end && failures < 20 && !isEnded) {
  await nextTurn();
  let isMore = false;
  for (const [index, target] of targets.entries()) {
    const until = Math.min(target.inputs + Math.ceil(BATCH * target.reader.share), limit);
    while (target.inputs < until && failures < 20) await runOne(index, firstSeed + target.inputs);
    if (target.inputs < limit) isMore = true;
    if (performance.now() >= end) break;
  }
  const { rss } = process.memoryUsage();
  if (rss > MAX_MEMORY) {
    process.stderr.write(`FAILED: ${Math.round(rss / 1024 ** 2)} MB of memory\n`);
    failures++;
  }
  if (!isMore) break;
}

let all = 0;
for (const { name, inputs, slowest, ms } of targets) {
  all += inputs;
  process.stdout.write(
    `${name.padEnd(18)}${String(inputs).padStart(10)} inputs, ${((ms / inputs) * 1000).toFixed(0).padStart(6)} µs each, the slowest ${slowest.toFixed(0)} ms\n`,
  );
}
process.stdout.write(
  `${'all'.padEnd(18)}${String(all).padStart(10)} inputs from seed ${firstSeed}, ${failures} failures\n`,
);
process.exitCode = failures > 0 ? 1 : 0;
// Being ended here is no hang: a worker that is terminated exits with 1.
watchdog.removeAllListeners('exit');
await watchdog.terminate();
