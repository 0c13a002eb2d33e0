/** The settings of a kernel that cost build time and nothing that runs: which there are, and which a request means. */
import { COSTLY_SYMBOLS } from '../../estimate/costly-symbols.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { KSymbol } from '../../kconfig/symbol.ts';
import { factsOf, type MachineRecord } from '../../machine/record/format.ts';
import type { Configuration } from '../../values/configuration.ts';

/** What a person asks for with `--fast`, `--debug-info` and `--no-debug-info`. */
export interface SettingsRequest {
  readonly fast: boolean;
  /** Null where nothing was said of it. */
  readonly debugInfo: boolean | null;
}

/** A setting that is to go. */
export interface TimeSetting {
  readonly symbol: KSymbol;
  /** Whether it goes only where nothing stands in the way; another that cannot go is a finding. */
  readonly isOptional: boolean;
  /** Why it stays after all. */
  readonly stays: string | null;
}

const DEBUG_INFO = 'DEBUG_INFO';
/** Whether a module without a signature is loaded is up to the machine. */
const SIGNATURES = 'MODULE_SIG';
/** Of these the estimate knows no effect: what they make slower or stop is the building itself. */
const WITHOUT_EFFECT: readonly string[] = [SIGNATURES, 'GCC_PLUGINS'];
/** `WERROR`, `DRM_I915_WERROR` and the like: a warning of another compiler stops the build. */
const WARNINGS_ARE_ERRORS = /(?:^|_)WERROR$/;
/** What turns it off is no such setting. */
const DISABLES = /DISABLE/;

/** Every setting of a tree that costs build time and no code that runs. */
export function allTimeSettings({ symbols }: Kconfig): KSymbol[] {
  const costly = COSTLY_SYMBOLS.filter(({ sameCode }) => sameCode).map(({ symbol }) => symbol);
  const named = [...costly, ...WITHOUT_EFFECT].flatMap((name) => symbols.find(name) ?? []);
  const warnings = symbols.all.filter(
    ({ name, type }) => type === 'bool' && name !== null && WARNINGS_ARE_ERRORS.test(name) && !DISABLES.test(name),
  );
  return [...named, ...warnings].filter(({ isDefined }) => isDefined);
}

/**
 * The settings that are on and that a request wants off, in the order in which they go.
 * @param record of the machine that will run the kernel; null where there is none
 */
export function settingsToGo(
  { fast, debugInfo }: SettingsRequest,
  config: Configuration,
  record: MachineRecord | null,
): TimeSetting[] {
  const all = allTimeSettings(config.kconfig).filter((symbol) => config.tristate(symbol) !== 0);
  const debug = new Set(debugSettings());
  const wanted = all.filter(({ name }) => {
    if (debug.has(name!)) return debugInfo === null ? fast : !debugInfo && (fast || name === DEBUG_INFO);
    return fast;
  });
  return wanted.map((symbol) => ({
    symbol,
    isOptional: symbol.name === SIGNATURES,
    stays: symbol.name === SIGNATURES && record ? forbidsUnsigned(record) : null,
  }));
}

/** Debug information, and what is made of it. */
function debugSettings(): string[] {
  return [DEBUG_INFO, ...(COSTLY_SYMBOLS.find(({ symbol }) => symbol === DEBUG_INFO)?.with ?? [])];
}

/** The fact that says that a machine loads signed modules only; null where none does. */
function forbidsUnsigned(record: MachineRecord): string | null {
  const lockdown = [...factsOf(record, 'lockdown')].find(({ fields }) => fields[0] !== 'none');
  if (lockdown) return `the record says lockdown ${lockdown.fields[0]}`;
  const isSecure = [...factsOf(record, 'secureboot')].some(({ fields }) => fields[0] === 'yes');
  return isSecure ? 'the record says secureboot yes' : null;
}
