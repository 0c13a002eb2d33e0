import { resolve } from 'node:path';
import { Bisection } from '../../bisect/bisection.ts';
import type { Git } from '../../bisect/git.ts';
import { BASE, BEFORE, type BisectTrim, listingNames, newState, readState } from '../../bisect/state.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { collectRecord } from '../../machine/record/collect.ts';
import { type FactWord, factsOf } from '../../machine/record/format.ts';
import { recordOfListing } from '../../machine/record/from-listing.ts';
import { isRecord, parseRecord } from '../../machine/record/read.ts';
import { formatRecord } from '../../machine/record/write.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Scope } from '../../platform/scope.ts';
import type { ValueRequest } from '../../trim/types.ts';
import { listingFiles, readByVariable, readListings } from '../../workspace/listings.ts';
import { runningConfig } from '../../workspace/running-config.ts';
import { readRequests } from '../../workspace/value-requests.ts';
import type { BaseConfig } from '../../workspace/workspace.ts';
import { BisectRun } from '../bisect/bisect-run.ts';
import { restoreConfig } from '../bisect/checkout-config.ts';
import { changedIn, configureOrSkip, printFound } from '../bisect/go-on.ts';
import { CommandRun } from '../command-run.ts';
import { printDiagnostic } from '../messages.ts';
import type { BisectStartOptions } from '../options.ts';

/** Names that say little, or nothing once another commit is checked out. */
const NO_NAME = /^[0-9a-f]{40,64}$|^(?:\w*HEAD|@)(?![\w/-])/;

/**
 * `kconfig-trim bisect start GOOD BAD`: stores the full config and what the machine uses, checks the first commit out and
 * makes its config.
 */
export async function runBisectStart(
  good: string,
  bad: string,
  options: BisectStartOptions,
  scope: Scope,
): Promise<number> {
  const run = new BisectRun(options, scope);
  const { git, folder, platform } = run;
  if (readState(folder)) throw new InputError({ code: 'bisect-goes-on', args: {} });
  const ends = readEnds(git, good, bad);
  const command = await CommandRun.open({ ...options, quiet: true }, scope);
  const base = await fullBase(command, options.config);
  const listings = await listingTexts(platform, options);
  const { requests, diagnostics } = await readRequests(command.workspace, options);
  if (!options.quiet) for (const each of diagnostics) printDiagnostic(each);
  run.lock();
  const before = platform.fs.readText(command.workspace.configPath());
  folder.write(BASE, base.text);
  listingNames(listings.length).forEach((name, index) => {
    folder.write(name, listings[index]!.text);
  });
  if (before !== null) folder.write(BEFORE, before);
  const state = newState({
    ...ends,
    origin: git.branchOrHead(),
    base: base.source,
    listings: listings.map(({ name }) => name),
    trim: trimOf(options, requests, platform),
    stage: options.trustEnds ? 'steps' : 'bad-end',
  });
  const bisection = Bisection.start(git, folder, state);
  try {
    for (const note of bisection.settle()) run.note(note);
    for (const note of securityNotes(listings.map(({ text }) => text))) run.note(note);
    if (bisection.state.stage === 'done') return printFound(run, bisection);
    return await configureOrSkip(run, bisection);
  } catch (error) {
    // All is done but the report, and the error says so.
    if (error instanceof InputError && error.diagnostic.code === 'output-unwritable') throw error;
    // Nothing was tested yet: it is as if it had not been started.
    restoreConfig(run, bisection.state);
    bisection.reset();
    throw error;
  }
}

/** @throws InputError where one is no commit, they are in the wrong order, or the checkout is not clean */
function readEnds(git: Git, good: string, bad: string) {
  if (git.isBisecting()) throw new InputError({ code: 'bisect-by-hand', args: {} });
  const commitOf = (name: string): string => {
    const commit = git.commit(name);
    if (commit === null) throw new InputError({ code: 'bisect-no-commit', args: { name } });
    return commit;
  };
  const nameOf = (name: string): string => (NO_NAME.test(name) ? git.describe(name) : name);
  const ends = { good: commitOf(good), bad: commitOf(bad), goodName: nameOf(good), badName: nameOf(bad) };
  if (ends.good === ends.bad) throw new InputError({ code: 'bisect-same', args: { good, bad } });
  if (git.isAncestor(ends.bad, ends.good)) throw new InputError({ code: 'bisect-swapped', args: { good, bad } });
  const changed = changedIn(git);
  if (changed.count > 0) throw new InputError({ code: 'bisect-changed-files', args: changed });
  return ends;
}

/** The full config: the one that is named, else that of the running kernel, else the first that is found. */
async function fullBase(command: CommandRun, config: string | undefined): Promise<BaseConfig> {
  if (config !== undefined) return command.readBase(config);
  return (await runningConfig(command.workspace, { text: '', source: '' })) ?? command.readBase();
}

interface NamedText {
  readonly name: string;
  readonly text: string;
}

/** The listings that are named, as they are; without any, a record of this machine. @throws InputError */
async function listingTexts(platform: Platform, { lsmod, force }: BisectStartOptions): Promise<NamedText[]> {
  const files = listingFiles(platform.env, lsmod);
  if (files.length === 0)
    return [{ name: 'the record of this machine', text: formatRecord(await collectRecord(platform)) }];
  return files.map((file) => {
    // One that cannot be read is refused before anything is checked out.
    const [listing] = readByVariable(lsmod, () => readListings(platform, [file], force ?? false));
    const text = file === '-' ? null : platform.fs.readText(resolve(platform.cwd, file));
    return { name: listing!.source, text: text ?? formatRecord(listing!.record ?? recordOfListing(listing!)) };
  });
}

/** What a kernel that is built here needs of a machine that checks signatures. */
function securityNotes(listings: readonly string[]): string[] {
  const records = listings.filter(isRecord).map((text) => parseRecord(text, 'record').record);
  const says = (word: FactWord, value: RegExp): boolean =>
    records.some((record) => [...factsOf(record, word)].some(({ fields }) => value.test(fields[0] ?? '')));
  return [
    ...(says('secureboot', /^(?:yes|on|enabled)$/)
      ? ['Secure Boot is on: a kernel that is not signed does not start; sign each, or turn it off in the firmware']
      : []),
    ...(says('lockdown', /^(?:integrity|confidentiality)$/)
      ? ['the kernel is locked down: modules that are not signed are not loaded']
      : []),
  ];
}

/** The options with what the environment says in their place: later commands may be typed elsewhere. */
function trimOf(options: BisectStartOptions, all: readonly ValueRequest[], { env, cwd }: Platform): BisectTrim {
  const { keep, force, lean, builtin, deep, fast, debugInfo } = options;
  const arch = options.arch ?? (env['ARCH'] || undefined);
  const output = options.objtree ?? (env['KBUILD_OUTPUT'] || undefined);
  const objtree = output === undefined ? undefined : resolve(cwd, output);
  // A commit may be from before a symbol that is to be off.
  const requests = all.length === 0 ? undefined : all.map(({ isNamed: _, ...request }) => request);
  const given = { arch, objtree, keep, requests, force, lean, builtin, deep, fast, debugInfo };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
