/**
 * Trims of every distribution's config, and of bases that are none: brought to the tree by conf, trimmed, judged by conf and
 * GNU make. One row is one trim.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { checkConfig } from '../../src/check/check.ts';
import { allFindings, type CheckName } from '../../src/check/types.ts';
import { configOrigin } from '../../src/dotconfig/origin.ts';
import { readConfigFile } from '../../src/machine/config-bytes.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { srcarchOf } from '../../src/toolchain/kernel-tree.ts';
import { judgeEnvironment } from './conf-judge.ts';
import { makeConfig } from './kbuild-configs.ts';
import { judgeBuild } from './kbuild-make-judge.ts';
import { type Kernel, kernels, REPOSITORY } from './kernels.ts';
import { isBuilt, type JudgedBase, readJudgedBase } from './promises.ts';
import { LISTINGS } from './real-listings.ts';
import { random } from './sampling.ts';
import { trimTo } from './trim-engine.ts';
import { folded, loadedNames, modulesNamed, olddefconfig } from './trim-judge.ts';

/** A base config. */
export interface MatrixBase {
  readonly name: string;
  /** make's ARCH. */
  readonly arch: string;
  /** Whether it is a distribution's own. */
  readonly isDistribution: boolean;
  read(): Promise<string>;
  /** The sets of modules that are loaded, once it is known what the base builds. */
  sets(base: JudgedBase, seed: number): readonly ModuleSet[];
}

/** Modules that are loaded. */
export interface ModuleSet {
  readonly name: string;
  readonly modules: ReadonlySet<string>;
}

/** One trim. */
export interface MatrixRow {
  readonly config: string;
  readonly arch: string;
  readonly baseModules: number;
  readonly baseObjects: number;
  readonly set: string;
  /** Loaded modules that the base builds. */
  readonly needed: number;
  readonly modules: number;
  readonly objects: number;
  /** Paths of loaded modules that the base builds and the result does not. */
  readonly lost: readonly string[];
  /** Whether conf changes no byte of the result. */
  readonly fixpoint: boolean;
  /** Errors that `check` finds in the base. */
  readonly unsound: readonly string[];
}

const CONFIGS = process.env['KCONFIG_TRIM_CONFIGS'] ?? resolve(REPOSITORY, '../shared/configs');
const RANDOM_SETS = [20, 80, 160];
/** Listings for each config of x86: they take turns, so that all are tried. */
const LISTINGS_EACH = 3;
const fs = new NodeFileSystem();

/** The bases: distributions' configs that lie beside the repository, and what the kernel's own conf makes. */
export async function matrixBases(): Promise<MatrixBase[]> {
  const kernel = kernels().at(-1);
  return [...(await distributions()), ...(kernel ? made(kernel) : [])];
}

async function distributions(): Promise<MatrixBase[]> {
  const files = existsSync(CONFIGS)
    ? readdirSync(CONFIGS)
        .filter((name) => /\.(xz|gz|zst|config)$/.test(name))
        .sort()
    : [];
  const bases: MatrixBase[] = [];
  for (const [index, file] of files.entries()) {
    const read = async (): Promise<string> => (await readConfigFile(fs, join(CONFIGS, file))).text;
    const arch = srcarchOf(configOrigin(await read())?.arch ?? 'x86');
    const sets = arch === 'x86' ? listings(index) : randomSets;
    bases.push({ name: file.replace(/\.\w+$/, ''), arch, isDistribution: true, read, sets });
  }
  return bases;
}

/** Bases that are no distribution's. */
function made(kernel: Kernel): MatrixBase[] {
  const arch = 'x86';
  const distribution = (): string => readFileSync(kernel.configs[0]!, 'latin1');
  const base = (name: string, read: () => string, sets: MatrixBase['sets']): MatrixBase => ({
    name,
    arch,
    isDistribution: false,
    read: async () => read(),
    sets,
  });
  const withoutModules = (): string => distribution().replace('CONFIG_MODULES=y', '# CONFIG_MODULES is not set');
  const defconfig = (): string => makeConfig(kernel, arch, 'defconfig');
  return [
    base('allmodconfig', () => makeConfig(kernel, arch, 'allmodconfig'), randomSets),
    base('allnoconfig', () => makeConfig(kernel, arch, 'allnoconfig'), listings(0)),
    base('x86_64_defconfig', defconfig, listings(1)),
    base(`${basename(kernel.configs[0]!)}, MODULES=n`, withoutModules, listings(2)),
    base(basename(kernel.configs[0]!), distribution, ({ build }) => [
      { name: 'all modules', modules: new Set([...build.modules].map(folded)) },
      { name: 'no module', modules: new Set() },
    ]),
  ];
}

const listings = (first: number) => (): ModuleSet[] =>
  Array.from({ length: LISTINGS_EACH }, (_, index) => {
    const listing = LISTINGS[(first * LISTINGS_EACH + index) % LISTINGS.length]!;
    return { name: basename(listing, '.txt'), modules: loadedNames(listing) };
  });

const randomSets: MatrixBase['sets'] = ({ build }, seed) => {
  const draw = random(seed);
  const all = [...build.modules].sort();
  return RANDOM_SETS.map((size) => ({
    name: `${size} at random`,
    modules: new Set(draw.pick(all, Math.min(size, all.length)).map(folded)),
  }));
};

/** A base with its text, brought to the tree. */
export async function readMatrixBase(kernel: Kernel, base: MatrixBase): Promise<JudgedBase> {
  return readJudgedBase(kernel, await base.read(), { arch: base.arch });
}

/** Trims a base, and has the result judged. */
export function matrixRow(base: MatrixBase, judged: JudgedBase, { name, modules }: ModuleSet): MatrixRow {
  const { kernel, arch, build } = judged;
  const needed = modulesNamed(build, modules);
  const { text } = trimTo(judged, modules);
  const result = judgeBuild(kernel.tree, arch.arch, text);
  return {
    config: base.name,
    arch: base.arch,
    baseModules: build.modules.size,
    baseObjects: objectsOf(build),
    set: name,
    needed: needed.length,
    modules: result.modules.size,
    objects: objectsOf(result),
    lost: needed.filter((path) => !isBuilt(judged, result, path)),
    fixpoint: olddefconfig(kernel, text, arch) === text,
    unsound: errorsIn(judged),
  };
}

const objectsOf = ({ builtin, modular }: JudgedBase['build']): number => new Set([...builtin, ...modular]).size;

const errors = new WeakMap<JudgedBase, readonly string[]>();

/** What `check` calls an error in a base; files and tools are this machine's. */
function errorsIn(base: JudgedBase): readonly string[] {
  const known = errors.get(base);
  if (known) return known;
  const { kernel, arch, kconfig, kbuild, text } = base;
  const { env, srcarch } = judgeEnvironment(kernel, arch);
  const results = checkConfig({
    kconfig,
    kbuild: () => kbuild,
    fs,
    commands: null,
    env,
    machineEnv: env,
    tree: kernel.tree,
    objtree: kernel.tree,
    arch: arch.arch,
    srcarch,
    config: { source: 'base', text },
    fragments: [],
    listings: [],
    keep: [],
    against: null,
    skip: new Set<CheckName>(['files', 'tools']),
    force: false,
  });
  const found = allFindings(results).filter(({ severity }) => severity === 'error');
  const names = found.map(({ code, subject }) => `${code} ${subject.name}`);
  errors.set(base, names);
  return names;
}
