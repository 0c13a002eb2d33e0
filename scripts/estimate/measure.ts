/**
 * Measures what single translation units cost, with the very commands that a kernel build recorded for them.
 *
 *   npx tsx scripts/estimate/measure.ts --objdir DIR --out FILE.csv [--sample N] [--seed S] [--units FILE]
 *                                       [--half fit|holdout] [--first N] [--tag NAME] [--cc gcc] [--list]
 *
 * DIR is an object directory (make O=DIR) that has the `.x.o.cmd` files; a build with a stand-in compiler that only
 * touches its outputs is enough (record-commands.sh). For each unit of the sample four things run again, their outputs in a scratch
 * directory, and their CPU time is written down: the compiler, objtool (also where the build runs it on the linked
 * module or vmlinux only: its work grows with the code), the symbol versions (only units that export), fixdep. Every
 * few units the calibration text is compiled as well: its time is the yardstick for the load of the machine.
 *
 * --half takes only the units for the fit, or only those for its check (sampling.ts). --first N takes the N smallest
 * numbers of these; --sample every k-th unit of the sorted list from a random start, so that each directory is
 * represented by its share. The order of measuring is random. What FILE.csv has for this tag is not measured again.
 * --list prints the sample and measures nothing.
 */
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { generator, HEADER, recordedUnits, sourceInTree, UnitMeter } from './measure-unit.ts';
import { isForFit, numberOf } from './sampling.ts';

const REFERENCE_EVERY = 4;

const { values: args } = parseArgs({
  options: {
    objdir: { type: 'string' },
    out: { type: 'string' },
    sample: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    units: { type: 'string' },
    half: { type: 'string' },
    first: { type: 'string' },
    list: { type: 'boolean', default: false },
    tag: { type: 'string', default: 'base' },
    cc: { type: 'string', default: 'gcc' },
    scratch: { type: 'string', default: join(tmpdir(), `estimate-${process.pid}`) },
  },
});
if (!args.objdir || !args.out) throw new Error('--objdir and --out are needed');
const { objdir, out, tag, cc } = args;

const recorded = recordedUnits(objdir);
const wanted = args.units ? new Set(readFileSync(args.units, 'latin1').split(/\s+/)) : null;
const all = recorded
  .filter(({ object }) => !args.half || isForFit(object) === (args.half === 'fit'))
  .filter(({ object }) => !wanted || wanted.has(object));
if (args.first) {
  all.sort((a, b) => numberOf(a.object) - numberOf(b.object));
  all.length = Math.min(all.length, Number(args.first));
}
if (!existsSync(out)) writeFileSync(out, HEADER);
const done = new Set(
  readFileSync(out, 'latin1')
    .split('\n')
    .map((line) => line.split(',').slice(0, 2).join()),
);
const left = all.filter(({ object }) => !done.has(`${tag},${object}`));
const random = generator(Number(args.seed));
const step = Math.max(1, left.length / Number(args.sample));
const sample = [];
for (let at = random() * step; at < left.length; at += step) sample.push(left[Math.floor(at)]!);
for (let i = sample.length - 1; i > 0; i--) {
  const j = Math.floor(random() * (i + 1));
  [sample[i], sample[j]] = [sample[j]!, sample[i]!];
}
if (args.list) {
  for (const unit of sample) process.stdout.write(`${unit.object}\n`);
  process.exit(0);
}
process.stderr.write(`${left.length} units, ${sample.length} in the sample\n`);

const meter = new UnitMeter(objdir, args.scratch, recorded);
let reference = 0;
for (const [index, unit] of sample.entries()) {
  if (index % REFERENCE_EVERY === 0) reference = meter.reference(cc);
  const times = meter.measure(unit, { drop: [], add: [], cc });
  if (times.length < 4) continue;
  const { size } = statSync(unit.source.startsWith('/') ? unit.source : join(objdir, unit.source));
  const cells = [tag, unit.object, sourceInTree(unit.source), size, ...[...times, reference].map((t) => t.toFixed(3))];
  appendFileSync(out, `${cells.join()}\n`);
}
