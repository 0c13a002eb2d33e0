import type { OutputLine } from './output-line.ts';
import type { BuildProgress } from './progress.ts';
import { type BuildPlaces, treePath } from './tree-path.ts';

/** Steps that compile something for the machine that the kernel is for. */
const COMPILES: ReadonlySet<string> = new Set(['CC', 'AS', 'RUSTC']);

/**
 * Objects that are no units of `BuildResult.units`: of the boot image alone, of modpost's and kallsyms' making, of the
 * linked result's version, and the one that shows modpost what objects look like.
 */
const BEYOND = [
  /\.mod\.o$/,
  /(?:^|\/)\.(?:module-common|vmlinux\.export|tmp_\S*)\.o$/,
  /^\.?(?:vmlinux|tmp_vmlinux)\S*\.o$/,
  /^init\/version-timestamp\.o$/,
  /^arch\/[^/]+\/boot\//,
  /^scripts\//,
  /^tools\//,
];

/** Follows which units make compiles. */
export class UnitWatch {
  readonly #units: ReadonlySet<string>;
  readonly #progress: BuildProgress;
  readonly #places: BuildPlaces;
  readonly #unpredicted = new Set<string>();
  #current: string | null = null;

  /** @param units what is to be compiled, as make names it */
  constructor(units: readonly string[], progress: BuildProgress, places: BuildPlaces) {
    this.#units = new Set(units);
    this.#progress = progress;
    this.#places = places;
  }

  /** The step that began last, for a person: `CC drivers/net/tun.o`. */
  get current(): string | null {
    return this.#current;
  }

  /** Compiled and not predicted, in order of path. */
  get unpredicted(): readonly string[] {
    return [...this.#unpredicted].sort();
  }

  /** Takes the next line of output. */
  add(line: OutputLine, nowMs: number): void {
    if (line.kind !== 'step') return;
    const { verb, target } = line;
    this.#current = `${verb} ${target}`;
    if (this.#units.has(target)) this.#progress.compiling(target, nowMs);
    else if (target.endsWith('.ko')) this.#progress.linkingModule(target.slice(0, -3), nowMs);
    else if (verb === 'MODPOST' || /^\.?(?:tmp_)?vmlinux/.test(target)) this.#progress.linking(nowMs);
    else if (COMPILES.has(verb)) this.#unexpected(treePath(target, this.#places));
  }

  #unexpected(target: string): void {
    if (target.endsWith('.o') && !BEYOND.some((pattern) => pattern.test(target))) this.#unpredicted.add(target);
  }
}
