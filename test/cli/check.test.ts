import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordText } from '../helpers/record-text.ts';
import { CheckFixture, GOOD } from './check-fixture.ts';
import { SPOILINGS } from './check-spoilings.ts';
import { unbroken } from './run.ts';
import { snapshot } from './unchanged.ts';

const SKIP = ['--skip', 'tools'];
const MARKED = 'the file begins with a byte order mark, so that conf passes over this line';
const write = (line: string, instead: string): string => `${line}: conf takes no blanks around "="; write ${instead}`;

let fixture: CheckFixture;
beforeEach(() => {
  fixture = new CheckFixture();
});

describe('a good config', () => {
  it('is sound, whatever is asked of it that it holds, and nothing is written', async () => {
    const before = snapshot(fixture.path);
    const asked = ['-l', 'lsmod.txt', '--fragment', 'ci.config', '--keep', 'HERON:kestrel', '--against', 'config'];
    const done = await fixture.check(['-c', 'config', '--strict', ...asked]);
    expect(done).toEqual({
      status: 0,
      stderr: '',
      stdout: `config       config for Linux 6.18.0-check, x86
lines        each is taken as it stands
fixpoint     olddefconfig would change nothing
dependencies no select breaks any
fragment     ci.config: 5 of 5 values are held
listing      lsmod.txt: 4 of 4 modules are built
keep         2 of 2 kept
against      config: nothing that was on is off
files        none is missing
tools        19 of 19 there
result       sound
`,
    });
    expect(snapshot(fixture.path)).toEqual(before);
  });

  it('is the .config of the build directory where none is named, and no other', async () => {
    fixture.file('tree/.config', GOOD);
    expect((await fixture.check([])).stdout).toMatch(/^config {7}tree\/\.config for /);
    expect(await fixture.check([], { env: { KCONFIG_CONFIG: 'other' } })).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('tree/other: cannot be read: there is no such file'),
    });
  });

  it('says nothing with -q', async () => {
    expect(await fixture.check(['-c', 'config', '-q'])).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('what is no error', () => {
  it('a symbol that is gone behind hundreds of others', async () => {
    const others = Array.from({ length: 250 }, (_, i) => `CONFIG_GONE_${i}=y`);
    const config = fixture.spoiled(['CONFIG_KESTREL_DIVE=y', [...others, 'CONFIG_KESTRAL_DIVE=y'].join('\n')]);
    const { findings } = await fixture.json(['-c', config, '--skip', 'tools']);
    const found = findings.find(({ subject }) => subject.name === 'KESTRAL_DIVE');
    expect(found?.successors.map(({ name }) => name)).toEqual(['KESTREL_DIVE']);
  });

  it('a mistyped symbol: the one near it is named, and is no successor', async () => {
    const config = fixture.spoiled(['# CONFIG_PUFFIN is not set', 'CONFIG_PUFFN=y'], ['CONFIG_PCI=y', 'CONFIG_PCII=y']);
    const { findings } = await fixture.json(['-c', config, '--skip', 'tools']);
    const found = findings.find(({ subject }) => subject.name === 'PCII');
    expect(found).toMatchObject({ severity: 'error', code: 'symbol-gone', successors: [], args: { near: 'PCI' } });
    expect(found!.message).toContain('this tree has no such symbol; near it: PCI; olddefconfig drops the line');
    const both = fixture.file('both', `${GOOD}CONFIG_PCII=y\n`);
    const beside = (await fixture.json(['-c', both, '--skip', 'tools'])).findings;
    expect(beside.find(({ subject }) => subject.name === 'PCII')!.args).toEqual({});
    const fragment = fixture.file('ci.fragment', 'CONFIG_PCII=y\n');
    const asked = (await fixture.json(['-c', 'config', '--fragment', fragment, '--skip', 'tools'])).findings;
    expect(asked.find(({ code }) => code === 'request-unknown')!.message).toContain('near it: PCI');
  });

  it('a symbol that is gone, where what has its code now is built', async () => {
    const line = 'CONFIG_HERON_MBOX=m';
    const config = fixture.file('old', `${GOOD}${line}\n`);
    const [found] = (await fixture.json(['-c', config])).findings;
    expect(found).toMatchObject({ severity: 'warning', code: 'symbol-gone' });
    expect(found?.successors).toMatchObject([{ name: 'drivers/heron/heron', evidence: 'part', symbols: ['HERON'] }]);
    const off = fixture.file('off', `${GOOD.replace('CONFIG_HERON=m', '# CONFIG_HERON is not set')}${line}\n`);
    const gone = (await fixture.json(['-c', off])).findings.find(({ code }) => code === 'symbol-gone');
    expect(gone).toMatchObject({ severity: 'error', successors: [{ evidence: 'part' }] });
  });

  it('symbols without a line are named together, and fail with --strict', async () => {
    const config = fixture.spoiled(['# CONFIG_PUFFIN is not set', ''], ['CONFIG_LOG_BUF_SHIFT=17', '']);
    const done = await fixture.check(['-c', config]);
    expect(done.status).toBe(0);
    expect(unbroken(done.stdout)).toContain(
      'warning: 2 symbols have no line; olddefconfig gives them their defaults: LOG_BUF_SHIFT, PUFFIN\n',
    );
    expect(unbroken(done.stdout)).toContain('\nresult       sound: 2 warnings\n');
    expect((await fixture.check(['-c', config, '-q'])).stdout).toBe('');
    const strict = await fixture.check(['-c', config, '--strict', '-q']);
    expect([strict.status, strict.stdout]).toEqual([1, expect.stringContaining('warning: 2 symbols have no line')]);
    expect(unbroken((await fixture.check(['-c', config, '-v'])).stdout)).toContain(
      'Kconfig:36: warning: LOG_BUF_SHIFT has no line; olddefconfig makes it 17\n',
    );
  });

  it('a config of another version is told as one', async () => {
    const config = fixture.file('old', GOOD.replace('6.18.0-check', '6.12.1'));
    expect(await fixture.check(['-c', config, '--strict'])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('note: the base config is of 6.12.1, the tree of 6.18.0-check: '),
    });
  });

  it('values that follow another toolchain are notes', async () => {
    const config = fixture.spoiled(['CONFIG_CC_VERSION_TEXT="gcc (Check) 12.2.0"', 'CONFIG_CC_VERSION_TEXT="gcc 9"']);
    const done = await fixture.check(['-c', config, '--strict']);
    expect(done.status).toBe(0);
    expect(unbroken(done.stdout)).toContain(
      `${fixture.at('CONFIG_CC_VERSION_TEXT="gcc 9"')}: note: CC_VERSION_TEXT="gcc 9": with the toolchain here it is "gcc (Check) 12.2.0"\n`,
    );
  });

  it('what depends on another toolchain and was asked for is an error all the same', async () => {
    const done = await fixture.check(['-c', 'config'], { tools: { programs: { pahole: null } } });
    expect(done.status).toBe(1);
    expect(unbroken(done.stdout)).toContain(
      'error: DEBUG_INFO_BTF=y: olddefconfig makes it n\n    depends on PAHOLE_VERSION>=122',
    );
    expect(unbroken(done.stdout)).toContain('note: PAHOLE_VERSION=125: with the toolchain here it is 0\n');
    const off = fixture.spoiled(['CONFIG_DEBUG_INFO_BTF=y', '# CONFIG_DEBUG_INFO_BTF is not set']);
    const none = await fixture.check(['-c', off, '--skip', 'tools', '--strict'], {
      tools: { programs: { pahole: null } },
    });
    expect(none.status).toBe(0);
    expect(unbroken(none.stdout)).toMatch(/note: DEBUG_INFO_BTF: it cannot be seen; olddefconfig drops the line/);
  });

  it('modules from outside the tree are a warning, those that the listing marks a note', async () => {
    const listing = fixture.file('proc', 'heron 139264 1 - Live 0x0\nwren 1 0 - Live 0x0 (OE)\n');
    const marked = await fixture.check(['-c', 'config', '-l', listing, '--strict']);
    expect(marked.status).toBe(0);
    expect(unbroken(marked.stdout)).toContain(
      'note: loaded module wren was built outside the tree; build it for this kernel too',
    );
    expect(unbroken(marked.stdout)).toContain('listing      proc: 1 of 1 module is built, 1 not of this tree\n');
    const plain = fixture.file('plain', 'heron\nwren\n');
    expect((await fixture.check(['-c', 'config', '-l', plain])).status).toBe(0);
    expect((await fixture.check(['-c', 'config', '-l', plain, '--strict'])).status).toBe(1);
  });

  it('of several fragments the last one counts; lines that merge_config.sh passes over are told', async () => {
    const first = fixture.file('first.config', 'CONFIG_HERON=y\n CONFIG_PUFFIN=m\n# CONFIG_PUFFIN=m\n');
    const second = fixture.file('second.config', 'CONFIG_HERON=m\n');
    const done = await fixture.check(['-c', 'config', '--fragment', first, '--fragment', second]);
    expect(done.status).toBe(0);
    expect(unbroken(done.stdout)).toContain('first.config:1: note: HERON=y is set to m later, at second.config:1\n');
    expect(unbroken(done.stdout)).toContain(
      'first.config:2: warning: looks like a value, but merge_config.sh would not take it: CONFIG_PUFFIN=m\n',
    );
    expect(unbroken(done.stdout)).toContain('fragment     first.config: no value is asked for\n');
    expect((await fixture.check(['-c', 'config', '--fragment', second, '--fragment', first])).status).toBe(1);
  });

  it('symbols that are not there, as one where many are and nothing else is known of them', async () => {
    const gone = ['XQZA', 'VWXB', 'QQZC', 'ZZWD'].map((name) => `CONFIG_${name}=y`);
    const config = fixture.spoiled(['CONFIG_PCI=y', [...gone, 'CONFIG_PCII=y'].join('\n')]);
    const done = await fixture.check(['-c', config, ...SKIP]);
    expect(unbroken(done.stdout)).toContain(
      'error: 4 symbols are not in this tree; olddefconfig drops their lines: XQZA, VWXB, QQZC, ZZWD\n',
    );
    expect(unbroken(done.stdout)).toContain(`${config}:48: error: PCII=y: this tree has no such symbol; near it: PCI;`);
    expect((await fixture.check(['-c', config, ...SKIP, '-v'])).stdout.match(/no such symbol/g)).toHaveLength(5);
  });

  it('a value of which conf takes the first letter alone, in a config and a fragment', async () => {
    const config = fixture.spoiled(
      ['CONFIG_KESTREL=m', 'CONFIG_KESTREL=maybe'],
      ['CONFIG_KESTREL_DIVE=y', 'CONFIG_KESTREL_DIVE=yes'],
    );
    const part = fixture.file('part.config', 'CONFIG_KESTREL=maybe\nCONFIG_PCI=y\nCONFIG_LOCALVERSION="-check"\n');
    const found = async (args: readonly string[]) =>
      (await fixture.json([...args, ...SKIP])).findings.map(({ severity, code, at, message }) => ({
        severity,
        code,
        at: at!.line,
        message,
      }));
    const line = (text: string): number => fixture.read(config).split('\n').indexOf(text) + 1;
    const says = (text: string, type: string, letter: string): string =>
      `${text}: ${text.replace(/=.*/, '')} is a ${type}, and conf takes the first letter alone: ${letter}`;
    const finding = { severity: 'warning', code: 'value-letter' };
    const maybe = { ...finding, message: says('KESTREL=maybe', 'tristate', 'm') };
    expect((await found(['-c', config])).sort((a, b) => (a.message < b.message ? -1 : 1))).toEqual([
      { ...maybe, at: line('CONFIG_KESTREL=maybe') },
      { ...finding, at: line('CONFIG_KESTREL_DIVE=yes'), message: says('KESTREL_DIVE=yes', 'bool', 'y') },
    ]);
    expect(await found(['-c', 'config', '--fragment', part])).toEqual([{ ...maybe, at: 1 }]);
  });

  it('a line with blanks around "=", and one behind a byte order mark, with what to do', async () => {
    const blanks = fixture.file('blanks.config', 'CONFIG_LOG_BUF_SHIFT = 20\nCONFIG_HERON= y\nCONFIG_NONE = m\n');
    const marked = fixture.file('marked.config', '\u00ef\u00bb\u00bfCONFIG_LOG_BUF_SHIFT=20\n');
    const { findings } = await fixture.json(['-c', 'config', '--fragment', blanks, '--fragment', marked, ...SKIP]);
    expect(findings.map(({ severity, code, at, message }) => [severity, code, at!.line, message])).toEqual([
      ['error', 'line-blanks', 1, write('CONFIG_LOG_BUF_SHIFT = 20', 'CONFIG_LOG_BUF_SHIFT=20')],
      ['error', 'line-blanks', 2, write('CONFIG_HERON= y', 'CONFIG_HERON=y')],
      ['error', 'line-blanks', 3, write('CONFIG_NONE = m', 'CONFIG_NONE=m')],
      ['error', 'line-marked', 1, `${MARKED}: CONFIG_LOG_BUF_SHIFT=20`],
    ]);
    const config = fixture.spoiled(
      ['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT = 17'],
      ['CONFIG_LOCALVERSION="-check"', 'CONFIG_LOCALVERSION= "-check"'],
    );
    expect((await fixture.json(['-c', config, ...SKIP])).findings.map(({ code }) => code)).toEqual([
      'line-blanks',
      'line-blanks',
    ]);
    // Two of them, as of files that were put together.
    const twice = `\u00ef\u00bb\u00bf\u00ef\u00bb\u00bf${GOOD}`;
    fixture.file(config, twice);
    const done = await fixture.check(['-c', config, ...SKIP]);
    expect(done.status).toBe(0);
    expect(unbroken(done.stdout)).toContain(
      `${config}:1: warning: ${MARKED}: #\n    take it away: sed -i '1s/^\\(\\xef\\xbb\\xbf\\)*//' ${config}\n`,
    );
    execFileSync('sed', ['-i', String.raw`1s/^\(\xef\xbb\xbf\)*//`, config], { cwd: fixture.path });
    expect(fixture.read(config)).toBe(GOOD);
    writeFileSync(join(fixture.path, 'config.gz'), gzipSync(Buffer.from(twice, 'latin1')));
    const packed = await fixture.check(['-c', 'config.gz', ...SKIP]);
    expect(unbroken(packed.stdout)).toContain(`config.gz:1: warning: ${MARKED}: #\n`);
    expect(packed.stdout).not.toContain('sed -i');
  });

  it('a line that asks for nothing is no value of a fragment', async () => {
    fixture.file('one.config', '\u00ef\u00bb\u00bf\nCONFIG_HERON=y\n CONFIG_HERON=y\n');
    const { stdout } = await fixture.check(['-c', 'config', '--fragment', 'one.config', ...SKIP]);
    expect(unbroken(stdout)).toMatch(/one\.config: [01] of 1 value is held/);
  });

  it('a symbol that is off and gone, or cannot be seen, only makes a line too many', async () => {
    const config = fixture.spoiled(['CONFIG_PCI=y', 'CONFIG_PCI=y\n# CONFIG_AUK is not set']);
    expect(await fixture.check(['-c', config])).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('warning: AUK=n: this tree has no such symbol'),
    });
  });

  it('a directory to keep needs an old config', async () => {
    const { status, stdout } = await fixture.check(['-c', 'config', '--keep', 'drivers/heron', '--strict']);
    expect(status).toBe(0);
    expect(unbroken(stdout)).toContain(
      'note: --keep drivers/heron: a directory stands for what is on in an old config',
    );
  });
});

