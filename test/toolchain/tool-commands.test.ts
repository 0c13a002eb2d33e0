import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { askedTool, plainAnswer, showsWriting } from '../../src/toolchain/tool-commands.ts';

const TOOLS = { compiler: 'gcc', linker: 'ld' };
const ifSuccess = (body: string, yes = 'y', no = 'n'): string =>
  `{ ${body}; } >/dev/null 2>&1 && echo "${yes}" || echo "${no}"`;
/** scripts/Kconfig.include of the kernel. */
const ccOption = (flags: string): string =>
  ifSuccess(`trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; gcc -Werror  ${flags} -c -x c /dev/null -o .tmp_$$/tmp.o`);
const asInstr = (text: string): string =>
  ifSuccess(`printf "%b\\n" "${text}" | gcc   -Wa,--fatal-warnings -c -x assembler-with-cpp -o /dev/null -`);

describe('commands that ask the compiler alone', () => {
  it.each([
    ccOption('-fsanitize=kcfi'),
    ccOption('-m64 -D__SIZEOF_INT128__=0'),
    ccOption('-fsanitize=thread --param tsan-distinguish-volatile=1'),
    ccOption('-mllvm -max-store-memset=4294967294'),
    ccOption('-frandomize-layout-seed-file=/dev/null'),
    ccOption('-fpatchable-function-entry=16,16'),
    ccOption('-Wa,-march=armv8.2-a'),
    ccOption('-mstack-protector-guard=sysreg -mstack-protector-guard-offset=0'),
    asInstr('endbr64'),
    asInstr('vpclmulqdq \\$0x10,%ymm0,%ymm1,%ymm2'),
    asInstr('.arch armv8.5-a+memtag\\nstgm xzr,[x0]'),
    asInstr('1:\\n.inst 0\\n.rept . - 1b\\n\\nnop\\n.endr\\n'),
    ifSuccess('gcc -Werror -m32 -E -x c /dev/null -o /dev/null', '-m32', ''),
    ifSuccess(`echo 'void foo(void) { asm inline (""); }' | gcc -x c - -c -o /dev/null`),
    ifSuccess(`echo 'int foo(int x) { asm goto ("": "=r"(x) ::: bar); bar: return 0; }' | $CC -x c - -c -o /dev/null`),
  ])('%s', (command) => {
    expect(askedTool(command, TOOLS)).toBe('compiler');
  });

  it('and the linker', () => {
    expect(askedTool(ifSuccess('ld -v --orphan-handling=warn'), TOOLS)).toBe('linker');
  });

  it('counts with what CC says', () => {
    const command = ifSuccess('x-gcc -m32 -Werror -E -x c /dev/null -o /dev/null');
    expect(askedTool(command, { compiler: 'x-gcc -m32', linker: 'ld' })).toBe('compiler');
    expect(askedTool(command, TOOLS)).toBeNull();
  });
});

describe('commands that may depend on anything', () => {
  it.each([
    'gcc --version',
    'gcc -print-file-name=plugin',
    './scripts/cc-version.sh gcc',
    'set -- GCC 120200 && echo $1',
    ifSuccess('command -v gcc'),
    ifSuccess('test -e /usr/lib/gcc/plugin'),
    ifSuccess('./scripts/cc-can-link.sh gcc -m64'),
    ifSuccess('objcopy --version | head -n1 | grep -qv llvm'),
    ifSuccess('python3 -c "import lxml"'),
    ccOption('-march=native'),
    ccOption('-fplugin=here'),
    ccOption('-specs=here'),
    ccOption('@flags'),
    ccOption('-include config.h'),
    ccOption('-Iinclude'),
    ccOption('-fprofile-use=data'),
    ccOption('-fuse-ld=gold -Wl,--version'),
    ccOption('-Wp,-include,config.h'),
    ccOption('-Wa,-Iinclude'),
    ccOption('other.c'),
    ccOption('`date`'),
    ccOption('$FLAGS'),
    ccOption('-m64; test -e /etc/fstab'),
    ccOption('-m64 && true'),
    ccOption('-fsanitize-ignorelist=list'),
    ccOption('-B.'),
    asInstr('.include \\"file\\"'),
    asInstr('.incbin x'),
    asInstr('#include <linux/version.h>'),
    asInstr('\\043include'),
    asInstr('$(date)'),
    asInstr('$HOME'),
    ifSuccess(`echo '#include <stdio.h>' | gcc -x c - -c -o /dev/null`),
    ifSuccess(`echo '%:include <stdio.h>' | gcc -x c - -c -o /dev/null`),
    ifSuccess(`echo 'int x = __has_include(<a.h>);' | gcc -x c - -c -o /dev/null`),
    ifSuccess(`echo 'asm(".incbin x");' | gcc -x c - -c -o /dev/null`),
    ifSuccess(`echo 'int x;' | gcc -x c - -c -o made.o`),
    ifSuccess('ld -v --plugin=x'),
    ifSuccess('ld -v -T script'),
    ifSuccess('ld -v --version-script=x'),
    ifSuccess('ld -r x.o'),
    `${ifSuccess('gcc -E -x c /dev/null -o /dev/null')}; date`,
  ])('%s', (command) => {
    expect(askedTool(command, TOOLS)).toBeNull();
  });
});

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
