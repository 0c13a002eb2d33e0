import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join, relative } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { RECORD_SCRIPT } from '../../src/machine/record/script.ts';
import { recordText } from '../helpers/record-text.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { inOneLine, PROGRAM, REPOSITORY, run, runBuilt, unbroken } from './run.ts';

let scratch = '';
beforeEach(() => {
  scratch = temporaryFolder();
});

const HEADER = 'kconfig-trim-record 1\n';
const isLinux = existsSync('/proc/sys/kernel/osrelease');

describe.runIf(isLinux)('record', () => {
  test('to standard output, and to a file', async () => {
    const file = join(scratch, 'host.record');
    const printed = await run(['record', '--no-exec']);
    expect(printed.status).toBe(0);
    expect(printed.stdout.startsWith(HEADER)).toBe(true);
    expect(printed.stdout).toMatch(/^fs proc mounted$/m);
    const written = await run(['record', file]);
    expect(written.stdout).toBe('');
    expect(written.stderr).toMatch(/host\.record: \d+ facts\n/);
    expect(readFileSync(file, 'latin1').startsWith(HEADER)).toBe(true);
    expect(existsSync(`${file}.old`)).toBe(false);
  });

  test('-q says nothing', async () => {
    expect(await run(['record', '-q', join(scratch, 'x')])).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  test('--json', async () => {
    const { schema, facts } = JSON.parse((await run(['record', '--json', '--no-exec'])).stdout);
    expect(schema).toBe('kconfig-trim/record-1');
    expect(facts).toContainEqual(expect.objectContaining({ kind: 'fs', fields: ['proc', 'mounted'], count: null }));
  });

  test('--add: a file that is not there is made, one that is there is united with', async () => {
    const file = join(scratch, 'host.record');
    expect((await run(['record', '--add', file])).stderr).toContain('of them new');
    writeFileSync(file, recordText('module dock 7', 'quantum leap', 'seen 2026-01-01 2026-01-02'));
    expect((await run(['record', '--add', file])).stderr).not.toContain(', 0 of them new');
    const text = readFileSync(file, 'latin1');
    expect(text).toContain('module dock 7\n');
    expect(text).toContain('quantum leap\n');
    expect(text).toContain('seen 2026-01-01 2026-01-02 module dock\n');
    expect(text).toMatch(/^seen 2026-01-01 2\d{3}-\d\d-\d\d$/m);
  });

  test('over another record: the old one stays beside it, and the note names --add', async () => {
    const file = join(scratch, 'host.record');
    const before = recordText('module dock 7');
    writeFileSync(file, before);
    const { status, stderr } = await run(['record', file]);
    expect(status).toBe(0);
    expect(readFileSync(`${file}.old`, 'latin1')).toBe(before);
    const command = `record --add ${file}.old ${file}`;
    expect(inOneLine(stderr)).toContain(`note: what was there is ${file}.old; ${command} unites with it`);
    expect((await run(['record', '--add', file])).stderr).not.toContain('.old');
    expect(readFileSync(`${file}.old`, 'latin1')).toBe(before);
    expect(readFileSync(file, 'latin1')).not.toContain('module dock 7\n');
    const back = await run(command.split(' '));
    expect(back.status).toBe(0);
    expect(back.stderr).not.toContain('.old');
    expect(readFileSync(file, 'latin1')).toContain('module dock 7\n');
    expect(readFileSync(`${file}.old`, 'latin1')).toBe(before);
  });

  test('--add with a file: unites all that is named and what the record there has', async () => {
    const [file, listing, other] = ['host.record', 'lsmod.txt', 'other.record'].map((name) => join(scratch, name));
    writeFileSync(file!, recordText('module dock 7'));
    writeFileSync(other!, recordText('module hub 2'));
    writeFileSync(listing!, 'ext4\nsnd-hda-intel\n');
    const { status, stdout, stderr } = await run(['record', '--add', listing!, '--add', other!, file!]);
    expect({ status, stdout }).toEqual({ status: 0, stdout: '' });
    const text = readFileSync(file!, 'latin1');
    for (const fact of ['module dock 7', 'module hub 2', 'module ext4 0', 'module snd_hda_intel 0'])
      expect(text).toContain(`\n${fact}\n`);
    const facts = text.split('\n').filter((line) => !/^(seen|size) |^kconfig-trim-record|^$/.test(line)).length;
    // All but the one that it had.
    expect(stderr).toContain(`host.record: ${facts} facts, ${facts - 1} of them new`);
    expect(existsSync(`${file}.old`)).toBe(false);
    expect(readFileSync(other!, 'latin1')).toBe(recordText('module hub 2'));
    const fresh = await run(['record', '--add', listing!, join(scratch, 'fresh.record')]);
    expect(fresh.stderr).toMatch(/fresh\.record: \d+ facts\n/);
  });

  test('--add of several without a file prints, and changes none', async () => {
    const files = ['a.record', 'b.record'].map((name) => join(scratch, name));
    for (const file of files) writeFileSync(file, recordText(`module from_${file.at(-8)} 1`));
    const { status, stdout } = await run(['record', ...files.flatMap((file) => ['--add', file])]);
    expect(status).toBe(0);
    expect(stdout).toMatch(/^module from_a 1$/m);
    expect(stdout).toMatch(/^module from_b 1$/m);
    for (const file of files) expect(readFileSync(file, 'latin1')).toBe(recordText(`module from_${file.at(-8)} 1`));
  });

  test('--add with a file that breaks off is refused, and the file stays', async () => {
    const [file, listing] = [join(scratch, 'host.record'), join(scratch, 'lsmod.txt')];
    const cut = recordText('module dock 7').slice(0, -12);
    writeFileSync(file, cut);
    writeFileSync(listing, 'ext4\n');
    const { status, stderr } = await run(['record', '--add', listing, file]);
    expect(status).toBe(2);
    expect(stderr).toContain('the record ');
    expect(readFileSync(file, 'latin1')).toBe(cut);
  });

  test('--json with a file: JSON goes there, and nothing else', async () => {
    const file = join(scratch, 'b.json');
    expect((await run(['record', '--json', file])).stdout).toBe('');
    expect(JSON.parse(readFileSync(file, 'utf8')).schema).toBe('kconfig-trim/record-1');
    const record = join(scratch, 'host.record');
    const { stdout } = await run(['record', '--json', '--add', record]);
    expect(JSON.parse(stdout).schema).toBe('kconfig-trim/record-1');
    expect(readFileSync(record, 'latin1').startsWith(HEADER)).toBe(true);
  });

  test('--compare with a second file says what it compares with, and leaves that file', async () => {
    const [file, other] = [join(scratch, 'c.record'), join(scratch, 'out.txt')];
    writeFileSync(file, recordText(`kernel 6.1.0-test ${machine()}`, 'module no_such_module 3'));
    writeFileSync(other, 'mine\n');
    const { status, stdout, stderr } = await run(['record', '--compare', file, other]);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(inOneLine(stderr)).toContain(`to write the comparison there: --output ${other}`);
    expect(readFileSync(other, 'latin1')).toBe('mine\n');
    expect((await run(['record', '--compare', file, '--output', other])).status).toBe(1);
    expect(readFileSync(other, 'latin1')).toContain('no_such_module');
  });

  test.each([
    [['--compare', '-'], 1, /^missing {4}module {6}no_such_module /m],
    [['--add', '-'], 0, /^module no_such_module 3$/m],
    [['--add', '-', '--json'], 0, /^\{"schema":"kconfig-trim\/record-1".*"no_such_module".*\}$/],
  ])('%j reads standard input', async (words, status, expected) => {
    const input = recordText(`kernel 6.1.0-test ${machine()}`, 'module no_such_module 3');
    const done = await runBuilt(['record', '--no-exec', ...words], { input, cwd: scratch });
    expect(done.stdout.trimEnd()).toMatch(expected);
    expect(done.status).toBe(status);
    const empty = await runBuilt(['record', '--no-exec', ...words], { cwd: scratch });
    expect(empty).toMatchObject({ status: 2, stdout: '' });
    expect(empty.stderr).toContain('standard input: the file is empty');
    expect(existsSync(join(scratch, '-'))).toBe(false);
  });

  test('--add: a listing is read and not written', async () => {
    const file = join(scratch, 'modprobed.db');
    const target = join(scratch, 'host.record');
    writeFileSync(file, 'ext4\nsnd-hda-intel\n');
    const { stdout } = await run(['record', '--add', file]);
    expect(stdout).toMatch(/^module snd_hda_intel 0$/m);
    expect(stdout).toMatch(/^seen - - module snd_hda_intel$/m);
    expect((await run(['record', '--add', file, target])).status).toBe(0);
    expect(readFileSync(target, 'latin1')).toContain('module ext4 0\n');
    expect(readFileSync(file, 'latin1')).toBe('ext4\nsnd-hda-intel\n');
  });

  test('--compare: exit 0 where nothing is missing, 1 where something is', async () => {
    const file = join(scratch, 'host.record');
    await run(['record', file]);
    const same = await run(['record', '--compare', file]);
    expect(same.stdout).toContain('nothing is missing');
    expect(same.status).toBe(0);
    writeFileSync(
      file,
      recordText(`kernel 6.1.0-test ${machine()}`, 'module no_such_module 3', 'seen 2026-01-01 2026-01-01'),
    );
    const lost = await run(['record', '--compare', file]);
    expect(lost.status).toBe(1);
    expect(lost.stdout).toContain('Linux 6.1.0-test, 2026-01-01\n');
    expect(lost.stdout).toContain('missing    module      no_such_module  this kernel does not have it\n');
    const { missing, schema } = JSON.parse((await run(['record', '--compare', file, '--json'])).stdout);
    expect(schema).toBe('kconfig-trim/record-compare-1');
    expect(missing).toEqual([
      {
        kind: 'module',
        name: 'no_such_module',
        module: 'no_such_module',
        reason: 'unknown-here',
        outOfTree: false,
        symbols: [],
      },
    ]);
  });

  test.each(['--compare', '--add'])('%s refuses a record of another architecture', async (option) => {
    const other = machine() === 'aarch64' ? 'x86_64' : 'aarch64';
    const file = join(scratch, `other${option}.record`);
    const facts = [`kernel 6.1.0-test ${other}`, 'module heron 1'];
    const text = recordText(...facts);
    writeFileSync(file, text);
    const { status, stdout, stderr } = await run(['record', option, file]);
    expect([status, stdout]).toEqual([2, '']);
    expect(unbroken(stderr)).toContain(`${file}: a record of ${other}, and this machine is ${machine()}`);
    expect(readFileSync(file, 'latin1')).toBe(text);
    writeFileSync(file, recordText(...facts, `kernel 6.1.0-test ${machine()}`));
    expect((await run(['record', option, file, '-q'])).status).not.toBe(2);
  });

  test.each(['--add', '--compare'])('%s of an empty file says how to make a record', async (option) => {
    const file = join(scratch, 'empty.record');
    writeFileSync(file, '\n');
    const { status, stderr } = await run(['record', option, file]);
    expect(status).toBe(2);
    expect(stderr).toContain('empty.record: the file is empty; make a record with: kconfig-trim record FILE');
    expect(stderr).not.toContain('--keep');
  });

  test('--compare with a tree names the symbols', async () => {
    const file = join(scratch, 'host.record');
    writeFileSync(file, recordText(`kernel 6.1.0-test ${machine()}`, 'module heron 1'));
    const { stdout, status } = await run(['record', '--compare', file, '-C', 'fixtures/example/tree', '--no-exec']);
    expect(status).toBe(1);
    expect(stdout).toMatch(/missing {4}module {6}heron {2}this kernel does not have it: [A-Z0-9_]+\n/);
  });

  test('--compare with a tree names the symbols of a built-in driver, by what sources register', async () => {
    const tree = join(scratch, 'tree');
    cpSync(join(REPOSITORY, 'fixtures/example/tree'), tree, { recursive: true });
    writeFileSync(
      join(tree, 'net/wireless/core.c'),
      '#if defined(CONFIG_MACH_JAZZ) || defined(CONFIG_CFG80211)\n' +
        'static struct pci_driver d = {\n\t.name = "no-such-driver",\n};\n#endif\n',
    );
    const file = join(scratch, 'host.record');
    const facts = ['driver pci no-such-driver - 1', 'clocksource no-such-clock current'];
    writeFileSync(file, recordText(...facts, `kernel 6.1.0-test ${machine()}`));
    const { stdout, status } = await run(['record', '--compare', file, '-C', tree, '--no-exec', '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).missing).toMatchObject([
      { kind: 'clocksource', symbols: [] },
      { kind: 'driver', name: 'pci no-such-driver', symbols: ['CFG80211'] },
    ]);
  });

  test.skipIf(process.getuid?.() !== 0)('without root: the same facts by program and by script', () => {
    // It has to read the program too, wherever the repository is.
    const folder = temporaryFolder();
    chmodSync(folder, 0o755);
    for (const name of ['bin', 'dist', 'package.json']) {
      cpSync(join(REPOSITORY, name), join(folder, name), { recursive: true });
    }
    const program = join(folder, relative(REPOSITORY, PROGRAM));
    const asNobody = ['--reuid=65534', '--regid=65534', '--clear-groups'];
    const start = (args: readonly string[], input = ''): string =>
      spawnSync('setpriv', [...asNobody, ...args], { encoding: 'latin1', input, cwd: '/' }).stdout;
    const own = start([process.execPath, program, 'record', '--no-cache', '-q']);
    const script = start(['sh'], RECORD_SCRIPT);
    // Sockets and references come and go.
    const steady = (text: string): string[] =>
      text.split('\n').flatMap((line) => (/^(socket|crypto) /.test(line) ? [] : [line.replace(/ \d+$/, '')]));
    expect(own.startsWith(HEADER)).toBe(true);
    expect(steady(script)).toEqual(steady(own));
  });
});

test('--script', async () => {
  const { stdout, status } = await run(['record', '--script']);
  expect(stdout).toBe(RECORD_SCRIPT);
  expect(status).toBe(0);
});

describe('a record is a listing', () => {
  const trim = (listing: string) =>
    run([
      '--dry-run',
      '--json',
      '-C',
      'fixtures/example/tree',
      '-c',
      'fixtures/example/config',
      '-l',
      listing,
      '--no-exec',
    ]);

  test('a trim with it is the same as with its modules', async () => {
    const lsmod = readFileSync(join(REPOSITORY, 'fixtures/example/lsmod.txt'), 'latin1');
    const rows = lsmod
      .split('\n')
      .slice(1)
      .map((line) => line.split(/\s+/))
      .filter(([name]) => name);
    const file = join(scratch, 'host.record');
    writeFileSync(file, recordText(...rows.map(([name, , uses]) => `module ${name} ${uses}`), 'virt guest'));
    const [a, b] = [
      JSON.parse((await trim(file)).stdout),
      JSON.parse((await trim('fixtures/example/lsmod.txt')).stdout),
    ];
    expect(a.result).toEqual(b.result);
    expect(a.kept).toEqual(b.kept);
    expect(a.lost).toEqual([]);
  });

  test('a damaged line is said', async () => {
    const file = join(scratch, 'host.record');
    writeFileSync(file, recordText('module kvm 1', 'module'));
    expect((await trim(file)).stderr).toContain(`${file}:3: warning: no fact of a record, ignored`);
  });

  test('one without modules is refused', async () => {
    const file = join(scratch, 'host.record');
    writeFileSync(file, recordText('fs ext4 mounted'));
    const { status, stderr } = await trim(file);
    expect(status).toBe(2);
    expect(stderr).toContain('no module in this record');
  });

  test('one of a kernel with everything built in is read as ls /sys/module', async () => {
    const file = join(scratch, 'host.record');
    writeFileSync(
      file,
      recordText('builtin kernel', 'builtin heron', 'builtin base', 'builtin rcu_like', 'virt container'),
    );
    const { status, stdout } = await trim(file);
    expect(status).toBe(0);
    const { loaded, warnings } = JSON.parse(stdout) as { loaded: Record<string, string>[]; warnings: string[] };
    expect(loaded.map(({ name, status, note }) => [name, status, note])).toEqual([
      ['base', 'builtin', 'drivers/base/ is part of the kernel itself'],
      ['heron', 'kept', ''],
      ['kernel', 'builtin', 'kernel/ is part of the kernel itself'],
      ['rcu_like', 'removed', 'not in this kernel version'],
    ]);
    expect(warnings).toContainEqual(expect.stringContaining('the record was made in a container'));
  });
});

describe('what cannot be done ends with 2 and one message', () => {
  test.each([
    [['--script', '--compare', 'x'], 'only one of --script, --compare'],
    [['--script', '--json'], 'record --script would not read --json: leave it out'],
    [['-c', 'x'], 'record would not read --config: leave it out'],
    [['a.record', '-o', 'b.record'], "the record can go to one place: 'a.record' or --output 'b.record'"],
    [
      ['--compare', '/none'],
      '/none: cannot be read: there is no such file; make a record with: kconfig-trim record FILE',
    ],
    [['--add', '/none', '-o', '-'], '/none: cannot be read'],
    [['--compare', 'package.json'], 'this is neither a record nor a listing of modules: it looks like something else'],
    [['--compare', 'fixtures/example/config'], 'nor a listing of modules: it looks like a kernel .config\n'],
    [['--add', 'fixtures/example/config'], 'nor a listing of modules: it looks like a kernel .config\n'],
    [['-C', '.', 'file'], '--tree (-C) names symbols for --compare'],
    [['/none/x'], 'its directory does not exist'],
  ])('%j', async (args, message) => {
    const { status, stderr, stdout } = await run(['record', ...args]);
    expect(stderr).toContain(message);
    expect(status).toBe(2);
    expect(stdout).toBe('');
  });

  test.each(['--add', '--compare'])('%s of a listing without modules', async (option) => {
    const file = join(scratch, 'lsmod.txt');
    writeFileSync(file, 'Module                  Size  Used by\n');
    const { status, stderr } = await run(['record', option, file]);
    expect(stderr).toContain(`${file}: this listing names no module; make a record with: kconfig-trim record FILE`);
    expect(status).toBe(2);
  });

  test('a record of a later version', async () => {
    const file = join(scratch, 'host.record');
    writeFileSync(file, 'kconfig-trim-record 7\n');
    const { status, stderr } = await run(['record', '--add', file]);
    expect(status).toBe(2);
    expect(stderr).toContain('a record of version 7');
    expect(readFileSync(file, 'latin1')).toBe('kconfig-trim-record 7\n');
  });
});
