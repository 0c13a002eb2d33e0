/** Where the real kernels are that the conformance tests run on (made by setup.sh, git-ignored). */
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of this repository. */
export const REPOSITORY = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder that holds one folder for each kernel version. */
export const KERNELS = process.env['KCONFIG_TRIM_KERNELS'] ?? join(REPOSITORY, '.kernels');

/** The material of one kernel version. */
export interface Kernel {
  /** The series, as the folder is named: `6.12`. */
  readonly version: string;
  /** The full source tree; nothing may be written into it. */
  readonly tree: string;
  /** The kernel's own `scripts/kconfig/conf`, built. */
  readonly conf: string;
  /** The O= directory in which `conf` was built. */
  readonly confObjtree: string;
  /** Debian's shipped configs, absolute paths. */
  readonly configs: readonly string[];
  /** The module lists of Debian's amd64 image. */
  readonly image: string;
}

/** The kernels that are there, oldest series first. */
export function kernels(): readonly Kernel[] {
  if (!existsSync(KERNELS)) return [];
  return readdirSync(KERNELS)
    .filter((version) => existsSync(join(KERNELS, version, 'conf/scripts/kconfig/conf')))
    .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
    .map((version) => kernelAt(version));
}

/**
 * One kernel's material.
 * @throws Error where it is missing
 */
export function kernel(version: string): Kernel {
  const found = kernels().find((each) => each.version === version);
  if (!found) throw new Error(`kernel ${version} is missing in ${KERNELS}: npm run setup:kernel`);
  return found;
}

function kernelAt(version: string): Kernel {
  const base = join(KERNELS, version);
  const configs = join(base, 'configs');
  return {
    version,
    tree: join(base, 'tree'),
    conf: join(base, 'conf/scripts/kconfig/conf'),
    confObjtree: join(base, 'conf'),
    configs: readdirSync(configs)
      .filter((name) => name.startsWith('config.'))
      .sort()
      .map((name) => join(configs, name)),
    image: join(base, 'image'),
  };
}
