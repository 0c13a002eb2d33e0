import { describe, expect, it } from 'vitest';
import { readOutputLine } from '../../src/build/output-line.ts';
import { OutputReader } from '../../src/build/output-reader.ts';

/** What a line is taken for, in short. */
function read(line: string): string {
  const found = readOutputLine(line);
  switch (found.kind) {
    case 'step':
      return `step ${found.verb} ${found.target}`;
    case 'stop':
      return `stop ${found.target} ${found.message}`;
    case 'message': {
      const { severity, at, message } = found;
      return `${severity} ${at ? `${at.file}:${at.line}:${at.column}` : '-'} ${message}`;
    }
    case 'included':
      return `included ${found.file}`;
    case 'place':
      return `place ${found.at.file}:${found.at.line}:${found.at.column}`;
    default:
      return 'other';
  }
}

describe('steps', () => {
  it.each([
    ['  CC      fs/ext4/inode.o', 'step CC fs/ext4/inode.o'],
    ['  CC [M]  drivers/net/tun.o', 'step CC drivers/net/tun.o'],
    ['  LD [M]  drivers/net/tun.ko', 'step LD drivers/net/tun.ko'],
    ['  AS      arch/x86/lib/memcpy_64.o', 'step AS arch/x86/lib/memcpy_64.o'],
    ['  RUSTC L rust/core.o', 'step RUSTC rust/core.o'],
    ['  RUSTC [M] drivers/block/rnull.o', 'step RUSTC drivers/block/rnull.o'],
    ['  ASN.1   crypto/rsapubkey.asn1.[ch]', 'step ASN.1 crypto/rsapubkey.asn1.[ch]'],
    ['  MODPOST Module.symvers', 'step MODPOST Module.symvers'],
    ['  CC      fs/namei.o - due to: ../include/linux/fs.h', 'step CC fs/namei.o'],
    ['# CC [M]  drivers/net/tun.o', 'step CC drivers/net/tun.o'],
    ['....+.....+..+++++++*....+..  CC      kernel/bpf/stackmap.o', 'step CC kernel/bpf/stackmap.o'],
    ['# configuration written to .config', 'other'],
    ['# No change to .config', 'other'],
    ['  gcc -Wp,-MMD,fs/.namei.o.d -c -o fs/namei.o fs/namei.c', 'other'],
    ["make[1]: Entering directory '/o'", 'other'],
    ['Kernel: arch/x86/boot/bzImage is ready  (#1)', 'other'],
  ])('%s', (line, expected) => expect(read(line)).toBe(expected));
});

describe('what make gives up on', () => {
  it.each([
    ['make[5]: *** [../scripts/Makefile.build:229: lib/math/div64.o] Error 1', 'stop lib/math/div64.o Error 1'],
    ['make[3]: *** [lib/math/div64.o] Error 1', 'stop lib/math/div64.o Error 1'],
    ['/usr/bin/gmake[2]: *** [../Makefile:2008: .] Error 2', 'stop . Error 2'],
    [
      'make[2]: *** [scripts/Makefile.vmlinux:34: vmlinux] Segmentation fault (core dumped)',
      'stop vmlinux Segmentation fault (core dumped)',
    ],
    [
      "make[4]: *** No rule to make target 'fs/x.o', needed by 'fs/built-in.a'.  Stop.",
      "stop fs/x.o No rule to make target 'fs/x.o', needed by 'fs/built-in.a'",
    ],
    ['make: *** No rule to make target "all".  Stop.', 'stop null No rule to make target "all"'],
    ['Makefile:7: *** missing separator.  Stop.', 'other'],
    [
      "make[1]: *** No rule to make target 'nosuchtarget'.  Stop.",
      "stop nosuchtarget No rule to make target 'nosuchtarget'",
    ],
    ['make: *** Waiting for unfinished jobs....', 'other'],
    ["make[3]: *** Deleting file 'vmlinux'", 'other'],
  ])('%s', (line, expected) => expect(read(line)).toBe(expected));
});

