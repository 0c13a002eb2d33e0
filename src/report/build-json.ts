import type { BuildReport, ExplainedFailure } from './build-report.ts';
import { byteStringToTerminal } from './plain-text.ts';

/** The report as the object that `build --json` prints; its form is `kconfig-trim/build-1`. */
export function buildJson(report: BuildReport): Record<string, unknown> {
  const { tree, config, command, jobs, log, sample, outcome, units, seconds, warnings, modules, files, lost, notes } =
    report;
  return {
    schema: 'kconfig-trim/build-1',
    tree,
    config,
    outcome,
    interruptedBy: report.interruptedBy,
    make: command && { command, jobs },
    log,
    sample,
    units,
    seconds: {
      predicted: Math.round(seconds.predicted * 10) / 10,
      uncertainty: Math.round(seconds.uncertainty * 100) / 100,
      real: Math.round(seconds.real * 10) / 10,
      cpu: {
        predicted: Math.round(seconds.cpu.predicted * 10) / 10,
        real: seconds.cpu.real && Math.round(seconds.cpu.real * 10) / 10,
      },
    },
    warnings: {
      count: warnings.count,
      first: warnings.first.map(({ at, message }) => ({ ...placeOf(at), message: byteStringToTerminal(message) })),
    },
    modules: {
      expected: modules.paths.length,
      present: modules.paths.length - modules.missing.length,
      missing: modules.missing,
    },
    files,
    lost,
    failure: report.failure && failureJson(report.failure),
    notes,
  };
}

function failureJson({
  target,
  at,
  message,
  command,
  turnedOn,
  failsAlone,
  others,
  excerpt,
}: ExplainedFailure): unknown {
  const symbols = turnedOn?.symbols ?? [];
  return {
    ...placeOf(at),
    message: byteStringToTerminal(message),
    target,
    command: command && byteStringToTerminal(command),
    symbol: symbols[0]?.name ?? null,
    symbols,
    listedAt: turnedOn?.at ? { file: turnedOn.at.file, line: turnedOn.at.line } : null,
    modules: turnedOn?.modules ?? [],
    failsAlone,
    others,
    output: excerpt.map(byteStringToTerminal),
  };
}

/** Nulls where a number is not known. */
function placeOf(at: { file: string; line: number; column: number } | null): Record<string, unknown> {
  return { file: at?.file ?? null, line: at?.line || null, column: at?.column || null };
}
