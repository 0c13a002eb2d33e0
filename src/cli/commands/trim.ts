import { resolve } from 'node:path';
import { readDotConfig } from '../../dotconfig/read.ts';
import { formatDotConfig } from '../../dotconfig/write.ts';
import { spendersByEffect } from '../../estimate/spenders.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import { missingBuildFiles } from '../../machine/keys.ts';
import type { Listing } from '../../machine/listing.ts';
import type { Scope } from '../../platform/scope.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { formatDiagnostic } from '../../report/diagnostic-text.ts';
import { diffConfig } from '../../report/diffconfig.ts';
import { trimJson } from '../../report/trim-json.ts';
import { type KeyChange, type TrimReport, trimReport } from '../../report/trim-report.ts';
import type { Sources } from '../../sources/sources.ts';
import { trim } from '../../trim/trim.ts';
import type { TrimResult } from '../../trim/types.ts';
import { Configuration } from '../../values/configuration.ts';
import { type Base, readBase, versionNotes } from '../../workspace/base.ts';
import { Estimating } from '../../workspace/estimating.ts';
import { keepWords, loadedModules, readListings } from '../../workspace/listings.ts';
import { Session } from '../../workspace/session.ts';
import { printReport } from '../data-output.ts';
import type { TrimOptions } from '../options.ts';
import { printBytes, printJson, printMessage } from '../output.ts';
import { TRIM_PHASES } from '../phases.ts';

/** Key files of the distribution's own build: where they are missing, the build takes what the kernel offers. */
const KEY_SYMBOLS = new Set(['MODULE_SIG_KEY', 'SYSTEM_TRUSTED_KEYS', 'SYSTEM_REVOCATION_KEYS']);

/** Settings that cost less of what is left are not worth a line in the report. */
const SMALLEST_SHARE = 0.1;

/** `kconfig-trim trim`: exit 1 when a promise could not be kept, or with `--strict` a loaded module not be mapped. */
export async function runTrim(options: TrimOptions, scope: Scope): Promise<number> {
  const session = await Session.open(options, scope);
  session.expectKbuild();
  // A thread reads them while this one reads everything else.
  const sources = session.sources();
  session.phases.begin('read', 'Reading the base config');
  const base = await readBase(session);
  const listings = readListings(session, options.lsmod);
  const { config, read, keys, result, estimate } = await session.withKconfig(base.text, (kconfig) =>
    trimWith(session, options, base, listings, sources, kconfig),
  );
  session.phases.begin('write', 'Writing');
  const written = write(session, options, result.text);
  const report: TrimReport = {
    tree: { version: session.tree.version, arch: session.environment().arch },
    base: { source: base.source, unknown: read.unknown },
    listings: listings.map(({ source, modules }) => ({ source, modules: modules.length })),
    result,
    keys,
    estimate,
    written: written.path,
    changed: written.changed,
    backup: written.backup,
    warnings: [
      ...versionNotes(session, base, read.unknown.length),
      ...session.toolchainNotes(base.text),
      ...keepNotes(result),
    ],
    listingWarnings: listings.flatMap(({ diagnostics }) => diagnostics.map(formatDiagnostic)),
  };
  session.finish();
  print(options, report, config);
  sources.finish();
  const unmapped = result.loaded.some(({ status }) => status !== 'kept' && status !== 'builtin');
  return result.violations.length > 0 || result.unknownKeep.length > 0 || (options.strict && unmapped) ? 1 : 0;
}

/** All of a trim but what is written and printed. */
function trimWith(
  session: Session,
  options: TrimOptions,
  base: Base,
  listings: readonly Listing[],
  sources: Sources,
  kconfig: Kconfig,
) {
  session.phases.begin('evaluate', 'Calculating values');
  const config = new Configuration(kconfig);
  const read = readDotConfig(config, base.text, { file: base.source });
  const keys = replaceMissingKeys(session, config);
  const kbuild = session.kbuild(kconfig);
  const result = trim({
    kbuild,
    base: config,
    loaded: loadedModules(listings),
    keep: keepWords(session, options.keep),
    lean: options.lean ?? false,
    enable: options.enable ?? false,
    builtin: options.builtin ?? false,
    sources,
    phase: (name) => {
      // The loaded modules are found: nothing new is asked of the thread from here on.
      if (name === 'resolve') sources.keep();
      session.phases.begin(name, TRIM_PHASES[name]);
    },
  });
  session.phases.begin('estimate', 'Estimating the build');
  return { config, read, keys, result, estimate: estimates(session, options, config, result) };
}

function print(options: TrimOptions, report: TrimReport, base: Configuration): void {
  const stream = options.output === '-' ? 'stderr' : 'stdout';
  if (options.json) {
    printJson(trimJson(report), true, stream);
    return;
  }
  if (options.diff) {
    printBytes(diffConfig(formatDotConfig(base), report.result.text), stream);
    return;
  }
  if (!options.quiet) printReport(trimReport(report, { verbose: options.verbose ?? false }), options, stream);
  else for (const { name, note } of report.result.violations) printMessage(`${name}: ${note}`);
}

/** Points the key symbols away from files that are not there; the others that name missing files are only told. */
function replaceMissingKeys(session: Session, config: Configuration): KeyChange[] {
  const { symbols } = config.kconfig;
  const missing = missingBuildFiles({
    fs: session.platform.fs,
    tree: session.treePath,
    objtree: session.objtree,
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

/** Before and after, on this machine where its speed is known already: measuring it would take a quarter of the trim. */
function estimates(
  session: Session,
  options: TrimOptions,
  base: Configuration,
  result: TrimResult,
): TrimReport['estimate'] {
  const estimating = new Estimating(session, session.sources());
  const before = { config: base, build: result.baseBuild };
  if (options.reference === undefined) estimating.calibrate(false);
  else estimating.scaleBy(options.reference, before);
  const estimate = estimating.estimate(before);
  const after = estimating.estimate(result);
  return {
    before: estimating.cost(estimate),
    after: estimating.cost(after),
    basis: estimating.basis(estimate),
    settings: spendersByEffect(estimating.input(result), after, SMALLEST_SHARE),
  };
}

function write(
  session: Session,
  options: TrimOptions,
  text: string,
): { path: string | null; changed: boolean; backup: string | null } {
  if (options.output === '-') {
    if (!options.dryRun) printBytes(text);
    return { path: null, changed: !options.dryRun, backup: null };
  }
  const { output } = options;
  const path = output === undefined ? session.configPath() : resolve(session.platform.cwd, output);
  if (options.dryRun) return { path: null, changed: false, backup: null };
  const written = new NodeFileWriter().writeConfigAtomic(path, text);
  return { path, changed: written.changed, backup: written.backup };
}

function keepNotes(result: TrimResult): string[] {
  return result.unknownKeep.map((word) => `--keep ${word}: no symbol, module or Kconfig directory of this tree`);
}
