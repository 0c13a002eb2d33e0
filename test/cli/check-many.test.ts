import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordText } from '../helpers/record-text.ts';
import { type Answer, CheckFixture, GOOD } from './check-fixture.ts';
import { junitErrors } from './junit-schema.ts';
import { inOneLine, unbroken } from './run.ts';
import { sarifErrors, sarifPlace, sarifResults } from './sarif-schema.ts';
import { Toolbox } from './toolbox.ts';

let fixture: CheckFixture;
beforeEach(() => {
  fixture = new CheckFixture();
});

const spoil = (): string => fixture.spoiled(['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT=30']);
const skip = ['--skip', 'tools'];

interface Many {
  readonly schema: string;
  readonly sound: boolean;
  readonly configs: readonly (Answer & { readonly config: { readonly source: string } })[];
}

describe('several configs', () => {
  it('are checked in the order in which they are named, with a table at the end', async () => {
    const done = await fixture.check(['-c', 'config', '-c', spoil(), ...skip]);
    expect(done.status).toBe(1);
    expect(done.stdout).toContain('config       config for Linux 6.18.0-check, x86\n');
    expect(done.stdout).toContain('spoiled:16: error: LOG_BUF_SHIFT=30: not within 12 to 25;');
    expect(done.stdout).toMatch(
      new RegExp(
        [
          '\n\nconfig   arch  errors  warnings  notes  result',
          'config   x86        0         0      0  sound',
          'spoiled  x86        1         0      0  not sound',
          '1 of 2 configs is not sound\n$',
        ].join('\n'),
      ),
    );
    expect((await fixture.check(['-c', 'config', '-c', 'config', ...skip])).stdout).toMatch(
      /\nall 2 configs are sound\n$/,
    );
  });

  it('are one object, one JUnit file and one SARIF log', async () => {
    const formats = ['json=r.json', 'junit=r.xml', 'sarif=r.sarif', 'summary=r.md', 'github=r.txt'];
    const words = formats.flatMap((format) => ['--format', format]);
    const done = await fixture.check(['-c', 'config', '-c', spoil(), ...skip, ...words]);
    expect(done.status).toBe(1);
    const { schema, sound, configs } = JSON.parse(fixture.read('r.json')) as Many;
    expect({ schema, sound, sources: configs.map(({ config }) => config.source) }).toEqual({
      schema: 'kconfig-trim/checks-1',
      sound: false,
      sources: ['config', 'spoiled'],
    });
    expect(configs.map((each) => each.sound)).toEqual([true, false]);
    expect(await junitErrors(fixture.read('r.xml'))).toEqual([]);
    expect(fixture.read('r.xml')).toContain('spoiled (x86): lines');
    expect(sarifErrors(fixture.read('r.sarif'))).toEqual([]);
    expect(fixture.read('r.md')).toContain('1 config of 2 not sound');
    expect(fixture.read('r.txt')).toContain('::error file=spoiled,line=16');
  });

  it('have a place for each SARIF result: its own, else the top of the file', async () => {
    const gone = '# CONFIG_GONE_ONE is not set\n# CONFIG_GONE_TWO is not set';
    const config = fixture.spoiled(
      ['CONFIG_X86=y', `CONFIG_X86=y\n${gone}`],
      ['CONFIG_LOG_BUF_SHIFT=17', ''],
      ['CONFIG_LOCALVERSION="-check"', ''],
    );
    const record = fixture.file(
      'x.record',
      recordText(
        'fs nosuchfs mounted',
        'fs otherfs mounted',
        'kernel 6.18.0 x86_64',
        'module no_one 1',
        'module no_two 1',
      ),
    );
    const words = ['-c', config, '-l', record, '--keep', 'NO_SUCH', '--force', '--format', 'sarif=r.sarif', ...skip];
    await fixture.check(words);
    const text = fixture.read('r.sarif');
    expect(sarifErrors(text)).toEqual([]);
    const places = sarifResults(text).map((result) => `${result.ruleId} ${sarifPlace(result)}`);
    expect(places).toEqual(
      expect.arrayContaining([
        'value-added tree/Kconfig:36',
        `symbol-gone ${fixture.at('# CONFIG_GONE_ONE is not set')}`,
        `symbol-gone ${fixture.at('# CONFIG_GONE_TWO is not set')}`,
        'module-unknown x.record:1',
        'record-unknown x.record:1',
        'keep-unknown spoiled:1',
      ]),
    );
    expect(places.filter((place) => !/ .+:[1-9]\d*$/.test(place))).toEqual([]);
  });

  it('have all findings in the formats for programs; those for people name some, and no -v that would have the others', async () => {
    const names = Array.from({ length: 30 }, (_, i) => `GONE_${i}`);
    const gone = names.map((name) => `# CONFIG_${name} is not set`).join('\n');
    const config = fixture.spoiled(['CONFIG_X86=y', `CONFIG_X86=y\n${gone}`]);
    const files = ['sarif', 'junit', 'github', 'summary', 'text'];
    const formats = files.flatMap((format) => ['--format', `${format}=all.${format}`]);
    await fixture.check(['-c', config, '--strict', '--html', 'all.html', ...formats, ...skip]);
    const results = sarifResults(fixture.read('all.sarif')).filter(({ ruleId }) => ruleId === 'symbol-gone');
    expect(results).toHaveLength(names.length);
    const junit = fixture.read('all.junit');
    expect(names.filter((name) => !new RegExp(`<testcase [^>]*name="${name}=`).test(junit))).toEqual([]);
    for (const file of ['github', 'summary', 'html']) {
      const text = fixture.read(`all.${file}`);
      expect(text).toMatch(/30 symbols that are off are not in this tree/);
      expect(text).toMatch(/GONE_\w+, and \d+ more|GONE&#95;\w+, and \d+ more/);
      expect(text).not.toContain('more (-v)');
    }
    expect(fixture.read('all.text')).toContain(' more (-v)');
    expect(sarifErrors(fixture.read('all.sarif'))).toEqual([]);
    expect(await junitErrors(junit)).toEqual([]);
  });

  it('are each for their own architecture, or for those that are named', async () => {
    const many = await fixture.check(['-c', 'config', '-c', 'config', '--arch', 'x86', ...skip]);
    expect(many.status).toBe(0);
    const other = fixture.file('risc', GOOD.replace('Linux/x86', 'Linux/riscv'));
    const done = await fixture.check(['-c', 'config', '-c', other, '--arch', 'x86', '--arch', 'arm64', ...skip]);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(unbroken(done.stdout)).toContain('risc:3: error: it is for riscv, not for x86 or arm64; not checked\n');
    expect(done.stdout).toMatch(/^config +x86 +0 .* sound\nrisc +riscv +1 .* not sound\n1 of 2 configs is not sound$/m);
    cpSync(join(fixture.path, 'tree/arch/x86'), join(fixture.path, 'tree/arch/riscv'), { recursive: true });
    const fragment = fixture.file('small', 'CONFIG_MODULES=y\n');
    const { configs } = JSON.parse(
      (await fixture.check(['-c', fragment, '--arch', 'x86', '--arch', 'riscv', '--json', ...skip])).stdout,
    ) as { configs: { tree: { arch: string } }[] };
    expect(configs.map(({ tree }) => tree.arch)).toEqual(['x86', 'riscv']);
  });

  it.each([
    [['--arch', 'x86'], 'arm64', 'it is for arm64, not for x86; not checked'],
    [['--arch', 'x86', '--arch', 'arm64'], 'riscv', 'it is for riscv, not for x86 or arm64; not checked'],
    [[], 'sparc', 'it is for sparc, which this tree does not have; not checked'],
  ])('are checked beside one for an architecture that is not meant: %j', async (arches, arch, message) => {
    const own = { env: { ARCH: '' } };
    const other = fixture.file('other', GOOD.replace('Linux/x86', `Linux/${arch}`));
    const many = JSON.parse(
      (await fixture.check(['-c', other, '-c', 'config', ...arches, '--json', ...skip], own)).stdout,
    ) as Many;
    expect(many.configs.map(({ sound }) => sound)).toEqual([false, true]);
    expect(many.configs[0]!.findings).toMatchObject([{ code: 'other-architecture', at: { line: 3 }, message }]);
    const known = ['-c', other, '-c', 'config', ...arches, ...skip, '--baseline', 'known.json'];
    await fixture.check([...known, '--write-baseline'], own);
    expect((await fixture.check(known, own)).status).toBe(0);
    // Where none can be checked, the run could not be made.
    const none = await fixture.check(['-c', other, '-c', other, ...arches, ...skip], own);
    expect(none).toMatchObject({ status: 2, stdout: '' });
    expect(none.stderr).toContain(arch);
  });

  it('are for their own architecture where there is one alone, too', async () => {
    const own = { env: { ARCH: '' } };
    cpSync(join(fixture.path, 'tree/arch/x86'), join(fixture.path, 'tree/arch/riscv'), { recursive: true });
    const other = fixture.file('risc', GOOD.replace('Linux/x86', 'Linux/riscv'));
    const one = await fixture.check(['-c', other, ...skip], own);
    expect(one).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringMatching(/^config +risc for .*, riscv$/m),
    });
    const two = await fixture.check(['-c', other, '-c', other, ...skip], own);
    expect(two.stdout.split('\n').filter((line) => /^result +sound/.test(line))).toHaveLength(2);
    // What is said of another one, and of the config that make would build here, stays.
    const refused = {
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('the config is for riscv, this run for'),
    };
    expect(await fixture.check(['-c', other, '--arch', 'x86', ...skip], own)).toMatchObject(refused);
    expect(await fixture.check(['-c', other, ...skip], { env: { ARCH: 'x86' } })).toMatchObject(refused);
    expect(await fixture.check(skip, { env: { ARCH: '', KCONFIG_CONFIG: join(fixture.path, 'risc') } })).toMatchObject(
      refused,
    );
  });

  it('are checked for no architecture that the tree does not have', async () => {
    const done = await fixture.check(['-c', 'config', '--arch', 'x86', '--arch', 'arm46', ...skip]);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(inOneLine(done.stderr)).toContain("no architecture 'arm46'; did you mean arm64?");
  });

  it('are compared with the config of before where that is for their architecture', async () => {
    cpSync(join(fixture.path, 'tree/arch/x86'), join(fixture.path, 'tree/arch/riscv'), { recursive: true });
    const small = fixture.file('small', 'CONFIG_MODULES=y\n');
    const done = await fixture.check(['-c', small, '--arch', 'x86', '--arch', 'riscv', '--against', 'config', ...skip]);
    expect(done).toMatchObject({ status: 1, stderr: '' });
    expect(done.stdout.match(/^note: config is for x86: not compared$/gm)).toHaveLength(1);
    expect(done.stdout.match(/^against /gm)).toHaveLength(1);
  });

  it('ask the programs of the machine once for all architectures', async () => {
    cpSync(join(fixture.path, 'tree/arch/x86'), join(fixture.path, 'tree/arch/riscv'), { recursive: true });
    const { path } = new Toolbox();
    const calls = join(fixture.path, 'calls');
    writeFileSync(join(path, 'flex'), '#!/bin/sh\necho "$*" >> "$CALLS"\necho flex 2.6.4\n');
    const args = ['-c', fixture.file('small', 'CONFIG_MODULES=y\n'), '--arch', 'x86', '--arch', 'riscv'];
    const done = await fixture.check(args, { env: { PATH: path, CALLS: calls } });
    expect(inOneLine(done.stdout)).toContain('gcc compiles for x86_64-linux-gnu, not for riscv');
    expect(fixture.read('calls')).toBe('--version\n');
  });
});

