import { describe, expect, it } from 'vitest';
import { commandOf } from '../../src/build/command-of.ts';
import { type Failure, FailureFinder } from '../../src/build/failure.ts';
import { OutputReader } from '../../src/build/output-reader.ts';
import { WarningCount } from '../../src/build/warnings.ts';

const PLACES = { tree: '/src/linux', objtree: '/out' };

function firstFailure(output: string, places = PLACES): Failure | null {
  const finder = new FailureFinder(places);
  const reader = new OutputReader();
  for (const line of [...reader.read(output), ...reader.end()]) finder.add(line);
  return finder.first();
}

const END = `make[4]: *** [/src/linux/scripts/Makefile.build:478: fs/ext4] Error 2
make[3]: *** [/src/linux/scripts/Makefile.build:478: fs] Error 2
make[2]: *** [/src/linux/Makefile:1936: .] Error 2
make[1]: *** [/src/linux/Makefile:236: __sub-make] Error 2
make: *** [Makefile:236: __sub-make] Error 2
`;

describe('the first failure', () => {
  it('is the one of the target that make gave up on first', () => {
    const found = firstFailure(`  CC      fs/ext4/inode.o
  CC      fs/ext4/super.o
/src/linux/fs/ext4/super.c: In function ‘mount’:
/src/linux/fs/ext4/super.c:5:7: error: second
    5 |   x();
      |       ^
/src/linux/fs/ext4/inode.c:12:3: warning: not this
/src/linux/fs/ext4/inode.c: In function ‘read’:
/src/linux/fs/ext4/inode.c:12:3: error: first
   12 |   y();
      |   ^
make[5]: *** [/src/linux/scripts/Makefile.build:229: fs/ext4/inode.o] Error 1
make[5]: *** Waiting for unfinished jobs....
make[5]: *** [/src/linux/scripts/Makefile.build:229: fs/ext4/super.o] Error 1
${END}`);
    expect(found).toEqual({
      target: 'fs/ext4/inode.o',
      at: { file: 'fs/ext4/inode.c', line: 12, column: 3 },
      message: 'first',
      excerpt: [
        '/src/linux/fs/ext4/inode.c: In function ‘read’:',
        '/src/linux/fs/ext4/inode.c:12:3: error: first',
        '   12 |   y();',
        '      |   ^',
      ],
      others: ['fs/ext4/super.o'],
    });
  });

  it.each([
    ["make: unrecognized option '--bogus'\nUsage: make [options] [target] ...\nOptions:\n  -b, -m\n"],
    ["/usr/bin/gmake: the '-j' option requires a positive integer argument\nUsage: make [options] [target] ...\n"],
    ["make: warning: -j2 forced\nmake: option requires an argument -- 'I'\nUsage: make [options] [target] ...\n"],
  ])('is what make says where it does not begin: %j', (output) => {
    const message = /make: .*option.*/.exec(output)![0];
    expect(firstFailure(output)).toEqual({ target: null, at: null, message, excerpt: [], others: [] });
  });

  it('is none where make has begun and complains of nothing', () => {
    expect(firstFailure("make: Entering directory '/src/linux'\n  CC      a.o\nmake: 'b' is up to date.\n")).toBeNull();
    expect(firstFailure("make: Entering directory '/src/linux'\nmake: Leaving directory '/src/linux'\n")).toBeNull();
  });

  it('in a header belongs to the source that includes it', () => {
    const found = firstFailure(`  CC      fs/ext4/inode.o
  CC      fs/ext4/super.o
In file included from /src/linux/include/linux/a.h:3,
                 from /src/linux/fs/ext4/super.c:9:
/src/linux/include/linux/b.h:7:1: error: unknown type name ‘u7’
make[5]: *** [/src/linux/scripts/Makefile.build:229: fs/ext4/super.o] Error 1
${END}`);
    expect(found).toMatchObject({
      target: 'fs/ext4/super.o',
      at: { file: 'include/linux/b.h', line: 7, column: 1 },
      excerpt: [expect.stringContaining('a.h:3'), expect.stringContaining('super.c:9'), expect.stringContaining('u7')],
      others: [],
    });
  });

  it("with clang's order of inclusion too", () => {
    const found = firstFailure(`In file included from /src/linux/fs/ext4/super.c:9:
In file included from /src/linux/include/linux/a.h:3:
/src/linux/include/linux/b.h:7:1: error: unknown type name 'u7'
u7 x;
^
1 error generated.
make[5]: *** [/src/linux/scripts/Makefile.build:229: fs/ext4/super.o] Error 1
`);
    expect(found).toMatchObject({ target: 'fs/ext4/super.o', message: "unknown type name 'u7'" });
  });

  it('has paths relative to the tree, wherever the build directory is', () => {
    const output = '../fs/a.c:1:2: error: bad\nmake[3]: *** [../scripts/Makefile.build:2: fs/a.o] Error 1\n';
    expect(firstFailure(output, { tree: '/src/linux', objtree: '/src/linux/out' })?.at?.file).toBe('fs/a.c');
    const inPlace = 'fs/a.c:1:2: error: bad\nmake[3]: *** [scripts/Makefile.build:2: fs/a.o] Error 1\n';
    expect(firstFailure(inPlace, { tree: '/src/linux', objtree: '/src/linux' })?.at?.file).toBe('fs/a.c');
    const made = 'fs/tables.c:1:2: error: bad\nmake[3]: *** [../scripts/Makefile.build:2: fs/tables.o] Error 1\n';
    expect(firstFailure(made, { tree: '/src/linux', objtree: '/src/linux/out' })?.at?.file).toBe('fs/tables.c');
  });

  it('of rustc takes its place from the line below', () => {
    const found = firstFailure(`  RUSTC [M] drivers/block/rnull.o
error[E0425]: cannot find value \`x\` in this scope
  --> /src/linux/drivers/block/rnull.rs:12:5
   |
12 |     x
   |     ^ not found in this scope

error: aborting due to previous error
make[4]: *** [/src/linux/scripts/Makefile.build:300: drivers/block/rnull.o] Error 1
`);
    expect(found).toMatchObject({
      target: 'drivers/block/rnull.o',
      at: { file: 'drivers/block/rnull.rs', line: 12, column: 5 },
      message: 'cannot find value `x` in this scope',
    });
    expect(found?.excerpt).toContain('12 |     x');
  });

  it('of a link is the first reference', () => {
    const found = firstFailure(`  LD      .tmp_vmlinux1
ld: fs/a.o: in function \`f':
a.c:(.text+0x12): undefined reference to \`g'
ld: a.c:(.text+0x22): undefined reference to \`h'
make[2]: *** [/src/linux/scripts/Makefile.vmlinux:34: vmlinux] Error 1
`);
    expect(found).toMatchObject({ target: 'vmlinux', message: "undefined reference to `g'" });
    expect(found?.excerpt[0]).toBe("ld: fs/a.o: in function `f':");
  });

  it('of modpost names module and symbol', () => {
    const found = firstFailure(`  MODPOST Module.symvers
ERROR: modpost: "g" [fs/a.ko] undefined!
make[2]: *** [/src/linux/scripts/Makefile.modpost:145: Module.symvers] Error 1
make[1]: *** [/src/linux/Makefile:1869: modpost] Error 2
`);
    expect(found).toMatchObject({ target: 'Module.symvers', message: 'modpost: "g" [fs/a.ko] undefined!', others: [] });
  });

  it('is what make says where no program says anything', () => {
    expect(firstFailure("  CC      a.o\nmake[4]: *** No rule to make target 'x.S', needed by 'x.o'.  Stop.\n")).toEqual(
      {
        target: 'x.S',
        at: null,
        message: "No rule to make target 'x.S', needed by 'x.o'",
        excerpt: [],
        others: [],
      },
    );
    expect(
      firstFailure(`make: Entering directory '/src/linux'
make[1]: Entering directory '/out'
make[1]: *** No rule to make target 'nosuchtarget'.  Stop.
make: *** [Makefile:236: __sub-make] Error 2
make: Leaving directory '/src/linux'
`),
    ).toMatchObject({
      ...{ target: 'nosuchtarget', message: "No rule to make target 'nosuchtarget'", excerpt: [], others: [] },
    });
    expect(firstFailure('make: *** no idea.  Stop.\nmake: *** [Makefile:236: __sub-make] Error 2\n')).toMatchObject({
      ...{ target: null, message: 'no idea', others: [] },
    });
    const found = firstFailure('  CC      a.o\nsomething odd\nmake[4]: *** [Makefile:1: a.o] Killed\n');
    expect(found).toMatchObject({ target: 'a.o', message: 'Killed', excerpt: ['something odd'] });
  });

  it('is none in a build that went well, whatever was warned of', () => {
    expect(firstFailure('  CC      a.o\na.c:1:2: warning: hm\n  LD      vmlinux\n')).toBeNull();
  });

  it('is found behind any number of errors', () => {
    const errors = Array.from({ length: 2_000 }, (_, i) => `/src/linux/fs/a.c:${i + 1}:1: error: number ${i + 1}\n`);
    const found = firstFailure(`${errors.join('')}make[4]: *** [Makefile:1: fs/a.o] Error 1\n`);
    expect(found?.message).toBe('number 1');
  });
});

