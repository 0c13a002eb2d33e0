import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { FilesEntry } from '../../src/cache/files-entry.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { cachedConfEnvironment } from '../../src/toolchain/cached-environment.ts';
import { type ConfEnvironment, confEnvironment, type EnvironmentInput } from '../../src/toolchain/environment.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

/** As in the kernel: a first run of make that only hands on an environment, and a second one. */
const MAKEFILE = `
ifneq ($(sub_make_done),1)
export sub_make_done := 1
need-sub-make := 1
endif
ifeq ($(need-sub-make),)
ARCH ?= x86
SRCARCH := $(ARCH)
srctree := .
abs_srctree := $(realpath $(srctree))
CC = gcc
obj-of-file := here
CC_VERSION_TEXT = $(shell $(CC) --version)
export ARCH SRCARCH abs_srctree CC CC_VERSION_TEXT EMPTY
unexport SECRET
ifdef WITH_EXTRA
export EXTRA := yes
endif
-include local.mk
endif
`;
const ENV = { PATH: '/bin', HOME: '/home' };
const LATER_MS = 60_000;

/** Tells whether anything new was cached. */
class WatchedResult extends FilesEntry {
  isWritten = false;

  override write(...args: Parameters<FilesEntry['write']>): void {
    this.isWritten = true;
    super.write(...args);
  }
}

/** A machine with a tree, a compiler, and what it keeps. */
class Machine {
  version = 'gcc 12';
  readonly ran: string[] = [];
  readonly volume = Volume.fromJSON({
    '/real/Makefile': MAKEFILE,
    '/real/scripts/kconfig/Makefile': '',
    '/bin/gcc': '',
    '/opt/gcc': '',
  });
  readonly #cache = new MemoryCache();

  constructor() {
    this.volume.symlinkSync('/real', '/tree');
    for (const path of ['/bin/gcc', '/opt/gcc']) this.volume.chmodSync(path, 0o755);
  }

  input(env: Readonly<Record<string, string>> = ENV, more: Partial<EnvironmentInput> = {}): EnvironmentInput {
    return {
      fs: new NodeFileSystem(this.volume as never),
      shell: (command) => {
        this.ran.push(command);
        return `${this.version}\n`;
      },
      tree: '/tree',
      env,
      host: { machine: 'x86_64', release: '6.12' },
      ...more,
    };
  }

  /** What a run finds, and whether an earlier one had cached it. */
  run(input = this.input()): { environment: ConfEnvironment; isCached: boolean } {
    const entry = new WatchedResult(this.#cache, input.fs, {
      kind: 'environment',
      place: '',
      directory: '/',
      circumstances: '',
    });
    const { environment, write } = cachedConfEnvironment(input, entry, Date.now() + LATER_MS);
    write();
    return { environment, isCached: !entry.isWritten };
  }
}

describe("conf's environment, cached", () => {
  it('is what the Makefiles give, with the program asked again', () => {
    const machine = new Machine();
    const { environment } = machine.run();
    expect(environment).toEqual(confEnvironment(machine.input()));
    expect(environment.env).toMatchObject({
      ...ENV,
      ARCH: 'x86',
      abs_srctree: '/real',
      CC: 'gcc',
      CC_VERSION_TEXT: 'gcc 12',
      EMPTY: '',
    });
    machine.ran.length = 0;
    expect(machine.run()).toEqual({ environment, isCached: true });
    expect(machine.ran).toEqual(['gcc --version']);
  });

  it.each<[string, Record<string, string>, boolean]>([
    ['a variable that is handed on', { ...ENV, HOME: '/other' }, true],
    ['a variable that is new', { ...ENV, TERM: 'dumb' }, true],
    ['a variable that is gone', { PATH: '/bin' }, true],
    ['a variable that make would expand', { ...ENV, PS1: '$(ARCH)$$' }, false],
    ['a variable that was looked for', { ...ENV, WITH_EXTRA: '1' }, false],
    ['a variable that a makefile sets', { ...ENV, 'obj-of-file': 'there' }, false],
    ['a variable that a makefile hands on', { ...ENV, EMPTY: 'full' }, false],
    ['a variable that a makefile does not hand on', { ...ENV, SECRET: 'x' }, false],
    ['a variable of the command line', { ...ENV, CC: 'clang' }, false],
    ['the way to programs', { ...ENV, PATH: '/opt' }, false],
  ])('is right with another environment: %s', (_, env, isCached) => {
    const machine = new Machine();
    machine.run();
    expect(machine.run(machine.input(env))).toEqual({ environment: confEnvironment(machine.input(env)), isCached });
    expect(machine.run(machine.input(env))).toEqual({
      environment: confEnvironment(machine.input(env)),
      isCached: true,
    });
  });

  it.each<[string, (machine: Machine) => void]>([
    [
      'a makefile has changed',
      ({ volume }) => volume.writeFileSync('/real/Makefile', `${MAKEFILE}\nexport NEW := 1\n`),
    ],
    ['a makefile is there that was not', ({ volume }) => volume.writeFileSync('/real/local.mk', 'export NEW := 1\n')],
    ['the compiler is gone', ({ volume }) => volume.unlinkSync('/bin/gcc')],
    [
      'a program says something else',
      (machine) => {
        machine.version = 'gcc 13';
      },
    ],
    [
      'a link leads elsewhere',
      ({ volume }) => {
        volume.renameSync('/real', '/moved');
        volume.unlinkSync('/tree');
        volume.symlinkSync('/moved', '/tree');
      },
    ],
  ])('is worked out again where %s', (_, change) => {
    const machine = new Machine();
    machine.run();
    change(machine);
    expect(machine.run()).toEqual({ environment: confEnvironment(machine.input()), isCached: false });
  });

  it('is another for other overrides, another machine, another directory, and where nothing may be run', () => {
    const machine = new Machine();
    machine.volume.mkdirSync('/out');
    for (const more of [
      { overrides: { ARCH: 'arm64' } },
      { host: { machine: 'aarch64', release: '6.12' } },
      { objtree: '/out' },
      { shell: null },
    ]) {
      machine.run();
      const input = machine.input(ENV, more);
      expect(machine.run(input)).toEqual({ environment: confEnvironment(input), isCached: false });
    }
  });

  it('stays what it was where a file is made in the tree that no makefile asks for', () => {
    const machine = new Machine();
    machine.run();
    machine.volume.writeFileSync('/real/other', '');
    expect(machine.run().isCached).toBe(true);
  });
});
