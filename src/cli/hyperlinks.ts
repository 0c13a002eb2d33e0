import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import supportsHyperlinks from 'supports-hyperlinks';
import { NodeFileSystem } from '../platform/node.ts';
import { isColored } from './color.ts';
import type { Stream } from './output.ts';

/** `drivers/net/Kconfig:12`, or with a column. */
const PLACE = /(?<![\w./+@-])([\w./+-][\w./+@-]*):(\d+)(?::\d+)?/g;
/** What a terminal takes for something else than text. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const SEQUENCE = /(\u001b\[[\d;]*m)/;

/** Where the files lie that reports and messages name, the likeliest first. */
let directories: readonly string[] = [];

/** Says where the files lie that reports and messages name from now on. @param places absolute, the likeliest first */
export function linkInto(places: readonly string[]): void {
  directories = places;
}

/**
 * Makes links of places in files (`file:line`), where the terminal behind a stream has links and nobody minds (OSC 8:
 * https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda). Never on a pipe.
 * @param text as it is to be printed
 * @param color false where the command line wants nothing but text
 */
export function withHyperlinks(text: string, color: boolean, stream: Stream): string {
  if (directories.length === 0 || !isColored(color, stream)) return text;
  return supportsHyperlinks.supportsHyperlink(process[stream]) ? linked(text, directories) : text;
}

/** Makes links of places in files that are there. @param places directories that the files may lie in */
export function linked(text: string, places: readonly string[]): string {
  const fs = new NodeFileSystem();
  const link = (shown: string, file: string, line: string): string => {
    const path = places.map((directory) => resolve(directory, file)).find((each) => fs.stat(each)?.isFile);
    if (path === undefined) return shown;
    return `\u001b]8;;${pathToFileURL(path).href}#${line}\u001b\\${shown}\u001b]8;;\u001b\\`;
  };
  return text
    .split(SEQUENCE)
    .map((part) => (SEQUENCE.test(part) ? part : part.replace(PLACE, link)))
    .join('');
}
