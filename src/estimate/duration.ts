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
