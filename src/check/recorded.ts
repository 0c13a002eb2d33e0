import type { Severity } from '../diagnostics/diagnostic.ts';
import { isModuleBuilt } from '../kbuild/index.ts';
import type { MachineRecord } from '../machine/record/format.ts';
import type { Sources } from '../sources/sources.ts';
import { kbuildLookup } from '../trim/lookup.ts';
import { type LackingPart, type Recorded, wholeRecord } from '../trim/recorded.ts';
import { type BuildUnderCheck, entryOff } from './listings.ts';
import { type CheckCase, type Finding, finding } from './types.ts';

/**
 * Whether the config builds what a record says that the machine uses beside its loaded modules: file systems, drivers
 * that have devices, encryption, swap and so on. Hardware whose driver was not loaded there is worth a warning.
 */
export function checkRecord(record: MachineRecord, under: BuildUnderCheck, sources: Sources): CheckCase[] {
  return wholeRecord({ record, ...under, sources }).map((recorded) => ({
    name: `${recorded.report.use} ${recorded.report.name}`,
    findings: recordedFindings(recorded, under),
  }));
}

function recordedFindings(recorded: Recorded, under: BuildUnderCheck): Finding[] {
  const { report, modules, symbols, lacking } = recorded;
  const { name, use, status, path, evidence } = report;
  const args = { use, path: path ?? '', evidence: evidence[0] ?? '', more: evidence.length - 1 };
  if (status === 'unknown') {
    return [finding({ code: 'record-unknown', severity: 'info', subject: { kind: 'word', name }, args })];
  }
  if (status !== 'off') return [];
  const severity: Severity = use === 'hardware' ? 'warning' : 'error';
  const lookup = kbuildLookup(under.config);
  const isOff = modules.length > 0 && !modules.some((module) => isModuleBuilt(module, lookup));
  const off: Finding[] = isOff ? [{ ...entryOff(name, modules, under), code: 'record-off', severity, args }] : [];
  if (lacking) return [...off, partOff(recorded, lacking, severity, args, under)];
  if (isOff) return off;
  const [symbol] = symbols;
  const why = symbol ? under.reasons.why(symbol, 'y') : {};
  return [finding({ code: 'record-off', severity, subject: { kind: 'word', name }, ...why, args })];
}

/** A part that is left out of code that is built, or would be missing once its module is. */
function partOff(
  { modules }: Recorded,
  { unit, name, symbols, at }: LackingPart,
  severity: Severity,
  args: Finding['args'],
  { reasons }: BuildUnderCheck,
): Finding {
  const [first] = symbols;
  const why = first ? reasons.why(first, modules.length > 0 ? 'm' : 'y') : {};
  const lacks = symbols.map((symbol) => symbol.name).join(', ');
  return finding({
    code: 'record-off',
    severity,
    subject: { kind: 'word', name },
    at,
    ...why,
    args: { ...args, unit: unit ?? '', lacks },
  });
}
