import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildJson, COMPILER, copyBuildTree } from '../cli/build-tree.ts';
import { inOneLine, run } from '../cli/run.ts';
import { recordText } from '../helpers/record-text.ts';

const UNITS = 9;
const MODULES = ['drivers/alpha/alpha', 'drivers/beta/beta', 'drivers/gamma/gamma'];

/** Where no terminal shows progress, and the speed of the compiler is not cached. */
const MEASURING = "kconfig-trim: measuring the compiler's speed, which takes some seconds\n";

describe('a build', () => {
  it('that goes well says what is there, and exits 0', async () => {
    const { build, tree, objtree } = copyBuildTree();
    const { status, stdout, stderr } = await build(['-j3']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: MEASURING });
    expect(stdout).toMatch(/^tree {7}Linux 6\.12\.0-built, x86\n/);
    expect(stdout).toContain(`make       make -C ${tree} O=${objtree} -j3 CC=${COMPILER} ARCH=x86\n`);
    expect(stdout).toContain('\nbuilt      9 of 9 units, 3 of 3 modules, vmlinux, arch/x86/boot/bzImage\n');
    expect(stdout).toMatch(/\ntook {7}[\d.]+ s, [\d.]+ s of CPU time \(predicted: \d+ s, \S+ \d+ %, and \d+ s\)\n/);
    expect(stdout).toContain(`\nlog        ${join(objtree, 'kconfig-trim-build.log')}\n`);
    for (const path of [...MODULES.map((module) => `${module}.ko`), 'vmlinux', 'arch/x86/boot/bzImage']) {
      expect(existsSync(join(objtree, path))).toBe(true);
    }
  });

  it('has all of the output in its log, the command first', async () => {
    const { build, tree, objtree, built, direct } = copyBuildTree();
    direct('lib/sort.c', String.raw`print \033[31mraw\033[0m`);
    expect((await build(['-j1'])).status).toBe(0);
    const log = built('kconfig-trim-build.log');
    expect(log).toMatch(new RegExp(`^\\$ make -C ${tree} O=${objtree} -j1`));
    expect(log).toContain('  CC [M]  drivers/beta/ring.o\n');
    expect(log).toContain('\u001b[31mraw\u001b[0m\n');
    expect(log).toMatch(/Leaving directory/);
  });

  it('writes its log where it is told, or does not start', async () => {
    const { build, objtree, tree } = copyBuildTree();
    const log = join(tree, 'my.log');
    for (const [named, why] of [
      [tree, `${tree}: is a directory; nothing was changed`],
      [join(tree, 'new/place/log'), 'new/place/log: its directory does not exist; nothing was changed'],
    ] as const) {
      const refused = await build(['--log', named]);
      expect(refused).toMatchObject({ status: 2, stdout: '' });
      expect(inOneLine(refused.stderr)).toContain(why);
    }
    expect(existsSync(join(tree, 'new'))).toBe(false);
    expect((await build(['--log', log])).stdout).toContain(`log        ${log}\n`);
    expect(readFileSync(log, 'utf8')).toContain('  LD      vmlinux\n');
    expect(existsSync(join(objtree, 'kconfig-trim-build.log'))).toBe(false);
  });

  it('stores what the named log had beside it, and not the log of before in the build directory', async () => {
    const { build, objtree, tree } = copyBuildTree();
    const log = join(tree, 'mine');
    writeFileSync(log, 'weeks of work\n');
    expect(inOneLine((await build(['--log', log])).stderr)).toContain(`note: what was there is ${log}.old`);
    expect(readFileSync(`${log}.old`, 'utf8')).toBe('weeks of work\n');
    expect(readFileSync(log, 'utf8')).toMatch(/^\$ make /);
    for (let count = 0; count < 2; count++) expect((await build([])).stderr).not.toContain('.old');
    expect(existsSync(join(objtree, 'kconfig-trim-build.log.old'))).toBe(false);
  });

  it('writes its report to a file, or does not start', async () => {
    const { build, tree, objtree } = copyBuildTree();
    const file = join(tree, 'report');
    expect(await build(['-j1', '--json', '-o', file])).toMatchObject({ status: 0, stdout: '' });
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ schema: 'kconfig-trim/build-1', outcome: 'built' });
    rmSync(join(objtree, 'kconfig-trim-build.log'));
    const refused = await build(['-j1', '-o', join(tree, 'none/report')]);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(existsSync(join(objtree, 'kconfig-trim-build.log'))).toBe(false);
    expect(refused.stderr).toContain('none/report: its directory does not exist; nothing was changed');
  });

  it('that fills the disk with its log is built all the same, and an error says that the log is not whole', async () => {
    const { build, direct } = copyBuildTree();
    const WHY =
      'kconfig-trim: error: /dev/full: the log is not whole: it could not be written (no space left on the disk)';
    const { status, stdout, stderr } = await build(['--log', '/dev/full']);
    expect(stdout).toContain('note: the log is not whole: it could not be written (ENOSPC)\n');
    expect(stdout).toMatch(/^built {6}9 of 9 units/m);
    expect({ status, stderr: inOneLine(stderr) }).toEqual({ status: 2, stderr: expect.stringContaining(WHY) });
    const quiet = await build(['--log', '/dev/full', '-q']);
    expect({ ...quiet, stderr: inOneLine(quiet.stderr) }).toEqual({ status: 2, stdout: '', stderr: WHY });
    const json = buildJson(await build(['--log', '/dev/full', '--json']));
    expect(json).toMatchObject({ outcome: 'built', notes: [expect.stringContaining('the log is not whole')] });
    direct('lib/sort.c', 'error 4:9 bad');
    expect((await build(['--log', '/dev/full'])).status).toBe(1);
  });

  it('says why make refuses a tree in which a config was left', async () => {
    const { build, tree } = copyBuildTree();
    const makefile = join(tree, 'Makefile');
    const complaint = `echo >&2 "*** The source tree is not clean, please run 'make mrproper'"`;
    const recipe = `@if [ -f $(abs_srctree)/.config ]; then ${complaint}; false; fi`;
    const rule = `outputmakefile:\n\t${recipe}\nall: outputmakefile\n`;
    writeFileSync(makefile, readFileSync(makefile, 'utf8') + rule);
    writeFileSync(join(tree, '.config'), '');
    const { status, stdout } = await build([]);
    expect(status).toBe(1);
    expect(stdout).toContain("please run 'make mrproper'");
    expect(inOneLine(stdout)).toContain(
      'note: the source tree is not clean (.config), so make O= will stop; run make mrproper there, which deletes its ' +
        '.config, too: copy that first where you need it',
    );
    rmSync(join(tree, '.config'));
    expect((await build([])).stdout).not.toContain('mrproper');
  });

  it('prints one object with --json', async () => {
    const { build, tree, objtree } = copyBuildTree();
    const { status, stdout, stderr } = await build(['--json']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual({
      schema: 'kconfig-trim/build-1',
      tree: { version: '6.12.0-built', arch: 'x86' },
      config: join(objtree, '.config'),
      outcome: 'built',
      interruptedBy: null,
      make: {
        command: expect.arrayContaining(['make', '-C', tree, `O=${objtree}`, `CC=${COMPILER}`]),
        jobs: expect.any(Number),
      },
      log: join(objtree, 'kconfig-trim-build.log'),
      sample: null,
      units: { predicted: UNITS, compiled: UNITS, present: 0, missing: [], unpredicted: [] },
      seconds: {
        predicted: expect.any(Number),
        uncertainty: expect.any(Number),
        real: expect.any(Number),
        cpu: { predicted: expect.any(Number), real: expect.any(Number) },
      },
      warnings: { count: 0, first: [] },
      modules: { expected: 3, present: 3, missing: [] },
      files: { present: ['vmlinux', 'arch/x86/boot/bzImage'], missing: [] },
      lost: [],
      failure: null,
      notes: [],
    });
  });

  it('says nothing with --quiet', async () => {
    expect(await copyBuildTree().build(['-q'])).toMatchObject({ status: 0, stdout: '', stderr: '' });
  });

  it('that goes on after another knows what is there, and what is out of date', async () => {
    const { build, tree } = copyBuildTree();
    const first = buildJson(await build(['--json']));
    const again = buildJson(await build(['--json']));
    expect(again).toMatchObject({ outcome: 'built', units: { predicted: UNITS, compiled: 0, present: UNITS } });
    spawnSync('touch', ['-d', '+2 seconds', join(tree, 'lib/sort.c')]);
    const touched = buildJson(await build(['--json']));
    expect(touched.units).toMatchObject({ compiled: 1, present: UNITS - 1 });
    expect(again.seconds.predicted).toBeLessThan(touched.seconds.predicted);
    expect(touched.seconds.predicted).toBeLessThan(first.seconds.predicted);
  });

  it('counts warnings, each once, and shows them', async () => {
    const { build, direct } = copyBuildTree();
    direct('lib/sort.c', 'warning 4:2 this is odd');
    direct('drivers/beta/ring.c', 'warning 2:1 and this');
    const { status, stdout } = await build(['-j1']);
    expect(status).toBe(0);
    expect(stdout).toContain('warnings   2\n             lib/sort.c:4:2: this is odd\n');
    const loud = await build(['-v', '-j1', '--', '-B', 'lib/']);
    expect(loud.stderr).toMatch(/lib\/sort\.c:4:2: warning: this is odd\n/);
  });

  it.each([
    ['modules', 5, 3, [] as string[]],
    ['vmlinux', 4, 0, ['vmlinux']],
    ['bzImage', 4, 0, ['vmlinux', 'arch/x86/boot/bzImage']],
    ['drivers/beta/', 3, 0, []],
    ['lib/sort.o', 1, 0, ['lib/sort.o']],
  ])('of %s expects just that', async (target, predicted, expected, files) => {
    const found = buildJson(await copyBuildTree().build(['--json', target]));
    expect(found).toMatchObject({
      outcome: 'built',
      units: { predicted },
      modules: { expected },
      files: { present: files },
    });
  });
});

