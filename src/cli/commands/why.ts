import { InputError } from '../../diagnostics/diagnostic.ts';
import { readDotConfig } from '../../dotconfig/read.ts';
import type { Listing } from '../../machine/listing.ts';
import type { Scope } from '../../platform/scope.ts';
import { whyJson } from '../../report/why-json.ts';
import { type WhyReport, whyReport } from '../../report/why-text.ts';
import { trim } from '../../trim/trim.ts';
import { Explainer } from '../../trim/why.ts';
import { Configuration } from '../../values/configuration.ts';
import { readBase } from '../../workspace/base.ts';
import { keepWords, listingFiles, loadedModules, readListings } from '../../workspace/listings.ts';
import { Session } from '../../workspace/session.ts';
import { DataOutput } from '../data-output.ts';
import type { WhyOptions } from '../options.ts';
import { TRIM_PHASES } from '../phases.ts';

/**
 * `kconfig-trim why NAME`: why a symbol or module is on, off or kept, in the config in hand and, where a listing can be
 * read, in a trim for it.
 * @returns 0, or 2 where the name is not known
 */
export async function runWhy(name: string, options: WhyOptions, scope: Scope): Promise<number> {
  const session = await Session.open(options, scope);
  session.phases.begin('read', 'Reading the config');
  const base = await readBase(session);
  const listings = readListingsIfAny(session, options.lsmod);
  const config = new Configuration(await session.kconfig(base.text));
  session.phases.begin('evaluate', 'Calculating values');
  readDotConfig(config, base.text, { file: base.source });
  const kbuild = session.kbuild(config.kconfig);
  const trimmed =
    listings.length === 0
      ? null
      : trim({
          kbuild,
          base: config,
          loaded: loadedModules(listings),
          keep: keepWords(session, options.keep),
          lean: options.lean ?? false,
          enable: false,
          builtin: false,
          phase: (name) => session.phases.begin(name, TRIM_PHASES[name]),
        });
  session.phases.begin('explain', 'Finding the reasons');
  const explainer = new Explainer({ base: config, kbuild, trimmed });
  const answers = explainer.answer(name);
  const suggestions = answers.length === 0 ? explainer.suggestions(name) : [];
  session.finish();
  if (answers.length === 0) {
    const near = suggestions.join(', ');
    throw new InputError({ code: 'why-unknown-name', args: { name, near } });
  }
  print(session, options, {
    name,
    tree: { version: session.tree.version, arch: session.environment().arch },
    config: base.source,
    listings: listings.map(({ source, modules }) => ({ source, modules: modules.length })),
    answers,
  });
  return 0;
}

/** Without `--lsmod` a machine without modules will do: then the config alone is explained. */
function readListingsIfAny(session: Session, lsmod: readonly string[] | undefined): Listing[] {
  try {
    return readListings(session, lsmod);
  } catch (error) {
    if (error instanceof InputError && listingFiles(session, lsmod).length === 0) return [];
    throw error;
  }
}

function print(session: Session, options: WhyOptions, report: WhyReport): void {
  const output = new DataOutput(options, session.platform.cwd);
  if (options.json) output.json(whyJson(report));
  else output.report(whyReport(report, { verbose: options.verbose ?? false }));
}
