import { DecompressError, type Output } from './output.ts';

/**
 * The LZMA decoder, after the public-domain specification (LZMA SDK, `lzma-specification.txt`): a range coder whose
 * probabilities choose between literals, matches and repeated matches. Used by .xz (as LZMA2) and .lzma.
 */

const PROBABILITY_BITS = 11;
const PROBABILITY_START = 1 << (PROBABILITY_BITS - 1);
const MOVE_BITS = 5;
const TOP = 2 ** 24;
const STATES = 12;
/** States from here on: the last thing decoded was a match. */
const FIRST_MATCH_STATE = 7;
const POSITION_STATES = 16;
const SHORTEST_MATCH = 2;
/** Slots that tell a match's distance depend on its length, up to this many. */
const LENGTH_STATES = 4;
const SLOT_BITS = 6;
const FIRST_MODEL_SLOT = 4;
const LAST_MODEL_SLOT = 14;
const ALIGN_BITS = 4;
const LITERAL_SIZE = 0x300;

/** `lc`, `lp` and `pb` of the stream's property byte. */
export interface LzmaProperties {
  readonly literalContextBits: number;
  readonly literalPositionBits: number;
  readonly positionBits: number;
}

/**
 * Reads the property byte of LZMA.
 * @throws DecompressError `broken` if there is no such byte
 */
export function lzmaProperties(byte: number): LzmaProperties {
  if (byte >= 9 * 5 * 5) throw new DecompressError('broken', 'bad LZMA properties');
  return {
    literalContextBits: byte % 9,
    literalPositionBits: Math.floor(byte / 9) % 5,
    positionBits: Math.floor(byte / 45),
  };
}

function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(PROBABILITY_START);
}

/** How a length of 2 to 273 bytes is coded: three ranges, the first two of them depending on the position. */
class LengthModel {
  readonly choice = probabilities(2);
  readonly low = probabilities(POSITION_STATES << 3);
  readonly middle = probabilities(POSITION_STATES << 3);
  readonly high = probabilities(256);
}

/** The adaptive state of one LZMA stream; all of it starts anew with a state reset. */
class Model {
  readonly isMatch = probabilities(STATES * POSITION_STATES);
  readonly isRepeat = probabilities(STATES);
  readonly isRepeat0 = probabilities(STATES);
  readonly isRepeat0Long = probabilities(STATES * POSITION_STATES);
  readonly isRepeat1 = probabilities(STATES);
  readonly isRepeat2 = probabilities(STATES);
  readonly slots = probabilities(LENGTH_STATES << SLOT_BITS);
  readonly special = probabilities(128);
  readonly align = probabilities(1 << ALIGN_BITS);
  readonly matchLength = new LengthModel();
  readonly repeatLength = new LengthModel();
  readonly literals: Uint16Array;

  constructor(properties: LzmaProperties) {
    this.literals = probabilities(LITERAL_SIZE << (properties.literalContextBits + properties.literalPositionBits));
  }
}

/** One LZMA stream, decoded in pieces. */
export class LzmaDecoder {
  readonly #output: Output;
  #properties: LzmaProperties;
  #model: Model;
  /** Where the dictionary starts in the output; no match reaches further back. */
  #dictionaryStart: number;

  #input: Uint8Array = new Uint8Array(0);
  #position = 0;
  #end = 0;
  #range = 0;
  #code = 0;

  #state = 0;
  #repeat0 = 0;
  #repeat1 = 0;
  #repeat2 = 0;
  #repeat3 = 0;
  /** Bytes of a match that the last piece had no room for. */
  #pending = 0;

  constructor(output: Output, properties: LzmaProperties) {
    this.#output = output;
    this.#properties = properties;
    this.#model = new Model(properties);
    this.#dictionaryStart = output.length;
  }

  /** Forgets what was learnt, and takes other properties if there are any. */
  reset(properties: LzmaProperties = this.#properties): void {
    this.#properties = properties;
    this.#model = new Model(properties);
    this.#state = 0;
    this.#repeat0 = this.#repeat1 = this.#repeat2 = this.#repeat3 = 0;
    this.#pending = 0;
  }