describe('warnings', () => {
  const warnings = (output: string): WarningCount => {
    const count = new WarningCount(PLACES);
    for (const line of new OutputReader().read(output)) count.add(line);
    return count;
  };

  it('of several lines count once', () => {
    const gcc = `In file included from /src/linux/include/linux/a.h:3,
                 from /src/linux/fs/b.c:9:
/src/linux/fs/b.c: In function ‘f’:
/src/linux/fs/b.c:12:3: warning: ‘x’ may be used uninitialized [-Wmaybe-uninitialized]
   12 |   use(x);
      |   ^~~~~~
/src/linux/fs/b.c:10:7: note: ‘x’ was declared here
   10 |   int x;
      |       ^
`;
    const clang = `/src/linux/fs/c.c:1:2: warning: unused variable 'y' [-Wunused-variable]
        int y;
            ^
1 warning generated.
`;
    const found = warnings(`${gcc}${clang}${gcc}`);
    expect(found.count).toBe(3);
    expect(found.first).toEqual([
      {
        at: { file: 'fs/b.c', line: 12, column: 3 },
        message: '‘x’ may be used uninitialized [-Wmaybe-uninitialized]',
      },
      { at: { file: 'fs/c.c', line: 1, column: 2 }, message: "unused variable 'y' [-Wunused-variable]" },
    ]);
  });
});

describe('the command of a failure', () => {
  it.each([
    [
      'since Linux 6.4',
      '# CC      fs/a.o\n  gcc -Wall -c -o fs/a.o ../fs/a.c   ; ./tools/objtool/objtool fs/a.o\n../fs/a.c:1:2: error: bad\n',
    ],
    [
      'before',
      'make -f ../scripts/Makefile.build obj=fs\n  gcc -c -o fs/aa.o ../fs/aa.c\n  gcc -Wall -c -o fs/a.o ../fs/a.c   ; ./tools/objtool/objtool fs/a.o\n../fs/a.c:1:2: error: bad\n',
    ],
  ])('is the line that makes the target, %s', (_, output) => {
    expect(commandOf('fs/a.o', output)).toBe('gcc -Wall -c -o fs/a.o ../fs/a.c   ; ./tools/objtool/objtool fs/a.o');
  });

  it('is unknown where no line makes it', () => {
    expect(commandOf('fs/a.o', '  gcc -c -o fs/b.o ../fs/b.c\n')).toBeNull();
  });
});
