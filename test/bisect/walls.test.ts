import { describe, expect, it } from 'vitest';
import { isMachineToBlame, wallOf } from '../../src/bisect/walls.ts';

describe('a failed build ran against', () => {
  it.each([
    ["./include/linux/stddef.h:11:9: error: cannot use keyword 'false' as enumeration constant", 'C23'],
    ["./include/linux/types.h:30:33: error: 'bool' cannot be defined via 'typedef'", 'C23'],
    [Buffer.from('error: cannot use keyword ‘true’ as enumeration constant').toString('latin1'), 'C23'],
    ["note: 'bool' is a keyword with '-std=c23' onwards", 'C23'],
    ["fs/a.c:3:1: error: unused variable 'x' [-Werror=unused-variable]", 'warnings are errors'],
    ["fs/a.c:3:1: error: unused variable 'x' [-Werror,-Wunused-variable]", 'warnings are errors'],
    ['cc1: all warnings being treated as errors', 'warnings are errors'],
  ])('%s', (output, text) => {
    expect(wallOf(output)?.text).toContain(text);
  });

  it.each([
    "fs/a.c:3:1: error: 'x' undeclared (first use in this function)",
    'ld: fs/a.o: undefined reference to `missing`',
    "fs/a.c:3:1: error: implicit declaration of function 'x' [-Wimplicit-function-declaration]",
  ])('no wall that is known: %s', (output) => {
    expect(wallOf(output)).toBeNull();
    expect(isMachineToBlame(output)).toBe(false);
  });

  it.each([
    'fatal error: error writing to /tmp/cc1.s: No space left on device',
    'gcc: fatal error: Killed signal terminated program cc1',
    "*** The source tree is not clean, please run 'make ARCH=x86 mrproper'",
    'fs/a.o: Read-only file system',
  ])('this machine: %s', (output) => {
    expect(isMachineToBlame(output)).toBe(true);
  });

  it('the compiler that was given is the one that gets the standard', () => {
    const words = wallOf("error: cannot use keyword 'true' as enumeration constant")!.words('ccache gcc-15');
    expect(words[0]).toBe('CC=ccache gcc-15 -std=gnu11');
  });
});
