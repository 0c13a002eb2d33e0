import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { knownCommands } from '../../src/kbuild/known-commands.ts';
import { TreeFiles } from '../../src/make/files.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { memoryFs } from '../helpers/memory-fs.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const ANSWERED = [
  'uname -s',
  'uname',
  'test -e ./d/file && echo d/',
  'test -e ./d//file   &&  echo  one   two',
  'test -e d/gone && echo d/',
  'test -e d && echo d',
  'test -f d && echo d',
  'test -d d && echo d',
  'test -d d/file && echo d',
  'test -f d/file && echo',
];
const UNANSWERED = [
  'uname -r',
  'uname -m',
  'uname -s -r',
  'unamed',
  'test -e d; echo $?',
  'test -e $HOME && echo home',
  'test -e d/* && echo d',
  'test -e d && echo -n d | cat',
  'test -e d d && echo d',
  'test -x d && echo d',
  'test -e d && rm d',
  'echo d',
];

describe('commands of Kbuild files', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'd'));
  writeFileSync(join(folder, 'd/file'), '');
  const shell = knownCommands(new TreeFiles(new NodeFileSystem(), folder));

  it.each(ANSWERED)('%s is answered as sh answers it', (command) => {
    const printed = execFileSync('/bin/sh', ['-c', `${command} || :`], { cwd: folder, encoding: 'utf8' });
    expect(shell.mayAnswer(command)).toBe(true);
    expect(`${shell.answer(command)}`.trim()).toBe(printed.trim());
  });

  it.each(UNANSWERED)('%s is not', (command) => {
    expect(shell.answer(command)).toBeUndefined();
  });

  it('find the directories of an architecture', () => {
    const files = {
      Makefile:
        'include $(srctree)/arch/$(SRCARCH)/Makefile\nvmlinux-dirs := $(patsubst %/,%,$(filter %/,$(core-y)))\n',
      Kbuild: '',
      'scripts/Kbuild.include': '',
      'arch/um/Makefile': [
        'OS := $(shell uname -s)',
        'core-y := arch/um/os-$(OS)/',
        'platform-$(CONFIG_P) := p',
        'platform-$(CONFIG_Q) := q',
        'dirs := $(patsubst %,arch/um/platforms/%/,$(platform-y))',
        'core-y += $(shell test -e $(srctree)/$(dirs)/Makefile && echo $(dirs))',
        '',
      ].join('\n'),
      'arch/um/os-Linux/Makefile': 'obj-y := main.o\n',
      'arch/um/platforms/p/Makefile': 'obj-y := p.o\n',
      'arch/um/platforms/q/setup.c': '',
    };
    const rooted = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/tree/${path}`, text]));
    const tree = KbuildTree.load({ fs: memoryFs(rooted), tree: '/tree', srcarch: 'um' });
    const builtin = (on: string) => [...tree.build((symbol) => (symbol === on ? 'y' : undefined)).builtin].sort();
    expect(builtin('P')).toEqual(['arch/um/os-Linux/main.o', 'arch/um/platforms/p/p.o']);
    expect(builtin('Q')).toEqual(['arch/um/os-Linux/main.o']);
    expect(tree.missingDirectories).toEqual([]);
    expect(tree.unansweredShells).toEqual([]);
  });
});
