import { describe, expect, it } from 'vitest';
import { run, runBuilt } from './run.ts';

describe('a word that is none of ours', () => {
  it.each([
    [['chek'], "unknown command 'chek'\n(Did you mean check?)"],
    [['wyh', 'FOO'], "unknown command 'wyh'\n(Did you mean why?)"],
    [['localmodconfig'], "unknown command 'localmodconfig'\n(Did you mean trim?)"],
    [['localyesconfig'], "unknown command 'localyesconfig'\n(Did you mean trim --builtin?)"],
    [['olddefconfig'], "unknown command 'olddefconfig'\n(Did you mean conf olddefconfig?)"],
    [['oldconfig'], "unknown command 'oldconfig'\n(Did you mean conf olddefconfig?)"],
    [['x86_64_defconfig'], "unknown command 'x86_64_defconfig'\n(Did you mean conf defconfig x86_64_defconfig?)"],
    [['kvm_guest.config'], "unknown command 'kvm_guest.config'\n(Did you mean conf merge .config kvm_guest.config?)"],
    [['menuconfig'], "unknown command 'menuconfig'\n(Did you mean make menuconfig?)"],
    [['iwlwifi'], "unknown command 'iwlwifi'\n(kconfig-trim help lists them)"],
    [['help', 'nope'], "unknown command 'nope'\n(kconfig-trim help lists them)"],
    [['help', 'tirm'], "unknown command 'tirm'\n(Did you mean trim?)"],
    [['--dry'], "unknown option '--dry'\n(Did you mean --dry-run?)"],
    [['trim', '--dryrun'], "unknown option '--dryrun'\n(Did you mean --dry-run?)"],
    [['check', '--frag', 'a'], "unknown option '--frag'\n(Did you mean --fragment?)"],
    [['--no-c'], "unknown option '--no-c'\n(Did you mean one of --no-cache, --no-color?)"],
    [['--lsmdo', 'x'], "unknown option '--lsmdo'\n(Did you mean --lsmod?)"],
    [['-l', ''], "option '-l, --lsmod <file>' has an empty value; leave it out, or give it one"],
    [['why', 'A', '--tree='], "option '-C, --tree <dir>' has an empty value; leave it out, or give it one"],
    [
      ['bisect', 'start', 'a', 'b', '--arch', ''],
      "option '--arch <arch>' has an empty value; leave it out, or give it one",
    ],
    [['-o', 'a/'], "option '-o, --output <file>' argument 'a/' is invalid. It names a directory; name a file in it."],
    [
      ['record', 'a/'],
      "command-argument value 'a/' is invalid for argument 'file'. It names a directory; name a file in it.",
    ],
    [['-c', 'a', '-c', 'b'], "option '--config=b' cannot be used with option '--config=a'"],
    [['conf', 'defconfig', '--tree=a', '-C', 'b'], "option '--tree=b' cannot be used with option '--tree=a'"],
    [['build', '-j1', '-j', '2'], "option '--jobs=2' cannot be used with option '--jobs=1'"],
    [['--deep', 'trim', '--deep=bold'], "option '--deep=bold' cannot be used with option '--deep'"],
    [['--debug-info', '--no-debug-info'], "option '--no-debug-info' cannot be used with option '--debug-info'"],
    [
      ['bisect', 'start', 'a', 'b', '--no-debug-info', '--debug-info'],
      "option '--debug-info' cannot be used with option '--no-debug-info'",
    ],
    [['why', 'A', '-vq'], "option '-q, --quiet' cannot be used with option '-v, --verbose'"],
    [['bisect', 'status', '-q', '-v'], "option '-q, --quiet' cannot be used with option '-v, --verbose'"],
    [['--json', '--diff'], "option '--diff' cannot be used with option '--json'"],
    [['--nothing-like-it'], "unknown option '--nothing-like-it'\n(kconfig-trim help trim lists them)"],
    [['--fast=yes'], "option '--fast' takes no value\n(Did you mean --fast?)"],
    [['check', '--strict=1'], "option '--strict' takes no value\n(Did you mean --strict?)"],
    [['--deep', 'bold'], `--deep takes its value behind '=', without a space\n(Did you mean --deep=bold?)`],
    [
      ['-C', 'x', 'trim', '--deep', 'bold', '-v'],
      `--deep takes its value behind '=', without a space\n(Did you mean --deep=bold?)`,
    ],
    [['rehearse', '--deep', 'bold'], `--deep takes its value behind '=', without a space\n(Did you mean --deep=bold?)`],
    [['why', 'A', '--deep', 'bold'], `--deep takes its value behind '=', without a space\n(Did you mean --deep=bold?)`],
    [
      ['bisect', 'start', '--deep', 'bold', 'a', 'b'],
      `--deep takes its value behind '=', without a space\n(Did you mean --deep=bold?)`,
    ],
    [['--deep', 'chek'], "unknown command 'chek'\n(Did you mean check?)"],
    [['--deep', 'brave'], "unknown command 'brave'\n(kconfig-trim help lists them)"],
    [
      ['why', '--deep', 'A', 'B'],
      "too many arguments for 'why'. Expected 1 argument but got 2.\n(see kconfig-trim help why)",
    ],
    [['why'], "missing required argument 'name'\n(see kconfig-trim help why)"],
    [['bisect', 'start', 'a'], "missing required argument 'bad'\n(see kconfig-trim help bisect start)"],
    [['check', '-l'], "option '-l, --lsmod <file>' argument missing\n(see kconfig-trim help check)"],
    [['build', '--jsno'], "unknown option '--jsno'\n(Did you mean --json?)"],
    [['map', '-x'], "unknown option '-x'\n(kconfig-trim help map lists them)"],
    [
      ['build', '-k'],
      "unknown option '-k'\n(kconfig-trim help build lists them; " +
        'options for make stand behind --: kconfig-trim build -- -k)',
    ],
    [
      ['build', 'bzImage', '-kB'],
      "unknown option '-kB'\n(kconfig-trim help build lists them; " +
        'options for make stand behind --: kconfig-trim build -- -kB)',
    ],
    [
      ['build', '--keep-going'],
      "unknown option '--keep-going'\n(kconfig-trim help build lists them; " +
        'options for make stand behind --: kconfig-trim build -- --keep-going)',
    ],
    [
      ['bisect', 'build', '-k'],
      "unknown option '-k'\n(kconfig-trim help bisect build lists them; " +
        'options for make stand behind --: kconfig-trim bisect build -- -k)',
    ],
    [['map', '--nope'], "unknown option '--nope'\n(kconfig-trim help map lists them)"],
  ])('%j: what was meant', async (words, message) => {
    expect(await run(words)).toEqual({ status: 2, stdout: '', stderr: `kconfig-trim: ${message}\n` });
  });

  it.each([['a\u001b[31mb'], ['--a\u001b[31mb'], ['conf', '--output\u009b31m'], ['estimate', '--\u001b]0;x\u0007']])(
    '%j: nothing of it drives a terminal',
    async (...words) => {
      const { status, stderr } = await run(words);
      expect(status).toBe(2);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
      expect(stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]|\xc2[\x80-\x9f]/);
    },
  );
});

