/** The configurations that Kbuild's answers are judged on. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { judgeEnvironment, runConf } from './conf-judge.ts';
import type { Kernel } from './kernels.ts';
import { closure, imageDependencies } from './module-sets.ts';
import { random } from './sampling.ts';
import { olddefconfig, runOurs } from './trim-judge.ts';

/** A configuration of an architecture. */
export interface JudgedConfig {
  readonly name: string;
  /** make's ARCH, which is its SRCARCH too. */
  readonly arch: string;
  /** The .config's text, Latin-1. */
  read(): string;
}

/** Where the defconfig that `make defconfig` would take is put together from pieces, one that is a file. */
const WHOLE_DEFCONFIG: Readonly<Record<string, string>> = { mips: 'malta_defconfig', powerpc: 'ppc64_defconfig' };

/** Debian's shipped configs, and allmodconfig and defconfig of every architecture. */
export function judgedConfigs(kernel: Kernel): readonly JudgedConfig[] {
  const shipped = kernel.configs.map((path) => ({
    name: basename(path),
    arch: 'x86',
    read: () => readFileSync(path, 'latin1'),
  }));
  const made = architectures(kernel).flatMap((arch) =>
    ['allmodconfig', 'defconfig'].map((target) => ({
      name: `${arch} ${target}`,
      arch,
      read: () => makeConfig(kernel, arch, target),
    })),
  );
  return [...shipped, ...made];
}

/** The architectures of a kernel that have configs. */
function architectures(kernel: Kernel): string[] {
  const folder = join(kernel.tree, 'arch');
  return readdirSync(folder)
    .filter((arch) => existsSync(join(folder, arch, 'configs')))
    .sort();
}

/** Debian's configs trimmed to random sets of modules, completed by conf. */
export function trimmedConfigs(kernel: Kernel, seed: number, count: number): readonly JudgedConfig[] {
  return Array.from({ length: count }, (_, i) => {
    const config = kernel.configs[i % kernel.configs.length]!;
    return {
      name: `${basename(config)} trimmed to set ${seed}/${i}`,
      arch: 'x86',
      read: () => trimmedConfig(kernel, config, randomSet(kernel, seed * 100 + i)),
    };
  });
}

function randomSet(kernel: Kernel, seed: number): Set<string> {
  const dependencies = imageDependencies(kernel);
  const draw = random(seed);
  return closure(dependencies, draw.pick([...dependencies.keys()], 10 + draw.below(90)));
}

function trimmedConfig(kernel: Kernel, config: string, modules: Iterable<string>): string {
  const scratch = temporaryFolder();
  const listing = join(scratch, 'set.txt');
  writeFileSync(listing, `${[...modules].join('\n')}\n`);
  return olddefconfig(kernel, runOurs({ kernel, config, listing }).config);
}

/** A configuration made by the kernel's own conf. @throws Error where conf fails */
export function makeConfig(kernel: Kernel, arch: string, target: string): string {
  const result = runConf({
    kernel,
    arch: { arch },
    target,
    ...(target === 'defconfig' ? { defconfig: readDefconfig(kernel, arch) } : {}),
  });
  if (result.config === null) throw new Error(`conf --${target} for ${arch}: ${result.stderr}`);
  return result.config;
}

function readDefconfig(kernel: Kernel, arch: string): string {
  const folder = join(kernel.tree, 'arch', arch, 'configs');
  const own = judgeEnvironment(kernel, { arch }).env['KBUILD_DEFCONFIG'] ?? 'defconfig';
  const names = [own, WHOLE_DEFCONFIG[arch] ?? 'defconfig'];
  return readFileSync(join(folder, names.find((name) => existsSync(join(folder, name)))!), 'latin1');
}
