import { count } from '../count-text.ts';
import type { Cell, ModuleEntry, Notice, PageData, Row, Section, SymbolEntry, SymbolIndex } from './page-data.ts';

/** A page is smaller: what mail and bug trackers take. */
export const MOST_BYTES = 1_000_000;

/** What leaves something out, the least loss first. After the last there is little left of any data. */
const CUTS: readonly ((data: PageData) => PageData)[] = [
  withoutNeedless,
  withoutSymbols,
  (data) => shortened(data, { rows: 1000, letters: 1000, lines: 20 }),
  (data) => shortened(data, { rows: 100, letters: 200, lines: 10 }),
  (data) => ({ ...shortened(data, { rows: 20, letters: 50, lines: 0 }), time: null }),
];

/**
 * The data with as much left out as it takes, and notices that say what.
 * @param bytesOf of data in the page
 * @param most bytes that it may have
 */
export function fittingData(data: PageData, bytesOf: (data: PageData) => number, most: number): PageData {
  let fitting = data;
  for (const cut of CUTS) {
    if (bytesOf(fitting) <= most) break;
    fitting = cut(fitting);
  }
  return fitting;
}

function withNotice(data: PageData, text: string): PageData {
  const notice: Notice = { level: 'note', text: `${text}, so that this page stays below 1 MB.` };
  return { ...data, notices: [...data.notices, notice] };
}

/** Without the symbols that went and of which there is nothing more to say, and the modules that they alone built. */
function withoutNeedless(data: PageData): PageData {
  if (!data.symbols) return data;
  const { symbols, modules, texts } = data.symbols;
  const shared = new Map<number, number>();
  for (const [, values, reason] of symbols) {
    if (values.endsWith('n') && typeof reason === 'number') shared.set(reason, (shared.get(reason) ?? 0) + 1);
  }
  const [commonest] = [...shared].sort(([, a], [, b]) => b - a);
  if (!commonest) return data;
  const [needless, left] = commonest;
  const isLeftOut = ([, values, reason]: SymbolEntry): boolean => values.endsWith('n') && reason === needless;
  const places = new Map<number, number>();
  for (const [place, entry] of symbols.entries()) if (!isLeftOut(entry)) places.set(place, places.size);
  const moved = ([file, values, ...by]: ModuleEntry): ModuleEntry[] => {
    const remaining = by.flatMap((place) => places.get(place) ?? []);
    return by.length > 0 && remaining.length === 0 ? [] : [[file, values, ...remaining]];
  };
  const index: SymbolIndex = {
    symbols: symbols.filter((entry) => !isLeftOut(entry)),
    modules: modules.map(([directory, entries]) => [directory, entries.flatMap(moved)]),
    texts,
  };
  const why = texts[needless]!.replace(/\.$/, '');
  return withNotice({ ...data, symbols: index }, `The search leaves out ${count(left)} symbols that went (“${why}”)`);
}

function withoutSymbols(data: PageData): PageData {
  if (!data.symbols) return data;
  return withNotice({ ...data, symbols: null }, 'The reasons of symbols are left out (kconfig-trim why NAME has them)');
}

/** What remains of the parts of a page. */
interface Limits {
  readonly rows: number;
  readonly letters: number;
  /** Below a cell. */
  readonly lines: number;
}

function shortened(data: PageData, limits: Limits): PageData {
  const short = (text: string): string => (text.length > limits.letters ? `${text.slice(0, limits.letters)}…` : text);
  const cell = (each: Cell): Cell => {
    if (typeof each === 'string') return short(each);
    const lines = (each.lines ?? []).slice(0, limits.lines);
    return {
      ...each,
      text: short(each.text),
      lines: lines.map(({ text, at }) => ({ text: short(text), at: short(at) })),
    };
  };
  const section = (each: Section): Section => ({
    ...each,
    intro:
      short(each.intro) + (each.rows.length > limits.rows ? ` And ${count(each.rows.length - limits.rows)} more.` : ''),
    rows: each.rows.slice(0, limits.rows).map((row): Row => row.map(cell)),
  });
  const cut: PageData = {
    ...data,
    title: short(data.title),
    summary: short(data.summary),
    notices: data.notices.slice(0, limits.rows).map((notice) => ({ ...notice, text: short(notice.text) })),
    facts: data.facts.slice(0, limits.rows).map(([name, value]) => [short(name), short(value)]),
    sections: data.sections.map(section),
  };
  return withNotice(
    cut,
    `Tables have ${count(limits.rows)} rows and texts ${limits.letters} letters at most (--json has all)`,
  );
}
