import type { StepSavings } from '../estimate/step-savings.ts';
import type { HeldSetting, SettingsReport } from '../trim/types.ts';
import { counted } from './count-text.ts';
import { formatDuration } from './duration-text.ts';

/** Symbols that went with a setting before the rest is counted. */
const FOLLOWERS_SHOWN = 4;

/** What a person gives up without a setting. */
export const PRICES_OF_SETTINGS: Readonly<Record<string, string>> = {
  DEBUG_INFO_BTF_MODULES: 'bpftrace and BPF programs do not know the types of modules',
  DEBUG_INFO_BTF: 'bpftrace, BPF CO-RE and sched_ext do not work',
  DEBUG_INFO:
    'scripts/decode_stacktrace.sh, faddr2line, crash and drgn find no lines and types; oopses still name functions',
  MODVERSIONS: 'modules from outside the tree have to be built again for this very kernel',
  MODULE_SIG: 'modules are not signed: where Secure Boot or lockdown is on, they are not loaded',
  GCC_PLUGINS: 'hardening that gcc plugins add (STACKLEAK, latent entropy, RANDSTRUCT)',
};
const WARNINGS = 'nothing; a warning of the compiler no longer stops the build';

/**
 * What `--fast` and `--no-debug-info` turned off: each setting with what it saved and its price; what stays is named.
 * @param savings of each step, in their order
 * @returns nothing where nothing was asked for; the first line is a heading
 */
export function settingsRows(
  settings: SettingsReport | null,
  savings: readonly StepSavings[],
  hasRecord: boolean,
): string[] {
  if (!settings) return [];
  const { option, steps, held } = settings;
  const rows = steps.map(({ symbol, others }, index) => {
    const saved = savings[index]?.cpuSeconds ?? 0;
    const time = saved < 0.05 ? '' : ` (${formatDuration(saved)})`;
    return `${symbol}${time}${followersText(others)} gives up: ${PRICES_OF_SETTINGS[symbol] ?? WARNINGS}`;
  });
  // Of what was asked for under no condition, the broken promise says the same.
  const leaves = ({ isFinding }: HeldSetting): string => (isFinding ? '' : ` (${option} leaves it then)`);
  rows.push(...held.map((each) => `${each.symbol} stays: ${each.because}${leaves(each)}`));
  if (!hasRecord && steps.some(({ symbol }) => symbol === 'MODULE_SIG')) {
    rows.push('without a record nobody knows whether this machine has Secure Boot or lockdown (kconfig-trim record)');
  }
  const total = savings.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
  const heading =
    steps.length === 0
      ? 'none that only costs build time went'
      : `${counted(steps.length, 'setting')} that only ${steps.length === 1 ? 'costs' : 'cost'} build time went, ` +
        `saving ${formatDuration(Math.max(0, total))} of CPU time:`;
  return [heading, ...rows];
}

function followersText(names: readonly string[]): string {
  if (names.length === 0) return '';
  const more = names.length - FOLLOWERS_SHOWN;
  return ` with ${names.slice(0, FOLLOWERS_SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
