/** What a machine lacks in one boot that it had in an earlier one, by what both said. */
import type { Boot } from './virtual-machine.ts';

/** What is worse, in words; nothing where both lists are empty. */
export interface Losses {
  /** Errors in the logs that are new. */
  readonly errors: readonly string[];
  /** What `record --compare` says is missing. */
  readonly missing: readonly string[];
}

/** @param after a boot that compared itself with the record of `before` */
export function lossesSince(before: Boot, after: Boot): Losses {
  return {
    errors: ['errors', 'journal'].flatMap((name) => newLines(before, after, name, withoutNumbers)),
    missing: missingOf(after),
  };
}

/**
 * The lines of a file that an earlier boot did not have.
 * @param key what is compared of a line
 */
export function newLines(before: Boot, after: Boot, name: string, key: (line: string) => string): string[] {
  const keys = (boot: Boot): string[] =>
    (boot.files.get(name) ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map(key);
  const known = new Set(keys(before));
  return [...new Set(keys(after))].filter((line) => !known.has(line));
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
