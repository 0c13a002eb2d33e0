/** Where the compiler searches for headers and libraries. */
import { dirname, join } from 'node:path';
import { shellWord } from '../platform/platform.ts';
import type { CompilerCall } from './command-dependencies.ts';

const HEADER_LIST = /^#include <\.\.\.> search starts here:\n((?: \S+\n)*)End of search list/m;

/** A command that has gcc or clang print where they search, and which headers they find there. */
export function searchCommand({ words, input }: CompilerCall): string {
  const compiler = words
    .filter((word, at) => at === 0 || /^-(?:m|std=|static$|-target=)/.test(word))
    .map(shellWord)
    .join(' ');
  const headers = shellWord([...input.matchAll(/^[ \t]*#[ \t]*include\b.*$/gm)].map(([line]) => `${line}\n`).join(''));
  return `{ printf %s ${headers} | LC_ALL=C ${compiler} -v -E -x c -; LC_ALL=C ${compiler} -print-search-dirs; } 2>&1`;
}

/**
 * @param output what `searchCommand` printed
 * @returns directories and headers, present or missing; null where the compiler did not tell all
 */
export function searchedPaths(output: string): readonly string[] | null {
  const list = HEADER_LIST.exec(output)?.[1];
  const libraries = /^libraries: =(\S+)$/m.exec(output)?.[1];
  if (list === undefined || libraries === undefined || /[^\t\n -~]/.test(output)) return null;
  const places = list.trim().split(/\s+/);
  const missing = [...output.matchAll(/^ignoring (?:nonexistent|duplicate) directory "([^"]*)"/gm)].map(
    ([, path]) => path!,
  );
  const headers = [...new Set([...output.matchAll(/^# \d+ "(\/[^"]*)"/gm)].map(([, path]) => path!))];
  const included = headers.flatMap((path) =>
    places.filter((place) => path.startsWith(`${place}/`)).map((place) => path.slice(place.length + 1)),
  );
  const absent = [...output.matchAll(/\bfatal error: '?([\w./+-]+)'?(?::| file) /g)].map(([, path]) => path!);
  const folders = new Set([...included, ...absent].map((path) => dirname(path)));
  const candidates = places.flatMap((place) => [...folders].map((folder) => join(place, folder)));
  return [...new Set([...places, ...missing, ...headers, ...candidates, ...libraries.split(':')])];
}
