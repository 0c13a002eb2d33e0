/** Units chosen to stand for all: for a quick answer whether a config compiles. */

/** How large a sample is to be. */
export type SampleSize =
  | { readonly kind: 'share'; readonly share: number }
  | { readonly kind: 'count'; readonly count: number };

/** A sample. */
export interface Sample {
  readonly units: readonly string[];
  /** How many it was chosen from. */
  readonly of: number;
  readonly seed: number;
  /** The samples of this size with seeds from 1 to this number are all of the units; only the last may repeat some. */
  readonly rounds: number;
}

/**
 * Reads what `--units` is given: `5%`, `0.5 %`, `200`.
 * @returns null where it is neither a share above 0 up to 100 % nor a number from 1 up
 */
export function parseSampleSize(text: string): SampleSize | null {
  const share = /^(\d{1,3}(?:\.\d{1,6})?) ?%$/.exec(text);
  if (share) {
    const value = Number(share[1]) / 100;
    return value > 0 && value <= 1 ? { kind: 'share', share: value } : null;
  }
  return /^[1-9]\d{0,6}$/.test(text) ? { kind: 'count', count: Number(text) } : null;
}

/**
 * Takes units at even distances: neighbours in order of path are of one directory, so that every directory has its share,
 * and small ones take turns. The next seed takes the one behind each.
 * @param units in order of path
 * @param seed from 1 up; where to begin
 * @returns as many as asked for, as far as there are as many
 */
export function sampleUnits(units: readonly string[], size: SampleSize, seed: number): Sample {
  const wanted = Math.min(units.length, size.kind === 'count' ? size.count : shareOf(units.length, size.share));
  const rounds = Math.max(1, Math.ceil(units.length / Math.max(1, wanted)));
  const first = (seed - 1) % rounds;
  // The last distance is never shorter than the others, so that none is behind the end.
  const at = (index: number): number => Math.floor((index * units.length) / wanted) + first;
  return { units: Array.from({ length: wanted }, (_, index) => units[at(index)]!), of: units.length, seed, rounds };
}

/** Rounded up; 7 % of 100 are 7, though their product is a little more. */
function shareOf(count: number, share: number): number {
  return Math.ceil(Number((count * share).toFixed(6)));
}
