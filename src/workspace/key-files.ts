import { type KeyChange, missingBuildFiles } from '../machine/keys.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Workspace } from './workspace.ts';

/** Key files of the distribution's own build: where they are missing, the build takes what the kernel offers. */
const KEY_SYMBOLS = new Set(['MODULE_SIG_KEY', 'SYSTEM_TRUSTED_KEYS', 'SYSTEM_REVOCATION_KEYS']);

/** Points the key symbols away from files that are not there; the others that name missing files are only reported. */
export function replaceMissingKeys(workspace: Workspace, config: Configuration): KeyChange[] {
  const { symbols } = config.kconfig;
  const missing = missingBuildFiles({
    fs: workspace.platform.fs,
    tree: workspace.treePath,
    objtree: workspace.objtree,
    value: (name) => {
      const symbol = symbols.find(name);
      return symbol?.isDefined && config.isWritten(symbol) ? config.text(symbol) : null;
    },
  });
  return missing.map(({ symbol: name, value, missing: files, remedy }) => {
    const symbol = symbols.find(name)!;
    const isKey = KEY_SYMBOLS.has(name) && config.visibility(symbol) > 0;
    if (isKey) config.set(symbol, remedy);
    return { symbol: name, from: value, to: isKey ? config.text(symbol) : value, missing: files };
  });
}
