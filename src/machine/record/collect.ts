import type { Platform } from '../../platform/platform.ts';
import { kernelRelease } from '../base-config.ts';
import { AliasTable } from './aliases.ts';
import { collectClasses, collectDevices } from './devices.ts';
import { Facts } from './facts.ts';
import type { MachineRecord } from './format.ts';
import { MachineFiles } from './machine-files.ts';
import { collectNetwork } from './network.ts';
import { askPrograms } from './sources.ts';
import { collectStorage } from './storage.ts';
import {
  collectConfig,
  collectControls,
  collectCrypto,
  collectInterfaces,
  collectModules,
  collectPlatform,
  collectSources,
  collectUserspace,
} from './system.ts';

/** What the collector asks a machine. */
export type RecordedMachine = Pick<Platform, 'fs' | 'commands' | 'env' | 'host' | 'epochMs'>;

/**
 * What a machine is and uses: the facts of docs/record.md. Root is not needed; what only root can read is named by `source`
 * with the number 0. Each fact is taken by the name of the file and the form that it has there, so that what somebody else
 * may have written into these files (addresses, serial numbers, names, mount points, values of parameters) stays out
 * without anybody looking for it. What changes here changes in script.ts.
 */
export async function collectRecord(machine: RecordedMachine): Promise<MachineRecord> {
  const files = new MachineFiles(machine.fs);
  const release = kernelRelease(machine.fs);
  const facts = new Facts();
  const ask = askPrograms(machine, facts);
  facts.note('kernel', release ?? '-', machine.host.machine);
  collectModules(files, facts);
  collectDevices(files, new AliasTable(machine.fs, release), facts);
  collectClasses(files, facts);
  collectStorage(files, ask, facts);
  collectNetwork(files, ask, facts);
  collectCrypto(files, facts);
  collectControls(files, facts);
  collectPlatform(files, facts);
  collectInterfaces(files, facts);
  collectUserspace(files, facts);
  collectSources(files, release, facts);
  await collectConfig(files, release, facts);
  return facts.record(new Date(machine.epochMs()).toISOString().slice(0, 10));
}
