import { resolve } from 'node:path';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { allUnits, ProviderMap } from '../../evidence/provider-map.ts';
import { kernelRelease } from '../../machine/base-config.ts';
import { unreadableReason } from '../../machine/config-bytes.ts';
import { type Listing, parseListing } from '../../machine/listing.ts';
import { AliasTable } from '../../machine/record/aliases.ts';
import { collectRecord } from '../../machine/record/collect.ts';
import { type CompareInput, compareRecords, factOfLost } from '../../machine/record/compare.ts';
import { byBytes, factsOf, type MachineRecord } from '../../machine/record/format.ts';
import { recordOfListing } from '../../machine/record/from-listing.ts';
import { KernelModules } from '../../machine/record/kernel-modules.ts';
import { isRecord, MAX_RECORD_BYTES, parseRecord } from '../../machine/record/read.ts';
import { RECORD_SCRIPT } from '../../machine/record/script.ts';
import { uniteRecords, uniteSightings } from '../../machine/record/unite.ts';
import { formatRecord } from '../../machine/record/write.ts';
import { isOpenFile } from '../../platform/descriptors.ts';
import { nodePlatform } from '../../platform/node.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Scope } from '../../platform/scope.ts';
import { readStandardInput } from '../../platform/standard-input.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { type RecordCompareReport, type RecordOrigin, recordCompareText } from '../../report/record-compare-text.ts';
import { recordCompareJson, recordJson } from '../../report/record-json.ts';
import { shellWords } from '../../report/shell-words.ts';
import { srcarchOfMachine } from '../../toolchain/kernel-tree.ts';
import { foreignMachine } from '../../workspace/listings.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import { printDiagnostic, printMessage } from '../messages.ts';
import type { RecordOptions } from '../options.ts';
import { dataWritten } from '../output.ts';
import { requireOutputs } from '../overwriting.ts';

/**
 * `kconfig-trim record [FILE]`: what this machine is and uses.
 * @returns 0; with `--compare` 1 where something is missing
 */
export async function runRecord(file: string | undefined, options: RecordOptions, scope: Scope): Promise<number> {
  const { script, add, compare } = options;
  const asked = Object.entries({ script, add, compare }).filter(([, value]) => value !== undefined);
  if (asked.length > 1) {
    throw new InputError({ code: 'record-options', args: { options: asked.map(([name]) => `--${name}`).join(', ') } });
  }
  if (options.tree !== undefined && compare === undefined) {
    throw new InputError({ code: 'record-tree', args: {} });
  }
  if (file !== undefined && compare !== undefined) {
    throw new InputError({ code: 'record-compare-file', args: { compare, file } });
  }
  if (file !== undefined && options.output !== undefined) {
    throw new InputError({ code: 'record-two-places', args: { file, output: options.output } });
  }
  const useless = Object.entries({ '--config': options.config, '--json': script ? options.json : undefined });
  for (const [option, value] of useless) {
    if (value !== undefined)
      throw new InputError({ code: 'record-option-unread', args: { option, script: script ? 1 : 0 } });
  }
  const platform = nodePlatform(scope, options.exec);
  const target = file ?? options.output;
  if (script) {
    requireOutputs(platform, { read: [], written: [target] });
    new DataOutput({ ...options, output: target ?? '-' }, platform.cwd).bytes(RECORD_SCRIPT);
    return 0;
  }
  requireOutputs(platform, { read: [compare], written: [target] });
  if (compare !== undefined) return runCompare(platform, await collectThisMachine(platform), compare, options, scope);
  await runUnite(platform, add ?? [], target, options);
  return 0;
}

/**
 * Writes what this machine, what is named and, beside these, the record that the output has say.
 * @param target where it goes; undefined: into the one record that is named, else to standard output
 */
