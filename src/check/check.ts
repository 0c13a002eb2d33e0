import { readDotConfig } from '../dotconfig/read.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { CommandRunner, FileSystem } from '../platform/platform.ts';
import type { Sources } from '../sources/sources.ts';
import { asWritten } from '../trim/as-written.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import { Configuration } from '../values/configuration.ts';
import { checkAgainst } from './against.ts';
import { withCauses } from './causes.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { checkConfigLines } from './config-lines.ts';
import { checkFiles } from './files.ts';
import { checkFixpoint } from './fixpoint.ts';
import { checkFragments } from './fragments.ts';
import { KconfigLines } from './kconfig-lines.ts';
import { checkKeep } from './keep.ts';
import { type BuildUnderCheck, checkListing, type ListingUnderCheck } from './listings.ts';
import { NamedObjects } from './named-objects.ts';
import { preflight } from './preflight/preflight.ts';
import { Reasons } from './reasons.ts';
import { checkRecord } from './recorded.ts';
import { StaleSymbols } from './stale-symbols.ts';
import { allFindings, type CheckName, type CheckResult } from './types.ts';
import { checkUnmet } from './unmet.ts';

/** A text and where it came from. */
export interface NamedText {
  readonly source: string;
  /** Latin-1. */
  readonly text: string;
}

/** What is checked, and against what. */
export interface CheckInput {
  readonly kconfig: Kconfig;
  /** Asked for only where modules are looked for. */
  readonly kbuild: () => KbuildTree;
  /** The tree's sources, asked for only where a record says what is used; without them they are read anew. */
  readonly sources?: () => Sources;
  readonly fs: FileSystem;
  /** The kernel tree, absolute. */
  readonly tree: string;
  readonly srcarch: string;
  readonly config: NamedText;
  /** In the order in which they are merged. */
  readonly fragments: readonly NamedText[];
  readonly listings: readonly ListingUnderCheck[];
  readonly keep: readonly string[];
  /** The config of before; null for none. */
  readonly against: NamedText | null;
  /** Where make runs, absolute. */
  readonly objtree: string;
  readonly arch: string;
  /** What make exports to programs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null: no program may be run. */
  readonly commands: CommandRunner | null;
  readonly skip: ReadonlySet<CheckName>;
  /** Whether to go on with a listing that hardly fits the tree. */
  readonly force: boolean;
}

/** Findings on a symbol's line that say as well what olddefconfig makes of it. */
const REFUSED: ReadonlySet<string> = new Set(['wrong-type', 'out-of-range']);

/**
 * Checks a config by itself (its lines, the fixpoint of olddefconfig, dependencies that `select` broke), against all
 * that is required of it, and whether this machine can build it.
 */
export function checkConfig(input: CheckInput): CheckResult[] {
  const { kconfig, fs, tree } = input;
  const style = kconfig.dialect.strictDotConfigLines ? 'strict' : 'lenient';
  const read = ({ source, text }: NamedText): ConfigFile => readConfigFile(source, text, style);
  const file = read(input.config);
  const config = new Configuration(kconfig);
  const { diagnostics } = readDotConfig(config, file.text, { file: file.source });
  const kconfigLines = new KconfigLines(fs, tree);
  const reasons = new Reasons(config, file, kconfigLines);
  let kbuild: KbuildTree | null = null;
  const openKbuild = (): KbuildTree => {
    kbuild ??= input.kbuild();
    return kbuild;
  };
  let objects: NamedObjects | null = null;
  const stale = new StaleSymbols(kconfig, fs, tree, input.srcarch, () => {
    objects ??= new NamedObjects(openKbuild());
    return objects;
  });
  const lines = checkConfigLines({ config, file, diagnostics, stale });
  const refused = allFindings([{ name: 'config', source: '', cases: lines }]).filter(({ code }) => REFUSED.has(code));
  const known = new Set(refused.map(({ subject }) => subject.name));
  const fragments = input.fragments.map(read);
  const results: CheckResult[] = [
    { name: 'config', source: file.source, cases: lines },
    { name: 'fixpoint', source: '', cases: checkFixpoint({ config, file, reasons, lines: kconfigLines, known }) },
    { name: 'dependencies', source: '', cases: checkUnmet(config, file, reasons.links) },
    ...checkFragments(fragments, config, reasons, stale),
  ];
  const old = input.against && oldConfig(kconfig, read(input.against));
  if (input.listings.length > 0 || input.keep.length > 0) {
    const opened = openKbuild();
    const under: BuildUnderCheck = { config, kbuild: opened, build: opened.build(kbuildLookup(config)), reasons };
    for (const listing of input.listings) {
      results.push({ name: 'listings', source: listing.source, cases: checkListing(listing, under, input.force) });
      if (!listing.record || input.skip.has('record')) continue;
      const cases = checkRecord(listing.record, under, input.sources?.() ?? opened.sources());
      if (cases.length > 0) results.push({ name: 'record', source: listing.source, cases });
    }
    if (input.keep.length > 0) {
      results.push({ name: 'keep', source: '', cases: checkKeep(input.keep, under, old?.config ?? null) });
    }
  }
  if (old) {
    const cases = checkAgainst({ old: old.config, oldFile: old.file, config, file, reasons, stale });
    results.push({ name: 'against', source: old.file.source, cases });
  }
  if (!input.skip.has('files')) {
    results.push({ name: 'files', source: '', cases: checkFiles({ ...input, config, file }) });
  }
  if (!input.skip.has('tools')) {
    results.push({
      name: 'tools',
      source: '',
      cases: preflight({ ...input, config, files: [file, ...fragments], cwd: input.objtree }),
    });
  }
  const asked = asWritten(results, kconfigLines).filter(({ name }) => !input.skip.has(name));
  return withCauses(asked, config, reasons.links);
}

function oldConfig(kconfig: Kconfig, file: ConfigFile): { config: Configuration; file: ConfigFile } {
  const config = new Configuration(kconfig);
  readDotConfig(config, file.text, { file: file.source });
  return { config, file };
}

/** Whether a config passed. */
export function isSound(results: readonly CheckResult[], strict: boolean): boolean {
  return !allFindings(results).some(({ severity }) => severity === 'error' || (strict && severity === 'warning'));
}
