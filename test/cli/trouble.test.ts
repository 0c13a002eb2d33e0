import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { baseConfigCandidates } from '../../src/machine/base-config.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { recordText } from '../helpers/record-text.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { copyExample, PROGRAM, type Run, run, unbroken } from './run.ts';
import { snapshot } from './unchanged.ts';

/** Ordinary trouble: each has a message of its own with its remedy, an exit status, and changes no file. */
let example: string;
let tree: string;
let config: string;
let lsmod: string;

beforeAll(() => {
  example = copyExample();
  tree = join(example, 'tree');
  config = readFileSync(join(example, 'config'), 'latin1');
  lsmod = readFileSync(join(example, 'lsmod.txt'), 'latin1');
});
/** Files that one case made are none of the next one's. */
beforeEach(() => rmSync(join(example, 'given'), { recursive: true, force: true }));

const given = (name: string, content: string | Uint8Array): string => {
  mkdirSync(join(example, 'given'), { recursive: true });
  writeFileSync(join(example, 'given', name), content, 'latin1');
  return join(example, 'given', name);
};

interface Arguments {
  readonly tree?: string;
  readonly config?: string;
  readonly lsmod?: string;
  readonly more?: readonly string[];
  readonly env?: Record<string, string>;
}

const trim = (args: Arguments): Promise<Run> => {
  const named = ['-C', args.tree ?? tree, '-c', args.config ?? join(example, 'config')];
  return run([...named, '-l', args.lsmod ?? join(example, 'lsmod.txt'), ...(args.more ?? [])], { env: args.env ?? {} });
};

/** A run that cannot be done: status 2, just this on standard error, nothing on standard output, no file changed. */
const refused = async (args: Arguments): Promise<string> => {
  const before = snapshot(example);
  const { status, stdout, stderr } = await trim(args);
  expect(snapshot(example)).toEqual(before);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  return stderr;
};

/** What is worth a word, but no obstacle: status 0; with `--dry-run` no file changes. */
const told = async (args: Arguments): Promise<Run> => {
  const before = snapshot(example);
  const done = await trim({ ...args, more: ['--dry-run', ...(args.more ?? [])] });
  expect(snapshot(example)).toEqual(before);
  expect(done.status).toBe(0);
  return done;
};

describe('not a kernel tree', () => {
  it.each([
    ['nothing there', 'none', 'the directory'],
    ['an empty directory', 'empty', 'Makefile'],
    ['a Makefile of something else', 'other', 'VERSION or PATCHLEVEL in Makefile'],
  ])('%s', async (_, name, missing) => {
    const directory = join(example, 'given', name);
    given('unused', '');
    if (name !== 'none') mkdirSync(directory);
    if (name === 'other') writeFileSync(join(directory, 'Makefile'), 'all:\n\ttrue\n');
    expect(await refused({ tree: directory })).toBe(
      `kconfig-trim: error: ${directory} is not a kernel source tree: ${missing} is missing. ` +
        'Go to one, or name it with --tree DIR\n',
    );
  });
});

describe('a directory within a kernel tree', () => {
  it('is told from none, and its top is named', async () => {
    const directory = join(tree, 'drivers');
    const message = await refused({ tree: directory });
    expect(message).toContain(`${directory} is not a kernel source tree: `);
    expect(message).toContain(`Its top is ${tree}: go there, or use --tree\n`);
  });
});

describe('a file for a kernel tree', () => {
  it('is called what it is', async () => {
    const file = given('unused', '');
    expect(await refused({ tree: file })).toBe(
      `kconfig-trim: error: ${file} is no directory, so it is no kernel source tree. ` +
        'Go to one, or name it with --tree DIR\n',
    );
  });

  it('is called what it is for a build directory, too', async () => {
    const file = given('unused', '');
    expect(await refused({ more: ['-O', file] })).toBe(
      `kconfig-trim: error: ${file} is no directory: name the build directory with --objtree (KBUILD_OUTPUT)\n`,
    );
  });
});

