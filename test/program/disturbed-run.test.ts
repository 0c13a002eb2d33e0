import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BuildTree, COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { copyExample } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { type Disturbance, type EndedRun, endedRun } from './ended-run.ts';

/**
 * Runs that are disturbed where each phase begins: they end, leave no process, and say what there is to say. Cold, and
 * with the cache entries of a run that went well.
 */
let example: string;
let build: BuildTree;
let warm: string;

const MOST_PHASES = 40;
/** Phases that are tried at the same time. */
const AT_ONCE = 3;

const base = (): string[] => ['-C', join(example, 'tree'), '-c', join(example, 'config')];
const listing = (): string[] => ['-l', join(example, 'lsmod.txt')];

const COMMANDS: Readonly<Record<string, () => readonly string[]>> = {
  trim: () => [...base(), ...listing(), '--dry-run'],
  why: () => ['why', 'VFAT_FS', ...base(), ...listing()],
  check: () => ['check', ...base(), ...listing(), '--skip', 'files,tools'],
  conf: () => ['conf', 'olddefconfig', ...base(), '-o', '-'],
  map: () => ['map', ...base()],
  objects: () => ['objects', ...base()],
  estimate: () => ['estimate', ...base()],
  build: () => ['build', '-C', build.tree, '-O', build.objtree, '--units', '2'],
};
const NAMES = Object.keys(COMMANDS);

const fresh = (): string => temporaryFolder();

function start(name: string, cache: string, disturbance: Disturbance = {}): Promise<EndedRun> {
  const env = { XDG_CACHE_HOME: cache, ...(name === 'build' && { CC: COMPILER }) };
  return endedRun([...COMMANDS[name]!(), '--performance'], env, disturbance);
}

/** Disturbs a run in its first phase, another in its second, until one comes to its end undisturbed. */
async function inEachPhase(
  name: string,
  what: string,
  cache: () => string,
  disturbance: Disturbance = {},
): Promise<EndedRun[]> {
  const runs: EndedRun[] = [];
  // Two builds in one directory are another matter.
  const atOnce = name === 'build' ? 1 : AT_ONCE;
  for (let first = 1; first < MOST_PHASES; first += atOnce) {
    const phases = Array.from({ length: atOnce }, (_, index) => first + index);
    const some = await Promise.all(
      phases.map((phase) => start(name, cache(), { ...disturbance, disturb: `${what}:${phase}` })),
    );
    const undisturbed = some.findIndex(
      ({ status, signal, stderr }) => signal === null && !stderr.includes('disturbed in phase') && !(status! > 128),
    );
    if (undisturbed !== -1) return [...runs, ...some.slice(0, undisturbed)];
    runs.push(...some);
  }
  throw new Error(`${name} has more than ${MOST_PHASES} phases`);
}

beforeAll(async () => {
  example = copyExample();
  build = copyBuildTree();
  warm = fresh();
  for (const name of NAMES) expect(await start(name, warm)).toMatchObject({ signal: null });
});

describe('an exception in each phase', () => {
  const expectMessages = (runs: readonly EndedRun[]): void => {
    expect(runs.length).toBeGreaterThan(3);
    for (const { status, signal, stderr } of runs) {
      expect({ status, signal }).toEqual({ status: 2, signal: null });
      expect(stderr.match(/internal error, please report it:\nError: disturbed in phase \d+\n/g)).toHaveLength(1);
    }
  };

  it.each(NAMES)('%s', async (name) => {
    expectMessages(await inEachPhase(name, 'throw', () => warm));
  });

  it('trim, without cache entries', async () => {
    expectMessages(await inEachPhase('trim', 'throw', fresh));
  });

  it('trim, where no command can catch it', async () => {
    expectMessages(await inEachPhase('trim', 'callback', () => warm));
  });
});

it.each([
  ['SIGINT', fresh],
  ['SIGTERM', () => warm],
] as const)('%s in each phase', async (name, cache) => {
  const runs = await inEachPhase('trim', name, cache);
  expect(runs.length).toBeGreaterThan(3);
  expect(new Set(runs.map(({ signal }) => signal))).toEqual(new Set([name]));
});

describe('on a terminal', () => {
  it('Ctrl-C ends a trim in each phase, before the work goes on', async () => {
    const runs = await inEachPhase('trim', 'SIGINT', fresh, { isOnTerminal: true });
    expect(runs.length).toBeGreaterThan(3);
    for (const { status, stdout } of runs) {
      expect(stdout).not.toContain('goes on after');
      expect(status).toBe(130);
    }
  });

  it.each(NAMES)('%s catches no signal while it works', async (name) => {
    const { stdout } = await start(name, fresh(), { isOnTerminal: true, disturb: 'listeners:0' });
    expect(stdout).toContain('free in phase 1\r\n');
    // The line that changes is written anew.
    expect(stdout).toContain('\u001B[0K');
    expect(stdout).not.toContain('caught in phase');
  });
});

it.each(NAMES)('%s: a standard output that nobody reads', async (name) => {
  const { status } = await start(name, warm);
  for (const cache of [fresh(), warm]) {
    expect(await start(name, cache, { isOutputClosed: true })).toMatchObject({ status, signal: null });
  }
});

describe.skipIf(process.getuid?.() !== 0)('few processes', () => {
  const TOO_FEW = /^kconfig-trim: error: [^\n]*EAGAIN[^\n]*\n$/;
  /** Below the first, Node itself cannot start; with the last, all is well. */
  const PROCESSES = [13, 15, 16, 17, 18, 20, 32, 512];

  it('are one clear error, and no answer that a compiler could not give', async () => {
    const right = await start('conf', warm);
    chmodSync(example, 0o755);
    for (const processes of PROCESSES) {
      const { status, stdout, stderr } = await start('conf', '/dev/null/cache', { processes });
      if (status === 0) expect(stdout).toBe(right.stdout);
      else
        expect({ status, stdout, stderr }).toEqual({ status: 2, stdout: '', stderr: expect.stringMatching(TOO_FEW) });
    }
    expect((await start('conf', '/dev/null/cache', { processes: 512 })).status).toBe(0);
  });
});

describe('few file handles', () => {
  const TOO_MANY = /^kconfig-trim: error: [^\n]*EMFILE[^\n]*\n$/;
  /** Below the first, Node itself cannot start; with the last, all is well. */
  const HANDLES = [20, 22, 25, 28, 32, 64];

  it('are one clear error, whatever they are missing for', async () => {
    const right = await start('conf', warm);
    for (const handles of HANDLES) {
      for (const cache of [fresh(), warm]) {
        const { status, stdout, stderr } = await start('conf', cache, { handles });
        if (status === 0) expect(stdout).toBe(right.stdout);
        else
          expect({ status, stdout, stderr }).toEqual({
            status: 2,
            stdout: '',
            stderr: expect.stringMatching(TOO_MANY),
          });
      }
    }
  });
});
