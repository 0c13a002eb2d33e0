/** Which units serve the fit and which its check: settled by their names, once for all configs. */

/**
 * The unit's fixed random number, 0 up to 1: FNV-1a of its path, stirred once more. Those from 0.5 up may be used for
 * the fit, those below only to check it. As the number does not depend on the config, samples of two configs have in
 * common what the configs have in common, and the ratio of their totals is known better than either.
 * @param object relative to the tree
 */
export function numberOf(object: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < object.length; i++) hash = Math.imul(hash ^ object.charCodeAt(i), 0x01000193);
  let state = ((hash >>> 0) + 0x6d2b79f5) >>> 0;
  state = Math.imul(state ^ (state >>> 15), state | 1);
  state ^= state + Math.imul(state ^ (state >>> 7), state | 61);
  return ((state ^ (state >>> 14)) >>> 0) / 4294967296;
}

/** Whether a unit may be used for the fit. */
export const isForFit = (object: string): boolean => numberOf(object) >= 0.5;
