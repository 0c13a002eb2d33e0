/** Which headers, libraries and places to look for them have a say in what the compiler answers. */
import { dirname, join, resolve } from 'node:path';
import { type FileSystem, shellWord } from '../platform/platform.ts';
import type { CompilerCall } from './shell-analysis.ts';

/** More files than any link looks at. */
const MAX_FILES = 2000;
const PATH = /(?<![\w./+~-])\/(?:[\w.+~-]+\/*)+/g;
const SEARCH_LIST = /^#include <\.\.\.> search starts here:\n((?: \S+\n)*)End of search list/m;
/** ld also looks in the working directory. */
const RELATIVE = /^attempt to open ([^/\s]+) (?:failed|succeeded)$/gm;
/** What begins so is made by each run, or is no file. */
const NO_FILES = /^\/(?:dev|proc|sys)(?:\/|$)/;

/**
 * A command that does the same once more and has all say what they look at: gcc and clang (`-v`, `-H`,
 * `-print-search-dirs`), GNU ld (`--verbose`).
 */
export function traceCommand({ words, input }: CompilerCall): string {
  const call = words.map(quote).join(' ');
  const more = isPlaceQuestion(words) ? '' : ' -v -H -Wl,--verbose';
  return (
    `{ printf %s ${quote(input)} | LC_ALL=C ${call}${more}; ` + `LC_ALL=C ${call} -print-search-dirs </dev/null; } 2>&1`
  );
}

/**
 * @param output what `traceCommand` printed
 * @returns files and directories: as long as these are the same, or missing still, so is the answer; null where it is
 *   not sure that these are all
 */
export function tracedFiles(
  fs: FileSystem,
  { words }: CompilerCall,
  output: string,
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): readonly string[] | null {
  if (!isWhole(words, output)) return null;
  const temporary = new Set([env['TMPDIR'], env['TMP'], env['TEMP'], '/tmp', '/var/tmp', '/usr/tmp']);
  const found = new Set<string>();
  for (const path of new Set([...output.matchAll(PATH)].map(([text]) => text.replace(/\/+$/, '')))) {
    if (NO_FILES.test(path) || temporary.has(dirname(path))) continue;
    const stat = fs.stat(path);
    if (stat) found.add(path);
    // A file that appears, or takes another's place, changes its directory.
    if (!stat?.isDirectory) found.add(dirname(path));
  }
  for (const [, name] of output.matchAll(RELATIVE)) found.add(resolve(cwd, name!));
  for (const path of headerPlaces(output)) found.add(path);
  return found.size > MAX_FILES ? null : [...found].sort();
}

/** Directories where headers, those included and one that was missing, could be found before they are, or after all. */
function headerPlaces(output: string): string[] {
  const places = [...(SEARCH_LIST.exec(output)?.[1] ?? '').matchAll(/\S+/g)].map(([path]) => path);
  const included = [...output.matchAll(/^\.+ (\/\S+)$/gm)].flatMap(([, header]) =>
    places.filter((place) => header!.startsWith(`${place}/`)).map((place) => header!.slice(place.length + 1)),
  );
  const missing = [...output.matchAll(/\bfatal error: ([\w./+-]+): /g)].map(([, header]) => header!);
  const folders = new Set([...included, ...missing].map((header) => dirname(header)));
  return places.flatMap((place) => [...folders].map((folder) => join(place, folder)));
}

/** Whether all paths are told, and can be told from the words around them. */
function isWhole(words: readonly string[], output: string): boolean {
  if (!/^libraries: \S+$/m.test(output) || /[^\t\n -~]/.test(output)) return false;
  if (isPlaceQuestion(words)) return true;
  if (!SEARCH_LIST.test(output)) return false;
  return words.some((word) => /^-[cSE]$/.test(word)) || /^attempt to open |\bfatal error: /m.test(output);
}

function isPlaceQuestion(words: readonly string[]): boolean {
  return words.some((word) => word.startsWith('-print-'));
}

function quote(text: string): string {
  return /^[\w./=+,-]+$/.test(text) ? text : shellWord(text);
}
