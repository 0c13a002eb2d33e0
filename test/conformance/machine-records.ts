import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MachineRecord } from '../../src/machine/record/format.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { uniteRecords } from '../../src/machine/record/unite.ts';
import { REPOSITORY } from './kernels.ts';

/** What a virtual machine with Debian's kernel and systemd says of itself, without its modules. */
const MACHINE = join(REPOSITORY, 'fixtures/records/debian-vm.record');

/** A whole record of a machine that has these modules loaded: the rest is a virtual machine's. */
export function recordOfMachine(names: readonly string[]): MachineRecord {
  const { record } = parseRecord(readFileSync(MACHINE, 'latin1'), 'record');
  return uniteRecords([record, new Map(names.map((name) => [`module ${name}`, { count: 0, days: null }]))]);
}
