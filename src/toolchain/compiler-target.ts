/** What a compiler compiles for. */

/** What the target may begin with of a compiler for an architecture, by the kernel's directory under arch/. */
const TARGETS: Readonly<Record<string, RegExp>> = {
  alpha: /^alpha/,
  arc: /^arc/,
  arm: /^arm/,
  arm64: /^aarch64/,
  csky: /^csky/,
  loongarch: /^loongarch/,
  m68k: /^m68k/,
  microblaze: /^microblaze/,
  mips: /^mips/,
  nios2: /^nios2/,
  openrisc: /^or1k/,
  parisc: /^(hppa|parisc)/,
  powerpc: /^(powerpc|ppc)/,
  riscv: /^riscv/,
  s390: /^s390/,
  sh: /^sh/,
  sparc: /^sparc/,
  x86: /^(x86_64|i.86)/,
  xtensa: /^xtensa/,
};

/**
 * Whether gcc compiles for another architecture than the kernel's.
 * @param target what `-dumpmachine` prints, or `Target:` of `-v`; what is no such text says nothing
 * @param srcarch the kernel's directory under arch/
 */
export function isOtherTarget(target: string, srcarch: string): boolean {
  const expected = TARGETS[srcarch];
  return expected !== undefined && /^[\w.]+-[\w.-]+$/.test(target) && !expected.test(target);
}

/** Whether what a compiler says of its version is clang's, which compiles for all architectures. */
export const isClangText = (text: string): boolean => /\bclang\b/.test(text);

/** The compiler of `ccache gcc -m64`: the last word that is no argument. */
export function compilerName(command: string): string {
  const words = command.trim().split(/\s+/);
  return words.filter((word) => !word.startsWith('-')).at(-1) ?? command;
}
