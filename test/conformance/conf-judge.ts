/**
 * The judge: the kernel's own conf. Runs it in a scratch directory of its own, with the environment that make would
 * give it, and with the answers of `$(shell …)` cached from run to run (judge-popen.c); results are cached too, since the
 * same conf says the same to the same input.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { machine, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { NodeCommandRunner, NodeFileSystem } from '../../src/platform/node.ts';
import { Scope } from '../../src/platform/scope.ts';
import { type ConfEnvironment, confEnvironment } from '../../src/toolchain/environment.ts';
import { KERNELS, type Kernel, REPOSITORY } from './kernels.ts';

/** How `$(shell …)` is answered: for real, every probe positive, or a fixed mixture. */
export type Answers = 'real' | 'yes' | `seed:${number}`;

/** An architecture as make's command line names it. */
export interface Arch {
  readonly arch: string;
  readonly subarch?: string;
}

/** One run of conf. */
export interface ConfRun {
  readonly kernel: Kernel;
  readonly arch: Arch;
  /** As conf's option without dashes: `olddefconfig`, `allnoconfig`, `defconfig`, `savedefconfig`, `listnewconfig`, … */
  readonly target: string;
  /** The .config that lies in the working directory, Latin-1. */
  readonly config?: string;
  /** The defconfig that `defconfig` reads, Latin-1. */
  readonly defconfig?: string;
  readonly answers?: Answers;
  /** Further environment: KCONFIG_SEED, KCONFIG_ALLCONFIG, … */
  readonly env?: Readonly<Record<string, string>>;
}

/** What conf left behind. Texts are Latin-1. */
export interface ConfResult {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** .config after the run; null where there is none. */
  readonly config: string | null;
  /** What `savedefconfig` wrote; null for other targets. */
  readonly defconfig: string | null;
}

const WORK = join(KERNELS, 'judge');
const environments = new Map<string, ConfEnvironment>();
const hashes = new Map<string, string>();
let preload: string | null = null;

/** conf's environment for an architecture of a kernel, from the kernel's own Makefiles; no host compiler flags. */
export function judgeEnvironment(kernel: Kernel, { arch, subarch }: Arch): ConfEnvironment {
  const key = `${kernel.version}/${arch}/${subarch ?? ''}`;
  let found = environments.get(key);
  if (!found) {
    const commands = new NodeCommandRunner(new Scope());
    found = confEnvironment({
      fs: new NodeFileSystem(),
      tree: kernel.tree,
      objtree: scratchRoot(),
      env: { PATH: judgePath(), HOME: process.env['HOME'] ?? '/' },
      overrides: subarch === undefined ? { ARCH: arch } : { ARCH: arch, SUBARCH: subarch },
      host: { machine: machine(), release: release() },
      shell: (command, { cwd, env, shell }) => commands.run(shell, ['-c', command], { cwd, env }).stdout,
    });
    environments.set(key, found);
  }
  return found;
}

/** The environment of a run, KCONFIG_DEFCONFIG_LIST empty so that the host's own configs stay out. */
export function runEnvironment(run: ConfRun): Record<string, string> {
  return { ...judgeEnvironment(run.kernel, run.arch).env, KCONFIG_DEFCONFIG_LIST: '', ...run.env };
}

/** Runs conf, or gives the cached result of an equal run. */
export function runConf(run: ConfRun): ConfResult {
  const kept = join(WORK, 'results', resultKey(run));
  if (existsSync(kept)) {
    const text = inflateRawSync(readFileSync(kept)).toString('latin1');
    const result = JSON.parse(text) as ConfResult;
    if (existsSync(answersFile(run))) return result;
  }
  const result = runForReal(run);
  mkdirSync(join(WORK, 'results'), { recursive: true });
  const fresh = `${kept}.${process.pid}`;
  writeFileSync(fresh, deflateRawSync(Buffer.from(JSON.stringify(result), 'latin1')));
  renameSync(fresh, kept);
  return result;
}

/**
 * `$(shell command)` as conf was answered, for the engine: from the file that the judge's runs filled. A command that
 * conf never ran is an error: the engine must run the very same.
 */
export function judgeShell(run: ConfRun): (command: string) => string {
  let answers: ReadonlyMap<string, string> | null = null;
  return (command) => {
    answers ??= readAnswers(answersFile(run));
    const answer = answers.get(command);
    if (answer === undefined) throw new Error(`conf did not run this command: ${command}`);
    return answer.slice(0, 4095);
  };
}

