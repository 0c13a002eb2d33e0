/** Bytes that look like the machine code of one architecture to the branch filters of .xz: mostly calls and jumps. */
export const KINDS = ['x86', 'arm', 'armthumb', 'arm64', 'powerpc', 'sparc', 'delta'] as const;
export type Kind = (typeof KINDS)[number];

const SIZE = 6000;

/** The same bytes every time: the packed fixtures in fixtures/packed/filters were made of them. */
export function branchBytes(kind: Kind): Buffer {
  let seed = 12345;
  const random = (limit: number): number => {
    // The multiplier of Numerical Recipes; its high bits are good enough here.
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * limit);
  };
  const bytes: number[] = [];
  const word = (value: number, big: boolean): void => {
    const parts = [value >>> 24, value >>> 16, value >>> 8, value].map((part) => part & 0xff);
    bytes.push(...(big ? parts : parts.reverse()));
  };
  while (bytes.length < SIZE) {
    const any = random(2 ** 32);
    const coin = random(3);
    if (kind === 'x86') {
      const opcodes = Array.from({ length: 1 + random(4) }, () => [0xe8, 0xe9, 0x00, 0xff][random(4)]!);
      bytes.push(...opcodes, random(256), random(256), random(256), [0, 0xff, any & 0xff][coin]!);
    } else if (kind === 'arm') {
      word(coin ? (0xeb000000 | (any & 0xffffff)) >>> 0 : any, false);
    } else if (kind === 'armthumb') {
      bytes.push(
        any & 0xff,
        0xf0 | ((any & 0x700) >>> 8),
        (any >>> 16) & 0xff,
        coin ? 0xf8 | (any >>> 29) : any >>> 24,
      );
    } else if (kind === 'arm64') {
      const page = (0x90000000 | (any & 0x60ffffff) | (any & 1 ? 0xf00000 : 0)) >>> 0;
      word([any, 0x94000000 | (any & 0x3ffffff), page][coin]! >>> 0, false);
    } else if (kind === 'powerpc') {
      word(coin ? 0x48000001 | (any & 0x3fffffc) : any, true);
    } else {
      word([any, 0x40000000 | (any & 0x3fffff), 0x7fc00000 | (any & 0x3fffff)][coin]! >>> 0, true);
    }
  }
  return Buffer.from(bytes.slice(0, SIZE));
}
