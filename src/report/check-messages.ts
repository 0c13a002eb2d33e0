import type { Cause, CheckName, CheckResult, Finding, FindingCode, SymbolSuccessor } from '../check/types.ts';
import type { Position, Severity } from '../diagnostics/diagnostic.ts';
import type { Blocker } from '../trim/blocker.ts';
import type { Hindrance, SetBy } from '../trim/why-types.ts';
import { count, counted } from './count-text.ts';
import { article, keepText, letterText, NO_FRAGMENT, otherTarget, treeNotClean } from './diagnostic-text.ts';
import { shellWords } from './shell-words.ts';
import { blockerRows, hindranceText } from './why-text.ts';

/** A line below a message: what is said, and the line of the tree that says it. */
export interface Detail {
  readonly text: string;
  readonly at: Position | null;
  /** A command to be typed, behind the text. */
  readonly command?: readonly string[];
}

/** A detail in one line of plain text, without its place. */
export function detailText({ text, command }: Detail): string {
  return command ? `${text}: ${shellWords(command)}` : text;
}

/** One finding, or many of one kind, in words. */
export interface CheckMessage {
  readonly check: CheckName;
  readonly severity: Severity;
  readonly code: FindingCode;
  readonly at: Position | null;
  /** One line. */
  readonly text: string;
  readonly details: readonly Detail[];
}

/** Selectors, defaults and the like that are shown of one finding. */
const ROWS_SHOWN = 4;
/** Errors of one cause that are shown as one. */
const FEWEST_CAUSED = 3;
/** Names on the line of a group. */
const NAMES_SHOWN = 8;

/** Findings of one kind that are one message where there are several: what each says is clear from its name. */
const GROUPED: Partial<Record<FindingCode, (found: string) => string>> = {
  'value-added': (found) => `${found} symbols have no line; olddefconfig gives them their defaults`,
  'symbol-gone': (found) => `${found} symbols that are off are not in this tree; olddefconfig drops their lines`,
  'promptless-gone': (found) =>
    `${found} symbols that nobody can set are not in this tree; olddefconfig drops their lines`,
  'line-dropped': (found) =>
    `${found} lines "is not set" are about symbols that cannot be seen; olddefconfig drops them`,
  'toolchain-value': (found) => `${found} symbols are other ones with the toolchain here`,
  'line-unasked': (found) =>
    `whether savedefconfig writes ${found} symbols is up to the toolchain, which was not asked`,
  'module-unknown': (found) => `${found} loaded modules are not in this tree (from outside it, renamed or removed)`,
  'module-out-of-tree': (found) =>
    `${found} loaded modules were built outside the tree; build them for this kernel too`,
  'request-follows': (found) => `${found} values that no user can set are other ones, as they follow from others`,
  'request-overridden': (found) => `${found} values are set otherwise by a later fragment`,
  'gone-from-tree': (found) => `${found} symbols that were on are not in this tree`,
};

/** The same of errors, where there are more than a person reads one by one and nothing else is known of them. */
const GROUPED_ERRORS: typeof GROUPED = {
  'symbol-gone': (found) => `${found} symbols are not in this tree; olddefconfig drops their lines`,
};

/** Errors that come from one symbol. */
export interface CausedErrors {
  readonly cause: Cause;
  readonly errors: readonly Finding[];
}

/**
 * Errors by the symbol that they come from, where it has several; first those of which somebody can do something, and of these
 * the one that explains the most.
 */
export function causedErrors(results: readonly CheckResult[]): CausedErrors[] {
  const groups = new Map<string, { cause: Cause; errors: Finding[] }>();
  for (const { cases } of results) {
    for (const found of cases.flatMap(({ findings }) => findings)) {
      if (found.severity !== 'error' || found.cause === null) continue;
      const group = groups.get(found.cause.symbol) ?? { cause: found.cause, errors: [] };
      group.errors.push(found);
      groups.set(found.cause.symbol, group);
    }
  }
  return [...groups.values()]
    .filter(({ errors }) => errors.length >= FEWEST_CAUSED)
    .sort((a, b) => Number(hasWay(b)) - Number(hasWay(a)) || b.errors.length - a.errors.length);
}

const hasWay = ({ errors }: CausedErrors): boolean => errors.some(({ remedy }) => remedy !== null);

/** `MAC80211=n explains 31 of 34 errors` */
export function causeText({ cause, errors }: CausedErrors, results: readonly CheckResult[]): string {
  return `${cause.symbol}=${cause.value} explains ${count(errors.length)} of ${counted(countFindings(results).error, 'error')}`;
}

