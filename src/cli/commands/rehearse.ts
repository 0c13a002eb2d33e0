import type { Scope } from '../../platform/scope.ts';
import { type RehearsalReport, rehearsalJson, rehearsalLines, rehearsalText } from '../../report/rehearsal-text.ts';
import { rehearsalOf } from '../../trim/rehearsal/rehearsal.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import type { RehearseOptions } from '../options.ts';
import { sayFindings, trimTree } from './trim.ts';

/**
 * `kconfig-trim rehearse`: kernel parameters that try a deep trim on the distribution's own kernel, before anything is
 * built.
 * @returns 0, or 1 where the trim could not keep a promise
 */
export async function runRehearse(options: RehearseOptions, scope: Scope): Promise<number> {
  const command = await CommandRun.open(options, scope);
  const deep = options.deep ?? 'evidence';
  const { output, ...asked } = options;
  const { report, base, status } = await trimTree(command, { ...asked, deep, dryRun: true }, { writes: [output] });
  const kbuild = command.workspace.kbuild(base.kconfig);
  const departures = report.result.deep?.departures ?? [];
  const rehearsal = rehearsalOf(departures, report.result.build.units, (path) => kbuild.readText(path));
  command.finish();
  const found: RehearsalReport = {
    rehearsal,
    trim: report,
    option: deep === 'bold' ? '--deep=bold' : '--deep',
  };
  const data = new DataOutput(options, command.platform.cwd);
  if (options.json) data.json(rehearsalJson(found));
  else if (options.quiet) {
    sayFindings(report);
    data.text(rehearsalLines(rehearsal));
  } else data.report(rehearsalText(found, options.verbose ?? false));
  command.workspace.finishSources();
  return status;
}