describe('tree and config of different versions', () => {
  it('says what that means, and how to see the new symbols', async () => {
    const other = given('config', `${config.replace('6.12.0-example', '5.10.9')}CONFIG_GONE=y\nCONFIG_GONE_TOO=m\n`);
    expect(unbroken((await told({ config: other })).stdout)).toContain(
      'note: the base config is of 5.10.9, the tree of 6.12.0-example: symbols that it does not have take their ' +
        'defaults; 2 symbols that it sets are not in this tree and are dropped. ' +
        `See the new ones with: kconfig-trim conf listnewconfig -C ${tree} --arch x86 -c ${other}\n`,
    );
    expect(JSON.parse((await told({ config: other, more: ['--json'] })).stdout)).toMatchObject({
      warnings: [expect.stringMatching(/^the base config is of 5\.10\.9, the tree of 6\.12\.0-example: /)],
    });
  });

  it('says nothing where they are the same', async () => {
    expect((await told({})).stdout).not.toContain('the base config is of');
  });
});

describe('no config found', () => {
  const outside = (directory: string): string[] => {
    const fs = new NodeFileSystem();
    return baseConfigCandidates({ fs, objtree: directory, env: {} }).filter((path) => fs.stat(path)?.isFile);
  };

  /** In a mount namespace where the configs of this machine are not to be seen. */
  const runWithout = (paths: readonly string[]): Run => {
    const hide = paths.map((path) => `mount --bind /dev/null ${path}`).join(' && ');
    const program = `${process.execPath} ${PROGRAM} -C ${tree} -l ${example}/lsmod.txt`;
    const isRoot = process.getuid?.() === 0;
    const args = [isRoot ? '-m' : '-Urm', 'sh', '-c', `{ ${hide}; } || exit 99; exec ${program}`];
    const env = { PATH: process.env['PATH'] ?? '', ARCH: 'x86' };
    return spawnSync('unshare', args, { encoding: 'latin1', env });
  };

  it('lists where it looked, and how to name one', async ({ skip }) => {
    const before = snapshot(example);
    const found = outside(tree);
    const lsmodFile = join(example, 'lsmod.txt');
    const done = found.length === 0 ? await run(['-C', tree, '-l', lsmodFile]) : runWithout(found);
    const cannotHide = found.length > 0 && done.status !== 2;
    if (cannotHide && !process.env['CI']) skip(`this machine has ${found.join(', ')}, and it cannot be hidden`);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    const [first, ...lines] = done.stderr.trimEnd().split('\n');
    expect(first).toBe('kconfig-trim: error: no config to start from. Looked at:');
    expect(lines.pop()).toBe('Give one with --config FILE, or make one with make defconfig.');
    const candidates = baseConfigCandidates({ fs: new NodeFileSystem(), objtree: tree, env: {} });
    expect(lines).toEqual(candidates.map((path) => `  ${path} (${found.includes(path) ? 'not-a-file' : 'missing'})`));
    expect(candidates.length).toBeGreaterThan(4);
    expect(snapshot(example)).toEqual(before);
  });

  it('one in a circle of links, each file as it was named', async () => {
    symlinkSync('loop', join(example, 'loop'));
    const circle = 'cannot be read: symbolic links in a circle';
    for (const [words, message] of [
      ['-c loop', `loop: ${circle}; name a kernel config`],
      ['-c none', 'none: cannot be read: there is no such file; name a kernel config'],
      ['-c config -l loop', `loop: ${circle}; take a listing`],
      ['-c config -l lsmod.txt --fragment loop', `--fragment loop: ${circle}`],
    ] as const) {
      const done = await run(['-C', 'tree', '--no-exec', ...words.split(' ')], { cwd: example });
      expect(done).toMatchObject({ status: 2, stdout: '' });
      expect(done.stderr).toContain(`kconfig-trim: error: ${message}`);
    }
  });

  it('one that is named but not there, or cannot be read', async () => {
    const none = join(example, 'none');
    const rest = 'name a kernel config: .config, /boot/config-*\n';
    expect(await refused({ config: none })).toBe(
      `kconfig-trim: error: ${none}: cannot be read: there is no such file; ${rest}`,
    );
    expect(await refused({ config: tree })).toBe(
      `kconfig-trim: error: ${tree}: cannot be read: it is a directory; ${rest}`,
    );
  });

  it.each([
    ['an empty file', ''],
    ['some other text', '# Notes\nThis is not a config.\n'],
  ])('%s', async (_, text) => {
    const path = given('config', text);
    expect(await refused({ config: path })).toBe(
      `kconfig-trim: error: ${path}: not a config: no line sets a symbol (CONFIG_NAME=value); name one with --config FILE\n`,
    );
  });

  it('a listing, which has an option of its own', async () => {
    for (const text of ['Module                  Size  Used by\next4 819200 1\n', recordText('module ext4 1')]) {
      const path = given('config', text);
      expect(await refused({ config: path })).toBe(
        `kconfig-trim: error: ${path}: not a config but a listing of loaded modules; name it with --lsmod FILE (-l)\n`,
      );
    }
  });

  it.each([
    ['estimate', (path: string) => ['estimate', path]],
    ['estimate', (path: string) => ['estimate', join(example, 'config'), path]],
    ['objects', (path: string) => ['objects', '-c', path]],
    ['map', (path: string) => ['map', '-c', path]],
  ])('a listing, for %s, which has no such option', async (name, words) => {
    const path = given('config', 'Module                  Size  Used by\next4 819200 1\n');
    const { status, stdout, stderr } = await run([...words(path), '-C', join(example, 'tree'), '--no-exec']);
    expect({ status, stdout, stderr }).toEqual({
      status: 2,
      stdout: '',
      stderr:
        `kconfig-trim: error: ${path}: not a config but a listing of loaded modules; ${name} takes none: ` +
        'trim a config by it (kconfig-trim --lsmod FILE -o NEW), and name that one\n',
    });
  });
});

