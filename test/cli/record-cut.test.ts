/** Every command that reads a record refuses one that was cut, with the same words, and changes nothing. */
import { readFileSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { recordText } from '../helpers/record-text.ts';
import { copyExample, inOneLine, run } from './run.ts';

const WHOLE = recordText(
  'builtin kernel',
  'builtin heron',
  'bus pci 1',
  'class net 1',
  `kernel 6.12.1 ${machine()}`,
  'module heron 1',
  'source lsm 1',
);
const BASE = '-C tree -c config --arch x86 --no-exec --force';
const COMMANDS = [
  `trim ${BASE} --dry-run -l`,
  `rehearse ${BASE} -l`,
  `check ${BASE} --skip tools -l`,
  `why NET ${BASE} -l`,
  `build -C tree -c config --arch x86 --force -l`,
  'record --no-exec --add',
  'record --no-exec --compare',
];
/** By what is left: how the message ends that says so. */
const CUTS: readonly (readonly [string, string, string])[] = [
  ['a part of the first line', WHOLE.slice(0, 10), 'no whole line that says its size'],
  ['the first line', WHOLE.slice(0, WHOLE.indexOf('\n') + 1), 'no whole line that says its size'],
  ['what is built in', WHOLE.slice(0, WHOLE.indexOf('bus')), 'no whole line that says its size'],
  ['a part of the size', WHOLE.slice(0, -2), 'no whole line that says its size'],
  [
    'all but a module',
    WHOLE.replace('module heron 1\n', ''),
    `it has ${WHOLE.replace(/\n|size.*/g, '').length - 14} of`,
  ],
];

let example = '';
beforeEach(() => {
  example = copyExample();
});

describe.each(CUTS)('%s', (_, text, why) => {
  it.each(COMMANDS)('%s', async (words) => {
    const file = join(example, 'cut.record');
    writeFileSync(file, text);
    const { status, stdout, stderr } = await run([...words.split(' '), 'cut.record'], { cwd: example });
    expect(inOneLine(stderr)).toContain('cut.record');
    expect(inOneLine(stderr)).toContain(`the record breaks off: `);
    expect(inOneLine(stderr)).toContain(why);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(readFileSync(file, 'latin1')).toBe(text);
  });
});

it.each(COMMANDS)('a whole one: %s', async (words) => {
  writeFileSync(join(example, 'whole.record'), WHOLE);
  const { stderr } = await run([...words.split(' '), 'whole.record'], { cwd: example });
  expect(stderr).not.toContain('the record');
});
