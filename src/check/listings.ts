import { type BuildResult, type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';
import type { MachineRecord } from '../machine/record/format.ts';
import { moduleObstacles } from '../trim/blockers.ts';
import { requireFit } from '../trim/listing-fit.ts';
import { buildables, type ResolvedModule, resolveLoaded } from '../trim/loaded.ts';
import type { LoadedModule } from '../trim/types.ts';
import type { Configuration } from '../values/configuration.ts';
import type { Reasons } from './reasons.ts';
import { type CheckCase, type Finding, finding } from './types.ts';

/** What modules are looked for in. */
export interface BuildUnderCheck {
  readonly config: Configuration;
  readonly kbuild: KbuildTree;
  readonly build: BuildResult;
  readonly reasons: Reasons;
}

/** A listing of loaded modules. */
export interface ListingUnderCheck {
  readonly source: string;
  readonly modules: readonly LoadedModule[];
  /** Lines that name no module. */
  readonly ignoredLines: number;
  /** All that it says, where it is a record. */
  readonly record?: MachineRecord | undefined;
}

/**
 * Whether the config builds each loaded module that is in the tree, as a module or into the kernel. What the tree does
 * not have cannot be built: a warning, or a note where the listing itself says that it comes from outside.
 * @param force whether to go on where little of it fits
 * @throws InputError `listing-fits-little`
 */
export function checkListing(listing: ListingUnderCheck, under: BuildUnderCheck, force: boolean): CheckCase[] {
  const resolved = resolveLoaded(listing.modules, under.kbuild, under.config, under.build);
  if (!force) requireFit(listing, resolved);
  return resolved.map((module) => ({ name: module.name, findings: listingFindings(module, under) }));
}

function listingFindings(module: ResolvedModule, under: BuildUnderCheck): Finding[] {
  const { name, status, note } = module;
  const subject = { kind: 'module', name } as const;
  switch (status) {
    case 'off':
      return [moduleOff(module, under)];
    case 'out-of-tree':
      return [finding({ code: 'module-out-of-tree', severity: 'info', subject })];
    case 'removed':
    case 'unknown':
      return [finding({ code: 'module-unknown', severity: 'warning', subject, args: { note } })];
    default:
      return [];
  }
}

/** A module of the tree that the config does not build. */
function moduleOff(module: ResolvedModule, under: BuildUnderCheck): Finding {
  const { entries, object, note } = module;
  if (entries.length > 0) return entryOff(module.name, entries, under);
  const at = object?.mentions[0]?.at ?? null;
  const way = under.reasons.wayToModule(module.name, buildables(module));
  const subject = { kind: 'module', name: module.name } as const;
  return finding({ code: 'module-off', severity: 'error', subject, at, held: 'n', ...way, args: { note } });
}

/**
 * A module that is not built, with the conditions that fail.
 * @param name as it was asked for; the entries may have another one
 * @param entries of which one would have to be built
 */
export function entryOff(name: string, entries: readonly ModuleEntry[], under: BuildUnderCheck): Finding {
  const { config, kbuild, reasons } = under;
  const [first] = entries;
  const at = first!.mentions[0]?.at ?? null;
  const now = moduleName(name) === first!.name ? '' : first!.name;
  return finding({
    code: 'module-off',
    severity: 'error',
    subject: { kind: 'module', name },
    at,
    held: 'n',
    blockers: reasons.withMacros(moduleObstacles(first!, config, kbuild, reasons.links)),
    ...reasons.wayToModule(name, entries),
    args: { path: first!.path, now },
  });
}
