/** No command writes where it reads, and none writes two things in one place. */
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordText } from '../helpers/record-text.ts';
import { copyExample, inOneLine, type Run, run } from './run.ts';

let example = '';
const inFolder = (words: string, env: Record<string, string> = {}): Promise<Run> =>
  run(words.split(' '), { cwd: example, env });
/** Every file of the folder, and what it has. */
const contents = (): Record<string, string> =>
  Object.fromEntries(
    readdirSync(example, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [join(parentPath, name), readFileSync(join(parentPath, name), 'latin1')]),
  );

beforeEach(() => {
  example = copyExample();
  const write = (name: string, text: string): void => writeFileSync(join(example, name), text);
  write('x.record', recordText('kernel 6.12.1 x86_64', 'module heron 1'));
  write('part.config', 'CONFIG_NET=y\n');
  write('config.old', readFileSync(join(example, 'config'), 'latin1'));
  write('tree/.config', readFileSync(join(example, 'config'), 'latin1'));
  symlinkSync('x.record', join(example, 'link.record'));
  write('x.record.old', recordText('kernel 6.12.1 x86_64', 'module kestrel 1'));
  symlinkSync('tree/net/socket.c', join(example, 'source'));
  mkdirSync(join(example, 'tree/scripts'), { recursive: true });
  write('tree/scripts/tool', '');
  symlinkSync('.', join(example, 'here'));
  mkdirSync(join(example, 'below'));
});

const STAYS = 'is one of the files that are read, and stays as it is';
const TWICE = 'would be written twice';
const SOURCE = 'is a source file of the kernel tree';
const NO_DIRECTORY = 'none/x: its directory does not exist';
const BASE = '-C tree -c config --no-exec';