describe('the machine', () => {
  it('needs no openssl where the key is there, nor what only other configs need', async () => {
    const tools = { programs: { openssl: null, gzip: null } };
    expect(unbroken((await fixture.check(['-c', 'config'], { tools })).stdout)).toContain(
      'error: openssl is missing; make needs it for',
    );
    fixture.file('tree/certs/signing_key.pem', '');
    const done = await fixture.check(['-c', 'config'], { tools });
    expect(done).toMatchObject({ status: 0, stdout: expect.stringContaining('tools        18 of 18 there\n') });
  });

  it('refuses a file that is no fragment; an empty one asks for nothing', async () => {
    const done = await fixture.check(['-c', 'config', '--fragment', 'lsmod.txt']);
    expect(done.status).toBe(1);
    expect(unbroken(done.stdout)).toContain(
      'lsmod.txt:1: error: no line sets a symbol (CONFIG_NAME=value): this is no fragment\n',
    );
    const empty = fixture.file('empty.config', '# nothing yet\n\n');
    expect((await fixture.check(['-c', 'config', '--fragment', empty])).status).toBe(0);
  });

  it('needs what a fragment asks for, too', async () => {
    const config = fixture.spoiled(['CONFIG_DEBUG_INFO_BTF=y', '# CONFIG_DEBUG_INFO_BTF is not set']);
    const args = ['-c', config, '--fragment', fixture.file('btf.config', 'CONFIG_DEBUG_INFO_BTF=y\n')];
    const done = await fixture.check(args, { tools: { programs: { pahole: null } } });
    expect(unbroken(done.stdout)).toContain('error: pahole is missing; make needs it for DEBUG_INFO_BTF\n');
    expect(unbroken(done.stdout)).toContain('btf.config:1: error: DEBUG_INFO_BTF=y is asked for; the config has n\n');
  });

  it('may have a compiler behind ccache, with arguments, and need not have what the variables replace', async () => {
    const tools = { launchers: ['ccache'], programs: { flex: null, reflex: 'reflex 2.6' } };
    const env = { CC: 'ccache gcc -m64', MAKEFLAGS: 'LEX=reflex' };
    const done = await fixture.check(['-c', 'config'], { tools, env });
    expect(unbroken(done.stdout)).toContain('tools        19 of 19 there\n');
    const broken = await fixture.check(['-c', 'config'], { tools, env: { CC: 'ccache gcc-99' } });
    expect(unbroken(broken.stdout)).toContain('error: gcc-99 is missing; make needs it for CC\n');
  });

  it('is told the packages of a cross compiler', async () => {
    const done = await fixture.check(['-c', 'config'], { env: { CROSS_COMPILE: 'riscv64-linux-gnu-' } });
    expect(unbroken(done.stdout)).toContain(
      'error: riscv64-linux-gnu-gcc is missing; make needs it for CC\n' +
        '    packages: Debian gcc-riscv64-linux-gnu, Fedora gcc-riscv64-linux-gnu, Arch riscv64-linux-gnu-gcc, ' +
        'openSUSE cross-riscv64-gcc14\n',
    );
  });

  it('is not asked with --no-exec, but searched for', async () => {
    const tools = { programs: { bc: null, make: 'GNU Make 3.82' } };
    const done = await fixture.check(['-c', 'config', '--no-exec'], { tools });
    expect(unbroken(done.stdout)).toContain('error: bc is missing; make needs it\n');
    expect(done.stdout).not.toContain('3.82');
    expect(unbroken(done.stdout)).toContain('note: programs were not asked for their versions (--no-exec)\n');
  });

  it('is left alone with --skip', async () => {
    const tools = { programs: { bc: null, pahole: null } };
    const done = await fixture.check(['-c', 'config', '--skip', 'tools,files', '--no-exec'], { tools });
    expect(done.status).toBe(0);
    expect(done.stdout).not.toMatch(/^(tools|files) /m);
    expect(await fixture.check(['-c', 'config', '--skip', 'everything'])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('--skip everything: no such check; there are: config fixpoint'),
    });
  });
});

