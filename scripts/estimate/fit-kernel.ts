/** Fits what is paid for vmlinux and the image, from the builds that build-whole.sh timed stage by stage. */
import type { KernelCost, PerUnitCost } from '../../src/estimate/model.ts';
import { CALIBRATION_SECONDS } from './measurements.ts';

/** The build without debug information, and those with it and BTF, from the smallest to the largest. */
const PLAIN_BUILD = 'tiny';
const DEBUG_BUILDS = ['tiny-btf'];

/**
 * @param rows of builds.csv
 * @param log takes a line of the fit's report
 */
export function fitKernel(rows: readonly Record<string, string>[], log: (line: string) => void): KernelCost {
  const seconds = (build: string, stage: string): number => {
    const row = rows.find((candidate) => candidate['build'] === build && candidate['stage'] === stage);
    return row ? (Number(row['seconds']) * CALIBRATION_SECONDS.gcc) / Number(row['reference']) : 0;
  };
  const units = (build: string): number =>
    Number(rows.find((row) => row['build'] === build && row['stage'] === 'units')?.['objects'] ?? 0);
  // What make spends on finding nothing to do is in both stages, and in a build from nothing once, with the units.
  const linked = (build: string): number =>
    seconds(build, 'vmlinux') + seconds(build, 'image') - 2 * seconds(build, 'null');
  const debugBuilds = DEBUG_BUILDS.filter((build) => units(build) > 0);
  const link: PerUnitCost = { base: 0, perUnit: linked(PLAIN_BUILD) / units(PLAIN_BUILD) };
  // pahole's share is measured on Debian's own vmlinux too, as its debug package has it.
  const btf = line(
    rows.filter((row) => row['stage'] === 'btf').map((row) => [Number(row['objects']), seconds(row['build']!, 'btf')]),
  );
  const debug = line(
    debugBuilds.map((build) => [units(build), linked(build) - seconds(build, 'btf') - link.perUnit * units(build)]),
  );
  const extra = mean(debugBuilds.map((build) => seconds(build, 'prepare'))) - seconds(PLAIN_BUILD, 'prepare');
  const cost: KernelCost = {
    prepare: round(seconds(PLAIN_BUILD, 'prepare')),
    link: rounded(link),
    debug: rounded(debug),
    btf: rounded({ ...btf, base: btf.base + extra }),
  };
  log(`kernel: ${JSON.stringify(cost)}`);
  return cost;
}

/** A line through the origin for one point, by least squares for more; neither end below zero. */
function line(points: readonly (readonly [number, number])[]): PerUnitCost {
  const meanX = mean(points.map(([x]) => x));
  const meanY = mean(points.map(([, y]) => y));
  const spread = points.reduce((total, [x]) => total + (x - meanX) ** 2, 0);
  const covariance = points.reduce((total, [x, y]) => total + (x - meanX) * (y - meanY), 0);
  const slope = spread > 0 ? Math.max(0, covariance / spread) : meanY / meanX;
  const base = meanY - slope * meanX;
  return base < 0 ? { base: 0, perUnit: Math.max(0, meanY / meanX) } : { base, perUnit: slope };
}

const mean = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0) / Math.max(1, numbers.length);
const round = (value: number): number => Number(value.toFixed(4));
const rounded = ({ base, perUnit }: PerUnitCost): PerUnitCost => ({ base: round(base), perUnit: round(perUnit) });