describe('a record of another architecture', () => {
  const record = (machine: string): string =>
    given('record', recordText(`kernel 6.12.1-test ${machine}`, 'module ext4 1', 'source links 1'));

  it.each([
    ['aarch64', 'arm64'],
    ['ppc64le', 'powerpc'],
  ])('%s', async (machine, architecture) => {
    const path = record(machine);
    expect(await refused({ lsmod: path })).toBe(
      `kconfig-trim: error: ${path}: a record of ${machine}, and this run is for x86. Say --arch ${architecture}, or name a record of a machine for x86; --force takes it as it is\n`,
    );
    for (const command of ['rehearse', 'check', 'why ext4']) {
      const done = await run([...command.split(' '), '-C', tree, '-c', join(example, 'config'), '-l', path]);
      expect([done.status, unbroken(done.stderr)]).toEqual([2, expect.stringContaining(`a record of ${machine}`)]);
    }
  });

  it('is taken with --force, as is one of this architecture', async () => {
    expect((await trim({ lsmod: record('aarch64'), more: ['--force', '--dry-run'] })).status).not.toBe(2);
    for (const machine of ['x86_64', 'i686']) {
      expect((await trim({ lsmod: record(machine), more: ['--dry-run'] })).stderr).not.toContain('this run is for');
    }
  });
});

describe('a device', () => {
  const device = '/dev/zero: cannot be read: it is a device or a socket, no file';

  it.each([
    ['a config', ['--config', '/dev/zero']],
    ['a listing', ['--lsmod', '/dev/zero']],
    ['a fragment', ['check', '--fragment', '/dev/zero']],
    ['a config of before', ['check', '--against', '/dev/zero']],
    ['a config for conf', ['conf', 'olddefconfig', '--config', '/dev/zero', '-o', '-']],
    ['a config to estimate', ['estimate', '/dev/zero']],
  ])('is no %s', async (name, words) => {
    const own = name === 'a listing' || words[0] === 'check' ? ['--config', join(example, 'config')] : [];
    const { status, stdout, stderr } = await run([...words, '-C', tree, '--no-exec', ...own]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(device);
    expect(stderr).not.toContain('near it');
  });

  it('is no listing that LSMOD names', async () => {
    const words = ['-C', tree, '--no-exec', '--config', join(example, 'config')];
    expect(await run(words, { env: { LSMOD: '/dev/zero' } })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(device),
    });
  });
});