describe('an argument without a value', () => {
  it.each([
    [['estimate', ''], '[configs...]', 'leave it out, or give it one'],
    [['estimate', 'a', ''], '[configs...]', 'leave it out, or give it one'],
    [['conf', ''], '<target>', 'give it one'],
    [['conf', 'merge', ''], '[files...]', 'leave it out, or give it one'],
    [['conf', 'merge', 'a', '', 'b'], '[files...]', 'leave it out, or give it one'],
    [['conf', 'defconfig', ''], '[files...]', 'leave it out, or give it one'],
    [['record', ''], '[file]', 'leave it out, or give it one'],
    [['why', ''], '<name>', 'give it one'],
    [['why', '--', ''], '<name>', 'give it one'],
    [['map', 'ext4', ''], '[names...]', 'leave it out, or give it one'],
    [['build', ''], '[words...]', 'leave it out, or give it one'],
    [['build', 'bzImage', '', '--', '-k'], '[words...]', 'leave it out, or give it one'],
    [['bisect', 'start', '', 'v2'], '<good>', 'give it one'],
    [['bisect', 'start', 'v1', ''], '<bad>', 'give it one'],
    [['bisect', 'build', ''], '[words...]', 'leave it out, or give it one'],
  ])('%j: is refused', async (words, argument, remedy) => {
    const stderr = `kconfig-trim: argument '${argument}' has an empty value; ${remedy}\n`;
    expect(await run(words)).toEqual({ status: 2, stdout: '', stderr });
  });

  it.each([
    [['build', '-C', 'fixtures/none', '--', '-k', '']],
    [['bisect', 'build', '-C', 'fixtures/none', '--', '']],
    [['bisect', 'run', '-C', 'fixtures/none', './test', '', 'x']],
    [['bisect', 'run', '-C', 'fixtures/none', '--', './test', '']],
  ])('%j: is of make, or of the command', async (words) => {
    const { status, stderr } = await run(words);
    expect(status).toBe(2);
    expect(stderr).toContain('fixtures/none');
    expect(stderr).not.toContain('empty value');
  });
});

