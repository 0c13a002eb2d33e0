/**
 * A bisection that builds each commit of a history between two trees, and is killed at any moment, goes on where it was, to
 * the same answer. `KCONFIG_TRIM_FULL=1` does it ten times; otherwise it is one of them.
 */
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { sampleSeed, random as seeded } from '../conformance/sampling.ts';
import { PROGRAM } from '../helpers/built-program.ts';
import { makeHistory, PLANTED, PLANTING } from '../program/bisect-history.ts';
import { type BisectTree, GIT_ENV } from '../program/bisect-tree.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const ROUNDS = 10;
/** After so many kills a run is let go on. */
const KILLS = 4;
const LONGEST_MS = 8000;
/** After these changes of subsystems the tree builds as a whole, and so it does one later. */
const PLACES = [2, 3, 6, 7, 10, 11, 14, 18, 19, 22];

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
  const rounds = Array.from({ length: ROUNDS }, (_, round) => round);
  it.each(FULL ? rounds : [sampleSeed() % ROUNDS])('goes on to the same answer (%i)', async (round) => {
    const random = seeded(round + 1);
    const { tree, planted } = makeHistory(PLACES[round]!);
    expect(tree.commits.length).toBeGreaterThan(24);
    const given = ['-c', '../base', '-l', '../modules', '--trust-ends'];
    // The first commit may be one that has not all modules, which is no failure.
    expect((await tree.bisect('start', tree.commits[0]!, 'main', ...given)).status).toBe(0);
    // Bad from where the code that was compiled has it.
    const command = ['run', '-j1', 'sh', '-c', `! grep -q ${PLANTED} lib/string.o`];
    for (let kill = 0; kill < KILLS; kill++) await runFor(tree, random.below(LONGEST_MS), command);
    const { status, text } = await runFor(tree, Infinity, command);
    expect(text).toContain(`first bad  ${planted.slice(0, 12)} ("${PLANTING}")`);
    expect(status).toBe(0);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
  });
});
