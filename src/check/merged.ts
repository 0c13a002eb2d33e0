import type { Fragment, Merged } from '../dotconfig/merge.ts';
import { configOrigin } from '../dotconfig/origin.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import type { FileSystem } from '../platform/platform.ts';
import { asWritten } from '../trim/as-written.ts';
import type { Configuration } from '../values/configuration.ts';
import { ArchDefinitions } from './arch-definitions.ts';
import { withCauses } from './causes.ts';
import { type ConfigEntry, type ConfigFile, hasPrompt, readConfigFile } from './config-file.ts';
import { checkFragments } from './fragments.ts';
import { KconfigLines } from './kconfig-lines.ts';
import { Reasons } from './reasons.ts';
import { StaleSymbols } from './stale-symbols.ts';
import type { CheckResult, Finding } from './types.ts';

/** Merged files, and what became of them. */
export interface MergedInput {
  readonly fragments: readonly Fragment[];
  readonly merged: Merged;
  /** What conf made of the merged text. */
  readonly config: Configuration;
  readonly prefix: string;
  readonly fs: FileSystem;
  /** The kernel tree, absolute. */
  readonly tree: string;
  readonly srcarch: string;
  /** Asked for only where the tree does not have a symbol. */
  readonly kbuild: () => KbuildTree;
}

/**
 * Whether a config holds what the files ask for that it was merged from: of each symbol what the last file says that
 * names it. Unlike `merge_config.sh`, takes a symbol that has no line for one that is off, and a value that no user can set
 * for none that a config asks for which conf wrote.
 * @returns one check for each file
 */
export function checkMerged({
  fragments,
  merged,
  config,
  prefix,
  fs,
  tree,
  srcarch,
  kbuild,
}: MergedInput): CheckResult[] {
  const { kconfig } = config;
  const style = kconfig.dialect.strictDotConfigLines ? 'strict' : 'lenient';
  const owned = fragments.map(() => new Map<string, ConfigEntry>());
  const all = new Map<string, ConfigEntry>();
  for (const entry of readConfigFile('', merged.text, style, prefix).entries.values()) {
    const { index, at } = merged.origin(entry.at.line);
    const placed = { ...entry, at };
    all.set(entry.name, placed);
    owned[index]!.set(entry.name, placed);
  }
  const files = fragments.map(({ source, text }, index): ConfigFile => ({ source, text, entries: owned[index]! }));
  const lines = new KconfigLines(fs, tree);
  const reasons = new Reasons(config, { source: '', text: merged.text, entries: all }, lines);
  const stale = new StaleSymbols(kconfig, new ArchDefinitions(fs, tree), srcarch, kbuild);
  const results = checkFragments(files, config, reasons, stale, prefix).map((result, index) =>
    configOrigin(fragments[index]!.text) ? withFollowing(result, config) : result,
  );
  return withCauses(asWritten(results, lines), config, reasons.links);
}

/** Of a file that conf wrote: values that no user can set are nothing that somebody asks for, they follow from others. */
function withFollowing(result: CheckResult, { kconfig }: Configuration): CheckResult {
  const following = (found: Finding): Finding => {
    const symbol = kconfig.symbols.find(found.subject.name);
    if (found.code !== 'request-not-held' || !symbol || hasPrompt(symbol)) return found;
    return { ...found, code: 'request-follows', severity: 'info' };
  };
  return {
    ...result,
    cases: result.cases.map((each) => ({ ...each, findings: each.findings.map(following) })),
  };
}
