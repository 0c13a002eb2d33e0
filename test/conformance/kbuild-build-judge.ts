/**
 * The judge of translation units: the kernel's own build, run through to modpost with a stand-in for the toolchain
 * (judge-toolchain.c) that writes down what it is asked to compile. Behind it answers the machine's gcc, or clang for the
 * architectures that the kernel's makefiles build with no cross compiler.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KERNELS, type Kernel, REPOSITORY } from './kernels.ts';

/** A build that was run through. */
export interface JudgedUnits {
  /** The .config that make settled on, Latin-1. */
  readonly config: string;
  /** Objects that were compiled, as make names them. */
  readonly compiled: ReadonlySet<string>;
}

const SOURCE = join(REPOSITORY, 'test/conformance/judge-toolchain.c');
const RESULTS = join(KERNELS, 'judge/units');
/** No shims of the shell that started the tests; nor a Rust that comes with it. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
/** make's variable and the program behind it, in GNU's and LLVM's names. */
const TOOLS = [
  ['CC', 'gcc', 'clang'],
  ['LD', 'ld', 'ld.lld'],
  ['AR', 'ar', 'llvm-ar'],
  ['NM', 'nm', 'llvm-nm'],
  ['OBJCOPY', 'objcopy', 'llvm-objcopy'],
  ['OBJDUMP', 'objdump', 'llvm-objdump'],
  ['STRIP', 'strip', 'llvm-strip'],
  ['READELF', 'readelf', 'llvm-readelf'],
] as const;

/** Architectures for which `make LLVM=1` works with the clang of Debian 12. */
const BY_CLANG: readonly string[] = ['arm', 'arm64', 'mips', 'powerpc', 'riscv'];

/** What `make` and the command line are given for an architecture, besides ARCH. */
export function toolchainVariables(arch: string): Record<string, string> {
  return BY_CLANG.includes(arch) ? { LLVM: '1' } : {};
}

/**
 * Runs the kernel's build over a configuration; an equal run is cached and not repeated.
 * @param arch make's ARCH
 * @param config a .config, which make completes
 * @throws Error where make does not come to its end
 */
export function judgeUnits(kernel: Kernel, arch: string, config: string): JudgedUnits {
  const key = createHash('sha256')
    .update(`${kernel.tree}\0${statSync(join(kernel.tree, 'Makefile')).mtimeMs}\0${arch}\0`)
    .update(readFileSync(SOURCE))
    .update(config, 'latin1')
    .digest('hex')
    .slice(0, 32);
  const kept = join(RESULTS, key);
  if (!existsSync(kept)) {
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, JSON.stringify(build(kernel, arch, config)));
    renameSync(`${kept}.${process.pid}`, kept);
  }
  const found = JSON.parse(readFileSync(kept, 'utf8')) as { config: string; compiled: string[] };
  return { config: found.config, compiled: new Set(found.compiled) };
}

function build(kernel: Kernel, arch: string, config: string): { config: string; compiled: string[] } {
  const root = join(tmpdir(), 'kconfig-trim-judge');
  mkdirSync(root, { recursive: true });
  const objtree = mkdtempSync(join(root, 'units-'));
  try {
    writeFileSync(join(objtree, '.config'), config, 'latin1');
    const toolchain = prepareToolchain(join(objtree, '.judge'));
    const log = join(objtree, '.judge/log');
    const variables = [`ARCH=${arch}`, ...Object.entries(toolchainVariables(arch)).map(([n, v]) => `${n}=${v}`)];
    for (const [name, gnu, llvm] of TOOLS)
      variables.push(`${name}=${join(toolchain, BY_CLANG.includes(arch) ? llvm : gnu)}`);
    variables.push(`HOSTCC=${join(toolchain, 'hostcc')}`, 'HOSTLD=/usr/bin/ld', 'HOSTAR=/usr/bin/ar');
    const env = { PATH, LC_ALL: 'C', JUDGE_LOG: log, JUDGE_OBJECT: join(objtree, '.judge/empty.o') };
    const make = (goals: readonly string[]): void => {
      const done = spawnSync('make', ['-C', kernel.tree, `O=${objtree}`, '-j2', ...variables, ...goals], {
        env,
        encoding: 'latin1',
        stdio: ['ignore', 'pipe', 'pipe'],
        maxBuffer: 1 << 28,
      });
      if (done.status !== 0) throw new Error(`make ${goals.join(' ')} (${arch}): ${done.stderr.slice(-4000)}`);
    };
    make(['olddefconfig']);
    const settled = readFileSync(join(objtree, '.config'), 'latin1');
    // modpost's turn comes when all that the configuration builds is compiled, and before anything is linked.
    make(/^CONFIG_MODULES=y$/m.test(settled) ? ['modpost', 'KBUILD_MODULES=1'] : ['modpost']);
    const lines = readFileSync(log, 'latin1').trimEnd().split('\n');
    return {
      config: settled,
      compiled: lines.map((line) => line.slice(0, line.indexOf(' '))),
    };
  } finally {
    rmSync(objtree, { recursive: true, force: true });
  }
}

/** Compiles the stand-in and gives it its names. @returns the directory */
function prepareToolchain(directory: string): string {
  mkdirSync(directory, { recursive: true });
  const standIn = join(directory, 'hostcc');
  run('gcc', ['-O2', '-o', standIn, SOURCE]);
  for (const name of new Set(TOOLS.flatMap(([, gnu, llvm]) => [gnu, llvm]))) linkSync(standIn, join(directory, name));
  // modpost refuses modules without a license.
  const source = join(directory, 'empty.c');
  writeFileSync(source, '__attribute__((section(".modinfo"), used)) static const char license[] = "license=GPL";\n');
  run('gcc', ['-c', '-o', join(directory, 'empty.o'), source]);
  return directory;
}

function run(program: string, args: readonly string[]): void {
  const done = spawnSync(program, args, { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(`${program} ${args.join(' ')}: ${done.stderr}`);
}
