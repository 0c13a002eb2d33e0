/** Commands that ask the compiler or the linker, in the forms of scripts/Kconfig.include. */
import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { commandDependencies } from '../../src/toolchain/command-dependencies.ts';

const TOOLS = { compiler: 'gcc', linker: 'ld' };
const fs = new NodeFileSystem(new Volume() as unknown as NodeFs);
const env = { CC: 'gcc' };

const ifSuccess = (body: string, yes = 'y', no = 'n'): string =>
  `{ ${body}; } >/dev/null 2>&1 && echo "${yes}" || echo "${no}"`;
const ccOption = (flags: string): string =>
  ifSuccess(`trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; gcc -Werror  ${flags} -c -x c /dev/null -o .tmp_$$/tmp.o`);
const asInstr = (text: string): string =>
  ifSuccess(`printf "%b\\n" "${text}" | gcc   -Wa,--fatal-warnings -c -x assembler-with-cpp -o /dev/null -`);
const compiles = (text: string, flags = '-c -o /dev/null'): string => ifSuccess(`echo '${text}' | gcc -x c - ${flags}`);

const needs = (command: string, tools = TOOLS): readonly string[] | null => {
  const found = commandDependencies(command, { fs, tools, env, cwd: '/tree', programs: new Map() });
  return found && [...found.dependencies, ...found.calls.map(() => 'headers')].slice(1);
};

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
    compiles('int foo(int x) { asm goto ("": "=r"(x) ::: bar); bar: return 0; }'),
    compiles('int foo(int *x) { asm goto (".long (%l[bar]) - .": "+m"(*x) ::: bar); bar: return 0; }'),
    compiles('struct flex { int count; int array[] __attribute__((__counted_by__(count))); };'),
  ])('%s', (command) => {
    expect(needs(command)).toEqual(['compiler']);
  });

  it('and the program that puts debug information aside', () => {
    expect(needs(ccOption('-gsplit-dwarf'))).toEqual(['compiler', 'program objcopy']);
  });

  it('and the linker', () => {
    expect(needs(ifSuccess('ld -v --orphan-handling=warn'))).toEqual(['linker']);
    expect(needs(ifSuccess('ld -v --compress-debug-sections=zstd'))).toEqual(['linker']);
  });

  it('counts with what CC says', () => {
    const command = ifSuccess('x-gcc -m32 -Werror -E -x c /dev/null -o /dev/null');
    expect(needs(command, { compiler: 'x-gcc -m32', linker: 'ld' })).toEqual(['compiler']);
    expect(needs(command)).toBeNull();
  });
});

describe('commands that may depend on anything', () => {
  it.each([
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
    expect(needs(command)).toBeNull();
  });
});