describe('a build that fails', () => {
  it('shows the first error with place, command and symbol, and exits 1', async () => {
    const { build, tree, direct, built } = copyBuildTree();
    direct('drivers/beta/checks.c', 'error 4:9 ‘nothere’ undeclared');
    const { status, stdout } = await build(['-j2']);
    expect(status).toBe(1);
    expect(Buffer.from(stdout, 'latin1').toString()).toContain(`
FAILED     drivers/beta/checks.o  drivers/beta/checks.c:4:9
           ‘nothere’ undeclared

  ${tree}/drivers/beta/checks.c: In function ‘start’:
  ${tree}/drivers/beta/checks.c:4:9: error: ‘nothere’ undeclared
      4 | \treturn 0;
        | ^~~~

turned on  by BETA_DEBUG=y, part of drivers/beta/beta.ko
           drivers/beta/Makefile:4
command    ${COMPILER} -D'KBUILD_MODNAME="checks"' -c -o drivers/beta/checks.o ${tree}/drivers/beta/checks.c

compiled`);
    expect(built('kconfig-trim-build.log')).toMatch(/\n\$ make .* V=1 .*drivers\/beta\/checks\.o\n/);
  });

  it('has it all in --json', async () => {
    const { build, tree, direct } = copyBuildTree();
    direct('drivers/beta/checks.c', 'error 4:9 ‘nothere’ undeclared');
    const { outcome, failure, modules } = buildJson(await build(['--json', '-j1']));
    expect(outcome).toBe('failed');
    expect(modules).toMatchObject({ expected: 3, missing: [] });
    expect({ ...failure, message: Buffer.from(String(failure?.['message']), 'latin1').toString() }).toMatchObject({
      file: 'drivers/beta/checks.c',
      line: 4,
      column: 9,
      message: '‘nothere’ undeclared',
      target: 'drivers/beta/checks.o',
      command: `${COMPILER} -D'KBUILD_MODNAME="checks"' -c -o drivers/beta/checks.o ${tree}/drivers/beta/checks.c`,
      symbol: 'BETA_DEBUG',
      symbols: [{ name: 'BETA_DEBUG', value: 'y' }],
      listedAt: { file: 'drivers/beta/Makefile', line: 4 },
      modules: ['drivers/beta/beta'],
      failsAlone: true,
      others: [],
    });
  });

  it('with -k names what else failed', async () => {
    const { build, direct } = copyBuildTree();
    for (const unit of ['lib/sort', 'lib/string', 'drivers/alpha/alpha']) direct(`${unit}.c`, `error 4:9 in ${unit}`);
    const { failure } = buildJson(await build(['--json', '-j1', '--', '-k']));
    expect(failure).toMatchObject({ target: 'lib/string.o', symbol: null });
    expect(failure?.['others']).toEqual(['lib/sort.o', 'drivers/alpha/alpha.o']);
  });

  it('and does not fail again says so', async () => {
    const { build, direct, objtree } = copyBuildTree();
    direct('lib/sort.c', 'once Killed signal terminated program cc1');
    const { status, stdout } = await build(['-j1'], { CC_ONCE: join(objtree, 'once') });
    expect(status).toBe(1);
    expect(stdout).toContain('FAILED     lib/sort.o\n           Killed signal terminated program cc1\n');
    expect(stdout).toContain('again      made alone it did not fail');
  });

  it('before anything is compiled says what make said', async () => {
    const { build, tree } = copyBuildTree();
    writeFileSync(join(tree, 'init/Makefile'), 'obj-y += main.o\n$(if $(VERBOSE),,$(error no way here))\n');
    const { status, stdout } = await build(['-j1']);
    expect(status).toBe(1);
    expect(stdout).toContain('no way here');
  });

  it('before make begins says what make says of its command line', async () => {
    const { build } = copyBuildTree();
    for (const [option, said] of [
      ['--bogus', "make: unrecognized option '--bogus'"],
      ['-Z', "make: invalid option -- 'Z'"],
    ] as const) {
      const { status, stdout } = await build(['--', option]);
      expect(status).toBe(1);
      expect(stdout).toContain(`\nFAILED     ${said}\n\ncompiled   0 of 9 units\n`);
    }
    expect(buildJson(await build(['--json', '--', '--bogus'])).failure).toMatchObject({
      target: null,
      message: "make: unrecognized option '--bogus'",
    });
  });

  it('leaves a terminal alone, whatever compilers print', async () => {
    const { build, direct } = copyBuildTree();
    direct('lib/sort.c', String.raw`error 4:9 \033[2J\033]0;owned\007 bad`);
    direct('lib/sort.c', String.raw`print lib/sort.c:1:2: error: \033[2J\033]0;owned\007\0302\0233 bad`);
    const { stdout, stderr } = await build(['-j1', '-v']);
    expect(stdout).toContain('bad');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
    expect(stdout + stderr).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/);
  });
});

