/** Patterns of device aliases, found by how they begin. */

interface Entry<Owner> {
  readonly owner: Owner;
  readonly pattern: string;
  /** Its longest piece without a wildcard: what does not have it cannot match. Null until it is asked for: few ever are. */
  literal: string | null;
}

/** Patterns are looked up by how they begin, up to this many characters. */
const MAX_START = 60;

/** What has patterns for aliases, as `modules.alias` lists them. */
export class AliasPatterns<Owner> {
  readonly #byStart = new Map<string, Entry<Owner>[]>();

  add(pattern: string, owner: Owner): void {
    const wildcard = pattern.search(/[*?[]/);
    const start = (wildcard < 0 ? pattern : pattern.slice(0, wildcard)).slice(0, MAX_START);
    const entry = { owner, pattern, literal: null };
    const known = this.#byStart.get(start);
    if (known) known.push(entry);
    else this.#byStart.set(start, [entry]);
  }

  /** Everything that has a pattern for this alias. */
  owners(alias: string): readonly Owner[] {
    const found: Owner[] = [];
    for (let length = 1; length <= Math.min(alias.length, MAX_START); length++) {
      for (const entry of this.#byStart.get(alias.slice(0, length)) ?? []) {
        entry.literal ??= literalOf(entry.pattern);
        if (alias.includes(entry.literal) && matches(entry.pattern, alias)) found.push(entry.owner);
      }
    }
    return found;
  }
}

function literalOf(pattern: string): string {
  return pattern.split(/[*?]|\[[^\]]*\]/).reduce((best, part) => (part.length > best.length ? part : best), '');
}

/** As fnmatch(3): `*`, `?` and ranges in brackets. */
function matches(pattern: string, alias: string): boolean {
  const expression = pattern
    .replace(/[.+$(){}|]/g, '[$&]')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  try {
    return new RegExp(`^${expression}$`).test(alias);
  } catch {
    // A bracket without an end: depmod writes none.
    return false;
  }
}
