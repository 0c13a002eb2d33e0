import type { Sources } from '../sources/sources.ts';

/** The value of a symbol (no `CONFIG_`): `y`, `m`, text without quotes; undefined or `n` where it is off. */
export type ConfigLookup = (symbol: string) => string | undefined;

/** What a build consists of. */
export interface BuildInput {
  /** Objects (`drivers/net/tun.o`) or sources (`drivers/net/tun.c`), relative to the tree; vmlinux and modules. */
  readonly units: readonly string[];
  /** How many modules (`.ko`) come out. */
  readonly modules: number;
  /** How many of the units are linked into vmlinux; guessed from the other two where it isn't known. */
  readonly builtIn?: number;
  readonly config: ConfigLookup;
  /** Where facts about sources come from; hand the same to every estimate over one tree, they are remembered in it. */
  readonly sources: Sources;
  /** This machine against the reference; without it the figures are the reference machine's. */
  readonly calibration?: Calibration;
}

/** How the machine that will build compares with the one that the model was measured on. */
export interface Calibration {
  /** CPU seconds here for one CPU second there; above 1 is slower. */
  readonly factor: number;
  /** Relative standard error of `factor` (0.1 is ten per cent). */
  readonly uncertainty: number;
  /** Measured here, taken from a build that was timed here, or nothing known. */
  readonly source: 'self' | 'timed' | 'none';
}

/** What a build costs, in CPU seconds (user + system, all processes together). */
export interface BuildEstimate {
  /** Translation units. */
  readonly objects: number;
  readonly modules: number;
  readonly cpuSeconds: number;
  /** `low … high` holds the true figure in about nine of ten cases. */
  readonly low: number;
  readonly high: number;
  readonly parts: {
    /** Compiling, objtool, symbol versions and make's own work for every translation unit. */
    readonly units: number;
    /** `.mod.c`, links, modpost and BTF of the modules. */
    readonly modules: number;
    /** vmlinux: links, kallsyms, objtool, BTF, compression; preparation and host programs. */
    readonly kernel: number;
  };
  /** What the units would cost with a config that has no effect, and with symbol versions more; not calibrated. */
  readonly unitWork: { readonly plain: number; readonly versions: number };
  /** CPU seconds of each of the input's units, in their order. */
  readonly unitSeconds: Float64Array;
  /** Of `parts.kernel`, what comes before the first unit: host programs and generated headers. */
  readonly prepareSeconds: number;
  /** CPU seconds that one module costs beside its units. */
  readonly moduleSeconds: number;
}

/** A place or a symbol that costs. */
export interface Spender {
  /** A directory, or a symbol. */
  readonly name: string;
  /** Translation units that would no longer be compiled. */
  readonly objects: number;
  /** CPU seconds that would be saved. */
  readonly cpuSeconds: number;
  /** `cpuSeconds` as a share of the whole build, 0 to 1. */
  readonly share: number;
}

/** What one build costs, from nothing. */
export interface BuildCost {
  /** Translation units. */
  readonly objects: number;
  readonly modules: number;
  readonly cpuSeconds: number;
  /** On the clock, with `make -j` as in the basis. */
  readonly wallSeconds: number;
}

/** What the figures stand on. */
export interface EstimateBasis {
  /** The machine that the model was measured on; this one, measured; this one, by a build that was timed on it. */
  readonly source: 'reference-machine' | 'self' | 'timed';
  readonly jobs: number;
  /** Of the time on the clock, as a share of it; about nine of ten cases lie within. */
  readonly uncertainty: number;
}
