/**
 * Measures what single translation units cost, with the very commands that a kernel build recorded for them.
 *
 *   npx tsx scripts/estimate/measure.ts --objdir DIR --out FILE.csv [--sample N] [--seed S] [--units FILE]
 *                                       [--half fit|holdout] [--first N] [--skip FILE.csv]… [--tag NAME]
                                       [--drop RE]… [--add FLAG]… [--cc PATH]
 *
 * DIR is an object directory (make O=DIR) that has the `.x.o.cmd` files; a build with a stand-in compiler that only
 * touches its outputs is enough (see stub-cc.c). For each unit of the sample four things run again, their outputs in a
 * scratch directory, and their CPU time (user + system, all children) is written down: the compiler, objtool (also where the build runs it on the linked module or vmlinux only: its work grows with the code), the
 * symbol versions (only units that export), fixdep. Every few units the calibration text is compiled as well: its
 * time is the yardstick that the load of the machine is divided out with.
 *
 * Every unit has a fixed random number, made from its path. --half fit takes those from 0.5 up, --half holdout those
 * below: what the model is checked with was never in the fit. --first N takes the N smallest numbers, which makes the
 * samples of two configs overlap where the configs do. --sample takes every k-th unit of the sorted list from a random start, so each directory is represented by its
 * share; the order of measuring is random. --skip leaves out what another file has. --drop and --add change the
 * compiler's flags, --cc the compiler. --list prints the sample and measures nothing.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrationSource } from '../../src/estimate/calibration-source.ts';

const REFERENCE_EVERY = 8;
const HEADER = 'tag,unit,source,bytes,compile,objtool,symversions,fixdep,reference\n';

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
    skip: { type: 'string', multiple: true, default: [] },
    tag: { type: 'string', default: 'base' },
    drop: { type: 'string', multiple: true, default: [] },
    add: { type: 'string', multiple: true, default: [] },
    cc: { type: 'string', default: 'gcc' },
    scratch: { type: 'string', default: join(tmpdir(), `estimate-${process.pid}`) },
  },
});
if (!args.objdir || !args.out) throw new Error('--objdir and --out are needed');
const objdir = args.objdir;
const out = args.out;

interface Unit {
  readonly object: string;
  readonly source: string;
  readonly compile: string;
  readonly objtool: string | null;
}

function findCommandFiles(dir: string, found: string[] = []): string[] {
  for (const entry of readdirSync(join(objdir, dir), { withFileTypes: true })) {
    const path = dir ? `${dir}/${entry.name}` : entry.name;
    if (entry.isDirectory()) findCommandFiles(path, found);
    else if (/^\..*\.o\.cmd$/.test(entry.name)) found.push(path);
  }
  return found;
}

/** Null for what is no compilation (links of composite objects), and for programs that run on the build host. */
function readUnit(cmdFile: string): Unit | null {
  const object = cmdFile.replace(/\/\.([^/]*)\.cmd$/, '/$1');
  if (/^(scripts|tools|usr)\//.test(object) || /\.mod\.o$/.test(object)) return null;
  const line = readFileSync(join(objdir, cmdFile), 'latin1').match(/^(?:saved)?cmd_\S+ := (.*)$/m)?.[1];
  if (!line) return null;
  const [compile, ...after] = line.replaceAll('$$', '$').replaceAll('\\#', '#').split(/ ; /);
  if (!compile || !/ -c -o /.test(compile) || !compile.includes('-D__KERNEL__')) return null;
  const source = compile.trim().split(/\s+/).at(-1)!;
  return { object, source, compile: compile.trim(), objtool: after.find((part) => part.includes('objtool')) ?? null };
}

function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** The unit's fixed random number, 0 up to 1: FNV-1a of its path, stirred once more. */
function numberOf(object: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < object.length; i++) hash = Math.imul(hash ^ object.charCodeAt(i), 0x01000193);
  return generator(hash)();
}

const random = generator(Number(args.seed));
mkdirSync(args.scratch, { recursive: true });
const snippet = join(args.scratch, 'calibration.c');
writeFileSync(snippet, calibrationSource());

