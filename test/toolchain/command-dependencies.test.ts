// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the shell writes variables so, too
import { Volume } from 'memfs';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { commandDependencies } from '../../src/toolchain/command-dependencies.ts';

const TOOLS = 'sh cat head grep sed cut dirname env mktemp rm gcc ld nm ar objcopy pahole date a'.split(' ');
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
  return commandDependencies(command, { fs, tools: { compiler: 'gcc', linker: 'ld' }, env, cwd: '/tree' });
};
const script = (text: string) => read('./scripts/a.sh gcc', `#!/bin/sh\n${text}\n`);
const success = (body: string): string => `{ ${body}; } >/dev/null 2>&1 && echo "y" || echo "n"`;

describe('a command depends on', () => {
  it.each([
    [success('command -v gcc'), ['gcc']],
    [success('nm --help | head -n 1 | grep -qi llvm'), ['nm', 'head', 'grep']],
    [success('objcopy --version | head -n1 | grep -qv llvm'), ['objcopy', 'head', 'grep']],
    ['bindgen --version workaround-for-0.69.0 2>/dev/null', ['bindgen']],
    ['LC_ALL=C ld -v', []],
    // A register is no program, though ghostscript is called gs.
    [success('objcopy --version | grep -q "%python3"'), ['objcopy', 'grep']],
  ])('programs: %s', (command, programs) => {
    expect(read(command)?.dependencies).toMatchObject({ programs: ['/bin/sh', ...programs], scripts: [], files: [] });
  });

  it('files that it asks for', () => {
    expect(read(success('test -e /usr/lib/gcc/plugin.h'))?.dependencies.files).toEqual(['/usr/lib/gcc/plugin.h']);
  });

  it('the linker', () => {
    expect(read('ld --version')?.dependencies).toMatchObject({ linker: true, compiler: false });
  });

  it('places where the compiler looks for files', () => {
    expect(read('gcc -print-file-name=plugin')?.calls).toEqual([
      { words: ['gcc', '-print-file-name=plugin'], input: '' },
    ]);
  });

  it('scripts, the variables and the scripts that they name', () => {
    volume.writeFileSync('/tree/scripts/b.sh', '#!/bin/sh -e\nif [ "$ARCH" = x ]; then echo 1; fi\n');
    const found = script('min=$(dirname $0)/b.sh\nset -- $("$@" -E -P -x c - < /dev/null)\necho $1 $($min gcc)');
    expect(found?.dependencies).toEqual({
      compiler: true,
      linker: false,
      scripts: ['./scripts/a.sh', './scripts/b.sh'],
      programs: ['/bin/sh', 'dirname'],
      variables: ['ARCH'],
      files: [],
    });
  });

  it('headers and libraries', () => {
    const text = '#include <stdio.h>\nint main(void) { return 0; }\n';
    expect(script(`cat << "END" | $@ -x c - -o /dev/null >/dev/null 2>&1\n${text}END`)?.calls).toEqual([
      { words: ['gcc', '-x', 'c', '-', '-o', '/dev/null'], input: text },
    ]);
    expect(script(`cat << "END" | $@ -S -x c - -o /dev/null\n${text}END`)?.calls).toHaveLength(1);
    expect(script('echo "int x;" | $@ -x c - -o /dev/null')?.calls).toHaveLength(1);
    expect(script('echo "int x;" | $@ -c -x c - -o /dev/null')?.calls).toEqual([]);
  });

  it('programs that a script names by variables', () => {
    const text = '#!/bin/sh -eu\nt=$(mktemp)\ntrap "rm -f $t.o" EXIT\necho "int x;" | $CC -c -x c - -o $t.o\nnm $t.o';
    const found = read(success('env "CC=gcc" ./scripts/a.sh'), text)?.dependencies;
    expect(found).toMatchObject({ compiler: true, programs: ['/bin/sh', 'env', 'mktemp', 'rm', 'nm'] });
  });

  it('a program that is missing, whatever it would do', () => {
    expect(read('./scripts/a.sh rustd', '#!/bin/sh\n"$@" --print rust')?.dependencies.programs).toEqual([
      '/bin/sh',
      'rustd',
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
  ])('%s', (command) => {
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
