import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { copyExample, PROGRAM, type Run, run } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let example: string;
let tree: string;
/** Programs of which none may be started; what is, leaves its name in `ran`. */
let traps: string;

/** What a Kconfig or Makefile could start. */
const PROGRAMS =
  `sh bash gcc cc clang ld make uname sed head awk grep cat test expr perl python3 rustc bindgen pahole nm ar
  readelf objcopy objdump hostname mktemp rm mkdir touch id git find xz zstd gzip lsmod modinfo modprobe`.split(/\s+/);

beforeEach(() => {
  example = copyExample();
  tree = join(example, 'tree');
  traps = temporaryFolder();
  for (const name of PROGRAMS) {
    writeFileSync(
      join(traps, name),
      `#!${process.execPath}\nrequire('fs').writeFileSync(${JSON.stringify(traps)} + '/ran-${name}', '');\n`,
    );
    chmodSync(join(traps, name), 0o755);
  }
});

const ran = (): string[] => readdirSync(traps).filter((name) => name.startsWith('ran-'));

const trim = (args: readonly string[], env: Record<string, string> = {}): Promise<Run> =>
  run(['-C', tree, '-c', join(example, 'config'), '-l', join(example, 'lsmod.txt'), ...args], { env });

describe('--no-exec', () => {
  const commands: readonly (readonly string[])[] = [
    ['trim', '-l', 'LSMOD'],
    ['why', 'KVM', '-l', 'LSMOD'],
    ['check', '-l', 'LSMOD', '--keep', 'HERON'],
    ['conf', 'olddefconfig', '-o', '-'],
    ['conf', 'allmodconfig', '-o', '-'],
    ['map'],
    ['objects'],
    ['estimate'],
  ];

  it.each(commands.map((args) => [args.slice(0, 2).join(' '), args] as const))(
    '%s starts no program',
    async (_, args) => {
      const own = args.map((arg) => (arg === 'LSMOD' ? join(example, 'lsmod.txt') : arg));
      const from = args[1] === 'allmodconfig' ? [] : ['-c', join(example, 'config')];
      const done = await run([...own, '--no-exec', '-C', tree, ...from], {
        env: { PATH: traps },
      });
      // The example's listing has a module that its config does not build; its key files are not there.
      expect(done.status).toBe(args[0] === 'check' ? 1 : 0);
      expect(ran()).toEqual([]);
    },
  );

  it('refuses to build, and starts no program', async () => {
    const done = await run(['build', '--no-exec', '-C', tree, '-c', join(example, 'config')], { env: { PATH: traps } });
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(ran()).toEqual([]);
  });

  it('trims to the same config as with programs', async () => {
    expect((await trim([])).status).toBe(0);
    const expected = readFileSync(join(tree, '.config'), 'latin1');
    expect((await trim(['--no-exec'], { PATH: traps })).status).toBe(0);
    expect(readFileSync(join(tree, '.config'), 'latin1')).toBe(expected);
  });

  it('holds against a tree that wants programs by absolute paths', async () => {
    const mark = join(traps, 'ran-absolute');
    const command = `$(shell,/bin/sh -c 'echo > ${mark}')`;
    writeFileSync(
      join(tree, 'fs/Kconfig'),
      `x := ${command}\nconfig TRAP\n\tdef_bool $(success,/usr/bin/touch ${mark})\n`,
    );
    const makefile = join(tree, 'Makefile');
    writeFileSync(
      makefile,
      `${readFileSync(makefile, 'latin1')}\nX := $(shell /usr/bin/touch ${mark})\nexport X\nCC != /usr/bin/touch ${mark}\n`,
    );
    expect((await trim(['--no-exec', '--dry-run'])).status).toBe(0);
    expect(ran()).toEqual([]);
    // The same tree does run them when it may: the traps are real.
    await trim(['--dry-run']);
    expect(ran()).toEqual(['ran-absolute']);
  });
});

