import { execFileSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { shellWords } from '../../src/report/shell-words.ts';
import {
  command,
  hanging,
  isTallerThanScreen,
  paint,
  renderMessage,
  renderText,
  verbatim,
} from '../../src/report/styled-text.ts';

describe('renderText', () => {
  const text = `a ${paint('bold', 'b\u001b[2Jc')} \u001b[31md ${paint('red', '\xe2\x82\xac')}\n`;
  test('has our colours and none of the input', () => {
    expect(renderText(text, true)).toBe('a \u001b[1mb[2Jc\u001b[0m [31md \u001b[31m€\u001b[0m\n');
  });
  test('has none where none is wanted', () => {
    expect(renderText(text, false)).toBe('a b[2Jc [31md €\n');
  });
});

describe('a line that is longer than a report is wide', () => {
  const words = `${'word '.repeat(20)}end`;

  test('is broken between words, below the end of its label', () => {
    const lines = renderText(`${hanging('label      ')}${words}`, false).split('\n');
    expect(lines).toEqual([
      `label      ${'word '.repeat(13)}word`.slice(0, 80).trimEnd(),
      expect.stringMatching(/^ {11}word .*end$/),
    ]);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });

  test('of input or without a label has what continues it set off', () => {
    expect(renderText(`    ${words}`, false)).toMatch(/\n {6}word/);
    expect(renderText(`note: ${words}`, false)).toMatch(/\n {6}word/);
  });

  test('breaks no name, and no command', () => {
    const name = 'drivers/'.repeat(12);
    expect(renderText(`text ${name} more`, false).replace(/\s+/g, ' ')).toBe(`text ${name} more`);
    expect(renderText(verbatim(words), false)).toBe(words);
  });

  test('on a narrow terminal goes on behind a slash, and has a place in a file whole, further to the left', () => {
    const path = '/usr/src/linux-6.12/configs/config.amd64_none_amd64';
    expect(renderText(`${hanging('config     ')}${path}`, false, 40)).toBe(
      'config     /usr/src/linux-6.12/configs/\n           config.amd64_none_amd64',
    );
    expect(renderText(`${hanging('base       ')}in ${path}, as it is`, false, 40)).toBe(
      'base       in\n           /usr/src/linux-6.12/configs/\n           config.amd64_none_amd64, as\n           it is',
    );
    const place = 'drivers/gpu/drm/i915/Makefile:394';
    expect(renderText(`${hanging('           ')}i915 is built by DRM_I915 ${place}`, false, 40)).toBe(
      `           i915 is built by DRM_I915\n       ${place}`,
    );
    const painted = renderText(`${hanging('config     ')}${paint('bold', path)}`, true, 40);
    expect(stripVTControlCharacters(painted)).toBe(renderText(`${hanging('config     ')}${path}`, false, 40));
    expect(renderText(`${hanging('config     ')}${'drivers/'.repeat(12)}`, false)).not.toContain('\n ');
  });

  test('has a command whole, and is broken in one that does not fit a line by backslashes that a shell takes', () => {
    const words = ['make', '-C', '/home/a b/linux', "CC='x y'", 'modules_install'];
    const line = `${hanging('next       ')}${command(words)}`;
    expect(renderText(line, false)).toBe(`next       ${shellWords(words)}`);
    const lines = renderText(line, false, 40).split('\n');
    expect(lines.every((each) => each.length <= 40)).toBe(true);
    const typed = lines.join('\n').slice('next       '.length).replace('make', "printf '%s\\n' make");
    expect(execFileSync('sh', ['-c', typed], { encoding: 'utf8' })).toBe(`${words.join('\n')}\n`);
    const prose = `${hanging('next       ')}then it is time for ${command(['kconfig-trim', 'bisect'])}, at last`;
    expect(renderText(prose, false, 40)).toBe(
      'next       then it is time for\n           kconfig-trim bisect, at last',
    );
    // A path is a word of its own, which is not broken where it is a part of a command.
    const path = '/a/path/that/is/rather/long/and/goes/past/the/edge';
    expect(renderText(command(['cd', path]), false, 40)).toBe(`cd \\\n  ${path}`);
  });

  test('counts columns, not what colours it', () => {
    expect(renderText(`${'x'.repeat(70)} ${paint('bold', 'y'.repeat(9))}`, true)).not.toContain('\n');
    expect(renderText(`${'x'.repeat(70)} ${paint('bold', 'y'.repeat(10))}`, true)).toContain('\n');
  });

  test('is broken sooner on a terminal with fewer columns, and not later on one with more', () => {
    const widths = (columns: number): number[] =>
      renderText(words, false, columns)
        .split('\n')
        .map(({ length }) => length);
    expect(Math.max(...widths(60))).toBeLessThanOrEqual(60);
    expect(Math.max(...widths(200))).toBeLessThanOrEqual(80);
  });
});

test('a report of more lines than a screen is taller than it', () => {
  expect(isTallerThanScreen('line\n'.repeat(23))).toBe(false);
  expect(isTallerThanScreen('line\n'.repeat(24))).toBe(true);
});

describe('a message', () => {
  const text =
    'kconfig-trim: error: /a/path that/is rather/long/config: cannot be read: there is no such file; name a config';

  test('is broken between words, not in paths, nor in lines of input that it shows', () => {
    const path = '/a/path that/is rather/long/config';
    expect(renderMessage(text, 50, [path])).toBe(
      'kconfig-trim: error:\n      /a/path that/is rather/long/config: cannot\n      be read: there is no such file; name a\n      config',
    );
    const shown = `.config:3: warning: ${'word '.repeat(12)}\n3 | ${'word '.repeat(30)}\n  | ^`;
    const [first, second, third, ...rest] = renderMessage(shown, 60).split('\n');
    expect([first!.length <= 60, second]).toEqual([true, '      word word word word word']);
    expect([third, ...rest]).toEqual([`3 | ${'word '.repeat(30)}`, '  | ^']);
  });

  test('has commands whole, as far as they fit a line', () => {
    const typed = 'it goes on here. To end it: kconfig-trim bisect reset; to start: kconfig-trim bisect start GOOD BAD';
    expect(renderMessage(typed, 40).replaceAll(/\n */g, '|')).toBe(
      'it goes on here. To end it:|kconfig-trim bisect reset; to|start:|kconfig-trim bisect start GOOD BAD',
    );
    const path = '/home/someone/linux/.git/kconfig-trim-bisect/git-bisect.log';
    expect(renderMessage(`go on: git bisect replay ${path}; or end it`, 40).replaceAll(/\n */g, '|')).toBe(
      `go on:|git bisect replay \\|${path};|or end it`,
    );
  });

  test('is no longer than a report on a wide terminal, and whole on one that does not know its width', () => {
    for (const columns of [200, 0]) {
      const lines = renderMessage(text, columns).split('\n');
      expect(lines).toHaveLength(2);
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    }
  });
});
