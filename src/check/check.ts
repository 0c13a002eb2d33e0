import { readDotConfig } from '../dotconfig/read.ts';
import type { KbuildTree } from '../kbuild/index.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import type { CommandRunner, FileSystem } from '../platform/platform.ts';
import type { Sources } from '../sources/sources.ts';
import { asWritten } from '../trim/as-written.ts';
import type { KeepWords } from '../trim/keep.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import { Configuration } from '../values/configuration.ts';
import { checkAgainst } from './against.ts';
import { ArchDefinitions } from './arch-definitions.ts';
import { withCauses } from './causes.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { checkConfigLines } from './config-lines.ts';
import { checkFiles } from './files.ts';
import { checkFixpoint } from './fixpoint.ts';
import { checkFragments } from './fragments.ts';
import { KconfigLines } from './kconfig-lines.ts';
import { checkKeep } from './keep.ts';
import { type BuildUnderCheck, checkListing, type ListingUnderCheck } from './listings.ts';
import { checkMinimal } from './minimal.ts';
import { targetCases } from './preflight/compilers.ts';
import { preflight } from './preflight/preflight.ts';
import { Reasons } from './reasons.ts';
import { checkRecord } from './recorded.ts';
import { withRootWays } from './root-ways.ts';
import { StaleSymbols } from './stale-symbols.ts';
import { allFindings, type CheckName, type CheckResult } from './types.ts';
import { checkUnmet } from './unmet.ts';

/** A text and where it came from. */
export interface NamedText {
  readonly source: string;
  /** Latin-1. */
  readonly text: string;
}

/** A tree that configs are checked on. */
export interface TreeUnderCheck {
  readonly kconfig: Kconfig;
  /** Asked for only where modules are looked for. */
  readonly kbuild: () => KbuildTree;
  /** The tree's sources, asked for only where a record says what is used; without them they are read anew. */
  readonly sources?: () => Sources;
  readonly fs: FileSystem;
  /** The kernel tree, absolute. */
  readonly tree: string;
  readonly srcarch: string;
  /** What all architectures define, shared by checks for several; read anew where it is not given. */
  readonly definitions?: ArchDefinitions;
  /** Where make runs, absolute. */
  readonly objtree: string;
  readonly arch: string;
  /** What make exports to programs. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the machine's programs are asked in: the same for every architecture, as what they say of themselves is. */
  readonly machineEnv: Readonly<Record<string, string | undefined>>;
  /** Null: no program may be run. */
  readonly commands: CommandRunner | null;
}

/** What is checked, and against what. */
export interface ConfigUnderCheck {
  readonly config: NamedText;
  /** In the order in which they are merged. */
  readonly fragments: readonly NamedText[];
  readonly listings: readonly ListingUnderCheck[];
  readonly keep: readonly KeepWords[];
  /** The config of before; null for none. */
  readonly against: NamedText | null;
  readonly skip: ReadonlySet<CheckName>;
  /** Whether to go on with a listing that hardly fits the tree. */
  readonly force: boolean;
  /** Whether it is a defconfig, which has the lines alone that make a difference. */
  readonly isMinimal?: boolean;
}

/** One config on one tree. */
export type CheckInput = TreeUnderCheck & ConfigUnderCheck;

/** Findings on a symbol's line that say as well what olddefconfig makes of it. */
const REFUSED: ReadonlySet<string> = new Set(['wrong-type', 'out-of-range', 'line-blanks', 'line-marked']);

/**
 * Checks a config by itself (its lines, the fixpoint of olddefconfig, dependencies that `select` broke), against all
 * that is required of it, and whether this machine can build it.
 */
export function checkConfig(input: CheckInput): CheckResult[] {
  return new TreeChecks(input).check(input);
}

/** Checks any number of configs on one tree: what is the tree's, and the machine's, is found once. */
export class TreeChecks {
  readonly #tree: TreeUnderCheck;
  readonly #lines: KconfigLines;
  readonly #stale: StaleSymbols;
  #kbuild: KbuildTree | null = null;