/** Errors that come from one symbol as one message, with that of them for an example which says the most. */
function causedMessage(
  group: CausedErrors,
  check: CheckName,
  again: readonly string[] | null,
  hint: string,
): CheckMessage {
  const { cause, errors } = group;
  const direct = errors.filter((found) => isDirect(found, cause));
  const others = errors.filter((found) => !direct.includes(found));
  const isTheWay = ({ remedy }: Finding): boolean =>
    remedy?.changes.length === 1 && remedy.changes[0]!.symbol === cause.symbol;
  const isBlamed = ({ hindrances }: Finding): boolean => hindrances.some(({ symbol }) => symbol === cause.symbol);
  const example =
    errors.find(isTheWay) ?? direct.find(isBlamed) ?? direct.find(({ remedy }) => remedy) ?? direct[0] ?? errors[0]!;
  const { text, at, details: below } = findingMessage(check, example, again);
  const names = [...direct, ...others].map(({ subject }) => subject.name);
  return {
    check,
    severity: 'error',
    code: example.code,
    at: cause.at,
    text: `${cause.symbol}=${cause.value}: ${counted(errors.length, 'error')} come from it: ${someNames(names, hint)}`,
    details: [{ text, at }, ...below],
  };
}

/** Whether a condition of it names the symbol itself. */
const isDirect = ({ blockers }: Finding, { symbol }: Cause): boolean =>
  blockers.some(({ operands }) => operands.some((operand) => operand.symbol === symbol));

/** How many findings there are of each severity. */
export function countFindings(results: readonly CheckResult[]): Record<Severity, number> {
  const counts = { error: 0, warning: 0, info: 0 };
  for (const { cases } of results) {
    for (const { findings } of cases) for (const { severity } of findings) counts[severity]++;
  }
  return counts;
}

/** `: 2 errors, 1 warning`, or nothing where there are none. */
export function countText(results: readonly CheckResult[]): string {
  const counts = countFindings(results);
  const said = (['error', 'warning'] as const)
    .filter((severity) => counts[severity] > 0)
    .map((severity) => counted(counts[severity], severity));
  return said.length > 0 ? `: ${said.join(', ')}` : '';
}

/**
 * The message of one finding.
 * @param again the options with which another command reads the same tree and config; null where none would
 */
export function findingMessage(check: CheckName, found: Finding, again: readonly string[] | null = null): CheckMessage {
  const { severity, code, at } = found;
  return { check, severity, code, at, text: MESSAGES[code](found), details: details(found, again) };
}

/**
 * The findings of a check in words.
 * @param verbose each by itself; otherwise what is many of one kind and needs no reading is one message
 * @param caused errors that are one message for each symbol that they come from
 * @param again as for `findingMessage`
 * @param hint behind names that are cut short: what has all
 */
export function checkMessages(
  { name, cases }: CheckResult,
  verbose: boolean,
  caused: readonly CausedErrors[] = [],
  again: readonly string[] | null = null,
  hint = ' (-v)',
): CheckMessage[] {
  const inGroups = new Set(caused.flatMap(({ errors }) => errors));
  const all = cases.flatMap((each) => each.findings);
  const findings = all.filter((found) => !inGroups.has(found));
  // What many come from stands first, where the first of them would.
  const messages = caused
    .filter(({ errors }) => all.includes(errors[0]!))
    .map((group) => causedMessage(group, name, again, hint));
  const grouped = new Set<string>();
  for (const found of findings) {
    const isError = found.severity === 'error';
    const heading = (isError ? GROUPED_ERRORS : GROUPED)[found.code];
    const isAlike = (other: Finding): boolean =>
      other.code === found.code && other.severity === found.severity && (!isError || isBare(other));
    const kind = `${found.severity} ${found.code}`;
    if (grouped.has(kind) && isAlike(found)) continue;
    const alike = heading && !verbose && isAlike(found) ? findings.filter(isAlike) : [];
    if (heading && alike.length > (isError ? FEWEST_CAUSED : 1)) {
      grouped.add(kind);
      messages.push(groupMessage(name, alike, heading(count(alike.length)), hint));
    } else {
      messages.push(findingMessage(name, found, again));
    }
  }
  return messages;
}

function groupMessage(check: CheckName, alike: readonly Finding[], text: string, hint: string): CheckMessage {
  const names = alike.map(({ subject }) => subject.name);
  const { severity, code } = alike[0]!;
  return { check, severity, code, at: null, text: `${text}: ${someNames(names, hint)}`, details: [] };
}

/** Whether nothing is known but that it is so. */
const isBare = ({ successors, args }: Finding): boolean => successors.length === 0 && args['near'] === undefined;

