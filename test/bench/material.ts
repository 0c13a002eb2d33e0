/** What is measured on: Debian's kernel, its config, a listing, and the programs that trim one to the other. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { judgeEnvironment } from '../conformance/conf-judge.ts';
import { type Kernel, kernel, REPOSITORY } from '../conformance/kernels.ts';
import { copyObjtree } from '../conformance/make-judge.ts';
import { LISTINGS } from '../conformance/real-listings.ts';
import { olddefconfig, X86 } from '../conformance/trim-judge.ts';
import { type Contestant, measure } from './measure.ts';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const LISTING = LISTINGS.find((path) => basename(path).startsWith('laptop-thinkpad')) ?? LISTINGS[0]!;

/** The things of one run of the benchmark; `remove` ends it. */
export class Material {
  readonly kernel: Kernel;
  readonly config: string;
  readonly listing: string;
  readonly scratch = mkdtempSync(join(tmpdir(), 'kconfig-trim-bench-'));
  readonly #base: string;
  #objtree: string | null = null;

  constructor(version: string, config: string, listing: string | undefined) {
    this.kernel = kernel(version);
    const found = this.kernel.configs.find((path) => basename(path) === `config.${config}`);
    if (!found) throw new Error(`no config ${config}; there are ${this.kernel.configs.map((each) => basename(each))}`);
    this.config = found;
    this.listing = listing ?? LISTING;
    // streamline_config.pl takes the config as it is, so it gets one that conf has been over.
    this.#base = olddefconfig(this.kernel, readFileSync(this.config, 'latin1'));
  }

  /** A path in the scratch directory. */
  path(name: string): string {
    return join(this.scratch, name);
  }

  /** This program. */
  ours(name: string, args: readonly string[], more: { cache?: string; statuses?: readonly number[] } = {}): Contestant {
    const { HOME = '/' } = process.env;
    return {
      name,
      file: process.execPath,
      args: [join(REPOSITORY, 'bin/kconfig-trim.js'), ...args],
      options: {
        cwd: this.scratch,
        env: { PATH, HOME, ARCH: 'x86', XDG_CACHE_HOME: more.cache ?? this.path('cache') },
      },
      statuses: more.statuses ?? [],
    };
  }

  /** A trim to a listing. */
  trim(name: string, listings: readonly string[], ...args: readonly string[]): Contestant {
    return this.#trimIn(this.kernel.tree, name, listings, this.config, args);
  }

  #trimIn(
    tree: string,
    name: string,
    listings: readonly string[],
    config: string,
    args: readonly string[] = [],
  ): Contestant {
    const loaded = listings.flatMap((listing) => ['-l', listing]);
    const base = ['-C', tree, '-c', config, '-o', this.path(`${name.replaceAll(' ', '-')}.config`)];
    return this.ours(name, [...base, ...loaded, '-q', '--performance', ...args], { statuses: [1] });
  }

  /** A trim that fills the cache, as on a machine that it never ran on. */
  firstTrim(name: string, listings: readonly string[]): Contestant {
    const cache = this.path('first-cache');
    const { options, ...trim } = this.trim(name, listings);
    return {
      ...trim,
      options: { ...options, env: { ...options.env, XDG_CACHE_HOME: cache } },
      before: () => rmSync(cache, { recursive: true, force: true }),
    };
  }

  /** The same run, with nothing of any file in memory before. Needs root. */
  uncached({ before, ...run }: Contestant): Contestant {
    return {
      ...run,
      before: () => {
        before?.();
        execFileSync('sync');
        writeFileSync('/proc/sys/vm/drop_caches', '3');
      },
    };
  }

  /** A trim in a git checkout of another's version, when one before has been trimmed for in the same directory. */
  afterCheckout(name: string, before: string, { kernel: { version }, config, listing }: Material): Contestant {
    const versions = [before, version];
    const tree = this.path('checkout');
    const git = (workTree: string, ...words: readonly string[]): void => {
      const identity = ['-c', 'user.name=bench', '-c', 'user.email=bench', '-c', 'gc.auto=0'];
      const args = [...identity, `--git-dir=${this.path('checkout.git')}`, `--work-tree=${workTree}`, ...words];
      execFileSync('git', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    };
    const { options, ...trim } = this.#trimIn(tree, name, [listing], config);
    const run = {
      ...trim,
      options: { ...options, env: { ...options.env, XDG_CACHE_HOME: this.path('checkout-cache') } },
    };
    const isThere = (): boolean => existsSync(tree);
    const prepare = (): void => {
      mkdirSync(tree);
      git(tree, 'init', '--quiet');
      for (const version of versions) {
        git(kernel(version).tree, 'add', '--all', '--force');
        git(kernel(version).tree, 'commit', '--quiet', '-m', version);
        git(kernel(version).tree, 'tag', version);
      }
    };
    return {
      ...run,
      before: () => {
        if (!isThere()) prepare();
        for (const version of versions) {
          if (version !== versions[0]) measure(run);
          git(tree, 'checkout', '--quiet', '--force', version);
        }
      },
    };
  }

  /** The incumbent without make around it: streamline_config.pl, then conf. */
  perlAndConf(name: string): Contestant {
    const folder = this.#folder('perl');
    const script = join(this.kernel.tree, 'scripts/kconfig/streamline_config.pl');
    return {
      name,
      file: '/bin/sh',
      args: [
        '-c',
        `perl ${script} --localmodconfig ${this.kernel.tree} Kconfig >new && mv new .config && ${this.kernel.conf} --olddefconfig Kconfig`,
      ],
      options: { cwd: folder, env: { ...this.#environment(), LSMOD: this.listing } },
      before: () => this.#reset(folder),
    };
  }

  /** The kernel's conf alone. */
  conf(name: string): Contestant {
    const folder = this.#folder('conf');
    return {
      name,
      file: this.kernel.conf,
      args: ['--olddefconfig', 'Kconfig'],
      options: { cwd: folder, env: this.#environment() },
      before: () => this.#reset(folder),
    };
  }

  /**
   * The incumbent as people start it.
   * @param isClean whether conf has to be compiled; otherwise that has been done
   */
  localmodconfig(name: string, { isClean = false } = {}): Contestant {
    const objtree = isClean ? this.#folder('clean') : this.#builtObjtree();
    const make = `make -C ${this.kernel.tree} O=${objtree} LSMOD=${this.listing} localmodconfig`;
    return {
      name,
      file: '/bin/sh',
      args: ['-c', `yes "" | ${make}`],
      options: { cwd: this.scratch, env: { PATH, HOME: process.env['HOME'] ?? '/', ARCH: 'x86' } },
      before: () => {
        if (isClean) {
          rmSync(objtree, { recursive: true });
          mkdirSync(objtree);
        }
        this.#reset(objtree);
      },
    };
  }

  #builtObjtree(): string {
    this.#objtree ??= copyObjtree(this.kernel, 'bench');
    return this.#objtree;
  }

  remove(): void {
    rmSync(this.scratch, { recursive: true, force: true });
    if (this.#objtree !== null) rmSync(this.#objtree, { recursive: true, force: true });
  }

  /** A directory that a tool may write into; the tree is read through `srctree`. */
  #folder(name: string): string {
    const folder = this.path(name);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  #reset(folder: string): void {
    writeFileSync(join(folder, '.config'), this.#base, 'latin1');
    rmSync(join(folder, '.config.old'), { force: true });
  }

  #environment(): Record<string, string> {
    return { ...judgeEnvironment(this.kernel, X86).env, srctree: this.kernel.tree, KCONFIG_DEFCONFIG_LIST: '' };
  }
}
