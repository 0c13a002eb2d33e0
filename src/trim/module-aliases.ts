import { type KbuildTree, type ModuleEntry, moduleName } from '../kbuild/index.ts';

/** A name that a module's source gives it beside its own. */
export interface ModuleAlias {
  /** As the source has it: `ipt_MASQUERADE`, `ledtrig:audio-mute`. */
  readonly text: string;
  readonly module: ModuleEntry;
  /** The source file. */
  readonly file: string;
}

const MACRO = 'MODULE_ALIAS';
const ALIAS = /^MODULE_ALIAS(?:_CRYPTO)?\(\s*"([^"*%]+)"/;
/** Longest piece of text that an alias stands in. */
const ALIAS_BYTES = 120;

/**
 * Every `MODULE_ALIAS("…")` and `MODULE_ALIAS_CRYPTO("…")` in the C files that modules are made of, by the name it
 * folds to. Reads all of them (0.3 s of one processor on a kernel in memory), so ask only when a name is left over.
 */
export function readModuleAliases(kbuild: KbuildTree): ReadonlyMap<string, readonly ModuleAlias[]> {
  const aliases = new Map<string, ModuleAlias[]>();
  const seen = new Set<string>();
  for (const module of kbuild.modules.all()) {
    for (const { path } of module.objects) {
      const file = path.replace(/\.o$/, '.c');
      if (seen.has(file)) continue;
      seen.add(file);
      for (const text of kbuild.lookAt(file, aliasesIn) ?? []) {
        const name = moduleName(text.replaceAll('/', '_'));
        const known = aliases.get(name);
        if (known) known.push({ text, module, file });
        else aliases.set(name, [{ text, module, file }]);
      }
    }
  }
  return aliases;
}

const NONE: readonly string[] = [];

function aliasesIn(bytes: Uint8Array): readonly string[] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = buffer.indexOf(MACRO);
  if (at < 0) return NONE;
  const found: string[] = [];
  for (; at >= 0; at = buffer.indexOf(MACRO, at + MACRO.length)) {
    const alias = ALIAS.exec(buffer.toString('latin1', at, at + ALIAS_BYTES))?.[1];
    if (alias !== undefined) found.push(alias);
  }
  return found;
}
