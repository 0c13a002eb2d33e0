import { DecompressError } from './output.ts';

/**
 * The branch filters of .xz: compressors turn the relative addresses of calls into absolute ones, which repeat more.
 * Kernels are packed so (`scripts/xz_wrap.sh`). Each function undoes its filter in place, over a whole block.
 * What they do is fixed by the format (`xz-file-format.txt`, section 5.3) and by 7-Zip's filters, in the public domain.
 */
type Undo = (bytes: Uint8Array, properties: Uint8Array) => void;

function read32(bytes: Uint8Array, at: number): number {
  return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)) >>> 0;
}

function write32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

function read32Big(bytes: Uint8Array, at: number): number {
  return ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0;
}

function write32Big(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** Every byte was stored as its difference from the one `distance` before it. */
const delta: Undo = (bytes, properties) => {
  const distance = (properties[0] ?? 0) + 1;
  for (let i = distance; i < bytes.length; i++) bytes[i] = bytes[i]! + bytes[i - distance]!;
};

/** The highest byte of a plausible x86 branch distance. */
function isSignByte(byte: number): boolean {
  return byte === 0x00 || byte === 0xff;
}

/**
 * x86: calls and jumps (E8, E9) whose highest address byte is 00 or FF. `recent` has one bit for each of the three
 * bytes before, set where an opcode stood that was left as it is: its operand may overlap this one.
 */
const x86: Undo = (bytes) => {
  let recent = 0;
  let last = -1;
  for (let i = 0; i + 4 < bytes.length; i++) {
    if ((bytes[i]! & 0xfe) !== 0xe8) continue;
    const gap = i - last;
    last = i;
    recent = gap > 3 ? 0 : (recent << (gap - 1)) & 7;
    if (recent !== 0 && (!mayOverlap(recent) || isSignByte(bytes[i + 4 - overlapBytes(recent)]!))) {
      recent = (recent << 1) | 1;
    } else if (!isSignByte(bytes[i + 4]!)) {
      recent = (recent << 1) | 1;
    } else {
      const to = x86Target(read32(bytes, i + 1), i + 5, recent) & 0x01ffffff;
      write32(bytes, i + 1, to & 0x01000000 ? to | 0xfe000000 : to);
      i += 4;
    }
  }
};

function mayOverlap(recent: number): boolean {
  return recent === 1 || recent === 2 || recent === 4;
}

function overlapBytes(recent: number): number {
  return recent === 1 ? 1 : recent <= 3 ? 2 : 3;
}

function x86Target(stored: number, position: number, recent: number): number {
  let value = stored;
  for (;;) {
    const to = value - position;
    if (recent === 0) return to;
    const shift = overlapBytes(recent) * 8;
    if (!isSignByte((to >>> (24 - shift)) & 0xff)) return to;
    value = to ^ (2 ** (32 - shift) - 1);
  }
}

const arm: Undo = (bytes) => {
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    if (bytes[i + 3] !== 0xeb) continue;
    const to = (((read32(bytes, i) & 0xffffff) << 2) - (i + 8)) >> 2;
    write32(bytes, i, (to & 0xffffff) | 0xeb000000);
  }
};

const armThumb: Undo = (bytes) => {
  for (let i = 0; i + 4 <= bytes.length; i += 2) {
    if ((bytes[i + 1]! & 0xf8) !== 0xf0 || (bytes[i + 3]! & 0xf8) !== 0xf8) continue;
    const from = ((bytes[i + 1]! & 7) << 19) | (bytes[i]! << 11) | ((bytes[i + 3]! & 7) << 8) | bytes[i + 2]!;
    const to = ((from << 1) - (i + 4)) >>> 1;
    bytes[i + 1] = 0xf0 | ((to >>> 19) & 7);
    bytes[i] = to >>> 11;
    bytes[i + 3] = 0xf8 | ((to >>> 8) & 7);
    bytes[i + 2] = to;
    i += 2;
  }
};

const arm64: Undo = (bytes) => {
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const word = read32(bytes, i);
    if (word >>> 26 === 0x25) {
      write32(bytes, i, 0x94000000 | ((word - (i >>> 2)) & 0x03ffffff));
    } else if ((word & 0x9f000000) >>> 0 === 0x90000000) {
      const page = ((word >>> 29) & 3) | ((word >>> 3) & 0x1ffffc);
      if ((page + 0x020000) & 0x1c0000) continue;
      const to = page - (i >>> 12);
      const sign = -(to & 0x020000) & 0xe00000;
      write32(bytes, i, (word & 0x9000001f) | ((to & 3) << 29) | ((to & 0x03fffc) << 3) | sign);
    }
  }
};

const powerPc: Undo = (bytes) => {
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const word = read32Big(bytes, i);
    if ((word & 0xfc000003) === 0x48000001) write32Big(bytes, i, 0x48000001 | (((word & 0x03fffffc) - i) & 0x03fffffc));
  }
};

const sparc: Undo = (bytes) => {
  for (let i = 0; i + 4 <= bytes.length; i += 4) {
    const word = read32Big(bytes, i);
    if (word >>> 22 !== 0x100 && word >>> 22 !== 0x1ff) continue;
    const to = ((word << 2) - i) >>> 2;
    write32Big(bytes, i, ((0x40000000 - (to & 0x400000)) & 0x3fffffff) | 0x40000000 | (to & 0x3fffff));
  }
};

const DELTA = 0x03;

/** By the filter's number in the format. */
const FILTERS: ReadonlyMap<number, Undo> = new Map([
  [DELTA, delta],
  [0x04, x86],
  [0x05, powerPc],
  [0x07, arm],
  [0x08, armThumb],
  [0x09, sparc],
  [0x0a, arm64],
]);

/**
 * Refuses a filter that `undoFilter` can't undo, before anything is unpacked.
 * @param id the filter's number in a block header
 * @throws DecompressError `unsupported`
 */
export function checkFilter(id: number, properties: Uint8Array): void {
  if (!FILTERS.has(id)) throw new DecompressError('unsupported', `filter ${id}`);
  if (id !== DELTA && properties.some((byte) => byte !== 0)) {
    throw new DecompressError('unsupported', 'a filter that starts elsewhere than at 0');
  }
}

/** Undoes one filter, which `checkFilter` has let pass, over a block, in place. */
export function undoFilter(id: number, properties: Uint8Array, block: Uint8Array): void {
  FILTERS.get(id)?.(block, properties);
}
