import type { DeepReport } from '../trim/types.ts';
import { lackText, type TrimReport } from './trim-report.ts';

/** The report as the object that `--json` prints; its form is `kconfig-trim/trim-1`. */
export function trimJson(report: TrimReport): Record<string, unknown> {
  const { result, estimate } = report;
  const { before, after } = estimate;
  return {
    schema: 'kconfig-trim/trim-1',
    tree: report.tree,
    base: {
      source: report.base.source,
      symbols: result.baseCounts,
      modules: result.baseBuild.modules.length,
      objects: result.baseBuild.units.length,
    },
    result: {
      symbols: result.counts,
      modules: result.build.modules.length,
      objects: result.build.units.length,
      written: report.written,
      changed: report.changed,
    },
    loaded: result.loaded,
    kept: result.kept,
    recorded: result.recorded,
    lost: result.violations,
    features: result.features,
    deep: deepJson(result.deep, estimate.scale),
    held: (result.deep?.stays ?? []).filter(({ isIdle }) => isIdle).map(({ symbol, by }) => ({ symbol, by })),
    settings: (result.settings?.steps ?? []).flatMap(({ changes }) => changes),
    requests: result.requests,
    keep: result.keep,
    changed: result.changed,
    keys: report.keys,
    notBuiltin: result.notBuiltin,
    estimate: {
      before: { objects: before.objects, cpuSeconds: Math.round(before.cpuSeconds) },
      after: { objects: after.objects, cpuSeconds: Math.round(after.cpuSeconds) },
      savedFraction: savedFraction(before.cpuSeconds, after.cpuSeconds),
    },
    warnings: allWarnings(report),
  };
}

/** All that a person is warned of. */
export function allWarnings(report: TrimReport): string[] {
  const lack = lackText(report);
  return [...(lack === null ? [] : [lack]), ...report.listingWarnings, ...report.findings, ...report.warnings];
}

function savedFraction(before: number, after: number): number {
  return before > 0 ? Math.round((1 - after / before) * 10_000) / 10_000 : 0;
}

/**
 * Every symbol that `--deep` turned off, and all that changed with it; units and time stand at the former.
 * @param scale CPU seconds here for one of the reference machine
 */
export function deepJson(deep: DeepReport | null, scale: number): Record<string, unknown>[] {
  const said = new Set<string>();
  return (deep?.departures ?? []).flatMap(({ symbol, units, changes }) => {
    const seconds = units.reduce((sum, unit) => sum + unit.seconds, 0) * scale;
    return changes
      .filter((change) => change.from !== change.to && !said.has(change.symbol) && said.add(change.symbol))
      .map(({ because, ...change }) => {
        const isRoot = change.symbol === symbol;
        return {
          ...change,
          evidence: because,
          units: isRoot ? units.length : 0,
          cpuSeconds: isRoot ? Math.round(seconds * 10) / 10 : 0,
        };
      });
  });
}