describe('a sample', () => {
  it('is compiled and nothing else, and says which it is', async () => {
    const { build, objtree } = copyBuildTree();
    const { status, stdout } = await build(['--units', '33%', '--seed', '2']);
    expect(status).toBe(0);
    expect(stdout).toContain(`O=${objtree} -j`);
    expect(stdout).toMatch(/\nmake {7}make .* -k .*ARCH=x86 \.\.\.\n/);
    expect(stdout).toContain(`sample     3 of 9 units, seed 2; seeds 1 to 3 are all of them
           shows that they compile; nothing is linked
`);
    expect(stdout).toContain('\nbuilt      3 of 3 units\n');
    expect(existsSync(join(objtree, 'vmlinux'))).toBe(false);
  });

  it('of every seed compiles others, together all', async () => {
    const { build } = copyBuildTree();
    const runs = [];
    for (const seed of ['1', '2', '3']) runs.push(buildJson(await build(['--json', '--units', '3', '--seed', seed])));
    expect(runs.map(({ units }) => units.compiled)).toEqual([3, 3, 3]);
    expect(runs[2]).toMatchObject({
      outcome: 'built',
      sample: { units: 3, of: UNITS, seed: 3, rounds: 3 },
      modules: { expected: 0 },
      files: { present: [], missing: [] },
    });
    // Now they are all there.
    expect(buildJson(await build(['--json'])).units).toMatchObject({ compiled: 0, present: UNITS });
  });

  it('can be of a directory', async () => {
    const { build } = copyBuildTree();
    expect(buildJson(await build(['--json', '--units', '100%', 'drivers/beta/'])).sample).toEqual({
      units: 3,
      of: 3,
      seed: 1,
      rounds: 1,
    });
  });

  it('names all that fails in it', async () => {
    const { build, direct } = copyBuildTree();
    for (const unit of ['lib/sort', 'drivers/gamma/gamma']) direct(`${unit}.c`, `error 4:9 in ${unit}`);
    const found = buildJson(await build(['--json', '-j1', '--units', '100%']));
    expect(found).toMatchObject({ outcome: 'failed', units: { predicted: UNITS, compiled: UNITS - 2 } });
    const { target, others } = found.failure as { target: string; others: string[] };
    expect([target, ...others].sort()).toEqual(['drivers/gamma/gamma.o', 'lib/sort.o']);
  });

  it.each([
    [['--units', 'many'], "--units 'many' is neither a share (5%) nor a number from 1 up"],
    [['--units', '5%', '--seed', '0'], "--seed '0' is not a number from 1 up"],
    [['--seed', '2'], '--seed chooses a sample; say how large it is with --units (5%)'],
    [['-j', 'all'], "--jobs 'all' is not a number from 1 up"],
  ])('%j is refused', async (args, message) => {
    const { build, objtree } = copyBuildTree();
    const done = await build(args);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toContain(message);
    expect(existsSync(join(objtree, 'kconfig-trim-build.log'))).toBe(false);
  });
});