function someNames(names: readonly string[], hint: string): string {
  const rest = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(', ') + (rest > 0 ? `, and ${count(rest)} more${hint}` : '');
}

type Wording = (found: Finding) => string;

const asked = ({ subject, wanted }: Finding): string => `${subject.name}=${wanted ?? ''}`;

/** Why it is wanted: the record's own words. */
function recordText({ use, evidence, more }: Finding['args']): string {
  const rest = Number(more) > 0 ? ` and ${counted(Number(more), 'more line')}` : '';
  const what = use === 'hardware' ? 'hardware is there, its driver was not loaded' : 'the machine uses it';
  return `${what}: ${evidence}${rest}`;
}

/** What happened, in one line, by code. */
const MESSAGES: Readonly<Record<FindingCode, Wording>> = {
  'line-unreadable': ({ subject }) => `not a line of a config, conf passes over it: ${subject.name}`,
  'line-blanks': ({ args }) => `${args['text']}: conf takes no blanks around "="; write ${args['instead']}`,
  'line-marked': ({ args }) =>
    `the file begins with a byte order mark, so that conf passes over this line: ${args['text']}`,
  'wrong-type': (found) => {
    const type = found.args['type'];
    const is = type === undefined ? '' : `${found.subject.name} is ${article(String(type))}`;
    return found.subject.kind === 'line'
      ? `not a value, conf passes over the line: ${found.subject.name}`
      : `${asked(found)}: not a value for it (${is}); olddefconfig makes it ${value(found.held)}`;
  },
  'value-letter': (found) => letterText({ name: found.subject.name, value: found.wanted ?? '', ...found.args }),
  'out-of-range': (found) => {
    const { low, high } = found.args;
    return `${asked(found)}: not within ${low} to ${high}; olddefconfig makes it ${value(found.held)}`;
  },
  reassigned: (found) => `${asked(found)}: set more than once; the last line counts`,
  'choice-conflict': (found) => `${asked(found)}: another member of its choice is set as well`,
  'symbol-gone': (found) =>
    `${asked(found)}: this tree has no such symbol${nearText(found.args['near'])}; olddefconfig drops the line`,
  'promptless-gone': (found) =>
    `${asked(found)}: this tree has no such symbol, and nobody could set it; olddefconfig drops the line`,
  'symbol-transitional': (found) =>
    `${asked(found)}: an old name that is only read; olddefconfig drops the line and sets its successor`,
  'other-architecture': ({ args }) =>
    `it is for ${args['configured']}, ${args['meant'] ? `not for ${args['meant']}` : 'which this tree does not have'}; not checked`,
  'value-changed': (found) => `${asked(found)}: olddefconfig makes it ${value(found.held)}`,
  'value-added': (found) => `${found.subject.name} has no line; olddefconfig makes it ${value(found.held)}`,
  'line-dropped': (found) => `${found.subject.name}: it cannot be seen; olddefconfig drops the line "is not set"`,
  'toolchain-value': (found) =>
    found.wanted === null
      ? `${found.subject.name}=${value(found.held)}: new with the toolchain here`
      : `${asked(found)}: with the toolchain here it is ${value(found.held)}`,
  'line-needless': ({ subject, wanted, held }) =>
    subject.kind === 'line'
      ? `savedefconfig writes no such line: ${subject.name}`
      : `${subject.name}=${value(wanted)}: savedefconfig ${held === null ? 'leaves it out' : `writes ${value(held)}`}`,
  'line-missing': ({ subject, held }) => `savedefconfig adds ${subject.name}=${value(held)}`,
  'line-misplaced': ({ subject, wanted }) =>
    `${subject.name}${wanted === null ? '' : `=${wanted}`} is not where savedefconfig writes it; the first of the lines in another order`,
  'line-unasked': ({ subject, wanted, held }) =>
    `${subject.name}=${value(wanted ?? held)}: whether savedefconfig writes it is up to the toolchain, which was not asked`,
  'unmet-dependency': (found) => `${found.subject.name}=${found.held}: selected against its dependencies`,
  'request-not-held': (found) => `${asked(found)} is asked for; the config has ${value(found.held)}`,
  'request-follows': (found) => `${asked(found)}: the config has ${value(found.held)}; no user can set it`,
  'request-unknown': (found) =>
    `${asked(found)} is asked for; this tree has no such symbol${nearText(found.args['near'])}`,
  'request-none': () => NO_FRAGMENT,
  'request-ignored': (found) =>
    `looks like a value, but merge_config.sh would not take it: ${found.subject.name.trim()}`,
  'request-overridden': (found) => `${asked(found)} is set to ${found.args['value']} later, at ${found.args['by']}`,
  'module-off': ({ subject, args }) => {
    const now = args['now'] ? `, now ${args['now']}` : '';
    const path = args['path'] ? ` (${args['path']})` : '';
    return `module ${subject.name}${now}${path} is not built${args['note'] ? `: ${args['note']}` : ''}`;
  },
  'module-unknown': ({ subject, args }) => `loaded module ${subject.name}: ${args['note']}`,
  'module-out-of-tree': ({ subject }) =>
    `loaded module ${subject.name} was built outside the tree; build it for this kernel too`,
  'record-off': ({ subject, args }) => {
    if (args['lacks'] !== undefined) {
      const place = [args['unit'], args['path'] && `${args['path']}.ko`].filter(Boolean).join(' of ');
      const lacks = String(args['lacks']);
      const off = lacks === '' ? '' : `: ${lacks} ${lacks.includes(',') ? 'are' : 'is'} off`;
      return `${subject.name} is left out of ${place === '' ? 'the kernel' : place}${off}; ${recordText(args)}`;
    }
    const path = args['path'] ? ` (${args['path']})` : '';
    return `${subject.name}${path} is not built; ${recordText(args)}`;
  },
  'record-unknown': ({ subject, args }) => `nothing in this tree is ${subject.name}; ${recordText(args)}`,
  'keep-off': ({ subject }) => `${subject.name} is to be kept and is off`,
  'keep-unknown': ({ subject, args }) =>
    `${keepText(args['by'], subject.name)}: no symbol, module or Kconfig directory of this tree${nearText(args['near'])}`,
  'keep-without-old': ({ subject, args }) =>
    `${keepText(args['by'], subject.name)}: a directory stands for what is on in an old config; name one with --against`,
  'turned-off': (found) => `${asked(found)} before, now ${value(found.held)}${withFollowers(found)}`,
  'made-module': (found) => `${asked(found)} before, now ${value(found.held)}${withFollowers(found)}`,
  'gone-from-tree': (found) => `${asked(found)} before; this tree has no such symbol`,
  'file-missing': ({ subject, args }) =>
    `${subject.name} names ${args['files']}, which is not there: the build will stop`,
  'tool-missing': (found) => `${toolName(found)} is missing; ${neededBy(found)}`,
  'tool-too-old': (found) =>
    `${toolName(found)} is of version ${found.args['version']}, ${found.args['least']} is the oldest that will do; ${neededBy(found)}`,
  'header-not-found': (found) => `${toolName(found)} is in none of the usual places; ${neededBy(found)}`,
  'compiler-other-target': ({ subject, args }) => otherTarget({ ...args, name: subject.name }),
  'tree-not-clean': ({ args }) => treeNotClean(args['what']),
};

