/** No command writes where it reads, and none writes two things in one place. */
import { existsSync, linkSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
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
  symlinkSync('.', join(example, 'here'));
  mkdirSync(join(example, 'below'));
});

const STAYS = 'is one of the files that are read, and stays as it is';
const TWICE = 'would be written twice';
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
  ])('%s', async (words, why) => {
    const before = contents();
    const done = await inFolder(words);
    expect(inOneLine(done.stderr)).toContain(why);
    expect(done).toMatchObject({ status: 2, stdout: '' });
    expect(contents()).toEqual(before);
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
