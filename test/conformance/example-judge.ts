/**
 * The kernel's own conf and the kernel's own Makefile.build, let loose on a scratch copy of fixtures/example/tree.
 * Nothing of the kernel is copied into the repository: the scripts are linked into the scratch folder.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Kernel, REPOSITORY } from './kernels.ts';

/** The example's folder. */
export const EXAMPLE = join(REPOSITORY, 'fixtures/example');

/** What the tree's Makefile calls itself; conf writes it into the header of a config. */
const KERNELVERSION = '6.12.0-example';

/** The kernel's Makefile.build wants these from its top Makefile; the values only have to compile empty functions. */
const DRIVER = `include Makefile
MAKEFLAGS += -rR --no-print-directory
KBUILD_MODULES := 1
KBUILD_BUILTIN := 1
KBUILD_CFLAGS := -w -Iinclude
KBUILD_CFLAGS_MODULE := -DMODULE
CONFIG_SHELL := sh
AWK := awk
OBJCOPY := objcopy
quiet := silent_
Q := @
export KBUILD_MODULES KBUILD_BUILTIN KBUILD_CFLAGS KBUILD_CFLAGS_MODULE CONFIG_SHELL AWK OBJCOPY quiet Q
export VERSION PATCHLEVEL
.PHONY: judge
judge:
	@$(MAKE) -f scripts/Makefile.build obj=. need-builtin=1 need-modorder=1
`;

/** Headers that the kernel's compile command names with -include. */
const FORCED_HEADERS = ['kconfig.h', 'compiler_types.h', 'compiler-version.h'];

/** What conf did. */
export interface ConfRun {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The bytes that it left in the config, as Latin-1; null where there is no file. */
  readonly config: string | null;
}

/** A scratch copy of the example's tree. */
export class ExampleTree {
  readonly dir = temporaryFolder();
  readonly #kernel: Kernel;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
    cpSync(join(EXAMPLE, 'tree'), this.dir, { recursive: true });
  }

  /**
   * Runs the kernel's conf.
   * @param target without the dashes: `olddefconfig`
   * @param config what .config holds before, Latin-1; none where it is undefined
   */
  conf(target: string, config?: string): ConfRun {
    const path = join(this.dir, '.config');
    if (config !== undefined) writeFileSync(path, config, 'latin1');
    const { status, stdout, stderr } = spawnSync(this.#kernel.conf, [`--${target}`, 'Kconfig'], {
      cwd: this.dir,
      encoding: 'latin1',
      env: {
        PATH: process.env['PATH'],
        srctree: '.',
        ARCH: 'x86',
        SRCARCH: 'x86',
        KERNELVERSION,
        CC: 'gcc',
        LD: 'ld',
        KCONFIG_WARN_UNKNOWN_SYMBOLS: '1',
      },
    });
    return { status, stdout, stderr, config: existsSync(path) ? readFileSync(path, 'latin1') : null };
  }

  /**
   * Lets the kernel's Makefile.build build everything under this config, with a real compiler.
   * @returns the modules that it built, paths without suffix, sorted by byte
   * @throws Error with what make said, where it fails
   */
  build(config: string): readonly string[] {
    this.#prepare();
    mkdirSync(join(this.dir, 'include/config'), { recursive: true });
    mkdirSync(join(this.dir, 'include/generated'), { recursive: true });
    const synced = this.conf('syncconfig', config);
    if (synced.status !== 0) throw new Error(`conf --syncconfig failed: ${synced.stderr}`);
    writeFileSync(join(this.dir, 'judge.mk'), DRIVER);
    const { status, stdout, stderr } = spawnSync('make', ['-f', 'judge.mk', 'ARCH=x86', 'judge'], {
      cwd: this.dir,
      encoding: 'latin1',
      env: { PATH: process.env['PATH'] },
    });
    if (status !== 0) throw new Error(`make failed: ${stdout}${stderr}`);
    return readFileSync(join(this.dir, 'modules.order'), 'latin1')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.replace(/\.k?o$/, ''))
      .sort((a, b) => (a < b ? -1 : 1));
  }

  /** Once: links the kernel's build scripts beside those of the example, which come first. */
  #prepare(): void {
    const from = join(this.#kernel.tree, 'scripts');
    const to = join(this.dir, 'scripts');
    if (existsSync(join(to, 'Makefile.build'))) return;
    for (const name of readdirSync(from)) {
      if (name !== 'basic' && !existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name));
    }
    for (const name of FORCED_HEADERS) writeFileSync(join(this.dir, 'include/linux', name), '');
    mkdirSync(join(to, 'basic'));
    symlinkSync(join(this.#kernel.confObjtree, 'scripts/basic/fixdep'), join(to, 'basic/fixdep'));
  }
}

/** Turns symbols off in the text of a config. */
export function turnOff(config: string, symbols: readonly string[]): string {
  const off = new Set(symbols);
  return config.replace(/^CONFIG_(\w+)=.*$/gm, (line, name: string) =>
    off.has(name) ? `# CONFIG_${name} is not set` : line,
  );
}

/** Does what a person would do about key files that are not there. */
export function resetKeys(config: string): string {
  return config
    .replace(/^CONFIG_MODULE_SIG_KEY=.*$/m, 'CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"')
    .replace(/^CONFIG_SYSTEM_TRUSTED_KEYS=.*$/m, 'CONFIG_SYSTEM_TRUSTED_KEYS=""');
}
