import { readDotConfig } from '../../dotconfig/read.ts';
import { actualFromBuild, compareWithActual } from '../../estimate/actual.ts';
import { spendersByDirectory, spendersByEffect, spendersBySymbol } from '../../estimate/spenders.ts';
import { dearestSymbols } from '../../estimate/symbol-savings.ts';
import type { BuildEstimate } from '../../estimate/types.ts';
import type { KbuildTree } from '../../kbuild/index.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { Scope } from '../../platform/scope.ts';
import { type EstimateReport, estimateJson, estimateReport } from '../../report/estimate-report.ts';
import { kbuildLookup } from '../../trim/lookup.ts';
import { Configuration } from '../../values/configuration.ts';
import { readBase } from '../../workspace/base.ts';
import { type Built, Estimating } from '../../workspace/estimating.ts';
import { Session } from '../../workspace/session.ts';
import { DataOutput } from '../data-output.ts';
import { type EstimateOptions, parseJobs } from '../options.ts';

/** A config that is estimated. */
interface Subject extends Built {
  readonly source: string;
  readonly warnings: readonly string[];
}

/**
 * `kconfig-trim estimate [CONFIG] [CONFIG2]`: what one config costs to build, or two compared.
 * @param configs files as for `--config`; without any, the base config as for a trim
 */
export async function runEstimate(configs: readonly string[], options: EstimateOptions, scope: Scope): Promise<number> {
  const session = await Session.open(options, scope);
  const estimating = new Estimating(session, session.sources(), parseJobs(options.jobs));
  const subjects = await readSubjects(session, configs);
  session.sources().keep();
  session.phases.begin('calibrate', "Measuring the compiler's speed");
  if (options.reference === undefined) estimating.calibrate(true);
  else estimating.scaleBy(options.reference, subjects.built[0]!);
  session.phases.begin('estimate', 'Estimating');
  const estimates = subjects.built.map((built) => estimating.estimate(built));
  const last = subjects.built.at(-1)!;
  const report: EstimateReport = {
    tree: { version: session.tree.version, arch: session.environment().arch },
    configs: subjects.built.map(({ source }, index) => ({
      source,
      cost: estimating.cost(estimates[index]!),
      parts: estimates[index]!.parts,
    })),
    basis: estimating.basis(estimates[0]!),
    spenders: spenders(estimating, subjects.kbuild, last, estimates.at(-1)!),
    actual: subjects.built.length === 1 ? readActual(session, estimating, last, estimates[0]!) : null,
    warnings: [...new Set(subjects.built.flatMap(({ warnings }) => warnings))],
  };
  session.finish();
  const output = new DataOutput(options, session.platform.cwd);
  if (options.json) output.json(estimateJson(report));
  else output.report(estimateReport(report));
  session.sources().finish();
  return 0;
}

async function readSubjects(
  session: Session,
  configs: readonly string[],
): Promise<{ built: readonly Subject[]; kbuild: KbuildTree }> {
  const files = configs.length > 0 ? configs : [session.options.config];
  let kconfig: Kconfig | null = null;
  let kbuild: KbuildTree | null = null;
  const built: Subject[] = [];
  for (const file of files) {
    const base = await readBase(session, file);
    // Where the toolchain is not asked, each config answers for it, so the files mean something else with each.
    if (kconfig === null || !session.probed) kconfig = await session.kconfig(base.text);
    const config = new Configuration(kconfig);
    session.phases.begin('evaluate', 'Calculating values');
    readDotConfig(config, base.text, { file: base.source });
    kbuild ??= session.kbuild(kconfig);
    const build = kbuild.build(kbuildLookup(config));
    session.sources().announce(build.units);
    built.push({ source: base.source, warnings: session.toolchainNotes(base.text), config, build });
  }
  return { built, kbuild: kbuild! };
}

function spenders(
  estimating: Estimating,
  kbuild: KbuildTree,
  built: Built,
  estimate: BuildEstimate,
): EstimateReport['spenders'] {
  const { units } = built.build;
  const gone = dearestSymbols(built.config, kbuild, built.build, estimate);
  return {
    directories: spendersByDirectory(units, estimate),
    symbols: spendersBySymbol(units, estimate, gone),
    settings: spendersByEffect(estimating.input(built), estimate),
  };
}

/** What the build directory tells of a build of just this config. */
function readActual(
  session: Session,
  estimating: Estimating,
  { build }: Built,
  estimate: BuildEstimate,
): EstimateReport['actual'] {
  const modules = build.modules.map(({ path }) => path);
  const actual = actualFromBuild(session.platform.fs, session.objtree, build.units, modules);
  if (!actual) return null;
  return { build: actual, against: compareWithActual(estimate, actual, (cpu) => estimating.wall(estimate, cpu)) };
}
