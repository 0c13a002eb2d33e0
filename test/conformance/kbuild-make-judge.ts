/**
 * The judge of what a configuration builds: GNU make on the kernel's own scripts/Makefile.build, run once in every
 * directory that the run before it descends into. Nothing is compiled: kbuild-make-judge.mk, read after Makefile.build
 * and the Kbuild file, writes down the lists that Makefile.build made. Directories get the environment that the
 * kernel's own top Makefile exports.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, normalize } from 'node:path';
import { CachedReports } from './cached-reports.ts';
import { autoConf } from './config-values.ts';
import { KERNELS, REPOSITORY } from './kernels.ts';

/** What make's walk of the tree came to. Paths are relative to the tree; objects are as make names them. */
export interface JudgedBuild {
  /** Modules, without suffix. */
  readonly modules: ReadonlySet<string>;
  /** Objects of built-in.a and lib.a, as the lists name them. */
  readonly builtin: ReadonlySet<string>;
  /** Members of modules. */
  readonly modular: ReadonlySet<string>;
  /** Directories entered. */
  readonly directories: ReadonlySet<string>;
}

const DRIVER = join(REPOSITORY, 'test/conformance/kbuild-make-judge.mk');
const RESULTS = join(KERNELS, 'judge/kbuild');

/**
 * Walks the tree with GNU make; an equal walk is cached and not repeated, nor is make's report of a directory for which
 * nothing differs that its makefiles look at.
 * @param tree absolute path
 * @param arch make's ARCH
 * @param config the .config's text
 * @param wanted paths of modules without suffix: make enters only the directories that lead to them, which takes a tenth
 *   of the time
 */