describe('--severity', () => {
  it('makes errors of one check warnings, notes or nothing', async () => {
    const config = fixture.spoiled(['CONFIG_HERON_LIB=m', 'CONFIG_HERON_LIB=y']);
    const counts = async (...args: string[]) => (await fixture.json(['-c', config, ...skip, ...args])).counts;
    const { error } = await counts();
    expect(error).toBeGreaterThan(0);
    expect(await counts('--severity', 'fixpoint=warning')).toMatchObject({ error: 0, warning: error });
    expect(await counts('--severity', 'fixpoint=note')).toMatchObject({ error: 0, warning: 0, info: error });
    expect(await counts('--severity', 'fixpoint=off,files=note')).toEqual({ error: 0, warning: 0, info: 0 });
    const done = await fixture.check(['-c', config, ...skip, '--severity', 'fixpoint=warning']);
    expect(done.status).toBe(0);
    expect(done.stdout).toContain('fixpoint     olddefconfig would change 1 value\n');
    expect((await fixture.check(['-c', config, ...skip, '--severity', 'fixpoint=warning', '--strict'])).status).toBe(1);
  });

  it('makes warnings errors', async () => {
    const config = fixture.spoiled(['# CONFIG_PUFFIN is not set', '']);
    expect((await fixture.check(['-c', config, ...skip])).status).toBe(0);
    expect((await fixture.check(['-c', config, ...skip, '--severity', 'fixpoint=error'])).status).toBe(1);
  });

  it('refuses what is no check or level', async () => {
    const refused = async (word: string) =>
      inOneLine((await fixture.check(['-c', 'config', '--severity', word])).stderr);
    expect(await refused('fixpont=warning')).toContain('--severity fixpont: no such check; there are: config fixpoint');
    expect(await refused('foo=bar')).toContain('--severity foo: no such check; there are: config fixpoint');
    for (const word of ['fixpoint=fatal', 'fixpoint', 'foo'])
      expect(await refused(word)).toContain(
        `--severity ${word}: write it as CHECK=error, warning, note or off; checks: config fixpoint`,
      );
  });
});