  /** From here on no match reaches back before the present end of the output. */
  resetDictionary(): void {
    this.#dictionaryStart = this.#output.length;
  }

  /**
   * Decodes a piece that starts with a fresh range coder.
   * @param start where the piece starts in `input`; `end` is the first byte that is not its own
   * @param size bytes that come out, or Infinity to go on to the end mark
   * @returns the position in `input` after the last byte read
   * @throws DecompressError `broken`, `too-large`
   */
  decode(input: Uint8Array, start: number, end: number, size: number): number {
    this.#input = input;
    this.#end = end;
    if (end - start < 5 || input[start] !== 0) throw new DecompressError('broken', 'bad range coder start');
    this.#code =
      ((input[start + 1]! << 24) | (input[start + 2]! << 16) | (input[start + 3]! << 8) | input[start + 4]!) >>> 0;
    this.#range = 0xffffffff;
    this.#position = start + 5;

    const target = this.#output.length + size;
    if (this.#pending > 0) this.#copyMatch(this.#pending, target);
    while (this.#output.length < target) {
      if (!this.#step(target)) {
        if (size !== Number.POSITIVE_INFINITY) throw new DecompressError('broken', 'early end mark');
        break;
      }
    }
    this.#normalize();
    return this.#position;
  }

  /** One literal or match; false at the end mark. */
  #step(target: number): boolean {
    const model = this.#model;
    const state = this.#state;
    const positionState = (this.#output.length - this.#dictionaryStart) & ((1 << this.#properties.positionBits) - 1);
    const cell = state * POSITION_STATES + positionState;
    if (this.#bit(model.isMatch, cell) === 0) {
      this.#literal();
      return true;
    }
    if (this.#bit(model.isRepeat, state) === 0) {
      this.#repeat3 = this.#repeat2;
      this.#repeat2 = this.#repeat1;
      this.#repeat1 = this.#repeat0;
      const length = this.#length(model.matchLength, positionState);
      this.#state = state < FIRST_MATCH_STATE ? 7 : 10;
      this.#repeat0 = this.#distance(length);
      if (this.#repeat0 === 0xffffffff) return false;
      this.#copyMatch(length, target);
      return true;
    }
    if (this.#bit(model.isRepeat0, state) === 1) {
      this.#bringForward(state);
    } else if (this.#bit(model.isRepeat0Long, cell) === 0) {
      this.#state = state < FIRST_MATCH_STATE ? 9 : 11;
      this.#copyMatch(1, target);
      return true;
    }
    const length = this.#length(model.repeatLength, positionState);
    this.#state = state < FIRST_MATCH_STATE ? 8 : 11;
    this.#copyMatch(length, target);
    return true;
  }

  /** Makes the second, third or fourth last distance the last one. */
  #bringForward(state: number): void {
    let distance = this.#repeat1;
    if (this.#bit(this.#model.isRepeat1, state) === 1) {
      distance = this.#repeat2;
      if (this.#bit(this.#model.isRepeat2, state) === 1) {
        distance = this.#repeat3;
        this.#repeat3 = this.#repeat2;
      }
      this.#repeat2 = this.#repeat1;
    }
    this.#repeat1 = this.#repeat0;
    this.#repeat0 = distance;
  }

  #literal(): void {
    const { literalContextBits, literalPositionBits } = this.#properties;
    const output = this.#output;
    output.reserve(1);
    const behind = output.length - this.#dictionaryStart;
    const previous = behind > 0 ? output.bytes[output.length - 1]! : 0;
    const context =
      ((behind & ((1 << literalPositionBits) - 1)) << literalContextBits) + (previous >> (8 - literalContextBits));
    const table = this.#model.literals;
    const base = context * LITERAL_SIZE;
    let symbol = 1;
    if (this.#state >= FIRST_MATCH_STATE) {
      this.#checkDistance();
      let match = output.bytes[output.length - this.#repeat0 - 1]!;
      while (symbol < 0x100) {
        const expected = (match >> 7) & 1;
        match <<= 1;
        const bit = this.#bit(table, base + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | bit;
        if (bit !== expected) break;
      }
    }
    while (symbol < 0x100) symbol = (symbol << 1) | this.#bit(table, base + symbol);
    output.bytes[output.length++] = symbol;
    this.#state = this.#state < 4 ? 0 : this.#state < 10 ? this.#state - 3 : this.#state - 6;
  }

  #length(model: LengthModel, positionState: number): number {
    if (this.#bit(model.choice, 0) === 0) return SHORTEST_MATCH + this.#tree(model.low, positionState << 3, 3);
    if (this.#bit(model.choice, 1) === 0) return SHORTEST_MATCH + 8 + this.#tree(model.middle, positionState << 3, 3);
    return SHORTEST_MATCH + 16 + this.#tree(model.high, 0, 8);
  }

  /** The distance of a match, less one; all ones is the end mark. */
  #distance(length: number): number {
    const lengthState = Math.min(length - SHORTEST_MATCH, LENGTH_STATES - 1);
    const slot = this.#tree(this.#model.slots, lengthState << SLOT_BITS, SLOT_BITS);
    if (slot < FIRST_MODEL_SLOT) return slot;
    const directBits = (slot >> 1) - 1;
    const start = ((2 | (slot & 1)) << directBits) >>> 0;
    if (slot < LAST_MODEL_SLOT) return start + this.#reverseTree(this.#model.special, start - slot, directBits);
    const high = this.#direct(directBits - ALIGN_BITS) * (1 << ALIGN_BITS);
    return start + high + this.#reverseTree(this.#model.align, 0, ALIGN_BITS);
  }

  /** Copies a match; what is beyond `target` waits for the next piece. */
  #copyMatch(length: number, target: number): void {
    const output = this.#output;
    this.#checkDistance();
    const now = Math.min(length, target - output.length);
    this.#pending = length - now;
    output.reserve(now);
    const bytes = output.bytes;
    let to = output.length;
    let from = to - this.#repeat0 - 1;
    for (const end = to + now; to < end; ) bytes[to++] = bytes[from++]!;
    output.length = to;
  }

