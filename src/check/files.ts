import { missingBuildFiles } from '../machine/keys.ts';
import type { FileSystem } from '../platform/platform.ts';
import { leftInTree } from '../toolchain/kernel-tree.ts';
import type { Configuration } from '../values/configuration.ts';
import type { ConfigFile } from './config-file.ts';
import { type CheckCase, type Finding, finding } from './types.ts';

/** What files are looked for with. */
export interface FilesInput {
  readonly config: Configuration;
  readonly file: ConfigFile;
  readonly fs: FileSystem;
  /** The kernel tree, absolute. */
  readonly tree: string;
  /** Where make runs, absolute; the tree itself where the build is inside it. */
  readonly objtree: string;
  readonly srcarch: string;
}

/** Keys, certificates, firmware and the like that the config names and that are not there; a tree that is not clean. */
export function checkFiles(input: FilesInput): CheckCase[] {
  const { config, file, fs, tree, objtree } = input;
  const { symbols } = config.kconfig;
  const missing = missingBuildFiles({
    fs,
    tree,
    objtree,
    value: (name) => {
      const symbol = symbols.find(name);
      return symbol?.isDefined && config.isWritten(symbol) ? config.text(symbol) : null;
    },
  });
  const cases = missing.map(({ symbol, value, missing: names, remedy }) => {
    const found = finding({
      code: 'file-missing',
      severity: 'error',
      subject: { kind: 'symbol', name: symbol },
      at: file.entries.get(symbol)?.at ?? null,
      wanted: `"${value}"`,
      held: `"${value}"`,
      remedy: { changes: [{ symbol, value: `"${remedy}"` }], loses: [] },
      args: { files: names.join(', ') },
    });
    return { name: symbol, findings: [found] };
  });
  const unclean = uncleanTree(input);
  return unclean ? [...cases, { name: 'source tree', findings: [unclean] }] : cases;
}

function uncleanTree({ fs, tree, objtree, srcarch }: FilesInput): Finding | null {
  const left = leftInTree(fs, { tree, objtree, srcarch });
  if (left === null) return null;
  const subject = { kind: 'tree', name: tree } as const;
  return finding({ code: 'tree-not-clean', severity: 'error', subject, args: { what: left } });
}
