/**
 * Measures what debug information, the compiler, its optimisation and sanitizers change in the cost of a unit.
 *
 *   npx tsx scripts/estimate/measure-effects.ts --gcc DIR [--clang DIR] --units FILE --out FILE.csv
 *
 * The directories are as for measure.ts, one configured for each compiler. Every unit of the list is compiled in all
 * variants right after each other, so that they meet the same load. What FILE.csv has is not measured again.
 */
import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { HEADER, recordedUnits, sourceInTree, UnitMeter, type Variant } from './measure-unit.ts';

const GCC: Variant = { cc: 'gcc', drop: [], add: [] };
const CLANG: Variant = { cc: 'clang', drop: [], add: [] };
const NO_DEBUG = ['-g', '-gdwarf.*'];

/** Flags as the kernel's Makefiles add them: scripts/Makefile.kasan, Makefile.ubsan, and Makefile for LTO. */
const VARIANTS: Readonly<Record<string, Variant>> = {
  gcc: GCC,
  'gcc-no-debug': { ...GCC, drop: NO_DEBUG },
  clang: CLANG,
  'clang-no-debug': { ...CLANG, drop: NO_DEBUG },
  'gcc-size': { ...GCC, drop: ['-O2'], add: ['-Os'] },
  'gcc-debug-reduced': { ...GCC, add: ['-fno-var-tracking', '-femit-struct-debug-baseonly'] },
  'gcc-kasan': kasan(0),
  'gcc-kasan-inline': kasan(10_000),
  'gcc-kcsan': {
    ...GCC,
    add: ['-fsanitize=thread', '-fno-optimize-sibling-calls', '--param', 'tsan-distinguish-volatile=1', '-Wno-tsan'],
  },
  'gcc-kcov': { ...GCC, add: ['-fsanitize-coverage=trace-pc', '-fno-reorder-blocks-and-partition'] },
  'gcc-gcov': { ...GCC, add: ['-fprofile-arcs', '-ftest-coverage', '-fno-tree-loop-im'] },
  'gcc-ubsan': {
    ...GCC,
    add: ['-fsanitize=bounds-strict', '-fsanitize=shift', '-fsanitize=bool', '-fsanitize=enum'],
  },
  'clang-thinlto': {
    ...CLANG,
    add: ['-flto=thin', '-fsplit-lto-unit', '-fvisibility=hidden'],
    codegen: 'clang -O2 -mcmodel=kernel -fno-PIE -w -c -x ir',
  },
};

/** @param threshold accesses in a function from which on they are checked by calls: 0 for all, as KASAN_OUTLINE has it */
function kasan(threshold: number): Variant {
  const parameters = ['asan-globals=1', 'asan-stack=1', `asan-instrumentation-with-call-threshold=${threshold}`];
  return {
    ...GCC,
    add: [
      '-fsanitize=kernel-address',
      '-fasan-shadow-offset=0xdffffc0000000000',
      ...parameters.flatMap((parameter) => ['--param', parameter]),
    ],
  };
}

const { values: args } = parseArgs({
  options: {
    gcc: { type: 'string' },
    clang: { type: 'string' },
    units: { type: 'string' },
    out: { type: 'string' },
    scratch: { type: 'string', default: join(tmpdir(), `estimate-${process.pid}`) },
  },
});
if (!args.gcc || !args.units || !args.out) throw new Error('--gcc, --units and --out are needed');
const { out } = args;
if (!existsSync(out)) writeFileSync(out, HEADER);
const done = readFileSync(out, 'latin1');
const sides = Object.fromEntries(
  Object.entries({ gcc: args.gcc, ...(args.clang && { clang: args.clang }) }).map(([cc, objdir]) => {
    const units = recordedUnits(objdir);
    return [cc, { objdir, units, meter: new UnitMeter(objdir, args.scratch, units) }];
  }),
);
const variants = Object.entries(VARIANTS).filter(([, { cc }]) => sides[cc]);
for (const name of readFileSync(args.units, 'latin1').split(/\s+/)) {
  if (name === '' || done.includes(`,${name},`)) continue;
  const references: Record<string, number> = {};
  for (const [cc, { meter }] of Object.entries(sides)) references[cc] = meter.reference(cc);
  const lines: string[] = [];
  for (const [tag, variant] of variants) {
    const { objdir, units, meter } = sides[variant.cc]!;
    const unit = units.find(({ object }) => object === name);
    if (!unit) break;
    const times = [...meter.measure(unit, variant), references[variant.cc]!];
    if (times.length < 5 || times.some(Number.isNaN)) break;
    const { size } = statSync(unit.source.startsWith('/') ? unit.source : join(objdir, unit.source));
    lines.push([tag, name, sourceInTree(unit.source), size, ...times.map((t) => t.toFixed(3))].join());
  }
  if (lines.length === variants.length) appendFileSync(out, `${lines.join('\n')}\n`);
}
