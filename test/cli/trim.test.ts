import { execFileSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { copyExample, ended, inOneLine, PROGRAM, type Run, type RunOptions, run, runBuilt, unbroken } from './run.ts';

interface Report {
  readonly schema: string;
  readonly tree: { readonly version: string; readonly arch: string };
  readonly base: { readonly source: string; readonly modules: number; readonly objects: number };
  readonly result: { readonly modules: number; readonly written: string | null; readonly changed: boolean };
  readonly loaded: readonly { readonly name: string; readonly status: string; readonly path: string | null }[];
  readonly kept: readonly { readonly symbol: string; readonly reason: string; readonly for: readonly string[] }[];
  readonly lost: readonly unknown[];
  readonly features: readonly { readonly symbol: string; readonly from: string; readonly to: string }[];
  readonly estimate: { readonly savedFraction: number };
  readonly warnings: readonly string[];
}

let example: string;
let tree: string;

beforeEach(() => {
  example = copyExample();
  tree = join(example, 'tree');
});

/** A trim that may ask the toolchain. */
const trimAsking = (args: readonly string[], options: RunOptions = {}): Promise<Run> =>
  run(['--tree', tree, '--config', join(example, 'config'), '--lsmod', join(example, 'lsmod.txt'), ...args], options);

const trim = (args: readonly string[], options: RunOptions = {}): Promise<Run> =>
  trimAsking(['--no-exec', ...args], options);

const written = (): string => readFileSync(join(tree, '.config'), 'latin1');

describe('a trim', () => {
  it("says what conf says of the tree's Kconfig files, with a cache and without, and so does check", async () => {
    const file = join(tree, 'drivers/Kconfig');
    writeFileSync(file, `${readFileSync(file, 'latin1')}\nconfig ZZ_ODD\n\tbool "never closed\n`);
    const env = { XDG_CACHE_HOME: join(example, 'cache') };
    const warning = /^drivers\/Kconfig:\d+:warning: multi-line strings not supported$/m;
    for (const words of [[], [], ['--no-cache']]) {
      expect((await trim(['--dry-run', ...words], { env })).stderr).toMatch(warning);
    }
    expect((await trim(['--dry-run', '--quiet'], { env })).stderr).toBe('');
    const check = await run(['check', '-C', tree, '-c', join(example, 'config'), '--no-exec'], { env });
    expect(check.stderr).toMatch(warning);
  });

  it('writes .config, says what it did and what to type next', async () => {
    const { status, stdout } = await trim([]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^modules +68 -> +47 {3}31 % less$/m);
    expect(stdout).toContain('nvidia');
    expect(stdout).toContain('key file   MODULE_SIG_KEY: distro/certs/signing_key.pem is not there');
    const make = `make -C ${tree}`;
    expect(stdout).toMatch(new RegExp(`^next +${make} olddefconfig &&\\s+${make} -j\\d+$`, 'm'));
    expect(written()).toContain('CONFIG_SYSTEM_TRUSTED_KEYS=""\n');
  });

  it('keeps a module that is named by its file, as why and map name it', async () => {
    const words = ['zram.ko', 'drivers/block/zram/zram.ko', '/lib/modules/6.12.0/kernel/drivers/block/zram/zram.ko.xz'];
    const config = join(example, 'config');
    writeFileSync(config, `${readFileSync(config, 'latin1').replace('# CONFIG_ZRAM is not set', 'CONFIG_ZRAM=m')}`);
    writeFileSync(join(example, 'heron.txt'), 'heron\n');
    for (const word of ['zram', ...words]) {
      const out = join(example, 'out');
      const only = ['-C', tree, '-c', config, '-l', join(example, 'heron.txt'), '--no-exec', '-o', out];
      expect(await run(['trim', ...only, '--keep', word, '-q'])).toEqual({ status: 0, stdout: '', stderr: '' });
      expect(readFileSync(out, 'latin1')).toContain('CONFIG_ZRAM=m\n');
      const mapped = await run(['map', '-C', tree, '-c', config, '--no-exec', word]);
      expect(mapped).toMatchObject({
        status: 0,
        stderr: '',
        stdout: expect.stringMatching(/^zram\tdrivers\/block\/zram/),
      });
      const why = await run(['why', '-C', tree, '-c', config, '--no-exec', word]);
      expect(why).toMatchObject({ status: 0, stdout: expect.stringContaining('drivers/block/zram/zram.ko') });
    }
    expect((await run(['map', '-C', tree, '--no-exec', 'zrem.ko'])).stderr).toContain('called zrem.ko; near it: zram');
    expect((await trim(['--keep', 'CONFIG_ZRAM=m', '--dry-run', '-q'])).stderr).toContain('near it: ZRAM');
  });

  it('warns of a name to keep that is unknown, with names like it, and exits 1', async () => {
    const unknown = '--keep HERRON: no symbol, module or Kconfig directory of this tree; near it: ';
    const { status, stdout } = await trim(['--keep', 'HERRON', '--dry-run']);
    expect(status).toBe(1);
    expect(unbroken(stdout)).toMatch(new RegExp(`^warning: ${unknown}.*HERON`, 'm'));
    const quiet = await trim(['--keep', 'HERRON', '--dry-run', '-q']);
    expect(quiet).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining(`warning: ${unknown}`) });
    const { warnings } = JSON.parse((await trim(['--keep', 'HERRON', '--dry-run', '--json'])).stdout) as Report;
    expect(warnings).toContainEqual(expect.stringContaining(unknown));
  });

  it.each([
    ['of modules from elsewhere', 'nvidia\nvboxdrv\n', ['--force'], 'no loaded module: none is of this tree\n'],
    ['without modules', '', ['--force'], 'no loaded module: there is none\n'],
  ])('for a listing %s says so', async (_, listing, more, text) => {
    const path = join(example, 'other.txt');
    writeFileSync(path, listing);
    const given = ['--tree', tree, '--config', join(example, 'config'), '--lsmod', path];
    const { status, stdout } = await run([...given, '--dry-run', ...more]);
    expect({ status, stdout: unbroken(stdout) }).toEqual({
      status: 0,
      stdout: expect.stringContaining(`kept       ${text}`),
    });
  });

  it('says in --json whether a file was changed, and lists what --enable changed', async () => {
    const json = async (...args: string[]): Promise<Report & { readonly changed: readonly { symbol: string }[] }> =>
      JSON.parse((await trim([...args, '--json'])).stdout);
    expect((await json()).result).toMatchObject({ written: expect.stringContaining('.config'), changed: true });
    expect(await json()).toMatchObject({ result: { written: expect.anything(), changed: false }, changed: [] });
    expect((await json('--dry-run')).result).toMatchObject({ written: null, changed: false });
    const enabled = await json('--dry-run', '--enable');
    expect(enabled.result).toMatchObject({ written: null, changed: false });
    expect(enabled.changed.every(({ symbol }) => symbol !== 'ZRAM')).toBe(true);
    const printed = await trim(['-o', '-', '--json']);
    expect(JSON.parse(printed.stderr)).toMatchObject({ result: { written: null, changed: false } });
    expect((await trim(['-o', '-'])).stderr).toContain('written    standard output\n');
  });

  it('says each path and note once with -v', async () => {
    const text = inOneLine((await trim(['--dry-run', '-v'])).stdout);
    expect(text).toContain('zram: on with ZRAM=m, drivers/block/zram/zram 1 renamed');
    expect(text).toContain(
      'heron_gpio: now heron (drivers/net/ethernet/heron/heron), whose alias is heron_gpio, HERON 1',
    );
    expect(text).toContain('renamed or removed: nvidia key file');
    expect(text).toContain('FERRY_IPSEC keeps INET_ESP_OFFLOAD');
    expect(text).not.toContain('feature for');
  });

  it('says what make has to be given where the result is no .config of the tree', async () => {
    const output = join(example, 'my config');
    const { stdout, stderr } = await trim(['-o', output, '--arch', 'x86', '-O', example, '--no-exec']);
    expect(stderr).toBe('');
    const make = `make -C ${tree} O=${example} ARCH=x86 KCONFIG_CONFIG='${output}'`;
    expect(inOneLine(stdout)).toContain(`${make} olddefconfig && ${make} -j`);
    expect((await trim(['-O', tree, '--no-exec'], { cwd: tree })).stdout).toMatch(/^next +make O=\S+ olddefconfig /m);
  });

  it('says the variables that make would not take from its environment', async () => {
    const env = { CC: 'ccache gcc', LD: '', LLVM: '1', MAKEFLAGS: 'W=1' };
    const { stdout } = await trim(['-O', tree, '--no-exec'], { cwd: tree, env });
    expect(inOneLine(stdout)).toContain(`next make O=${tree} CC='ccache gcc' olddefconfig && `);
  });

  it('gives make a path with a $ in it as make reads it', async () => {
    const [objtree, output] = [join(example, 'build$dir'), join(example, 'do$$llar')];
    mkdirSync(objtree);
    const { stdout } = await trim(['-o', output, '-O', objtree, '--no-exec']);
    const words = `-C ${tree} O='${example}/build$$dir' KCONFIG_CONFIG='${example}/do$$$$llar'`;
    expect(inOneLine(stdout)).toContain(`make ${words} olddefconfig && make ${words} -j`);
    expect(existsSync(output)).toBe(true);
    const makefile = join(example, 'print');
    writeFileSync(makefile, "olddefconfig:\n\t@printf \"%s\\n\" '$(O)' '$(KCONFIG_CONFIG)'\n");
    const read = execFileSync('sh', ['-c', `make -f ${makefile} ${words} olddefconfig`], { cwd: example });
    expect(String(read)).toContain(`${objtree}\n${output}\n`);
  });

  it.each([
    ['CONFIG_HERON', true],
    ['CONFIG_HERON=', true],
    ['CONFIG_NAME="a', true],
    ['# CONFIG_HERON is n', true],
    ['CONFIG_HERON=m', false],
    ['CONFIG_NAME="a\\"b"', false],
    ['# CONFIG_HERON is not set', false],
    ['# a note', false],
  ])('warns of a base config that ends with %s: %s', async (last, isCut) => {
    const config = join(example, 'config');
    writeFileSync(config, readFileSync(config, 'latin1') + last);
    const { status, stdout } = await trim(['--dry-run', '--no-exec']);
    expect(status).toBe(0);
    expect(stdout.includes('breaks off in line')).toBe(isCut);
  });

  it.each([
    ['CONFIG_HERON=m', true],
    ['# CONFIG_HERON is not set', true],
    ['# a note', false],
    ['', false],
  ])('warns of a base config that begins with a byte order mark and %j: %s', async (first, isLost) => {
    const config = join(example, 'config');
    writeFileSync(config, `\u00ef\u00bb\u00bf${first}\n${readFileSync(config, 'latin1')}`, 'latin1');
    const { status, stdout } = await trim(['--dry-run', '--no-exec']);
    expect(status).toBe(0);
    const said = `${config}:1: the file begins with a byte order mark, so that conf passes over this line: ${first}`;
    expect(inOneLine(stdout).includes(said)).toBe(isLost);
  });

  it('turns settings off that only cost build time, and says so', async () => {
    const { status, stdout } = await trim(['--fast']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^settings +1 setting that only costs build time went, saving .* of CPU time:$/m);
    expect(stdout).toContain('MODULE_SIG');
    expect(written()).toContain('# CONFIG_MODULE_SIG is not set\n');
    const kept = await trim(['--fast', '--keep', 'MODULE_SIG', '--json']);
    expect(kept.status).toBe(0);
    expect(JSON.parse(kept.stdout)).toMatchObject({ settings: [] });
    const off = JSON.parse((await trim(['--json', '--fast'])).stdout) as { settings: unknown[] };
    expect(off.settings).toContainEqual({ symbol: 'MODULE_SIG', from: 'y', to: 'n', because: 'costs build time only' });
    expect((await trim(['--no-debug-info', '--dry-run'])).status).toBe(0);
  });

  it('turns built-ins off that nothing uses, and says so', async () => {
    const { status, stdout } = await trim(['--deep', '--json']);
    expect(status).toBe(0);
    const report = JSON.parse(stdout) as {
      deep: { symbol: string; units: number; cpuSeconds: number }[];
      held: unknown[];
    };
    expect(report.deep.every(({ units, cpuSeconds }) => units === 0 || cpuSeconds > 0)).toBe(true);
    expect(report.held).toBeInstanceOf(Array);
    const text = await trim(['--deep=bold']);
    expect(text.stdout).toMatch(/^deep +/m);
    expect(text.stdout).toContain('a record of the machine would allow more');
    expect((await trim(['--json'])).stdout).toContain('"deep": [],');
  });

  it('needs no listing for a deep trim of a base without modules where names say what stays', async () => {
    const config = join(example, 'config');
    writeFileSync(config, readFileSync(config, 'latin1').replaceAll('=m\n', '=y\n'));
    const words = ['--tree', tree, '--config', config, '--no-exec', '--deep', '--dry-run'];
    const { status, stdout } = await run([...words, '--keep', 'HERON']);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^loaded +no listing: the base sets no modules, and names say what stays$/m);
    expect(inOneLine(stdout)).toContain('what is not named or needed counts as unused');
    const listed = await run([...words, '--keep', 'HERON', '--lsmod', join(example, 'lsmod.txt')]);
    expect(listed.stdout).toMatch(/^loaded +\S+lsmod\.txt/m);
    expect(inOneLine(listed.stdout)).toContain('a record of the machine would allow more');
  });

  it('prints JSON of the promised form', async () => {
    const { status, stdout } = await trim(['--json']);
    const report = JSON.parse(stdout) as Report;
    expect(status).toBe(0);
    expect(report.schema).toBe('kconfig-trim/trim-1');
    expect(report.tree).toEqual({ version: '6.12.0-example', arch: 'x86' });
    expect(report.base.modules).toBe(68);
    expect(report.result).toMatchObject({ modules: 47, written: join(tree, '.config'), changed: true });
    expect(report.lost).toEqual([]);
    expect(report.estimate.savedFraction).toBeGreaterThan(0);
    const status_ = Object.fromEntries(report.loaded.map(({ name, status: each }) => [name, each]));
    expect(status_).toMatchObject({
      ferry: 'kept',
      virtio_blk: 'builtin',
      zram: 'off',
      heron_gpio: 'renamed',
      nvidia: 'unknown',
    });
    expect(report.kept.find(({ symbol }) => symbol === 'INET_ESP_OFFLOAD')).toMatchObject({
      reason: 'feature',
      for: ['FERRY_IPSEC'],
    });
  });

  it('says in its notes what is odd in a fragment, and counts values that do not hold', async () => {
    const part = join(example, 'part.config');
    writeFileSync(part, 'CONFIG_VLAN_8021Q=perhaps\nindeed nonsense\n');
    const { stdout } = await trim(['--fragment', part, '--dry-run', '-v']);
    expect(unbroken(stdout)).toContain(`note: ${part}:2: unexpected data: indeed nonsense\n`);
    expect(stdout).toMatch(/^set {8}0 of 1 value that was asked for holds$/m);
  });

  it('makes the same config in a build directory, and leaves the tree alone', async () => {
    const out = join(example, 'out');
    mkdirSync(out);
    expect((await trimAsking(['-O', out])).status).toBe(0);
    expect(existsSync(join(tree, '.config'))).toBe(false);
    await trimAsking([]);
    expect(readFileSync(join(out, '.config'), 'latin1')).toBe(written());
  });

  it.each([
    ['of now', '# source tree is not clean\n'],
    ['up to 5.1', "# echo '  $(srctree) is not clean, please run make mrproper'\n"],
  ])('says that make would refuse the tree for another build directory, in the Makefile %s', async (_, makefile) => {
    appendFileSync(join(tree, 'Makefile'), makefile);
    mkdirSync(join(example, 'out'));
    const said = 'so make O= will stop; run make mrproper there, which deletes its .config, too';
    const report = async (words: readonly string[], options: RunOptions = {}): Promise<string> => {
      const { status, stdout } = await trim(words, options);
      expect(status).toBe(0);
      return inOneLine(stdout);
    };
    const out = join(example, 'out');
    expect(await report(['-O', out])).not.toContain(said);
    mkdirSync(join(tree, 'include/config'));
    expect(await report(['-O', out])).toContain(`note: the source tree is not clean (include/config), ${said}`);
    // Who looks at the line to type next sees it as well.
    expect(await report(['-O', out])).toContain(
      `next make stops until the source tree is clean; then make -C ${tree} O=`,
    );
    expect(await report(['-O', tree])).not.toContain(said);
    expect(await report(['-O', tree])).toContain(`next make -C ${tree} O=`);
    // The config that is written there counts, too.
    expect(await report(['-O', out, '-o', join(tree, '.config')])).toContain(
      `the source tree is not clean (.config), ${said}`,
    );
    expect(await report(['--dry-run'], { env: { KBUILD_OUTPUT: out } })).toContain(said);
    const { stdout } = await trim(['-O', out, '--json']);
    expect((JSON.parse(stdout) as Report).warnings).toContainEqual(expect.stringContaining(said));
  });

  it('keeps the old file, and leaves a file that stays the same untouched', async () => {
    writeFileSync(join(tree, '.config'), readFileSync(join(example, 'config')));
    const first = await run(['--tree', tree, '--lsmod', join(example, 'lsmod.txt')]);
    expect(first.status).toBe(0);
    expect(readFileSync(join(tree, '.config.old'))).toEqual(readFileSync(join(example, 'config')));
    const { mtimeMs } = statSync(join(tree, '.config'));
    const second = await run(['--tree', tree, '--lsmod', join(example, 'lsmod.txt')]);
    expect(second.stdout).toContain('it was the same already');
    expect(statSync(join(tree, '.config')).mtimeMs).toBe(mtimeMs);
  });

  it('names no next step where make could not read what was written', async () => {
    const { status, stdout } = await trim(['-o', '/dev/null']);
    expect(status).toBe(0);
    expect(stdout).toContain('written    /dev/null');
    expect(stdout).not.toContain('next ');
  });

  it('writes nothing with --dry-run', async () => {
    expect((await trim(['--dry-run'])).status).toBe(0);
    expect(existsSync(join(tree, '.config'))).toBe(false);
  });

  it('puts the config on standard output and the report elsewhere with -o -', async () => {
    const { stdout, stderr } = await trim(['-o', '-']);
    expect(stdout.startsWith('#\n# Automatically generated file; DO NOT EDIT.\n')).toBe(true);
    expect(stderr).toContain('modules');
    expect(existsSync(join(tree, '.config'))).toBe(false);
  });

  it('prints the difference as scripts/diffconfig does', async () => {
    const { stdout } = await trim(['--diff', '--dry-run']);
    const lines = stdout.trimEnd().split('\n');
    expect(lines).toContain(' KVM m -> n');
    expect(lines).toContain('-KVM_SMM y');
    expect(lines.every((line) => /^(-\w+ .*|\+\w+ .*| \w+ .* -> .*)$/.test(line))).toBe(true);
  });

  it('reads a listing from standard input, unites several, and gives the same bytes in any order', async () => {
    await trim([]);
    const expected = written();
    const lines = readFileSync(join(example, 'lsmod.txt'), 'latin1').trimEnd().split('\n');
    const [half, rest] = [lines.slice(0, 20), lines.slice(20)];
    writeFileSync(join(example, 'rest.txt'), `${rest.reverse().join('\n')}\n`);
    const { status } = await runBuilt(
      [
        '--tree',
        tree,
        '-c',
        join(example, 'config'),
        '-l',
        join(example, 'rest.txt'),
        '-l',
        '-',
        '-o',
        join(example, 'out'),
      ],
      { input: `${half.reverse().join('\n')}\n` },
    );
    expect(status).toBe(0);
    expect(readFileSync(join(example, 'out'), 'latin1')).toBe(expected);
  });

  it('reads a packed config, and one from standard input', async () => {
    await trim([]);
    const expected = written();
    const config = readFileSync(join(example, 'config'));
    writeFileSync(join(example, 'config.gz'), gzipSync(config));
    for (const [name, input] of [
      [join(example, 'config.gz'), ''],
      ['-', config.toString('latin1')],
    ] as const) {
      const { stdout } = await runBuilt(['--tree', tree, '-c', name, '-l', join(example, 'lsmod.txt'), '-o', '-'], {
        input,
      });
      expect(stdout).toBe(expected);
    }
  });

  it('is the same when no program may be run', async () => {
    const asked = await trimAsking([]);
    expect(asked.status).toBe(0);
    expect(asked.stdout).not.toContain('toolchain not asked');
    const expected = written();
    writeFileSync(join(tree, '.config'), '');
    const { status, stdout } = await trim([]);
    expect(status).toBe(0);
    expect(stdout).toContain('toolchain not asked (--no-exec)');
    expect(written()).toBe(expected);
  });

  it('gives features up with --lean and keeps what --keep names', async () => {
    await trim(['--lean']);
    expect(written()).not.toContain('CONFIG_INET_ESP_OFFLOAD=m');
    const done = await trim(['--lean', '--keep', 'KVM:ZRAM', '--keep', 'net/xfrm', '--keep', 'ferry', '--keep', 'KVM']);
    expect(done.status).toBe(0);
    expect(done.stdout).toMatch(
      /^--keep {5}KVM, net\/xfrm \(\d+ symbols\), ferry\n {13}off in the base config \(--set turns it on\): ZRAM$/m,
    );
    expect(written()).toContain('CONFIG_KVM=m\n');
    expect(written()).toContain('CONFIG_XFRM_USER=m\n');
    const { status, stdout } = await trim(['--keep', 'no/such/thing']);
    expect(status).toBe(1);
    expect(stdout).toContain('--keep no/such/thing');
  });

  it('turns modules on with --enable and into the kernel with --builtin', async () => {
    await trim(['--enable']);
    expect(written()).toMatch(/^CONFIG_ZRAM=m$/m);
    const { status } = await trim(['--builtin']);
    expect(status).toBe(0);
    expect(written()).toMatch(/^CONFIG_SND=y$/m);
  });

  it('never executes a listing, whatever its mode says', async () => {
    const listing = join(example, 'listing.sh');
    writeFileSync(listing, `#!/bin/sh\ntouch ${join(example, 'executed')}\n`);
    chmodSync(listing, 0o755);
    const { status, stderr } = await run(['--tree', tree, '-c', join(example, 'config'), '-l', listing]);
    expect(status).toBe(2);
    expect(stderr).toContain('a script; listings are never executed');
    expect(existsSync(join(example, 'executed'))).toBe(false);
  });
});

