/** What makefiles of the architectures that a tree is not read for name. */
import type { MakeFiles } from '../make/files.ts';
import { objectName } from './names.ts';

/**
 * The modules that these makefiles may list, two levels deep (arch/arm64/crypto/Makefile): names as moduleName folds
 * them, each with the first makefile that lists it. Conditions and variables are passed over.
 * @param srcarch the architecture that the tree is read for
 */
export function modulesElsewhere(files: MakeFiles, srcarch: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const arch of files.list('arch') ?? []) {
    if (arch === srcarch) continue;
    for (const directory of files.list(`arch/${arch}`) ?? []) {
      const makefile = `arch/${arch}/${directory}/Makefile`;
      // Many have none, and trying to open what is not there costs more than to look.
      const text = files.exists(makefile) ? files.read(makefile) : null;
      for (const name of text === null ? [] : listedModules(text)) if (!found.has(name)) found.set(name, makefile);
    }
  }
  return found;
}

/** The names of objects that a makefile may make modules of. */
function listedModules(text: string): string[] {
  const lists = text.replaceAll('\\\n', ' ').matchAll(/^[ \t]*obj-(?:\$\(CONFIG_\w+\)|m)[ \t]*[+:]?=(.*)$/gm);
  return [...lists]
    .flatMap(([, list = '']) => list.trim().split(/\s+/))
    .filter((word) => word.endsWith('.o'))
    .map(objectName);
}
