/**
 * Draws a simple random sample from a list of objects (standard input, one a line), and prints it.
 *
 *   kconfig-trim objects -c CONFIG | npx tsx scripts/estimate/sample.ts fit|holdout N
 */
import { readFileSync } from 'node:fs';
import { plainPath } from '../../src/sources/unit-path.ts';
import { isForFit, numberOf } from './sampling.ts';

const [half, count] = process.argv.slice(2);
if ((half !== 'fit' && half !== 'holdout') || !Number(count)) throw new Error('which half, and how many?');
const objects = readFileSync(0, 'latin1').split('\n').filter(Boolean).map(plainPath);
const own = [...new Set(objects)].filter((object) => isForFit(object) === (half === 'fit'));
own.sort((a, b) => numberOf(a) - numberOf(b));
for (const object of own.slice(0, Number(count))) process.stdout.write(`${object}\n`);
