import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BuildTree, COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { copyExample } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { endedRun } from './ended-run.ts';

/**
 * Errors of all commands, each in a run without a cache entry, with the entries of a run that went well, with no cache,
 * and with no programs: it ends by itself and leaves no process, whatever it had started.
 */
let example: string;
let broken: string;
let build: BuildTree;
let warm: string;

const file = (name: string): string => join(example, name);
const tree = (): string[] => ['-C', file('tree')];
const base = (): string[] => [...tree(), '-c', file('config')];
const failingMake = (): string[] => ['build', '-C', build.tree, '-O', build.objtree, '-c', file('failing-make')];

/** What is given, and the status; with `--no-exec` another one where the program that fails is not run. */
type Case = readonly [name: string, args: () => readonly string[], status: 1 | 2, statusWithoutPrograms?: 0 | 1 | 2];

const CASES: readonly Case[] = [
  ['trim: an option that there is none of', () => [...base(), '--no-such-option'], 2],
  ['trim: a listing that is not there', () => [...base(), '-l', file('none')], 2],
  ['trim: an empty listing', () => [...base(), '-l', file('empty')], 2],
  ['trim: a listing that is none', () => [...base(), '-l', file('page.html')], 2],
  ['trim: a tree that is none', () => ['-C', example, '-l', file('lsmod.txt')], 2],
  ['trim: a build directory that is not there', () => [...base(), '-l', file('lsmod.txt'), '-O', file('none')], 2],
  ['trim: a base that is not there', () => [...tree(), '-c', file('none'), '-l', file('lsmod.txt')], 2],
  ['trim: a base without symbols', () => [...tree(), '-c', file('empty'), '-l', file('lsmod.txt')], 2],
  ['trim: a base for arm64', () => [...tree(), '-c', file('config-arm64'), '-l', file('lsmod.txt')], 2],
  ['trim: an architecture that there is none of', () => [...base(), '--arch', 'vax', '-l', file('lsmod.txt')], 2],
  ['trim: a time that is none', () => [...base(), '-l', file('lsmod.txt'), '--reference', 'soon'], 2],
  ['trim: nowhere to write', () => [...base(), '-l', file('lsmod.txt'), '-o', '/dev/null/config'], 2],
  ['trim: a Kconfig file that is broken', () => ['-C', broken, '-c', file('config'), '-l', file('lsmod.txt')], 2],
  ['trim: a module that is not mapped', () => [...base(), '-l', file('foreign'), '--strict', '--dry-run'], 1],
  [
    'trim: a name to keep that is unknown',
    () => [...base(), '-l', file('lsmod.txt'), '--keep', 'NONE', '--dry-run'],
    1,
  ],
  ['why: a name that is unknown', () => ['why', 'NOSUCHSYM', ...base()], 2],
  ['why: a listing that is not there', () => ['why', 'VFAT_FS', ...base(), '-l', file('none')], 2],
  ['why: a base for arm64', () => ['why', 'VFAT_FS', ...tree(), '-c', file('config-arm64')], 2],
  ['check: a config that is not there', () => ['check', ...tree(), '-c', file('none')], 2],
  ['check: a fragment that is not there', () => ['check', ...base(), '--fragment', file('none')], 2],
  ['check: nothing to hold it against', () => ['check', ...base(), '--against', file('none')], 2],
  ['check: a listing that is not there', () => ['check', ...base(), '-l', file('none')], 2],
  ['check: a check that there is none of', () => ['check', ...base(), '--skip', 'nothing'], 2],
  ['check: a config that is not sound', () => ['check', ...base(), '--fragment', file('unmet')], 1],
  ['conf: a target that there is none of', () => ['conf', 'noconfig', ...base()], 2],
  ['conf: a config that is not there', () => ['conf', 'olddefconfig', ...tree(), '-c', file('none'), '-o', '-'], 2],
  ['conf: a Kconfig file that is broken', () => ['conf', 'alldefconfig', '-C', broken, '-o', '-'], 2],
  ['conf: nowhere to write', () => ['conf', 'alldefconfig', ...tree(), '-o', '/dev/null/config'], 2],
  ['map: a base for arm64', () => ['map', ...tree(), '-c', file('config-arm64'), '--arch', 'vax'], 2],
  ['map: a module that there is none of', () => ['map', ...base(), 'nvidia'], 1],
  ['objects: a base for arm64', () => ['objects', ...tree(), '-c', file('config-arm64')], 2],
  ['estimate: a base for arm64', () => ['estimate', ...tree(), '-c', file('config-arm64')], 2],
  ['estimate: three configs', () => ['estimate', ...tree(), 'a', 'b', 'c'], 2],
  ['build: no config', () => ['build', '-C', build.tree, '-O', example], 2],
  ['build: a listing that is not there', () => ['build', '-C', build.tree, '-O', build.objtree, '-l', file('none')], 2],
  ['build: a log that cannot be written', () => [...failingMake(), '--log', '/dev/null/log'], 2],
  ['build: make fails', failingMake, 1, 2],
  ['bisect: no checkout', () => ['bisect', 'start', 'a', 'b', ...tree()], 2],
  ['bisect: none goes on', () => ['bisect', 'good', '-C', process.cwd()], 2],
  ['bisect: a command that there is none of', () => ['bisect', 'godo'], 2],
];

