import type { Row, Section } from '../report/html/page-data.ts';
import { element, numberText } from './dom.ts';
import type { Explanations, Known } from './explanations.ts';
import { cellText, linesElement } from './tables.ts';

const RESULTS_SHOWN = 12;
/** Fewer letters find too much. */
const FEWEST_LETTERS = 2;

/** Something that was found. */
interface Found {
  readonly name: string;
  readonly rank: number;
  make(isOnly: boolean): HTMLElement;
}

/** A search box: a symbol or module, and why it is what it is; and the rows of the page's tables. */
export class Search {
  readonly element: HTMLElement;
  readonly #results = element('ul', { class: 'results' });
  readonly #count = element('p', { class: 'count', role: 'status' });
  readonly #explanations: Explanations | null;
  readonly #sections: readonly Section[];

  constructor(explanations: Explanations | null, sections: readonly Section[]) {
    this.#explanations = explanations;
    this.#sections = sections;
    const input = element('input', {
      type: 'search',
      id: 'search',
      autocomplete: 'off',
      spellcheck: 'false',
      autocapitalize: 'off',
    });
    input.addEventListener('input', () => this.#show(input.value));
    input.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || input.value === '') return;
      event.preventDefault();
      input.value = '';
      this.#show('');
    });
    const label = explanations
      ? 'Why is a symbol or module on or off? Type its name'
      : 'Search this report: type a name';
    this.element = element('search', {}, element('label', { for: 'search' }, label), input, this.#count, this.#results);
  }

  #show(typed: string): void {
    const word = typed
      .trim()
      .replace(/^CONFIG_/i, '')
      .toLowerCase();
    if (word.length < FEWEST_LETTERS) {
      this.#count.textContent = '';
      this.#results.replaceChildren();
      return;
    }
    const found = [...this.#names(word), ...this.#rows(word)].sort(
      (a, b) => a.rank - b.rank || a.name.length - b.name.length || (a.name < b.name ? -1 : 1),
    );
    const shown = found.slice(0, RESULTS_SHOWN);
    const more = found.length - shown.length;
    this.#count.textContent =
      found.length === 0
        ? this.#nothingText()
        : `${numberText(found.length)} found${more > 0 ? `, the first ${shown.length} are shown` : ''}`;
    const isExact = shown[0]?.rank === 0;
    this.#results.replaceChildren(
      ...shown.map((each, index) => each.make(shown.length === 1 || (isExact && index === 0))),
    );
  }

  #nothingText(): string {
    return this.#explanations
      ? 'Nothing found. A symbol that was off before is not listed here; ask kconfig-trim why NAME.'
      : 'Nothing found.';
  }

  #names(word: string): Found[] {
    return (this.#explanations?.all ?? []).flatMap((known) => {
      const rank = rankOf(known.name.toLowerCase().replaceAll('-', '_'), word.replaceAll('-', '_'));
      if (rank === null) return [];
      return [{ name: known.name, rank, make: (isOnly) => knownElement(known, isOnly) }];
    });
  }

  #rows(word: string): Found[] {
    return this.#sections.flatMap((section) =>
      section.rows.flatMap((row): Found[] => {
        const texts = row.map(cellText);
        const rank = rankOf(texts[0]!.toLowerCase(), word);
        const isThere = rank !== null || texts.some((text) => text.toLowerCase().includes(word));
        // Symbols and modules have results of their own.
        if (!isThere || this.#explanations?.knows(texts[0]!)) return [];
        return [{ name: texts[0]!, rank: rank ?? 3, make: () => rowElement(section, row) }];
      }),
    );
  }
}

/** 0 for the name itself, 1 where it begins so, 2 where it has the word inside; null where it has not. */
function rankOf(name: string, word: string): number | null {
  if (name === word) return 0;
  const at = name.indexOf(word);
  return at < 0 ? null : at === 0 ? 1 : 2;
}

function knownElement(known: Known, isOpen: boolean): HTMLElement {
  const summary = element(
    'summary',
    {},
    element('code', {}, known.name),
    ' ',
    element('span', { class: 'kind' }, known.kind),
    ' ',
    element('span', { class: known.isOff ? 'mark bad' : 'mark good' }, known.state),
  );
  const details = element('details', { open: isOpen }, summary);
  const fill = (): void => {
    if (details.open && details.childElementCount === 1) details.append(linesElement(known.lines()));
  };
  details.addEventListener('toggle', fill);
  fill();
  return element('li', {}, details);
}

function rowElement({ id, heading, columns }: Section, row: Row): HTMLElement {
  const rest = row.slice(1).flatMap((cell, index) => {
    const text = cellText(cell);
    return text === '' ? [] : [`${columns[index + 1]!.name.toLowerCase()}: ${text}`];
  });
  return element(
    'li',
    { class: 'row' },
    element('code', {}, cellText(row[0]!)),
    ' ',
    element('a', { href: `#${id}`, class: 'kind' }, heading),
    element('p', {}, rest.join(' · ')),
  );
}