  constructor(tree: TreeUnderCheck) {
    const { kconfig, fs, srcarch, definitions = new ArchDefinitions(fs, tree.tree) } = tree;
    this.#tree = tree;
    this.#lines = new KconfigLines(fs, tree.tree);
    this.#stale = new StaleSymbols(kconfig, definitions, srcarch, () => this.#openKbuild());
  }

  #openKbuild(): KbuildTree {
    this.#kbuild ??= this.#tree.kbuild();
    return this.#kbuild;
  }

  /** As `checkConfig`. */
  check(asked: ConfigUnderCheck): CheckResult[] {
    const input = { ...this.#tree, ...asked };
    const { kconfig, skip } = input;
    const style = kconfig.dialect.strictDotConfigLines ? 'strict' : 'lenient';
    const read = ({ source, text }: NamedText): ConfigFile => readConfigFile(source, text, style);
    const file = read(input.config);
    const config = new Configuration(kconfig);
    const { diagnostics } = readDotConfig(config, file.text, { file: file.source });
    const stale = this.#stale;
    const reasons = new Reasons(config, file, this.#lines);
    const lines = checkConfigLines({ config, file, diagnostics, stale });
    const refused = allFindings([{ name: 'config', source: '', cases: lines }]).filter(({ code }) => REFUSED.has(code));
    const known = new Set(refused.map(({ subject }) => subject.name));
    const fragments = input.fragments.map(read);
    const old = input.against && oldConfig(kconfig, read(input.against));
    const results: CheckResult[] = [
      { name: 'config', source: file.source, cases: lines },
      asked.isMinimal
        ? { name: 'minimal', source: '', cases: checkMinimal(kconfig, file) }
        : { name: 'fixpoint', source: '', cases: checkFixpoint({ config, file, reasons, lines: this.#lines, known }) },
      { name: 'dependencies', source: '', cases: checkUnmet(config, file, reasons.links) },
      ...checkFragments(fragments, config, reasons, stale),
      ...this.#checkBuild(input, config, reasons, old?.config ?? null),
    ];
    if (old) {
      const cases = checkAgainst({ old: old.config, oldFile: old.file, config, file, reasons, stale });
      results.push({ name: 'against', source: old.file.source, cases });
    }
    // Nobody builds a defconfig as it stands; but a compiler for another machine has other answers for it.
    if (
      !skip.has('tools') &&
      asked.isMinimal &&
      results.some(({ name, cases }) => name === 'minimal' && cases.length)
    ) {
      const cases = targetCases({ ...input, cwd: input.objtree });
      if (cases.length > 0) results.push({ name: 'tools', source: '', cases });
    }
    if (!skip.has('files') && !asked.isMinimal) {
      results.push({ name: 'files', source: '', cases: checkFiles({ ...input, config, file }) });
    }
    if (!skip.has('tools') && !asked.isMinimal) {
      const cases = preflight({ ...input, config, files: [file, ...fragments], cwd: input.objtree });
      results.push({ name: 'tools', source: '', cases });
    }
    const wanted = asWritten(results, this.#lines).filter(({ name }) => !skip.has(name));
    return withRootWays(withCauses(wanted, config, reasons.links), config, reasons, this.#lines);
  }

  /** What has to be built. @param old the config of before */
  #checkBuild(
    { listings, keep, skip, force, sources }: CheckInput,
    config: Configuration,
    reasons: Reasons,
    old: Configuration | null,
  ): CheckResult[] {
    if (listings.length === 0 && keep.length === 0) return [];
    const kbuild = this.#openKbuild();
    const under: BuildUnderCheck = { config, kbuild, build: kbuild.build(kbuildLookup(config)), reasons };
    const results: CheckResult[] = [];
    for (const listing of listings) {
      results.push({ name: 'listings', source: listing.source, cases: checkListing(listing, under, force) });
      if (!listing.record || skip.has('record')) continue;
      const cases = checkRecord(listing.record, under, sources?.() ?? kbuild.sources());
      if (cases.length > 0) results.push({ name: 'record', source: listing.source, cases });
    }
    if (keep.length > 0) results.push({ name: 'keep', source: '', cases: checkKeep(keep, under, old) });
    return results;
  }
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
