/** A bisection that is killed at any moment goes on where it was, to the same answer. */
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { random as seeded } from '../conformance/sampling.ts';
import { PROGRAM } from '../helpers/built-program.ts';
import { BisectTree, GIT_ENV } from '../program/bisect-tree.ts';

const COMMITS = 8;
const ROUNDS = process.env['KCONFIG_TRIM_FULL'] === '1' ? 10 : 2;
/** After so many kills a run is let go on. */
const KILLS = 4;
const LONGEST_MS = 4000;

/** Runs a command line in the tree, and kills it after a time. */
function runFor(
  tree: BisectTree,
  ms: number,
  words: readonly string[],
): Promise<{ status: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [PROGRAM, 'bisect', ...words], {
      cwd: tree.path,
      env: { ...process.env, ...GIT_ENV, ARCH: 'x86', XDG_CACHE_HOME: '/dev/null/cache' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString();
      });
    }
    const timer = Number.isFinite(ms) ? setTimeout(() => child.kill('SIGKILL'), ms) : undefined;
    // What a killed run had started may go on for a moment, with its output.
    child.on('close', (status) => {
      clearTimeout(timer);
      resolve({ status, text });
    });
  });
}

describe('a bisection that is killed', () => {
  it.each(Array.from({ length: ROUNDS }, (_, round) => round))('goes on to the same answer (%i)', async (round) => {
    const random = seeded(round + 1);
    const tree = new BisectTree();
    tree.grow(COMMITS);
    const bad = 1 + random.below(COMMITS);
    const command = ['run', '--no-build', 'sh', '-c', `[ $(git rev-list --count HEAD) -le ${bad} ]`];
    expect((await tree.start('--trust-ends')).status).toBe(0);
    for (let kill = 0; kill < KILLS; kill++) await runFor(tree, random.below(LONGEST_MS), command);
    const { status, text } = await runFor(tree, Infinity, command);
    expect({ status, text }).toEqual({ status: 0, text: expect.stringContaining('first bad') });
    expect(text).toContain(`first bad  ${tree.commits[bad]!.slice(0, 12)} ("commit ${bad}")`);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
  });
});