describe('programs', () => {
  it('are none with --no-exec, as strace sees it', ({ skip }) => {
    const done = spawnSync(
      'strace',
      [
        '-f',
        '-qq',
        '-e',
        'trace=execve',
        '-o',
        join(example, 'trace'),
        process.execPath,
        PROGRAM,
        '-C',
        tree,
        '-c',
        join(example, 'config'),
        '-l',
        join(example, 'lsmod.txt'),
        '--no-exec',
        '--dry-run',
      ],
      { encoding: 'utf8' },
    );
    if (done.error && !process.env['CI']) skip('no strace here; the traps above have to do');
    const started = readFileSync(join(example, 'trace'), 'latin1').match(/execve\("[^"]*"/g) ?? [];
    expect(started).toHaveLength(1);
  });

  it('are never a listing or a config, whatever their mode', async () => {
    for (const [option, name] of [
      ['-l', 'listing'],
      ['-c', 'config.sh'],
      ['-c', 'config-lines'],
    ] as const) {
      const mark = join(example, `ran-${name}`);
      const path = join(example, name);
      const lines = name === 'config-lines' ? readFileSync(join(example, 'config'), 'latin1') : '';
      writeFileSync(path, `#!/bin/sh\n: > ${mark}\necho ext4 1 0\n${lines}`, { mode: 0o4755 });
      await trim([option, path, '--dry-run']);
      expect(existsSync(mark)).toBe(false);
    }
  });
});

describe('what is cached between runs', () => {
  const cached = (): string[] => (existsSync(join(example, 'cache')) ? readdirSync(join(example, 'cache')) : []);
  /** What a stand-in for the compiler is started with. */
  const compilerCalls = async (...args: string[]): Promise<string> => {
    writeFileSync(join(traps, 'gcc'), `#!/bin/sh\necho "$*" >> ${traps}/calls\n`, { mode: 0o755 });
    for (const name of PROGRAMS) if (name !== 'gcc') rmSync(join(traps, name), { force: true });
    writeFileSync(join(traps, 'calls'), '');
    const env = { PATH: `${traps}:/usr/local/bin:/usr/bin:/bin`, XDG_CACHE_HOME: join(example, 'cache') };
    expect((await trim(['--dry-run', ...args], env)).status).toBe(0);
    return readFileSync(join(traps, 'calls'), 'latin1');
  };

  it('is in one directory', async () => {
    expect(await compilerCalls()).toContain('-###');
    expect(cached()).toEqual(['kconfig-trim']);
    const names = readdirSync(join(example, 'cache/kconfig-trim'));
    expect(names).toContainEqual(expect.stringMatching(/^probes-\w+[.]bin$/));
    expect(
      names.filter((name) => !/^(probes|make-answers|environment|kconfig|files|names-of-\w+)-\w+[.]bin$/.test(name)),
    ).toEqual([]);
  });

  it('is nothing with --no-cache, and the compiler is asked only what the tree asks, and what it compiles for', async () => {
    const calls = await compilerCalls('--no-cache');
    expect(calls).toContain('-Werror -fno-common');
    expect(calls.match(/-###/g)).toHaveLength(1);
    expect(calls).not.toContain('-print-search-dirs');
    expect(cached()).toEqual([]);
  });

  it('is nothing that programs said with --no-exec', async () => {
    expect(await compilerCalls('--no-exec')).toBe('');
    // What completion offers comes from the tree alone.
    const names = readdirSync(join(example, 'cache/kconfig-trim'));
    expect(names.filter((name) => !/^names-of-(symbols|modules)-\w+[.]bin$/.test(name))).toEqual([]);
  });
});

describe('files outside the tree', () => {
  it('are read where the tree names them, and nowhere else', async () => {
    writeFileSync(join(example, 'outside'), 'config OUTSIDE\n\tdef_bool y\n');
    const values = async (): Promise<string> =>
      (await run(['conf', 'alldefconfig', '-C', tree, '--no-exec', '-o', '-'])).stdout;
    expect(await values()).not.toContain('CONFIG_OUTSIDE');
    writeFileSync(join(tree, 'fs/Kconfig'), 'source "../outside"\n');
    expect(await values()).toContain('CONFIG_OUTSIDE=y\n');
  });

  it('that the environment names are read where the tree asks for the variable', async () => {
    writeFileSync(join(example, 'outside'), 'config OUTSIDE\n\tdef_bool y\n');
    const env = { KBUILD_EXTRA: join(example, 'outside') };
    const values = async (): Promise<string> =>
      (await run(['conf', 'alldefconfig', '-C', tree, '--no-exec', '-o', '-'], { env })).stdout;
    expect(await values()).not.toContain('CONFIG_OUTSIDE');
  });
});

describe('what is no plain file', () => {
  const said = (path: string): Promise<Run> => {
    writeFileSync(join(tree, 'fs/Kconfig'), `source "${path}"\n`);
    return run(['conf', 'alldefconfig', '-C', tree, '--no-exec', '-o', '-']);
  };

  it.each([
    ['a directory', 'net', 'it is a directory'],
    ['a device without end', '/dev/zero', 'it is no plain file'],
    ['a terminal', '/dev/tty', 'it is no plain file'],
    ['a pipe that nobody writes to', 'pipe', 'it is no plain file'],
    ['a link to itself', 'loop', 'symbolic links in a circle'],
  ])('%s is not sourced', async (_, path, reason) => {
    if (path === 'pipe') spawnSync('mkfifo', [join(tree, 'pipe')]);
    if (path === 'loop') symlinkSync('loop', join(tree, 'loop'));
    const { status, stderr } = await said(path);
    expect(status).toBe(2);
    expect(stderr).toBe(
      `fs/Kconfig:1:1: error: can't open file "${path}": ${reason}\n1 | source "${path}"\n  | ^\n  included from Kconfig:14\n`,
    );
  });

  it.each(['drivers/Makefile', 'Makefile', 'Kconfig'])('in the place of %s ends a run in order', async (name) => {
    spawnSync('rm', [join(tree, name)]);
    spawnSync('mkfifo', [join(tree, name)]);
    const { status, stderr } = await trim(['--no-exec', '--dry-run']);
    expect(status === 2 || status === 0).toBe(true);
    expect(stderr).not.toMatch(/internal error|\n {4}at /);
  });

  it('a listing or config without end is refused', async () => {
    expect((await trim(['-l', '/dev/zero', '--dry-run'])).stderr).toMatch(
      /^kconfig-trim: error: \/dev\/zero: cannot be read: it is a device or a socket, no file/,
    );
    expect((await trim(['-l', tree, '--dry-run'])).stderr).toContain('cannot be read');
  });

  it('directories that link to themselves end', async () => {
    mkdirSync(join(tree, 'fs/loop'));
    for (const name of ['a', 'b']) symlinkSync('.', join(tree, 'fs/loop', name));
    writeFileSync(join(tree, 'fs/loop/Makefile'), 'obj-y += a/ b/ x.o\n');
    writeFileSync(
      join(tree, 'fs/Makefile'),
      `obj-y += loop/\nX := $(wildcard $(srctree)/fs/loop/${'*/'.repeat(30)}*)\n`,
    );
    const { status, stderr } = await trim(['--no-exec', '--dry-run']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/error: /);
    expect(stderr).not.toMatch(/internal error/);
  });
});

describe('a terminal', () => {
  const ESCAPES = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';
  const UTF8 = Buffer.from(ESCAPES).toString('latin1');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
  const DRIVING = /[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80\xae/;

  it.each<[string, () => Promise<Run>]>([
    [
      'a broken Kconfig file',
      () => {
        writeFileSync(join(tree, 'fs/Kconfig'), `config A ${UTF8}\n`, 'latin1');
        return trim(['--dry-run']);
      },
    ],
    [
      'what a Kconfig file prints',
      () => {
        writeFileSync(join(tree, 'fs/Kconfig'), `$(info,${UTF8})\n$(warning-if,y,${UTF8})\n`, 'latin1');
        return trim(['--dry-run']);
      },
    ],
    [
      'a listing',
      () => {
        writeFileSync(join(example, 'lsmod'), 'ext4 1 0\n\xc2\x9b31m\xe2\x80\xae x\nvfat 1 0\n', 'latin1');
        return trim(['-l', join(example, 'lsmod'), '--dry-run']);
      },
    ],
    [
      'values and comments of a config',
      () => {
        const config = readFileSync(join(example, 'config'), 'latin1');
        writeFileSync(
          join(example, 'evil'),
          `${config.replace('distro/certs', UTF8)}CONFIG_LOCALVERSION=${UTF8}\n`,
          'latin1',
        );
        const evil = ['-c', join(example, 'evil'), '-l', join(example, 'lsmod.txt')];
        return run(['-C', tree, ...evil, '--dry-run', '-v']);
      },
    ],
    [
      'prompts',
      () => {
        writeFileSync(join(tree, 'fs/Kconfig'), `config TRAP\n\tbool "${UTF8}"\n`, 'latin1');
        return run(['why', 'TRAP', '-C', tree, '-c', join(example, 'config'), '--no-exec']);
      },
    ],
    ['names of files and directories', () => run(['-C', `${example}/${ESCAPES.replace('\u202e', '')}`])],
    [
      'versions in a Makefile',
      () => {
        const makefile = join(tree, 'Makefile');
        writeFileSync(makefile, readFileSync(makefile, 'latin1').replace('-example', `-${UTF8}`), 'latin1');
        return trim(['--dry-run', '--no-exec']);
      },
    ],
    [
      'names in JSON',
      () => {
        const makefile = join(tree, 'Makefile');
        writeFileSync(makefile, readFileSync(makefile, 'latin1').replace('-example', `-${UTF8}`), 'latin1');
        return trim(['--dry-run', '--no-exec', '--json']);
      },
    ],
  ])('is not driven by %s', async (_, start) => {
    const { stdout, stderr } = await start();
    expect(stdout + stderr).not.toBe('');
    expect(stdout).not.toMatch(DRIVING);
    expect(stderr).not.toMatch(DRIVING);
  });
});
