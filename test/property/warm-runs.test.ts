/** Whatever happens to a tree between two runs: the second, with a warm cache, says what one without a cache says. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import { copyExample, type Run, run } from '../cli/run.ts';
import fc from '../helpers/fast-check.ts';

/** Two numbers choose what an edit is done to. */
type Edit = readonly [kind: keyof typeof EDITS, first: number, second: number];

const DIRECTORIES = ['drivers/leds', 'drivers/ptp', 'drivers/input', 'drivers/usb', 'fs/fat', 'fs/extfs', 'net/tunl'];
/** Moved away in the beginning, with a link in their place. */
const LINKED = ['drivers/leds', 'drivers/ptp', 'fs/fat', 'fs/extfs'];
const SCRIPTS = 8;
const SEED = 20_240_117;

const mounts: string[] = [];

/** What may happen to two of the tree's paths: directories, or files of one name as far as possible. */
const EDITS = {
  'rename a directory': (tree: Tree, first) => rename(tree.directory(first), `${tree.directory(first)}2`),
  'rename a directory and back': (tree, first) => {
    rename(tree.directory(first), `${tree.directory(first)}2`);
    rename(`${tree.directory(first)}2`, tree.directory(first));
  },
  'swap directories': (tree, first, second) => swap(tree.directory(first), tree.directory(second)),
  'swap files': (tree, first, second) => swap(tree.file(first), tree.alike(first, second)),
  'change a file, not its size and time': (tree, first) => {
    const path = tree.file(first);
    if (!existsSync(path)) return;
    const { atime, mtime } = statSync(path);
    const text = readFileSync(path, 'latin1');
    writeFileSync(
      path,
      text.replace(/\by\b|\.o\b|"[A-Z]/, (found) => [...found].reverse().join('')),
      'latin1',
    );
    utimesSync(path, atime, mtime);
  },
  'replace a file with one of its size and time': (tree, first, second) => {
    const [path, other] = [tree.file(first), tree.alike(first, second)];
    if (!existsSync(path) || !existsSync(other)) return;
    const { atime, mtime, size } = statSync(path);
    writeFileSync(`${path}.new`, readFileSync(other).subarray(0, size));
    utimesSync(`${path}.new`, atime, mtime);
    renameSync(`${path}.new`, path);
  },
  'add to a file': (tree, first) => {
    if (existsSync(tree.file(first))) appendFileSync(tree.file(first), '\n# more\n');
  },
  'delete a file': (tree, first) => rmSync(tree.file(first), { force: true }),
  'link a file to another': (tree, first, second) => {
    const [path, target] = [tree.file(first), tree.alike(first, second)];
    if (path === target || !existsSync(target)) return;
    rmSync(path, { force: true });
    if (existsSync(dirname(path))) symlinkSync(target, path);
  },
  'swap links': (tree, first, second) => swap(tree.link(first), tree.link(second)),
  'change a link': (tree, first, second) => {
    const path = tree.link(first);
    if (!lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()) return;
    rmSync(path);
    symlinkSync(join(tree.top, 'real', basename(tree.link(second))), path);
  },
  'change the case of a name': (tree, first) => {
    const path = tree.file(first);
    const name = basename(path);
    rename(path, join(dirname(path), name === name.toLowerCase() ? name.toUpperCase() : name.toLowerCase()));
  },
  'mount a directory over another': (tree, first, second) => {
    const [path, target] = [tree.directory(first), tree.directory(second)];
    try {
      execFileSync('mount', ['--bind', path, target], { stdio: 'ignore' });
      mounts.push(target);
    } catch {
      // Only root may, and not everywhere.
    }
  },
} satisfies Record<string, (tree: Tree, first: number, second: number) => void>;

/** A copy of the example, and the cache of its runs. */
class Tree {
  readonly top: string;
  readonly #scratch = copyExample();
  readonly #files: readonly string[];

  constructor() {
    this.top = join(this.#scratch, 'tree');
    mkdirSync(join(this.top, 'real'));
    for (const directory of LINKED) {
      renameSync(join(this.top, directory), join(this.top, 'real', basename(directory)));
      symlinkSync(join(this.top, 'real', basename(directory)), join(this.top, directory));
    }
    this.#files = DIRECTORIES.flatMap((directory) =>
      readdirSync(join(this.top, directory), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(this.top, directory, name)),
    );
  }

  directory(number: number): string {
    return join(this.top, DIRECTORIES[number % DIRECTORIES.length]!);
  }

  link(number: number): string {
    return join(this.top, LINKED[number % LINKED.length]!);
  }

  file(number: number): string {
    return this.#files[number % this.#files.length]!;
  }

  /** A file by the same name in another directory, or of the same kind. */
  alike(first: number, second: number): string {
    const kind = (path: string): string => basename(path).replace(/^.*(?=\.c$)/, '');
    const others = this.#files.filter((path) => kind(path) === kind(this.file(first)));
    return others[second % others.length]!;
  }

  trim(...args: string[]): Promise<Run> {
    return run(['-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '-o', '-', '--json', ...args], {
      cwd: this.#scratch,
      env: { XDG_CACHE_HOME: join(this.#scratch, 'cache') },
    });
  }
}

function rename(from: string, to: string): void {
  if (lstatSync(from, { throwIfNoEntry: false }) && !existsSync(to)) renameSync(from, to);
}

function swap(first: string, second: string): void {
  const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  if (first === second || !isThere(first) || !isThere(second)) return;
  renameSync(first, `${first}.swap`);
  renameSync(second, first);
  renameSync(`${first}.swap`, second);
}

const edit: fc.Arbitrary<Edit> = fc.tuple(
  fc.constantFrom(...(Object.keys(EDITS) as (keyof typeof EDITS)[])),
  fc.nat(1000),
  fc.nat(1000),
);
const random = fc.sample(fc.array(edit, { minLength: 1, maxLength: 3 }), { seed: SEED, numRuns: SCRIPTS });
/** Each kind at least once. */
const each = Object.keys(EDITS).map((kind, index): Edit[] => [[kind as keyof typeof EDITS, index, index + 1]]);
const scripts = [...each, ...random];

let trees: Tree[];
beforeAll(async () => {
  trees = scripts.map(() => new Tree());
  await setTimeout(TOO_YOUNG_MS + 200);
}, 60_000);
afterAll(() => {
  for (const path of mounts.reverse()) execFileSync('umount', [path]);
});

it.each(scripts.map((script, index) => [JSON.stringify(script), script, index] as const))(
  'warm as without a cache: %s',
  async (_, script, index) => {
    const tree = trees[index]!;
    // Programs run where anything may happen: most of the time is theirs.
    const common = index < each.length ? ['--no-exec'] : [];
    const before = await tree.trim(...common);
    expect(before.status).toBe(0);
    for (const [kind, first, second] of script) EDITS[kind](tree, first, second);
    const right = await tree.trim('--no-cache', ...common);
    for (let i = 0; i < 2; i++) expect(await tree.trim(...common)).toEqual(right);
  },
);
