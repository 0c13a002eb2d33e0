// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell writes variables so, too
import { Volume } from 'memfs';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { commandDependencies } from '../../src/toolchain/command-dependencies.ts';

const TOOLS = 'sh cat head grep sed cut dirname env mktemp rm gcc gcc-nm ld as nm ar objcopy pahole date a'.split(' ');
const env: Record<string, string> = { PATH: '/opt/bin:/bin', CC: 'gcc', LD: 'ld', ARCH: 'x86', WORD: 'a b' };
let volume: InstanceType<typeof Volume>;

beforeEach(() => {
  volume = Volume.fromJSON(Object.fromEntries(TOOLS.map((name) => [`/bin/${name}`, '\x7fELF'])));
  volume.fromJSON({ '/bin/rustc': '#!/bin/sh\n', '/bin/python3': '\x7fELF', '/tree/scripts/lib.h': '' });
  for (const name of volume.readdirSync('/bin')) volume.chmodSync(`/bin/${name}`, 0o755);
});

const read = (command: string, script?: string) => {
  if (script !== undefined) volume.writeFileSync('/tree/scripts/a.sh', script);
  const fs = new NodeFileSystem(volume as unknown as NodeFs);
  return commandDependencies(command, {
    fs,
    tools: { compiler: 'gcc', linker: 'ld' },
    env,
    cwd: '/tree',
    programs: new Map(),
  });
};
const script = (text: string) => read('./scripts/a.sh gcc', `#!/bin/sh\n${text}\n`);
const success = (body: string): string => `{ ${body}; } >/dev/null 2>&1 && echo "y" || echo "n"`;

/** What a command depends on, but for the shell. */
const needs = (command: string, text?: string): readonly string[] | null => {
  const found = read(command, text);
  return found && [...found.dependencies].filter((each) => each !== 'program /bin/sh').sort();
};

