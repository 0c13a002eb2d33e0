import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { copyExample, REPOSITORY, run } from './run.ts';

const example = join(REPOSITORY, 'fixtures/example');
const tree = join(example, 'tree');
const config = join(example, 'config');
/** None of this is about programs. */
const INPUT = ['-C', tree, '-c', config, '--no-exec'];

describe('conf', () => {
  it('leaves a finished config as it is', async () => {
    const { status, stdout } = await run(['conf', 'olddefconfig', ...INPUT, '-o', '-']);
    expect(status).toBe(0);
    expect(stdout).toBe(readFileSync(config, 'latin1'));
  });

  it('brings a config back from its defconfig', async () => {
    const scratch = copyExample();
    const copy = join(scratch, 'tree');
    expect((await run(['conf', 'savedefconfig', '-C', copy, '-c', config, '-o', join(scratch, 'saved')])).status).toBe(
      0,
    );
    const { stdout } = await run(['conf', 'defconfig', join(scratch, 'saved'), '-C', copy, '-o', '-']);
    expect(stdout).toBe(readFileSync(config, 'latin1'));
  });

  it('finds a defconfig from here, from the top of the tree, and by its name', async () => {
    const scratch = copyExample();
    const copy = join(scratch, 'tree');
    const configs = join(copy, 'arch/x86/configs');
    mkdirSync(configs, { recursive: true });
    writeFileSync(join(configs, 'own_defconfig'), 'CONFIG_LOCALVERSION="-own"\n');
    for (const name of ['tree/arch/x86/configs/own_defconfig', 'arch/x86/configs/own_defconfig', 'own_defconfig']) {
      const asked = ['conf', 'defconfig', name, '-C', copy, '--no-exec', '-o', '-'];
      expect(await run(asked, { cwd: scratch })).toMatchObject({
        status: 0,
        stdout: expect.stringContaining('"-own"'),
      });
    }
    expect(await run(['conf', 'defconfig', 'none/defconfig', '-C', copy, '--no-exec'], { cwd: scratch })).toMatchObject(
      {
        status: 2,
        stderr: expect.stringContaining(`"${join(scratch, 'none/defconfig')}"`),
      },
    );
    const own = await run(['conf', 'defconfig', '-C', copy, '--no-exec', '--arch', 'x86']);
    expect(own.stderr).toMatch(
      /arch\/x86\/configs\/defconfig"; where a Makefile makes it of others, make has to: make ARCH=x86 defconfig\n/,
    );
  });

  it('warns of a defconfig of another architecture, and writes what conf does', async () => {
    const copy = join(copyExample(), 'tree');
    for (const arch of ['x86', 'mips']) mkdirSync(join(copy, 'arch', arch, 'configs'), { recursive: true });
    writeFileSync(join(copy, 'arch/mips/Kconfig'), '');
    const text = 'CONFIG_LOCALVERSION="-own"\n';
    writeFileSync(join(copy, 'arch/x86/configs/own_defconfig'), text);
    const foreign = join(copy, 'arch/mips/configs/malta_defconfig');
    writeFileSync(foreign, text);
    const conf = (...args: string[]) => run(['conf', ...args, '-C', copy, '--no-exec', '-o', '-']);
    const warning = `kconfig-trim: warning: ${foreign} is for mips, this run for x86; for mips say --arch mips\n`;
    const own = await conf('defconfig', 'own_defconfig');
    expect(own.stderr).not.toContain('this run for');
    const { status, stdout, stderr } = await conf('defconfig', 'arch/mips/configs/malta_defconfig');
    expect({ status, stdout }).toEqual({ status: 0, stdout: own.stdout });
    expect(stderr).toContain(warning);
    expect((await conf('olddefconfig', '-c', foreign)).stderr).toContain(warning);
    expect((await conf('merge', 'arch/mips/configs/malta_defconfig')).stderr).toContain(warning);
    expect((await conf('defconfig', foreign, '-q')).stderr).toBe('');
  });

  it('says which defaults it takes where there is no config, and takes them', async () => {
    const copy = join(copyExample(), 'tree');
    const configs = join(copy, 'arch/x86/configs');
    mkdirSync(configs, { recursive: true });
    writeFileSync(join(configs, 'defconfig'), 'CONFIG_LOCALVERSION="-own"\n');
    const input = ['conf', 'olddefconfig', '-C', copy, '--no-exec', '-o', '-'];
    // Of another architecture than this machine's the running kernel's config says nothing.
    const { stdout, stderr } = await run(input, { env: { SUBARCH: 'arm64' } });
    const found = /^# using defaults found in (.*)$/m.exec(stderr)?.[1];
    expect(found).toMatch(/^arch\/x86\/configs\/\w+$/);
    expect(stdout).toContain('CONFIG_LOCALVERSION="-own"\n');
    expect(stdout).toBe((await run([...input, '-c', join(copy, found!)])).stdout);
  });

  it.each([
    ['olddefconfig', ['.config'], "conf olddefconfig takes no FILE ('.config'): name the config with --config FILE"],
    ['allnoconfig', ['a'], "conf allnoconfig takes no FILE ('a'): name the config with --config FILE"],
    ['allnoconfig', ['-c', 'a'], 'conf allnoconfig starts from no config: --config a would not be read'],
    ['listnewconfig', ['--json'], "conf listnewconfig prints what the kernel's conf writes; there is no JSON of it"],
  ])('conf %s refuses what it would not heed: %j', async (target, words, message) => {
    const { status, stdout, stderr } = await run(['conf', target, ...words, '-C', tree, '--no-exec']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });

  it('writes the list of new symbols where it is told to', async () => {
    const scratch = copyExample();
    const old = join(scratch, 'old');
    writeFileSync(old, readFileSync(config, 'latin1').replace(/^.*LEDS.*\n/gm, ''));
    const list = ['conf', 'listnewconfig', '-C', tree, '-c', old, '--no-exec'];
    const { stdout } = await run(list);
    expect(stdout).toMatch(/^CONFIG_.*LEDS/m);
    expect(await run([...list, '-o', join(scratch, 'list'), '-q'])).toMatchObject({ status: 0, stdout: '' });
    expect(readFileSync(join(scratch, 'list'), 'latin1')).toBe(stdout);
  });

  it('knows all targets and refuses others', async () => {
    const values = async (target: string): Promise<string> => {
      const from = target.startsWith('all') ? ['-C', tree, '--no-exec'] : INPUT;
      return (await run(['conf', target, ...from, '-o', '-'])).stdout;
    };
    expect(await values('allnoconfig')).not.toMatch(/=m$/m);
    expect(await values('allmodconfig')).toMatch(/^CONFIG_KVM=m$/m);
    expect(await values('allyesconfig')).toMatch(/^CONFIG_KVM=y$/m);
    expect(await values('alldefconfig')).toContain('Kernel Configuration');
    expect(await values('mod2yesconfig')).toMatch(/^CONFIG_KVM=y$/m);
    expect(await values('mod2noconfig')).toMatch(/^# CONFIG_KVM is not set$/m);
    expect(await values('listnewconfig')).toBe('');
    expect(await run(['conf', 'noconfig', '-C', tree])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('Targets:'),
    });
  });
});

describe('conf with a target of make that it does not have', () => {
  const scratch = copyExample();
  const copy = join(scratch, 'tree');
  for (const file of [
    ...['arch/x86/configs/x86_64_defconfig', 'arch/x86/configs/both.config', 'arch/arm/configs/multi_v7_defconfig'],
    ...['arch/um/configs/x86_64_defconfig', 'kernel/configs/both.config', 'kernel/configs/kvm_guest.config'],
  ]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), 'CONFIG_LOCALVERSION="-own"\n');
  }
  for (const arch of ['arm', 'mips', 'powerpc', 'um']) {
    mkdirSync(join(copy, 'arch', arch), { recursive: true });
    for (const file of ['Kconfig', 'Makefile']) writeFileSync(join(copy, 'arch', arch, file), '');
  }
  writeFileSync(
    join(copy, 'arch/powerpc/Makefile'),
    'pseries_defconfig: ppc64le_guest_defconfig\n# old_defconfig is gone\nX := other_config\n',
  );
  writeFileSync(join(copy, 'arch/mips/Makefile'), '$(generic_defconfigs):\n\t@true\n');
  const conf = (words: readonly string[], arch = 'x86') =>
    run(['conf', ...words, '-C', 'tree', '--no-exec', '--arch', arch, '-o', '-'], { cwd: scratch });
  const meant = (command: string): string => `; did you mean: kconfig-trim${command}?\n`;

  it.each([
    ['x86_64_defconfig', 'x86', meant(' conf defconfig arch/x86/configs/x86_64_defconfig')],
    ['x86_64_defconfig', 'arm', meant(' conf defconfig arch/x86/configs/x86_64_defconfig --arch x86')],
    ['x86_64_defconfig', 'um', meant(' conf defconfig arch/um/configs/x86_64_defconfig')],
    ['kvm_guest.config', 'x86', meant(' conf merge tree/.config kernel/configs/kvm_guest.config')],
    ['both.config', 'x86', meant(' conf merge tree/.config kernel/configs/both.config arch/x86/configs/both.config')],
    ['pseries_defconfig', 'powerpc', ' here; make has it: make ARCH=powerpc pseries_defconfig\n'],
    ['32r2_defconfig', 'mips', ' here; make has it: make ARCH=mips 32r2_defconfig\n'],
    ['kvm_gest.config', 'x86', '; near it: kvm_guest.config. Targets: olddefconfig '],
    ['old_defconfig', 'powerpc', '. Targets: olddefconfig '],
    ['localmodconfig', 'x86', meant('')],
    ['localyesconfig', 'x86', meant(' --builtin')],
    ['oldconfig', 'x86', meant(' conf olddefconfig')],
    ['syncconfig', 'x86', meant(' conf olddefconfig')],
    ['helpnewconfig', 'x86', meant(' conf listnewconfig')],
    ['menuconfig', 'x86', ' here; make has it: make menuconfig\n'],
    ['noconfig', 'x86', '; near it: allnoconfig. Targets: olddefconfig '],
  ])('%s (%s): names what does it', async (target, arch, said) => {
    const { status, stdout, stderr } = await conf([target], arch);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(`kconfig-trim: error: no target '${target}'${said}`);
  });

  it('names commands that do it', async () => {
    for (const words of [
      ['defconfig', 'arch/x86/configs/x86_64_defconfig'],
      ['merge', '-m', 'kernel/configs/both.config', 'arch/x86/configs/both.config'],
    ]) {
      const { status, stdout } = await conf(words);
      expect(status).toBe(0);
      expect(stdout).toContain('CONFIG_LOCALVERSION="-own"\n');
    }
  });

  it.each([
    ['arch/powerpc/configs/pseries_defconfig', 'powerpc', 'arch/powerpc/configs/pseries_defconfig', 'powerpc pseries_'],
    ['arch/powerpc/configs/pseries_defconfig', 'x86', 'arch/powerpc/configs/pseries_defconfig', 'powerpc pseries_'],
    [
      'tree/arch/powerpc/configs/pseries_defconfig',
      'x86',
      'arch/powerpc/configs/pseries_defconfig',
      'powerpc pseries_',
    ],
    ['pseries_defconfig', 'powerpc', 'arch/powerpc/configs/pseries_defconfig', 'powerpc pseries_'],
    ['32r2_defconfig', 'mips', 'arch/mips/configs/32r2_defconfig', 'mips 32r2_'],
  ])('defconfig %s (%s): names the place in the tree, and make', async (file, arch, place, target) => {
    for (const words of [[file], ['-c', file]]) {
      expect(await conf(['defconfig', ...words], arch)).toEqual({
        status: 2,
        stdout: '',
        stderr:
          `kconfig-trim: error: can't find default configuration "${join(copy, place)}"; ` +
          `where a Makefile makes it of others, make has to: make ARCH=${target}defconfig\n`,
      });
    }
  });

  it.each([
    ['arch/powerpc/configs/old_defconfig', 'tree/arch/powerpc/configs/old_defconfig'],
    ['old_defconfig', 'old_defconfig'],
    ['./pseries_defconfig', 'pseries_defconfig'],
    ['other_config', 'other_config'],
  ])('defconfig %s: names where it was looked for, and no make', async (file, place) => {
    const { stderr } = await conf(['defconfig', file], 'powerpc');
    expect(stderr).toBe(
      `kconfig-trim: error: can't find default configuration "${join(scratch, place)}"; ` +
        'see arch/*/configs in the tree\n',
    );
  });

  it('names no file where there is no tree', async () => {
    const { stderr } = await run(['conf', 'x86_64_defconfig', '-C', 'fixtures/none']);
    expect(stderr).toMatch(/^kconfig-trim: error: no target 'x86_64_defconfig'\. Targets: /);
  });
});

