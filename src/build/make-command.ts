/** How make is called. */

/** What the call is made of. */
export interface MakeCall {
  /** Absolute. */
  readonly tree: string;
  /** Absolute; the tree itself where it is built in place. */
  readonly objtree: string;
  readonly jobs: number;
  /** `ARCH=…`, `CC=…` and the like, as the user gave them and make takes them. */
  readonly variables: Readonly<Record<string, string>>;
  /** make's own options, as the user gave them. */
  readonly options: readonly string[];
  readonly targets: readonly string[];
}

/** A variable of make's command line whose value is a plain text, such as a path: make would expand what is behind a `$`. */
export const makeVariable = (name: string, value: string): string => `${name}=${plainForMake(value)}`;

/** A plain text as make has to be given it. */
export const plainForMake = (text: string): string => text.replaceAll('$', () => '$$');

/** The path that a variable of make's command line names. */
export const pathFromMake = (value: string): string => value.replaceAll('$$', () => '$');

/** make's arguments. */
export function makeArguments({ tree, objtree, jobs, variables, options, targets }: MakeCall): string[] {
  return [
    '-C',
    tree,
    ...(objtree === tree ? [] : [makeVariable('O', objtree)]),
    `-j${jobs}`,
    ...options,
    ...Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    ...targets,
  ];
}

/** Options of make whose value is the next word, whatever it is (main.c: switches). */
const WITH_VALUE =
  /^(?:-[A-Za-z]*[CEIWfo]|--(?:directory|file|makefile|include-dir|old-file|assume-old|what-if|new-file|assume-new|eval))$/;
/** Options whose value may be left out: the next word is it where it is a number. */
const WITH_NUMBER = /^(?:-[A-Za-z]*[jl]|--(?:jobs|load-average|max-load))$/;

/** Whether make takes a word for the value of the option in front of it. */
function isValueOf(option: string, word: string): boolean {
  return WITH_VALUE.test(option) || (WITH_NUMBER.test(option) && /^\d+(?:\.\d+)?$/.test(word));
}

/** Words behind `build`: variables as for make's own command line, and targets. */
export function splitMakeWords(words: readonly string[]): {
  variables: Record<string, string>;
  targets: string[];
  options: string[];
} {
  const variables: Record<string, string> = {};
  const targets: string[] = [];
  const options: string[] = [];
  /** The one that the word stands behind; empty for none. */
  let option = '';
  for (const word of words) {
    const assignment = /^([A-Za-z_][\w.-]*)=(.*)$/s.exec(word);
    const isValue = isValueOf(option, word);
    option = !isValue && word.startsWith('-') ? word : '';
    if (isValue || option !== '') options.push(word);
    else if (assignment) variables[assignment[1]!] = assignment[2]!;
    else targets.push(word);
  }
  return { variables, targets, options };
}

/** Of another make that started us, or that would lead make elsewhere than the command line says. */
const DROPPED = ['MAKELEVEL', 'MFLAGS', 'MAKEOVERRIDES', 'MAKEFILES', 'KBUILD_OUTPUT', 'sub_make_done', 'LANGUAGE'];

/**
 * make's environment: our own, without what belongs to another make, and with messages in English, since they are
 * read. The character set stays.
 * @param env our own
 */
export function makeEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !DROPPED.includes(name)) found[name] = value;
  }
  // LC_ALL would win over LC_MESSAGES.
  const all = found['LC_ALL'];
  delete found['LC_ALL'];
  if (all) found['LANG'] = all;
  for (const name of Object.keys(found)) if (all && name.startsWith('LC_')) delete found[name];
  found['LC_MESSAGES'] = 'C';
  const flags = ownFlags(found['MAKEFLAGS'] ?? '');
  delete found['MAKEFLAGS'];
  return flags === '' ? found : { ...found, MAKEFLAGS: flags };
}

/** The number of jobs that `MAKEFLAGS` asks for, as people set it (`MAKEFLAGS=-j16`); null where it doesn't. */
export function jobsOfMakeflags(flags: string | undefined): number | null {
  const found = /(?:^|\s)-?-?j(?:obs=)?\s*(\d+)(?=\s|$)/.exec(flags ?? '');
  return found && !/--jobserver/.test(flags!) ? Number(found[1]) : null;
}

/** Without the jobs and the job server of the make that started us, and without its variables, which are given anew. */
function ownFlags(flags: string): string {
  return flags
    .replace(/(^|\s)-j\s+\d+(?=\s|$)/g, ' ')
    .split(/(?<!\\)\s+/)
    .filter((word) => !/^-?-?j(?:obs=)?\d*$|^--jobserver|^--$|^[A-Za-z_]\w*=/.test(word))
    .join(' ')
    .trim();
}
