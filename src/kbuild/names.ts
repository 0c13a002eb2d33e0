/** Names of modules. */

/**
 * The name the kernel gives a module (Makefile.lib: name-fix): the last part of its path, `-` as `_`.
 * Names of listings and of modprobe's command line are folded by the same rule.
 * @param path with or without directories, without suffix
 */
export function moduleName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/[-,]/g, '_');
}
