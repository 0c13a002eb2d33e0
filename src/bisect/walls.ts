/** Why a commit does not build that is nobody's fault there: old code and a new compiler, or this machine. */

/** What make is given, beside what a person gave, to get over a wall. */
export interface Wall {
  /** What is in the way, for a person. */
  readonly text: string;
  /** Words of make's command line. @param compiler as `CC` is */
  words(compiler: string): readonly string[];
}

const WITHOUT_WERROR = ['KCFLAGS=-Wno-error', 'HOSTCFLAGS=-Wno-error', 'WERROR=0'];

/**
 * gcc 15 takes C for C23 where nobody says otherwise, in which `bool`, `true` and `false` are keywords. Parts of x86 that
 * have flags of their own did not say so before 6.12 (arch/x86/boot/compressed, arch/x86/realmode): as a part of `CC` the
 * standard reaches them, too, and where Kbuild names one, that comes later and counts.
 */
const C23: Wall = {
  text: 'this compiler takes C for C23, and the code is older',
  words: (compiler) => [`CC=${compiler} -std=gnu11`, 'HOSTCC=gcc -std=gnu11', ...WITHOUT_WERROR],
};

/** Warnings that are newer than the code: CONFIG_WERROR, objtool and host programs have each their own switch. */
const NEW_WARNINGS: Wall = {
  text: 'this compiler warns of what it did not warn of when the code was written, and warnings are errors',
  words: () => WITHOUT_WERROR,
};

/** What compilers say (gcc, clang), and the wall that it is. Quotes are of any kind: texts are byte strings. */
const SIGNS: readonly (readonly [RegExp, Wall])[] = [
  [/cannot use keyword \W{1,3}(?:false|true)\W{1,3} as enumeration constant/, C23],
  [/\Wbool\W{1,3} cannot be defined via \W{1,3}typedef|\Wbool\W{1,3} is a keyword with \W{1,3}-std=c23/, C23],
  [/expected identifier (?:or \W{1,3}\(\W{1,3} )?before \W{1,3}(?:bool|true|false)\W/, C23],
  [/\[-Werror(?:=[\w-]+)?(?:,-W[\w-]+)?\]|warnings being treated as errors/, NEW_WARNINGS],
];

/** What only this machine can be to blame for, or who built in the tree before: `O=` wants it clean. */
const MACHINE = RegExp(
  [
    'No space left on device',
    'Disk quota exceeded',
    'Read-only file system',
    'Cannot allocate memory',
    'virtual memory exhausted',
    'Killed signal',
    'Too many open files',
    'source tree is not clean',
  ].join('|'),
);

/**
 * The wall that a failed build has run against; null for none that is known.
 * @param output the message and what stands around it
 */
export function wallOf(output: string): Wall | null {
  return SIGNS.find(([sign]) => sign.test(output))?.[1] ?? null;
}

/** Whether a build failed for a reason that says nothing of the commit. @param output as for `wallOf` */
export function isMachineToBlame(output: string): boolean {
  return MACHINE.test(output);
}
