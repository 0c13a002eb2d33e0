import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { copyExample, run } from './run.ts';

/** What stands in place of fs/Kconfig, and what is said of it: place, line, caret, and the file that includes it. */
const CASES: readonly (readonly [string, string, readonly string[]])[] = [
  [
    'a missing parenthesis',
    'config A\n\tbool "a"\n\tdepends on (B && C\n',
    ["fs/Kconfig:3:20: error: syntax error: expected ')'", '3 |  depends on (B && C', '  |                    ^'],
  ],
  [
    'a statement that there is none of',
    'config A\n\tbool "a"\n\nconfig-option B\n',
    ['fs/Kconfig:4:1: error: unknown statement "config-option"', '4 | config-option B', '  | ^'],
  ],
  [
    'a menu without its end',
    '\n  menu "a"\nconfig A\n\tbool "a"\n',
    ["fs/Kconfig:2:3: error: missing 'endmenu' for this 'menu'", '2 |   menu "a"', '  |   ^'],
  ],
  [
    'a macro that does not end',
    'config A\n\tbool "a"\n\tdefault $(b\n',
    ["fs/Kconfig:3:10: error: unterminated reference to 'b': missing ')'", '3 |  default $(b', '  |          ^'],
  ],
  [
    'an error that the file itself asks for',
    'config A\n\tbool "a"\n  $(error-if,y,this cannot work)\n',
    ['fs/Kconfig:3:3: error: this cannot work', '3 |   $(error-if,y,this cannot work)', '  |   ^'],
  ],
  [
    'a missing file',
    '\n  source "fs/none"\n',
    ['fs/Kconfig:2:3: error: can\'t open file "fs/none"', '2 |   source "fs/none"', '  |   ^'],
  ],
  [
    'a choice of strings',
    'choice\n\tprompt "c"\nconfig A\n\tstring "a"\nendchoice\n',
    ['fs/Kconfig:3:1: error: choice member must be bool (A)', '3 | config A', '  | ^'],
  ],
  [
    'a symbol that depends on itself',
    'config A\n\tbool "a"\n\tdepends on B\n\nconfig B\n\tbool\n\tdefault y if C\n\nconfig C\n\tbool\n\tdepends on A\n',
    [
      'fs/Kconfig:1:1: error: symbols that depend on themselves',
      'error: recursive dependency detected!',
      '\tsymbol A depends on B',
      '\tsymbol B default is visible depending on C',
      '\tsymbol C depends on A',
      'For a resolution refer to Documentation/kbuild/kconfig-language.rst',
      'subsection "Kconfig recursive dependency limitations"',
      '1 | config A',
      '  | ^',
    ],
  ],
];

describe('errors in Kconfig files', () => {
  let tree = '';
  beforeAll(() => {
    tree = join(copyExample(), 'tree');
  });

  const errorOf = async (text: string): Promise<readonly string[]> => {
    writeFileSync(join(tree, 'fs/Kconfig'), text);
    const { status, stdout, stderr } = await run(['conf', 'alldefconfig', '-C', tree, '--no-exec', '-o', '-']);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    return stderr.trimEnd().split('\n');
  };

  it.each(CASES)('%s: place, line, and the including file', async (_, text, said) => {
    expect(await errorOf(text)).toEqual([...said, '  included from Kconfig:14']);
  });

  it('come behind the warnings that were found before', async () => {
    const said = await errorOf('config A\n\tbool "a"\n\tint "b"\n\nconfig-option B\n');
    expect(said.slice(0, 3)).toEqual([
      'fs/Kconfig:3:warning: prompt redefined',
      "fs/Kconfig:1:warning: ignoring type redefinition of 'A' from 'bool' to 'integer'",
      'fs/Kconfig:5:1: error: unknown statement "config-option"',
    ]);
  });

  it('show the whole chain of a file that includes itself', async () => {
    writeFileSync(join(tree, 'fs/Kconfig.one'), '\nsource "fs/Kconfig.two"\n');
    writeFileSync(join(tree, 'fs/Kconfig.two'), '\n\nsource "fs/Kconfig.one"\n');
    expect(await errorOf('source "fs/Kconfig.one"\n')).toEqual([
      'fs/Kconfig.two:3:1: error: fs/Kconfig.one includes itself',
      '3 | source "fs/Kconfig.one"',
      '  | ^',
      '  included from fs/Kconfig.one:2',
      '  included from fs/Kconfig:1',
      '  included from Kconfig:14',
    ]);
  });
});
