/** That a bisection gives back what was there, whatever became of it. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { PROGRAM } from '../cli/run.ts';
import { BisectTree, GIT_ENV } from './bisect-tree.ts';

const OWN = 'CONFIG_64BIT=y\n# mine\n';
let tree: BisectTree;
const file = (name: string): string => join(tree.path, name);
const stored = (name: string): string => file(`.git/kconfig-trim-bisect/${name}`);

beforeEach(() => {
  tree = new BisectTree();
  tree.grow(4);
  writeFileSync(file('.config'), OWN);
});

describe('a bisection whose report cannot be printed', () => {
  it('goes on, and gives the config of before the start back', async () => {
    const words = ['bisect', 'start', 'main~4', 'main', '-c', '../config', '-l', '../lsmod.txt'];
    const { PATH = '', HOME = '/' } = process.env;
    const start = spawnSync('/bin/sh', ['-c', 'exec "$0" "$@" >/dev/full', process.execPath, PROGRAM, ...words], {
      cwd: tree.path,
      env: { PATH, HOME, ARCH: 'x86', XDG_CACHE_HOME: '/dev/null/cache', ...GIT_ENV },
      encoding: 'utf8',
    });
    expect([start.status, start.stderr]).toEqual([2, expect.stringContaining('any files were written before')]);
    expect(tree.config).not.toBe(OWN);
    expect((await tree.bisect('status')).status).toBe(0);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.config).toBe(OWN);
  });
});

it('build says how a config that was deleted is made again', async () => {
  await tree.start();
  rmSync(file('.config'));
  const build = await tree.bisect('build');
  expect([build.status, build.stdout]).toEqual([2, '']);
  expect(build.stderr).toMatch(
    /\.config: the config of \w+ is gone; to make it once more: kconfig-trim bisect config\n/,
  );
  expect((await tree.bisect('config')).status).toBe(0);
  expect(existsSync(file('.config'))).toBe(true);
});

describe('reset', () => {
  it('gives the config back where a start was killed once it was written', async () => {
    await tree.start();
    const state = JSON.parse(readFileSync(stored('state.json'), 'utf8')) as object;
    writeFileSync(stored('state.json'), JSON.stringify({ ...state, steps: [] }));
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.config).toBe(OWN);
  });

  it('lets it be where a start was killed right before', async () => {
    await tree.start();
    rmSync(stored('before.config'));
    writeFileSync(file('.config'), OWN);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.config).toBe(OWN);
  });

  it('gives it back where a step was killed before it wrote its config', async () => {
    await tree.start();
    const first = tree.config;
    await tree.bisect('bad');
    expect(tree.config).not.toBe(first);
    writeFileSync(file('.config'), first);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.config).toBe(OWN);
  });

  it('leaves a config that somebody has changed, and puts the one of before beside it', async () => {
    await tree.start();
    writeFileSync(file('.config'), `${tree.config}CONFIG_MINE=y\n`);
    const made = tree.config;
    const { status, stderr } = await tree.bisect('reset');
    expect([status, stderr]).toEqual([
      0,
      expect.stringContaining('the one of before the start is .config.before-bisect'),
    ]);
    expect(tree.config).toBe(made);
    expect(readFileSync(file('.config.before-bisect'), 'latin1')).toBe(OWN);
  });

  it('gives the config back where somebody has deleted the one of the bisection', async () => {
    await tree.start();
    rmSync(file('.config'));
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.config).toBe(OWN);
  });

  it('leaves none where there was none, deleted or changed', async () => {
    rmSync(file('.config'));
    await tree.start();
    rmSync(file('.config'));
    expect(await tree.bisect('reset')).toMatchObject({ status: 0, stderr: '' });
    expect(existsSync(file('.config'))).toBe(false);
  });

  it('needs no kernel tree', async () => {
    await tree.start();
    tree.git('checkout', '--quiet', '--detach', 'HEAD~1');
    rmSync(file('Makefile'));
    tree.git('commit', '--quiet', '--all', '--message', 'no makefile');
    const { status, stderr } = await tree.bisect('reset');
    expect([status, stderr]).toEqual([0, '']);
    expect(tree.config).toBe(OWN);
    expect(existsSync(file('Makefile'))).toBe(true);
  });

  it('leaves nothing in the tree that git does not know, after a build as well', async () => {
    const before = tree.git('status', '--porcelain', '--ignored');
    await tree.start();
    const { stderr, stdout } = await tree.bisect('build', 'nothing.o');
    expect(stdout + stderr).toContain('.git/kconfig-trim-bisect/build.log');
    expect(existsSync(stored('build.log'))).toBe(true);
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(tree.git('status', '--porcelain', '--ignored')).toBe(before);
  });
});

describe('a lock without an owner', () => {
  it('that is old was left by a run that was killed, or had no space for it', async () => {
    await tree.start();
    writeFileSync(stored('lock'), '');
    expect((await tree.bisect('config')).stderr).toContain('is at work in this checkout');
    utimesSync(stored('lock'), 0, 0);
    expect((await tree.bisect('status')).stderr).toBe('');
    expect((await tree.bisect('config')).status).toBe(0);
    writeFileSync(stored('lock'), 'no number');
    expect((await tree.bisect('reset')).status).toBe(0);
    expect(readdirSync(file('.git'))).not.toContain('kconfig-trim-bisect');
  });
});