describe('exit codes and messages', () => {
  const unchanged = (result: Run, ...texts: string[]): void => {
    expect(result.status).toBe(2);
    for (const text of texts) expect(result.stderr).toContain(text);
    expect(result.stderr).not.toMatch(/\n {4}at /);
    expect(existsSync(join(tree, '.config'))).toBe(false);
  };

  it('1 for unmapped modules with --strict, which is said wherever it is 1', async () => {
    const names = 'heron_gpio (renamed), nvidia (unknown), zram (off)';
    const said = `warning: --strict: 3 loaded modules that the result does not build: ${names}`;
    const given = ['--strict', '--dry-run'];
    const { status, stdout } = await trim(given);
    expect([status, inOneLine(stdout)]).toEqual([1, expect.stringContaining(said)]);
    for (const how of ['-q', '--diff']) {
      const { status: quietly, stderr } = await trim([...given, how]);
      expect([quietly, stderr]).toEqual([1, `kconfig-trim: ${said}\n`]);
    }
    const { stderr: lost } = await trim([...given, '-q', '--unset', 'SND']);
    expect(lost).toContain('--strict: 9 loaded modules that the result does not build');
    const { warnings } = JSON.parse((await trim([...given, '--json'])).stdout) as Report;
    expect(warnings.filter((text) => text.startsWith('--strict: '))).toHaveLength(1);
    const without = await trim(['--dry-run', '-q']);
    expect(without).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  it('1 for a word of --keep that is unknown, which --diff and rehearse -q say as well', async () => {
    const config = ['-C', tree, '-c', join(example, 'config'), '-l', join(example, 'lsmod.txt'), '--no-exec'];
    for (const words of [
      ['trim', '--diff', '--dry-run'],
      ['rehearse', '-q'],
    ]) {
      const { status, stderr } = await run([...words, ...config, '--keep', 'NOPE']);
      expect([status, stderr]).toEqual([1, expect.stringContaining('warning: --keep NOPE: no symbol')]);
    }
  });

  it('2 for a file that is larger than a limit, and no word of a full disk', async () => {
    const file = join(example, 'out');
    const words = [PROGRAM, '-C', tree, '-c', join(example, 'config'), '-l', join(example, 'lsmod.txt'), '--no-exec'];
    const shell = ['sh', '-c', 'ulimit -f 1; exec "$@"', 'sh', process.execPath, ...words, '--no-cache', '-o', file];
    const { status, stderr } = await ended(shell, { env: { PATH: process.env['PATH']!, ARCH: 'x86' } });
    const why = 'larger than a file may be here (ulimit -f, or the file system); nothing was changed';
    expect([status, stderr]).toEqual([2, `kconfig-trim: error: ${file}: ${why}\n`]);
    expect(existsSync(file)).toBe(false);
  });

  it('2 for wrong usage', async () => {
    unchanged(await trim(['--no-such-option']), "unknown option '--no-such-option'");
  });

  it('2 for a directory that is no kernel tree', async () => {
    unchanged(await run(['--tree', example]), 'is not a kernel source tree', '--tree DIR');
  });

  it('2 for a config that cannot be read', async () => {
    unchanged(
      await run(['--tree', tree, '-c', join(example, 'none'), '-l', join(example, 'lsmod.txt')]),
      'cannot be read',
    );
  });

  it('2 for a listing that is none', async () => {
    unchanged(
      await run(['--tree', tree, '-c', join(example, 'config'), '-l', join(example, 'config')]),
      'a kernel .config',
    );
    writeFileSync(join(example, 'empty'), '');
    unchanged(
      await run(['--tree', tree, '-c', join(example, 'config'), '-l', join(example, 'empty')]),
      'no module is loaded by this listing',
    );
  });

  it('2 for broken Kconfig, with the place, the line and how it was reached', async () => {
    const file = join(tree, 'lib/Kconfig');
    writeFileSync(file, `${readFileSync(file, 'latin1')}config BROKEN\n\ttristate "x" if &&\n`);
    const { length } = readFileSync(file, 'latin1').trimEnd().split('\n');
    unchanged(await trim([]), `lib/Kconfig:${length}:`, 'syntax error', 'tristate "x" if &&', 'included from Kconfig:');
  });

  it('0 for --help and --version', async () => {
    expect(await runBuilt(['--version'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
    expect((await run(['--help'])).stdout).toContain('Exit status');
  });
});