describe('the same option twice', () => {
  it.each([
    [['-C', 'fixtures/none', '--tree', 'fixtures/none']],
    [['check', '-C', 'fixtures/none', '-c', 'a', '-c', 'b', '--arch=x86', '--arch=arm']],
    [['-qq', '-C', 'fixtures/none', '-l', 'a', '-l', 'b']],
  ])('%j: with one value, or where several can be, is no contradiction', async (words) => {
    expect((await run(words)).stderr).toContain('fixtures/none is not a kernel source tree');
  });
});

describe('standard input for two', () => {
  const end = ': standard input can be read once; name a file for one of them';

  it.each([
    [['-c', '-', '-l', '-'], '--config - and --lsmod -'],
    [['-l-', '-l', '-'], '--lsmod - stands there twice'],
    [['why', 'A', '--lsmod=-', '--config=-'], '--config - and --lsmod -'],
    [['rehearse', '-c-', '-l', 'a', '-l', '-'], '--config - and --lsmod -'],
    [['bisect', 'start', 'a', 'b', '-c', '-', '-l', '-'], '--config - and --lsmod -'],
    [['check', '-c', '-', '-c', '-'], '--config - stands there twice'],
    [['check', '-c', '-', '--against', '-'], '--config - and --against -'],
    [['check', '--against=-', '-l', '-'], '--lsmod - and --against -'],
    [['estimate', '-', '-'], "the argument '-' stands there twice"],
    [['estimate', '-c', '-', '-'], "--config - and the argument '-'"],
    [['conf', 'merge', '-', 'a', '-'], "the argument '-' stands there twice"],
    [['conf', 'merge', '-c', '-', '-'], "--config - and the argument '-'"],
  ])('%j: is refused before it is read', async (words, who) => {
    expect(await run(words)).toEqual({ status: 2, stdout: '', stderr: `kconfig-trim: ${who}${end}\n` });
  });

  it('counts a listing that LSMOD names, where it is the one', async () => {
    const env = { LSMOD: '-' };
    expect((await run(['-c', '-'], { env })).stderr).toBe(`kconfig-trim: --config - and LSMOD=-${end}\n`);
    const other = await run(['-C', 'fixtures/none', '-c', '-', '-l', 'a'], { env });
    expect(other.stderr).toContain('fixtures/none is not a kernel source tree');
  });

  it.each([
    [['-c', '-', '-l', 'a']],
    [['-c', '-', '-c', '-']],
    [['-c', '-', '-o', '-']],
    [['estimate', '-', 'a']],
    [['conf', 'savedefconfig', '-c', '-', '-o', '-']],
  ])('%j: is for one', async (words) => {
    expect((await run([...words, '-C', 'fixtures/none'])).stderr).toContain(
      'fixtures/none is not a kernel source tree',
    );
  });
});

describe('options before the command', () => {
  it.each([
    [['-C', 'fixtures/none', 'why', 'FOO'], 'fixtures/none is not a kernel source tree'],
    [['-qC', 'fixtures/none', '--arch=x86', 'map', 'foo'], 'fixtures/none is not a kernel source tree'],
    [['--tree', 'check', 'objects'], 'check is not a kernel source tree'],
    [['-l', 'conf', '-C', 'why'], 'why is not a kernel source tree'],
    [['-C', 'fixtures/none', 'wyh', 'FOO'], "unknown command 'wyh'\n(Did you mean why?)"],
    [['-v', '--', 'why'], "too many arguments for 'trim'"],
    [['--deep', '-C', 'fixtures/none'], 'fixtures/none is not a kernel source tree'],
    [['--deep=bold', '-C', 'fixtures/none', 'trim'], 'fixtures/none is not a kernel source tree'],
    [['--deep', 'trim', '-C', 'fixtures/none'], 'fixtures/none is not a kernel source tree'],
    [['--deep=brave'], "option '--deep[=bold]' argument 'brave' is invalid. There are --deep and --deep=bold."],
  ])('%j: the command is found behind them', async (words, message) => {
    const { status, stderr } = await run(words);
    expect(status).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('the help', () => {
  it('shows a value that may be left out as it is typed, and no option that is refused', async () => {
    for (const command of ['trim', 'why', 'rehearse', 'bisect start'])
      expect((await run(['help', ...command.split(' ')])).stdout).toMatch(/^ {2}--deep\[=bold\] {2}/m);
    expect((await run(['help', 'record'])).stdout).not.toContain('--config');
  });
});

describe('the program without a command', () => {
  it('trims, with the options of a trim', async () => {
    expect((await run(['-C', 'fixtures/none'])).stderr).toContain('fixtures/none is not a kernel source tree');
  });

  it('helps with its own help, and with each command', async () => {
    expect((await run(['--help'])).stdout).toContain('Trim a config:\n');
    expect((await run(['help', 'trim'])).stdout).toContain('--lsmod <file>');
    expect((await runBuilt(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