describe('a command depends on', () => {
  it.each([
    [success('command -v gcc'), ['program gcc']],
    [success('nm --help | head -n 1 | grep -qi llvm'), ['program grep', 'program head', 'program nm']],
    [success('objcopy --version | head -n1 | grep -qv llvm'), ['program grep', 'program head', 'program objcopy']],
    ['bindgen --version workaround-for-0.69.0 2>/dev/null', ['program bindgen']],
    // A register is no program, though ghostscript is called gs.
    [success('objcopy --version | grep -q "%python3"'), ['program grep', 'program objcopy']],
    [success('test -e /usr/lib/gcc/plugin.h'), ['file /usr/lib/gcc/plugin.h']],
    ['LC_ALL=C ld -v', ['linker']],
    ['ld --version', ['linker']],
    ['gcc --version', ['compiler']],
    ["echo 'int x;' | $CC -c -x c - -o /dev/null", ['compiler', 'variable CC']],
  ])('%s', (command, expected) => {
    expect(needs(command)).toEqual(expected);
  });

  it('clang alone, where it compiles for what it was asked for its programs with', () => {
    const target = '--target=x86_64-linux-gnu';
    const asked = (...flags: string[]) => needs(`gcc ${flags.join(' ')} -c -x c /dev/null -o /dev/null`);
    expect(asked(target, '-Wall')).toBeNull();
    env['CLANG_FLAGS'] = `${target} -fintegrated-as`;
    try {
      expect(asked(target, '-Wall')).toEqual(['compiler']);
      expect(asked(target, '-m64')).toEqual(['compiler']);
      expect(asked('--target=arm-linux-gnueabi')).toBeNull();
      expect(asked(target, '--target=arm-linux-gnueabi')).toBeNull();
      // That is another target.
      expect(asked(target, '-m32')).toBeNull();
    } finally {
      delete env['CLANG_FLAGS'];
    }
  });

  it('the shell', () => {
    expect([...read('true')!.dependencies]).toEqual(['program /bin/sh']);
  });

  it('places where the compiler looks for files', () => {
    expect(read('gcc -print-file-name=plugin')?.calls).toEqual([
      { words: ['gcc', '-print-file-name=plugin'], input: '' },
    ]);
  });

  it('scripts, the variables and the scripts that they name', () => {
    volume.writeFileSync('/tree/scripts/b.sh', '#!/bin/sh -e\nif [ "$ARCH" = x ]; then echo 1; fi\n');
    const text = 'min=$(dirname $0)/b.sh\nset -- $("$@" -E -P -x c - < /dev/null)\necho $1 $($min gcc)';
    expect(script(text)).not.toBeNull();
    expect(needs('./scripts/a.sh gcc')).toEqual([
      'compiler',
      'program dirname',
      'script ./scripts/a.sh',
      'script ./scripts/b.sh',
      'variable ARCH',
    ]);
  });

  it('headers and libraries, and the linker that a compiler starts', () => {
    const text = '#include <stdio.h>\nint main(void) { return 0; }\n';
    expect(script(`cat << "END" | $@ -x c - -o /dev/null >/dev/null 2>&1\n${text}END`)?.calls).toEqual([
      { words: ['gcc', '-x', 'c', '-', '-o', '/dev/null'], input: text },
    ]);
    expect(needs('./scripts/a.sh gcc')).toContain('program ld');
    expect(script(`cat << "END" | $@ -S -x c - -o /dev/null\n${text}END`)?.calls).toHaveLength(1);
    expect(script('echo "int x;" | $@ -x c - -o /dev/null')?.calls).toHaveLength(1);
    expect(script('echo "int x;" | $@ -c -x c - -o /dev/null')?.calls).toEqual([]);
  });

  it('programs that a script names by variables', () => {
    const text =
      '#!/bin/sh -eu\nt=$(mktemp)\ntrap "rm -f $t.o $t" EXIT\necho "int x;" | $CC -c -x c - -o $t.o\ntest -z "$(nm $t.o)"';
    expect(needs(success('env "CC=gcc" ./scripts/a.sh'), text)).toEqual([
      'compiler',
      ...['env', 'mktemp', 'nm', 'rm'].map((name) => `program ${name}`),
      'script ./scripts/a.sh',
      'variable CC',
    ]);
  });

  it('what functions of a script ask', () => {
    const ask = 'ask_it()\n{\n\tcat <<- E | "$@" -E -P -x c -\n\t__GNUC__\n\tE\n}\n';
    const apart = 'take_apart()\n{\n\tIFS=.\n\tset -- $1\n\techo $((100 * $1 + ${2:-0}))\n}\n';
    const text = `${ask}${apart}set -- $(ask_it "$@")\nversion=$(take_apart $1)\n[ "$version" -lt 5 ] && exit 1`;
    expect(script(text)?.calls).toEqual([]);
    expect(needs('./scripts/a.sh gcc')).toEqual(
      expect.arrayContaining(['compiler', 'program cat', 'program ask_it', 'program take_apart', 'variable version']),
    );
  });

  it('a program that is missing, whatever it would do', () => {
    expect(needs('./scripts/a.sh bindgen', '#!/bin/sh\n"$@" --print rust')).toEqual([
      'program bindgen',
      'script ./scripts/a.sh',
    ]);
    expect(read('./scripts/a.sh rustc')).toBeNull();
  });
});