describe('refused, and nothing is written:', () => {
  it.each([
    [`trim ${BASE} -l x.record -o x.record`, STAYS],
    [`trim ${BASE} -l x.record -o below/../x.record`, STAYS],
    [`trim ${BASE} -l x.record -o link.record`, STAYS],
    [`trim ${BASE} -l link.record -o here/x.record`, STAYS],
    [`trim ${BASE} -l x.record --html x.record --dry-run`, STAYS],
    [`trim ${BASE} -l x.record --html config --dry-run`, STAYS],
    [`trim ${BASE} -l x.record --html config -o new`, STAYS],
    [`trim ${BASE} -l x.record --fragment part.config -o part.config`, STAYS],
    [`trim ${BASE} -l x.record -o new --html new`, TWICE],
    [`trim ${BASE} -l x.record -o here/new --html new`, TWICE],
    [`trim ${BASE} -l x.record --html tree/.config`, TWICE],
    [`trim ${BASE} -l x.record -o config --html config.old`, TWICE],
    ['trim -C tree --no-exec -l x.record -c config.old -o config', STAYS],
    [`rehearse ${BASE} -l x.record -o x.record`, STAYS],
    [`rehearse ${BASE} -l x.record -o config`, STAYS],
    [`why NET ${BASE} -l x.record -o x.record`, STAYS],
    [`why NET ${BASE} -l x.record --html x.record`, STAYS],
    [`why NET ${BASE} -l x.record -o config`, STAYS],
    ['why NET -C tree --no-exec -l x.record -o tree/.config', STAYS],
    [`why NET ${BASE} -l x.record --fragment part.config -o part.config`, STAYS],
    [`why NET ${BASE} -l x.record -o new --html new`, TWICE],
    [`estimate ${BASE} -o config`, STAYS],
    [`estimate ${BASE} --html config`, STAYS],
    ['estimate config config.old -C tree --no-exec -o config.old', STAYS],
    [`estimate ${BASE} -o new --html new`, TWICE],
    [`map ${BASE} -o config`, STAYS],
    [`objects ${BASE} -o config`, STAYS],
    ['objects -C tree --no-exec -o tree/.config', STAYS],
    ['conf savedefconfig -C tree -c config -o config --no-exec', STAYS],
    ['conf listnewconfig -C tree -o tree/.config --no-exec', STAYS],
    ['conf olddefconfig -C tree -c config.old -o config --no-exec', STAYS],
    ['conf merge config part.config -C tree -o part.config --no-exec', STAYS],
    ['conf merge part.config -C tree -c config -o part.config --no-exec', STAYS],
    [`check ${BASE} --skip tools --format json=new --format junit=new`, TWICE],
    [`check ${BASE} --skip tools --html new -o new`, TWICE],
    [`build -C tree -c config -l x.record -o x.record`, STAYS],
    [`build -C tree -c config -l x.record --format junit=config`, STAYS],
    [`build -C tree -c config -l x.record --log x.record`, STAYS],
    [`build -C tree -c config --log new -o new`, TWICE],
    ['record --compare x.record -o x.record', STAYS],
    ['record --compare x.record -o link.record', STAYS],
    ['record --add lsmod.txt -o lsmod.txt', STAYS],
    ['record --add lsmod.txt lsmod.txt', STAYS],
    [`check ${BASE} --skip tools -l x.record.old -o x.record`, 'where the old file would be stored'],
    [`trim ${BASE} -l x.record --html tree/Kconfig --dry-run`, SOURCE],
    [`trim ${BASE} -l x.record --html here/tree/net/Makefile --dry-run`, SOURCE],
    [`trim ${BASE} -l x.record -o tree/Makefile`, SOURCE],
    [`trim ${BASE} -l x.record -o tree/Kbuild`, SOURCE],
    [`trim ${BASE} -l x.record -o source`, SOURCE],
    [`rehearse ${BASE} -l x.record -o tree/net/socket.c`, SOURCE],
    [`why NET ${BASE} -l x.record -o tree/Makefile`, SOURCE],
    [`why NET ${BASE} -l x.record --html tree/Makefile`, SOURCE],
    [`estimate ${BASE} -o tree/Makefile`, SOURCE],
    [`estimate ${BASE} --html tree/scripts/tool`, SOURCE],
    [`map ${BASE} -o tree/Makefile`, SOURCE],
    [`objects ${BASE} -o tree/Makefile`, SOURCE],
    [`conf olddefconfig ${BASE} -o tree/Makefile`, SOURCE],
    [`conf savedefconfig ${BASE} -o tree/Makefile`, SOURCE],
    [`conf listnewconfig ${BASE} -o tree/Makefile`, SOURCE],
    ['conf merge config part.config -C tree --no-exec -o tree/Makefile', SOURCE],
    [`check ${BASE} --skip tools --format sarif=tree/Makefile`, SOURCE],
    [`check ${BASE} --skip tools --html tree/Makefile`, SOURCE],
    [`check ${BASE} --skip tools --baseline tree/Makefile --write-baseline`, SOURCE],
    ['build -C tree -c config --format junit=tree/Makefile', SOURCE],
    ['build -C tree -c config --log tree/Makefile', SOURCE],
    ['record tree/Makefile', SOURCE],
    ['record -o tree/net/socket.c --json', SOURCE],
    ['record --script -o tree/Makefile', SOURCE],
    ['record --compare x.record -o tree/Makefile', SOURCE],
    ['record --add x.record tree/Makefile', SOURCE],
    [`trim ${BASE} -l x.record -o none/x`, NO_DIRECTORY],
    [`trim ${BASE} -l x.record -o new --html none/x`, NO_DIRECTORY],
    [`rehearse ${BASE} -l x.record -o none/x`, NO_DIRECTORY],
    [`why NET ${BASE} -l x.record -o none/x`, NO_DIRECTORY],
    [`why NET ${BASE} -l x.record --html none/x`, NO_DIRECTORY],
    [`estimate ${BASE} -o none/x`, NO_DIRECTORY],
    [`estimate ${BASE} --html none/x`, NO_DIRECTORY],
    [`map ${BASE} -o none/x`, NO_DIRECTORY],
    [`objects ${BASE} -o none/x`, NO_DIRECTORY],
    [`conf olddefconfig ${BASE} -o none/x`, NO_DIRECTORY],
    [`conf savedefconfig ${BASE} -o none/x`, NO_DIRECTORY],
    ['conf merge config part.config -C tree --no-exec -o none/x', NO_DIRECTORY],
    [`check ${BASE} --skip tools --format sarif=none/x`, NO_DIRECTORY],
    [`check ${BASE} --skip tools -o none/x`, NO_DIRECTORY],
    [`check ${BASE} --skip tools --html none/x`, NO_DIRECTORY],
    [`check ${BASE} --skip tools --baseline none/x --write-baseline`, NO_DIRECTORY],
    ['build -C tree -c config --format junit=none/x', NO_DIRECTORY],
    ['build -C tree -c config --log none/x', NO_DIRECTORY],
    ['build -C tree -c config --log below', 'below: is a directory; nothing was changed'],
    ['record none/x', NO_DIRECTORY],
    ['record --script none/x', NO_DIRECTORY],
    ['record --compare x.record -o none/x', NO_DIRECTORY],
  ])('%s', async (words, why) => {
    const before = contents();
    const done = await inFolder(words);
    expect(inOneLine(done.stderr)).toContain(why);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(contents()).toEqual(before);
  });

  it.each([
    `trim ${BASE} -l x.record -o`,
    `trim ${BASE} -l x.record --html`,
    `rehearse ${BASE} -l x.record -o`,
    `why NET ${BASE} -l x.record --html`,
    `estimate ${BASE} -o`,
    `map ${BASE} -o`,
    `objects ${BASE} -o`,
    `conf olddefconfig ${BASE} -o`,
    'conf merge config part.config -C tree --no-exec -o',
    `check ${BASE} --skip tools --format`,
    'build -C tree -c config --format',
    'build -C tree -c config --log',
  ])('before the work, for which this tree is too broken: %s', async (words) => {
    writeFileSync(join(example, 'tree/Kconfig'), 'endmenu\n');
    const format = words.endsWith('--format') ? 'junit=' : '';
    for (const [file, why] of [
      ['none/x', NO_DIRECTORY],
      ['tree/Makefile', SOURCE],
    ] as const) {
      const done = await inFolder(`${words} ${format}${file}`);
      expect(inOneLine(done.stderr)).toContain(why);
      expect(done.status).toBe(2);
    }
    expect((await inFolder(`${words} ${format}new`)).stderr).toContain('Kconfig:1:1: error');
  });

  it('a listing that LSMOD names', async () => {
    const done = await inFolder(`trim ${BASE} -o x.record`, { LSMOD: 'x.record' });
    expect(done.status).toBe(2);
    expect(done.stderr).toContain(`x.record ${STAYS}`);
  });

  it('a fragment that is found by its name in the tree', async () => {
    const folder = join(example, 'tree/kernel/configs');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'some.config'), 'CONFIG_NET=y\n');
    const done = await inFolder(`trim ${BASE} -l x.record --fragment some.config -o tree/kernel/configs/some.config`);
    expect(done.status).toBe(2);
    expect(readFileSync(join(folder, 'some.config'), 'latin1')).toBe('CONFIG_NET=y\n');
  });
});

