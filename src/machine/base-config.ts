import { InputError } from '../diagnostics/diagnostic.ts';
import type { FileSystem } from '../platform/platform.ts';
import { type ConfigText, readConfigFile } from './config-bytes.ts';

/** A place that was searched, and what was there. */
export interface LookedAt {
  readonly path: string;
  /** `no-config`: a kernel that holds no configuration (or nothing that can be unpacked). */
  readonly outcome: 'used' | 'missing' | 'not-a-file' | 'unreadable' | 'no-config';
}

/** The configuration to start from. */
export interface BaseConfig extends ConfigText {
  readonly path: string;
  readonly looked: readonly LookedAt[];
}

/** Where to look. */
export interface BaseConfigSearch {
  readonly fs: FileSystem;
  /** Where make runs: the output directory, or the tree itself. */
  readonly objtree: string;
  /** `KCONFIG_CONFIG` counts: it names the .config, relative to `objtree`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What `uname -r` prints, without running it; null where the kernel doesn't tell (not Linux, no /proc). */
export function kernelRelease(fs: FileSystem): string | null {
  const release = fs.readText('/proc/sys/kernel/osrelease')?.trim();
  // It becomes part of paths.
  return release && /^[\w.+~-]+$/.test(release) ? release : null;
}

interface Candidate {
  readonly path: string;
  /** An image is passed over where no configuration is in it; a configuration must be readable. */
  readonly kind: 'own' | 'config' | 'image';
}

/**
 * The places that are searched, first one first: the list of `streamline_config.pl:@searchconfigs`, with three places
 * added where distributions keep the same files today (`/lib/modules/RELEASE/{config,vmlinuz}`, packed `configs.ko`).
 */
export function baseConfigCandidates(search: BaseConfigSearch): readonly string[] {
  return candidates(search).map(({ path }) => path);
}

/** Where the config of the running kernel is as it was made, the first one first. */
export function runningConfigs(fs: FileSystem): readonly string[] {
  const release = kernelRelease(fs);
  return ['/proc/config.gz', ...(release ? [`/boot/config-${release}`, `/lib/modules/${release}/config`] : [])];
}

function candidates({ fs, objtree, env }: BaseConfigSearch): readonly Candidate[] {
  const release = kernelRelease(fs);
  const inObjtree = (path: string): string => (path.startsWith('/') ? path : `${objtree}/${path}`);
  const found: Candidate[] = [{ path: inObjtree(env['KCONFIG_CONFIG'] || '.config'), kind: 'own' }];
  for (const path of runningConfigs(fs)) found.push({ path, kind: 'config' });
  if (release) {
    found.push({ path: `/boot/vmlinuz-${release}`, kind: 'image' });
    found.push({ path: `/lib/modules/${release}/vmlinuz`, kind: 'image' });
  }
  found.push({ path: inObjtree('vmlinux'), kind: 'image' });
  if (release) {
    for (const suffix of ['', '.xz', '.zst', '.gz']) {
      found.push({ path: `/lib/modules/${release}/kernel/kernel/configs.ko${suffix}`, kind: 'image' });
    }
  }
  found.push({ path: inObjtree('kernel/configs.ko'), kind: 'image' });
  found.push({ path: inObjtree('kernel/configs.o'), kind: 'image' });
  return found;
}

/**
 * Finds the configuration to start from where none was named (`streamline_config.pl:read_config`).
 * @throws InputError `base-config-not-found`, whose `looked` argument lists the places, comma-separated, each as
 *   `path=outcome`; and what `readConfigFile` throws, if the tree's own .config is there but broken (the promise is
 *   rejected with it)
 */
export async function findBaseConfig(search: BaseConfigSearch): Promise<BaseConfig> {
  const looked: LookedAt[] = [];
  for (const { path, kind } of candidates(search)) {
    const stat = search.fs.stat(path);
    if (!stat?.isFile) {
      looked.push({ path, outcome: stat ? 'not-a-file' : 'missing' });
      continue;
    }
    try {
      const config = await readConfigFile(search.fs, path);
      looked.push({ path, outcome: 'used' });
      return { ...config, path, looked };
    } catch (error) {
      // Passing over a broken .config of the user's own would silently trim another one.
      if (!(error instanceof InputError) || kind === 'own') throw error;
      looked.push({ path, outcome: error.diagnostic.code === 'config-unreadable' ? 'unreadable' : 'no-config' });
    }
  }
  const list = looked.map(({ path, outcome }) => `${path}=${outcome}`).join(',');
  throw new InputError({ code: 'base-config-not-found', args: { looked: list, count: looked.length } });
}
