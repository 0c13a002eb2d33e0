/** Names of modules. */

/**
 * The name the kernel gives a module (Makefile.lib: name-fix): the last part of its path, `-` as `_`.
 * Names of listings and of modprobe's command line are folded by the same rule.
 * @param path with or without directories, without suffix
 */
export function moduleName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/[-,]/g, '_');
}

/** The name that an object would have as a module. @param path relative to the tree */
export function objectName(path: string): string {
  return moduleName(path.endsWith('.o') ? path.slice(0, -2) : path);
}

/** A name as the tree has it: a module's file without its suffix, and without where it is installed. */
export function nameInTree(name: string): string {
  return name.replace(/^(?:\.\/|.*\/kernel\/(?=.*\.ko))/, '').replace(/\.ko(\.\w+)?$/, '');
}

/** Whether a path ends with the parts of another one; `-` and `_` are the same. */
export function endsWithPath(path: string, end: string): boolean {
  const folded = (each: string): string => `/${each.toLowerCase().replaceAll('_', '-')}`;
  return folded(path).endsWith(folded(end));
}

/** The numbers below `count` in order of name; those of one name stay in their order. */
export function inOrderOfName(count: number, nameOf: (number: number) => string): number[] {
  const names = Array.from({ length: count }, (_, number) => nameOf(number));
  return [...names.keys()].sort((a, b) => (names[a]! < names[b]! ? -1 : Number(names[a]! > names[b]!)));
}

/** The rows of a name in a table of `count` rows that is in order of name. */
export function rowsOfName(count: number, nameOf: (row: number) => string, name: string): number[] {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (nameOf(middle) < name) low = middle + 1;
    else high = middle;
  }
  const found: number[] = [];
  for (; low < count && nameOf(low) === name; low++) found.push(low);
  return found;
}