describe('a variable is named where it gave', () => {
  it.each([
    ['that there is none of', () => join(example, 'gone'), '/gone: cannot be read: there is no'],
    ['that is empty', () => given('none', ''), ': no module is loaded by this listing'],
    [
      'that is none',
      () => given('notes', 'These are\nsome notes.\n'),
      ':1: error: LSMOD: this is no listing of modules',
    ],
  ])('a listing %s', async (_, path, said) => {
    for (const command of ['trim', 'check', 'rehearse', 'why']) {
      const name = command === 'why' ? ['HERON'] : [];
      const words = [command, ...name, '-C', tree, '--no-exec', '-c', join(example, 'config')];
      const { status, stderr } = await run(words, { env: { LSMOD: path() } });
      expect(status).toBe(2);
      expect(stderr).toContain(said);
      expect(stderr).toContain('error: LSMOD: ');
    }
  });

  it('an option has no variable named', async () => {
    const lsmod = join(example, 'gone');
    expect(await refused({ lsmod, env: { LSMOD: '/other' } })).toContain(
      `kconfig-trim: error: ${lsmod}: cannot be read`,
    );
  });

  it('a word to keep', async () => {
    const env = { LMC_KEEP: 'neither:nap KVM' };
    const unknown = 'no symbol, module or Kconfig directory of this tree';
    const { status, stdout } = await trim({ env, more: ['--keep', 'nap', '--dry-run'] });
    expect(status).toBe(1);
    expect(unbroken(stdout)).toContain(`warning: --keep nap: ${unknown}\nwarning: LMC_KEEP: neither: ${unknown}\n`);
    const words = ['-C', tree, '--no-exec', '-c', join(example, 'config'), '--keep', 'nap'];
    const checked = unbroken((await run(['check', ...words], { env })).stdout);
    expect(checked).toContain(`error: --keep nap: ${unknown}\n`);
    expect(checked).toContain(`error: LMC_KEEP: neither: ${unknown}\n`);
    expect(checked).not.toContain('LMC_KEEP: nap');
  });
});

describe('listings', () => {
  it('empty', async () => {
    for (const text of ['', '\n\n', 'Module                  Size  Used by\n']) {
      const path = given('lsmod', text);
      expect(await refused({ lsmod: path })).toBe(
        `kconfig-trim: error: ${path}: no module is loaded by this listing. That is right for a kernel with everything ` +
          'built in (WSL, Firecracker, a kernel without modules). Say what it needs with --keep, or give the names of ' +
          'what is built in: ls /sys/module > FILE. Of another machine take: lsmod > FILE\n',
      );
    }
  });

  it.each([
    ['a config', 'CONFIG_A=y\n', 1, 'a kernel .config; name it with --config'],
    ['a web page', '<!DOCTYPE html>\n<html><body>lsmod</body></html>\n', 1, 'a web page'],
    ['a program', '#!/bin/sh\nlsmod\n', 1, 'a script; listings are never executed'],
    ['a kernel log', '[    0.000000] Linux version 6.12.0\n[    0.1] x\n', 1, 'a kernel log'],
    ['some other text', 'Dear all,\nhere is what I have.\nRegards\n', 1, 'something else'],
  ])('%s', async (_, text, line, looksLike) => {
    const path = given('lsmod', text);
    expect(await refused({ lsmod: path })).toBe(
      `${path}:${line}: error: this is no listing of modules: it looks like ${looksLike}\n` +
        `${line} | ${text.split('\n')[line - 1]}\n`,
    );
  });

  it('cut: it says where, and how to take it again', async () => {
    const whole = 30;
    const lines = lsmod.split('\n').slice(0, whole);
    const path = given('lsmod', `${lines.join('\n')}\nsnd_hda_in`);
    const { stdout, stderr } = await told({ lsmod: path });
    const said = `${path}:31: warning: the listing breaks off here, so modules may be missing; take it again with: lsmod > FILE`;
    expect(stderr).toContain(said);
    expect(stdout).toContain('modules');
    expect(JSON.parse((await told({ lsmod: path, more: ['--json'] })).stdout)).toMatchObject({
      warnings: expect.arrayContaining([expect.stringContaining(said)]),
    });
  });

  it('none named, and none to be had on this machine', async ({ skip }) => {
    const modules = existsSync('/proc/modules') ? readFileSync('/proc/modules', 'latin1') : null;
    if (modules) skip('this machine has modules loaded');
    const before = snapshot(example);
    const { status, stdout, stderr } = await run(['-C', tree, '-c', join(example, 'config')]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      modules === null
        ? 'kconfig-trim: error: /proc/modules cannot be read: give the loaded modules with --lsmod FILE\n'
        : 'kconfig-trim: error: /proc/modules is empty: no modules are loaded here (a container?). ' +
            'Give those of another machine with --lsmod FILE\n',
    );
    expect(snapshot(example)).toEqual(before);
  });
});

