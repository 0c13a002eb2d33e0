import type { Position } from '../diagnostics/diagnostic.ts';
import type { Blocker } from '../trim/blocker.ts';
import type {
  Hindrance,
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
  readonly answers: readonly WhyAnswer[];
}

/** A row of the answer: what is said, and the line of the tree that says it. */
interface Row {
  readonly text: string;
  readonly at?: Position | null;
  /** What a person may copy: it stays one line. */
  readonly isCommand?: boolean;
}

const LABEL_WIDTH = 10;
/** Conditions, selectors and the like of one kind that are shown without -v. */
const ROWS_SHOWN = 4;

/** The answers as text for `renderText`, for a person. */
export function whyReport(report: WhyReport, style: { readonly verbose: boolean }): string {
  const blocks = report.answers.map((answer) => {
    if (answer.kind === 'object') return objectLines(answer, style);
    const lines = answer.kind === 'symbol' ? symbolLines(answer, report) : moduleLines(answer, report);
    return lines(style);
  });
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

type Style = Parameters<typeof whyReport>[1];
type Lines = (style: Style) => string[];

const place = (at: Position | null | undefined): string => (at ? `${at.file}:${at.line}` : '');

const heading = (text: string, rest: string): string => `${paint('bold', text)}${rest === '' ? '' : `  ${rest}`}`;

/** Labelled rows: the label once, the places in one column. */
function section(label: string, rows: readonly Row[], style: Style, limit = Number.POSITIVE_INFINITY): string[] {
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

function symbolLines(answer: SymbolAnswer, report: WhyReport): Lines {
  return (style) => {
    const prompt = answer.prompt === null ? 'no prompt' : `"${byteStringToTerminal(answer.prompt)}"`;
    const definition = answer.type === 'unknown' ? '' : `${answer.type}, ${prompt}`;
    const [first] = answer.definedAt;
    const value = answer.type === 'string' ? `"${byteStringToTerminal(answer.value)}"` : answer.value;
    return [
      heading(`${answer.name}=${value}`, [definition, place(first)].filter((text) => text !== '').join('  ')),
      ...setByLines(answer, report, style),
      ...blockerLines(answer.blockers, style),
      ...(answer.trimmed ? trimmedLines(answer.name, answer.value, answer.trimmed, style) : []),
      ...remedyLines(answer, answer.value === 'n' && answer.setBy.kind !== 'undefined', answer.type, style),
    ];
  };
}

function moduleLines(answer: ModuleAnswer, report: WhyReport): Lines {
  return (style) => {
    const state = { m: 'built as a module', y: 'built in', n: 'not built' }[answer.value] ?? '';
    const symbols = answer.symbols.map(({ name, value }) => `${name}=${value}`).join(', ');
    const built =
      answer.path === null ? [] : [{ text: `${state}${symbols === '' ? '' : ` by ${symbols}`}`, at: answer.at }];
    const { loaded } = answer;
    const known = loaded && answer.path === null ? [{ text: `${loaded.status}: ${loaded.note}` }] : [];
    return [
      heading(answer.name, answer.path === null ? 'module, not in this tree' : `module  ${answer.path}.ko`),
      ...section('config', built, style),
      ...section(report.listings.length > 0 ? 'loaded' : 'known', known, style),
      ...blockerLines(answer.blockers, style),
      ...(answer.trimmed ? trimmedLines(answer.name, answer.value, answer.trimmed, style) : []),
      ...remedyLines(answer, answer.value === 'n' && answer.path !== null, 'module', style),
    ];
  };
}

function objectLines({ name, value, modules, symbols, at }: ObjectAnswer, style: Style): string[] {
  const state = { m: 'compiled for a module', y: 'compiled into the kernel', n: 'not compiled' }[value] ?? '';
  const by = symbols.map((symbol) => `${symbol.name}=${symbol.value}`).join(', ');
  const text = `${state}${by === '' ? '' : ` by ${by}`}`;
  const whole =
    modules.length > 0 ? `object of ${modules.map((path) => `${path}.ko`).join(', ')}` : 'object of the kernel';
  return [heading(name, whole), ...section('config', [{ text, at }], style)];
}

function setByLines({ setBy, prompt, value }: SymbolAnswer, report: WhyReport, style: Style): string[] {
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
  return section('value', texts[setBy.kind], style, ROWS_SHOWN);
}

/** `SND_SOC is n`; where the operand is more than a symbol, what it says as well. */
function failing({ operands }: Blocker): string {
  const parts = operands.map(({ text, symbol, value }) => {
    if (value === 'not asked') return `nobody was asked for ${symbol}`;
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

function blockerLines(blockers: readonly Blocker[], style: Style): string[] {
  const must = blockers.filter(({ kind }) => kind !== 'select' && kind !== 'default');
  const could = blockers.filter(({ kind }) => kind === 'select' || kind === 'default');
  return [
    ...section('fails', blockerRows(must), style, 2 * ROWS_SHOWN),
    ...section('could be', blockerRows(could), style, ROWS_SHOWN),
  ];
}

function trimmedLines(name: string, before: string, view: TrimmedView, style: Style): string[] {
  const { beyond } = view;
  if (beyond?.isGone) return section('trim', [{ text: `--${beyond.option} turns it off: ${beyond.because}` }], style);
  const left = beyond ? section('deep', [{ text: `stays: ${beyond.because}` }], style) : [];
  return [...fateLines(name, before, view, style), ...left];
}

function fateLines(name: string, before: string, view: TrimmedView, style: Style): string[] {
  const stays = view.value === before ? `stays ${view.value}` : `becomes ${view.value}`;
  switch (view.fate) {
    case 'off':
      return [];
    case 'gone': {
      const rows = blockerRows(view.blockers);
      if (rows.length > 0) return section('trim', [{ text: 'goes with what it needs:' }, ...rows], style, ROWS_SHOWN);
      return section('trim', [{ text: `turned off, no loaded module needs it (to keep it: --keep ${name})` }], style);
    }
    case 'loaded':
      return section('trim', [{ text: `${stays}: loaded` }, ...chainRows(view.chain)], style);
    case 'needed':
      return section('trim', [{ text: `${stays}:` }, ...chainRows(view.chain)], style);
    default:
      return section('trim', keptRows(stays, view), style);
  }
}

function keptRows(stays: string, { chain, reason, value }: TrimmedView): Row[] {
  if (chain.length > 1) return [{ text: `${stays}:` }, ...chainRows(chain)];
  if (reason?.reason === 'record') {
    const facts = reason.evidence.map((text) => ({ text: `  ${text}` }));
    return [{ text: `${stays} for ${reason.for.join(', ')}, by the record:` }, ...facts];
  }
  if (reason && reason.for.length > 0) return [{ text: `${stays}: ${reason.reason} for ${reason.for.join(', ')}` }];
  return value === 'y' ? [{ text: `${stays}: a trim leaves what is built in alone` }] : [{ text: stays }];
}

const chainRows = (chain: readonly Link[]): Row[] => chain.map((link) => ({ text: linkText(link), at: link.at }));

const SWITCHES: Readonly<Record<string, string>> = { n: '-d', m: '-m', y: '-e' };

/** What no user can change, in words. */
export function hindranceText({ kind, symbol, condition }: Hindrance): string {
  switch (kind) {
    case 'undefined':
      return `${symbol} is not defined for this architecture`;
    case 'unasked':
      return `nobody was asked for ${symbol}: no program was run`;
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
      return `the search for ways was given up before this one: kconfig-trim why ${symbol}`;
  }
}

function remedyLines(
  { remedy, hindrances }: Pick<SymbolAnswer, 'remedy' | 'hindrances'>,
  isOff: boolean,
  type: string,
  style: Style,
): string[] {
  if (!isOff || (type !== 'bool' && type !== 'tristate' && type !== 'module')) return [];
  if (!remedy) {
    const why = hindrances.map((each) => ({ text: hindranceText(each), at: each.at }));
    return section(
      'turn on',
      [{ text: `no way was found${why.length > 0 ? ':' : ''}` }, ...why],
      style,
      2 * ROWS_SHOWN,
    );
  }
  const values = remedy.changes.map(({ symbol, value }) => `${symbol}=${value}`).join(' ');
  const command = remedy.changes.map(({ symbol, value }) => `${SWITCHES[value] ?? '--set-val'} ${symbol}`).join(' ');
  const rows = [{ text: values }, { text: `scripts/config ${command} && make olddefconfig`, isCommand: true }];
  const lost = remedy.loses.length > 0 ? [{ text: `that takes away loaded modules: ${remedy.loses.join(', ')}` }] : [];
  return section('turn on', [...rows, ...lost], style);
}
