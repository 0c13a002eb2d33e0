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
  /** The samples of this size with seeds from 1 to this number are all of the units, each once. */
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
 * Takes every n-th unit: neighbours in order of path are of one directory, so that every directory has its share, and
 * small ones take turns.
 * @param units in order of path
 * @param seed from 1 up; where to begin
 * @returns at least as many as asked for, as far as there are as many
 */
export function sampleUnits(units: readonly string[], size: SampleSize, seed: number): Sample {
  const wanted = size.kind === 'count' ? size.count : Math.ceil(units.length * size.share);
  const rounds = Math.max(1, Math.floor(units.length / Math.max(1, wanted)));
  const first = (seed - 1) % rounds;
  return { units: units.filter((_, index) => index % rounds === first), of: units.length, seed, rounds };
}
