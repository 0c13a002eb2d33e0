/**
 * A trim, ours and the incumbent's, judged by programs that this project did not write: the kernel's conf says whether
 * the config is final, GNU make on the kernel's own Makefiles what it builds.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Arch, judgeEnvironment, runConf } from './conf-judge.ts';
import { type JudgedBuild, judgeBuild } from './kbuild-make-judge.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';

/** What the distribution's configs are for. */
export const X86: Arch = { arch: 'x86' };

/** What one config builds, and what it lost. */
export interface Judged {
  /** The config after the kernel's `conf --olddefconfig`. */
  readonly config: string;
  readonly build: JudgedBuild;
  readonly modules: number;
  readonly objects: number;
  /** Loaded modules that the base builds and this does not, by path. */
  readonly lost: readonly string[];
}

/** A base config and a listing. */
export interface TrimCase {
  readonly kernel: Kernel;
  /** Path of the distribution's config. */
  readonly config: string;
  /** Path of the listing. */
  readonly listing: string;
}

/** The config after conf --olddefconfig. */
export function olddefconfig(kernel: Kernel, config: string, arch: Arch = X86): string {
  return runConf({ kernel, arch, target: 'olddefconfig', config, answers: 'real' }).config ?? '';
}

/** What the base config builds. */
export function judgeBase(kernel: Kernel, config: string): JudgedBuild {
  return judgeBuild(kernel.tree, 'x86', olddefconfig(kernel, readFileSync(config, 'latin1')));
}

/** A module's name as the kernel has it: of a path's last part, dashes as underscores. */
export const folded = (path: string): string => basename(path).replaceAll('-', '_');

/** Names in a listing: the first word of every line but the header. */
export function loadedNames(listing: string): Set<string> {
  const lines = readFileSync(listing, 'latin1').split('\n');
  const names = lines
    .filter((line) => line.trim() !== '' && !/^Module\s+Size/.test(line))
    .map((line) => line.split(/\s/)[0]!);
  return new Set(names.map(folded));
}

/** Paths of the modules of these names that are built. */
export function modulesNamed(build: JudgedBuild, names: ReadonlySet<string>): string[] {
  return [...build.modules].filter((path) => names.has(folded(path))).sort();
}

/** Paths of the loaded modules that the base builds. */
export function neededModules(test: TrimCase): string[] {
  return modulesNamed(judgeBase(test.kernel, test.config), loadedNames(test.listing));
}

/** A config after conf, and what GNU make builds of it. @param wanted as for `judgeBuild` */
export function judgeText(
  kernel: Kernel,
  written: string,
  wanted?: readonly string[],
): { config: string; build: JudgedBuild } {
  const config = olddefconfig(kernel, written);
  return { config, build: judgeBuild(kernel.tree, 'x86', config, wanted) };
}

/** Judges a config against what is needed. */
export function judge(test: TrimCase, written: string, needed: readonly string[] = neededModules(test)): Judged {
  const { config, build } = judgeText(test.kernel, written);
  const lost = needed.filter((path) => !build.modules.has(path) && !build.builtin.has(`${path}.o`));
  const objects = new Set([...build.builtin, ...build.modular]).size;
  return { config, build, modules: build.modules.size, objects, lost };
}

/** Our trim, by the built command line. */
export function runOurs(test: TrimCase, options: readonly string[] = []): { config: string; status: number | null } {
  const scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
  try {
    const output = join(scratch, 'config');
    const { env } = judgeEnvironment(test.kernel, X86);
    const bin = join(REPOSITORY, 'bin/kconfig-trim.js');
    const args = ['--tree', test.kernel.tree, '--arch', 'x86', '--config', test.config, '--lsmod', test.listing];
    const done = spawnSync(process.execPath, [bin, ...args, '--output', output, '--quiet', ...options], {
      encoding: 'utf8',
      env: { PATH: env['PATH'], HOME: env['HOME'] },
    });
    if (done.status === 2) throw new Error(done.stderr);
    return { config: readFileSync(output, 'latin1'), status: done.status };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/**
 * The incumbent: `streamline_config.pl` as `make localmodconfig` runs it, conf after it. Its answer changes with perl's
 * hash order, so the seed is fixed.
 */
export function runIncumbent(test: TrimCase): string {
  const scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
  try {
    writeFileSync(join(scratch, '.config'), olddefconfig(test.kernel, readFileSync(test.config, 'latin1')), 'latin1');
    const script = join(test.kernel.tree, 'scripts/kconfig/streamline_config.pl');
    const { env } = judgeEnvironment(test.kernel, X86);
    const done = spawnSync('perl', [script, '--localmodconfig', test.kernel.tree, 'Kconfig'], {
      cwd: scratch,
      encoding: 'latin1',
      maxBuffer: 1 << 26,
      env: { ...env, LSMOD: test.listing, PERL_HASH_SEED: '0', PERL_PERTURB_KEYS: '0' },
    });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