describe('what cannot be run', () => {
  it.each([
    [
      'a fragment that is not there',
      ['--fragment', 'none.config'],
      'none.config: cannot be read: there is no such file',
    ],
    ['an old config that is not there', ['--against', 'none'], 'none: cannot be read: there is no such file'],
    ['a listing that is not there', ['-l', 'none.txt'], 'none.txt: cannot be read'],
  ])('%s ends with status 2', async (_, args, message) => {
    expect(await fixture.check(['-c', 'config', ...args])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining(message),
    });
  });
});

describe('the form', () => {
  it('has the keys that docs/json.md documents', async () => {
    const answer = await fixture.json(SPOILINGS['a required module that is off']!(fixture).args);
    expect(Object.keys(answer)).toEqual([
      ...['schema', 'tree', 'config', 'sound', 'counts', 'causes', 'checks', 'findings', 'warnings'],
    ]);
    expect(answer.schema).toBe('kconfig-trim/check-1');
    expect(answer.counts).toEqual({ error: 1, warning: 0, info: 0 });
    expect(answer.checks.map(({ name, cases, failed }) => [name, cases, failed])).toEqual([
      ['config', 0, 0],
      ['fixpoint', 0, 0],
      ['dependencies', 0, 0],
      ['listings', 4, 1],
      ['files', 0, 0],
      ['tools', 19, 0],
    ]);
    expect(Object.keys(answer.findings[0]!)).toEqual([
      ...[
        'check',
        'source',
        'at',
        'wanted',
        'held',
        'setBy',
        'blockers',
        'remedy',
        'hindrances',
        'successors',
        'cause',
      ],
      ...['args', 'code', 'severity', 'subject', 'message'],
    ]);
  });
});

