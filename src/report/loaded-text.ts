import type { LoadedReport, LoadedStatus, TrimResult } from '../trim/types.ts';
import { count, counted } from './count-text.ts';
import { type Detail, listedNames } from './report-detail.ts';
import { paint } from './styled-text.ts';

/** Names below a heading before the rest is counted. */
const NAMES_SHOWN = 6;

/** What a list of loaded modules is called. `them`: it or them. */
interface Heading {
  readonly text: (them: string) => string;
  /** Before names in the same line. */
  readonly short: (them: string) => string;
}

/** Headings of the loaded modules that are not simply kept, in the order of the report. */
const HEADINGS: readonly (readonly [LoadedStatus, Heading])[] = [
  [
    'out-of-tree',
    {
      text: (them) => `built outside the kernel tree: build ${them} again for the new kernel, as DKMS does`,
      short: (them) => `from outside the tree (build ${them} again)`,
    },
  ],
  ['renamed', { text: () => 'renamed', short: () => 'renamed' }],
  ['removed', { text: () => 'not in this kernel version', short: () => 'not in this kernel version' }],
  [
    'unknown',
    {
      text: (them) => `not in this tree: from outside it (build ${them} again), renamed or removed`,
      short: () => 'not in this tree',
    },
  ],
];

/**
 * What became of the loaded modules.
 * @param looksTrimmed whether the report begins with what the base config lacks
 * @param before columns of what stands before each row
 * @returns the first row is a sentence on those that are built
 */
export function loadedRows(
  { loaded, isEnabled }: Pick<TrimResult, 'loaded' | 'isEnabled'>,
  looksTrimmed: boolean,
  detail: Detail,
  before: number,
): string[] {
  const turnedOn = loaded.filter(({ enable }) => enable === 'done');
  const given = loaded.filter(({ enable }) => enable !== 'done');
  const by = (status: LoadedStatus): LoadedReport[] => given.filter((module) => module.status === status);
  const lost = by('lost');
  const kept = by('kept').length;
  const rows = [
    lost.length > 0
      ? `${counted(kept, 'loaded module')}, ${count(lost.length)} LOST`
      : keptText(given, turnedOn.length),
  ];
  const list = (modules: readonly LoadedReport[], heading: Heading, withNotes = false): void => {
    rows.push(...listRows(modules, heading, withNotes, detail, before));
  };
  const off = by('off');
  list(turnedOn, same('turned on, off in the base config'));
  list(lost, same('LOST'));
  list(
    off.filter(({ enable }) => enable === 'possible'),
    possibleHeading(isEnabled, looksTrimmed),
  );
  list(
    off.filter(({ enable }) => enable === 'impossible'),
    { text: () => 'off in the base config, no way on was found', short: () => 'off, no way on was found' },
    isEnabled,
  );
  for (const [status, heading] of HEADINGS) {
    const modules = by(status);
    list(modules, heading, status === 'renamed' || modules.some(({ note }) => note.startsWith('did you mean')));
  }
  return rows;
}

const same = (text: string): Heading => ({ text: () => text, short: () => text });

/** Of what `--enable` turns on, or did not. */
function possibleHeading(isEnabled: boolean, looksTrimmed: boolean): Heading {
  if (isEnabled) {
    const text = (them: string): string => `off, for ${them === 'it' ? 'it' : 'they'} would take others away`;
    return { text, short: text };
  }
  const way = (them: string): string => (looksTrimmed ? 'see the top' : `--enable turns ${them} on`);
  return { text: (them) => `off in the base config (${way(them)})`, short: (them) => `off (${way(them)})` };
}

const NOT_OF_TREE: ReadonlySet<LoadedStatus> = new Set(['out-of-tree', 'removed', 'unknown']);

/** What the base config builds of the loaded modules, where none is lost. @param turnedOn how many there are besides */
function keptText(loaded: readonly LoadedReport[], turnedOn: number): string {
  const kept = loaded.filter(({ status }) => status === 'kept').length;
  const builtin = loaded.filter(({ status }) => status === 'builtin').length;
  if (kept > 0) {
    const all = kept === 1 ? 'the one loaded module' : `all ${count(kept)} loaded modules`;
    return `${all} that the base config builds${builtin > 0 ? `, and ${count(builtin)} built in` : ''}`;
  }
  if (builtin > 0) {
    const are = builtin === 1 ? 'is' : 'are';
    return `no loaded module: the base config builds none as a module, ${count(builtin)} ${are} built in`;
  }
  if (loaded.length + turnedOn === 0) return 'no loaded module: there is none';
  const isForeign = turnedOn === 0 && loaded.every(({ status }) => NOT_OF_TREE.has(status));
  return `no loaded module: ${isForeign ? 'none is of this tree' : 'the base config builds none of them'}`;
}

/** @param withNotes whether each stands in a row of its own, with what there is to say of it */
function listRows(
  modules: readonly LoadedReport[],
  heading: Heading,
  withNotes: boolean,
  detail: Detail,
  before: number,
): string[] {
  if (modules.length === 0) return [];
  const them = modules.length === 1 ? 'it' : 'them';
  const names = modules.map(({ name }) => name);
  const highlight = (text: string): string => (modules[0]!.status === 'lost' ? paint('red', text) : text);
  if (detail.isDense) {
    const text = `${count(modules.length)} ${heading.short(them)}:`;
    return [`${highlight(text)} ${listedNames(names, detail, NAMES_SHOWN, before + text.length + 1)}`];
  }
  const first = highlight(`${count(modules.length)} ${heading.text(them)}:`);
  if (detail.isAll) return [first, ...modules.map((module) => moduleRow(module, detailOf(module)))];
  if (!withNotes) return [first, `  ${listedNames(names, detail, NAMES_SHOWN, before + 2)}`];
  const isShort = detail.room !== null;
  const shown = modules.slice(0, NAMES_SHOWN);
  const rows = shown.map((module) => moduleRow(module, isShort ? shortNote(module) : ownNote(module)));
  const more = modules.length - shown.length;
  return [first, ...rows, ...(more > 0 ? [`  and ${count(more)} more (-v)`] : [])];
}

const moduleRow = ({ name }: LoadedReport, text: string): string => `  ${name}${text === '' ? '' : `: ${text}`}`;

/** What headings say of all that is below them. */
const SAID_BY_HEADING =
  /^(?:not in this (?:tree: .*|kernel version)|built outside the kernel tree|off in the base config)$/;

/** What there is to say of a module besides its heading. */
function ownNote({ note }: LoadedReport): string {
  const said = note
    .replace(/^off in the base config[;,] (?:and )?/, '')
    .replace(/^nothing was found that turns it on for \w+$/, '');
  return SAID_BY_HEADING.test(said) ? '' : said;
}

/** The same without where that is and how it is known: `now snd_ctl_led`. */
const shortNote = (module: LoadedReport): string => ownNote(module).replace(/ \(.*$/, '');

/** The same with path and symbols, each said once. */
function detailOf(module: LoadedReport): string {
  const note = ownNote(module);
  const isNew = (word: string): boolean => !note.split(/[^\w/.-]+/).includes(word);
  const path = module.path !== null && isNew(module.path) ? module.path : '';
  const parts = [note, path, module.symbols.filter(isNew).join(' ')];
  return parts.filter((part) => part !== '').join(', ');
}
