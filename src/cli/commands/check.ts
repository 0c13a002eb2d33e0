import { relative } from 'node:path';
import { type CheckInput, checkConfig, isSound } from '../../check/check.ts';
import { distributionFamily } from '../../check/preflight/distribution.ts';
import { allFindings, CHECK_NAMES, type CheckName, type CheckResult } from '../../check/types.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import type { Scope } from '../../platform/scope.ts';
import { checkCiReport } from '../../report/check-ci.ts';
import { checkJson } from '../../report/check-json.ts';
import { type CheckReport, checkText } from '../../report/check-text.ts';
import { diagnosticMessage } from '../../report/diagnostic-text.ts';
import { readFragment } from '../../workspace/base.ts';
import { keepWords, loadedModules } from '../../workspace/listings.ts';
import { CommandRun } from '../command-run.ts';
import type { CheckOptions } from '../options.ts';
import { reportOutputs, writeReport } from '../report-formats.ts';

const VERSIONS_NOT_ASKED = diagnosticMessage({ code: 'versions-not-asked', severity: 'info', args: {} });

/** `kconfig-trim check`: exit 1 where the config is not sound, or does not hold what is required of it. */
export async function runCheck(options: CheckOptions, scope: Scope): Promise<number> {
  const strict = options.strict ?? false;
  const skip = skipped(options.skip ?? []);
  const outputs = reportOutputs(options.format ?? [], options);
  const command = await CommandRun.open(options, scope);
  command.phases.begin('read', 'Reading the config');
  // Another config than the build's own, which a search would find, is not the one that somebody wants checked.
  const config = await command.readBase(options.config ?? shortPath(command, command.workspace.configPath()));
  const against = options.against === undefined ? null : await command.readBase(options.against);
  const fragments = await Promise.all((options.fragment ?? []).map((file) => readFragment(command.platform, file)));
  const listings = readRequiredListings(command, options);
  const kconfig = await command.workspace.kconfig(config.text);
  command.phases.begin('check', 'Checking');
  const { fs, commands } = command.platform;
  const asksPrograms = commands !== null || skip.has('tools');
  const { arch, srcarch, env } = command.workspace.environment();
  const results = checkConfig({
    kconfig,
    kbuild: () => command.workspace.kbuild(kconfig),
    sources: () => command.workspace.sources(),
    fs,
    commands,
    env,
    tree: command.workspace.treePath,
    objtree: command.workspace.objtree,
    arch,
    srcarch,
    config,
    fragments,
    listings,
    keep: keepWords(command.platform.env, options.keep),
    against,
    skip,
    force: options.force ?? false,
  });
  const report: CheckReport = {
    tree: { version: command.workspace.tree.version, arch },
    config: config.source,
    results,
    sound: isSound(results, strict),
    strict,
    notes: [
      ...command.versionNotes(config, goneCount(results)),
      ...command.toolchainNotes(config.text),
      ...(asksPrograms ? [] : [VERSIONS_NOT_ASKED]),
    ],
    distribution: distributionFamily(fs),
  };
  command.finish();
  if (listings.some(({ record }) => record)) command.workspace.sources().writeCache();
  command.workspace.finishSources();
  writeReport(command, outputs, {
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
  return allFindings(results).filter(({ code }) => code === 'symbol-gone' || code === 'promptless-gone').length;
}

/** A path as a person would give it: relative to the working directory where it lies below. */
function shortPath(command: CommandRun, path: string): string {
  const short = relative(command.platform.cwd, path);
  return short.startsWith('..') ? path : short;
}

/** The listings that were named; this machine's modules are not asked for. */
function readRequiredListings(command: CommandRun, options: CheckOptions): CheckInput['listings'] {
  if (command.listingFiles(options.lsmod).length === 0) return [];
  return command.readListings(options).map((listing) => ({
    source: listing.source,
    modules: loadedModules([listing]),
    ignoredLines: listing.ignoredLines,
    record: listing.record,
  }));
}
