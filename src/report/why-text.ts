import type { Position } from '../diagnostics/diagnostic.ts';
import type { Blocker } from '../trim/blocker.ts';
import type {
  Hindrance,
  KeptReason,
  Link,
  ModuleAnswer,
  ObjectAnswer,
  SetBy,
  SymbolAnswer,
  TrimmedView,
  WhyAnswer,
} from '../trim/why-types.ts';
import { textWidth } from './columns.ts';
import { linkText, shortCondition as short } from './link-text.ts';
import { byteStringToTerminal } from './plain-text.ts';
import { hanging, paint, REPORT_COLUMNS, verbatim } from './styled-text.ts';

/** Everything that `why` says of one name. */
export interface WhyReport {
  readonly name: string;
  readonly tree: { readonly version: string; readonly arch: string };
  /** The config in hand: a path, or `standard input`. */
  readonly config: string;
  readonly listings: readonly { readonly source: string; readonly modules: number }[];
  /** Names of the modules that they have. */
  readonly loaded: ReadonlySet<string>;
  readonly answers: readonly WhyAnswer[];
}

/** A row of the answer: what is said, and the line of the tree that says it. */
export interface Row {
  readonly text: string;
  readonly at?: Position | null;
  /** What a person may copy: it stays one line. */
  readonly isCommand?: boolean;
}

const LABEL_WIDTH = 10;
/** Conditions, selectors and the like of one kind that are shown without -v. */
const ROWS_SHOWN = 4;

/** Rows of one kind. */
interface Part {
  readonly label: string;
  readonly rows: readonly Row[];
  /** How many are shown without -v. */
  readonly limit: number;
}

/** What is said of one symbol, module or object. */
export interface WhyBlock {
  readonly heading: string;
  /** What stands beside the heading; may be empty. */
  readonly rest: string;
  readonly parts: readonly Part[];
}

interface Style {
  readonly verbose: boolean;
}