describe('a command may depend on anything', () => {
  it.each([
    'python3 -c "import lxml"',
    'python3 --version',
    'rustc --version',
    './scripts/missing.sh',
    './scripts/lib.h',
    'cat /etc/passwd',
    'cat < /etc/passwd',
    'grep -q x lib.h',
    'grep -qf pattern',
    'head -n 1 lib.h',
    'head 5',
    'sed -n "r lib.h"',
    'sed s/a/b/w',
    'sed s/a/date/e',
    'sed p lib.h',
    'cut -f1 lib.h',
    'date',
    'echo *',
    'echo x > lib.h',
    'test -e lib.h',
    'test -e /proc/cpuinfo',
    'test /a -nt /b',
    'test -r /etc/shadow',
    'command gcc --version',
    'cd /; ./scripts/a.sh',
    'eval date',
    '. ./scripts/a.sh',
    'exec date',
    'gcc -v',
    'gcc @file',
    'gcc -c -x c /dev/null',
    'gcc -c -x c lib.h -o /dev/null',
    'gcc -march=native -E -x c /dev/null',
    'gcc -x c /dev/null -o a.out',
    'ld -T script',
    'ld lib.o',
    'nm lib.o',
    'nm @options',
    'env -i gcc --version',
    'env PATH=/x gcc --version',
    'env LD_PRELOAD=x gcc --version',
    'CC=x gcc --version',
    'rm -rf lib.h',
    'rm /etc/passwd',
    'mktemp -p /x',
    'printf %\\(Y\\)T',
    '/bin/python3 --version',
    '\u00fc --version',
    // What stands in no pipe reads what the caller gives.
    'cat',
    'head -n 1',
    'grep -q x',
    'gcc -E -x c -',
    'nm',
    'as /dev/null',
    'gcc-nm --version',
    '"$@" --version',
    '$(dirname $0)/scripts/call.sh',
    'echo date',
    'echo "what date it is"',
    'echo lib.txt',
    '[ "$CC" -e lib.h ]',
    '[ -e /opt/x -o -r /opt/y ]',
    'trap "rm -f lib.h" EXIT',
    'trap "rm -f /dev/null; date" EXIT',
    'export CC=gcc',
    'alias gcc=nm',
    'unset CC',
    'read CC',
    'getopts a b',
    'type gcc',
    'umask',
    'wait',
    'until true; do true; done',
    'select a in b; do true; done',
    'function a_b { true; }',
    'local a=b',
    'declare -i a',
    "echo 'int x;' | { gcc -c -x c - -o /dev/null; }",
    'env CC="gcc" ./scripts/a.sh',
    "env 'CC=date' ./scripts/call.sh",
    "env 'CC=gcc -specs=x' ./scripts/call.sh",
    "env 'CC=g*' ./scripts/call.sh",
  ])('%s', (command) => {
    volume.writeFileSync('/tree/scripts/call.sh', '#!/bin/sh\n$CC -c -x c /dev/null -o /dev/null\n');
    volume.writeFileSync('/tree/lib.txt', '');
    expect(read('./scripts/call.sh')).not.toBeNull();
    expect(read(command, '#!/bin/sh\n')).toBeNull();
  });

  it.each([
    'date',
    'set -- date\n"$@"',
    'shift\n"$@"',
    'while [ $# -gt 0 ]; do "$@" --version; shift; done',
    'if [ -z "$1" ]; then set -- nm --version; fi\n"$@"',
    'f() { "$@" --version; }\nf "$(echo date)"',
    'x=gcc\nx=date\n$x --version',
    'if [ "$1" ]; then x=gcc; fi\n$x --version',
    'f() { x=$1; }\nf gcc\n$x --version',
    'IFS=c\n$1 --version',
    'PATH=/x\ngcc --version',
    'CC=date\n./scripts/b.sh',
    'export CC=date',
    'read x\n$x',
    'echo $RANDOM',
    'echo $PWD',
    '$WORD',
    '$(echo date)',
    'trap "date" EXIT',
    'x=$(cat)\ntrap "$x" EXIT',
    'echo "#include <a.h>" | "$@" -E -x c - | { date; }',
    'echo "#include \\"a.h\\"" | "$@" -E -x c -',
    'echo "#include </etc/passwd>" | "$@" -E -x c -',
    'echo "#include <../../a.h>" | "$@" -E -x c -',
    'echo "__TIME__" | "$@" -E -x c -',
    'echo "int x = __has_include(<a.h>);" | "$@" -E -x c -',
    'echo \'asm(".incbin \\"x\\"");\' | "$@" -c -x c - -o /dev/null',
    'echo "#embed <x>" | "$@" -E -x c -',
    'echo "$WORD $(date)" | "$@" -E -x c -',
    'echo "\\0043include <a.h>" | "$@" -E -x c -',
    'ld --version | "$@" -E -x c -',
    'echo "int x;" | "$@" -S -g -x c - -o - | grep -q tree',
    'cat() { date; }\ncat',
    './scripts/a.sh',
    // Values that are not always those.
    'x=nm\nx=gcc\n$x --version',
    'false && x=gcc\n$x --version',
    'true | x=gcc\n$x --version',
    'if [ "$1" ]\nthen\nx=echo\nfi\n$x nm',
    'case "$1" in\na)\nx=gcc\n;;\nesac\n$x --version',
    'while [ "$1" ]\ndo\nx=gcc\ndone\n$x --version',
    '$x --version\nx=gcc',
    'x=gcc\na_b()\n{\nx=$1\n}\na_b nm\n$x --version',
    't=$(mktemp)\nt=lib.o\nnm $t',
    'if true; then\nt=$(mktemp)\nfi\nnm $t',
    't=$(mktemp)\n. $t',
    '$x$CC --version',
    '${CC%x} --version',
    '${CC:-nm} --version',
    // Words are split in another way.
    'IFS=.\n$CC --version',
    "IFS='\n'\n$* --version",
    "IFS=' '\n$@ --version",
    'IFS=$1',
    'IFS=a',
    'a_b()\n{\n\tIFS=.\n\tset -- $1\n\techo $((1))\n}\na_b 1.2\n$CC --version',
    'a_b()\n{\n\tIFS=.\n\t$CC --version\n}\na_b',
    'test $1',
    '[ $1 = a ]',
    '[ "$1" = a -o -r "$2" ]',
    '[ ! -e "$1" ]',
    'set -- $(echo "*" | "$@" -E -P -x c -)',
    'set -- $(echo "int x;" | "$@" -S -x c - -o -)',
    'a_b()\n{\n\techo "*" | "$@" -E -P -x c -\n}\nset -- $(a_b "$@")',
    'nm --help | grep -q $1',
    'nm --help | grep -q "$1"',
    // Functions.
    'a_b()\n{\n\t"$@"\n}\na_b date',
    'a_b()\n{\n\t"$@"\n}\na_b nm lib.o',
    'a_b()\n{\n\t"$@"\n}\na_b "$(nm --help)"',
    'a_b()\n{\n\t$@\n}\na_b "nm lib.o"',
    'a_b()\n{\n\tshift\n\t"$@" --version\n}\na_b x gcc',
    'a_b()\n{\n\ta_b\n}\na_b',
    'a_b()\n{\n\tnm lib.o\n}\ntrue && a_b',
    'a_b()\n{\n{\n}\nnm lib.o\n}\na_b',
    'echo()\n{\n\tnm lib.o\n}\necho',
    'a_b() {\n\tnm lib.o\n}\na_b',
    // Names of variables.
    'echo $HOME',
    'echo $LINENO',
    'echo $EDITOR',
    'echo ${UID}',
    'echo $((RANDOM))',
    'echo $((x))',
    'echo $((1 + ARCH))',
    'echo $((a[$(nm lib.o)]))',
    // Where one thing ends and another begins.
    "echo '$(true ' ; nm lib.o ; echo ')'",
    'echo "\\$(true " ; nm lib.o ; echo ")"',
    'echo "$(nm lib.o)"',
    'echo "$(echo $(nm lib.o))"',
    'true \\\n# true\nnm lib.o',
    'cat <<E | "$@" -E -x c -\nint x;\n\tE\n#include "a.h"\nE',
    'cat <<E | "$@" -E -x c - $(\nE\ntrue)',
    'cat <<E | "$@" -E -x c - || "\nE\ntrue"',
    'cat <<"E" | "$@" -E -x c -\n#include "a.h"\nE',
    'true "<<E | x"\nnm lib.o\nE',
    'nm lib.o\nx)\n;;',
    // What the linker would take for its script.
    't=$(mktemp)\necho "INPUT(lib.o)" | "$@" -E -P -x c - -o $t\nld $t',
  ])('a script: %j', (text) => {
    volume.writeFileSync('/tree/scripts/b.sh', '#!/bin/sh\n$CC --version\n');
    expect(script(text)).toBeNull();
  });

  it.each([
    'true & true',
    'true `true`',
    'true "`true`"',
    'true $$',
    'true $!',
    "true $'b'",
    'true {b,c}',
    'true ~/b',
    'true "${b:-\'c}"',
    'true ${b/c/d}',
    'true ${!b}',
    'true <(true)',
    'true <&3',
    'true 3>b',
    'true >|b',
    '((a))',
    '((a=1))',
    'true $((b = 1))',
    'true $((b++))',
    'for a in b; do true; done',
    'cat <<E | true\n$b\nE\n',
    'cat <<E | true\nb',
    'cat <<E',
    'true $(cat <<E)\nE\n',
    'true )',
    'true "b',
    "true 'b",
    'true;; true',
    'true $(',
    '(true)',
    'true\\\ntrue',
    'da"te"',
    'd""ate',
    'x=te\nda$x',
    'x=da\n${x}te',
    '"gc"c --version',
    'true "\n# $(nm lib.o)\n"',
    'true \'"\' "\n# $(nm lib.o)\n"',
    'true "# $(nm lib.o)"',
    'true a\0b',
    'true a\x01',
    `true ${'$('.repeat(100_000)}`,
  ])('what means more to the shell than words: %j', (text) => {
    expect(script(text)).toBeNull();
  });

  it.each(['#!/bin/bash\n', '#!/usr/bin/env sh\n', '#!/bin/sh -x\n', '', '#!/usr/bin/python3\n'])('%j', (start) => {
    expect(read('./scripts/a.sh', `${start}echo x\n`)).toBeNull();
  });

  it.each([
    'asm(".incbin x");',
    'asm(".in" "cbin x");',
    'asm(".in"\n"cbin x");',
    'asm(".in" /**/ "cbin x");',
    'asm(".in%c0bin x" :: "i"(1));',
    'asm(".in{c|d}bin x");',
    'asm(".in\\143bin x");',
    'int x __attribute__((section(".text;.in" "cbin x")));',
    'int x __attribute__((target("arch=native")));',
    '#define A ".in"\nasm(A "cbin x");',
    '#if 1\nasm(".in"\n#endif\n"cbin x");',
    '#define A(x, y) x##y\n#if A(__has, _include)(<a.h>)\n#endif',
    '#include <a.h>\nasm(".nop");',
    '#include <a.h>\n#if __CONCAT(__ha, s_include)(<b.h>)\n#endif',
    '#include <a.h>\nint x __attribute__((used));',
    '#include MACRO',
    '#include_next <a.h>',
    '#import <a.h>',
    '#pragma GCC dependency "a.h"',
    '%:include <a.h>',
    '??=include <a.h>',
    '_Pragma("x")',
    'int x = __COUNTER__;',
    '.altmacro',
    '.mri 1',
  ])('a program has the compiler read more: %j', (text) => {
    const call = (each: string): string => `cat << "END" | "$@" -c -x c - -o /dev/null\n${each}\nEND`;
    expect(script(call('int x;'))).not.toBeNull();
    expect(script(call(text))).toBeNull();
  });

  it.each([
    '-finput-charset=IBM037',
    '-fuse-ld=gold',
    '-fself-test=x',
    '-foffload=x',
    '-fxray-attr-list=x',
    '-DX=.incbin',
    '-D_=__has_include',
    '-Wa,--itbl=x',
    '-Wa,-tx',
    '-Wa,-ah=x',
    '-Wp,-MD',
    '-Wl,-T,x',
    '-wrapper x',
    '-print-prog-name=as',
    '-isystem x',
    '-x none',
    '-mllvm -load=x',
    'lib.o',
    '-L.',
    '-o lib.o',
  ])('a flag that names more: %s', (flag) => {
    expect(read(`gcc -m64 -c -x c /dev/null -o /dev/null`)).not.toBeNull();
    expect(read(`gcc ${flag} -c -x c /dev/null -o /dev/null`)).toBeNull();
  });

  it.each(['a *', 'a?', '$(date)', '-e\n', "a'b"])('a value means more than words: %j', (value) => {
    env['KBUILD_X'] = value;
    expect(script('echo $KBUILD_X')).toBeNull();
    delete env['KBUILD_X'];
    expect(script('echo $KBUILD_X')).not.toBeNull();
  });

  it('a variable with two words is one word in a string', () => {
    env['CC'] = 'gcc -m32';
    expect(script('$CC --version')).toBeNull();
    expect(script('"$CC" -c -x c /dev/null -o /dev/null')).toBeNull();
    expect(script('$CC -c -x c /dev/null -o /dev/null')).not.toBeNull();
    env['CC'] = 'gcc';
  });

  it('a text tool is a script', () => {
    volume.writeFileSync('/bin/grep', '#!/bin/sh\n');
    expect(read(success('nm --help | grep -qi llvm'))).toBeNull();
  });

  it('a function of bash has the name of a program', () => {
    env['BASH_FUNC_nm%%'] = '() { date; }';
    expect(read('nm --help')).toBeNull();
    delete env['BASH_FUNC_nm%%'];
  });
});
