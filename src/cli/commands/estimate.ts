import { actualFromBuild, compareWithActual } from '../../estimate/actual.ts';
import { directorySeconds } from '../../estimate/directory-seconds.ts';
import { spendersByDirectory, spendersByEffect, spendersBySymbol } from '../../estimate/spenders.ts';
import { dearestSymbols } from '../../estimate/symbol-savings.ts';
import type { BuildEstimate } from '../../estimate/types.ts';
import type { KbuildTree } from '../../kbuild/index.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { Scope } from '../../platform/scope.ts';
import { counted } from '../../report/count-text.ts';
import { diagnosticNote } from '../../report/diagnostic-text.ts';
import { type EstimateReport, estimateJson, estimateReport } from '../../report/estimate-report.ts';
import { estimatePage } from '../../report/html/estimate-page.ts';
import { kbuildLookup } from '../../trim/lookup.ts';
import { type Built, Estimating } from '../../workspace/estimating.ts';
import type { BaseConfig } from '../../workspace/workspace.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import { parseJobs } from '../option-values.ts';
import type { EstimateOptions } from '../options.ts';
import { requireOutputs } from '../overwriting.ts';
import { sayPage, writePage } from '../page-output.ts';

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
  const command = await CommandRun.open(options, scope);
  const estimating = new Estimating(command.workspace, command.workspace.sources(), parseJobs(options.jobs));
  const bases: BaseConfig[] = [];
  for (const file of configs.length > 0 ? configs : [command.options.config])
    bases.push(await command.readConfigAlone('estimate', file));
  const read = bases.map(({ source }) => source);
  requireOutputs(command.platform, { read, written: [options.output, options.html] });
  const subjects = await readSubjects(command, bases);
  command.workspace.sources().writeCache();
  if (options.reference === undefined) command.calibrate(estimating);
  else estimating.scaleBy(options.reference, subjects.built[0]!);
  command.phases.begin('estimate', 'Estimating');
  const estimates = subjects.built.map((built) => estimating.estimate(built));
  const last = subjects.built.at(-1)!;
  const report: EstimateReport = {
    tree: { version: command.workspace.tree.version, arch: command.workspace.environment().arch },
    configs: subjects.built.map(({ source }, index) => ({
      source,
      cost: estimating.cost(estimates[index]!),
      parts: estimates[index]!.parts,
    })),
    basis: estimating.basis(estimates[0]!),
    mayRun: command.platform.commands !== null,
    spenders: spenders(command, estimating, subjects.kbuild, last, estimates.at(-1)!),
    actual: subjects.built.length === 1 ? readActual(command, estimating, last, estimates[0]!) : null,
    warnings: [...new Set(subjects.built.flatMap(({ warnings }) => warnings))],
  };
  const seconds = () => subjects.built.map(({ build }, index) => directorySeconds(build.units, estimates[index]!));
  const page = writePage(command, options, () => estimatePage(report, seconds()));
  command.finish();
  sayPage(command, page);
  const output = new DataOutput(options, command.platform.cwd);
  if (options.json) output.json(estimateJson(report));
  else if (!options.quiet || options.output !== undefined) output.report(estimateReport(report, output.screen));
  command.workspace.sources().finish();
  return 0;
}

async function readSubjects(
  command: CommandRun,
  bases: readonly BaseConfig[],
): Promise<{ built: readonly Subject[]; kbuild: KbuildTree }> {
  let kconfig: Kconfig | null = null;
  let kbuild: KbuildTree | null = null;
  const built: Subject[] = [];
  for (const base of bases) {
    // Where the toolchain is not asked, each config answers for it, so the files mean something else with each.
    if (kconfig === null || !command.workspace.probed) kconfig = await command.workspace.kconfig(base.text);
    const { config } = command.workspace.configure(kconfig, base);
    kbuild ??= command.workspace.kbuild(kconfig);
    const build = kbuild.build(kbuildLookup(config));
    command.workspace.sources().announce(build.units);
    built.push({
      source: base.source,
      warnings: [...command.toolchainNotes(base.text), ...kbuild.missingDirectories.map(diagnosticNote)],
      config,
      build,
    });
  }
  return { built, kbuild: kbuild! };
}

function spenders(
  command: CommandRun,
  estimating: Estimating,
  kbuild: KbuildTree,
  built: Built,
  estimate: BuildEstimate,
): EstimateReport['spenders'] {
  const { units } = built.build;
  command.phases.begin('symbols', 'Finding what costs most');
  const gone = dearestSymbols(built.config, kbuild, built.build, estimate, (done, of) =>
    command.phases.progress(`${done} of ${counted(of, 'symbol')}`),
  );
  return {
    directories: spendersByDirectory(units, estimate),
    symbols: spendersBySymbol(units, estimate, gone),
    settings: spendersByEffect(estimating.input(built), estimate),
  };
}

/** What the build directory tells of a build of just this config. */
function readActual(
  command: CommandRun,
  estimating: Estimating,
  { build }: Built,
  estimate: BuildEstimate,
): EstimateReport['actual'] {
  const modules = build.modules.map(({ path }) => path);
  const actual = actualFromBuild(command.platform.fs, command.workspace.objtree, build.units, modules);
  if (!actual) return null;
  return { build: actual, against: compareWithActual(estimate, actual, (cpu) => estimating.wall(estimate, cpu)) };
}
