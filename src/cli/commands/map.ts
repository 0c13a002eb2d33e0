import { InputError } from '../../diagnostics/diagnostic.ts';
import { nearNames } from '../../diagnostics/near-names.ts';
import { type KbuildTree, type ModuleEntry, nameInTree, printCondition } from '../../kbuild/index.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import type { Scope } from '../../platform/scope.ts';
import { kbuildLookup } from '../../trim/lookup.ts';
import type { BaseConfig, Workspace } from '../../workspace/workspace.ts';
import { CommandRun } from '../command-run.ts';
import { DataOutput } from '../data-output.ts';
import type { CommonOptions } from '../options.ts';
import { requireOutputs } from '../overwriting.ts';

/** There is no config to be found here, or it is of another architecture than the one that was asked for. */
const NO_BASE: ReadonlySet<string> = new Set(['base-config-not-found', 'config-other-architecture']);

/** Names that are offered for one that the tree does not have. */
const NEAR = 3;

/** `kconfig-trim map`: module → path → symbols and condition. Exit 1 when a name fits no module. */
export async function runMap(names: readonly string[], options: CommonOptions, scope: Scope): Promise<number> {
  const command = await CommandRun.open(options, scope);
  const base = await findBase(command);
  requireOutputs(command.platform, { read: [base?.source], written: [options.output] });
  const kconfig = await command.workspace.kconfig(base?.text ?? null);
  const kbuild = command.workspace.kbuild(kconfig);
  const built = base && builtPaths(command.workspace, kconfig, kbuild, base);
  const found = names.length > 0 ? names.map((name) => kbuild.modules.meant(name)) : byName(kbuild);
  const entries = found.flatMap((all) => resolveAmbiguous(all, built));
  const missing = names.filter((_, index) => found[index]!.length === 0);
  command.finish();
  const output = new DataOutput(options, command.platform.cwd);
  if (options.json) output.json({ modules: entries.map(asJson) }, false);
  else output.bytes(asText(entries));
  for (const name of missing) {
    command.warn(`kconfig-trim: no module of this tree is called ${name || "''"}${meant(name, kconfig, kbuild)}`);
  }
  return missing.length > 0 ? 1 : 0;
}

/** What a name that no module has may be: a symbol, or modules' names that are like it. */
function meant(name: string, { symbols }: Kconfig, kbuild: KbuildTree): string {
  const symbol = name.replace(/^CONFIG_/, '');
  if (symbols.find(symbol)?.isDefined) return `; ${symbol} is a symbol, which kconfig-trim why ${symbol} explains`;
  const near = nearNames(nameInTree(name), allNames(kbuild), NEAR).join(', ');
  return near === '' ? '' : `; near it: ${near}`;
}

/** The base config, which only decides between modules of the same name; without one all of them are listed. */
async function findBase(command: CommandRun): Promise<BaseConfig | null> {
  try {
    return await command.readConfigAlone('map');
  } catch (error) {
    const isNone = error instanceof InputError && NO_BASE.has(error.diagnostic.code);
    if (command.options.config === undefined && isNone) return null;
    throw error;
  }
}

function builtPaths(workspace: Workspace, kconfig: Kconfig, kbuild: KbuildTree, base: BaseConfig): Set<string> {
  const { config } = workspace.configure(kconfig, base);
  return new Set(kbuild.build(kbuildLookup(config)).modules.map((module) => module.path));
}

function allNames(kbuild: KbuildTree): string[] {
  return [...new Set([...kbuild.modules.all()].map((entry) => entry.name))].sort();
}

const byName = (kbuild: KbuildTree): (readonly ModuleEntry[])[] =>
  allNames(kbuild).map((name) => kbuild.modules.byName(name));

/** Of several modules with one name those that the base builds, where it builds any. */
function resolveAmbiguous(entries: readonly ModuleEntry[], built: ReadonlySet<string> | null): readonly ModuleEntry[] {
  const found = entries.length > 1 && built ? entries.filter((entry) => built.has(entry.path)) : entries;
  return found.length > 0 ? found : entries;
}

function asJson(entry: ModuleEntry): Record<string, unknown> {
  const { name, path, symbols, whenModule } = entry;
  return { name, path, symbols, condition: printCondition(whenModule) };
}

function asText(entries: readonly ModuleEntry[]): string {
  return entries
    .map(
      (entry) =>
        `${entry.name}\t${entry.path}\t${entry.decidingSymbols.join(' ')}\t${printCondition(entry.whenModule)}\n`,
    )
    .join('');
}