  #checkDistance(): void {
    if (this.#repeat0 >= this.#output.length - this.#dictionaryStart) {
      throw new DecompressError('broken', 'a match reaches before the start');
    }
  }

  #normalize(): void {
    if (this.#range >= TOP) return;
    if (this.#position >= this.#end) throw new DecompressError('broken', 'cut short');
    this.#range = (this.#range << 8) >>> 0;
    this.#code = ((this.#code << 8) | this.#input[this.#position++]!) >>> 0;
  }

  #bit(table: Uint16Array, at: number): number {
    this.#normalize();
    const probability = table[at]!;
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    if (this.#code < bound) {
      this.#range = bound;
      table[at] = probability + (((1 << PROBABILITY_BITS) - probability) >> MOVE_BITS);
      return 0;
    }
    this.#range -= bound;
    this.#code -= bound;
    table[at] = probability - (probability >> MOVE_BITS);
    return 1;
  }

  /** `count` bits that have no probabilities. */
  #direct(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#normalize();
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit) this.#code -= this.#range;
      value = value * 2 + bit;
    }
    return value;
  }

  /** A number of `bits` bits, highest first. */
  #tree(table: Uint16Array, base: number, bits: number): number {
    let node = 1;
    for (let i = 0; i < bits; i++) node = (node << 1) | this.#bit(table, base + node);
    return node - (1 << bits);
  }

  /** A number of `bits` bits, lowest first. */
  #reverseTree(table: Uint16Array, base: number, bits: number): number {
    let node = 1;
    let value = 0;
    for (let i = 0; i < bits; i++) {
      const bit = this.#bit(table, base + node);
      node = (node << 1) | bit;
      value |= bit << i;
    }
    return value;
  }
}
