import { expect, it } from 'vitest';
import { confEnvironment } from '../../src/toolchain/environment.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const MAKEFILE = `
ifneq ($(sub_make_done),1)
export sub_make_done := 1
abs_srctree := $(realpath $(dir $(lastword $(MAKEFILE_LIST))))
MAKEFLAGS += -rR
MORE
need-sub-make := 1
else
srctree := /tree
include scripts/Kbuild.include
SRCARCH := x86
export SRCARCH ANSWER
endif
`;

const environment = (flags: string): Readonly<Record<string, string>> =>
  confEnvironment({
    fs: memoryFs({
      '/tree/Makefile': MAKEFILE.replace('MORE', flags),
      '/tree/scripts/Kbuild.include': 'ANSWER := 42\n',
      '/tree/scripts/kconfig/Makefile': '',
      '/build/.keep': '',
    }),
    shell: () => '',
    tree: '/tree',
    objtree: '/build',
    env: {},
  }).env;

it.each(['MAKEFLAGS += --include-dir=$(abs_srctree)', 'MAKEFLAGS += -I/tree'])(
  'a build directory includes files of the tree where %s says so',
  (flags) => expect(environment(flags)).toMatchObject({ SRCARCH: 'x86', ANSWER: '42' }),
);

it('a build directory does not include them without that', () => {
  expect(() => environment('')).toThrow(/toolchain-make-stops/);
});
