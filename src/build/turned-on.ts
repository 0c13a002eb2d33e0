import type { Position } from '../diagnostics/diagnostic.ts';
import {
  type ConfigLookup,
  conditionSymbols,
  evaluateCondition,
  type KbuildTree,
  type Mention,
} from '../kbuild/index.ts';

/** What has a file built. */
export interface TurnedOn {
  /** The symbols that its own line names, or that of the nearest directory that names some; none: it always is. */
  readonly symbols: readonly { readonly name: string; readonly value: string }[];
  /** The modules that it is part of: paths without suffix. */
  readonly modules: readonly string[];
  /** That line. */
  readonly at: Position | null;
}

/**
 * What turns on the building of an object or a module.
 * @param target relative to the tree: `fs/ext4/inode.o`, `fs/ext4/ext4.ko`
 * @returns null where no Kbuild file lists it
 */
export function turnedOnBy(target: string, kbuild: KbuildTree, lookup: ConfigLookup): TurnedOn | null {
  if (!/\.(?:o|ko|mod)$/.test(target)) return null;
  const path = target.replace(/\.(?:ko|mod\.o|mod)$/, '.o');
  const modules: string[] = [];
  const mentions: Mention[] = [];
  for (const entry of kbuild.modules.all()) {
    const isSelf = `${entry.path}.o` === path;
    const member = entry.isComposite ? entry.objects.find((object) => object.path === path) : undefined;
    if (!member && !isSelf) continue;
    if (evaluateCondition(entry.whenModule, lookup)) modules.push(entry.path);
    // A part without a condition of its own is built with the whole.
    mentions.push(...(member?.mentions ?? []), ...entry.mentions);
  }
  const directory = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.';
  mentions.push(...builtinMentions(path, directory, kbuild));
  const named = mentions.find((mention) => holds(mention, lookup));
  if (named) return answer(named, modules, lookup);
  const chain = kbuild.modules.directoryChain(directory);
  for (const { mentions: lines } of chain) {
    const line = lines.find((mention) => holds(mention, lookup));
    if (line) return answer(line, modules, lookup);
  }
  const [first] = mentions;
  return first || chain.length > 0 ? { symbols: [], modules, at: first?.at ?? null } : null;
}

/** The lines that list an object for vmlinux, or list what it is a part of. */
function builtinMentions(path: string, directory: string, kbuild: KbuildTree): Mention[] {
  const entries = kbuild.directory(directory);
  if (entries === null) return [];
  const items = [...entries.builtin, ...entries.library, ...entries.extra, ...entries.always];
  return items.flatMap((item) => {
    if (item.path === path) return item.mentions;
    const member = entries.composites.get(item.path)?.members.find((each) => each.path === path);
    return member ? [...member.mentions, ...item.mentions] : [];
  });
}

/** Whether a line names symbols, one of which is on. */
function holds({ when }: Mention, lookup: ConfigLookup): boolean {
  return conditionSymbols(when).some((name) => (lookup(name) ?? '') !== '');
}

function answer({ at, when }: Mention, modules: readonly string[], lookup: ConfigLookup): TurnedOn {
  const symbols = conditionSymbols(when).map((name) => ({ name, value: lookup(name) || 'n' }));
  return { symbols: symbols.filter(({ value }) => value !== 'n'), modules, at };
}
