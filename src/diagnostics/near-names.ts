/** Names that somebody may have meant. */

/** Most edits between a word and a name that is taken for it, for each letter of the word. */
const EDITS_PER_LETTER = 0.3;

/**
 * The names nearest to a word: those a few slips away from it, then those that contain it.
 * @param limit the most that come back
 */
export function nearNames(word: string, names: Iterable<string>, limit: number): string[] {
  const wanted = fold(word);
  const most = Math.max(1, Math.floor(wanted.length * EDITS_PER_LETTER));
  const found: { readonly name: string; readonly distance: number }[] = [];
  for (const name of new Set(names)) {
    const folded = fold(name);
    const distance = Math.abs(folded.length - wanted.length) <= most ? edits(wanted, folded, most) : most + 1;
    if (distance <= most) found.push({ name, distance });
    else if (wanted.length >= 3 && folded.includes(wanted)) found.push({ name, distance: most + folded.length / 1000 });
  }
  found.sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1));
  return found.slice(0, limit).map(({ name }) => name);
}

/** The symbol that a word means which may be a line of a config: `CONFIG_USB=y`. */
export const symbolMeant = (word: string): string => word.replace(/^CONFIG_/, '').replace(/=.*$/s, '');

const fold = (name: string): string => name.toLowerCase().replaceAll('-', '_');

/** Letters to insert, drop, change or swap with the next one (optimal string alignment); more than `most` is `most + 1`. */
function edits(a: string, b: string, most: number): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = last[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(change, last[j]! + 1, row[j - 1]! + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    if (Math.min(...row) > most) return most + 1;
    before = last;
    last = row;
  }
  return last[b.length]!;
}