describe('what is checked', () => {
  it.each([
    ['--format', 'sarif=config'],
    ['--output', './config'],
    ['--html', 'config'],
    ['--baseline', 'config', '--write-baseline'],
    ['--baseline', 'lsmod.txt', '--write-baseline', '--lsmod', 'lsmod.txt'],
    ['--output', 'ci.config', '--fragment', 'ci.config'],
    ['--output', 'ci.config', '--against', 'ci.config'],
  ])('is not overwritten by %s %s', async (...words) => {
    const before = ['config', 'lsmod.txt', 'ci.config'].map((file) => fixture.read(file));
    const done = await fixture.check(['-c', 'config', ...words, ...skip]);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(done.stderr).toContain('is one of the files that are read, and stays as it is');
    expect(['config', 'lsmod.txt', 'ci.config'].map((file) => fixture.read(file))).toEqual(before);
  });
});

it('takes the names of checks as the report has them', async () => {
  const config = spoil();
  expect((await fixture.check(['-c', config, ...skip])).stdout).toContain('\nlines        1 not taken');
  expect((await fixture.check(['-c', config, '--skip', 'tools,lines,fixpoint'])).status).toBe(0);
  expect((await fixture.check(['-c', config, '--severity', 'lines=warning', ...skip])).status).toBe(0);
});

