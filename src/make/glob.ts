/**
 * Whether a name matches a pattern with `*`, `?` and `[…]` (`fnmatch` without slashes). In time proportional to both
 * lengths: a regular expression made of `*a*a*a*a` would try every way to share out the name among the stars.
 */
export function matchesGlob(pattern: string, name: string): boolean {
  let [at, position] = [0, 0];
  // Where to go on when what follows the last star does not fit: one char further on in the name.
  let [afterStar, retry] = [-1, 0];
  while (position < name.length) {
    const next = at < pattern.length && pattern[at] !== '*' ? matchOne(pattern, at, name.charCodeAt(position)) : -1;
    if (pattern[at] === '*') {
      afterStar = ++at;
      retry = position;
    } else if (next >= 0) {
      at = next;
      position++;
    } else if (afterStar >= 0) {
      at = afterStar;
      position = ++retry;
    } else return false;
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** Matches one char; returns the offset in the pattern behind what matched it, or -1. */
function matchOne(pattern: string, at: number, code: number): number {
  const char = pattern[at]!;
  if (char === '?') return at + 1;
  if (char === '\\' && at + 1 < pattern.length) return pattern.charCodeAt(at + 1) === code ? at + 2 : -1;
  if (char !== '[') return char.charCodeAt(0) === code ? at + 1 : -1;
  const negated = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const first = at + (negated ? 2 : 1);
  const end = pattern.indexOf(']', first + 1);
  if (end < 0) return code === 91 /* [ */ ? at + 1 : -1;
  return isInClass(pattern.slice(first, end), code) !== negated ? end + 1 : -1;
}

function isInClass(members: string, code: number): boolean {
  for (let i = 0; i < members.length; i++) {
    const low = members.charCodeAt(i);
    const isRange = members[i + 1] === '-' && i + 2 < members.length;
    const high = isRange ? members.charCodeAt(i + 2) : low;
    if (code >= low && code <= high) return true;
    if (isRange) i += 2;
  }
  return false;
}