describe('what has to be there', () => {
  it('is named where make was content without it', async () => {
    const { build } = copyBuildTree();
    const done = await build(['LOSE=drivers/beta/beta']);
    expect(done.status).toBe(1);
    expect(done.stdout).toContain('MISSING    1 module that this config builds:\n             drivers/beta/beta\n');
    expect(done.stdout).toContain('compiled   9 of 9 units, 2 of 3 modules, vmlinux, arch/x86/boot/bzImage\n');
    const { outcome, modules } = buildJson(await build(['--json', 'LOSE=drivers/beta/beta']));
    expect({ outcome, modules }).toEqual({
      outcome: 'missing',
      modules: { expected: 3, present: 2, missing: ['drivers/beta/beta'] },
    });
  });

  it('is what listing and --keep name; make is not started for a config that lacks it', async () => {
    const { build, tree, objtree } = copyBuildTree();
    writeFileSync(join(tree, 'listing'), 'Module Size Used by\nalpha 1 0\ndelta 2 0\nnvidia 3 0\n');
    const lost = await build([
      '-l',
      join(tree, 'listing'),
      '--keep',
      'DEBUG_LIB',
      '--keep',
      'nosuch',
      '--keep',
      'gamma',
    ]);
    expect(lost.status).toBe(1);
    expect(lost.stdout).toContain(`LOST       3 required, and not built by this config:
             delta (drivers/delta): off in the base config; on with DELTA=m
             DEBUG_LIB: --keep
             nosuch: --keep: not in this tree
           make was not started: what it builds would lack them
`);
    expect(existsSync(join(objtree, 'vmlinux'))).toBe(false);
    const { outcome, make, lost: named } = buildJson(await build(['--json', '--keep', 'delta']));
    expect({ outcome, make, named }).toEqual({
      outcome: 'lost',
      make: null,
      named: [{ name: 'delta', path: 'drivers/delta', note: '--keep' }],
    });
    expect(buildJson(await build(['--json', '--keep', 'beta'], { LMC_KEEP: 'delta nosuch' })).lost).toEqual([
      { name: 'delta', path: 'drivers/delta', note: 'LMC_KEEP' },
      { name: 'nosuch', path: null, note: 'LMC_KEEP: not in this tree' },
    ]);
    expect((await build(['--keep', 'beta', '--keep', 'drivers/'])).status).toBe(0);
  });

  it('is also what a record says beside modules', async () => {
    const { build, tree } = copyBuildTree();
    for (const name of ['beta/ring', 'delta']) {
      const path = join(tree, 'drivers', `${name}.c`);
      const type = `struct file_system_type t = { .name = "${name.replace(/.*\//, '')}fs" };\n`;
      writeFileSync(path, readFileSync(path, 'utf8') + type);
    }
    const record = join(tree, 'host.record');
    const write = (...facts: string[]): void => writeFileSync(record, recordText('module alpha 1', ...facts));
    write('fs ringfs fstab', 'match gamma module pci:x');
    const built = buildJson(await build(['-l', record, '--json', 'lib/']));
    expect(built.modules.missing).toEqual(MODULES);
    write('fs deltafs fstab');
    const lost = buildJson(await build(['-l', record, '--json']));
    expect(lost).toMatchObject({
      outcome: 'lost',
      lost: [{ name: 'delta', path: 'drivers/delta', note: 'the record has: fs deltafs fstab' }],
    });
  });
});

