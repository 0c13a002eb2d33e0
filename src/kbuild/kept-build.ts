/** What a configuration builds, as numbers and texts that are kept between runs. */
import type { Packer, Unpacker } from '../cache/packed.ts';
import type { BuildResult, BuiltModule } from './built-objects.ts';
import { moduleName } from './names.ts';

/** Writes a result for `unpackBuild`. */
export function packBuild({ units, builtin, modules }: BuildResult, out: Packer): void {
  const references = (texts: readonly string[]): number[] => texts.map((text) => out.reference(text));
  out.ints(references(units));
  out.ints(references(builtin));
  out.ints(references(modules.map(({ path }) => path)));
  const starts = [0];
  const objects: number[] = [];
  for (const module of modules) {
    objects.push(...references(module.objects));
    starts.push(objects.length);
  }
  out.ints(starts);
  out.ints(objects);
}

/** @returns a result whose lists are made when they are asked for */
export function unpackBuild(input: Unpacker): BuildResult {
  return new KeptBuild(input);
}

class KeptBuild implements BuildResult {
  readonly #input: Unpacker;
  readonly #units: Int32Array;
  readonly #builtin: Int32Array;
  readonly #paths: Int32Array;
  readonly #starts: Int32Array;
  readonly #objects: Int32Array;
  #unitTexts: readonly string[] | null = null;
  #builtinTexts: readonly string[] | null = null;
  #modules: readonly BuiltModule[] | null = null;

  constructor(input: Unpacker) {
    this.#input = input;
    this.#units = input.ints();
    this.#builtin = input.ints();
    this.#paths = input.ints();
    this.#starts = input.ints();
    this.#objects = input.ints();
  }

  get units(): readonly string[] {
    this.#unitTexts ??= this.#texts(this.#units);
    return this.#unitTexts;
  }

  get builtin(): readonly string[] {
    this.#builtinTexts ??= this.#texts(this.#builtin);
    return this.#builtinTexts;
  }

  get modules(): readonly BuiltModule[] {
    this.#modules ??= this.#makeModules();
    return this.#modules;
  }

  #makeModules(): BuiltModule[] {
    const objects = (index: number): string[] =>
      this.#texts(this.#objects.subarray(this.#starts[index], this.#starts[index + 1]));
    return this.#texts(this.#paths).map((path, index) => new KeptModule(path, index, objects));
  }

  #texts(references: Int32Array): string[] {
    const texts: string[] = [];
    for (let i = 0; i < references.length; i++) texts.push(this.#input.textOf(references[i]!));
    return texts;
  }
}

class KeptModule implements BuiltModule {
  readonly path: string;
  readonly #index: number;
  readonly #objectsOf: (index: number) => string[];
  #objects: readonly string[] | null = null;

  constructor(path: string, index: number, objectsOf: (index: number) => string[]) {
    this.path = path;
    this.#index = index;
    this.#objectsOf = objectsOf;
  }

  get name(): string {
    return moduleName(this.path);
  }

  get objects(): readonly string[] {
    this.#objects ??= this.#objectsOf(this.#index);
    return this.#objects;
  }
}