describe('map and objects', () => {
  it('maps modules to paths and symbols', async () => {
    const { status, stdout } = await run(['map', '--json', ...INPUT, 'snd-hda-core', 'xt_mark']);
    const { modules } = JSON.parse(stdout) as { modules: { name: string; path: string; symbols: string[] }[] };
    expect(status).toBe(0);
    expect(modules.map(({ path }) => path)).toEqual(['sound/hda/snd-hda-core', 'net/netfilter/xt_mark']);
    expect(modules[0]!.symbols).toContain('SND_HDA');
  });

  it('prints for each module just name, path, symbols and condition', async () => {
    const { status, stdout, stderr } = await run(['map', '--json', ...INPUT]);
    const { modules, ...rest } = JSON.parse(stdout) as { modules: Record<string, unknown>[] };
    expect({ status, stderr, rest }).toEqual({ status: 0, stderr: '', rest: {} });
    for (const module of modules) {
      expect(module).toEqual({
        name: String(module['path']).replace(/^.*\//, '').replaceAll('-', '_'),
        path: expect.stringMatching(/^[^.]+$/),
        symbols: expect.arrayContaining([expect.stringMatching(/^\w+$/)]),
        condition: expect.stringMatching(/=m|^[A-Z]/),
      });
    }
    const names = modules.map((module) => String(module['name']));
    expect(names).toEqual([...names].sort());
    expect(names.length).toBeGreaterThan(60);
  });

  it('prints a line of columns for people; dashes and underscores are the same', async () => {
    const [name, path, symbols] = (await run(['map', ...INPUT, 'xt-mark'])).stdout.trimEnd().split('\t');
    expect([name, path, symbols]).toEqual(['xt_mark', 'net/netfilter/xt_mark', 'NETFILTER_XT_MATCH_MARK']);
  });

  it('prints what it knows beside a name that it does not know', async () => {
    const { status, stdout } = await run(['map', '--json', ...INPUT, 'nvidia', 'xt_mark']);
    const { modules } = JSON.parse(stdout) as { modules: { name: string }[] };
    expect(status).toBe(1);
    expect(modules.map(({ name }) => name)).toEqual(['xt_mark']);
  });

  it('refuses an architecture that the tree does not have', async () => {
    for (const command of ['map', 'objects']) {
      expect(await run([command, ...INPUT, '--arch', 'vax'])).toMatchObject({ status: 2, stdout: '' });
    }
  });

  it('lists the same units as JSON', async () => {
    const { objects } = JSON.parse((await run(['objects', '--json', ...INPUT])).stdout) as {
      objects: string[];
    };
    expect(objects).toEqual((await run(['objects', ...INPUT])).stdout.trimEnd().split('\n'));
  });

  it('exits 1 for a module that the tree does not have', async () => {
    expect(await run(['map', ...INPUT, 'nvidia'])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('no module of this tree is called nvidia'),
    });
  });

  it('names modules and targets that are nearly called so', async () => {
    expect((await run(['map', ...INPUT, 'hreon'])).stderr).toContain('is called hreon; near it: heron\n');
    expect((await run(['map', ...INPUT, 'nvidia'])).stderr).not.toContain('near it');
    for (const symbol of ['USB', 'CONFIG_USB']) {
      expect((await run(['map', ...INPUT, symbol])).stderr).toContain(
        'USB is a symbol, which kconfig-trim why USB explains\n',
      );
    }
    const { stderr } = await run(['conf', 'oldefconfig', ...INPUT]);
    expect(stderr).toContain("no target 'oldefconfig'; near it: olddefconfig. Targets: ");
  });

  it('lists translation units', async () => {
    const units = (await run(['objects', ...INPUT])).stdout.trimEnd().split('\n');
    expect(units).toContain('fs/fat/inode.o');
    expect(units).toEqual([...units].sort());
  });
});

