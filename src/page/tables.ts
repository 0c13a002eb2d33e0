import {
  type Cell,
  type Column,
  type Line,
  type RichCell,
  ROWS_SHOWN,
  type Row,
  type Section,
} from '../report/html/page-data.ts';
import { element, numberText } from './dom.ts';
import type { Explanations } from './explanations.ts';

/** A cell's text without what opens below it. */
export const cellText = (cell: Cell): string => (typeof cell === 'string' ? cell : cell.text);

/** Lines below a text, each with its place. */
export function linesElement(lines: readonly Line[]): HTMLElement {
  return element(
    'ol',
    { class: 'lines' },
    ...lines.map(({ text, at }) =>
      element('li', {}, text, at === '' ? null : element('span', { class: 'place' }, ` ${at}`)),
    ),
  );
}

/** A heading with its table. */
export function sectionElement(section: Section, explanations: Explanations | null): HTMLElement {
  const { id, heading, intro, columns, rows } = section;
  const title = element('h2', { id: `${id}-title` }, heading);
  if (!section.isUncounted) title.append(' ', element('span', { class: 'total' }, numberText(rows.length)));
  const made = element('section', { id, 'aria-labelledby': `${id}-title` }, title, element('p', {}, intro));
  if (rows.length === 0) {
    made.append(element('p', { class: 'none' }, 'There are none.'));
    return made;
  }
  const head = columns.map(({ name, isNumber }) =>
    element('th', { scope: 'col', class: isNumber ? 'number' : null }, name),
  );
  const body = element('tbody');
  const add = (from: number, to: number): void => {
    for (const row of rows.slice(from, to)) body.append(rowElement(row, columns, explanations));
  };
  add(0, ROWS_SHOWN);
  const table = element('table', {}, element('thead', {}, element('tr', {}, ...head)), body);
  made.append(element('div', { class: 'scroll' }, table));
  const rest = rows.length - ROWS_SHOWN;
  if (rest > 0) made.append(moreButton(rest, body, () => add(ROWS_SHOWN, rows.length)));
  return made;
}

/** A button that adds the rest of the rows. */
function moreButton(rest: number, body: HTMLElement, add: () => void): HTMLElement {
  const button = element('button', { type: 'button', class: 'more' }, `Show ${numberText(rest)} more`);
  const showAll = (): void => {
    if (!button.isConnected) return;
    add();
    button.remove();
  };
  button.addEventListener('click', () => {
    const next = body.childElementCount;
    showAll();
    const first = body.children[next];
    first?.setAttribute('tabindex', '-1');
    if (first instanceof HTMLElement) first.focus();
  });
  // Paper has no buttons.
  window.addEventListener('beforeprint', showAll);
  return button;
}

function rowElement(row: Row, columns: readonly Column[], explanations: Explanations | null): HTMLElement {
  const cells = row.map((cell, index) => {
    const { name, isNumber = false, isText = false } = columns[index]!;
    const isFirst = index === 0;
    return element(
      isFirst ? 'th' : 'td',
      { scope: isFirst ? 'row' : null, class: isNumber ? 'number' : null, 'data-column': name },
      ...cellNodes(cell, isFirst && !isText, explanations),
    );
  });
  return element('tr', {}, ...cells);
}

function cellNodes(cell: Cell, isName: boolean, explanations: Explanations | null): (Node | string)[] {
  if (typeof cell === 'string') return [isName ? element('code', {}, cell) : cell];
  const text = isName
    ? element('code', {}, cell.text)
    : cell.level
      ? element('span', { class: `mark ${cell.level}` }, cell.text)
      : cell.text;
  const lines = linesOf(cell, explanations);
  if (lines === null) return [text];
  const details = element('details', {}, element('summary', {}, text));
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(linesElement(lines()));
  });
  return [details];
}

/** What opens below a cell; null where nothing does. */
function linesOf({ lines = [], chain }: RichCell, explanations: Explanations | null): (() => readonly Line[]) | null {
  if (lines.length > 0) return () => lines;
  return chain !== undefined && explanations ? () => explanations.chainTo(chain) : null;
}
