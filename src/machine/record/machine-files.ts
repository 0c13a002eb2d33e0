import type { FileSystem } from '../../platform/platform.ts';

/** The longest text of an attribute in /sys is a page; of /proc/cpuinfo the start is enough. */
const MAX_ATTRIBUTE = 16 * 1024;

/** Files of a machine, as the collector reads them. */
export class MachineFiles {
  readonly fs: FileSystem;

  constructor(fs: FileSystem) {
    this.fs = fs;
  }

  /** The lines of a file; none where it cannot be read. */
  lines(path: string): readonly string[] {
    const text = this.fs.readText(path);
    if (!text) return [];
    const lines = text.split('\n');
    if (lines.at(-1) === '') lines.pop();
    return lines;
  }

  /** The lines of a file, each as words. */
  rows(path: string): readonly (readonly string[])[] {
    return this.lines(path).map(words);
  }

  /** The text of a small file, by fewer calls than `lines`: for those that come by the hundred. Empty where it cannot be read. */
  attribute(path: string): string {
    return this.fs.readHead(path, MAX_ATTRIBUTE)?.text ?? '';
  }

  /** Names in a directory; none where it is none. */
  names(path: string): readonly string[] {
    return this.fs.readDirectory(path) ?? [];
  }

  /** Names of the directories in a directory, links to directories among them. */
  directories(path: string): readonly string[] {
    return this.names(path).filter((name) => this.fs.stat(`${path}/${name}`)?.isDirectory);
  }
}

/** The words of a line, as awk splits it. */
export function words(line: string): readonly string[] {
  return line.split(/[ \t\n]+/).filter((word) => word !== '');
}

/** Whether a text may be a name: it has no colon and no space, and is no absolute path. */
export function isName(text: string | undefined): text is string {
  return text !== undefined && text.length < 65 && /^[A-Za-z0-9_][A-Za-z0-9_.+()/,-]*$/.test(text);
}

/** What stands in brackets: the choice that is in use. */
export function inBrackets(text: string): string | null {
  return /\[([a-z0-9_-]+)\]/.exec(text)?.[1] ?? null;
}
