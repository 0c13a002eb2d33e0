import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { type BuildTree, COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { PROGRAM } from '../cli/run.ts';

/** A run of the built program that can be disturbed. */
interface Disturbed {
  readonly child: ChildProcess;
  readonly ended: Promise<{ status: number | null; signal: string | null; stdout: string; stderr: string }>;
}

const children: ChildProcess[] = [];
const trees: BuildTree[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const tree of trees.splice(0)) for (const { pid } of workingIn(tree)) process.kill(pid, 'SIGKILL');
});

function start({ tree, objtree }: BuildTree, args: readonly string[] = []): Disturbed {
  const bin = PROGRAM;
  const child = spawn(process.execPath, [bin, 'build', '-C', tree, '-O', objtree, '-j3', ...args], {
    env: { PATH: process.env['PATH'], HOME: '/', ARCH: 'x86', CC: COMPILER, XDG_CACHE_HOME: '/dev/null/cache' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (data: Buffer) => {
    stdout += data.toString();
  });
  child.stderr.on('data', (data: Buffer) => {
    stderr += data.toString();
  });
  const ended = new Promise<Awaited<Disturbed['ended']>>((resolve) => {
    child.once('close', (status, signal) => resolve({ status, signal, stdout, stderr }));
  });
  return { child, ended };
}

/** Processes that work in the tree or the build directory. */
function workingIn({ tree, objtree }: BuildTree): { pid: number; name: string; state: string }[] {
  return readdirSync('/proc').flatMap((pid) => {
    try {
      if (!/^\d+$/.test(pid) || ![tree, objtree].includes(readlinkSync(`/proc/${pid}/cwd`))) return [];
      const [, name = '', state = ''] = /\((.*)\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
      return [{ pid: Number(pid), name, state }];
    } catch {
      return [];
    }
  });
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; !what(); i++) {
    if (i > 2400) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** A build of which every unit takes a minute, when its first compilers are at work. */
async function atWork(args: readonly string[] = []): Promise<{ tree: BuildTree; run: Disturbed }> {
  const tree = copyBuildTree();
  for (const unit of ['lib/sort', 'lib/string', 'init/main', 'drivers/beta/ring']) tree.direct(`${unit}.c`, 'sleep 60');
  trees.push(tree);
  const run = start(tree, args);
  await until(() => workingIn(tree).filter(({ name }) => name === 'sleep').length === 3);
  return { tree, run };
}

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s ends make and its compilers, then us by the same',
    async (name) => {
      const { tree, run } = await atWork();
      run.child.kill(name);
      const { status, signal, stdout } = await run.ended;
      expect({ status, signal }).toEqual({ status: null, signal: name });
      const begun = readFileSync(join(tree.objtree, 'kconfig-trim-build.log'), 'utf8').match(/^ {2}CC .*\.o$/gm)!;
      const made = begun.length - 3;
      expect(stdout).toContain(`\ninterrupted by ${name} after ${made} of 9 units; make goes on where it was\n`);
      expect(stdout).not.toContain('FAILED');
      expect(workingIn(tree)).toEqual([]);
      // What was begun is no object.
      expect(existsSync(join(tree.objtree, 'lib/sort.o'))).toBe(false);
    },
  );

  it('is status 130 for the shell that started us', async () => {
    const { tree } = await atWork();
    const script = `${process.execPath} ${PROGRAM} build -C ${tree.tree} -O ${tree.objtree} --log ${tree.tree}/second >/dev/null & pid=$!
      while ! grep -q '  CC ' ${tree.tree}/second 2>/dev/null; do sleep 0.05; done; kill -INT $pid; wait $pid; echo $?`;
    const done = spawnSync('bash', ['-mc', script], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: '/', ARCH: 'x86', CC: COMPILER },
      timeout: 20_000,
    });
    expect(done.stdout).toBe('130\n');
  });

  it('leaves an object for --json', async () => {
    const { run } = await atWork(['--json']);
    run.child.kill('SIGINT');
    const { stdout } = await run.ended;
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'interrupted',
      interruptedBy: 'SIGINT',
      failure: null,
      modules: { missing: [] },
    });
  });

  it('to stop stops the compilers too, and they go on with us', async () => {
    const { tree, run } = await atWork();
    const states = (): string[] => workingIn(tree).map(({ state }) => state);
    run.child.kill('SIGTSTP');
    await until(() => states().every((state) => state === 'T' || state === 'Z'));
    run.child.kill('SIGCONT');
    await until(() => states().every((state) => state !== 'T'));
    run.child.kill('SIGINT');
    expect((await run.ended).signal).toBe('SIGINT');
    expect(workingIn(tree)).toEqual([]);
  });
});

describe('the end of the run', () => {
  it('does not wait for a server that a compiler has left behind', async () => {
    const tree = copyBuildTree();
    trees.push(tree);
    tree.direct('lib/sort.c', 'leave 30');
    const began = performance.now();
    const { status } = await start(tree).ended;
    expect(status).toBe(0);
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(workingIn(tree).map(({ name }) => name)).toEqual(['sleep']);
  });

  it('by force ends make with its next line', async () => {
    const { tree, run } = await atWork();
    run.child.kill('SIGKILL');
    await run.ended;
    // The compilers that are at work come to their end; those that would follow do not begin.
    await until(() => {
      const left = workingIn(tree);
      for (const { pid, name, state } of left) if (name === 'sleep' && state !== 'Z') process.kill(pid);
      return left.length === 0;
    });
    expect(existsSync(join(tree.objtree, 'vmlinux'))).toBe(false);
  });
});
