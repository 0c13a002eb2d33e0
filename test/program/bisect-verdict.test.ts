/** Which commit a verdict counts for, and what is said of commits that have none. */
import { spawnSync } from 'node:child_process';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM } from '../cli/run.ts';
import { BisectTree, GIT_ENV } from './bisect-tree.ts';

let tree: BisectTree;

beforeEach(() => {
  tree = new BisectTree();
});

const name = (index: number): string => tree.commits[index]!.slice(0, 12);
const status = async (): Promise<string> => (await tree.bisect('status')).stdout;

describe('a verdict is not taken for a commit that nobody has tested', () => {
  const GOOD = 1;
  const BAD = 9;
  const inTree = (path: string): string => join(tree.path, path);

  beforeEach(() => {
    writeFileSync(inTree('net/old.c'), 'int old;\n');
    tree.git('add', 'net/old.c');
    tree.commit('old file');
    tree.git('rm', '--quiet', 'net/old.c');
    tree.edit('net/Kconfig', (text) => `${text}# changed\n`);
    tree.commit('no old file');
    tree.grow(3);
    writeFileSync(inTree('net/new.c'), 'int fresh;\n');
    tree.git('add', 'net/new.c');
    tree.commit('new file');
    tree.grow(3);
  });

  const start = (...words: readonly string[]) =>
    tree.bisect('start', tree.commits[GOOD]!, 'main', '-c', '../config', '-l', '../lsmod.txt', ...words);

  it.each(['good', 'bad'])('as git bisect could not start before: %s', async (retried) => {
    await start();
    await tree.bisect('bad');
    tree.edit('net/Kconfig', (text) => `${text}# mine\n`);
    const failed = await tree.bisect('good');
    expect(failed).toMatchObject({ status: 2, stderr: expect.stringContaining('would be overwritten') });
    expect(failed.stderr).toContain(`good is stored for ${name(GOOD)}, and the next commit is not checked out`);
    expect((await tree.bisect('status')).stderr).toContain('git bisect has not begun: the next command here does that');
    const blocked = await tree.bisect(retried);
    expect(blocked).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`${retried} is not taken: the commit`),
    });
    tree.git('checkout', '--quiet', 'net/Kconfig');
    const again = await tree.bisect(retried);
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('step 1 of about 3') });
    expect(again.stderr).toContain(`${name(5)} has no config yet: ${retried} is not taken for it`);
    expect(tree.head).toBe(tree.commits[5]);
    expect(tree.git('bisect', 'log')).not.toMatch(/^git bisect (?:good|bad)/m);
    expect((await tree.bisect('bad')).stderr).toBe('');
    expect(tree.git('bisect', 'log')).toContain(`git bisect bad ${tree.commits[5]}`);
  });

  it('as the good end could not be checked out before', async () => {
    await start();
    writeFileSync(inTree('net/old.c'), 'mine\n');
    expect((await tree.bisect('bad')).status).toBe(2);
    const between = await tree.bisect('status');
    expect(between.stderr).toBe(`note: ${name(GOOD)} is not checked out: the next command here does that\n`);
    expect(between.stdout).toContain(`now        ${name(BAD)}\nnext       ${name(GOOD)}, the known good end\n`);
    rmSync(inTree('net/old.c'));
    const again = await tree.bisect('bad');
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('the known good end') });
    expect(await status()).not.toMatch(RegExp(`bad +${name(GOOD)}`));
  });

  it('as the next commit could not be checked out before', async () => {
    await start('--trust-ends');
    writeFileSync(inTree('net/new.c'), 'mine\n');
    for (let time = 0; time < 2; time++) expect((await tree.bisect('good')).status).toBe(2);
    const log = tree.git('bisect', 'log');
    expect(log.match(/^git bisect good/gm)).toHaveLength(1);
    expect((await tree.bisect('status')).stderr).toBe(
      `note: ${name(7)} is not checked out: the next command here does that\n`,
    );
    rmSync(inTree('net/new.c'));
    const again = await tree.bisect('bad');
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('step 2 of about 3') });
    expect(tree.head).toBe(tree.commits[7]);
    expect(tree.git('bisect', 'log')).toBe(log);
  });

  it('as git was killed before it chose one', async () => {
    await start('--trust-ends');
    tree.git('checkout', '--quiet', tree.commits[GOOD]!);
    rmSync(inTree('.git/BISECT_EXPECTED_REV'));
    const log = tree.git('bisect', 'log');
    expect(await tree.bisect('bad')).toMatchObject({ stderr: expect.stringContaining('bad is not taken') });
    expect(tree.git('bisect', 'log')).toBe(log);
    expect(tree.head).toBe(tree.commits[5]);
  });

  it('as another one was checked out by hand at an end', async () => {
    await start();
    tree.git('checkout', '--quiet', tree.commits[3]!);
    const refused = await tree.bisect('bad');
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain(`bad is not taken: ${name(3)} was checked out, and ${name(BAD)} is to be tested`);
    expect(await status()).toContain(`now        ${name(BAD)}, the known bad end\n`);
  });

  it('as nobody could read which one comes next', async () => {
    await start('--trust-ends');
    const { PATH = '', HOME = '/' } = process.env;
    const unread = spawnSync('/bin/sh', ['-c', 'exec "$0" "$1" bisect good >/dev/full', process.execPath, PROGRAM], {
      cwd: tree.path,
      env: { PATH, HOME, ARCH: 'x86', XDG_CACHE_HOME: '/dev/null/cache', ...GIT_ENV },
    });
    expect(unread.status).toBe(2);
    const log = tree.git('bisect', 'log');
    expect(log.match(/^git bisect good/gm)).toHaveLength(1);
    const again = await tree.bisect('good');
    expect(again).toMatchObject({ status: 0, stdout: expect.stringContaining('step 2 of about 3') });
    expect(again.stderr).toContain(`${name(7)} has no config yet: good is not taken`);
    expect(tree.git('bisect', 'log')).toBe(log);
  });

  it.each(['build', 'install'])('nor does %s take the config of another one', async (command) => {
    await start('--trust-ends');
    writeFileSync(inTree('net/new.c'), 'mine\n');
    await tree.bisect('good');
    rmSync(inTree('net/new.c'));
    const refused = await tree.bisect(command);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain(`${name(7)} has no config yet, and the one that is there is of another commit`);
    expect(await status()).toContain(`now        ${name(7)}\nconfig     none yet: kconfig-trim bisect config\n`);
    expect((await tree.bisect('config')).status).toBe(0);
    expect(await status()).not.toContain('none yet');
  });

  it.each([
    ['its wider trim could', ['--lean', '--fast'], BAD],
    ['its first config could', ['--trust-ends'], 7],
  ])('as %s not be made before', async (_name, words, next) => {
    await start(...words);
    const base = inTree('.git/kconfig-trim-bisect/base.config');
    renameSync(base, `${base}.away`);
    expect((await tree.bisect('good')).status).toBe(2);
    expect(tree.head).toBe(tree.commits[next]);
    renameSync(`${base}.away`, base);
    const again = await tree.bisect('good');
    expect(again.stderr).toContain(`${name(next)} has no config yet: good is not taken`);
    const [, log = ''] = (await status()).split(/^log /m);
    expect(log).not.toMatch(RegExp(`good +${name(next)}`));
    const trim = words.includes('--fast') ? ' --fast' : '';
    expect((await tree.bisect('report')).stdout).toContain(`Trimmed at each commit: kconfig-trim --arch x86${trim}\n`);
  });
});

