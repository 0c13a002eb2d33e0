import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { copyExample, type Run, run } from '../cli/run.ts';

let example: string;
let tree: string;
let env: { XDG_CACHE_HOME: string; PATH: string };

beforeEach(() => {
  example = copyExample();
  tree = join(example, 'tree');
  mkdirSync(join(example, 'bin'));
  const compiler = join(example, 'bin/gcc');
  writeFileSync(compiler, '#!/bin/sh\necho "Fake gcc 12"\n');
  chmodSync(compiler, 0o755);
  env = { PATH: `${join(example, 'bin')}:/usr/local/bin:/usr/bin:/bin`, XDG_CACHE_HOME: join(example, 'cache') };
});

const inTree = (...args: string[]): Promise<Run> =>
  run([...args, '-C', tree, '-c', join(example, 'config')], { env: { ...env } });
const trim = (...args: string[]): Promise<Run> => {
  const listing = join(example, 'listing');
  writeFileSync(listing, 'Module Size Used by\nlate 4096 0\n');
  return inTree('trim', '-l', listing, '-o', '-', '--json', '--force', ...args);
};

it('asks commands that are made of answers, and of answers to these', async () => {
  const text =
    'word := $(shell,echo be)\nwords := $(shell,echo $(word)f$(word))\nconfig WORDS\n\tstring\n\tdefault "$(shell,echo $(words) $(word))"\n';
  appendFileSync(join(tree, 'lib/Kconfig'), text);
  expect((await inTree('conf', 'olddefconfig', '-o', '-')).stdout).toContain('CONFIG_WORDS="befbe be"\n');
});

it('reads Makefiles once more where an answer decides what a symbol is', async () => {
  appendFileSync(
    join(tree, 'lib/Kconfig'),
    'config $(shell,echo LATE)\n\ttristate "named by an answer"\n\tdefault m\n',
  );
  appendFileSync(join(tree, 'lib/Makefile'), 'obj-$(CONFIG_LATE) += late.o\n');
  writeFileSync(join(tree, 'lib/late.c'), '');
  const first = await trim();
  expect(first.stdout).toContain('CONFIG_LATE=m\n');
  expect(first.stderr).toContain('"path": "lib/late"');
  expect(await trim()).toEqual(first);
  expect(await trim('--no-cache')).toEqual(first);
});

it('says of files that cannot be read what it says where no command runs', async () => {
  appendFileSync(join(tree, 'lib/Kconfig'), 'config ASKED\n\tdef_bool $(shell,echo y)\n');
  appendFileSync(join(tree, 'lib/Makefile'), 'ifeq (a,b\n');
  const first = await trim();
  expect(first).toEqual(await trim('--no-exec'));
  expect(first.status).toBe(2);
});

it('runs programs for a variable of the top Makefile where Kconfig files read it', async () => {
  const makefile = join(tree, 'Makefile');
  const text = readFileSync(makefile, 'utf8');
  const variables = 'HELPER = $(shell cat helper)\nIDLE = $(shell echo ran >>idle)\nexport HELPER IDLE\n';
  writeFileSync(makefile, text.replace('export srctree', `${variables}export srctree`));
  appendFileSync(join(tree, 'lib/Kconfig'), 'config HELPER\n\tint\n\tdefault "$(HELPER)"\n');
  const config = (...args: string[]) => inTree('conf', 'olddefconfig', '-o', '-', ...args);
  for (const version of ['42', '43']) {
    writeFileSync(join(tree, 'helper'), version);
    const right = await config('--no-cache');
    expect(right.stdout).toContain(`CONFIG_HELPER=${version}\n`);
    for (const _run of ['cold', 'warm']) expect(await config()).toEqual(right);
  }
  expect(existsSync(join(tree, 'idle'))).toBe(false);
  // Where nothing may run, the base config answers.
  appendFileSync(join(example, 'config'), 'CONFIG_HELPER=7\n');
  expect((await config('--no-exec')).stdout).toContain('CONFIG_HELPER=7\n');
});