describe('the compiler', () => {
  it('missing: what answers instead, and how to name one', async () => {
    const { stdout } = await told({ env: { CC: 'no-such-gcc' } });
    expect(unbroken(stdout)).toContain(
      'note: CC=no-such-gcc is not installed, so the toolchain for x86 cannot be asked; ' +
        'install it, or name yours with CC=PROGRAM or CROSS_COMPILE=PREFIX-\n' +
        'note: toolchain not asked (the compiler cannot be run): its answers are those that the base config records\n',
    );
  });

  it.each([
    ['./lib/Kconfig', 'is not executable'],
    ['./lib', 'is a directory'],
    ['./no-such-gcc', 'is not there'],
  ])('%s: %s', async (path, lack) => {
    const { stdout } = await told({ env: { CC: path } });
    expect(unbroken(stdout)).toContain(`note: CC=${path} ${lack}, so the toolchain for x86 cannot be asked`);
  });

  it('different from the one in the config', async () => {
    const path = given('config', `${config}CONFIG_CC_VERSION_TEXT="gcc (Distro) 4.2.1"\n`);
    // A compiler of known version, so that the text does not depend on this machine.
    const bin = temporaryFolder();
    writeFileSync(join(bin, 'gcc'), '#!/bin/sh\necho "gcc (Here) 12.2.0"\n', { mode: 0o755 });
    const { stdout } = await told({ config: path, env: { PATH: `${bin}:${process.env['PATH']}` } });
    expect(unbroken(stdout)).toContain(
      'note: compiler here: gcc (Here) 12.2.0; the config was made with: gcc (Distro) 4.2.1. Symbols that depend on ' +
        'the compiler follow the one here, as with make olddefconfig; CC=PROGRAM names another\n',
    );
  });
});

