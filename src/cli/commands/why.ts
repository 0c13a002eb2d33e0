import { join } from 'node:path';
import { ArchDefinitions } from '../../check/arch-definitions.ts';
import { readConfigFile } from '../../check/config-file.ts';
import { StaleSymbols } from '../../check/stale-symbols.ts';
import { InputError } from '../../diagnostics/diagnostic.ts';
import type { KbuildTree } from '../../kbuild/index.ts';
import type { Listing } from '../../machine/listing.ts';
import type { Scope } from '../../platform/scope.ts';
import { successorText } from '../../report/check-messages.ts';
import { whyPage } from '../../report/html/why-page.ts';
import { whyDot, whyMermaid } from '../../report/why-graph.ts';
import { whyJson } from '../../report/why-json.ts';
import { type WhyReport, whyReport } from '../../report/why-text.ts';
import { requireFit } from '../../trim/listing-fit.ts';
import { trim } from '../../trim/trim.ts';
import { Explainer } from '../../trim/why.ts';
import type { Configuration } from '../../values/configuration.ts';
import { isTrimByName, keepWords, loadedModules, recordOf } from '../../workspace/listings.ts';
import { readRequests } from '../../workspace/value-requests.ts';
import type { BaseConfig } from '../../workspace/workspace.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import type { WhyOptions } from '../options.ts';
import { requireOutputs } from '../overwriting.ts';
import { sayPage, writePage } from '../page-output.ts';
import { TRIM_PHASES } from '../phases.ts';

/** What a name was looked for in. */
interface Explained {
  readonly base: BaseConfig;
  readonly config: Configuration;
  readonly kbuild: KbuildTree;
  readonly explainer: Explainer;
}

/**
 * `kconfig-trim why NAME`: why a symbol or module is on, off or kept, in the config in hand and, where a listing can be
 * read, in a trim for it.
 * @returns 0, or 2 where the name is not known
 */
export async function runWhy(name: string, options: WhyOptions, scope: Scope): Promise<number> {
  const command = await CommandRun.open(options, scope);
  command.phases.begin('read', 'Reading the config');
  const base = await command.readBase();
  const byName = isTrimByName(command.platform.env, options, base.text);
  const { requests, files: fragments, diagnostics } = await readRequests(command.workspace, options);
  requireOutputs(command.platform, {
    read: [base.source, ...command.listingFiles(options.lsmod), ...fragments],
    written: [options.output, options.html],
  });
  const listings = byName ? [] : readListingsIfAny(command, options);
  command.report(diagnostics);
  const ignored = listings.length === 0 && !byName ? trimOptionsOf(options) : [];
  if (ignored.length > 0) {
    const args = { options: ignored.join(' and ') };
    command.report([{ code: 'why-no-trim', severity: 'warning', args }]);
  }
  const record = recordOf(listings);
  const needsSources = record !== null || options.deep !== undefined;
  const { config } = command.workspace.configure(await command.workspace.kconfig(base.text), base);
  const kbuild = command.workspace.kbuild(config.kconfig);
  // A trim takes seconds.
  const loaded = loadedModules(listings);
  const bare = new Explainer({ base: config, kbuild, trimmed: null });
  if (
    !bare.knows(
      name,
      loaded.map((each) => each.name),
    )
  ) {
    throw unknownName(name, command, { base, config, kbuild, explainer: bare });
  }
  const trimmed =
    listings.length === 0 && !byName
      ? null
      : trim({
          kbuild,
          base: config,
          loaded,
          record,
          ...(needsSources && { sources: command.workspace.sources() }),
          keep: keepWords(command.platform.env, options.keep),
          requests,
          lean: options.lean ?? false,
          deep: options.deep ?? null,
          byName,
          fast: options.fast ?? false,
          debugInfo: options.debugInfo ?? null,
          enable: false,
          builtin: false,
          phase: (name) => command.phases.begin(name, TRIM_PHASES[name]),
        });
  if (trimmed && !options.force) for (const listing of listings) requireFit(listing, trimmed.loaded);
  command.phases.begin('explain', 'Finding the reasons');
  const explainer = new Explainer({ base: config, kbuild, trimmed });
  const answers = explainer.answer(name);
  const unknown = answers.length === 0 ? unknownName(name, command, { base, config, kbuild, explainer }) : null;
  if (needsSources) command.workspace.finishSources();
  command.finish();
  if (unknown) throw unknown;
  command.report(command.workspace.targetDiagnostics());
  const report: WhyReport = {
    name,
    tree: { version: command.workspace.tree.version, arch: command.workspace.environment().arch },
    config: base.source,
    listings: listings.map(({ source, modules }) => ({ source, modules: modules.length })),
    loaded: new Set(trimmed?.loaded.map((each) => each.name)),
    answers,
  };
  const page = trimmed && { result: trimmed, names: explainer.trimmedNames() };
  sayPage(
    command,
    writePage(command, options, () => whyPage(report, page)),
  );
  print(command, options, report);
  return 0;
}

