import type { MachineRecord } from '../machine/record/format.ts';
import type { Sources } from '../sources/sources.ts';
import { type Recorded, wholeRecord } from '../trim/recorded.ts';
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

function recordedFindings({ report, modules, symbols }: Recorded, under: BuildUnderCheck): Finding[] {
  const { name, use, status, path, evidence } = report;
  const args = { use, path: path ?? '', evidence: evidence[0] ?? '', more: evidence.length - 1 };
  if (status === 'unknown') {
    return [finding({ code: 'record-unknown', severity: 'info', subject: { kind: 'word', name }, args })];
  }
  if (status !== 'off') return [];
  const severity = use === 'hardware' ? 'warning' : 'error';
  const [symbol] = symbols;
  if (modules.length > 0) return [{ ...entryOff(name, modules, under), code: 'record-off', severity, args }];
  const why = symbol ? under.reasons.why(symbol, 'y') : {};
  return [finding({ code: 'record-off', severity, subject: { kind: 'word', name }, ...why, args })];
}
