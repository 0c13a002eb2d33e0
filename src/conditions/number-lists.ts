/**
 * Numbers for lists of small numbers, the same for the same list. A table of texts (`1,5,7`) would do the same; this
 * makes no text and no object for a list that is looked up.
 */

/** Slots of the table at first; a power of two. */
const FIRST_SLOTS = 1 << 12;

/** A tree of numbers: each list is the way from a root to a node. */
export class NumberLists {
  /** By slot: a node, the number that leads on from it, and the node that it leads to; 0 for a free slot. */
  #slots = new Int32Array(3 * FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;
  #nodes: number;
  #used = 0;

  /** @param roots how many nodes there are from which lists start; they are numbered from 1 on */
  constructor(roots: number) {
    this.#nodes = roots;
  }

  /** The node to which a number leads from a node. */
  next(node: number, number: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash(node, number) & mask;
    for (; slots[3 * slot + 2] !== 0; slot = (slot + 1) & mask) {
      if (slots[3 * slot] === node && slots[3 * slot + 1] === number) return slots[3 * slot + 2]!;
    }
    const made = ++this.#nodes;
    put(slots, slot, node, number, made);
    if (2 * ++this.#used > mask) this.#grow();
    return made;
  }

  #grow(): void {
    const old = this.#slots;
    const mask = 2 * this.#mask + 1;
    const slots = new Int32Array(3 * (mask + 1));
    for (let at = 0; at < old.length; at += 3) {
      if (old[at + 2] === 0) continue;
      let slot = hash(old[at]!, old[at + 1]!) & mask;
      while (slots[3 * slot + 2] !== 0) slot = (slot + 1) & mask;
      put(slots, slot, old[at]!, old[at + 1]!, old[at + 2]!);
    }
    this.#slots = slots;
    this.#mask = mask;
  }
}

function hash(node: number, number: number): number {
  const mixed = Math.imul(node, 0x9e3779b1) ^ Math.imul(number, 0x85ebca6b);
  return mixed ^ (mixed >>> 15);
}

function put(slots: Int32Array, slot: number, node: number, number: number, next: number): void {
  slots[3 * slot] = node;
  slots[3 * slot + 1] = number;
  slots[3 * slot + 2] = next;
}
