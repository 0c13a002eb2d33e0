import type { Kconfig } from '../kconfig/kconfig.ts';
import { KIND, SYMBOL_FLAGS, TYPE, type ValueTables } from '../kconfig/tables.ts';
import { inputsOf, unitsRead } from './dependency-graph.ts';

const known = new WeakMap<Kconfig, boolean>();

/**
 * Whether values depend on which symbol is calculated first, so that only conf's own order gives conf's values. No
 * kernel has such a tree so far. Depends on the tree alone.
 */
export function orderMatters(kconfig: Kconfig): boolean {
  let answer = known.get(kconfig);
  if (answer === undefined) {
    answer = haveCircularRanges(kconfig) || modulesReadSymbols(kconfig) || haveStrayMembers(kconfig.tables);
    known.set(kconfig, answer);
  }
  return answer;
}

/**
 * Whether a bound of a number's range depends on that number: conf does not refuse a circle that a range closes, as it
 * does one of dependencies.
 */
function haveCircularRanges(kconfig: Kconfig): boolean {
  const { firstProperty, kind, low, high, type } = kconfig.tables;
  const pairs: [symbol: number, bound: number][] = [];
  for (let id = 0; id < type.length; id++) {
    for (let property = firstProperty[id]!; property < firstProperty[id + 1]!; property++) {
      if (kind[property] !== KIND.range) continue;
      for (const bound of [low[property]!, high[property]!]) {
        if (type[bound] !== TYPE.unknown && bound !== id) pairs.push([id, bound]);
      }
    }
  }
  if (pairs.length === 0) return false;
  const unitOf = unitsRead(
    kconfig,
    pairs.map(([id]) => id),
  );
  return pairs.some(([id, bound]) => unitOf[id] === unitOf[bound]);
}

/** Whether what turns modules on is calculated from symbols: a tristate among them is a bool without modules. */
function modulesReadSymbols(kconfig: Kconfig): boolean {
  const { modules } = kconfig.symbols;
  return modules !== null && inputsOf(modules, kconfig).size > 0;
}

/** New trees: whether a choice lists a symbol that belongs elsewhere, having its first prompt there. */
function haveStrayMembers({ flags, choice }: ValueTables): boolean {
  return flags.some((each, id) => (each & SYMBOL_FLAGS.member) !== 0 && choice[id] === -1);
}