describe('done as before:', () => {
  it.each([
    `trim ${BASE} -l x.record -o config`,
    'conf olddefconfig -C tree -c config -o config --no-exec',
    'conf merge config part.config -C tree -o config --no-exec',
  ])('%s: the old config is stored beside the new one', async (words) => {
    const before = readFileSync(join(example, 'config'), 'latin1');
    writeFileSync(join(example, 'config.old'), 'older');
    expect((await inFolder(words)).status).toBe(0);
    if (readFileSync(join(example, 'config'), 'latin1') !== before)
      expect(readFileSync(join(example, 'config.old'), 'latin1')).toBe(before);
  });

  it.each([
    `trim ${BASE} -l x.record -o x.record --dry-run`,
    `trim ${BASE} -l x.record -o new --html /dev/null`,
    `trim ${BASE} -l x.record -o /dev/null --html /dev/null`,
    `check ${BASE} --skip tools,fixpoint --format json=new --format json=new`,
    'trim -C tree --no-exec -l x.record -c config.old -o new',
  ])('%s', async (words) => {
    expect((await inFolder(words)).status).not.toBe(2);
  });

  it('another name of the same file: writing takes the place of a name', async () => {
    linkSync(join(example, 'x.record'), join(example, 'second'));
    const text = readFileSync(join(example, 'x.record'), 'latin1');
    expect((await inFolder(`rehearse ${BASE} -l x.record -o second`)).status).toBe(0);
    expect(readFileSync(join(example, 'x.record'), 'latin1')).toBe(text);
    expect(existsSync(join(example, 'second'))).toBe(true);
  });
});