describe('a commit that cannot be configured', () => {
  const BROKEN = 2;
  const NO_TREE = 4;

  beforeEach(() => {
    tree.grow(1);
    tree.edit('drivers/block/Kconfig', (text) => `${text}nonsense\n`);
    tree.commit('broken');
    tree.edit('drivers/block/Kconfig', (text) => text.replace('nonsense\n', ''));
    tree.commit('mended');
    tree.git('rm', '--quiet', 'Makefile');
    tree.commit('no Makefile');
    tree.git('checkout', '--quiet', tree.commits[0]!, '--', 'Makefile');
    tree.commit('with Makefile');
    tree.grow(3);
  });

  const start = (good: number, bad: number, ...words: readonly string[]) =>
    tree.bisect('start', tree.commits[good]!, tree.commits[bad]!, '-c', '../config', '-l', '../lsmod.txt', ...words);

  it.each([
    [BROKEN, /drivers\/block\/Kconfig:\d+:\d+: error: /],
    [NO_TREE, /^kconfig-trim: error: \w{12} is no kernel source tree: Makefile is missing$/m],
  ])('and is the bad end (%i) is named, and nothing is started', async (bad, says) => {
    const { status: code, stdout, stderr } = await start(0, bad);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(says);
    expect(stderr).toContain(`error: ${name(bad)}, the known bad end, cannot be tested`);
    expect(stderr).toContain('Start with another one, or trust both');
    expect(stderr).not.toContain('--tree');
    expect(tree.git('symbolic-ref', '--short', 'HEAD')).toBe('main');
    expect((await tree.bisect('status')).stderr).toContain('no bisection goes on here');
    expect((await start(0, bad, '--trust-ends')).status).toBe(0);
  });

  it('is no kernel source tree, and is skipped by its own name', async () => {
    const { status: code, stderr } = await start(0, 8, '--trust-ends');
    expect(code).toBe(0);
    expect(stderr).toContain(
      `error: ${name(NO_TREE)} is no kernel source tree: Makefile is missing\n${name(NO_TREE)} cannot be tested: skipped\n`,
    );
  });

  it('and is the good end has another advice than to skip it', async () => {
    expect((await start(BROKEN, 8)).stdout).toMatch(/bisect good or bad$/m);
    for (const [words, code] of [
      [['bad'], 2],
      [['config'], 125],
      [['run', '--no-build', 'true'], 2],
      [['good'], 2],
    ] as const) {
      const { status: given, stderr } = await tree.bisect(...words);
      expect(given, words.join(' ')).toBe(code);
      expect(stderr).toContain(`error: ${name(BROKEN)}, the known good end, cannot be tested`);
      expect(stderr).toContain('(kconfig-trim bisect reset), or trust both');
      expect(stderr).not.toMatch(/bisect skip|skipped/);
    }
    expect((await tree.bisect('reset')).status).toBe(0);
  });

  it('is not to blame where a file was changed by hand', async () => {
    await start(0, 8, '--trust-ends');
    const log = tree.git('bisect', 'log');
    tree.edit('lib/Kconfig', (text) => `${text}nonsense\n`);
    const says = /error: lib\/Kconfig in the checkout differs from (\w{12}), which may not be to blame then/m;
    for (const [words, code] of [
      [['good'], 2],
      [['skip'], 2],
      [['config'], 2],
      [['run', '--no-build', 'true'], 129],
    ] as const) {
      const { status: given, stderr } = await tree.bisect(...words);
      expect(given, words.join(' ')).toBe(code);
      expect(stderr).toMatch(/lib\/Kconfig:\d+:\d+: error: /);
      expect(says.exec(stderr)?.[1]).toBe(tree.head.slice(0, 12));
      expect(stderr).not.toContain('skipped');
    }
    const after = tree.git('bisect', 'log').slice(log.length);
    expect(after).not.toContain('skip');
    expect(after.match(/^git bisect good/gm)).toHaveLength(1);
    tree.git('checkout', '--quiet', 'lib/Kconfig');
    expect((await tree.bisect('good')).stderr).toContain('good is not taken');
  });
});