describe('messages', () => {
  it.each([
    // gcc and clang
    [
      "../fs/a.c:12:3: error: 'x' undeclared (first use in this function)",
      "error ../fs/a.c:12:3 'x' undeclared (first use in this function)",
    ],
    [
      'fs/a.c:12:3: warning: unused variable ‘y’ [-Wunused-variable]',
      'warning fs/a.c:12:3 unused variable ‘y’ [-Wunused-variable]',
    ],
    [
      'fs/a.c:1:10: fatal error: nothere.h: No such file or directory',
      'error fs/a.c:1:10 nothere.h: No such file or directory',
    ],
    ['fs/a.c:12:3: note: declared here', 'other'],
    ["fs/a.c: In function 'f':", 'other'],
    ['cc1: some warnings being treated as errors', 'other'],
    ['cc1: error: unrecognized command-line option', 'error - unrecognized command-line option'],
    ['1 warning generated.', 'other'],
    ['2 warnings and 1 error generated.', 'other'],
    ['gcc: fatal error: Killed signal terminated program cc1', 'error - Killed signal terminated program cc1'],
    ['fs/a.c:99:1: internal compiler error: Segmentation fault', 'error fs/a.c:99:1 Segmentation fault'],
    ["clang-14: error: unknown argument: '-mno-such'", "error - unknown argument: '-mno-such'"],
    // assembler
    [
      "arch/x86/lib/x.S:7: Error: no such instruction: `foo %eax'",
      "error arch/x86/lib/x.S:7:0 no such instruction: `foo %eax'",
    ],
    ['arch/x86/lib/x.S: Assembler messages:', 'other'],
    // linkers
    ["ld: fs/a.o: in function `f':", 'other'],
    ["a.c:(.text+0x12): undefined reference to `g'", "error a.c:0:0 undefined reference to `g'"],
    ["ld: ../fs/a.c:33: undefined reference to `g'", "error ../fs/a.c:33:0 undefined reference to `g'"],
    ['ld.lld: error: undefined symbol: g', 'error - undefined symbol: g'],
    ['x86_64-linux-gnu-ld: final link failed: bad value', 'error - final link failed: bad value'],
    [
      'ld: warning: vmlinux has a LOAD segment with RWX permissions',
      'warning - vmlinux has a LOAD segment with RWX permissions',
    ],
    // the kernel's own tools
    [
      'fs/a.o: warning: objtool: f+0x12: unreachable instruction',
      'warning fs/a.o:0:0 objtool: f+0x12: unreachable instruction',
    ],
    ['ERROR: modpost: "g" [fs/a.ko] undefined!', 'error - modpost: "g" [fs/a.ko] undefined!'],
    [
      'WARNING: modpost: missing MODULE_DESCRIPTION() in lib/a.o',
      'warning - modpost: missing MODULE_DESCRIPTION() in lib/a.o',
    ],
    [
      'FAILED: load BTF from vmlinux: No such file or directory',
      'error - load BTF from vmlinux: No such file or directory',
    ],
    ['FAILED unresolved symbol vfs_fsync', 'error - unresolved symbol vfs_fsync'],
    ['fs/Kconfig:12:warning: leading whitespace ignored', 'warning fs/Kconfig:12:0 leading whitespace ignored'],
    [
      "*** The source tree is not clean, please run 'make mrproper'",
      "error - The source tree is not clean, please run 'make mrproper'",
    ],
    // rustc
    ['error[E0425]: cannot find value `x` in this scope', 'error - cannot find value `x` in this scope'],
    ['warning: unused variable: `y`', 'warning - unused variable: `y`'],
    ['  --> drivers/block/rnull.rs:12:5', 'place drivers/block/rnull.rs:12:5'],
    ['error: aborting due to 2 previous errors', 'other'],
    ['warning: 3 warnings emitted', 'other'],
    // device trees
    ['a.dts:12.3-15.4: Warning (unit_address_vs_reg): /x: has a unit name', 'warning a.dts:12:3 /x: has a unit name'],
    ['Error: a.dts:12.3-15 syntax error', 'error a.dts:12:3 syntax error'],
    // shells and the system
    ['/bin/sh: 1: bc: not found', 'error - bc: not found'],
    ['scripts/link.sh: line 12: pahole: command not found', 'error - pahole: command not found'],
    [
      'fatal: error writing to /tmp/x.s: No space left on device',
      'error - fatal: error writing to /tmp/x.s: No space left on device',
    ],
  ])('%s', (line, expected) => expect(read(line)).toBe(expected));

  it('tell where a file was included', () => {
    expect(read('In file included from ../include/linux/fs.h:5,')).toBe('included ../include/linux/fs.h');
    expect(read('                 from ../fs/a.c:12:')).toBe('included ../fs/a.c');
  });

  it('are read through colours, and shown without', () => {
    const line = readOutputLine(
      '\u001b[01m\u001b[Kfs/a.c:1:2:\u001b[m\u001b[K \u001b[01;31m\u001b[Kerror: \u001b[m\u001b[Kbad',
    );
    expect(line).toMatchObject({ kind: 'message', text: 'fs/a.c:1:2: error: bad', message: 'bad' });
  });
});

describe('OutputReader', () => {
  it('puts pieces together to lines, and keeps what has no end for last', () => {
    const reader = new OutputReader();
    const whole = '  CC      a.o\r\n../a.c:1:2: error: bad\nmake: *** [a.o] Error 1\nlast';
    const kinds: string[] = [];
    for (const char of whole) kinds.push(...reader.read(char).map(({ kind }) => kind));
    expect(kinds).toEqual(['step', 'message', 'stop']);
    expect(reader.end()).toEqual([{ kind: 'other', text: 'last' }]);
    expect(reader.end()).toEqual([]);
  });

  it('does not wait for ever for the end of a line', () => {
    const reader = new OutputReader();
    let lines = 0;
    for (let i = 0; i < 40; i++) lines += reader.read('x'.repeat(100_000)).length;
    expect(lines).toBe(3);
  });
});
