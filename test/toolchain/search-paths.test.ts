import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { searchCommand, searchedPaths } from '../../src/toolchain/search-paths.ts';

const LIST = `ignoring nonexistent directory "/usr/local/include/x86"
#include "..." search starts here:
#include <...> search starts here:
 /usr/local/include
 /usr/include
End of search list.
`;
const HEADERS = '# 0 "<stdin>"\n# 1 "/usr/include/stdio.h" 1 3 4\n# 1 "/usr/include/bits/types.h" 1 3 4\n';
const LIBRARIES = 'libraries: =/usr/lib/gcc/12/:/usr/lib/gcc/12/../../lib32/\n';

describe('what the compiler says of its searches', () => {
  it('names directories, headers, and where others could be found first', () => {
    expect([...searchedPaths(LIST + HEADERS + LIBRARIES)!].sort()).toEqual([
      '/usr/include',
      '/usr/include/bits',
      '/usr/include/bits/types.h',
      '/usr/include/stdio.h',
      '/usr/lib/gcc/12/',
      '/usr/lib/gcc/12/../../lib32/',
      '/usr/local/include',
      '/usr/local/include/bits',
      '/usr/local/include/x86',
    ]);
  });

  it.each([
    '/usr/include/stdio.h:27:10: fatal error: gnu/stubs-32.h: No such file or directory\n',
    "<stdin>:1:10: fatal error: 'gnu/stubs-32.h' file not found\n",
  ])('names where a missing header could come: %s', (missing) => {
    expect(searchedPaths(LIST + missing + LIBRARIES)).toContain('/usr/include/gnu');
  });

  it.each([
    ['no headers', HEADERS + LIBRARIES],
    ['no libraries', LIST + HEADERS],
    ['other letters', LIST.replace('local', 'l\xf6cal') + LIBRARIES],
    ['blanks in names', LIST.replace(' /usr/local', ' /usr/lo cal') + LIBRARIES],
    ['blanks in names of libraries', LIST + LIBRARIES.replace('32', ' 32')],
  ])('is not understood with %s', (_, output) => {
    expect(searchedPaths(output)).toBeNull();
  });

  it('is asked for with the flags that matter, and for the headers of the text', () => {
    const call = { words: ['cat', '-m32', '-x', 'c', '-'], input: "it's\n#include <a>\nint x;\n" };
    const command = searchCommand(call);
    expect(command.match(/'cat' '-m32' /g)).toHaveLength(2);
    const reading = command.replace(/LC_ALL=C 'cat' '-m32' -v.*?;/, 'cat;').replace(/ LC_ALL=C 'cat'.*; }/, ' }');
    expect(execFileSync('/bin/sh', ['-c', reading], { encoding: 'latin1' })).toBe('#include <a>\n');
  });
});
