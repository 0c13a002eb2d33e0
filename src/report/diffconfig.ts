/**
 * The differences of two configs as the kernel's `scripts/diffconfig` prints them: `-NAME value` for what is gone,
 * ` NAME old -> new` for what changed, `+NAME value` for what is new, each group by name.
 * @param before .config text
 * @param after .config text
 */
export function diffConfig(before: string, after: string): string {
  const old = values(before);
  const now = values(after);
  const names = (from: ReadonlyMap<string, string>): string[] => [...from.keys()].sort();
  const gone = names(old).filter((name) => !now.has(name));
  const changed = names(old).filter((name) => now.has(name) && now.get(name) !== old.get(name));
  const added = names(now).filter((name) => !old.has(name));
  return [
    ...gone.map((name) => `-${name} ${old.get(name)}\n`),
    ...changed.map((name) => ` ${name} ${old.get(name)} -> ${now.get(name)}\n`),
    ...added.map((name) => `+${name} ${now.get(name)}\n`),
  ].join('');
}

function values(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const set = /^CONFIG_([^=]+)=(.*)$/.exec(line);
    const unset = /^# CONFIG_(\S+) is not set$/.exec(line);
    if (set) found.set(set[1]!, set[2]!);
    else if (unset) found.set(unset[1]!, 'n');
  }
  return found;
}
