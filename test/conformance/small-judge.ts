/** The judge over small trees: thousands of runs of the kernel's conf, started by one shell for each batch. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** One question to conf about a small tree. Texts are Latin-1. */
export interface SmallRun {
  /** The tree, path to content; the top file is `Kconfig`. Either this or `directory`. */
  readonly files?: Readonly<Record<string, string>>;
  /** A tree that lies somewhere, only read. */
  readonly directory?: string;
  /** conf's option without dashes; `defconfig` reads `input` as well. */
  readonly target: string;
  /** The .config, the defconfig, or the seed of an all*config; absent where there is none. */
  readonly input?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** What is typed; endless Enters follow. */
  readonly keys?: string | undefined;
}

/** What conf did. */
export interface SmallResult {
  /** Above 128 where conf died. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The .config, the defconfig for `savedefconfig`, standard output for `listnewconfig`; empty where conf failed. */
  readonly text: string;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const SEEDED = new Set(['allnoconfig', 'allyesconfig', 'allmodconfig', 'alldefconfig', 'randconfig']);
/** Processor time after which one conf is ended: there are trees in which it does not come back. */
const CPU_SECONDS = 2;
/** A file system in memory, where there is one. */
const MEMORY = '/dev/shm';
/** Milliseconds, beside those for each run, after which a batch counts as hanging. */
const PATIENCE = 60_000;

/**
 * Runs one conf over many small trees. Runs that name the same `files` object share their files on disk.
 * @param conf path of the kernel's conf
 */
export function judgeAll(conf: string, runs: readonly SmallRun[]): SmallResult[] {
  const root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'kconfig-trim-small-'));
  try {
    const trees = new Map<unknown, string>();
    const script = runs.map((run, i) => prepare(conf, root, trees, run, i));
    writeFileSync(join(root, 'run.sh'), script.join(''), 'latin1');
    const done = spawnSync('/bin/sh', [join(root, 'run.sh')], {
      env: { PATH, HOME: '/' },
      encoding: 'latin1',
      timeout: PATIENCE + runs.length * 100,
    });
    if (done.status !== 0) throw new Error(`the batch of conf runs failed: ${done.stderr}`);
    return runs.map((run, i) => collect(join(root, `w${i}`), run));
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function prepare(conf: string, root: string, trees: Map<unknown, string>, run: SmallRun, i: number): string {
  const work = join(root, `w${i}`);
  // Without it conf would touch one file for each symbol.
  mkdirSync(join(work, 'include/config'), { recursive: true });
  writeFileSync(join(work, 'include/config/auto.conf'), '');
  const seeded = SEEDED.has(run.target);
  const inputName = run.target === 'defconfig' ? 'base' : seeded ? 'seed' : '.config';
  if (run.input !== undefined) writeFileSync(join(work, inputName), run.input, 'latin1');
  if (run.keys !== undefined) writeFileSync(join(work, 'keys'), `${run.keys}${'\n'.repeat(1000)}`, 'latin1');
  const env: Record<string, string> = { KCONFIG_DEFCONFIG_LIST: '', srctree: treeOf(root, trees, run), ...run.env };
  if (seeded && run.input !== undefined) env['KCONFIG_ALLCONFIG'] = 'seed';
  // Assignments before the command: one process fewer than env(1) for each of thousands of runs.
  const words = Object.entries(env).map(([name, value]) => `${name}=${quote(value)}`);
  const option = { defconfig: '--defconfig=base', savedefconfig: '--savedefconfig=defconfig' }[run.target];
  const from = run.keys === undefined ? '/dev/null' : 'keys';
  return (
    `(cd ${quote(work)} && ulimit -t ${CPU_SECONDS} && ${words.join(' ')} exec ${quote(conf)} ` +
    `${option ?? `--${run.target}`} Kconfig <${from} >stdout 2>stderr); echo $? >${quote(join(work, 'status'))}\n`
  );
}

function treeOf(root: string, trees: Map<unknown, string>, run: SmallRun): string {
  if (run.directory !== undefined) return run.directory;
  const files = run.files ?? {};
  let tree = trees.get(files);
  if (tree === undefined) {
    tree = join(root, `t${trees.size}`);
    trees.set(files, tree);
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), text, 'latin1');
    }
  }
  return tree;
}

function collect(work: string, run: SmallRun): SmallResult {
  const read = (name: string): string => (existsSync(join(work, name)) ? readFileSync(join(work, name), 'latin1') : '');
  const status = Number(read('status'));
  const stdout = read('stdout');
  const output =
    run.target === 'listnewconfig' ? stdout : read(run.target === 'savedefconfig' ? 'defconfig' : '.config');
  return { status, stdout, stderr: read('stderr'), text: status === 0 ? output : '' };
}

function quote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
