import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { linked } from '../../src/cli/hyperlinks.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const [tree, own] = [temporaryFolder(), temporaryFolder()];
mkdirSync(join(tree, 'drivers'));
writeFileSync(join(tree, 'drivers/Kconfig'), '');
writeFileSync(join(own, '.config'), '');

const link = (folder: string, file: string, line: number, shown: string): string =>
  `\u001b]8;;${pathToFileURL(join(folder, file)).href}#${line}\u001b\\${shown}\u001b]8;;\u001b\\`;

it.each([
  ['drivers/Kconfig:12', link(tree, 'drivers/Kconfig', 12, 'drivers/Kconfig:12')],
  ['at drivers/Kconfig:12:3: error', `at ${link(tree, 'drivers/Kconfig', 12, 'drivers/Kconfig:12:3')}: error`],
  ['\u001b[1m.config:3\u001b[0m', `\u001b[1m${link(own, '.config', 3, '.config:3')}\u001b[0m`],
])('%j: a link to the file that is there', (text, expected) => {
  expect(linked(text, [tree, own])).toBe(expected);
});

it.each(['drivers/none:12', 'drivers:12', 'built at 12:30', 'https://example.org:80', 'drivers/Kconfig', '/none:1'])(
  '%j: no link',
  (text) => {
    expect(linked(text, [tree, own])).toBe(text);
  },
);
