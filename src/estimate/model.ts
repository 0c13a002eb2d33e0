import type { SourceFacts, SourceKind } from './source-sizes.ts';
import type { ConfigLookup } from './types.ts';

/** Cost of one source by its size: `base + perKilobyte · kB`, in CPU seconds on the reference machine. */
export interface SizeCurve {
  readonly base: number;
  readonly perKilobyte: number;
}

/** What a directory changes in the size curve. */
export interface DirectoryFactor {
  /** Measured against the curve, shrunk towards the parent directory where few units were measured. */
  readonly factor: number;
  /** What a source is taken to have where its size is unknown, in bytes. */
  readonly typicalBytes: number;
}

/** A state of the config that changes what all units cost. */
export interface ConfigEffect {
  /** The symbol whose value `y` switches the effect on. */
  readonly symbol: string;
  /** Factor on the units' compile time. */
  readonly units: number;
  /** Factor on what modules cost one by one. */
  readonly modules: number;
  /** Factor on what is paid for vmlinux. */
  readonly kernel: number;
}

/** All that was fitted; `model-data.ts` holds the values. */
export interface CostModel {
  /** CPU seconds of the calibration text on the reference machine, by compiler. */
  readonly calibrationSeconds: { readonly gcc: number; readonly clang: number };
  /** make, shell, fixdep for one unit. */
  readonly unitOverhead: number;
  readonly curves: Readonly<Record<SourceKind, SizeCurve>>;
  /** By directory, the root as the empty string. */
  readonly directories: ReadonlyMap<string, DirectoryFactor>;
  readonly effects: readonly ConfigEffect[];
  /** Per module, apart from its units. */
  readonly module: number;
  /** Per kernel: a fixed part and one for each unit that goes into vmlinux or a module. */
  readonly kernel: { readonly base: number; readonly perUnit: number };
  /** Relative standard deviation of what is left unexplained: of a whole config's total. */
  readonly residual: { readonly total: number; readonly unit: number };
}

/** The entry of the nearest directory that was measured; units of one directory mostly come one after another. */
export class DirectoryIndex {
  readonly #model: CostModel;
  readonly #known = new Map<string, DirectoryFactor>();
  #lastDirectory = '';
  #last: DirectoryFactor;

  constructor(model: CostModel) {
    this.#model = model;
    this.#last = this.#find('');
  }

  /** @param unit path relative to the tree */
  of(unit: string): DirectoryFactor {
    const directory = unit.slice(0, Math.max(0, unit.lastIndexOf('/')));
    if (directory !== this.#lastDirectory) {
      this.#lastDirectory = directory;
      this.#last = this.#find(directory);
    }
    return this.#last;
  }

  #find(directory: string): DirectoryFactor {
    let found = this.#known.get(directory) ?? this.#model.directories.get(directory);
    if (!found) {
      const parent = directory.slice(0, Math.max(0, directory.lastIndexOf('/')));
      found = directory === '' ? { factor: 1, typicalBytes: 15_000 } : this.#find(parent);
      this.#known.set(directory, found);
    }
    return found;
  }
}

/** CPU seconds of one unit on the reference machine with a config that has no effect switched on. */
export function plainUnitSeconds(model: CostModel, facts: SourceFacts, directory: DirectoryFactor): number {
  const curve = model.curves[facts.kind];
  const bytes = facts.bytes >= 0 ? facts.bytes : directory.typicalBytes;
  return (curve.base + (curve.perKilobyte * bytes) / 1024) * directory.factor;
}

/** The product of the factors that a config switches on. */
export function effectFactors(model: CostModel, config: ConfigLookup): Omit<ConfigEffect, 'symbol'> {
  let units = 1;
  let modules = 1;
  let kernel = 1;
  for (const effect of model.effects) {
    if (config(effect.symbol) !== 'y') continue;
    units *= effect.units;
    modules *= effect.modules;
    kernel *= effect.kernel;
  }
  return { units, modules, kernel };
}