describe('--baseline', () => {
  it('leaves out what is known, and names what is fixed', async () => {
    const config = fixture.spoiled(
      ['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT=30'],
      ['CONFIG_HERON_LIB=m', 'CONFIG_HERON_LIB=y'],
    );
    const asked = ['-c', config, ...skip, '--baseline', 'known.json'];
    const written = await fixture.check([...asked, '--write-baseline']);
    expect(written.status).toBe(0);
    expect(inOneLine(written.stderr)).toContain('baseline of 2 findings written to');
    const same = await fixture.check(asked);
    expect(same.status).toBe(0);
    expect(same.stdout).toContain('baseline     2 known findings left out, 0 fixed\n');
    expect(same.stdout).toMatch(
      /^lines {8}1 not taken as it stands, known\nfixpoint {5}olddefconfig would change 1 value, known$/m,
    );
    fixture.spoiled(
      ['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT=30'],
      ['CONFIG_PCI=y', '# CONFIG_PCI is not set'],
    );
    const other = await fixture.check(asked);
    expect(other.status).toBe(1);
    expect(unbroken(other.stdout)).toContain('baseline     1 known finding left out, 1 fixed\n');
    expect(other.stdout).toMatch(/^lines {8}1 not taken as it stands, known\nfixpoint .* values\n/m);
    expect(unbroken(other.stdout)).toContain('fixed: fixpoint: HERON_LIB (value-changed)\n');
    const { baseline } = JSON.parse((await fixture.check([...asked, '--json'])).stdout) as { baseline: unknown };
    expect(baseline).toEqual({ known: 1, fixed: ['fixpoint: HERON_LIB (value-changed)'] });
  });

  it('says nothing is fixed that was not checked', async () => {
    const config = fixture.spoiled(['CONFIG_HERON_LIB=m', 'CONFIG_HERON_LIB=y']);
    await fixture.check(['-c', config, ...skip, '--baseline', 'known.json', '--write-baseline']);
    const done = await fixture.check(['-c', config, '--skip', 'tools,fixpoint', '--baseline', 'known.json']);
    expect(done.stdout).toContain('0 known findings left out, 0 fixed');
    const good = await fixture.check(['-c', 'config', ...skip, '--baseline', 'known.json']);
    expect(good.stdout).toContain('0 known findings left out, 0 fixed');
  });

  it('refuses a file that is none', async () => {
    fixture.file('broken.json', '{"schema": "kconfig-trim/baseline-1", "findings": [1]}');
    for (const [args, message] of [
      [['--baseline', 'none.json'], 'there is no baseline'],
      [['--baseline', 'broken.json'], 'not a baseline'],
      [['--write-baseline'], '--write-baseline needs the file to write: --baseline FILE'],
    ] as const) {
      const done = await fixture.check(['-c', 'config', ...skip, ...args]);
      expect(done).toMatchObject({ status: 2, stdout: '' });
      expect(inOneLine(done.stderr)).toContain(message);
    }
  });
});

