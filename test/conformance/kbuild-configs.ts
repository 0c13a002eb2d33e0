/** The configurations that Kbuild's answers are judged on. */
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runConf } from './conf-judge.ts';
import type { Kernel } from './kernels.ts';

/** A configuration of an architecture. */
export interface JudgedConfig {
  readonly name: string;
  /** make's ARCH, which is its SRCARCH too. */
  readonly arch: string;
  /** The .config's text, Latin-1. */
  read(): string;
}

/** Architectures whose allmodconfig and defconfig are judged. */
export const JUDGED_ARCHES = ['x86', 'arm64', 'riscv', 'powerpc', 's390'] as const;

/** The defconfig that `make defconfig` takes (KBUILD_DEFCONFIG of the architecture). */
const DEFCONFIG: Readonly<Record<string, string>> = {
  x86: 'x86_64_defconfig',
  powerpc: 'ppc64_defconfig',
};

/** Debian's shipped configs, and allmodconfig and defconfig of several architectures. */
export function judgedConfigs(kernel: Kernel): readonly JudgedConfig[] {
  const shipped = kernel.configs.map((path) => ({
    name: basename(path),
    arch: 'x86',
    read: () => readFileSync(path, 'latin1'),
  }));
  const made = JUDGED_ARCHES.flatMap((arch) =>
    ['allmodconfig', 'defconfig'].map((target) => ({
      name: `${arch} ${target}`,
      arch,
      read: () => makeConfig(kernel, arch, target),
    })),
  );
  return [...shipped, ...made];
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
  return readFileSync(join(kernel.tree, 'arch', arch, 'configs', DEFCONFIG[arch] ?? 'defconfig'), 'latin1');
}

/** The values a .config gives: by symbol, without CONFIG_. */
export function configValues(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const found = /^CONFIG_(\w+)=(.*)$/.exec(line);
    if (found !== null) values.set(found[1]!, found[2]!);
  }
  return values;
}
