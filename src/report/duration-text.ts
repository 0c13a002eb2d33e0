/**
 * A time for people, in the two largest units that say something: `3 h 20 min`, `12 min`, `45 s`. Rounded to the
 * precision an estimate has: whole minutes from two minutes on, five minutes from five hours on, hours from two days on.
 * @param seconds not negative
 */
export function formatDuration(seconds: number): string {
  const rounded = roundDuration(seconds);
  if (rounded === 0) return '0 s';
  if (rounded < 1) return `${rounded.toFixed(1)} s`;
  if (rounded < 120) return `${rounded} s`;
  if (rounded >= 48 * HOUR) return `${rounded / HOUR} h`;
  const minutes = rounded / 60;
  if (minutes < 60) return `${minutes} min`;
  const left = minutes % 60;
  return left === 0 ? `${(minutes - left) / 60} h` : `${(minutes - left) / 60} h ${left} min`;
}

/** How far what a reader comes to may be from the difference, as a share of it. */
const SHOWN_WITHIN = 0.1;

/**
 * By how much two times differ, as they are shown: a reader who subtracts comes to the same, unless that says something
 * else (`11 min -> 11 min: saves 22 s`).
 * @param before seconds
 * @param after seconds
 */
export function formatDifference(before: number, after: number): string {
  const exact = Math.abs(before - after);
  const shown = Math.abs(roundDuration(before) - roundDuration(after));
  return formatDuration(Math.abs(shown - exact) <= SHOWN_WITHIN * exact ? shown : exact);
}

const HOUR = 3_600;

/** Seconds, as exact as `formatDuration` shows them. */
function roundDuration(seconds: number): number {
  const to = (step: number): number => Math.round(seconds / step) * step;
  if (seconds < 0.95) return Math.round(seconds * 10) / 10;
  if (seconds < 119.5) return to(1);
  if (seconds >= 48 * HOUR) return to(HOUR);
  return to(seconds >= 5 * HOUR ? 300 : 60);
}