describe('--minimal', () => {
  /** The lines that make a difference, as the tools of the fixture have it. */
  const minimal = async (): Promise<string> => {
    fixture.file('saved', GOOD.replace(/^#.*\n|^\n/gm, ''));
    await fixture.check(['--minimal', '--fix', '-c', 'saved']);
    return fixture.read('saved');
  };

  it('holds a defconfig against what savedefconfig writes', async () => {
    const text = await minimal();
    const good = await fixture.check(['--minimal', '-c', 'saved']);
    expect(good.status).toBe(0);
    expect(good.stdout).toContain('minimal      it is what savedefconfig writes\n');
    fixture.file('saved', `CONFIG_X86=y\n${text}`);
    const bad = await fixture.check(['--minimal', '-c', 'saved']);
    expect(bad.status).toBe(1);
    expect(unbroken(bad.stdout)).toContain('saved:1: error: X86=y: savedefconfig leaves it out\n');
    expect(bad.stdout).toContain('minimal      savedefconfig would change 1 line (--fix does)\n');
  });

  it('is told lines in another order', async () => {
    const lines = (await minimal()).trimEnd().split('\n');
    fixture.file('saved', `${[...lines.slice(1), lines[0]].join('\n')}\n`);
    const { findings } = await fixture.json(['--minimal', '-c', 'saved']);
    expect(findings.filter(({ check }) => check === 'minimal')).toMatchObject([
      { code: 'line-misplaced', at: { line: 1 } },
    ]);
  });

  it('writes it with --fix', async () => {
    const text = await minimal();
    fixture.file('saved', `CONFIG_X86=y\n${text}`);
    const done = await fixture.check(['--minimal', '--fix', '-c', 'saved']);
    expect(done.status).toBe(0);
    expect(inOneLine(done.stdout)).toContain(
      'fixed saved is what savedefconfig writes now; what was checked is saved.old result',
    );
    expect(readFileSync(join(fixture.path, 'saved'), 'latin1')).toBe(text);
    writeFileSync(join(fixture.path, 'config'), GOOD);
    expect(inOneLine((await fixture.check(['--fix', '-c', 'config'])).stderr)).toContain(
      'say that it is one with --minimal',
    );
  });

  it('stores what a person wrote, which the report is about', async () => {
    const text = await minimal();
    const written = `# why this is so\nCONFIG_HERONN=y\n${text.replace(/^CONFIG_LOG_BUF_SHIFT=.*\n|$/m, 'CONFIG_LOG_BUF_SHIFT=30\n')}`;
    fixture.file('saved', written);
    const done = await fixture.check(['--minimal', '--fix', '-c', 'saved']);
    expect(inOneLine(done.stdout)).toContain('what was checked is saved.old result');
    expect(fixture.read('saved.old')).toBe(written);
    expect(done.stdout).toContain('saved:2: error: HERONN=y');
    expect(fixture.read('saved')).not.toContain('HERONN');
    fixture.file('saved', written);
    const json = JSON.parse((await fixture.check(['--minimal', '--fix', '-c', 'saved', '--json'])).stdout) as object;
    expect(json).toMatchObject({ fixed: true, fixedFrom: 'saved.old' });
    // What is as it should be is not touched, nor is its old text.
    expect(
      JSON.parse((await fixture.check(['--minimal', '--fix', '-c', 'saved', '--json'])).stdout),
    ).not.toHaveProperty('fixedFrom');
    expect(fixture.read('saved.old')).toBe(written);
  });

  it.each([
    [['-c', 'saved.old'], 'where the old file would be stored'],
    [['--against', 'saved.old'], 'where the old file would be stored'],
    [['--format', 'json=saved.old'], 'would be written twice'],
    [['-c', './saved'], 'would be written twice'],
    [['--arch', 'x86', '--arch', 'arm64'], 'would be written twice'],
  ])('--fix writes nothing in the place of another file, or twice: %s', async (words, why) => {
    const text = `# why\n${await minimal()}`;
    fixture.file('saved', text);
    fixture.file('saved.old', GOOD);
    const done = await fixture.check(['--minimal', '--fix', '-c', 'saved', ...words]);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(inOneLine(done.stderr)).toContain(why);
    expect([fixture.read('saved'), fixture.read('saved.old')]).toEqual([text, GOOD]);
  });

  it.each([
    [
      'config',
      GOOD,
      'it is a whole .config; kconfig-trim conf savedefconfig -C tree --arch x86 -c config -o FILE writes',
    ],
    ['saved.gz', gzipSync('CONFIG_X86=y\n'), 'it is packed, or no file'],
  ])('promises no --fix that would be refused: %s', async (name, content, why) => {
    writeFileSync(join(fixture.path, name), content, 'latin1');
    const done = await fixture.check(['--minimal', '-c', name]);
    expect(done.status).toBe(1);
    expect(done.stdout).toMatch(/^minimal {6}savedefconfig would change \d+ lines?$/m);
    expect(inOneLine(done.stdout)).toContain(`note: --fix leaves ${name} as it is: ${why}`);
    const fixed = await fixture.check(['--minimal', '--fix', '-c', name]);
    expect(fixed).toMatchObject({ status: 2, stdout: '' });
    expect(inOneLine(fixed.stderr)).toContain(`--fix cannot rewrite ${name}: ${why}`);
  });

  it('makes no defconfig of a whole .config', async () => {
    const done = await fixture.check(['--minimal', '--fix', '-c', 'config']);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(fixture.read('config')).toBe(GOOD);
  });

  it('writes nothing by the answers of a compiler for another architecture', async () => {
    const text = `CONFIG_X86=y\n${await minimal()}`;
    fixture.file('saved', text);
    const foreign = { tools: { gcc: { target: 'aarch64-linux-gnu' } } };
    const done = await fixture.check(['--minimal', '--fix', '-c', 'saved'], foreign);
    expect(done.status).toBe(1);
    expect(unbroken(done.stdout)).toContain('error: gcc compiles for aarch64-linux-gnu, not for x86');
    expect(done.stdout).not.toMatch(/^fixed/m);
    expect(fixture.read('saved')).toBe(text);
    expect((await fixture.check(['--minimal', '--fix', '-c', 'saved', '--skip', 'tools'], foreign)).status).toBe(0);
    expect(fixture.read('saved')).not.toBe(text);
    expect((await fixture.check(['--minimal', '-c', 'saved'], foreign)).status).toBe(0);
  });

  it('takes clang for a compiler of every architecture', async () => {
    const text = `CONFIG_X86=y\n${await minimal()}`;
    fixture.file('saved', text);
    const target = 'aarch64-linux-gnu';
    const clang = { tools: { gcc: { target, version: '19.1 clang version 19.1.0' } } };
    const done = await fixture.check(['--minimal', '--fix', '-c', 'saved'], clang);
    expect(done.status).toBe(0);
    expect(unbroken(done.stdout)).toContain('fixed        saved is what savedefconfig writes now;');
  });

  it.each([
    ['--no-exec', {}],
    ['a compiler that is not there', { CC: 'no-such-compiler' }],
  ])('takes no line away without an answer of the toolchain that decides over it: %s', async (words, env) => {
    const args = ['--minimal', '--fix', '-c', 'saved', ...(words === '--no-exec' ? [words] : [])];
    const text = await minimal();
    const done = await fixture.check(args, { env });
    expect(unbroken(done.stdout)).toContain(
      'note: DEBUG_INFO_BTF=y: whether savedefconfig writes it is up to the toolchain, which was not asked\n',
    );
    expect(inOneLine(done.stdout)).toContain(
      'saved is left as it is: what the toolchain would answer decides over 1 line of it, and it was not asked',
    );
    expect(done.stdout).toContain('minimal      1 line is up to the toolchain\n');
    expect(done).toMatchObject({ status: 0, stdout: expect.not.stringMatching(/^fixed|--fix does/m) });
    expect(fixture.read('saved')).toBe(text);
    // What no answer decides over goes.
    const sure = text.replace('CONFIG_DEBUG_INFO_BTF=y\n', '');
    fixture.file('saved', `CONFIG_X86=y\n${sure}`);
    expect((await fixture.check(args, { env })).stdout).toMatch(/^fixed {8}saved/m);
    expect(fixture.read('saved')).toBe(sure);
  });
});
