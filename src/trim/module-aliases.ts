import { type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';
import type { Sources } from '../sources/sources.ts';

/** A name that a module's source gives it beside its own. */
export interface ModuleAlias {
  /** As the source has it: `ipt_MASQUERADE`, `ledtrig:audio-mute`. */
  readonly text: string;
  readonly module: ModuleEntry;
}

/**
 * Every `MODULE_ALIAS("…")` and `MODULE_ALIAS_CRYPTO("…")` in the C files that modules are made of, by the name it
 * folds to. All of them are read (0.3 s of one processor on a kernel in memory), so ask only when a name is left over.
 */
export function readModuleAliases(kbuild: KbuildTree, sources: Sources): ReadonlyMap<string, readonly ModuleAlias[]> {
  const owners = new Map<string, ModuleEntry>();
  for (const module of kbuild.modules.all()) {
    for (const { path } of module.objects) if (!owners.has(path)) owners.set(path, module);
  }
  const aliases = new Map<string, ModuleAlias[]>();
  for (const [path, texts] of sources.aliases([...owners.keys()])) {
    const module = owners.get(path)!;
    for (const text of texts) {
      const name = moduleName(text.replaceAll('/', '_'));
      const known = aliases.get(name);
      if (known) known.push({ text, module });
      else aliases.set(name, [{ text, module }]);
    }
  }
  return aliases;
}