beforeAll(async () => {
  example = copyExample();
  build = copyBuildTree();
  broken = join(copyExample(), 'tree');
  warm = temporaryFolder();
  const config = readFileSync(file('config'), 'latin1');
  const put = (name: string, text: string): void => writeFileSync(file(name), text, 'latin1');
  put('empty', '');
  put('page.html', '<!DOCTYPE html>\n<html></html>\n');
  put('config-arm64', config.replace('Linux/x86', 'Linux/arm64'));
  put('foreign', `${readFileSync(file('lsmod.txt'), 'latin1')}nvidia 16384 0\n`);
  put('unmet', 'CONFIG_NO_SUCH_SYMBOL=y\n');
  put('failing-make', readFileSync(join(build.objtree, '.config'), 'latin1'));
  build.direct('lib/sort.c', 'error 2:1 no such luck');
  const env = { XDG_CACHE_HOME: warm };
  for (const directory of [file('tree'), broken]) {
    const done = await endedRun(
      ['-C', directory, '-c', file('config'), '-l', file('lsmod.txt'), '-o', file('out')],
      env,
    );
    expect(done).toMatchObject({ status: 0 });
  }
  const objects = ['objects', '-C', build.tree, '-c', join(build.objtree, '.config')];
  expect(await endedRun(objects, { ...env, CC: COMPILER })).toMatchObject({ status: 0 });
  writeFileSync(join(broken, 'fs/Kconfig'), 'config A\n\tbool "a"\n\tdepends on (B\n');
});

describe('an error ends the run', () => {
  it.each(
    CASES.map(([name, args, status, statusWithoutPrograms = status]) => ({
      name,
      args,
      status,
      statusWithoutPrograms,
    })),
  )('$name', async ({ args, status, statusWithoutPrograms }) => {
    const isBuild = args()[0] === 'build';
    const own = isBuild ? { CC: COMPILER } : {};
    const run = (cache: string, ...more: string[]) => endedRun([...args(), ...more], { ...own, XDG_CACHE_HOME: cache });
    const cold = temporaryFolder();
    const runs = await Promise.all([run(cold), run(warm), run(warm, '--no-cache'), run(warm, '--no-exec')]);
    expect(runs.map((each) => each.status)).toEqual([status, status, status, statusWithoutPrograms]);
    for (const { stdout, stderr } of runs) {
      expect(stderr).not.toContain('internal error');
      if (status === 2) expect({ stdout, said: stderr !== '' }).toEqual({ stdout: '', said: true });
    }
  });
});