/** CPU seconds of each command, in order; NaN for one that failed. */
function cpuSeconds(commands: readonly string[]): number[] {
  const script = commands.map((c) => `time { { ${c} ; } >/dev/null 2>&1 || echo FAILED >&2; }`).join('\n');
  const done = spawnSync('bash', ['-c', `TIMEFORMAT='T %3U %3S'\n${script}`], { cwd: objdir, encoding: 'latin1' });
  const times: number[] = [];
  let failed = false;
  for (const line of done.stderr.split('\n')) {
    if (line === 'FAILED') failed = true;
    const match = line.match(/^T (\S+) (\S+)$/);
    if (!match) continue;
    times.push(failed ? Number.NaN : Number(match[1]) + Number(match[2]));
    failed = false;
  }
  return times;
}

const cc = args.cc;
const measureReference = (): number =>
  cpuSeconds([`${cc} -w -O2 -ffreestanding -x c -c ${snippet} -o ${args.scratch}/calibration.o`])[0]!;

function measure(unit: Unit): number[] {
  const object = join(args.scratch, 'unit.o');
  const depfile = join(args.scratch, 'unit.d');
  let words = unit.compile.split(' ');
  words[0] = cc;
  for (const drop of args.drop) words = words.filter((word) => !new RegExp(`^(?:${drop})$`).test(word));
  words.splice(words.indexOf('-c'), 0, ...args.add);
  const compile = words
    .join(' ')
    .replace(/-Wp,-MMD,\S+/, `-Wp,-MMD,${depfile}`)
    .replace(/ -c -o \S+/, ` -c -o ${object}`);
  const preprocess = compile.replace(/ -c -o \S+/, ' -E -D__GENKSYMS__').replace(/-Wp,-MMD,\S+/, '');
  const objtool = (unit.objtool ?? standardObjtool)?.replace(/ \S+\.o\s*$/, ` ${object}`) ?? ':';
  const exports = unit.source.endsWith('.c')
    ? `if nm ${object} | grep -q ' __export_symbol_'; then ${preprocess} | scripts/genksyms/genksyms; fi`
    : ':';
  return cpuSeconds([compile, objtool, exports, `scripts/basic/fixdep ${depfile} ${unit.object} x`]);
}

const skip = new Set<string>();
for (const file of args.skip)
  for (const line of readFileSync(file, 'latin1').split('\n')) skip.add(line.split(',')[1]!);
const wanted = args.units ? new Set(readFileSync(args.units, 'latin1').split(/\s+/)) : null;
const all = findCommandFiles('')
  .map((file) => readUnit(file))
  .filter((unit) => unit !== null)
  .filter((unit) => !args.half || numberOf(unit.object) >= 0.5 === (args.half === 'fit'))
  .filter((unit) => !skip.has(unit.object) && (!wanted || wanted.has(unit.object)))
  .sort((a, b) => (a.object < b.object ? -1 : 1));
const standardObjtool = all.find((unit) => unit.objtool)?.objtool ?? null;
if (args.first) {
  all.sort((a, b) => numberOf(a.object) - numberOf(b.object));
  all.length = Math.min(all.length, Number(args.first));
}
const step = Math.max(1, all.length / Number(args.sample));
const sample: Unit[] = [];
for (let at = random() * step; at < all.length; at += step) sample.push(all[Math.floor(at)]!);
for (let i = sample.length - 1; i > 0; i--) {
  const j = Math.floor(random() * (i + 1));
  [sample[i], sample[j]] = [sample[j]!, sample[i]!];
}
if (args.list) {
  for (const unit of sample) process.stdout.write(`${unit.object}\n`);
  process.exit(0);
}
process.stderr.write(`${all.length} units, ${sample.length} in the sample\n`);

if (!existsSync(out)) writeFileSync(out, HEADER);
let reference = 0;
for (const [index, unit] of sample.entries()) {
  if (index % REFERENCE_EVERY === 0) reference = measureReference();
  const [compile, objtool, symversions, fixdep] = measure(unit).map((seconds) => seconds.toFixed(3));
  const path = unit.source.startsWith('/') ? unit.source : join(objdir, unit.source);
  const source = unit.source.replace(/^.*\/tree\//, '').replace(/^\.\.\/+/, '');
  appendFileSync(
    out,
    `${args.tag},${unit.object},${source},${statSync(path).size},${compile},${objtool},${symversions},${fixdep},${reference.toFixed(3)}\n`,
  );
}
