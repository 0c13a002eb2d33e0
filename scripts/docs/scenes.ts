/** Where the commands run whose output the documentation shows. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY, type ShownOutput } from './pages.ts';

/** A place to run commands in. */
export interface Scene {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Makes an output the same on every machine and in every folder. */
  readonly settle: (output: string) => string;
  readonly close: () => void;
}

const base = (): Record<string, string> => {
  const { PATH = '', HOME = '/' } = process.env;
  return { PATH, HOME, ARCH: 'x86', NO_COLOR: '1', XDG_CACHE_HOME: '/dev/null/cache' };
};

/** A new folder, which outputs call /usr/src. */
function folderScene(env: Record<string, string>, fill: (folder: string) => void): Scene {
  const cwd = mkdtempSync(join(tmpdir(), 'kconfig-trim-docs-'));
  fill(cwd);
  return {
    cwd,
    env,
    settle: (output) => output.replaceAll(cwd, '/usr/src'),
    close: () => rmSync(cwd, { recursive: true, force: true }),
  };
}

/** In Debian's 6.12: its config and the record of an emulated PC stand above the tree. */
function debian(): Scene {
  const kernels = process.env['KCONFIG_TRIM_KERNELS'] ?? join(REPOSITORY, '.kernels');
  const scene = folderScene(base(), (folder) => {
    // Links, as configs are written beside them.
    const tree = join(kernels, '6.12/tree');
    mkdirSync(join(folder, 'linux'));
    for (const name of readdirSync(tree)) symlinkSync(join(tree, name), join(folder, 'linux', name));
    cpSync(join(kernels, '6.12/configs/config.amd64_none_amd64'), join(folder, 'config-6.12-amd64'));
    cpSync(join(REPOSITORY, 'fixtures/records/q35-desktop.record'), join(folder, 'host.record'));
  });
  return { ...scene, cwd: join(scene.cwd, 'linux') };
}

/** fixtures/build in `linux`, and in `broken` with an error; its compiler is `gcc`. */
function build(): Scene {
  const scene = folderScene(base(), (folder) => {
    const fixture = join(REPOSITORY, 'fixtures/build');
    for (const tree of ['linux', 'broken']) cpSync(join(fixture, 'tree'), join(folder, tree), { recursive: true });
    appendFileSync(join(folder, 'broken/drivers/beta/checks.c'), '// cc: error 4:9 ‘nothere’ undeclared\n');
    mkdirSync(join(folder, 'bin'));
    cpSync(join(fixture, 'cc'), join(folder, 'bin/gcc'));
    for (const objtree of ['out', 'out-broken']) {
      mkdirSync(join(folder, objtree));
      cpSync(join(fixture, 'config'), join(folder, objtree, '.config'));
    }
  });
  const PATH = `${join(scene.cwd, 'bin')}:${process.env['PATH'] ?? ''}`;
  return { ...scene, env: { ...scene.env, PATH } };
}

const SCENES: Readonly<Record<string, () => Scene>> = {
  repository: () => ({ cwd: REPOSITORY, env: base(), settle: (output) => output, close: () => undefined }),
  build,
  debian,
};

/** Scenes in which times are what the machine needs: they are compared without their figures. */
const TIMED: ReadonlySet<string> = new Set(['build']);

/** @throws Error where there is no scene of that name */
export function openScene(name: string): Scene {
  const scene = SCENES[name];
  if (!scene) throw new Error(`no scene is called ${name}`);
  return scene();
}

/** A block as it is compared: of a scene that measures, without figures of time. */
export function comparable({ scene, form }: ShownOutput, text: string): string {
  if (!TIMED.has(scene)) return text;
  return form === 'shape'
    ? text.replace(/\d+(?:\.\d+)?/g, '#')
    : text.replace(/\d+(?:\.\d+)?(?= (?:s|min|h|%)(?!\w))/g, '#');
}

/** What a run printed. */
interface Printed {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the program. */
export type Start = (args: readonly string[], place: Pick<Scene, 'cwd' | 'env'>) => Promise<Printed>;

/** Runs the built program as a person would. */
export const startProgram: Start = async (args, { cwd, env }) => {
  const words = [join(REPOSITORY, 'bin/kconfig-trim.js'), ...args];
  const done = spawnSync(process.execPath, words, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 26 });
  if (done.error) throw done.error;
  return done;
};

/**
 * What a command prints, as a person would see it, or the form of its JSON. Of commands joined by `&&`: the last one.
 * @throws Error where one could not run
 */
export async function printedBy({ command, form }: ShownOutput, scene: Scene, start: Start): Promise<string> {
  const [lines = '', count, word] = command.split(/ \| (?:head -(\d+)|grep \^(\w+))$/);
  let printed = { stdout: '', stderr: '' };
  for (const line of lines.split(' && ')) {
    const { status, stdout, stderr } = await start(wordsOf(line), scene);
    if (status === 2) throw new Error(`${line}: ${stderr}`);
    printed = { stdout: scene.settle(stdout), stderr: scene.settle(stderr) };
  }
  if (form === 'shape') return `${shape(firstOfEach(JSON.parse(printed.stdout)), '')}\n`;
  const text = printed.stdout + printed.stderr;
  if (count === undefined && word === undefined) return text;
  const all = text.split('\n').slice(0, -1);
  const some = word === undefined ? all.slice(0, Number(count)) : all.filter((each) => each.startsWith(word));
  return some.map((each) => `${each}\n`).join('');
}

/** The words behind `kconfig-trim`, or behind the program in what `npm start` runs once it has built it. */
function wordsOf(line: string): string[] {
  const { scripts } = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  const words = line === 'npm start' ? scripts['start']!.split('bin/')[1]! : line;
  const [program, ...args] = words.split(' ');
  if (!/^kconfig-trim(?:\.js)?$/.test(program!)) throw new Error(`${line}: not a command of this program`);
  return args;
}

/** A value with one item in each of its lists. */
function firstOfEach(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(0, 1).map(firstOfEach);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, firstOfEach(each)]));
}

/** JSON in as few lines as fit into 100 columns. */
function shape(value: unknown, indent: string): string {
  const flat = JSON.stringify(value, null, 1).replace(/\n\s*/g, ' ');
  if (typeof value !== 'object' || value === null || flat.length + indent.length <= 100) return flat;
  const inner = `${indent}  `;
  const items = Array.isArray(value)
    ? value.map((each) => inner + shape(each, inner))
    : Object.entries(value).map(([key, each]) => `${inner}${JSON.stringify(key)}: ${shape(each, inner)}`);
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${items.join(',\n')}\n${indent}${close}`;
}

/** Whether the kernels that the scene `debian` needs are there. */
export const hasKernels = (): boolean =>
  existsSync(join(process.env['KCONFIG_TRIM_KERNELS'] ?? join(REPOSITORY, '.kernels'), '6.12/tree/Kconfig'));
