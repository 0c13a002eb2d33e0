import type { FileSystem } from '../../platform/platform.ts';
import type { Packages } from './tools.ts';

/** How /etc/os-release names the families, itself and by what it is like. */
const FAMILIES: readonly (readonly [RegExp, keyof Packages])[] = [
  [/^(debian|ubuntu)$/, 'debian'],
  [/^(fedora|rhel|centos)$/, 'fedora'],
  [/^arch$/, 'arch'],
  [/^(opensuse.*|suse|sles)$/, 'opensuse'],
];

/** The family of distributions that this machine runs, by /etc/os-release; null for others, or where it does not say. */
export function distributionFamily(fs: FileSystem): keyof Packages | null {
  const text = fs.readText('/etc/os-release') ?? fs.readText('/usr/lib/os-release') ?? '';
  const words = ['ID', 'ID_LIKE'].flatMap((name) => {
    const value = new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
    return value.replace(/["']/g, '').split(/\s+/);
  });
  for (const word of words) for (const [pattern, family] of FAMILIES) if (pattern.test(word)) return family;
  return null;
}