describe('a record', () => {
  const MODULES = ['heron', 'heron_lib', 'heron_vf', 'kestrel'].map((name) => `module ${name} 1`);
  const record = (...facts: readonly string[]): string => {
    fixture.file('tree/drivers/kestrel.c', 'struct file_system_type t = { .name = "kestrelfs" };\n');
    fixture.file(
      'tree/drivers/puffin.c',
      'static struct platform_driver d = { .driver = { .name = "puffin-bird" } };\n',
    );
    return fixture.file('host.record', recordText(...MODULES, ...facts));
  };

  it('is checked for what the machine uses beside its modules', async () => {
    const facts = ['driver platform puffin-bird - 1', 'fs kestrelfs mounted', 'fs nosuchfs fstab'];
    const done = await fixture.check(['-c', 'config', '-l', record(...facts), '-v']);
    expect(done.status).toBe(1);
    expect(unbroken(done.stdout)).toContain(
      'drivers/Makefile:4: error: puffin (drivers/puffin) is not built; the machine uses it: driver platform puffin-bird -\n',
    );
    expect(done.stdout).toContain('note: nothing in this tree is nosuchfs; the machine uses it: fs nosuchfs fstab\n');
    expect(done.stdout).toContain('\nlisting      host.record: 4 of 4 modules are built\n');
    expect(done.stdout).toContain('\nrecord       host.record: 0 of 1 other part is built, 1 not of this tree\n');
    const on = fixture.spoiled(['# CONFIG_PUFFIN is not set', 'CONFIG_PUFFIN=m']);
    const { checks, sound } = await fixture.json(['-c', on, '-l', 'host.record']);
    expect(sound).toBe(true);
    expect(checks.find(({ name }) => name === 'record')).toMatchObject({ cases: 2, failed: 0 });
  });

  it('names the part that a built module lacks, its object and the way on', async () => {
    const listing = record('fs divefs fstab', 'fs plainfs fstab');
    const off = fixture.spoiled(['CONFIG_KESTREL_DIVE=y', '# CONFIG_KESTREL_DIVE is not set']);
    const kestrel = ['#ifdef CONFIG_KESTREL_DIVE', 'struct file_system_type d = { .name = "divefs" };', '#endif'];
    fixture.file(
      'tree/drivers/kestrel.c',
      `struct file_system_type t = { .name = "plainfs" };\n${kestrel.join('\n')}\n`,
    );
    const { findings } = await fixture.json(['-c', off, '-l', listing]);
    expect(findings).toMatchObject([
      {
        code: 'record-off',
        severity: 'error',
        subject: { kind: 'word', name: 'divefs' },
        at: { file: 'drivers/kestrel.c', line: 3 },
        remedy: { changes: [{ symbol: 'KESTREL_DIVE', value: 'y' }] },
        message:
          'divefs is left out of drivers/kestrel.o of drivers/kestrel.ko: KESTREL_DIVE is off; the machine uses it: fs divefs fstab',
      },
    ]);
  });

  it('names the part beside its module, where both are off', async () => {
    const listing = record('fs burrowfs fstab');
    const off = fixture.spoiled(['CONFIG_KESTREL_DIVE=y', '# CONFIG_KESTREL_DIVE is not set']);
    fixture.file(
      'tree/drivers/puffin.c',
      '#ifdef CONFIG_KESTREL_DIVE\nstruct file_system_type b = { .name = "burrowfs" };\n#endif\n',
    );
    const { findings } = await fixture.json(['-c', off, '-l', listing]);
    expect(findings.map(({ subject, remedy }) => [subject.name, remedy?.changes[0]?.symbol])).toEqual([
      ['puffin', 'PUFFIN'],
      ['burrowfs', 'KESTREL_DIVE'],
    ]);
  });

  it('warns where the driver of hardware was not loaded there', async () => {
    const { findings, sound } = await fixture.json([
      '-c',
      'config',
      '-l',
      record('match puffin module platform:puffin'),
    ]);
    expect(sound).toBe(true);
    expect(findings).toMatchObject([
      { code: 'record-off', severity: 'warning', subject: { kind: 'module', name: 'puffin' } },
    ]);
    expect(findings[0]!.message).toBe(
      'puffin (drivers/puffin) is not built; hardware is there, its driver was not loaded: match puffin module platform:puffin',
    );
  });

  it('is a list of modules with --skip record', async () => {
    const facts = record('driver platform puffin-bird - 1');
    expect((await fixture.check(['-c', 'config', '-l', facts, '--skip', 'record'])).status).toBe(0);
  });
});

describe('what fits nothing', () => {
  it('a fragment that is not there: what is near', async () => {
    expect(await fixture.check(['-c', 'config', '--fragment', 'ci.confg'])).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('--fragment ci.confg: cannot be read: there is no such file; near it: ci.config'),
    });
  });

  it('a word of --keep: what is near', async () => {
    const { findings } = await fixture.json(['-c', 'config', '--keep', 'KESTRLE']);
    expect(findings[0]!.message).toContain('of this tree; near it: KESTREL, kestrel');
  });
});
