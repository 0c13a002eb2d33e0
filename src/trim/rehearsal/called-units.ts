/**
 * A function that other units can call, as kernel code writes it: from the first column, its body's brace in a line of
 * its own.
 */
const DEFINITION = /^(?!static\b|typedef\b)[A-Za-z_][\w \t*]*?[ \t*](\w+)\((?:[^;{}()]|\([^;{}()]*\))*\)\s*\n\{/gm;
const CALL = /\b[A-Za-z_]\w+(?=\()/g;

/**
 * The units that code calls which runs: where such a unit is not built, its header has stubs in its place.
 * @param running units that run whatever is left out
 * @param others the units to choose from
 * @param textOf the source of a unit
 */
export function calledUnits(
  running: readonly string[],
  others: readonly string[],
  textOf: (unit: string) => string,
): ReadonlySet<string> {
  const definers = new Map<string, string[]>();
  for (const unit of others) {
    for (const [, name = ''] of textOf(unit).matchAll(DEFINITION)) {
      definers.set(name, [...(definers.get(name) ?? []), unit]);
    }
  }
  const called = new Set<string>();
  const callers = [...running];
  // What is called runs, and calls in its turn.
  for (let caller = callers.pop(); caller !== undefined; caller = callers.pop()) {
    for (const [name] of textOf(caller).matchAll(CALL)) {
      const fresh = (definers.get(name) ?? []).filter((unit) => unit !== caller && !called.has(unit));
      for (const unit of fresh) {
        called.add(unit);
        callers.push(unit);
      }
    }
  }
  return called;
}
