import { relative, resolve } from 'node:path';
import { type CheckInput, checkConfig, isSound, type NamedText } from '../../check/check.ts';
import { distributionFamily } from '../../check/preflight/distribution.ts';
import { allFindings, CHECK_NAMES, type CheckName, type CheckResult } from '../../check/types.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { readConfigFile } from '../../machine/config-bytes.ts';
import type { Scope } from '../../platform/scope.ts';
import { checkCiReport } from '../../report/check-ci.ts';
import { checkJson } from '../../report/check-json.ts';
import { type CheckReport, checkText } from '../../report/check-text.ts';
import { diagnosticMessage } from '../../report/diagnostic-text.ts';
import { readBase, versionNotes } from '../../workspace/base.ts';
import { keepWords, listingFiles, loadedModules, readListings } from '../../workspace/listings.ts';
import { Session } from '../../workspace/session.ts';
import type { CheckOptions } from '../options.ts';
import { reportOutputs, writeReport } from '../report-formats.ts';

const VERSIONS_NOT_ASKED = diagnosticMessage({ code: 'versions-not-asked', severity: 'info', args: {} });

/** `kconfig-trim check`: exit 1 where the config is not sound, or does not hold what is required of it. */
export async function runCheck(options: CheckOptions, scope: Scope): Promise<number> {
  const strict = options.strict ?? false;
  const skip = skipped(options.skip ?? []);
  const outputs = reportOutputs(options.format ?? [], options);
  const session = await Session.open(options, scope);
  session.phases.begin('read', 'Reading the config');
  // Another config than the build's own, which a search would find, is not the one that somebody wants checked.
  const config = await readBase(session, options.config ?? shortPath(session, session.configPath()));
  const against = options.against === undefined ? null : await readBase(session, options.against);
  const fragments = await Promise.all((options.fragment ?? []).map((file) => readFragment(session, file)));
  const listings = readRequiredListings(session, options.lsmod);
  const kconfig = await session.kconfig(config.text);
  session.phases.begin('check', 'Checking');
  const { fs, commands } = session.platform;
  const asksPrograms = commands !== null || skip.has('tools');
  const { arch, srcarch, env } = session.environment();
  const results = checkConfig({
    kconfig,
    kbuild: () => session.kbuild(kconfig),
    fs,
    commands,
    env,
    tree: session.treePath,
    objtree: session.objtree,
    arch,
    srcarch,
    config,
    fragments,
    listings,
    keep: keepWords(session, options.keep),
    against,
    skip,
  });
  const report: CheckReport = {
    tree: { version: session.tree.version, arch },
    config: config.source,
    results,
    sound: isSound(results, strict),
    strict,
    notes: [
      ...versionNotes(session, config, goneCount(results)),
      ...session.toolchainNotes(config.text),
      ...(asksPrograms ? [] : [VERSIONS_NOT_ASKED]),
    ],
    distribution: distributionFamily(fs),
  };
  session.finish();
  writeReport(session, outputs, {
    text: () => checkText(report, { verbose: options.verbose ?? false, quiet: options.quiet ?? false }),
    json: () => checkJson(report),
    ci: () => checkCiReport(report),
    ownFiles: new Set([config, ...(against ? [against] : []), ...fragments].map(({ source }) => source)),
  });
  return report.sound ? 0 : 1;
}

/** @throws InputError for what is no check */
function skipped(words: readonly string[]): ReadonlySet<CheckName> {
  const names = words.flatMap((word) => word.split(',')).filter((word) => word !== '');
  for (const name of names) {
    if (CHECK_NAMES.some((known) => known === name)) continue;
    throw new InputError({ code: 'check-unknown', args: { name, known: CHECK_NAMES.join(' ') } });
  }
  return new Set(names as CheckName[]);
}

/** Symbols that the config sets and the tree does not have. */
function goneCount(results: readonly CheckResult[]): number {
  return allFindings(results).filter(({ code }) => code === 'symbol-gone').length;
}

/** A path as a person would give it: relative to the working directory where it lies below. */
function shortPath(session: Session, path: string): string {
  const short = relative(session.platform.cwd, path);
  return short.startsWith('..') ? path : short;
}

async function readFragment(session: Session, file: string): Promise<NamedText> {
  const { fs, cwd } = session.platform;
  return { source: file, text: (await readConfigFile(fs, resolve(cwd, file))).text };
}

/** The listings that were named; this machine's modules are not asked for. */
function readRequiredListings(session: Session, lsmod: readonly string[] | undefined): CheckInput['listings'] {
  const files = listingFiles(session, lsmod);
  if (files.length === 0) return [];
  return readListings(session, files).map((listing) => ({
    source: listing.source,
    modules: loadedModules([listing]),
  }));
}
