const UNIT_SECONDS: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/**
 * Reads a time as people write it: `13h`, `1h30m`, `1.5h`, `90 min`, `2h 5m 10s`, `1:30` (hours:minutes),
 * `1:02:03`, or plain seconds.
 * @returns seconds, above zero; null where the text is no such time
 */
export function parseDuration(text: string): number | null {
  const trimmed = text.trim().toLowerCase();
  const clock = trimmed.match(/^(\d+):([0-5]\d)(?::([0-5]\d))?$/);
  if (clock) return positive(Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0));
  if (/^\d+(\.\d+)?$/.test(trimmed)) return positive(Number(trimmed));
  let total = 0;
  let rest = trimmed;
  let finest = Number.POSITIVE_INFINITY;
  while (rest !== '') {
    const part = rest.match(
      /^(\d+(?:\.\d+)?)\s*(d|days?|h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?)(?![a-z])[\s,]*/,
    );
    if (!part) return null;
    const unit = UNIT_SECONDS[part[2]!.charAt(0)]!;
    if (unit >= finest) return null;
    finest = unit;
    total += Number(part[1]) * unit;
    rest = rest.slice(part[0].length);
  }
  return positive(total);
}

function positive(seconds: number): number | null {
  return seconds > 0 && Number.isFinite(seconds) ? seconds : null;
}

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