describe('a config', () => {
  it('that would make ask is built with --olddefconfig, which lists the defaults and keeps the old file', async () => {
    const given = 'CONFIG_ALPHA=m\nCONFIG_MODULES=y\n';
    const { build, built } = copyBuildTree(given);
    const { status, stdout } = await build(['--olddefconfig']);
    expect(status).toBe(0);
    expect(inOneLine(stdout)).toContain(
      'note: defaults taken for 4 symbols that the config did not set: DEBUG_LIB=n, BETA=n, GAMMA=n, DELTA=n ',
    );
    expect(built('.config')).toContain('# CONFIG_BETA is not set\n');
    expect(built('.config.old')).toBe(given);
  });

  it('that is not there, is packed, or would make ask is refused', async () => {
    const { build, objtree } = copyBuildTree('CONFIG_ALPHA=m\nCONFIG_MODULES=y\n');
    const asks = await build();
    expect(asks).toMatchObject({ status: 2, stdout: '' });
    expect(asks.stderr).toContain(
      'make would ask about 4 symbols that it does not set (DEBUG_LIB, BETA, GAMMA, DELTA)',
    );
    expect(asks.stderr).toContain('make olddefconfig');
    const missing = await build(['-c', join(objtree, 'nothere')]);
    expect(missing.status).toBe(2);
    expect(missing.stderr).toContain('there is no config to build');
    spawnSync('gzip', ['-k', join(objtree, '.config')]);
    expect((await build(['-c', join(objtree, '.config.gz')])).stderr).toContain('unpack it first');
    expect(existsSync(join(objtree, 'kconfig-trim-build.log'))).toBe(false);
  });

  it('that make changes without asking is built, and the change told', async () => {
    const { build, built, objtree } = copyBuildTree();
    const config = built('.config');
    writeFileSync(join(objtree, '.config'), `${config}CONFIG_GONE=y\n`);
    const { status, stdout } = await build();
    expect(status).toBe(0);
    expect(stdout).toContain('note: the config is not settled: make changes 1 symbol first (-GONE y)\n');
  });

  it('elsewhere is the one that make gets', async () => {
    const { build, built, objtree } = copyBuildTree();
    mkdirSync(join(objtree, 'configs'));
    const own = built('.config').replace('CONFIG_GAMMA=m', '# CONFIG_GAMMA is not set');
    writeFileSync(join(objtree, 'configs/own'), own);
    expect(buildJson(await build(['--json', '-c', join(objtree, 'configs/own')]))).toMatchObject({
      outcome: 'built',
      modules: { expected: 2, present: 2 },
    });
    expect(buildJson(await build(['--json'], { KCONFIG_CONFIG: 'configs/own' })).modules.expected).toBe(2);
    expect(buildJson(await build(['--json', 'KCONFIG_CONFIG=configs/own'])).modules.expected).toBe(2);
    // make would expand what is behind the `$`.
    writeFileSync(join(objtree, 'configs/o$wn'), own);
    for (const words of [['-c', join(objtree, 'configs/o$wn')], ['KCONFIG_CONFIG=configs/o$$wn']]) {
      const { outcome, modules } = buildJson(await build(['--json', ...words]));
      expect({ outcome, expected: modules.expected }).toEqual({ outcome: 'built', expected: 2 });
    }
  });
});

