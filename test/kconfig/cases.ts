/** The case folders under fixtures/kconfig: small trees, an input, and what the kernel's conf answers. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ConfTarget } from '../../src/dotconfig/targets.ts';

const TOP = resolve(import.meta.dirname, '../../fixtures/kconfig');

/** Environment of all cases. */
export const CASE_ENV = { VERSION: '1.0', KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' };

/** What every case is asked. */
export const CASE_TARGETS: readonly ConfTarget[] = [
  'olddefconfig',
  'savedefconfig',
  'listnewconfig',
  'yes2modconfig',
  'defconfig',
];

export interface FixtureCase {
  /** `old/…` for trees with choices as symbols, `new/…` for later ones, `next/…` for those with conditional dependencies. */
  readonly name: string;
  readonly directory: string;
  readonly input: string | undefined;
  /** The answers in order of `CASE_TARGETS`, each under its title, then the messages of all. */
  readonly expected: string;
}

/** All case folders. */
export function fixtureCases(): FixtureCase[] {
  return ['old', 'new', 'next'].flatMap((era) =>
    readdirSync(join(TOP, era))
      .sort()
      .map((folder) => {
        const directory = join(TOP, era, folder);
        const read = (name: string): string | undefined =>
          existsSync(join(directory, name)) ? readFileSync(join(directory, name), 'latin1') : undefined;
        return { name: `${era}/${folder}`, directory, input: read('input'), expected: read('expected') ?? '' };
      }),
  );
}

/** The answers to a case as its `expected` holds them. */
export function caseText(
  answers: readonly { readonly target: string; readonly text: string; readonly stderr: string }[],
  messageSet: (stderr: string) => string[],
): string {
  const parts = answers.map(({ target, text }) => `== ${target}\n${text}`);
  const said = messageSet(answers.map(({ stderr }) => `${stderr}\n`).join(''));
  return `${parts.join('')}== messages\n${said.map((message) => `${message}\n`).join('')}`;
}
