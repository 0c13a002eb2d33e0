import type { Kconfig } from '../kconfig/kconfig.ts';
import { UNKNOWN_MARK } from '../kconfig/preprocessor.ts';
import { type Expr, type KSymbol, OP } from '../kconfig/symbol.ts';

/** What a config tells of one probe, the surest first. */
interface Evidence {
  /** Values of symbols whose default is the probe itself. */
  readonly texts: string[];
  /** Answers that follow: the config would not be as it is with another. */
  readonly sure: Set<'y' | 'n'>;
  /** Answers that would explain the config, among other reasons. */
  readonly likely: Set<'y' | 'n'>;
}

/**
 * Answers the toolchain probes that were not run from a .config that records what they once said: a symbol whose
 * default is a probe has its recorded value, a symbol that has a line has its dependencies met, and what is negated
 * said the opposite.
 * @param values the plain values of the base config
 * @returns how many probes were answered
 */
export function answerProbes(kconfig: Kconfig, values: ReadonlyMap<string, string>): number {
  const probes = new Map<KSymbol, Evidence>();
  for (const symbol of kconfig.symbols.all) {
    if (symbol.name?.includes(UNKNOWN_MARK)) probes.set(symbol, { texts: [], sure: new Set(), likely: new Set() });
  }
  if (probes.size === 0) return 0;
  for (const symbol of kconfig.symbols.all) if (symbol.isDefined) collect(symbol, values, probes);
  for (const [probe, { texts, sure, likely }] of probes) {
    const known = sure.size > 0 ? sure : likely;
    // Where several symbols take their value from one probe, those of other toolchains have none.
    const text = texts.find((each) => each !== '0' && each !== '0x0' && each !== '') ?? texts[0];
    probe.answer = text ?? (known.has('y') ? 'y' : 'n');
  }
  return probes.size;
}

/** Gathers what one symbol's line in the config, or its absence, tells of the probes that it is made of. */
function collect(symbol: KSymbol, values: ReadonlyMap<string, string>, probes: ReadonlyMap<KSymbol, Evidence>): void {
  const value = symbol.name === null ? undefined : values.get(symbol.name);
  const isOn = value !== undefined && value !== 'n';
  conjuncts(symbol.directDependency, (probe, negated) => {
    const evidence = probes.get(probe);
    if (!evidence) return;
    if (value !== undefined) evidence.sure.add(negated ? 'n' : 'y');
    else evidence.likely.add(negated ? 'y' : 'n');
  });
  const isText = symbol.type !== 'bool' && symbol.type !== 'tristate';
  if (isText && value !== undefined) collectFromTexts(symbol, recordedText(symbol, value), probes);
  for (const property of symbol.properties) {
    if (isText && constantText(property.value) !== null) continue;
    conjuncts(property.visible, (probe, negated) => {
      const evidence = probes.get(probe);
      // What is off has a line only because a user can see it.
      if (value === 'n' && property.text !== null) evidence?.sure.add(negated ? 'n' : 'y');
      else if (isOn) evidence?.likely.add(negated ? 'n' : 'y');
    });
    if (property.kind !== 'default') continue;
    const alone = property.value?.op === OP.symbol ? probes.get(property.value.sym!) : undefined;
    if (alone && isText) {
      alone.texts.push(recordedText(symbol, value));
      continue;
    }
    const single = isSingle(property.value);
    conjuncts(property.value, (probe, negated) => {
      const said = isOn === negated ? 'n' : 'y';
      const evidence = probes.get(probe);
      if (isOn || (single && value !== undefined)) evidence?.sure.add(said);
      else evidence?.likely.add(said);
    });
  }
}

/** Of several texts with conditions, the first whose condition holds is the value: those before it do not hold. */
function collectFromTexts(symbol: KSymbol, text: string, probes: ReadonlyMap<KSymbol, Evidence>): void {
  const isSettable = symbol.properties.some(({ kind }) => kind === 'prompt');
  for (const { kind, value, visible } of symbol.properties) {
    const constant = kind === 'default' ? constantText(value) : null;
    if (constant === null) continue;
    const isIt = constant === text;
    const isSure = !isIt && !isSettable && isSingle(visible);
    conjuncts(visible, (probe, negated) => {
      const evidence = probes.get(probe);
      (isSure ? evidence?.sure : evidence?.likely)?.add(negated === isIt ? 'n' : 'y');
    });
    if (isIt) break;
  }
}

/** The text that an expression stands for; null for any other. */
function constantText(e: Expr | null): string | null {
  const symbol = e?.op === OP.symbol ? e.sym! : null;
  return symbol === null || symbol.isDefined || symbol.name?.includes(UNKNOWN_MARK) ? null : symbol.name;
}

/** A symbol alone or negated. */
function isSingle(e: Expr | null): boolean {
  return e?.op === OP.not ? isSingle(e.left) : e?.op === OP.symbol;
}

/** Visits the symbols that must all hold for an expression to hold, negated ones marked. */
function conjuncts(e: Expr | null, visit: (symbol: KSymbol, negated: boolean) => void): void {
  if (!e) return;
  if (e.op === OP.symbol) visit(e.sym!, false);
  else if (e.op === OP.and) {
    conjuncts(e.left, visit);
    conjuncts(e.right, visit);
  } else if (e.op === OP.not && e.left!.op === OP.symbol) visit(e.left!.sym!, true);
  else if (e.op === OP.or) {
    // One of several: as good a guess as the other.
    conjuncts(e.left, visit);
    conjuncts(e.right, visit);
  }
}

function recordedText(symbol: KSymbol, value: string | undefined): string {
  if (symbol.type === 'string') return (value ?? '').replace(/^"(.*)"$/s, '$1').replace(/\\(.)/gs, '$1');
  return value ?? '0';
}
