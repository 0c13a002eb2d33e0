/** What a machine no longer does under another kernel. */
import { type Losses, lossesSince, newLines } from '../../test/boot/losses.ts';
import type { Boot } from '../../test/boot/virtual-machine.ts';

/** What is worse than before, in words; nothing where all lists are empty. */
export interface Differences extends Losses {
  readonly state: string;
  readonly failedUnits: readonly string[];
  /** Ways of using the machine that worked before. */
  readonly uses: readonly string[];
}

/** @param before under Debian's kernel */
export function differences(before: Boot, after: Boot): Differences {
  return {
    state: (after.files.get('state') ?? 'did not come up').trim(),
    failedUnits: newLines(before, after, 'failed', (line) => line.split(/\s+/)[0] ?? ''),
    uses: works(before).filter((name) => !works(after).includes(name)),
    ...lossesSince(before, after),
  };
}

/** Ways of using a machine that worked. */
export function works({ timings }: Boot): string[] {
  return timings.filter(({ name, status }) => name.startsWith('try:') && status === 0).map(({ name }) => name.slice(4));
}