describe('make', () => {
  it("gets the compiler as it was given: CC='ccache gcc' from the environment or the command line", async () => {
    for (const given of ['environment', 'words']) {
      const { build, objtree } = copyBuildTree();
      const launcher = join(objtree, 'launcher');
      writeFileSync(
        launcher,
        '#!/bin/sh\n[ "$1" = --version ] || echo "launched $*" >>"$CC_LOG.launcher"\nexec "$@"\n',
      );
      chmodSync(launcher, 0o755);
      const CC = `${launcher} ${COMPILER}`;
      const log = join(objtree, 'calls');
      const done =
        given === 'words'
          ? await build([`CC=${CC}`, '-j1'], { CC_LOG: log })
          : await build(['-j1'], { CC, CC_LOG: log });
      expect(done.status).toBe(0);
      const launched = readFileSync(`${log}.launcher`, 'utf8').split('\n');
      expect(launched.filter((line) => line.startsWith(`launched ${COMPILER} -D`))).toHaveLength(UNITS);
      expect(done.stdout).toContain(`CC='${CC}'`);
    }
  });

  it('runs as many jobs as it is told, by one job server', async () => {
    const { build, tree } = copyBuildTree();
    const makefile = join(tree, 'lib/Makefile');
    writeFileSync(
      makefile,
      `${readFileSync(makefile, 'utf8')}\n.PHONY: flags\nlists: flags\nflags:\n\t@+echo flags are $(MAKEFLAGS)\n`,
    );
    for (const [args, env, jobs] of [
      [['-j', '5'], {}, 5],
      [[], { MAKEFLAGS: '-j4' }, 4],
      [['-j', '2'], { MAKEFLAGS: 'k -j7 --jobserver-auth=98,99' }, 2],
    ] as const) {
      const done = await build(['--json', ...args, '--', '-B'], env);
      const found = buildJson(done);
      expect(found.make?.jobs).toBe(jobs);
      const log = readFileSync(found.log, 'utf8');
      expect(log).toMatch(new RegExp(`flags are .*-j${jobs} --jobserver`));
      expect(log).not.toMatch(/jobserver unavailable|resetting jobserver/);
    }
  });

  it('has nothing to read, so nothing waits', async () => {
    const { build, tree } = copyBuildTree();
    const makefile = join(tree, 'lib/Makefile');
    writeFileSync(makefile, `${readFileSync(makefile, 'utf8')}$(info read: $(shell cat))\n`);
    expect((await build()).status).toBe(0);
  });

  it('speaks English here, whatever the language', async () => {
    const { build, tree } = copyBuildTree();
    const makefile = join(tree, 'lib/Makefile');
    writeFileSync(makefile, `${readFileSync(makefile, 'utf8')}$(info in $(LC_MESSAGES),$(LC_ALL),$(LANG))\n`);
    const { log } = buildJson(await build(['--json'], { LC_ALL: 'de_DE.UTF-8' }));
    expect(readFileSync(log, 'utf8')).toContain('in C,,de_DE.UTF-8\n');
  });

  it('that is not there is named', async () => {
    const { tree, objtree } = copyBuildTree();
    const bin = join(objtree, 'bin');
    mkdirSync(bin);
    const done = await run(['build', '-C', tree, '-O', objtree], { env: { PATH: bin, CC: COMPILER } });
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toContain('make is not installed');
    expect(existsSync(join(objtree, 'kconfig-trim-build.log'))).toBe(false);
  });

  it('is not run with --no-exec', async () => {
    const { build, objtree } = copyBuildTree();
    const done = await build(['--no-exec']);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toBe(
      'kconfig-trim: error: build runs make, and --no-exec forbids to run programs. kconfig-trim estimate runs none\n',
    );
    expect(existsSync(join(objtree, 'kconfig-trim-build.log'))).toBe(false);
  });
});
