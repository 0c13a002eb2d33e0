/** Configs as they come from elsewhere: other versions', random ones, and both with what can go wrong in a file. */
import { readFileSync } from 'node:fs';
import { runConf } from './conf-judge.ts';
import type { Kernel } from './kernels.ts';
import { damage, type Random } from './sampling.ts';

/** One input for a kernel. */
export interface DamagedInput {
  readonly kernel: Kernel;
  /** For the figures: `randconfig`, `randconfig, damaged`, `other version`, `shipped, damaged`. */
  readonly kind: string;
  /** Latin-1. */
  readonly text: string;
  /** Environment of the run, beside make's. */
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * `count` inputs for a kernel, of all kinds: the shipped configs of every version as they are, then in turn a damaged
 * shipped config, a random config, and a damaged random config. Every third one asks for unknown symbols too.
 */
export function* damagedInputs(
  kernel: Kernel,
  all: readonly Kernel[],
  count: number,
  draw: Random,
): Generator<DamagedInput> {
  const shipped = all.flatMap(({ version, configs }) => configs.map((path) => ({ version, path })));
  const others = shipped.filter(({ version }) => version !== kernel.version);
  const first = draw.below(others.length);
  const untouched = Math.min(others.length, Math.ceil(count / 8));
  for (let i = 0; i < count; i++) {
    const env = i % 3 === 0 ? { env: { KCONFIG_WARN_UNKNOWN_SYMBOLS: '1' } } : {};
    if (i < untouched) {
      const { path } = others[(first + i) % others.length]!;
      yield { kernel, kind: 'other version', text: readFileSync(path, 'latin1'), ...env };
      continue;
    }
    if (i % 3 === 0) {
      const { path } = shipped[draw.below(shipped.length)]!;
      yield { kernel, kind: 'shipped, damaged', text: damage(readFileSync(path, 'latin1'), draw), ...env };
      continue;
    }
    const text = randomConfig(kernel, 1 + draw.below(1_000_000));
    if (i % 3 === 1) yield { kernel, kind: 'randconfig', text, ...env };
    else yield { kernel, kind: 'randconfig, damaged', text: damage(text, draw), ...env };
  }
}

/** What the kernel's own `randconfig` makes of a seed, for x86. */
function randomConfig(kernel: Kernel, seed: number): string {
  const env = { KCONFIG_SEED: String(seed) };
  return runConf({ kernel, arch: { arch: 'x86' }, target: 'randconfig', answers: 'yes', env }).config ?? '';
}