/** A report of each kind, over a file that is somebody's. */
describe('what an output replaces stays beside it, and that is said:', () => {
  const NOTE = 'what was there is ';
  it.each([
    [`trim ${BASE} -l x.record --dry-run --html mine`, ', the old one is '],
    [`trim ${BASE} -l x.record --dry-run --json --html mine`, NOTE],
    [`trim ${BASE} -l x.record -o mine`, ', the old one is '],
    [`rehearse ${BASE} -l x.record -o mine`, NOTE],
    [`why NET ${BASE} -l x.record -o mine`, NOTE],
    [`why NET ${BASE} -l x.record --html mine`, NOTE],
    [`estimate ${BASE} -o mine`, NOTE],
    [`estimate ${BASE} --html mine`, NOTE],
    [`map ${BASE} -o mine`, NOTE],
    [`objects ${BASE} -o mine`, NOTE],
    [`conf listnewconfig ${BASE} -o mine`, NOTE],
    [`check ${BASE} --skip tools,fixpoint -o mine`, NOTE],
    [`check ${BASE} --skip tools,fixpoint --html mine`, NOTE],
    [`check ${BASE} --skip tools,fixpoint --format json=mine`, NOTE],
    [`check ${BASE} --skip tools,fixpoint --baseline mine --write-baseline`, NOTE],
    ['record mine', NOTE],
    ['record --script mine', NOTE],
    ['record --json mine', NOTE],
    ['record --compare x.record -o mine', NOTE],
  ])('%s', async (words, said) => {
    const file = join(example, 'mine');
    writeFileSync(file, 'weeks of work\n');
    const { status, stdout, stderr } = await inFolder(words);
    expect(status).not.toBe(2);
    expect(inOneLine(stdout + stderr)).toContain(`${said}${file}.old`);
    expect(readFileSync(`${file}.old`, 'latin1')).toBe('weeks of work\n');
    expect(readFileSync(file, 'latin1')).not.toContain('weeks of work');
  });

  it('conf savedefconfig stores no old defconfig, as conf does, and any other file', async () => {
    const file = join(example, 'mine');
    for (const [before, isStored] of [
      ['weeks of work\n', true],
      ['CONFIG_NET=y\n', false],
    ] as const) {
      rmSync(`${file}.old`, { force: true });
      writeFileSync(file, before);
      expect((await inFolder(`conf savedefconfig ${BASE} -o mine`)).status).toBe(0);
      expect(existsSync(`${file}.old`)).toBe(isStored);
    }
  });
});

describe('the page is named among what was written', () => {
  const written = async (words: string): Promise<string> =>
    inOneLine((await inFolder(`trim ${BASE} -l x.record --html page.html ${words}`)).stdout).replaceAll(example, '');

  it('beside the config', async () => {
    expect(await written('-o new')).toContain(' written /new /page.html next make ');
  });

  it('of a dry run alone', async () => {
    expect(await written('--dry-run')).toMatch(/ written \/page\.html; no config$/);
    expect(await written('--dry-run')).not.toContain('nothing');
  });

  it.each([`estimate ${BASE}`, `why NET ${BASE} -l x.record`, `check ${BASE} --skip tools,fixpoint`])(
    '%s',
    async (words) => {
      const { stderr } = await inFolder(`${words} --html page.html`);
      expect(inOneLine(stderr)).toContain(`page written to ${join(example, 'page.html')}`);
    },
  );
});
