import { plainPath } from '../../sources/unit-path.ts';
import type { DeepDeparture } from '../types.ts';
import { calledUnits } from './called-units.ts';
import { type InitFunction, initFunctionsIn } from './init-functions.ts';

/** Kernel parameters in all, on x86: COMMAND_LINE_SIZE in arch/x86/include/asm/setup.h, with the NUL at the end. */
const COMMAND_LINE_BYTES = 2048 - 1;
/** Left for the parameters that the machine has already. */
const ROOM = 300;
const PARAMETER = 'initcall_blacklist=';
/**
 * Levels at which buses, classes and other infrastructure come up. A kernel without the code has stubs in its place; one
 * with code that was never started fails in whatever calls it.
 */
const INFRASTRUCTURE: ReadonlySet<string> = new Set(['pure', 'early', 'core', 'postcore', 'arch', 'subsys']);

/** An init function that does not run in a rehearsal. */
export interface Rehearsed extends InitFunction {
  readonly unit: string;
  /** The symbol that takes the unit. */
  readonly symbol: string;
}

/** One that has to run. */
export interface LeftOut extends Rehearsed {
  /**
   * It is infrastructure, code that runs calls its unit, or a function of the same name runs: the parameter stops all
   * functions of a name.
   */
  readonly why: 'infrastructure' | 'called' | 'same-name';
}

/** How a deep trim is tried on a kernel that has everything. */
export interface Rehearsal {
  readonly functions: readonly Rehearsed[];
  readonly leftOut: readonly LeftOut[];
  /** Units that go and have no init function: nothing tries them. */
  readonly untried: number;
  /** Kernel parameters, one for each boot. */
  readonly lines: readonly string[];
}

/**
 * The init functions of what a deep trim turns off, as kernel parameters that leave them out.
 * @param stays all units that are still built
 * @param readSource a file of the tree; null where it is not there
 */
export function rehearsalOf(
  departures: readonly DeepDeparture[],
  stays: readonly string[],
  readSource: (path: string) => string | null,
): Rehearsal {
  const textOf = (unit: string): string => readSource(sourceOf(unit)) ?? '';
  const inUnit = (unit: string): readonly InitFunction[] => initFunctionsIn(textOf(unit));
  const needed = new Set(stays.flatMap((unit) => inUnit(unit)).map(({ name }) => name));
  const going = departures.flatMap(({ units }) => units.map(({ path }) => path));
  const called = calledUnits(stays, going, textOf);
  const found = departures.flatMap(({ symbol, units }) =>
    units.flatMap(({ path }) => inUnit(path).map((each): Rehearsed => ({ ...each, unit: path, symbol }))),
  );
  const whyOf = ({ name, level, unit }: Rehearsed): LeftOut['why'] | null => {
    if (INFRASTRUCTURE.has(level)) return 'infrastructure';
    return called.has(unit) ? 'called' : needed.has(name) ? 'same-name' : null;
  };
  const running = new Set(found.filter((each) => whyOf(each) !== null).map(({ name }) => name));
  const functions = new Map<string, Rehearsed>();
  const leftOut: LeftOut[] = [];
  for (const each of found) {
    const why = whyOf(each) ?? (running.has(each.name) ? 'same-name' : null);
    if (why === null) functions.set(each.name, each);
    else leftOut.push({ ...each, why });
  }
  const untried = going.filter((unit) => inUnit(unit).length === 0).length;
  return { functions: [...functions.values()], leftOut, untried, lines: linesOf([...functions.keys()]) };
}

/** Names in parameters that the kernel takes whole. */
function linesOf(names: readonly string[]): string[] {
  const most = COMMAND_LINE_BYTES - ROOM - PARAMETER.length;
  const slices: string[] = [];
  for (const name of names) {
    const last = slices.at(-1);
    if (last === undefined || last.length + 1 + name.length > most) slices.push(name);
    else slices[slices.length - 1] = `${last},${name}`;
  }
  return slices.map((slice) => PARAMETER + slice);
}

function sourceOf(unit: string): string {
  return plainPath(unit).replace(/\.o$/, '.c');
}