/** Object files of one name that a message names. */
const OBJECTS_SHOWN = 6;

/** What was asked of a trim. */
function trimOptionsOf({ deep, fast, debugInfo, lean, keep, set, unset, fragment }: WhyOptions): string[] {
  const asked = { deep: deep !== undefined, fast, 'no-debug-info': debugInfo === false, lean };
  const named = { keep, set, unset, fragment };
  return [
    ...Object.entries(asked).flatMap(([name, isAsked]) => (isAsked ? [`--${name}`] : [])),
    ...Object.entries(named).flatMap(([name, values]) => (values && values.length > 0 ? [`--${name}`] : [])),
  ];
}

/** A symbol that the tree does not have: what became of it where the tree shows that, else names like it. */
function unknownName(name: string, command: CommandRun, explained: Explained): InputError {
  const { base, config, kbuild, explainer } = explained;
  const { kconfig } = config;
  const { workspace, platform } = command;
  const style = kconfig.dialect.strictDotConfigLines ? 'strict' : 'lenient';
  const { srcarch } = workspace.environment();
  const elsewhere = new ArchDefinitions(platform.fs, workspace.treePath);
  const stale = new StaleSymbols(kconfig, elsewhere, srcarch, () => kbuild);
  const beside = readConfigFile(base.source, base.text, style).entries;
  const [successor] = stale.successors(name.replace(/^CONFIG_/, ''), beside);
  // Names that are alike there may be several of.
  const isSure = successor && successor.evidence !== 'name';
  const became = isSure
    ? successorText(successor) + (successor.at ? ` (${successor.at.file}:${successor.at.line})` : '')
    : '';
  const objects = explainer.objectsNamed(name);
  const near = isSure || objects.length > 0 ? '' : explainer.suggestions(name).join(', ');
  const directory = platform.fs.stat(join(workspace.treePath, name))?.isDirectory ?? false;
  return new InputError({
    code: 'why-unknown-name',
    args: {
      ...{ name, near: directory ? '' : near, became, directory: directory ? 1 : 0 },
      ...{ objects: objects.slice(0, OBJECTS_SHOWN).join(', '), objectCount: objects.length },
      isCut: objects.length > OBJECTS_SHOWN ? 1 : 0,
    },
  });
}

/** Without `--lsmod` a machine without modules will do: then the config alone is explained. */
function readListingsIfAny(command: CommandRun, options: WhyOptions): Listing[] {
  try {
    return command.readListings(options);
  } catch (error) {
    if (error instanceof InputError && command.listingFiles(options.lsmod).length === 0) return [];
    throw error;
  }
}

function print(command: CommandRun, options: WhyOptions, report: WhyReport): void {
  const output = new DataOutput(options, command.platform.cwd);
  const format = options.json ? 'json' : (options.format ?? 'text');
  if (format === 'json') output.json(whyJson(report));
  else if (format === 'dot') output.text(whyDot(report));
  else if (format === 'mermaid') output.text(whyMermaid(report));
  else output.report(whyReport(report, { verbose: options.verbose ?? false }));
}
