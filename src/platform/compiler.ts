import { setFlagsFromString } from 'node:v8';

/** The V8 on which this was measured; a flag that another does not know makes it print a message. */
const MEASURED = /^11\./;

/**
 * Has V8 optimise only functions that run far longer than it waits by itself. This program runs for a second: half of
 * its processor time went into optimising code that was hardly called again, on threads that took the processors away
 * from the work itself (see test/bench/README.md).
 */
export function optimiseLater(): void {
  if (MEASURED.test(process.versions.v8)) setFlagsFromString('--interrupt-budget=800000');
}
