import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LoadedReport, RequestReport, SymbolChange, Violation } from '../../src/trim/types.ts';
import { copyExample, inOneLine, type Run, run } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = copyExample();
});

interface Finding {
  readonly source: string;
  readonly code: string;
  readonly subject: { readonly name: string };
}

interface Answer {
  readonly base: { readonly objects: number };
  readonly result: { readonly modules: number; readonly objects: number };
  readonly requests: readonly RequestReport[];
  readonly changed: readonly SymbolChange[];
  readonly lost: readonly Violation[];
  readonly loaded: readonly LoadedReport[];
}

const trim = (...args: readonly string[]): Promise<Run> =>
  run(['trim', '-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '--no-exec', '-o', 'out', ...args], { cwd: folder });

async function json(...args: readonly string[]): Promise<{ status: number | null; answer: Answer }> {
  const done = await trim('--json', ...args);
  return { status: done.status, answer: JSON.parse(done.stdout) as Answer };
}

const written = (): string => readFileSync(join(folder, 'out'), 'latin1');

describe('trim --set, --unset and --fragment', () => {
  it('holds what was asked for, whatever nothing loaded needs', async () => {
    writeFileSync(join(folder, 'ci.config'), 'CONFIG_LOG_BUF_SHIFT=20\nCONFIG_ZRAM=m\n# CONFIG_KVM is not set\n');
    const { status, answer } = await json('--fragment', 'ci.config', '--set', 'CONFIG_LOCALVERSION=-mine');
    expect(status).toBe(0);
    expect(answer.requests).toMatchObject([
      { symbol: 'LOG_BUF_SHIFT', value: '20', source: 'ci.config:1', from: '18', to: '20', holds: true },
      { symbol: 'ZRAM', value: 'm', source: 'ci.config:2', from: 'n', to: 'm', holds: true },
      { symbol: 'KVM', value: 'n', source: 'ci.config:3', holds: true },
      { symbol: 'LOCALVERSION', value: '-mine', source: '--set', from: '-distro', to: '-mine', holds: true },
    ]);
    expect(written()).toContain('CONFIG_LOG_BUF_SHIFT=20\n');
    expect(written()).toContain('CONFIG_LOCALVERSION="-mine"\n');
    expect(written()).toMatch(/^CONFIG_ZRAM=m$/m);
    expect(written()).not.toMatch(/^CONFIG_KVM=/m);
    // What the trim writes is what conf would leave.
    const again = await run(['conf', 'olddefconfig', '-C', 'tree', '-c', 'out', '--no-exec', '-o', '-'], {
      cwd: folder,
    });
    expect(again.stdout).toBe(written());
  });

  it.each(['-q', '--diff'])('names what does not hold where no report does: %s', async (option) => {
    const { status, stderr } = await trim('--set', 'NO_SUCH=y', option);
    expect(status).toBe(1);
    expect(stderr).toBe('kconfig-trim: BROKEN G9 NO_SUCH: y was asked for (--set), and this tree has no such symbol\n');
  });

  it('says of a number that changes with a value that its range is another then', async () => {
    const { stdout } = await trim('--set', '64BIT=n');
    expect(inOneLine(stdout)).toContain('NR_CPUS 256 -> 64: 256 is not within 1 to 64');
  });

  it('finds fragments in the tree as make does', async () => {
    for (const [place, line] of [
      ['kernel/configs', 'CONFIG_LOG_BUF_SHIFT=20\nCONFIG_ZRAM=m'],
      ['arch/x86/configs', 'CONFIG_LOG_BUF_SHIFT=21'],
    ] as const) {
      mkdirSync(join(folder, 'tree', place), { recursive: true });
      writeFileSync(join(folder, 'tree', place, 'ci.config'), `${line}\n`);
    }
    const { status, answer } = await json('--fragment', 'ci.config');
    expect(status).toBe(0);
    expect(answer.requests).toMatchObject([
      { symbol: 'LOG_BUF_SHIFT', value: '21', source: 'tree/arch/x86/configs/ci.config:1' },
      { symbol: 'ZRAM', value: 'm', source: 'tree/kernel/configs/ci.config:2' },
    ]);
    const why = await run(
      ['why', 'ZRAM', '-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '--no-exec', '--fragment', 'ci.config'],
      { cwd: folder },
    );
    expect(why.stdout).toContain('becomes m: asked for (tree/kernel/configs/ci.config:2)');
  });

  it('names the lines of a fragment that ask for nothing', async () => {
    writeFileSync(join(folder, 'ci.config'), 'CONFIG_ZRAM=m\nCONFIG_BAD\ngarbage\n');
    const { stdout } = await trim('--fragment', 'ci.config');
    expect(stdout).toContain('note: ci.config:2: unexpected data: CONFIG_BAD\n');
    expect(stdout).toContain('note: ci.config:3: unexpected data: garbage\n');
  });

  it('says of lines with blanks, and behind a byte order mark, why they do not hold', async () => {
    writeFileSync(
      join(folder, 'blanks.config'),
      'CONFIG_LOG_BUF_SHIFT=19\nCONFIG_LOG_BUF_SHIFT = 20\nCONFIG_NONE = y\n',
    );
    writeFileSync(join(folder, 'marked.config'), '\ufeffCONFIG_ZRAM=m\n');
    writeFileSync(join(folder, 'comment.config'), '\ufeff# nothing\nCONFIG_ZRAM=m\n');
    const files = ['blanks', 'marked', 'comment'].flatMap((name) => ['--fragment', `${name}.config`]);
    const { status, answer } = await json(...files);
    expect(status).toBe(1);
    expect(answer.requests.map(({ source, holds }) => `${source} ${holds}`)).toEqual([
      'blanks.config:1 true',
      'comment.config:2 true',
      'blanks.config:2 false',
      'blanks.config:3 false',
      'marked.config:1 false',
    ]);
    expect(answer.lost.map(({ name, note }) => `${name} ${note}`)).toEqual([
      'LOG_BUF_SHIFT 20 was asked for (blanks.config:2), but conf takes no blanks around "="',
      'NONE y was asked for (blanks.config:3), but conf takes no blanks around "="',
      'ZRAM m was asked for (marked.config:1), but conf passes over the line, as the file begins with a byte order mark',
    ]);
    expect(inOneLine((await trim(...files)).stdout)).toContain(
      'note: comment.config:1: the file begins with a byte order mark, so that conf passes over this line: # nothing',
    );
  });

  it('takes lines as check and conf merge do', async () => {
    const strings = ['CONFIG_LOCALVERSION="a\\-b" # c', 'CONFIG_MODULE_SIG_HASH=host'];
    const lines = [
      'CONFIG_SMP=yes',
      'CONFIG_ZRAM=maybe',
      'CONFIG_KVM=no',
      'CONFIG_NONE=no',
      ...strings,
      'CONFIG_PCI=m',
    ];
    writeFileSync(join(folder, 'ci.config'), `${lines.join('\n')}\n`);
    const { status, answer } = await json('--fragment', 'ci.config');
    expect(status).toBe(1);
    const lost = ['MODULE_SIG_HASH', 'PCI'];
    expect(answer.requests.filter(({ holds }) => !holds).map(({ symbol }) => symbol)).toEqual(lost);
    expect(answer.lost.map(({ note }) => note)).toEqual([
      'host was asked for (ci.config:6), which is no value for it: it is of type string, which is in quotes',
      'm was asked for (ci.config:7), which is no value for it: it is of type bool',
    ]);
    expect(written()).toMatch(/^CONFIG_ZRAM=m$/m);
    expect(written()).toMatch(/^CONFIG_LOCALVERSION="a-b"$/m);
    const letters = ['SMP=yes', 'ZRAM=maybe', 'KVM=no'];
    const text = inOneLine((await trim('--fragment', 'ci.config')).stdout);
    for (const letter of letters)
      expect(text).toMatch(new RegExp(`note: ci.config:\\d: ${letter}: .* first letter alone`));
    const findingsOf = async (...args: readonly string[]): Promise<string[]> => {
      const done = await run([...args, '-C', 'tree', '-c', 'config', '--no-exec', '--json'], { cwd: folder });
      const { findings } = JSON.parse(done.stdout) as { findings: Finding[] };
      return findings
        .filter(({ source }) => source === 'ci.config')
        .map(({ code, subject }) => `${code} ${subject.name}`)
        .sort();
    };
    const found = [
      ...lost.map((name) => `request-not-held ${name}`),
      ...letters.map((each) => `value-letter ${each.split('=')[0]}`),
    ];
    expect(await findingsOf('conf', 'merge', 'ci.config', '-o', 'merged')).toEqual(found.sort());
    writeFileSync(join(folder, 'config'), written());
    expect(await findingsOf('check', '--fragment', 'ci.config')).toEqual(found.sort());
  });

  it('refuses a value that no line can hold, and writes the others as they are', async () => {
    for (const command of ['trim', 'why'] as const) {
      const words = command === 'why' ? ['LOCALVERSION'] : ['-o', 'out'];
      for (const value of ['a\nCONFIG_KVM=y', '"a\nb"']) {
        const given = ['-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '--no-exec', '--set', `LOCALVERSION=${value}`];
        const { status, stderr, stdout } = await run([command, ...words, ...given], { cwd: folder });
        expect(stderr).toBe(
          `kconfig-trim: error: --set LOCALVERSION=${JSON.stringify(value)}: a value has to fit in one line of a .config\n`,
        );
        expect([status, stdout]).toEqual([2, '']);
      }
    }
    expect(existsSync(join(folder, 'out'))).toBe(false);
    const { answer } = await json('--set', 'LOCALVERSION=-ä€"\t\r\\');
    expect(answer.requests).toMatchObject([{ holds: true }]);
    expect(readFileSync(join(folder, 'out'), 'utf8')).toContain('CONFIG_LOCALVERSION="-ä€\\"\t\r\\\\"\n');
    const inUtf8 = await trim('--set', 'LOCALVERSION=-ä€', '--json');
    const { requests } = JSON.parse(Buffer.from(inUtf8.stdout, 'latin1').toString('utf8')) as Answer;
    expect(requests).toMatchObject([{ value: '-ä€', to: '-ä€' }]);
    const { stdout } = await trim('--set', 'LOCALVERSION=-ä€');
    expect(Buffer.from(stdout, 'latin1').toString('utf8')).toContain('LOCALVERSION=-ä€');
  });

  it('lets what stands later count', async () => {
    writeFileSync(join(folder, 'one.config'), 'CONFIG_LOG_BUF_SHIFT=19\n');
    writeFileSync(join(folder, 'two.config'), 'CONFIG_LOG_BUF_SHIFT=21\n');
    await trim('--fragment', 'one.config', '--fragment', 'two.config');
    expect(written()).toContain('CONFIG_LOG_BUF_SHIFT=21\n');
    await trim('--fragment', 'one.config', '--set', 'LOG_BUF_SHIFT=17');
    expect(written()).toContain('CONFIG_LOG_BUF_SHIFT=17\n');
  });

  it('turns on what a value needs, and says so with the reason', async () => {
    const off = (await trim('--unset', 'SND')).stdout;
    expect(off).toContain('BROKEN');
    await run(['conf', 'allnoconfig', '-C', 'tree', '--no-exec', '-o', 'none'], { cwd: folder });
    const done = await run(
      ['trim', '-C', 'tree', '-c', 'none', '--keep', 'PCI', '-l', 'empty', '--force', '--set', 'SND_HDA_TONE=y']
        .concat(['--no-exec', '-o', 'out', '--json'])
        .map((word) => (word === 'empty' ? fileOf('empty', 'Module Size Used by\n') : word)),
      { cwd: folder },
    );
    const { requests, changed } = JSON.parse(done.stdout) as Answer;
    expect(requests).toMatchObject([{ symbol: 'SND_HDA_TONE', holds: true }]);
    const [{ needs }] = requests as [RequestReport];
    expect(needs.map(({ symbol }) => symbol)).toContain('SND');
    const snd = changed.find(({ symbol }) => symbol === 'SND');
    expect(snd).toMatchObject({ from: 'n', because: 'SND_HDA_TONE=y cannot be without it' });
  });

  it('names what does not hold and why, and exits 1', async () => {
    const asked = ['LOG_BUF_SHIFT=99', 'KVM=maybe', 'ZRAM=', 'NO_SUCH_SYMBOL=y'].flatMap((text) => ['--set', text]);
    const { status, answer } = await json(...asked);
    expect(status).toBe(1);
    expect(answer.requests.map(({ holds }) => holds)).toEqual([false, false, false, false]);
    const notes = answer.lost.filter(({ promise }) => promise === 'G9').map(({ note }) => note);
    expect(notes).toEqual([
      expect.stringMatching(/^99 was asked for \(--set\), it is \d+: not within \d+ to \d+$/),
      'maybe was asked for (--set), which is no value for it: it is of type tristate',
      '"" was asked for (--set), which is no value for it: it is of type tristate',
      'y was asked for (--set), and this tree has no such symbol',
    ]);
    expect(inOneLine((await trim(...asked)).stdout)).toContain('set 0 of 4 values that were asked for hold');
  });

  it('takes a mistyped name of --unset for a mistake, and a line of a fragment for none', async () => {
    const typed = await json('--unset', 'ZRAN');
    expect(typed.status).toBe(1);
    expect(typed.answer.requests).toMatchObject([{ symbol: 'ZRAN', value: 'n', source: '--unset', holds: false }]);
    expect(typed.answer.lost.map(({ note }) => note)).toEqual([
      expect.stringMatching(/^n was asked for \(--unset\), and this tree has no such symbol; near it: ZRAM\b/),
    ]);
    expect(inOneLine((await trim('--unset', 'ZRAN')).stdout)).toContain('set 0 of 1 value that was asked for holds ');
    writeFileSync(join(folder, 'ci.config'), '# CONFIG_ZRAN is not set\n');
    const line = await json('--fragment', 'ci.config');
    expect(line.status).toBe(0);
    expect(line.answer.requests).toMatchObject([{ symbol: 'ZRAN', holds: true }]);
  });

  it('says which loaded modules a value takes away', async () => {
    const { status, answer } = await json('--unset', 'SND');
    expect(status).toBe(1);
    const lost = answer.loaded.filter((module) => module.status === 'lost').map(({ name }) => name);
    expect(lost).toContain('snd_hda_tone');
    expect(answer.requests).toMatchObject([{ symbol: 'SND', holds: true }]);
    const [first] = answer.lost;
    expect(first).toMatchObject({ promise: 'G1', blockers: [{ kind: 'builds' }] });
  });

  it('changes nothing of the whole kernel that was not asked for by its name', async () => {
    const { answer } = await json('--set', 'MODULES=n');
    expect(answer.requests).toMatchObject([{ symbol: 'MODULES', holds: true }]);
    const other = await json('--set', 'KVM=y', '--unset', 'MODULES');
    expect(other.answer.requests.map(({ holds }) => holds)).toEqual([true, true]);
  });

  describe('of MODULES', () => {
    const BASE_HAS_IT = 'the base config has it so, and it can be so now';
    const edit = (path: string, change: (text: string) => string): void => {
      const file = join(folder, 'tree', path);
      writeFileSync(file, change(readFileSync(file, 'latin1')));
    };

    it('off: trims first, and builds what stays into the kernel', async () => {
      const { status, answer } = await json('--unset', 'MODULES');
      const at = written();
      expect(at).not.toContain('=m\n');
      // What the two steps give that a person can take.
      const base = readFileSync(join(folder, 'config'));
      expect((await trim('--builtin')).status).toBe(0);
      writeFileSync(join(folder, 'config'), written());
      await trim('--unset', 'MODULES');
      writeFileSync(join(folder, 'config'), base);
      expect(written()).toBe(at);
      expect(answer.result.modules).toBe(0);
      expect(answer.result.objects).toBeLessThan(answer.base.objects * 0.9);
      // It is built as a module alone: `ifeq ($(CONFIG_NOVA),m)`.
      expect(answer.lost.map(({ promise, name }) => `${promise} ${name}`)).toEqual(['G1 nova_wcc']);
      expect(status).toBe(1);
      const kept = answer.loaded.filter((module) => module.status === 'kept');
      expect(kept.length).toBeGreaterThan(30);
      const because = new Map(answer.changed.map((change) => [change.symbol, change.because]));
      expect(because.get('NOVA')).toBe('without modules, it is built in');
      expect(because.get('MODULE_UNLOAD')).toBe('its dependencies do not hold any more');
      expect([...because.values()]).not.toContain(BASE_HAS_IT);
      expect(because.has('MODULES')).toBe(false);
    });

    it('off by a fragment: the same, with the other values', async () => {
      edit('init/Kconfig', (text) => `${text}\nconfig STATIC_ONLY\n\tbool "no modules"\n\tdepends on !MODULES\n`);
      await trim('--unset', 'MODULES');
      const plain = written();
      writeFileSync(
        join(folder, 'ci.config'),
        '# CONFIG_MODULES is not set\nCONFIG_ZRAM=y\nCONFIG_STATIC_ONLY=y\nCONFIG_LOG_BUF_SHIFT=20\n',
      );
      const { answer } = await json('--fragment', 'ci.config');
      expect(answer.requests.map(({ symbol, holds }) => `${symbol} ${holds}`)).toEqual([
        'MODULES true',
        'ZRAM true',
        'STATIC_ONLY true',
        'LOG_BUF_SHIFT true',
      ]);
      const lines = new Set(plain.split('\n'));
      const more = written()
        .split('\n')
        .filter((line) => /=[my]$/.test(line) && !lines.has(line));
      expect(more).toContain('CONFIG_ZRAM=y');
      expect(more.length).toBeLessThan(6);
    });

    it('off: what has modules alone goes, and is no feature that was lost', async () => {
      edit('drivers/net/ethernet/Kconfig', (text) =>
        text.replace('config FERRY_IPSEC\n\tbool', 'config FERRY_IPSEC\n\tdepends on MODULES\n\tbool'),
      );
      expect((await json()).answer.lost).toEqual([]);
      const { answer } = await json('--unset', 'MODULES');
      expect(answer.lost.map(({ promise, name }) => `${promise} ${name}`)).toEqual(['G1 nova_wcc']);
      const gone = answer.changed.find(({ symbol }) => symbol === 'FERRY_IPSEC');
      expect(gone).toMatchObject({ from: 'y', to: 'n', because: 'its dependencies do not hold any more' });
    });

    it('off: why says of what goes and of what stays the reason', async () => {
      const why = async (name: string): Promise<string> =>
        (
          await run(['why', name, '-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '--no-exec', '--unset', 'MODULES'], {
            cwd: folder,
          })
        ).stdout;
      expect(await why('FERRY')).toContain('becomes y: loaded\n');
      expect(await why('IKCONFIG')).toContain('turned off, no loaded module needs it');
      expect(await why('MODULES')).toContain('turned off: asked for (--unset)\n');
    });

    it('off in the base config as well: there is nothing to trim before', async () => {
      await trim('--unset', 'MODULES');
      const first = written();
      writeFileSync(join(folder, 'config'), first);
      const { status, answer } = await json('--unset', 'MODULES');
      expect(status).toBe(0);
      expect(written()).toBe(first);
      expect(answer.changed).toEqual([]);
    });
  });

  it('refuses a file that is no fragment, and takes an empty one', async () => {
    const done = await trim('--fragment', 'lsmod.txt');
    expect({ ...done, stderr: done.stderr.split('\n').slice(0, 1) }).toEqual({
      status: 2,
      stdout: '',
      stderr: ['lsmod.txt:1: error: no line sets a symbol (CONFIG_NAME=value): this is no fragment'],
    });
    writeFileSync(join(folder, 'empty.config'), '# nothing yet\n\n');
    expect((await trim('--fragment', 'empty.config')).status).toBe(0);
  });

  it('refuses what is no request, and contradictions, and writes nothing', async () => {
    for (const [args, message] of [
      [['--set', 'KVM'], '--set KVM: write it as --set SYMBOL=VALUE'],
      [['--unset', 'KVM=n'], '--unset KVM=n: write it as --unset SYMBOL'],
      [['--set', 'KVM=m', '--unset', 'CONFIG_KVM'], 'KVM is asked for twice: KVM=m and KVM=n'],
      [['--fragment', 'none.config'], '--fragment none.config: cannot be read: there is no such file'],
    ] as const) {
      const done = await trim(...args);
      expect(done).toMatchObject({ status: 2, stdout: '' });
      expect(inOneLine(done.stderr)).toContain(message);
    }
    expect(() => written()).toThrow();
  });
});

function fileOf(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return name;
}
