import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { plainAnswer, showsWriting } from '../../src/toolchain/kconfig-include.ts';

const ifSuccess = (body: string, yes = 'y', no = 'n'): string =>
  `{ ${body}; } >/dev/null 2>&1 && echo "${yes}" || echo "${no}"`;
/** scripts/Kconfig.include of the kernel. */
const ccOption = (flags: string): string =>
  ifSuccess(`trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; gcc -Werror  ${flags} -c -x c /dev/null -o .tmp_$$/tmp.o`);

describe('showsWriting', () => {
  it('wants a directory and success', () => {
    expect(showsWriting(ccOption('-m64'), 'y\n')).toBe(true);
    expect(showsWriting(ccOption('-m64'), 'n\n')).toBe(false);
    expect(showsWriting(ifSuccess('gcc -m64 -E -x c /dev/null -o /dev/null'), 'y\n')).toBe(false);
  });
});

describe('commands that ask nothing but what stands in them', () => {
  it.each([
    ifSuccess('test "GCC" = GCC'),
    ifSuccess('test "GCC" = Clang'),
    ifSuccess('test "" = Clang'),
    ifSuccess('test "GCC" != Clang', '-m32', ''),
    ifSuccess('test -z "GCC 120200"'),
    ifSuccess('test -z ""'),
    ifSuccess('test -n "GNU 24000"', 'n', 'y'),
    'set -- GCC 120200 && echo $1',
    'set -- GCC 120200 && echo $2',
    'set -- GCC 120200 && echo $3',
  ])('%s is answered as the shell answers it', (command) => {
    expect(plainAnswer(command)).toBe(execFileSync('/bin/sh', ['-c', command], { encoding: 'latin1' }));
  });

  it.each([
    ifSuccess('test -e /usr/bin/gcc'),
    ifSuccess('test "$CC" = gcc'),
    ifSuccess('test "a" = *'),
    ifSuccess('test "a" = a && rm -rf x'),
    ifSuccess('test "(" = a'),
    ifSuccess('test "a" = a', '-n', 'y'),
    ifSuccess('command -v gcc'),
    'set -- -x a && echo $1',
    'set -- a* && echo $1',
    'set -- a b && echo $0',
    'set -- a b && echo $12',
    'echo a',
  ])('%s is not one', (command) => {
    expect(plainAnswer(command)).toBeNull();
  });
});