async function runUnite(
  platform: Platform,
  names: readonly string[],
  target: string | undefined,
  options: RecordOptions,
): Promise<void> {
  const [alone = '-'] = target === undefined && names.length === 1 ? names : [];
  const isAlone = alone !== '-' && !isOpenFile(alone);
  const added = names.map((name) => readBefore(platform, name, isAlone));
  // A listing stays what it is: whoever else writes it would not know it again.
  const inPlace = isAlone && added[0]!.isRecord ? added[0]!.record : null;
  const place = target ?? (inPlace ? alone : '-');
  const isThere = isRecordFile(platform, place);
  const known = inPlace ?? (names.length > 0 && isThere ? readBefore(platform, place, false).record : null);
  requireOutputs(platform, {
    read: names.filter((_, i) => known === null || !added[i]!.isRecord),
    written: [],
    replaced: { file: place, base: undefined, hasAll: known !== null },
  });
  const here = await collectThisMachine(platform);
  const united = uniteRecords([...added.map(({ record }) => record), ...(known ? [known] : []), here]);
  const text = formatRecord(united);
  const old = isThere && !options.json ? `record --add ${shellWords([`${place}.old`, place])}` : '';
  if (known) {
    // All that was there is in it. It stays a record, and JSON is printed.
    if (options.json) new DataOutput({ ...options, output: '-' }, platform.cwd).json(factsJson(united), false);
    new NodeFileWriter().writeConfigAtomic(resolve(platform.cwd, place), text, false);
  } else {
    const output = new DataOutput({ ...options, output: place }, platform.cwd, old);
    if (options.json) output.json(factsJson(united), false);
    else output.bytes(text);
  }
  await dataWritten();
  if (!options.quiet) printNotes(place, united, known);
}

function isRecordFile({ fs, cwd }: Platform, name: string): boolean {
  const path = resolve(cwd, name);
  // What a process has open is not replaced, but written to.
  const isFile = name !== '-' && !isOpenFile(path) && fs.stat(path)?.isFile;
  const bytes = isFile ? fs.readBytes(path, MAX_RECORD_BYTES) : null;
  return bytes !== null && isRecord(latin1(bytes));
}

const latin1 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** @param before what the file had; null where what is written is not united with it */
function printNotes(place: string, record: MachineRecord, before: MachineRecord | null): void {
  if (place !== '-') {
    const fresh = before ? [...record.keys()].filter((fact) => !before.has(fact)).length : 0;
    printMessage(`${place}: ${record.size} facts${before ? `, ${fresh} of them new` : ''}`);
  }
  const unseen = unseenSources(record);
  if (unseen.length > 0)
    printMessage(
      `note: not seen: ${unseen.join(', ')} (docs/record.md${process.geteuid?.() === 0 ? '' : '; sudo sees more'})`,
    );
  if (record.has('virt container')) printMessage('note: this is a container, and shows little of its machine');
}

/** @throws InputError `record-no-machine` where there is no Linux to record */
async function collectThisMachine(platform: Platform): Promise<MachineRecord> {
  if (kernelRelease(platform.fs) === null) throw new InputError({ code: 'record-no-machine', args: {} });
  return collectRecord(platform);
}

function factsJson(record: MachineRecord): Record<string, unknown> {
  const facts = [...record].sort(([a], [b]) => byBytes(a, b));
  return recordJson(facts.map(([fact, sighting]) => ({ fact, ...sighting })));
}

/** An earlier record, or a listing of modules. */
interface Before {
  readonly record: MachineRecord;
  /** False for a listing. */
  readonly isRecord: boolean;
}

/** @param mayMiss whether a file that is not there is an empty record: the first run of a timer */
function readBefore(platform: Platform, name: string, mayMiss: boolean): Before {
  const isPiped = name === '-';
  const file = isPiped ? 'standard input' : name;
  const path = resolve(platform.cwd, name);
  if (mayMiss && !isPiped && !platform.fs.exists(path)) return { record: new Map(), isRecord: true };
  const bytes = isPiped ? readStandardInput(MAX_RECORD_BYTES) : platform.fs.readBytes(path, MAX_RECORD_BYTES);
  if (!bytes) {
    const reason = isPiped ? 'device' : unreadableReason(platform.fs, path);
    throw new InputError({ code: 'record-unreadable', args: { file, reason } });
  }
  const text = latin1(bytes);
  if (text.trim() === '') throw new InputError({ code: 'record-empty', args: { file } });
  const read = isRecord(text) ? parseRecord(text, file) : parseOther(text, file);
  for (const diagnostic of read.diagnostics) printDiagnostic(diagnostic);
  if ('record' in read) requireThisArchitecture(read.record, platform, file);
  return 'record' in read
    ? { record: read.record, isRecord: true }
    : { record: recordOfListing(read), isRecord: false };
}

