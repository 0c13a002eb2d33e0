/** What a machine no longer does under another kernel. */
import type { Boot } from '../../test/boot/virtual-machine.ts';

/** What is worse than before, in words; nothing where all lists are empty. */
export interface Differences {
  readonly state: string;
  readonly failedUnits: readonly string[];
  /** Ways of using the machine that worked before. */
  readonly uses: readonly string[];
  /** Errors in the kernel's log. */
  readonly errors: readonly string[];
  /** What `record --compare` says is missing. */
  readonly missing: readonly string[];
}

/** @param before under Debian's kernel */
export function differences(before: Boot, after: Boot): Differences {
  const lines = (boot: Boot, name: string): string[] =>
    (boot.files.get(name) ?? '').split('\n').filter((line) => line !== '');
  const fresh = (name: string, key: (line: string) => string): string[] => {
    const known = new Set(lines(before, name).map(key));
    return [...new Set(lines(after, name).map(key))].filter((line) => !known.has(line));
  };
  return {
    state: (after.files.get('state') ?? 'did not come up').trim(),
    failedUnits: fresh('failed', (line) => line.split(/\s+/)[0] ?? ''),
    uses: works(before).filter((name) => !works(after).includes(name)),
    errors: [...fresh('errors', withoutNumbers), ...fresh('journal', withoutNumbers)],
    missing: missingOf(after),
  };
}

/** Ways of using a machine that worked. */
export function works({ timings }: Boot): string[] {
  return timings.filter(({ name, status }) => name.startsWith('try:') && status === 0).map(({ name }) => name.slice(4));
}

/** Addresses and times differ from boot to boot. */
function withoutNumbers(line: string): string {
  return line.replace(/\b(0x)?[0-9a-f]*[0-9][0-9a-f]*\b/g, 'N');
}

function missingOf({ files }: Boot): string[] {
  const text = files.get('compare.json');
  if (text === undefined) return ['no comparison'];
  const { missing } = JSON.parse(text) as { missing: { kind: string; name: string; reason: string }[] };
  return missing.map(({ kind, name, reason }) => `${kind} ${name} (${reason})`);
}