/** The answers as text for `renderText`, for a person. */
export function whyReport(report: WhyReport, style: Style): string {
  const blocks = whyBlocks(report).map(({ heading, rest, parts }) => [
    `${paint('bold', heading)}${rest === '' ? '' : `  ${rest}`}`,
    ...parts.flatMap((each) => partLines(each, style)),
  ]);
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** The answers in words, all of them. */
export function whyBlocks(report: WhyReport): WhyBlock[] {
  return report.answers.map((answer) => {
    if (answer.kind === 'object') return objectBlock(answer, report);
    return answer.kind === 'symbol' ? symbolBlock(answer, report) : moduleBlock(answer, report);
  });
}

const place = (at: Position | null | undefined): string => (at ? `${at.file}:${at.line}` : '');

/** Labelled rows: the label once, the places in one column. */
function partLines({ label, rows, limit }: Part, style: Style): string[] {
  const shown = style.verbose ? rows : rows.slice(0, limit);
  const width = textWidth(
    shown.map(({ text, at }) => [text, place(at)]),
    REPORT_COLUMNS - LABEL_WIDTH - 2,
  );
  const lines = shown.map(({ text, at, isCommand }, i) => {
    const where = place(at);
    const name = (i === 0 ? label : '').padEnd(LABEL_WIDTH);
    const line = `${hanging(`  ${name}`)}${where === '' ? text : `${text.padEnd(width)}  ${where}`}`;
    return isCommand ? verbatim(line) : line;
  });
  if (shown.length < rows.length) lines.push(`  ${''.padEnd(LABEL_WIDTH)}and ${rows.length - shown.length} more (-v)`);
  return lines;
}

/** Rows with a label; nothing where there are none. */
function part(label: string, rows: readonly Row[], limit = Number.POSITIVE_INFINITY): Part[] {
  return rows.length === 0 ? [] : [{ label, rows, limit }];
}

function symbolBlock(answer: SymbolAnswer, report: WhyReport): WhyBlock {
  const prompt = answer.prompt === null ? 'no prompt' : `"${byteStringToTerminal(answer.prompt)}"`;
  const definition = answer.type === 'unknown' ? '' : `${answer.type}, ${prompt}`;
  const [first] = answer.definedAt;
  const value = answer.type === 'string' ? `"${byteStringToTerminal(answer.value)}"` : answer.value;
  return {
    heading: `${answer.name}=${value}`,
    rest: [definition, place(first)].filter((text) => text !== '').join('  '),
    parts: [
      ...setByParts(answer, report),
      ...blockerParts(answer.blockers),
      ...(answer.trimmed ? trimmedParts(answer.name, answer.value, answer.trimmed) : []),
      ...remedyParts(answer, answer.value === 'n' && answer.setBy.kind !== 'undefined', answer.type),
    ],
  };
}

function moduleBlock(answer: ModuleAnswer, report: WhyReport): WhyBlock {
  const state = { m: 'built as a module', y: 'built in', n: 'not built' }[answer.value] ?? '';
  const symbols = answer.symbols.map(({ name, value }) => `${name}=${value}`).join(', ');
  const built =
    answer.path === null
      ? []
      : [{ text: `${state}${symbols === '' ? '' : ` by ${symbols}`} in ${report.config}`, at: answer.at }];
  const { loaded } = answer;
  const known = loaded && answer.path === null ? [{ text: `${loaded.status}: ${loaded.note}` }] : [];
  return {
    heading: answer.name,
    rest: answer.path === null ? 'module, not in this tree' : `module  ${answer.path}.ko`,
    parts: [
      ...part('config', built),
      ...part(report.loaded.has(answer.name) ? 'loaded' : 'known', known),
      ...blockerParts(answer.blockers),
      ...(answer.trimmed ? trimmedParts(answer.name, answer.value, answer.trimmed) : []),
      ...remedyParts(answer, answer.value === 'n' && answer.path !== null, 'module'),
    ],
  };
}

function objectBlock({ name, value, modules, symbols, at }: ObjectAnswer, report: WhyReport): WhyBlock {
  const state = { m: 'compiled for a module', y: 'compiled into the kernel', n: 'not compiled' }[value] ?? '';
  const by = symbols.map((symbol) => `${symbol.name}=${symbol.value}`).join(', ');
  const text = `${state}${by === '' ? '' : ` by ${by}`} in ${report.config}`;
  const whole =
    modules.length > 0 ? `object of ${modules.map((path) => `${path}.ko`).join(', ')}` : 'object of the kernel';
  return { heading: name, rest: whole, parts: part('config', [{ text, at }]) };
}

function setByParts({ setBy, prompt, value }: SymbolAnswer, report: WhyReport): Part[] {
  const rows = setBy.by.map(({ text, at }) => ({ text, at }));
  const first = (text: string): Row[] =>
    rows.map((row, i) => (i === 0 ? { ...row, text: `${text} ${row.text}` } : row));
  const texts: Record<SetBy['kind'], readonly Row[]> = {
    config: [{ text: `${value === 'n' ? 'off' : 'set'} in ${report.config}` }],
    default: first('default'),
    select: first('selected by'),
    imply: first('implied by'),
    choice: first('choice'),
    invisible: [
      { text: `${prompt === null ? 'no prompt, and nothing' : 'its prompt cannot be seen, and nothing else'} sets it` },
    ],
    nothing: [{ text: `not in ${report.config}, and no default` }],
    undefined: [{ text: `no Kconfig file of ${report.tree.arch} defines it` }],
  };
  return part('value', texts[setBy.kind], ROWS_SHOWN);
}

/** `SND_SOC is n`; where the operand is more than a symbol, what it says as well. */
function failing({ operands }: Blocker): string {
  const parts = operands.map(({ text, symbol, value }) => {
    if (value === 'not asked') return `nobody was asked for ${symbol}`;
    if (value === 'constant') return `${text} does not hold`;
    const is = value === 'not defined' ? `${symbol} is not defined` : `${symbol} is ${value === '' ? 'empty' : value}`;
    return text === symbol ? is : `${text} fails: ${is}`;
  });
  const shown = [...new Set(parts)];
  return shown.length > ROWS_SHOWN ? `${shown.slice(0, ROWS_SHOWN).join(', ')}, …` : shown.join(', ');
}

function blockerText(blocker: Blocker): string {
  const { kind, of, condition } = blocker;
  switch (kind) {
    case 'builds':
      return `built if ${short(condition)}`;
    case 'depends':
      return `depends on ${short(condition)}`;
    case 'enclosing':
      return of === 'if' ? `if ${short(condition)}` : `"${byteStringToTerminal(of)}" needs ${short(condition)}`;
    case 'prompt':
      return `prompt if ${short(condition)}`;
    case 'select':
      return `${of} would select it${condition === '' ? '' : ` if ${short(condition)}`}`;
    case 'default':
      return `default ${short(condition)}`;
    case 'choice':
      return `choice "${byteStringToTerminal(of)}" has another member built in`;
  }
}

/** Conditions that fail, with the operands that make them fail. */
export function blockerRows(blockers: readonly Blocker[]): Row[] {
  return blockers.map((blocker) => {
    const text = blockerText(blocker);
    const why = failing(blocker);
    return { text: why === '' ? text : `${text}: ${why}`, at: blocker.at };
  });
}

function blockerParts(blockers: readonly Blocker[]): Part[] {
  const must = blockers.filter(({ kind }) => kind !== 'select' && kind !== 'default');
  const could = blockers.filter(({ kind }) => kind === 'select' || kind === 'default');
  return [...part('fails', blockerRows(must), 2 * ROWS_SHOWN), ...part('could be', blockerRows(could), ROWS_SHOWN)];
}

function trimmedParts(name: string, before: string, view: TrimmedView): Part[] {
  const { beyond } = view;
  if (beyond?.isGone) return part('trim', [{ text: `${beyond.option} turns it off: ${beyond.because}` }]);
  if (beyond && !beyond.option.startsWith('--deep')) {
    const stays = view.value === before ? `stays ${view.value}` : `becomes ${view.value}`;
    const own = view.fate === 'kept' && view.chain.length < 2 && !view.reason ? [] : fateParts(name, before, view);
    return [...own, ...part(own.length === 0 ? 'trim' : 'settings', [{ text: `${stays}: ${beyond.because}` }])];
  }
  const left = beyond ? part('deep', [{ text: `stays: ${beyond.because}` }]) : [];
  return [...fateParts(name, before, view), ...left];
}

function fateParts(name: string, before: string, view: TrimmedView): Part[] {
  const stays = view.value === before ? `stays ${view.value}` : `becomes ${view.value}`;
  switch (view.fate) {
    case 'off':
      return [];
    case 'gone': {
      const rows = blockerRows(view.blockers);
      if (rows.length > 0) return part('trim', [{ text: 'goes with what it needs:' }, ...rows], ROWS_SHOWN);
      if (view.reason) return part('trim', [{ text: `turned off: ${askedFor(view.reason)}` }]);
      return part('trim', [{ text: `turned off, no loaded module needs it (to keep it: --keep ${name})` }]);
    }
    case 'loaded':
      return part('trim', [{ text: `${stays}: loaded` }, ...chainRows(view.chain)]);
    case 'needed':
      return part('trim', [{ text: `${stays}:` }, ...chainRows(view.chain)]);
    default:
      return part('trim', keptRows(name, stays, view));
  }
}

function keptRows(name: string, stays: string, { chain, reason }: TrimmedView): Row[] {
  if (chain.length > 1) return [{ text: `${stays}:` }, ...chainRows(chain)];
  if (reason?.reason === 'record') {
    const facts = reason.evidence.map((text) => ({ text: `  ${text}` }));
    return [{ text: `${stays} for ${reason.for.join(', ')}, by the record:` }, ...facts];
  }
  if (reason?.reason === 'set' && reason.evidence.length > 0) return [{ text: `${stays}: ${askedFor(reason)}` }];
  if (reason?.reason === 'floor') return [{ text: `${stays}: ${floorText(name, reason)}` }];
  if (reason && reason.for.length > 0) return [{ text: `${stays}: ${reason.reason} for ${reason.for.join(', ')}` }];
  return stays === 'stays y' ? [{ text: `${stays}: a trim leaves what is built in alone` }] : [{ text: stays }];
}

/** Who asks for it; of what is kept for another symbol, for which. */
export function floorText(name: string, reason: Pick<KeptReason, 'for' | 'evidence'>): string {
  const others = reason.for.filter((each) => each !== name);
  const whom = others.length === 0 ? '' : ` for ${others.join(', ')}`;
  return `floor${whom}${reason.evidence.length === 0 ? '' : `: ${reason.evidence.join('; ')}`}`;
}

const askedFor = ({ evidence }: KeptReason): string => `asked for (${evidence.join(', ')})`;

const chainRows = (chain: readonly Link[]): Row[] => chain.map((link) => ({ text: linkText(link), at: link.at }));

const SWITCHES: Readonly<Record<string, string>> = { n: '-d', m: '-m', y: '-e' };

/** What no user can change, in words. */
export function hindranceText({ kind, symbol, condition }: Hindrance): string {
  switch (kind) {
    case 'undefined':
      return `${symbol} is not defined for this architecture`;
    case 'unasked':
      return `nobody was asked for ${symbol}: no program was run`;
    case 'transitional':
      return `${symbol} is an old name that is only read from a .config${condition ? `; now ${condition}` : ''}`;
    case 'toolchain':
      return `${symbol} is what the toolchain here says`;
    case 'never':
      return `nothing turns ${symbol} on`;
    case 'forced':
      return `${symbol} would have to be off, and something keeps it on`;
    case 'built-in':
      return `${symbol} would have to be off, and what is built in stays`;
    case 'whole-kernel':
      return `${symbol} would have to change, which decides over the whole kernel`;
    case 'contradiction':
      return `${symbol} needs ${short(condition)}, which cannot be had`;
    case 'given-up':
      return 'the search for a way came to its limits and was given up';
    case 'not-searched':
      return 'the search for ways was given up before this one';
  }
}

function remedyParts(
  { remedy, hindrances }: Pick<SymbolAnswer, 'remedy' | 'hindrances'>,
  isOff: boolean,
  type: string,
): Part[] {
  if (!isOff || (type !== 'bool' && type !== 'tristate' && type !== 'module')) return [];
  if (!remedy) {
    const why = hindrances.map((each) => ({ text: hindranceText(each), at: each.at }));
    return part('turn on', [{ text: `no way was found${why.length > 0 ? ':' : ''}` }, ...why], 2 * ROWS_SHOWN);
  }
  const values = remedy.changes.map(({ symbol, value }) => `${symbol}=${value}`).join(' ');
  const command = remedy.changes.map(({ symbol, value }) => `${SWITCHES[value] ?? '--set-val'} ${symbol}`).join(' ');
  const rows = [{ text: values }, { text: `scripts/config ${command} && make olddefconfig`, isCommand: true }];
  const lost = remedy.loses.length > 0 ? [{ text: `that takes away loaded modules: ${remedy.loses.join(', ')}` }] : [];
  return part('turn on', [...rows, ...lost]);
}
