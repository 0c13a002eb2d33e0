import type { KSymbol } from '../kconfig/symbol.ts';
import type { Requirement } from './requirements.ts';

/**
 * What was tried in vain: turning `symbol` off breaks these requirements. Of a symbol that decides on a loaded module
 * only that requirement is reported, and no changes.
 */
export interface Obstacle {
  readonly symbol: KSymbol;
  readonly breaks: readonly Requirement[];
  /** Symbols that would change. */
  readonly changes: readonly KSymbol[];
}

/** What is left after reduction. */
export interface Reduction {
  /** The modular symbols that stay on, each with what it is needed for. */
  readonly obstacles: readonly Obstacle[];
  /** Modular symbols that cannot be turned off: something that stays selects them, or they have no prompt. */
  readonly forced: readonly KSymbol[];
}
