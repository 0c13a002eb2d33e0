import type { BuildResult } from '../kbuild/index.ts';

/** What the targets that make is given bring forth. */
export interface Goals {
  /** Translation units that are part of them, in order of path. */
  readonly units: readonly string[];
  /** Modules that have to be there afterwards: paths without suffix. */
  readonly modules: readonly string[];
  /** Other files that have to be there, relative to the build directory. */
  readonly files: readonly string[];
  /** vmlinux is linked. */
  readonly links: boolean;
}

/** What goals are worked out from. */
export interface GoalsInput {
  readonly build: BuildResult;
  /** make's targets; none is its default. */
  readonly targets: readonly string[];
  /** `KBUILD_IMAGE`: the file that an installation takes, relative to the build directory. */
  readonly image: string;
  /** Modules alone want the objects of vmlinux as well (MODVERSIONS, or BTF, which wants vmlinux itself). */
  readonly modulesNeedBuiltin: boolean;
  readonly modulesNeedVmlinux: boolean;
}

/** Targets that build all and then pack it. */
const PACKAGES = /^(?:(?:bin|src)?(?:deb|rpm)-pkg|(?:dir|tar(?:gz|bz2|xz|zst)?)-pkg|pacman-pkg)$/;

/** Something that was asked for, by a listing or `--keep`, and that the config does not build. */
export interface LostRequirement {
  readonly name: string;
  /** Of the module in the tree, without suffix; null where there is none, or for a symbol. */
  readonly path: string | null;
  readonly note: string;
}

/**
 * What a set of targets builds and leaves, as the top Makefile has it. Of targets that it does not know (`dtbs`,
 * `headers_install`, an architecture's own) nothing is expected.
 */
export function buildGoals(input: GoalsInput): Goals {
  const parts = (input.targets.length === 0 ? ['all'] : input.targets).map((target) => goalsOf(target, input));
  const merged = <Part>(of: (goals: Goals) => readonly Part[]): Part[] => [...new Set(parts.flatMap(of))];
  return {
    units: merged(({ units }) => units).sort(),
    modules: merged(({ modules }) => modules),
    files: merged(({ files }) => files),
    links: parts.some(({ links }) => links),
  };
}

const NOTHING: Goals = { units: [], modules: [], files: [], links: false };

function goalsOf(target: string, input: GoalsInput): Goals {
  const { build, image } = input;
  const paths = build.modules.map(({ path }) => path);
  if (target === 'all' || PACKAGES.test(target)) {
    return { units: build.units, modules: paths, files: [...new Set(['vmlinux', image])], links: true };
  }
  if (target === 'modules') {
    const units = input.modulesNeedBuiltin ? build.units : unitsOfModules(build);
    const needsVmlinux = input.modulesNeedVmlinux;
    return { units, modules: paths, files: needsVmlinux ? ['vmlinux'] : [], links: needsVmlinux };
  }
  if (target === 'vmlinux') return { ...NOTHING, units: builtinUnits(build), files: ['vmlinux'], links: true };
  if (target === image || target === basename(image)) {
    return { ...NOTHING, units: builtinUnits(build), files: ['vmlinux', image], links: true };
  }
  return singleGoals(target, build);
}

/** `fs/ext4/`, `fs/ext4/inode.o`, `fs/ext4/ext4.ko`. */
function singleGoals(target: string, build: BuildResult): Goals {
  const path = target.replace(/^\.\//, '');
  if (path.endsWith('/')) return { ...NOTHING, units: build.units.filter((unit) => unit.startsWith(path)) };
  if (path.endsWith('.o')) return { ...NOTHING, units: build.units.filter((unit) => unit === path), files: [path] };
  const module = path.endsWith('.ko') ? build.modules.find((each) => `${each.path}.ko` === path) : undefined;
  if (!module) return NOTHING;
  const objects = new Set(module.objects);
  return { ...NOTHING, units: build.units.filter((unit) => objects.has(unit)), modules: [module.path] };
}

function unitsOfModules(build: BuildResult): string[] {
  const objects = new Set(build.modules.flatMap((module) => module.objects));
  return build.units.filter((unit) => objects.has(unit));
}

/** All that no module is made of; what is in both is compiled for vmlinux too. */
function builtinUnits(build: BuildResult): string[] {
  const builtin = new Set(build.builtin);
  const objects = new Set(build.modules.flatMap((module) => module.objects));
  return build.units.filter((unit) => builtin.has(unit) || !objects.has(unit));
}

function basename(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
