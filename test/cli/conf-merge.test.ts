import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { CheckFixture, GOOD } from './check-fixture.ts';
import { type Run, run, unbroken } from './run.ts';

let fixture: CheckFixture;
beforeEach(() => {
  fixture = new CheckFixture();
});

const merge = (args: readonly string[]): Promise<Run> =>
  run(['conf', 'merge', '-C', 'tree', '--no-exec', ...args], { cwd: fixture.path });

interface Merged {
  readonly schema: string;
  readonly holds: boolean | null;
  readonly notHeld: readonly string[];
  readonly written: string | null;
  readonly redefined: readonly { readonly kind: string; readonly name: string }[];
}

const json = async (args: readonly string[]): Promise<Merged> => JSON.parse((await merge([...args, '--json'])).stdout);

describe('conf merge', () => {
  it('lets the later file win, writes what conf makes of it, and says what was said before', async () => {
    const one = fixture.file('one.config', 'CONFIG_LOG_BUF_SHIFT=18\n# CONFIG_PUFFIN is not set\n');
    const two = fixture.file('two.config', 'CONFIG_LOG_BUF_SHIFT=20\n');
    const done = await merge(['config', one, two, '-o', 'out']);
    expect(done).toEqual({
      status: 0,
      stderr: '',
      stdout: `one.config:1: note: CONFIG_LOG_BUF_SHIFT=18 takes the place of
      CONFIG_LOG_BUF_SHIFT=17  config:16
two.config:1: note: CONFIG_LOG_BUF_SHIFT=20 takes the place of
      CONFIG_LOG_BUF_SHIFT=18  one.config:1
note: toolchain not asked (--no-exec): its answers are those that the base
      config records

tree         Linux 6.18.0-check, x86
base         config: 29 of 29 values are held
fragment     one.config: 1 of 1 value is held
fragment     two.config: 1 of 1 value is held
overridden   2 values
redundant    1 value (-r names them)
written      ${join(fixture.path, 'out')}
`,
    });
    expect(fixture.read('out')).toBe(GOOD.replace('SHIFT=17', 'SHIFT=20'));
  });

  it('holds no number that the result has no line for, though conf calculates 0', async () => {
    const kconfig = fixture.read('tree/Kconfig');
    writeFileSync(join(fixture.path, 'tree/Kconfig'), `${kconfig}\nconfig DEPTH\n\tint "depth"\n\tdepends on PUFFIN\n`);
    const off = fixture.file('off.config', 'CONFIG_DEPTH=0\n# CONFIG_PUFFIN is not set\n');
    const done = await merge(['config', off, '-o', 'out']);
    expect(done.status).toBe(1);
    expect(unbroken(done.stdout)).toContain('off.config:1: error: DEPTH=0 is asked for; the config has none\n');
  });

  it('names what decides over a number that no prompt sets, and what can be set in its place', async () => {
    const kconfig = fixture.read('tree/Kconfig');
    writeFileSync(
      join(fixture.path, 'tree/Kconfig'),
      `${kconfig}\nconfig SPEED\n\tint\n\tdefault 9 if DEBUG_INFO\n\tdefault 2\n\nconfig PACE\n\tint "pace"\n\tdefault SPEED\n`,
    );
    const asked = fixture.file('asked.config', 'CONFIG_SPEED=9\n# CONFIG_DEBUG_INFO is not set\n');
    const done = await merge(['config', asked, '-o', 'out', '-v']);
    expect(done.status).toBe(1);
    expect(unbroken(done.stdout)).toContain(`asked.config:1: error: SPEED=9 is asked for; the config has 2
    no prompt sets SPEED; by its defaults it is one of 9, 2
    which can be set and has it by default: PACE
    by default 2  Kconfig:90
    it is with: DEBUG_INFO=y
`);
  });

  it('says of a value that is the same that it was said before, however often it was', async () => {
    const twice = fixture.file('twice.config', 'CONFIG_LOG_BUF_SHIFT=18\nCONFIG_LOG_BUF_SHIFT=18\n');
    const once = fixture.file('once.config', 'CONFIG_LOG_BUF_SHIFT=18\n');
    const { stdout } = await merge(['config', twice, once, '-o', 'out', '-v']);
    expect(unbroken(stdout)).toContain(
      'twice.config:2: note: CONFIG_LOG_BUF_SHIFT=18 takes the place of CONFIG_LOG_BUF_SHIFT=17  config:16\n' +
        'once.config:1: note: CONFIG_LOG_BUF_SHIFT=18: said before  twice.config:2\n',
    );
    expect(stdout).toMatch(/^overridden {3}1 value\nredundant {4}1 value$/m);
    expect((await merge([twice, once, '-o', 'out', '--strict'])).status).toBe(0);
  });

  it('says once of a line that conf passes over that it does', async () => {
    const blanks = fixture.file('blanks.config', 'CONFIG_LOG_BUF_SHIFT= 20\nCONFIG_PCI = n\n');
    const marked = fixture.file('marked.config', '\u00ef\u00bb\u00bfCONFIG_HERON=y\n');
    const done = await merge(['config', blanks, marked, '-o', 'out', '-Q']);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(unbroken(done.stdout).match(/^\w+\.config:\d+: \w+/gm)).toEqual([
      'blanks.config:1: error',
      'blanks.config:2: error',
      'marked.config:1: error',
    ]);
    expect(fixture.read('out')).toBe(GOOD);
  });

  it('names commands that work as they are pasted', async () => {
    const drivers = Array.from({ length: 45 }, (_, i) => `DRIVER_${i}`);
    const kconfig = fixture.read('tree/Kconfig');
    const added = drivers.map((name) => `\nconfig ${name}\n\tbool "driver"\n\tdepends on CORE\n`).join('');
    fixture.file('tree/Kconfig', `${kconfig}\nconfig CORE\n\tbool "core"\n${added}`);
    const asked = fixture.file('all my.config', drivers.map((name) => `CONFIG_${name}=y\n`).join(''));
    for (const [done, config] of [
      [await merge(['config', asked, '-o', 'a result', '-v']), 'a result'],
      [await fixture.check(['-c', 'config', '--fragment', asked, ...['--no-exec', '--skip', 'tools', '-v']]), 'config'],
    ] as const) {
      const [, command = ''] =
        /given up before this one: (kconfig-trim why DRIVER_44 .*)$/m.exec(unbroken(done.stdout)) ?? [];
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!);
      expect(words).toEqual([
        'kconfig-trim',
        'why',
        'DRIVER_44',
        '-C',
        'tree',
        '--arch',
        'x86',
        '-c',
        config,
        '--no-exec',
      ]);
      const why = await run(words.slice(1), { cwd: fixture.path });
      expect(why).toMatchObject({ status: 0, stdout: expect.stringContaining('turn on   CORE=y DRIVER_44=y') });
    }
    const printed = await merge(['config', asked, '-o', '-', '-v']);
    expect(unbroken(printed.stderr)).toMatch(/given up before this one$/m);
  });

  it('takes --config for the base, and prints to standard output', async () => {
    const fragment = fixture.file('one.config', 'CONFIG_LOG_BUF_SHIFT=18\n');
    const done = await merge(['-c', 'config', fragment, '-o', '-', '-Q']);
    expect(done.stdout).toBe(GOOD.replace('SHIFT=17', 'SHIFT=18'));
    expect(done.stderr).toContain('base         config: ');
    expect(done.stderr).not.toContain('takes the place');
  });

  it('names a file that is no fragment; one of which later files take all is one', async () => {
    const text = 'no line sets a symbol (CONFIG_NAME=value): this is no fragment';
    const listing = await merge(['config', 'lsmod.txt', '-o', 'out']);
    expect(listing.status).toBe(1);
    expect(unbroken(listing.stdout)).toContain(`lsmod.txt:1: error: ${text}\n`);
    const own = fixture.file('own.config', 'OWN_PUFFIN=y\n');
    const later = fixture.file('later.config', 'OWN_PUFFIN=y\n');
    const merged = await run(['conf', 'merge', own, later, '-C', 'tree', '--no-exec', '-o', 'out'], {
      cwd: fixture.path,
      env: { CONFIG_: 'OWN_' },
    });
    expect(unbroken(merged.stdout)).not.toContain(text);
  });

  it('names each value that does not hold, why, and what would make it hold', async () => {
    const asked = [
      '# CONFIG_KESTREL is not set',
      'CONFIG_KESTREL_DIVE=y',
      'CONFIG_LOG_BUF_SHIFT=99',
      'CONFIG_SMP=maybe',
      'CONFIG_NO_SUCH_SYMBOL=y',
      '# CONFIG_NONE_EITHER is not set',
    ];
    const fragment = fixture.file('wrong.config', `${asked.join('\n')}\n`);
    const done = await merge(['-c', 'config', fragment, '-o', 'out', '-v']);
    expect(done.status).toBe(1);
    const text = unbroken(done.stdout);
    expect(text).toContain('wrong.config:3: error: LOG_BUF_SHIFT=99 is asked for; the config has 25\n');
    expect(text).toContain('    not within 12 to 25  Kconfig:');
    expect(text).toContain('    not a value for it: SMP is a bool\n');
    expect(text).toContain('wrong.config:5: error: NO_SUCH_SYMBOL=y is asked for; this tree has no such symbol\n');
    expect(text).toContain('on with: ');
    expect(existsSync(join(fixture.path, 'out'))).toBe(true);
    const { schema, holds, notHeld, written } = await json(['-c', 'config', fragment, '-o', 'out']);
    expect({ schema, holds, written }).toEqual({
      schema: 'kconfig-trim/merge-1',
      holds: false,
      written: join(fixture.path, 'out'),
    });
    expect(notHeld).toEqual(['KESTREL_DIVE', 'LOG_BUF_SHIFT', 'SMP', 'NO_SUCH_SYMBOL']);
    expect((await merge(['-c', 'config', fragment, '-o', 'out', '-q'])).stdout).not.toContain('note:');
  });

  it('puts files together and asks no Kconfig file with -m', async () => {
    const fragment = fixture.file('one.config', 'CONFIG_NO_SUCH_SYMBOL=y');
    const done = await merge(['-m', 'ci.config', fragment, '-o', 'out']);
    expect(done.status).toBe(0);
    expect(fixture.read('out')).toBe(`${fixture.read('ci.config')}\nCONFIG_NO_SUCH_SYMBOL=y`);
    expect((await json(['-m', 'ci.config', fragment, '-o', 'out'])).holds).toBeNull();
  });

  it('writes nothing with -s where a file changes a value of one before it', async () => {
    const fragment = fixture.file('one.config', 'CONFIG_LOG_BUF_SHIFT=18\n');
    const done = await merge(['-s', 'config', fragment, '-o', 'out']);
    expect(done.status).toBe(1);
    expect(done.stdout).toContain('refused: a fragment changes a value of one before it (--strict)');
    expect(existsSync(join(fixture.path, 'out'))).toBe(false);
    expect((await merge(['-s', 'config', 'config', '-o', 'out'])).status).toBe(0);
  });

  it('lets a built-in stay one with -y, and turns off what no file sets with -n', async () => {
    const base = fixture.file('base', 'CONFIG_MODULES=y\nCONFIG_PCI=y\nCONFIG_KESTREL=y\n');
    const fragment = fixture.file('one.config', 'CONFIG_KESTREL=m\n');
    await merge(['-y', base, fragment, '-o', 'out']);
    expect(fixture.read('out')).toContain('CONFIG_KESTREL=y\n');
    await merge([base, fragment, '-o', 'out']);
    expect(fixture.read('out')).toContain('CONFIG_KESTREL=m\n');
    expect((await json(['-y', base, fragment, '-o', 'out'])).redefined).toMatchObject([{ kind: 'kept-builtin' }]);
    await merge(['-n', base, '-o', 'out']);
    expect(fixture.read('out')).not.toMatch(/CONFIG_PUFFIN=/);
  });

  it('finds fragments as make does: all of a name, in kernel/configs and of the architecture', async () => {
    for (const [folder, line] of [
      ['kernel/configs', 'CONFIG_LOG_BUF_SHIFT=18'],
      ['arch/x86/configs', 'CONFIG_LOG_BUF_SHIFT=19'],
    ] as const) {
      mkdirSync(join(fixture.path, 'tree', folder), { recursive: true });
      writeFileSync(join(fixture.path, 'tree', folder, 'ci_guest.config'), `${line}\n`);
    }
    await merge(['config', 'ci_guest.config', '-o', 'out']);
    expect(fixture.read('out')).toContain('CONFIG_LOG_BUF_SHIFT=19\n');
    await merge(['config', 'kernel/configs/ci_guest.config', '-o', 'out']);
    expect(fixture.read('out')).toContain('CONFIG_LOG_BUF_SHIFT=18\n');
    // So do other commands.
    const asked = await fixture.json(['-c', 'config', '--fragment', 'ci_guest.config', '--skip', 'tools']);
    expect(asked.findings.map(({ code, at }) => [code, at?.file])).toEqual([
      ['request-overridden', join('tree/kernel/configs/ci_guest.config')],
      ['request-not-held', join('tree/arch/x86/configs/ci_guest.config')],
    ]);
    for (const args of [
      ['conf', 'merge', 'config', 'ci_gest.config'],
      ['check', '-c', 'config', '--fragment', 'kernel/configs/ci_gest.config'],
      ['trim', '-c', 'config', '-l', 'lsmod.txt', '--fragment', 'ci_gest.config'],
      ['why', 'PCI', '-c', 'config', '--fragment', 'ci_gest.config'],
    ]) {
      const done = await run([...args, '-C', 'tree', '--no-exec'], { cwd: fixture.path });
      expect(done).toMatchObject({ status: 2, stdout: '' });
      expect(unbroken(done.stderr)).toContain('there is no such file; near it: ci_guest.config\n');
    }
  });

  it('refuses what is not there, and its own options elsewhere', async () => {
    const refusals: readonly (readonly [string[], string])[] = [
      [['merge'], 'nothing to merge'],
      [['merge', 'config', 'ci.confg'], 'fragment ci.confg: cannot be read: there is no such file; near it: ci.config'],
      [['olddefconfig', '-y'], '--builtin is for conf merge alone'],
      [['olddefconfig', '-Q'], '--no-overridden is for conf merge alone'],
      [['defconfig', 'config', 'ci.config'], 'conf defconfig takes no second file: ci.config'],
    ];
    for (const [args, message] of refusals) {
      const done = await run(['conf', ...args, '-C', 'tree', '--no-exec', '-o', 'out'], { cwd: fixture.path });
      expect(done).toMatchObject({ status: 2, stdout: '' });
      expect(unbroken(done.stderr).replace(/\s+/g, ' ')).toContain(message);
    }
    expect(existsSync(join(fixture.path, 'out'))).toBe(false);
    expect(readFileSync(join(fixture.path, 'config'), 'latin1')).toBe(GOOD);
  });
});
