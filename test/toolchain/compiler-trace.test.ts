import { execFileSync } from 'node:child_process';
import { Volume } from 'memfs';
import { describe, expect, it } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { traceCommand, tracedFiles } from '../../src/toolchain/compiler-trace.ts';

const volume = Volume.fromJSON({
  '/usr/include/stdio.h': '',
  '/usr/include/bits/types.h': '',
  '/usr/lib/gcc/12/../../../libs/crt1.o': '',
  '/usr/lib/gcc/12/cc1': '',
  '/tmp/work/include/a.h': '',
});
const fs = new NodeFileSystem(volume as unknown as NodeFs);
const LINK = { words: ['gcc', '-x', 'c', '-', '-o', '/dev/null'], input: '#include <stdio.h>\n' };
const LIST = `#include "..." search starts here:
#include <...> search starts here:
 /usr/local/include
 /usr/include
End of search list.
`;
const HEADERS = '. /usr/include/stdio.h\n.. /usr/include/bits/types.h\n';
const LIBRARIES = 'libraries: =/usr/lib/gcc/12/:/usr/lib32/\n';
const OPENED = 'attempt to open /usr/lib/gcc/12/libc.so failed\nattempt to open /usr/libs/crt1.o succeeded\n';
const files = (output: string, call = LINK) =>
  tracedFiles(fs, call, output, { env: { TMPDIR: '/scratch' }, cwd: '/tree' });

describe('a trace of the compiler', () => {
  it('names files, and directories where files can come', () => {
    expect(files(LIST + HEADERS + OPENED + LIBRARIES)).toEqual([
      '/usr',
      '/usr/include',
      '/usr/include/bits',
      '/usr/include/bits/types.h',
      '/usr/include/stdio.h',
      '/usr/lib/gcc/12',
      '/usr/libs',
      '/usr/libs/crt1.o',
      '/usr/local',
      '/usr/local/include',
      '/usr/local/include/bits',
    ]);
  });

  it('names where a missing header can come', () => {
    const missing = '/usr/include/stdio.h:27:10: fatal error: gnu/stubs-32.h: No such file or directory\n';
    expect(files(`${LIST}. /usr/include/stdio.h\n${missing}${LIBRARIES}`)).toContain('/usr/include/gnu');
  });

  it('names files that are looked for in the working directory', () => {
    expect(files(`${LIST}attempt to open libc.so.6 failed\n${LIBRARIES}`)).toContain('/tree/libc.so.6');
  });

  it('leaves out what is made for it', () => {
    const made = ' as -o /tmp/ccO571Jl.o /scratch/ccX.s -I/tmp/work/include </dev/null\n';
    const found = files(LIST + made + OPENED + LIBRARIES)!;
    expect(found.filter((path) => /^\/(?:tmp|scratch|dev)/.test(path))).toEqual([]);
    expect(files(`${LIST} as -I /tmp/work/include\n${OPENED}${LIBRARIES}`)).toContain('/tmp/work/include');
  });

  it.each([
    ['no headers', OPENED + LIBRARIES],
    ['no libraries', LIST + HEADERS + OPENED],
    ['nothing of the linker', LIST + HEADERS + LIBRARIES],
    ['other letters', LIST.replace('local', 'l\xf6cal') + OPENED + LIBRARIES],
    ['blanks in names', LIST.replace('local', 'lo cal') + OPENED + LIBRARIES],
    ['blanks in names of libraries', LIST + OPENED + LIBRARIES.replace('32', ' 32')],
    [
      'more than anybody has',
      LIST + OPENED + LIBRARIES + Array.from({ length: 3000 }, (_, at) => `/a${at}/b\n`).join(''),
    ],
  ])('is not understood with %s', (_, output) => {
    expect(files(output)).toBeNull();
  });

  it('needs no linker where nothing is linked', () => {
    expect(files(LIST + HEADERS + LIBRARIES, { ...LINK, words: ['gcc', '-E', '-x', 'c', '-'] })).not.toBeNull();
    expect(files(LIBRARIES, { ...LINK, words: ['gcc', '-print-file-name=plugin'] })).toEqual([
      '/usr',
      '/usr/lib/gcc/12',
    ]);
  });

  it('gets the same text as the compiler got', () => {
    const input = `it's "$(x)" \\n\n#include <a>\n`;
    const command = traceCommand({ words: ['cat', '-'], input })
      .replace(/ -v .*?;/, ';')
      .replace(/; LC_ALL=C cat.*<\/dev\/null/, '');
    expect(execFileSync('/bin/sh', ['-c', command], { encoding: 'latin1' })).toBe(input);
  });
});