/**
 * A listing. @throws InputError as `parseListing`, in words that fit where neither a config nor symbols can be named
 */
function parseOther(text: string, file: string): Listing {
  try {
    return parseListing(text, file);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const code = CODE_IN_RECORD[error.diagnostic.code];
    throw code === undefined ? error : new InputError({ ...error.diagnostic, code });
  }
}

const CODE_IN_RECORD: Readonly<Record<string, string>> = {
  'listing-not-a-listing': 'record-nor-listing',
  'listing-empty': 'record-of-empty-listing',
};

/** @throws InputError `record-other-machine` where a record is of another kind of machine than this */
function requireThisArchitecture(record: MachineRecord, { host }: Platform, file: string): void {
  const machine = foreignMachine(record, srcarchOfMachine(host.machine));
  if (machine !== null)
    throw new InputError({ code: 'record-other-machine', args: { file, machine, here: host.machine } });
}

async function runCompare(
  platform: Platform,
  after: MachineRecord,
  file: string,
  options: RecordOptions,
  scope: Scope,
): Promise<number> {
  const { record: before } = readBefore(platform, file, false);
  const release = kernelRelease(platform.fs);
  const tree = options.tree === undefined ? NO_TREE : await symbolsOfTree(options, scope);
  const comparison = compareRecords({
    before,
    after,
    modules: new KernelModules(platform.fs, release),
    aliases: new AliasTable(platform.fs, release),
    symbolsOf: tree.of,
  });
  tree.finish();
  const report: RecordCompareReport = {
    source: file === '-' ? 'standard input' : file,
    before: originOf(before),
    after: originOf(after),
    hasTree: options.tree !== undefined,
    comparison,
    unseen: unseenSources(after),
    isRoot: process.geteuid?.() === 0,
  };
  const output = new DataOutput(options, platform.cwd);
  const style = { verbose: options.verbose ?? false, quiet: options.quiet ?? false };
  if (options.json) output.json(recordCompareJson(report));
  else output.report(recordCompareText(report, style));
  return comparison.missing.length > 0 ? 1 : 0;
}

/** The symbols that decide whether a tree builds what something comes from. Its sources are read when the first is asked. */
async function symbolsOfTree(options: RecordOptions, scope: Scope): Promise<TreeSymbols> {
  const command = await CommandRun.open(options, scope);
  const { workspace } = command;
  const kconfig = await workspace.kconfig(null);
  const kbuild = workspace.kbuild(kconfig);
  // Makefiles and sources name symbols of other architectures, too, which no config of this one can set.
  const canBeSet = (name: string): boolean => kconfig.symbols.find(name)?.isDefined ?? false;
  command.finish();
  let map: ProviderMap | null = null;
  return {
    of: (kind, name, module) => {
      map ??= new ProviderMap({ kbuild, sources: workspace.sources(), units: allUnits(kbuild), lookup: null });
      const answer = map.find(...factOfLost(kind, name, module));
      const providers = answer.kind === 'mapped' ? answer.providers : [];
      return [...new Set(providers.flatMap(({ symbols, inside }) => [...symbols, ...inside]))].filter(canBeSet);
    },
    finish: () => {
      if (map === null) return;
      workspace.sources().writeCache();
      workspace.finishSources();
    },
  };
}

/** What a tree tells of what was lost. */
interface TreeSymbols {
  readonly of: CompareInput['symbolsOf'];
  /** Ends what was started for it. */
  readonly finish: () => void;
}

const NO_TREE: TreeSymbols = { of: () => [], finish: () => undefined };

function originOf(record: MachineRecord): RecordOrigin {
  const kernels = [...factsOf(record, 'kernel')].map(({ fields }) => fields[0] ?? '').filter((name) => name !== '-');
  const all = [...record.values()];
  return { kernels, days: all.length === 0 ? null : all.reduce(uniteSightings).days };
}

function unseenSources(record: MachineRecord): string[] {
  return [...factsOf(record, 'source')].filter(({ count }) => count === 0).map(({ fields }) => fields[0] ?? '');
}
