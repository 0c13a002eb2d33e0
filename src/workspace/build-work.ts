import { join } from 'node:path';
import type { Goals } from '../build/goals.ts';
import { changedSymbols, OutdatedUnits } from '../build/outdated.ts';
import type { Work } from '../build/progress.ts';
import { dotConfigValues } from '../dotconfig/scan.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import type { Subject } from './building.ts';
import type { Estimating } from './estimating.ts';
import type { Workspace } from './workspace.ts';

/** Work, and the time that it should take in all. */
export interface WorkEstimate {
  readonly work: Work;
  /** Units of which there is an object now. */
  readonly existing: ReadonlySet<string>;
  /** On the clock. */
  readonly seconds: number;
  /** As a share of `seconds`. */
  readonly uncertainty: number;
  /** Of all processes together. */
  readonly cpuSeconds: number;
}

/** Of what make prepares, a second run still looks at all, and makes nothing: a share, not measured. */
const PREPARED_SHARE = 0.3;

/** What there is to do for the goals, after what an earlier build has left, and how long it should take. */
export function workOf(workspace: Workspace, estimating: Estimating, subject: Subject, goals: Goals): WorkEstimate {
  const isThere = (path: string): boolean => workspace.platform.fs.stat(join(workspace.objtree, path)) !== null;
  const modules = subject.build.modules.filter(({ path }) => goals.modules.includes(path));
  const build = { ...subject.build, units: goals.units, modules };
  const estimate = estimating.estimate({ config: subject.config, build });
  const cpuSeconds = new Map(goals.units.map((unit, index) => [unit, estimate.unitSeconds[index]!]));
  const seconds = (unit: string): number => estimating.shared(cpuSeconds.get(unit)!);
  const { units, present } = divide(workspace, subject, goals.units, seconds);
  const isNew = (objects: readonly string[]): boolean => objects.some((object) => units.has(object));
  const links = goals.links && (isNew(subject.build.builtin) || !goals.files.every(isThere));
  // Their debug information is made against that of vmlinux.
  const all = links && kbuildLookup(subject.config)('DEBUG_INFO_BTF_MODULES') === 'y';
  const linked = modules.filter(({ path, objects }) => all || isNew(objects) || !isThere(`${path}.ko`));
  const work: Work = {
    prepare: estimate.prepareSeconds * (isThere('scripts/mod/modpost') ? PREPARED_SHARE : 1),
    units,
    present,
    link: links ? estimate.parts.kernel - estimate.prepareSeconds : 0,
    modules: linked.length,
    moduleSeconds: estimating.shared(estimate.moduleSeconds),
    jobs: estimating.jobs,
  };
  const sum = (values: Iterable<number>): number => [...values].reduce((total, each) => total + each, 0);
  const alone = work.prepare + work.link;
  return {
    work,
    existing: new Set(goals.units.filter(isThere)),
    seconds: alone + sum(units.values()) + work.modules * work.moduleSeconds,
    uncertainty: estimating.basis(estimate).uncertainty,
    cpuSeconds:
      alone + sum([...units.keys()].map((unit) => cpuSeconds.get(unit)!)) + work.modules * estimate.moduleSeconds,
  };
}

/** Tells units that make will compile from those that are as they should be. */
function divide(
  workspace: Workspace,
  subject: Subject,
  units: readonly string[],
  seconds: (unit: string) => number,
): Pick<Work, 'units' | 'present'> {
  const { fs } = workspace.platform;
  const before = fs.readText(join(workspace.objtree, 'include/config/auto.conf'));
  const changed = changedSymbols(dotConfigValues(before ?? ''), dotConfigValues(subject.settled));
  const outdated = new OutdatedUnits(fs, workspace.objtree, changed);
  const [wanted, present] = [new Map<string, number>(), new Map<string, number>()];
  for (const unit of units) {
    (outdated.isOutdated(unit) === false ? present : wanted).set(unit, seconds(unit));
  }
  return { units: wanted, present };
}