describe('--output', () => {
  it.each([
    [['objects']],
    [['objects', '--json']],
    [['map', 'xt_mark']],
    [['map', '--json', 'xt_mark']],
    [['why', 'LEDS_CLASS']],
    [['estimate']],
    [['check', '--skip', 'tools']],
    [['check', '--skip', 'tools', '--json']],
  ])('%j: the file has what would be printed, and nothing else is', async (words) => {
    const asked = [...words, ...INPUT];
    const printed = await run(asked);
    const file = join(copyExample(), 'answer');
    expect(await run([...asked, '-o', file])).toEqual({ ...printed, stdout: '' });
    expect(readFileSync(file, 'latin1')).toBe(printed.stdout);
    expect(await run([...asked, '-o', '-'])).toEqual(printed);
  });

  it('that cannot be written is an error', async () => {
    const { status, stdout, stderr } = await run(['objects', ...INPUT, '-o', '/dev/null/units']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain('/dev/null/units: what it is to be in is no directory; nothing was changed');
  });
});

describe('--help', () => {
  it('says what --config is to each command', async () => {
    const config = async (command: string): Promise<string> =>
      /--config <file> +([\w ]+)/.exec((await run(['help', command])).stdout)?.[1] ?? '';
    const commands = ['trim', 'why', 'check', 'conf', 'map', 'objects', 'estimate', 'build'];
    const texts = [];
    for (const command of commands) texts.push(await config(command));
    expect(texts[2]).toMatch(/^the config to check/);
    expect(new Set(texts).size).toBe(commands.length);
  });
});