export function judgeBuild(tree: string, arch: string, config: string, wanted?: readonly string[]): JudgedBuild {
  const key = createHash('sha256')
    .update(`${tree}\0${statSync(join(tree, 'Makefile')).mtimeMs}\0${arch}\0`)
    .update(`${readFileSync(DRIVER)}\0unquoted`)
    .update(config, 'latin1')
    .update(wanted ? `\0${wanted.join()}` : '')
    .digest('hex')
    .slice(0, 32);
  const kept = join(RESULTS, key);
  if (!existsSync(kept)) {
    const report = walk(tree, arch, config, join(RESULTS, 'directories'), wanted && ancestorsOf(wanted));
    mkdirSync(RESULTS, { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, report, 'latin1');
    renameSync(`${kept}.${process.pid}`, kept);
  }
  return parseReport(readFileSync(kept, 'latin1'));
}

/** Walks the tree with GNU make in every directory, whatever is cached of other walks. */
export function judgeBuildAnew(tree: string, arch: string, config: string): JudgedBuild {
  return parseReport(walk(tree, arch, config, null));
}

/** The directories that lead to files. */
function ancestorsOf(paths: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (const path of paths) for (let at = dirname(path); at !== '.'; at = dirname(at)) found.add(at);
  return found;
}

/** @param within the directories that are entered beside the top; all where it is not given */
function walk(
  tree: string,
  arch: string,
  config: string,
  reports: string | null,
  within?: ReadonlySet<string>,
): string {
  const root = join(tmpdir(), 'kconfig-trim-judge');
  mkdirSync(root, { recursive: true });
  const objtree = mkdtempSync(join(root, 'kbuild-'));
  try {
    const env = prepare(tree, arch, config, objtree);
    const kept = reports === null ? null : new CachedReports({ folder: reports, tree, objtree, arch, env, config });
    const seen = new Map<string, string>();
    let level: Entered[] = [{ directory: '.', builtin: true, modorder: true }];
    while (level.length > 0) {
      const known = new Map(level.map((entered) => [entered, kept?.find(enteredKey(entered)) ?? null]));
      const unknown = level.filter((entered) => known.get(entered) === null);
      if (unknown.length > 0) runLevel(tree, objtree, env, unknown);
      level = level.flatMap((entered) => {
        const { directory } = entered;
        const report = known.get(entered) ?? readFileSync(reportPath(objtree, directory), 'latin1');
        if (known.get(entered) === null) kept?.add(enteredKey(entered), report, listed(report, 'F'));
        seen.set(directory, report);
        return enteredBy(report).filter((each) => within?.has(normalize(each.directory)) ?? true);
      });
    }
    return [...seen].map(([directory, report]) => `D ${directory}\n${report}`).join('\n');
  } finally {
    rmSync(objtree, { recursive: true, force: true });
  }
}

interface Entered {
  readonly directory: string;
  readonly builtin: boolean;
  readonly modorder: boolean;
}

const enteredKey = ({ directory, builtin, modorder }: Entered): string =>
  `${directory}:${builtin ? 1 : ''}:${modorder ? 1 : ''}`;

/** Writes what syncconfig would have left, and asks the top Makefile for the environment of the walk. */
function prepare(tree: string, arch: string, config: string, objtree: string): NodeJS.ProcessEnv {
  mkdirSync(join(objtree, 'include/config'), { recursive: true });
  mkdirSync(join(objtree, 'judge'));
  writeFileSync(join(objtree, '.config'), config, 'latin1');
  writeFileSync(join(objtree, 'include/config/auto.conf.cmd'), '');
  writeFileSync(join(objtree, 'include/config/auto.conf'), autoConf(config), 'latin1');
  const future = Date.now() / 1000 + 5;
  utimesSync(join(objtree, 'include/config/auto.conf'), future, future);
  const done = spawnSync(
    'make',
    [
      ...['-s', '-rR', '--no-print-directory', '-C', tree, `O=${objtree}`, `ARCH=${arch}`],
      `--eval=judge-env: ; @env -0 >${objtree}/judge.env`,
      'judge-env',
    ],
    { encoding: 'latin1', env: { PATH: process.env['PATH'], LC_ALL: 'C' } },
  );
  const dump = join(objtree, 'judge.env');
  if (!existsSync(dump)) throw new Error(`make judge-env in ${basename(tree)} (${arch}): ${done.stderr}`);
  const env: NodeJS.ProcessEnv = {};
  for (const entry of readFileSync(dump, 'latin1').split('\0')) {
    const at = entry.indexOf('=');
    if (at > 0) env[entry.slice(0, at)] = entry.slice(at + 1);
  }
  for (const name of ['MAKEFLAGS', 'MFLAGS', 'MAKEOVERRIDES', 'MAKELEVEL']) delete env[name];
  return { ...env, KBUILD_BUILTIN: '1', KBUILD_MODULES: '1', JUDGE_OUT: join(objtree, 'judge') };
}

function runLevel(tree: string, objtree: string, env: NodeJS.ProcessEnv, level: readonly Entered[]): void {
  const input = level
    .flatMap(({ directory, builtin, modorder }) => [
      `obj=${directory}`,
      `need-builtin=${builtin ? 1 : ''}`,
      `need-modorder=${modorder ? 1 : ''}`,
    ])
    .join('\n');
  // The top Makefile puts the tree on make's include path.
  const flags = ['-s', '-rR', '--no-print-directory', `--include-dir=${tree}`];
  const make = ['make', ...flags, '-f', join(tree, 'scripts/Makefile.build'), '-f', DRIVER];
  const done = spawnSync('xargs', ['-P', '2', '-n', '3', ...make, 'judge-report'], {
    cwd: objtree,
    env,
    input,
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  const missing = level.filter(({ directory }) => !existsSync(reportPath(objtree, directory)));
  if (missing.length === 0) return;
  const names = missing.map(({ directory }) => directory).join(' ');
  throw new Error(`no report of ${names}; there are ${readdirSync(join(objtree, 'judge')).length}: ${done.stderr}`);
}

function reportPath(objtree: string, directory: string): string {
  return join(objtree, 'judge', `${directory.replaceAll('/', '@')}.txt`);
}

/** The words of one kind of line. */
function listed(report: string, kind: string): string[] {
  return report
    .split('\n')
    .filter((line) => line.startsWith(`${kind} `))
    .flatMap((line) => line.slice(2).split(' '))
    .filter((word) => word !== '');
}

function enteredBy(report: string): Entered[] {
  return listed(report, 'S').map((word) => {
    const [directory = '', builtin, modorder] = word.split(':');
    return { directory, builtin: builtin === '1', modorder: modorder === '1' };
  });
}

function parseReport(report: string): JudgedBuild {
  const objects = (kind: string): string[] => listed(report, kind).filter((word) => word.endsWith('.o'));
  return {
    modules: new Set(objects('M').map((path) => normalize(path.slice(0, -2)))),
    builtin: new Set([...objects('B'), ...objects('L'), ...objects('X')]),
    modular: new Set(objects('R')),
    directories: new Set(listed(report, 'D')),
  };
}