function runForReal(run: ConfRun): ConfResult {
  const directory = mkdtempSync(join(scratchRoot(), 'run-'));
  try {
    if (run.config !== undefined) writeFileSync(join(directory, '.config'), run.config, 'latin1');
    if (run.defconfig !== undefined) writeFileSync(join(directory, 'base'), run.defconfig, 'latin1');
    const option = { defconfig: '--defconfig=base', savedefconfig: '--savedefconfig=defconfig' }[run.target];
    mkdirSync(join(WORK, 'answers'), { recursive: true });
    const done = spawnSync(run.kernel.conf, [option ?? `--${run.target}`, 'Kconfig'], {
      cwd: directory,
      env: {
        ...runEnvironment(run),
        LD_PRELOAD: preloadLibrary(),
        JUDGE_ANSWERS: answersFile(run),
        JUDGE_MODE: run.answers ?? 'real',
      },
      encoding: 'latin1',
      input: '',
      maxBuffer: 1 << 28,
    });
    if (done.error) throw done.error;
    const read = (name: string) =>
      existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'latin1') : null;
    return {
      status: done.status ?? -1,
      stdout: done.stdout,
      stderr: done.stderr,
      config: read('.config'),
      defconfig: run.target === 'savedefconfig' ? read('defconfig') : null,
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Equal for runs that conf must answer equally. */
function resultKey(run: ConfRun): string {
  const hash = createHash('sha256');
  const parts = [
    fileHash(run.kernel.conf),
    answersFile(run),
    run.target,
    run.config ?? '\0none',
    run.defconfig ?? '\0none',
    JSON.stringify(run.env ?? {}),
  ];
  for (const part of parts) hash.update(`${part.length}:`).update(part, 'latin1');
  return hash.digest('hex').slice(0, 32);
}

/** The file that holds conf's answers for this environment and way of answering. */
function answersFile(run: ConfRun): string {
  const { env, arch } = judgeEnvironment(run.kernel, run.arch);
  const hash = createHash('sha256')
    .update(JSON.stringify(Object.entries(env).sort()))
    .update(preloadSource());
  for (const tool of ['gcc', 'ld', 'clang', 'rustc', 'pahole']) hash.update(identity(tool));
  const name = `${run.kernel.version}-${arch}-${run.arch.subarch ?? ''}-${(run.answers ?? 'real').replace(':', '')}`;
  return join(WORK, 'answers', `${name}-${hash.digest('hex').slice(0, 16)}`);
}

function readAnswers(path: string): ReadonlyMap<string, string> {
  const answers = new Map<string, string>();
  for (const line of readFileSync(path, 'latin1').split('\n')) {
    const [command, output] = line.split('\t');
    if (output === undefined) continue;
    answers.set(Buffer.from(command!, 'hex').toString('latin1'), Buffer.from(output, 'hex').toString('latin1'));
  }
  return answers;
}

/** The judge's own PATH: no shims of the shell that started the tests. */
function judgePath(): string {
  return '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
}

function identity(tool: string): string {
  for (const directory of judgePath().split(':')) {
    const path = join(directory, tool);
    if (existsSync(path)) {
      const { size, mtimeMs } = statSync(path);
      return `${path}:${size}:${mtimeMs}`;
    }
  }
  return `${tool}:none`;
}

function scratchRoot(): string {
  const root = join(tmpdir(), 'kconfig-trim-judge');
  mkdirSync(root, { recursive: true });
  return root;
}

function preloadSource(): string {
  return fileHash(join(REPOSITORY, 'test/conformance/judge-popen.c'));
}

function preloadLibrary(): string {
  if (preload === null) {
    const path = join(WORK, `popen-${preloadSource()}.so`);
    if (!existsSync(path)) {
      mkdirSync(WORK, { recursive: true });
      const fresh = `${path}.${process.pid}`;
      const source = join(REPOSITORY, 'test/conformance/judge-popen.c');
      const built = spawnSync('gcc', ['-O2', '-shared', '-fPIC', '-o', fresh, source], { encoding: 'utf8' });
      if (built.status !== 0) throw new Error(`judge-popen.c does not compile: ${built.stderr}`);
      renameSync(fresh, path);
    }
    preload = path;
  }
  return preload;
}

function fileHash(path: string): string {
  let found = hashes.get(path);
  if (found === undefined) {
    found = createHash('sha256').update(readFileSync(path)).digest('hex').slice(0, 16);
    hashes.set(path, found);
  }
  return found;
}
