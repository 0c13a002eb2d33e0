import { isModuleBuilt } from '../kbuild/index.ts';
import { type KeepWords, nearKeepWords, resolveKeep } from '../trim/keep.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import type { Configuration } from '../values/configuration.ts';
import { isSwitch } from './config-file.ts';
import { type BuildUnderCheck, entryOff } from './listings.ts';
import { type CheckCase, type Finding, finding } from './types.ts';

/**
 * Whether symbols to keep are on, and modules are built. A Kconfig directory stands for what is on in it in
 * the old config; without one it asks for nothing.
 * @param lists no word twice
 * @param old the config that `--against` names
 */
export function checkKeep(lists: readonly KeepWords[], under: BuildUnderCheck, old: Configuration | null): CheckCase[] {
  return lists.flatMap(({ by, words }) =>
    [...new Set(words)].map((word) => ({ name: word, findings: keepFindings(word, by, under, old) })),
  );
}

function keepFindings(word: string, by: KeepWords['by'], under: BuildUnderCheck, old: Configuration | null): Finding[] {
  const { config, kbuild, reasons } = under;
  const subject = { kind: 'word', name: word } as const;
  const list = resolveKeep([word], kbuild, old ?? config);
  if (list.unknown.length > 0) {
    const isDirectory = kbuild.readDirectory(word.replace(/\/+$/, '')).length > 0;
    const code = isDirectory ? 'keep-without-old' : 'keep-unknown';
    const near = isDirectory ? [] : nearKeepWords(word, kbuild, config.kconfig);
    const args = { by, near: near.join(', ') };
    return [finding({ code, severity: isDirectory ? 'info' : 'error', subject, args })];
  }
  const lookup = kbuildLookup(config);
  if (list.modules.length > 0) {
    return list.modules.some((entry) => isModuleBuilt(entry, lookup)) ? [] : [entryOff(word, list.modules, under)];
  }
  const isDirectory = word.includes('/') || !config.kconfig.symbols.find(word.replace(/^CONFIG_/, ''))?.isDefined;
  if (isDirectory && !old) return [finding({ code: 'keep-without-old', severity: 'info', subject, args: { by } })];
  return list.symbols
    .filter((symbol) => isSwitch(symbol) && config.tristate(symbol) === 0)
    .map((symbol) => {
      const [node] = symbol.nodes;
      const at = node ? { ...node.at, column: 0 } : null;
      const why = reasons.why(symbol, 'm');
      const own = { kind: 'symbol', name: symbol.name! } as const;
      return finding({ code: 'keep-off', severity: 'error', subject: own, at, ...why });
    });
}
