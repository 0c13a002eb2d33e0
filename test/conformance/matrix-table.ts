/** docs/matrix.md, as `npm run matrix` writes it. */
import type { MatrixRow } from './matrix-cases.ts';

/** A row of the table. */
export function line({
  config,
  arch,
  baseModules,
  set,
  needed,
  modules,
  objects,
  lost,
  fixpoint,
  unsound,
}: MatrixRow): string {
  const columns = [config, arch, baseModules, set, needed, modules, objects, lost.length, fixpoint ? 'yes' : 'NO'];
  return `| ${[...columns, unsound.length === 0 ? 'yes' : 'NO'].join(' | ')} |`;
}

function table(all: readonly MatrixRow[]): string {
  const head = [
    'config',
    'arch',
    'modules in base',
    'loaded',
    'needed',
    'built',
    'objects',
    'lost',
    'fixpoint',
    'sound',
  ];
  const lines = [`| ${head.join(' | ')} |`, `|${head.map(() => ' --- ').join('|')}|`, ...all.map(line)];
  return `${lines.join('\n')}\n`;
}

/** The file. @param bases names of all bases: those without a row are named */
export function matrixDocument(all: readonly MatrixRow[], version: string, bases: readonly string[]): string {
  const made = new Set(all.map(({ config }) => config));
  const open = bases.filter((name) => !made.has(name));
  const lost = all.reduce((sum, row) => sum + row.lost.length, 0);
  const needed = all.reduce((sum, row) => sum + row.needed, 0);
  return `# Every distribution's config

Each config was brought to Linux ${version} by the kernel's own \`conf --olddefconfig\`, trimmed to a set of loaded modules, and
judged by programs that this project did not write: conf says whether the result is final (*fixpoint*), GNU make on the kernel's
own Makefiles what it builds. *Needed* are the loaded modules that the base builds; *lost* those of them that the result does
not build. *Sound* says whether \`kconfig-trim check\` finds no error in the base. For x86 the modules are those of real machines'
listings; elsewhere they are drawn at random from all that the base builds, which is harder on a trim than any machine: modules
that nothing joins.

Of ${needed} needed modules in ${all.length} trims, ${lost} ${lost === 1 ? 'was' : 'were'} lost.

${open.length === 0 ? '' : `Still to be run, and without a row here: ${open.join('; ')}.\n\n`}${table(all)}
\`npm run matrix\` makes three rows for each config, and writes this file; \`KCONFIG_TRIM_SETS=1 npm run matrix\` makes the first
of them. It needs the kernels of \`npm run setup:kernel\` (\`KCONFIG_TRIM_KERNELS\`), listings (\`KCONFIG_TRIM_LISTINGS\`) and configs
(\`KCONFIG_TRIM_CONFIGS\`); a run that was cut off is gone on with. CI tries one trim with each run, another every day
(test/conformance/matrix.test.ts).
`;
}