const toolName = ({ subject }: Finding): string =>
  subject.kind === 'header' ? `header ${subject.name}` : subject.name;

const neededBy = ({ args }: Finding): string => `${args['phase']} needs it${args['for'] ? ` for ${args['for']}` : ''}`;

/** `; near it: USB_ACM`, or nothing. */
const nearText = (near: string | number | undefined): string => (near ? `; near it: ${near}` : '');

const value = (held: string | null): string => (held === null || held === '' ? 'none' : held);

function withFollowers({ args }: Finding): string {
  const count = Number(args['followers'] ?? 0);
  if (count === 0) return '';
  return `; ${count} more went with it`;
}

/** What stands below a message: why, what the symbol may be now, and what would help. */
function details(found: Finding, again: readonly string[] | null): Detail[] {
  return [
    ...refusalDetails(found),
    ...setByDetails(found),
    ...blockerDetails(found.blockers),
    ...successorDetails(found),
    ...remedyDetails(found),
    ...shown(found.hindrances.map((each) => hindranceDetail(each, again))),
    ...markDetails(found),
    ...packageDetails(found),
  ];
}

function hindranceDetail(hindrance: Hindrance, again: readonly string[] | null): Detail {
  const { kind, symbol, at } = hindrance;
  const text = hindranceText(hindrance);
  return kind === 'not-searched' && again
    ? { text, at, command: ['kconfig-trim', 'why', symbol, ...again] }
    : { text, at };
}

/** What sed cannot edit. */
const NO_PLAIN_FILE = /^standard input$|\.(?:gz|xz|zst|bz2|lzma|lz4|lzo)$/;

/** How a byte order mark is taken away. */
function markDetails({ code, at }: Finding): Detail[] {
  if (code !== 'line-marked' || !at || NO_PLAIN_FILE.test(at.file)) return [];
  return [{ text: 'take it away', at: null, command: ['sed', '-i', String.raw`1s/^\(\xef\xbb\xbf\)*//`, at.file] }];
}

