/**
 * A time for people, in the two largest units that say something: `3 h 20 min`, `12 min`, `45 s`. Rounded to the
 * precision an estimate has: whole minutes from two minutes on, five minutes from five hours on, hours from two days on.
 * @param seconds not negative
 */
export function formatDuration(seconds: number): string {
  if (seconds < 0.95) return seconds < 0.05 ? '0 s' : `${seconds.toFixed(1)} s`;
  if (seconds < 119.5) return `${Math.round(seconds)} s`;
  if (seconds >= 48 * 3_600) return `${Math.round(seconds / 3_600)} h`;
  const step = seconds >= 5 * 3_600 ? 5 : 1;
  const minutes = Math.round(seconds / 60 / step) * step;
  if (minutes < 60) return `${minutes} min`;
  const left = minutes % 60;
  return left === 0 ? `${(minutes - left) / 60} h` : `${(minutes - left) / 60} h ${left} min`;
}