it('a command that cannot test an end skips nothing', async () => {
  tree.grow(2);
  await tree.start();
  const stopped = await tree.bisect('run', '--no-build', 'sh', '-c', 'exit 125');
  expect(stopped.status).toBe(2);
  expect(stopped.stderr).toContain(`error: ${name(2)}, the known bad end, cannot be tested`);
  expect(stopped.stderr).not.toMatch(/skip/);
});

it.each([
  ['../config', '../config: this file is not executable (chmod +x)'],
  ['../tree', '../tree: this is a directory, no program'],
  ['../no-such', '../no-such: there is no such file'],
  ['no-such', 'no-such: no such program in PATH'],
  ['../script', '../script: its first line names /no/such/shell, which is not there'],
])('a command that is none says nothing of a commit: %s', async (command, says) => {
  tree.grow(2);
  writeFileSync(join(tree.folder, 'script'), '#! /no/such/shell -e\n', { mode: 0o755 });
  await tree.start('--trust-ends');
  const log = tree.git('bisect', 'log');
  const refused = await tree.bisect('run', '--no-build', command);
  expect(refused).toMatchObject({ status: 2, stderr: `kconfig-trim: error: ${says}\n` });
  expect(tree.git('bisect', 'log')).toBe(log);
});

describe('what is said of a bisection', () => {
  const report = async (): Promise<string> => (await tree.bisect('report')).stdout;

  it.each([
    ['bad', ['good']],
    ['good', ['bad', 'bad']],
  ])('names no range where the known %s end is not what it was said to be', async (end, verdicts) => {
    tree.grow(3);
    await tree.start();
    for (const verdict of verdicts) await tree.bisect(verdict);
    const other = end === 'bad' ? 'good' : 'bad';
    expect(await report()).toMatch(RegExp(`^There is no result: the known ${end} end is ${other}\\n`));
    expect(await report()).not.toContain('#regzbot');
    expect(await status()).toMatch(RegExp(`^failed {5}the known ${end} end is ${other}$`, 'm'));
    expect(await status()).not.toContain('\nleft ');
    // It was a mistake.
    expect((await tree.bisect(end)).status).toBe(0);
    expect(await report()).toMatch(/^The bisection is not done; so far:\n\ngood \w+, bad main\n/);
    expect(await status()).not.toContain('failed');
  });

  it('names no range before there is one', async () => {
    tree.grow(4);
    await tree.start();
    expect(await report()).not.toContain('#regzbot');
    for (const verdict of ['bad', 'good', 'skip', 'skip', 'skip']) await tree.bisect(verdict);
    expect(await report()).toContain(`#regzbot introduced: ${tree.commits[0]}..${tree.commits[4]}\n`);
  });

  it('calls no commit tested or built that was skipped', async () => {
    tree.grow(16);
    await tree.start('--trust-ends');
    const skipped = tree.head.slice(0, 12);
    await tree.bisect('skip');
    const judged = tree.head.slice(0, 12);
    await tree.bisect('good');
    const open = tree.head.slice(0, 12);
    expect(await status()).toContain(`skip ${skipped}: 41 loaded modules configured, 1 not in this tree\n`);
    const [, tested, others] = /^Each kernel that was tested.*:\n((?:.|\n)*?)\n\nNot tested:\n((?:.|\n)*?)\n\n/m.exec(
      await report(),
    )!;
    expect(tested).toMatch(RegExp(`^  good  ${judged} [0-9a-f]{16}$`));
    expect(others).toMatch(RegExp(`^  skip  ${skipped} [0-9a-f]{16}\n  open  ${open} [0-9a-f]{16}$`));
    tree.git('bisect', 'good');
    // Git does not mind the second commit at any place of the bisection.
    const [, byHand] = tree.commits;
    tree.git('bisect', 'good', byHand!);
    expect(await report()).toContain(
      `Judged by hand, with a config that is not known:\n  good  ${byHand!.slice(0, 12)} no config\n\n`,
    );
  });

  it.each(['good', 'bad', 'skip'])('of %s after its end says that it is ignored', async (verdict) => {
    tree.grow(1);
    await tree.start('--trust-ends');
    const before = await report();
    const ignored = await tree.bisect(verdict);
    expect(ignored.stderr).toContain(`${verdict} is ignored: the bisection is done`);
    expect(ignored.stdout).toContain(`first bad  ${name(1)}`);
    expect(await report()).toBe(before);
  });
});
