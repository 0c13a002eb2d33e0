import { InputError } from '../../diagnostics/diagnostic.ts';
import type { Listing } from '../../machine/listing.ts';
import type { Scope } from '../../platform/scope.ts';
import { whyJson } from '../../report/why-json.ts';
import { type WhyReport, whyReport } from '../../report/why-text.ts';
import { requireFit } from '../../trim/listing-fit.ts';
import { trim } from '../../trim/trim.ts';
import { Explainer } from '../../trim/why.ts';
import { keepWords, loadedModules, recordOf } from '../../workspace/listings.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import type { WhyOptions } from '../options.ts';
import { TRIM_PHASES } from '../phases.ts';

/**
 * `kconfig-trim why NAME`: why a symbol or module is on, off or kept, in the config in hand and, where a listing can be
 * read, in a trim for it.
 * @returns 0, or 2 where the name is not known
 */
export async function runWhy(name: string, options: WhyOptions, scope: Scope): Promise<number> {
  const command = await CommandRun.open(options, scope);
  command.phases.begin('read', 'Reading the config');
  const base = await command.readBase();
  const listings = readListingsIfAny(command, options);
  const record = recordOf(listings);
  const { config } = command.workspace.configure(await command.workspace.kconfig(base.text), base);
  const kbuild = command.workspace.kbuild(config.kconfig);
  const trimmed =
    listings.length === 0
      ? null
      : trim({
          kbuild,
          base: config,
          loaded: loadedModules(listings),
          record,
          ...(record && { sources: command.workspace.sources() }),
          keep: keepWords(command.platform.env, options.keep),
          lean: options.lean ?? false,
          enable: false,
          builtin: false,
          phase: (name) => command.phases.begin(name, TRIM_PHASES[name]),
        });
  if (trimmed && !options.force) for (const listing of listings) requireFit(listing, trimmed.loaded);
  command.phases.begin('explain', 'Finding the reasons');
  const explainer = new Explainer({ base: config, kbuild, trimmed });
  const answers = explainer.answer(name);
  const suggestions = answers.length === 0 ? explainer.suggestions(name) : [];
  if (record) command.workspace.finishSources();
  command.finish();
  if (answers.length === 0) {
    const near = suggestions.join(', ');
    throw new InputError({ code: 'why-unknown-name', args: { name, near } });
  }
  print(command, options, {
    name,
    tree: { version: command.workspace.tree.version, arch: command.workspace.environment().arch },
    config: base.source,
    listings: listings.map(({ source, modules }) => ({ source, modules: modules.length })),
    answers,
  });
  return 0;
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
  if (options.json) output.json(whyJson(report));
  else output.report(whyReport(report, { verbose: options.verbose ?? false }));
}
