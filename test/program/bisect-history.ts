/**
 * A history between two small trees that build for real, subsystem by subsystem: symbols are renamed in two steps, of which the
 * first leaves a tree that builds no such module, sources are split, and dependencies come. One commit does not parse, one
 * does not compile, and one plants the change that a bisection is to find.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { copyBuildTree } from '../cli/build-tree.ts';
import { BisectTree } from './bisect-tree.ts';

const SUBSYSTEMS = ['bus', 'disk', 'net', 'sound', 'video', 'input'] as const;
/** Of a subsystem: as it was, its Kconfig file renamed, its Makefile as well, its source split, a dependency more. */
const FORMS = [1, 2, 3, 4] as const;
/** What the bisection is to find; tests search compiled code for it. */
export const PLANTED = 'planted_change';

/** The first line of the commit that planted it. */
export const PLANTING = 'plant the change';

/** A tree with the history in it. */
export interface History {
  readonly tree: BisectTree;
  /** The commit that planted the change. */
  readonly planted: string;
}

/** Files by their paths in the tree. */
type Files = Readonly<Record<string, string>>;

/** @param at after how many changes of subsystems the change is planted, from 1 */
export function makeHistory(at: number): History {
  const folder = dirname(copyBuildTree().tree);
  const each = (line: (name: string) => string): string => SUBSYSTEMS.map(line).join('');
  const first: Files = {
    Kconfig: `${KCONFIG}${each((name) => `source "drivers/${name}/Kconfig"\n`)}`,
    'init/Kconfig.extra': '',
    'drivers/Makefile': each((name) => `obj-y += ${name}/\n`),
    ...Object.assign({}, ...SUBSYSTEMS.map((name) => formOf(name, 0))),
  };
  for (const [name, text] of Object.entries(first)) {
    mkdirSync(dirname(join(folder, 'tree', name)), { recursive: true });
    writeFileSync(join(folder, 'tree', name), text);
  }
  const tree = new BisectTree(folder);
  writeFileSync(join(folder, 'base'), `CONFIG_MODULES=y\n${each((name) => `CONFIG_${name.toUpperCase()}=m\n`)}`);
  writeFileSync(
    join(folder, 'modules'),
    each((name) => `${name}\n`),
  );
  tree.add(changes(at));
  return { tree, planted: tree.commits[tree.subjects.indexOf(PLANTING)]! };
}

/** What each commit changes, by its subject. */
function changes(at: number): (readonly [subject: string, files: Files])[] {
  const steps = SUBSYSTEMS.flatMap((name) => FORMS.map((form) => ({ name, form })));
  return steps.flatMap(({ name, form }, index) => [
    [`${name} takes form ${form}`, formOf(name, form)] as const,
    ...(index === 9 ? brokenFor('init/Kconfig.extra', 'nonsense\n', '') : []),
    ...(index === 14 ? brokenFor('init/main.c', '#error does not compile\n', MAIN) : []),
    ...(index + 1 === at ? [[PLANTING, { 'lib/string.c': `const char ${PLANTED}[] = "${PLANTED}";\n` }] as const] : []),
  ]);
}

const brokenFor = (name: string, broken: string, mended: string) =>
  [
    [`${name} is broken`, { [name]: broken }],
    [`${name} is mended`, { [name]: mended }],
  ] as const;

const KCONFIG = `mainmenu "small"

config CC_VERSION_TEXT
	string
	default "$(CC_VERSION_TEXT)"

config MODULES
	bool "Modules"
	modules
	default y

source "arch/$(SRCARCH)/Kconfig"
source "init/Kconfig.extra"
`;
const MAIN = 'int start(void)\n{\n\treturn 0;\n}\n';

function formOf(name: string, form: number): Files {
  const before = name.toUpperCase();
  const after = `${before}_CORE`;
  const bus = form >= 4 ? `\nconfig ${before}_HOST\n\tbool "host of ${name}"\n` : '';
  const needs = form >= 4 ? `\tdepends on ${before}_HOST\n` : '';
  const objects = form >= 3 ? `${name}-y := main.o more.o\n` : '';
  const parts = form >= 3 ? ['main', 'more'] : [name];
  return {
    [`drivers/${name}/Kconfig`]: `config ${form >= 1 ? after : before}\n\ttristate "${name}"\n${needs}${bus}`,
    [`drivers/${name}/Makefile`]: `obj-$(CONFIG_${form >= 2 ? after : before}) += ${name}.o\n${objects}`,
    ...Object.fromEntries(parts.map((part) => [`drivers/${name}/${part}.c`, `int ${name}_${part};\n`])),
  };
}
