import { Volume } from 'memfs';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { commandNeeds } from '../../src/toolchain/shell-analysis.ts';

const TOOLS = 'sh cat head grep sed cut dirname env mktemp rm gcc ld nm ar objcopy pahole date a'.split(' ');
const env: Record<string, string> = { PATH: '/opt/bin:/bin', CC: 'gcc', LD: 'ld', ARCH: 'x86', WORD: 'a b' };
let volume: InstanceType<typeof Volume>;

beforeEach(() => {
  volume = Volume.fromJSON(Object.fromEntries(TOOLS.map((name) => [`/bin/${name}`, '\x7fELF'])));
  volume.fromJSON({ '/bin/rustc': '#!/bin/sh\n', '/bin/python3': '\x7fELF', '/tree/scripts/lib.h': '' });
  for (const name of volume.readdirSync('/bin')) volume.chmodSync(`/bin/${name}`, 0o755);
});

const needs = (command: string, script?: string) => {
  if (script !== undefined) volume.writeFileSync('/tree/scripts/a.sh', script);
  const fs = new NodeFileSystem(volume as unknown as NodeFs);
  return commandNeeds(command, { fs, tools: { compiler: 'gcc', linker: 'ld' }, env, cwd: '/tree' });
};
const script = (text: string) => needs('./scripts/a.sh gcc', `#!/bin/sh\n${text}\n`);
const success = (body: string): string => `{ ${body}; } >/dev/null 2>&1 && echo "y" || echo "n"`;

describe('a command hangs on', () => {
  it.each([
    [success('command -v gcc'), ['gcc']],
    [success('nm --help | head -n 1 | grep -qi llvm'), ['nm', 'head', 'grep']],
    [success('objcopy --version | head -n1 | grep -qv llvm'), ['objcopy', 'head', 'grep']],
    ['bindgen --version workaround-for-0.69.0 2>/dev/null', ['bindgen']],
    ['LC_ALL=C ld -v', []],
  ])('programs: %s', (command, programs) => {
    expect(needs(command)?.needs).toMatchObject({ programs: ['/bin/sh', ...programs], scripts: [], files: [] });
  });

  it('files that it asks for', () => {
    expect(needs(success('test -e /usr/lib/gcc/plugin.h'))?.needs.files).toEqual(['/usr/lib/gcc/plugin.h']);
  });

  it('the linker', () => {
    expect(needs('ld --version')?.needs).toMatchObject({ linker: true, compiler: false });
  });

  it('places where the compiler looks for files', () => {
    expect(needs('gcc -print-file-name=plugin')?.calls).toEqual([
      { words: ['gcc', '-print-file-name=plugin'], input: '' },
    ]);
  });

  it('scripts, the variables and the scripts that they name', () => {
    volume.writeFileSync('/tree/scripts/b.sh', '#!/bin/sh -e\nif [ "$ARCH" = x ]; then echo 1; fi\n');
    const found = script('min=$(dirname $0)/b.sh\nset -- $("$@" -E -P -x c - < /dev/null)\necho $1 $($min gcc)');
    expect(found?.needs).toEqual({
      compiler: true,
      linker: false,
      scripts: ['./scripts/a.sh', './scripts/b.sh'],
      programs: ['/bin/sh', 'dirname'],
      variables: ['min', 'ARCH'],
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
    const found = needs(success('env "CC=gcc" ./scripts/a.sh'), text)?.needs;
    expect(found).toMatchObject({ compiler: true, programs: ['/bin/sh', 'env', 'mktemp', 'rm', 'nm'] });
  });

  it('a program that is not there, whatever it would do', () => {
    const text = 'if [ ! -x "$(command -v "$@")" ]; then echo 0; exit 1; fi\n"$@" --print /etc/passwd | cat';
    expect(needs('./scripts/a.sh rustd', `#!/bin/sh\n${text}`)?.needs.programs).toEqual(['/bin/sh', 'rustd', 'cat']);
    expect(needs('./scripts/a.sh rustc')).toBeNull();
  });
});

describe('a command may hang on anything', () => {
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
    expect(needs(command, '#!/bin/sh\n')).toBeNull();
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

  it.each(['#!/bin/bash\n', '#!/usr/bin/env sh\n', '#!/bin/sh -x\n', '', '#!/usr/bin/python3\n'])('%j', (start) => {
    expect(needs('./scripts/a.sh', `${start}echo x\n`)).toBeNull();
  });

  it('a text tool is a script', () => {
    volume.writeFileSync('/bin/grep', '#!/bin/sh\n');
    expect(needs(success('nm --help | grep -qi llvm'))).toBeNull();
  });

  it('a function of bash has the name of a program', () => {
    env['BASH_FUNC_nm%%'] = '() { date; }';
    expect(needs('nm --help')).toBeNull();
    delete env['BASH_FUNC_nm%%'];
  });
});
