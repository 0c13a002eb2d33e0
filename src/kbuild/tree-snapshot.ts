/** All that is known of a tree's Kbuild files, as bytes for later runs and other threads. */
import { Packer, Unpacker } from '../cache/packed.ts';
import type { DomainLookup } from '../conditions/condition.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Value } from '../make/values.ts';
import type { Findings, Inheritance, UnansweredShell } from './kbuild-reader.ts';
import { Snapshot } from './snapshot.ts';
import { UnitOrder } from './unit-order.ts';

/** A directory as it is for one configuration, and for all that give these symbols the same values. */
export interface ConcreteDirectory {
  readonly lookups: ReadonlyMap<string, string>;
  readonly place: number;
}

/** What a tree is served from. */
export interface TreeContent {
  readonly snapshot: Snapshot;
  /** The order of the units that were found so far. */
  readonly units: UnitOrder;
  readonly findings: Findings;
  readonly inheritance: Inheritance;
  /** Places of directories by name; NO_DIRECTORY for those without a Kbuild file. */
  readonly places: Map<string, number>;
  /** Open directories by name, each as it was for the last configuration. */
  readonly concrete: Map<string, ConcreteDirectory>;
  /** From `writeIndex`. */
  readonly index: number;
  /** From `writeNames`. */
  readonly names: number;
}

/** What is few enough for JSON. */
interface Rest {
  readonly exported: readonly (readonly [string, Value])[];
  readonly holes: string[];
  readonly diagnostics: Diagnostic[];
  readonly unanswered: UnansweredShell[];
  readonly concrete: readonly (readonly [string, readonly (readonly [string, string])[], number])[];
  readonly index: number;
  readonly names: number;
}

/** @returns bytes for `unpackTree`, in a buffer of their own */
export function packTree({
  snapshot,
  units,
  findings,
  inheritance,
  places,
  concrete,
  index,
  names,
}: TreeContent): Uint8Array {
  const out = new Packer();
  const rest: Rest = {
    exported: [...inheritance.exported],
    holes: inheritance.holes,
    ...findings,
    concrete: [...concrete].map(([directory, { lookups, place }]) => [directory, [...lookups], place]),
    index,
    names,
  };
  snapshot.pack(out);
  out.text(snapshot.writeJson(rest));
  out.ints(units.references);
  out.ints([...places].flatMap(([directory, place]) => [out.reference(directory), place]));
  return out.bytes();
}

/**
 * @param domain what symbols can be now
 * @returns null where a symbol can be something else than it could
 * @throws RangeError where the bytes are not whole
 */
export function unpackTree(packed: Uint8Array, domain: DomainLookup | null): TreeContent | null {
  const input = new Unpacker(packed);
  const snapshot = Snapshot.unpack(input, domain);
  if (snapshot === null) return null;
  const { exported, holes, diagnostics, unanswered, concrete, index, names } = snapshot.readJson<Rest>(input.text());
  const units = new UnitOrder(input.ints());
  const directories = input.ints();
  const places = new Map<string, number>();
  for (let i = 0; i < directories.length; i += 2) places.set(snapshot.text(directories[i]!), directories[i + 1]!);
  return {
    ...{ snapshot, units, places, index, names },
    findings: { diagnostics, unanswered },
    inheritance: { exported: new Map(exported), holes },
    concrete: new Map(concrete.map(([name, lookups, place]) => [name, { lookups: new Map(lookups), place }])),
  };
}