describe('a compiler for another architecture', () => {
  const WORDS =
    'gcc compiles for aarch64-linux-gnu, not for x86; name a cross compiler with CROSS_COMPILE=PREFIX-. make olddefconfig ' +
    'would ask this one, too: what it cannot do is off, with all that depends on it. --no-exec takes the answers that the ' +
    'base config records';

  /** A PATH with a compiler, as it speaks in English. */
  const compiler = (version: string, target: string): Record<string, string> => {
    const bin = temporaryFolder();
    const script = `case "$*" in *--version*) echo '${version}' ;; *-###*) test "$LC_ALL" = C && echo 'Target: ${target}' ;; esac`;
    writeFileSync(join(bin, 'gcc'), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return { PATH: `${bin}:${process.env['PATH']}` };
  };
  const other = (): Record<string, string> => compiler('gcc (Here) 12.2.0', 'aarch64-linux-gnu');
  const inTree = (): string[] => ['-C', tree, '-c', join(example, 'config')];
  const listed = (): string[] => ['-l', join(example, 'lsmod.txt')];

  it('is named by a trim, with what its answers mean', async () => {
    expect(unbroken((await told({ env: other() })).stdout)).toContain(`note: ${WORDS}\n`);
    const { warnings } = JSON.parse((await told({ env: other(), more: ['--json'] })).stdout);
    expect(warnings).toContain(WORDS);
  });

  it.each([
    ['conf olddefconfig', () => ['conf', 'olddefconfig', ...inTree(), '-o', '-'], `kconfig-trim: warning: ${WORDS}\n`],
    ['why', () => ['why', 'SND', ...inTree(), ...listed()], `kconfig-trim: warning: ${WORDS}\n`],
    ['estimate', () => ['estimate', ...inTree()], `note: ${WORDS}\n`],
    ['conf merge', () => ['conf', 'merge', '-C', tree, join(example, 'config'), '-o', '-'], `note: ${WORDS}\n`],
  ])('is named by %s', async (_, args, said) => {
    const { status, stdout, stderr } = await run(args(), { env: other() });
    expect(status, stderr).toBe(0);
    expect(unbroken(stdout + stderr)).toContain(said);
  });

  it('is none that fits, one that is not asked, or clang, which has a target for each', async () => {
    const fitting = compiler('gcc (Here) 12.2.0', 'x86_64-linux-gnu');
    const clang = compiler('Debian clang version 14.0.6', 'aarch64-unknown-linux-gnu');
    for (const args of [{ env: fitting }, { env: clang }, { env: other(), more: ['--no-exec'] }]) {
      expect((await told(args)).stdout).not.toContain('compiles for');
    }
  });
});

describe('architecture', () => {
  it('of the config is another one', async () => {
    const path = given('config', config.replace('Linux/x86', 'Linux/arm64'));
    expect(await refused({ config: path })).toBe(
      `${path}:3: error: the config is for arm64, this run for x86. Say --arch arm64, or name a config for x86 ` +
        'with --config FILE\n3 | # Linux/arm64 6.12.0-example Kernel Configuration\n',
    );
  });

  it('of the config is told by its symbols, where its head is gone', async () => {
    mkdirSync(join(tree, 'arch/arm64'), { recursive: true });
    writeFileSync(join(tree, 'arch/arm64/Kconfig'), 'config ARM64\n\tdef_bool y\n');
    const path = given('config', 'CONFIG_ARM64=y\nCONFIG_SND=m\n');
    const said = await refused({ config: path });
    rmSync(join(tree, 'arch/arm64'), { recursive: true });
    expect(said).toContain('the config is for arm64, this run for x86. Say --arch arm64');
  });

  it('is the same under its other names', async () => {
    const path = given('config', config.replace('Linux/x86', 'Linux/x86_64'));
    await told({ config: path });
  });

  it('is none that the tree has', async () => {
    expect(await refused({ more: ['--arch', 'vax'] })).toBe(
      "kconfig-trim: error: this tree has no architecture 'vax'. It has: x86\n",
    );
  });

  it.each(['amd64', 'X86', 'x68'])('is none, but meant is one that it has: %s', async (arch) => {
    expect(await refused({ more: ['--arch', arch] })).toContain(`'${arch}'; did you mean x86? It has: x86`);
  });
});

describe('modules from outside the tree', () => {
  it('certain by their taint marks', async () => {
    const { stdout } = await told({ lsmod: join(example, 'proc-modules.txt') });
    expect(stdout).toContain(
      '1 built outside the kernel tree: build it again for the new kernel,\n           as DKMS does:\n             nvidia\n',
    );
  });

  it('likely, where the listing does not tell', async () => {
    expect((await told({})).stdout).toContain(
      '1 not in this tree: from outside it (build it again), renamed or\n           removed:\n             nvidia\n',
    );
  });
});

describe('Node.js too old', () => {
  it('says which is needed', () => {
    const before = snapshot(example);
    const old = given('old.cjs', "Object.defineProperty(process.versions, 'node', { value: '18.18.2' });\n");
    const program = PROGRAM;
    const done = spawnSync(process.execPath, ['--require', old, program, '-C', tree], { encoding: 'utf8' });
    rmSync(join(example, 'given'), { recursive: true });
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toBe(
      'kconfig-trim needs Node.js 18.19 or newer; this is 18.18.2.\n' +
        'Distributions also package newer versions of Node.js; see https://nodejs.org/en/download\n',
    );
    expect([...snapshot(example)].filter(([path]) => path !== example)).toEqual(
      [...before].filter(([path]) => path !== example),
    );
  });
});
