/**
 * Makes built-units.csv of the log that timed-compiler.c wrote in a real build (TIMED_LOG, with TIMED_TEXT).
 *
 *   npx tsx scripts/estimate/list-build.ts OBJDIR LOG > scripts/estimate/data/built-units.csv
 *
 * Every unit with its source, the CPU seconds of the compiler, and those of the calibration text compiled next.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sourceInTree } from './measure-unit.ts';

const [objdir, log] = process.argv.slice(2);
if (objdir === undefined || log === undefined) throw new Error('the object directory and the log are needed');

/** From the command that Kbuild recorded; of a unit that is being compiled there is none yet. */
function sourceOf(object: string): string | null {
  const file = join(objdir!, object.replace(/([^/]*)$/, '.$1.cmd'));
  if (!existsSync(file)) return null;
  return /^source_\S+ := (\S+)/m.exec(readFileSync(file, 'latin1'))?.[1] ?? null;
}

process.stdout.write('unit,source,seconds,reference\n');
let waiting: string[] = [];
for (const line of readFileSync(log, 'latin1').trim().split('\n')) {
  const [object = '', seconds = ''] = line.split(',');
  if (object === '#reference') {
    for (const row of waiting) process.stdout.write(`${row},${Number(seconds).toFixed(3)}\n`);
    waiting = [];
    continue;
  }
  const source = /^(scripts|arch\/x86\/boot)\/|\.mod\.o$|^\./.test(object) ? null : sourceOf(object);
  if (source !== null) waiting.push(`${object},${sourceInTree(source)},${Number(seconds).toFixed(3)}`);
}