/** Why no config could hold a value that was asked for. */
function refusalDetails({ code, subject, args }: Finding): Detail[] {
  if (code !== 'request-not-held') return [];
  if (args['low'] !== undefined)
    return [{ text: `not within ${args['low']} to ${args['high']}  ${args['range']}`, at: null }];
  if (args['defaults'] !== undefined)
    return unpromptedDetails(subject.name, String(args['defaults']), String(args['followers']));
  if (args['type'] === undefined) return [];
  return [{ text: `not a value for it: ${subject.name} is ${article(String(args['type']))}`, at: null }];
}

/** What a number or text can be that no user sets, and what somebody meant to set, maybe. */
function unpromptedDetails(name: string, values: string, followers: string): Detail[] {
  const can = values === '' ? '' : `; by its defaults it is one of ${values}`;
  const meant = followers === '' ? [] : [{ text: `which can be set and has it by default: ${followers}`, at: null }];
  return [{ text: `no prompt sets ${name}${can}`, at: null }, ...meant];
}

/** Findings that are at the config's line itself. */
const SAID_BY_PLACE: ReadonlySet<FindingCode> = new Set(['value-changed', 'turned-off', 'made-module']);

/** What turned it on that should be off, or chose another; where conditions fail those say it all. */
function setByDetails({ setBy, blockers, code }: Finding): Detail[] {
  if (!setBy) return [];
  if (blockers.length > 0 && code !== 'unmet-dependency') return [];
  const texts: Partial<Record<SetBy['kind'], string>> = {
    select: 'selected by',
    imply: 'implied by',
    default: 'by default',
    choice: 'choice',
  };
  const word = texts[setBy.kind];
  if (word) return shown(setBy.by.map(({ text, at }) => ({ text: `${word} ${text}`, at })));
  if (setBy.kind === 'config' && !SAID_BY_PLACE.has(code)) {
    return setBy.by.map(({ text, at }) => ({ text: `the config says ${text}`, at }));
  }
  if (setBy.kind === 'invisible') return [{ text: 'nothing turns it on', at: null }];
  return [];
}

function blockerDetails(blockers: readonly Blocker[]): Detail[] {
  const rows = blockerRows(blockers).map(({ text, at }) => ({ text, at: at ?? null }));
  return shown(rows);
}

function shown(rows: readonly Detail[]): Detail[] {
  if (rows.length <= ROWS_SHOWN) return [...rows];
  const rest = rows.length - ROWS_SHOWN;
  return [...rows.slice(0, ROWS_SHOWN), { text: `and ${rest} more`, at: null }];
}

function successorDetails({ successors }: Finding): Detail[] {
  return successors.map((successor) => ({ text: successorText(successor), at: successor.at }));
}

/** What became of a symbol that the tree does not have. */
export function successorText({ name, evidence, symbols }: SymbolSuccessor): string {
  switch (evidence) {
    case 'tree':
      return `now ${name}`;
    case 'name':
      return `by its name perhaps now ${name}`;
    case 'architecture':
      return 'a symbol of another architecture';
    case 'always':
      return `its code is always built now: ${name}`;
    case 'merged':
      return `its code is built by ${name} now`;
    case 'part':
      return `its code is part of ${name} now, built by ${symbols.join(', ')}`;
  }
}

function remedyDetails({ remedy, code, wanted }: Finding): Detail[] {
  if (!remedy) return [];
  const values = remedy.changes.map(({ symbol, value: to }) => `${symbol}=${to}`).join(' ');
  const isValue = wanted !== null && !/^[nmy]/.test(wanted);
  const words = code === 'file-missing' ? 'goes on' : isValue ? 'it is' : 'on';
  return [{ text: `${words} with: ${values}`, at: null }];
}

const DISTRIBUTIONS = ['debian', 'fedora', 'arch', 'opensuse'] as const;
const DISTRIBUTION_NAMES = { debian: 'Debian', fedora: 'Fedora', arch: 'Arch', opensuse: 'openSUSE' } as const;

function packageDetails({ args }: Finding): Detail[] {
  const named = DISTRIBUTIONS.flatMap((each) => (args[each] ? [[DISTRIBUTION_NAMES[each], args[each]] as const] : []));
  if (named.length === 0) return [];
  const isSame = named.every(([, name]) => name === named[0]![1]);
  const text = isSame ? `package: ${named[0]![1]}` : `packages: ${named.map((each) => each.join(' ')).join(', ')}`;
  return [{ text, at: null }];
}
