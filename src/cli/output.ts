import { setImmediate } from 'node:timers/promises';
import { writeStandardOutput } from '../platform/standard-output.ts';
import { byteStringToTerminal, jsonText, stripControlCharacters } from '../report/plain-text.ts';
import { EXIT_FAILED } from './exit-status.ts';

/** Where something is printed: standard error where standard output is for the config (`-o -`). */
export type Stream = 'stdout' | 'stderr';

/**
 * Prints text as it stands. Everything that a terminal may see goes through one of the functions below, which take out
 * what would drive it; this one is for what did so already.
 */
export function printSafe(text: string, stream: Stream = 'stdout'): void {
  if (stream === 'stdout') writeStandardOutput(text);
  else process.stderr.write(text);
}

/** Prints text made of names, without what would drive a terminal. */
export function printText(text: string, stream: Stream = 'stdout'): void {
  printSafe(stripControlCharacters(text), stream);
}

/** Prints data byte for byte (Latin-1 byte string); on a terminal without what would drive it. */
export function printBytes(text: string, stream: Stream = 'stdout'): void {
  if (process[stream].isTTY) printSafe(byteStringToTerminal(text), stream);
  else if (stream === 'stdout') writeStandardOutput(text, 'latin1');
  else process.stderr.write(text, 'latin1');
}

/** Prints one JSON object. */
export function printJson(value: unknown, indent = true, stream: Stream = 'stdout'): void {
  printSafe(jsonText(value, indent), stream);
}

/**
 * Sees to it that output that cannot be written ends the run in order. A reader that has enough (`| head`) is no error;
 * a full disk behind `> FILE` is one.
 * @param report says why output cannot be written
 * @returns waits until all that was printed is written, or was reported as unwritable
 */
export function watchOutput(report: (reason: string) => Promise<void>): () => Promise<void> {
  let reported: Promise<void> | null = null;
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') reported ??= report(error.code ?? error.message);
  });
  // There is nowhere left to say it.
  process.stderr.on('error', () => {});
  process.on('exit', () => {
    if (reported) process.exitCode = EXIT_FAILED;
  });
  return async () => {
    await written(process.stdout);
    await reported;
    await written(process.stderr);
  };
}

/** Waits until what was printed on standard output is out: what standard error says then comes behind it in one pipe. */
export function dataWritten(): Promise<void> {
  return written(process.stdout);
}

/** Waits until a stream has nothing left to write; what it could not write, its 'error' event has said by then. */
async function written(stream: NodeJS.WriteStream): Promise<void> {
  // A write of nothing is one all the same: a full device refuses it where nothing was to be printed.
  if (stream.writableLength > 0) await new Promise<void>((done) => stream.write('', () => done()));
  await setImmediate();
}
