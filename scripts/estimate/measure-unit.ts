/** Runs the commands that a kernel build recorded for a translation unit once more, and takes their CPU time. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { calibrationSource } from '../../src/estimate/calibration-source.ts';

export const HEADER = 'tag,unit,source,bytes,compile,objtool,symversions,fixdep,reference\n';

/** A translation unit with its recorded commands. */
export interface Unit {
  readonly object: string;
  readonly source: string;
  readonly compile: string;
  readonly objtool: string | null;
}

/** What is changed in a recorded compile command. */
export interface Variant {
  /** Regular expressions of whole words that go. */
  readonly drop: readonly string[];
  readonly add: readonly string[];
  readonly cc: string;
  /** Compiles what came out once more, to machine code: the linker's share with LTO. */
  readonly codegen?: string;
}

/** The translation units that an object directory has commands for, in order of path. */
export function recordedUnits(objdir: string): Unit[] {
  return findCommandFiles(objdir, '')
    .map((file) => readUnit(objdir, file))
    .filter((unit) => unit !== null)
    .sort((a, b) => (a.object < b.object ? -1 : 1));
}

function findCommandFiles(objdir: string, dir: string, found: string[] = []): string[] {
  for (const entry of readdirSync(join(objdir, dir), { withFileTypes: true })) {
    const path = dir ? `${dir}/${entry.name}` : entry.name;
    if (entry.isDirectory()) findCommandFiles(objdir, path, found);
    else if (/^\..*\.o\.cmd$/.test(entry.name)) found.push(path);
  }
  return found;
}

/** Null for what is no compilation (links of composite objects), and for programs that run on the build host. */
function readUnit(objdir: string, cmdFile: string): Unit | null {
  const object = cmdFile.replace(/\/\.([^/]*)\.cmd$/, '/$1');
  if (/^(scripts|tools|usr)\//.test(object) || /\.mod\.o$/.test(object)) return null;
  const line = readFileSync(join(objdir, cmdFile), 'latin1').match(/^(?:saved)?cmd_\S+ := (.*)$/m)?.[1];
  if (!line) return null;
  const [compile, ...after] = line.replaceAll('$$', '$').replaceAll('\\#', '#').split(/ ; /);
  if (!compile || !/ -c -o /.test(compile) || !compile.includes('-D__KERNEL__')) return null;
  const source = compile.trim().split(/\s+/).at(-1)!;
  return { object, source, compile: compile.trim(), objtool: after.find((part) => part.includes('objtool')) ?? null };
}

/** Measures units of one object directory, with outputs in a scratch directory. */
export class UnitMeter {
  readonly #objdir: string;
  readonly #scratch: string;
  readonly #text: string;
  readonly #objtool: string | null;
  readonly #versions: boolean;

  /** @param units all of the directory: where one has no objtool command of its own, another's is taken */
  constructor(objdir: string, scratch: string, units: readonly Unit[]) {
    this.#objdir = objdir;
    this.#scratch = scratch;
    this.#objtool = units.find((unit) => unit.objtool)?.objtool ?? null;
    this.#versions = readFileSync(join(objdir, '.config'), 'latin1').includes('\nCONFIG_MODVERSIONS=y\n');
    mkdirSync(scratch, { recursive: true });
    this.#text = join(scratch, 'calibration.c');
    writeFileSync(this.#text, calibrationSource());
  }

  /** CPU seconds of the calibration text: the yardstick that the machine's load is divided out with. */
  reference(cc: string): number {
    return this.#cpuSeconds([`${cc} -w -O2 -ffreestanding -x c -c ${this.#text} -o ${this.#scratch}/reference.o`])[0]!;
  }

  /** CPU seconds (user + system, all children) of compiler, objtool, symbol versions and fixdep; NaN: it failed. */
  measure(unit: Unit, { drop, add, cc, codegen }: Variant): number[] {
    const object = join(this.#scratch, 'unit.o');
    const depfile = join(this.#scratch, 'unit.d');
    const dropped = drop.map((word) => new RegExp(`^(?:${word})$`));
    const words = unit.compile.split(' ').filter((word) => !dropped.some((pattern) => pattern.test(word)));
    words[0] = cc;
    words.splice(words.indexOf('-c'), 0, ...add);
    const compile = words
      .join(' ')
      .replace(/-Wp,-MMD,\S+/, `-Wp,-MMD,${depfile}`)
      .replace(/ -c -o \S+/, ` -c -o ${object}`);
    const preprocess = compile.replace(/ -c -o \S+/, ' -E -D__GENKSYMS__').replace(/-Wp,-MMD,\S+/, '');
    const objtool = (unit.objtool ?? this.#objtool)?.replace(/ \S+\.o\s*$/, ` ${object}`) ?? ':';
    const exports =
      this.#versions && unit.source.endsWith('.c')
        ? `if nm ${object} | grep -Eq ' __(export_symbol_|ksymtab)'; then ${preprocess} | scripts/genksyms/genksyms; fi`
        : ':';
    const native = codegen ? ` && mv ${object} ${object}.bc && ${codegen} -o ${object} ${object}.bc` : '';
    return this.#cpuSeconds([compile + native, objtool, exports, `scripts/basic/fixdep ${depfile} ${unit.object} x`]);
  }

  #cpuSeconds(commands: readonly string[]): number[] {
    const script = commands.map((c) => `time { { ${c} ; } >/dev/null 2>&1 || echo FAILED >&2; }`).join('\n');
    const done = spawnSync('bash', ['-c', `TIMEFORMAT='T %3U %3S'\n${script}`], {
      cwd: this.#objdir,
      encoding: 'latin1',
    });
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
}

/** The source as the data files name it, relative to the tree. */
export function sourceInTree(source: string): string {
  return source.replace(/^.*\/tree\//, '').replace(/^\.\.\/+/, '');
}

/** Uniform numbers from 0 up to 1, the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
