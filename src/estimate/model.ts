import type { SourceFacts, SourceKind } from '../sources/source-facts.ts';
import { plainPath } from '../sources/unit-path.ts';
import type { ConfigLookup } from './types.ts';

/**
 * Cost of one source by what is seen of it, in CPU seconds on the reference machine:
 * `base + scale · kB ^ exponent + include · includes`, and `tracePoints` more where it defines some.
 */
export interface SourceCurve {
  readonly base: number;
  readonly scale: number;
  readonly exponent: number;
  readonly include: number;
  readonly tracePoints: number;
}

/** What a directory changes in the curve. */
export interface DirectoryFactor {
  /** Measured against the curve, shrunk towards the parent directory where few units were measured. */
  readonly factor: number;
  /** What a source is taken to have that is not there, in bytes; it is taken to include as much as others do. */
  readonly typicalBytes: number;
  /** What MODVERSIONS adds, as a share of the curve: only units that export symbols pay for it, core code most. */
  readonly versions: number;
}

/** A state of the config that changes what every unit costs. */
export interface ConfigEffect {
  /** The symbol whose value `y` switches the effect on. */
  readonly symbol: string;
  /** Another that has to be `y` as well. */
  readonly with?: string;
  /** Factor on the units' compile time. */
  readonly factor: number;
}

/** CPU seconds that each module costs beside its units. */
export interface ModuleCost {
  /** Its `.mod.c`, compiled with the same flags as units are: the config's effects apply. */
  readonly modC: number;
  /** Links of the composite object and of the `.ko`, modpost's share, make's own work. */
  readonly link: number;
  /** With DEBUG_INFO_BTF_MODULES. */
  readonly btf: number;
}

/** CPU seconds for vmlinux and the image: a fixed part and one for each unit that is linked into vmlinux. */
export interface KernelCost {
  /** Host programs, generated headers, make. */
  readonly prepare: number;
  /** Links, kallsyms, objtool, image, without debug information. */
  readonly link: PerUnitCost;
  /** More with DEBUG_INFO. */
  readonly debug: PerUnitCost;
  /** More with DEBUG_INFO_BTF: pahole, resolve_btfids and the libraries they are built with. */
  readonly btf: PerUnitCost;
}

export interface PerUnitCost {
  readonly base: number;
  readonly perUnit: number;
}

/** All that was fitted; `model-data.ts` holds the values. */
export interface CostModel {
  /** CPU seconds of the calibration text on the reference machine, by compiler. */
  readonly calibrationSeconds: { readonly gcc: number; readonly clang: number };
  /** make and shell for one unit; the config has no effect on it. */
  readonly unitOverhead: number;
  /** For a config that has none of the effects. */
  readonly curves: Readonly<Record<SourceKind, SourceCurve>>;
  /** By directory, the root as the empty string. */
  readonly directories: Readonly<Record<string, readonly [factor: number, typicalBytes: number, versions: number]>>;
  readonly effects: readonly ConfigEffect[];
  readonly module: ModuleCost;
  readonly kernel: KernelCost;
  /** Relative standard deviations of what the model leaves unexplained: of a whole build, and of one unit. */
  readonly residual: { readonly total: number; readonly unit: number };
}

/** The entry of the nearest directory that was measured; units of one directory mostly come one after another. */
export class DirectoryIndex {
  readonly #model: CostModel;
  readonly #known = new Map<string, DirectoryFactor>();
  /** Of the last unit, as it was given. */
  #lastDirectory = '';
  #last: DirectoryFactor;

  constructor(model: CostModel) {
    this.#model = model;
    this.#last = this.#find('');
  }

  /** @param unit path relative to the tree, as Kbuild files have it (`amdgpu/../display/dc.o`) */
  of(unit: string): DirectoryFactor {
    const isSame = unit.lastIndexOf('/') === this.#lastDirectory.length && unit.startsWith(this.#lastDirectory);
    if (!isSame) {
      this.#lastDirectory = parentOf(unit);
      this.#last = this.#find(parentOf(plainPath(unit)));
    }
    return this.#last;
  }

  #find(directory: string): DirectoryFactor {
    const known = this.#known.get(directory);
    if (known) return known;
    const entry = Object.hasOwn(this.#model.directories, directory) ? this.#model.directories[directory] : undefined;
    const found = entry
      ? { factor: entry[0], typicalBytes: entry[1], versions: entry[2] }
      : directory === ''
        ? { factor: 1, typicalBytes: 15_000, versions: 0 }
        : this.#find(parentOf(directory));
    this.#known.set(directory, found);
    return found;
  }
}

function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** `#include` lines of a source that is not there: about the mean of those measured. */
const TYPICAL_INCLUDES = 9;

/** CPU seconds of one unit on the reference machine with a config that has no effect switched on. */
export function plainUnitSeconds(model: CostModel, facts: SourceFacts, directory: DirectoryFactor): number {
  const onCurve = curveSeconds(
    model.curves[facts.kind],
    facts.bytes >= 0 ? facts : { ...facts, bytes: directory.typicalBytes, includes: TYPICAL_INCLUDES },
  );
  return facts.kind === 'c' ? onCurve * directory.factor : onCurve;
}

/** What the curve says of a source, before its directory counts; in seconds as above. */
export function curveSeconds(curve: SourceCurve, facts: SourceFacts): number {
  const size = curve.base + curve.scale * (facts.bytes / 1024) ** curve.exponent;
  return size + curve.include * facts.includes + (facts.tracePoints ? curve.tracePoints : 0);
}

/** What a config makes of the cost of every unit. */
export interface ConfigFactors {
  /** The product of the effects that it switches on. */
  readonly compile: number;
  /** It has symbol versions (MODVERSIONS). They are made of the preprocessed source: effects don't count for them. */
  readonly versions: boolean;
}

/** What symbol versions add to a unit's `plainUnitSeconds`, as a share of them. */
export function versionsShare({ kind }: SourceFacts, directory: DirectoryFactor): number {
  return kind === 'c' ? directory.versions : 0;
}

/** CPU seconds of one unit on the reference machine with a config, make's own work left out. */
export function unitSeconds(
  model: CostModel,
  facts: SourceFacts,
  directory: DirectoryFactor,
  { compile, versions }: ConfigFactors,
): number {
  const share = versions ? versionsShare(facts, directory) : 0;
  return plainUnitSeconds(model, facts, directory) * (compile + share);
}

/** What of a config counts for units. */
export function configFactors(model: CostModel, config: ConfigLookup): ConfigFactors {
  let compile = 1;
  for (const effect of model.effects) {
    const isOn = config(effect.symbol) === 'y' && (effect.with === undefined || config(effect.with) === 'y');
    if (isOn) compile *= effect.factor;
  }
  return { compile, versions: config('MODVERSIONS') === 'y' };
}
