/** The page that `--html` writes: shows the data that is embedded in it. Text of the data is never taken for HTML. */

import { DATA_ID, type Figure, type Notice, type PageData } from '../report/html/page-data.ts';
import { percentText } from '../report/percent-text.ts';
import { element } from './dom.ts';
import { Explanations } from './explanations.ts';
import { Search } from './search.ts';
import { sectionElement } from './tables.ts';
import { Treemap } from './treemap.ts';

const data = JSON.parse(document.getElementById(DATA_ID)!.textContent) as PageData;
const explanations = data.symbols && new Explanations(data.symbols);

document.body.append(
  element('a', { class: 'skip', href: '#main' }, 'Skip to the report'),
  element('header', {}, element('h1', {}, data.title), element('p', { class: 'summary' }, data.summary)),
  element(
    'main',
    { id: 'main', tabindex: -1 },
    ...noticesOf(data.notices),
    ...(data.figures.length > 0 ? [figuresOf(data.figures)] : []),
    new Search(explanations, data.sections).element,
    ...timeOf(data),
    ...data.sections.map((section) => sectionElement(section, explanations)),
    factsOf(data.facts),
  ),
  element(
    'footer',
    {},
    element('p', {}, 'Written by kconfig-trim. This file is complete: it loads nothing from anywhere.'),
  ),
);
document.body.insertBefore(contentsOf(data), document.getElementById('main'));

function contentsOf({ time, sections }: PageData): HTMLElement {
  const link = (id: string, text: string): HTMLElement => element('li', {}, element('a', { href: `#${id}` }, text));
  return element(
    'nav',
    { class: 'contents', 'aria-label': 'Contents' },
    element(
      'ul',
      {},
      ...(time ? [link('time', 'CPU time')] : []),
      ...sections.map(({ id, heading }) => link(id, heading)),
      link('facts', 'Inputs'),
    ),
  );
}

function noticesOf(notices: readonly Notice[]): HTMLElement[] {
  if (notices.length === 0) return [];
  const words = { error: 'Broken', warning: 'Warning', note: 'Note' };
  return [
    element(
      'section',
      { class: 'notices', 'aria-label': 'Warnings and notes' },
      ...notices.map(({ level, text }) =>
        element('p', { class: `notice ${level}` }, element('strong', {}, `${words[level]}: `), text),
      ),
    ),
  ];
}

function figuresOf(figures: readonly Figure[]): HTMLElement {
  return element(
    'dl',
    { class: 'figures' },
    ...figures.map(({ name, before, after, share }) => {
      const numbers = element('dd', {});
      if (before !== null) {
        numbers.append(
          element('span', { class: 'unseen' }, 'from '),
          element('span', { class: 'before' }, before),
          element('span', { class: 'arrow', 'aria-hidden': 'true' }, ' → '),
          element('span', { class: 'unseen' }, ' to '),
        );
      }
      numbers.append(element('span', { class: 'after' }, after));
      if (share !== null) numbers.append(meterOf(share));
      return element('div', {}, element('dt', {}, name), numbers);
    }),
  );
}

function meterOf(share: number): HTMLElement {
  const filling = element('span', {});
  filling.style.width = `${Math.min(100, 100 * share)}%`;
  return element(
    'span',
    { class: 'share' },
    element('span', { class: 'meter', 'aria-hidden': 'true' }, filling),
    `${percentText(Math.abs(1 - share))} ${share > 1 ? 'more' : 'less'}`,
  );
}

function timeOf({ time }: PageData): HTMLElement[] {
  if (!time) return [];
  return [
    element(
      'section',
      { id: 'time', 'aria-labelledby': 'time-title' },
      element('h2', { id: 'time-title' }, 'CPU time by directory'),
      new Treemap(time).element,
    ),
  ];
}

function factsOf(facts: PageData['facts']): HTMLElement {
  return element(
    'section',
    { id: 'facts', 'aria-labelledby': 'facts-title' },
    element('h2', { id: 'facts-title' }, 'Inputs'),
    element(
      'dl',
      { class: 'facts' },
      ...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))),
    ),
  );
}
