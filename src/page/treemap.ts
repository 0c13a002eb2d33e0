import { hierarchy, treemap, treemapSquarify } from 'd3-hierarchy';
import { formatDifference, formatDuration } from '../report/duration-text.ts';
import type { TimeMap } from '../report/html/page-data.ts';
import { element } from './dom.ts';
import { shareText, type TimeDirectory, timeTree } from './time-tree.ts';

/** Tiles below this size, in pixels, have no room for text. */
const LEAST_LABEL = { width: 46, height: 24 };
/** Room for the second line, in pixels. */
const TWO_LINES = 44;
/** Directories in the table. */
const ROWS = 40;

/** Keys that move between tiles, and where to. */
const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface Placed {
  readonly node: TimeDirectory;
  readonly x0: number;
  readonly x1: number;
  readonly y0: number;
  readonly y1: number;
}

/**
 * CPU time as areas: a directory at a time, in by a click or Enter, out by Escape or the path above it; with the same
 * figures as a table.
 */
export class Treemap {
  readonly element: HTMLElement;
  readonly #names: readonly string[];
  readonly #tiles = element('div', { class: 'tiles', role: 'group', 'aria-describedby': 'treemap-help' });
  readonly #path = element('nav', { class: 'path', 'aria-label': 'Directory' });
  readonly #said = element('p', { class: 'said', 'aria-live': 'polite' });
  readonly #table = element('tbody');
  readonly #caption = element('caption');
  /** The config whose time is the area. */
  #shown = 0;
  #at: TimeDirectory;

  constructor(map: TimeMap) {
    this.#names = map.names;
    this.#at = timeTree(map);
    this.element = element(
      'div',
      { class: 'treemap' },
      element('div', { class: 'bar' }, this.#path, this.#choice()),
      this.#tiles,
      this.#said,
      element(
        'p',
        { class: 'help', id: 'treemap-help' },
        'An area is the CPU time of a directory. Click a tile or press Enter to go in; press Escape to go out; arrow keys move.' +
          (map.names.length > 1 ? ' The filled part of a tile is what is left after.' : ''),
      ),
      this.#tableElement(),
    );
    new ResizeObserver(() => this.#draw()).observe(this.#tiles);
    // Paper is narrower than the window.
    matchMedia('print').addEventListener('change', () => this.#draw());
    this.#tiles.addEventListener('keydown', (event) => this.#onKey(event));
    this.#show(this.#at, false);
  }

  #choice(): HTMLElement | null {
    if (this.#names.length < 2) return null;
    const choice = element('fieldset', { class: 'choice' }, element('legend', { class: 'unseen' }, 'Whose CPU time'));
    for (const [index, name] of this.#names.entries()) {
      const input = element('input', { type: 'radio', name: 'shown', value: index, checked: index === this.#shown });
      input.addEventListener('change', () => {
        this.#shown = index;
        this.#show(this.#at, false);
      });
      choice.append(element('label', {}, input, element('span', {}, name)));
    }
    return choice;
  }

  #tableElement(): HTMLElement {
    const head = element('tr', {}, element('th', { scope: 'col' }, 'Directory'));
    for (const name of this.#names) head.append(element('th', { scope: 'col', class: 'number' }, name));
    if (this.#names.length > 1) head.append(element('th', { scope: 'col', class: 'number' }, 'Saved'));
    const table = element('table', {}, this.#caption, element('thead', {}, head), this.#table);
    return element(
      'details',
      { class: 'as-table' },
      element('summary', {}, 'The same as a table'),
      element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': 'CPU time by directory' }, table),
    );
  }

  /** Shows a directory. @param hasFocus whether the focus goes to its first tile */
  #show(at: TimeDirectory, hasFocus: boolean): void {
    this.#at = at;
    this.#tiles.setAttribute('aria-label', `CPU time in ${nameOf(at)}, ${this.#names[this.#shown]}`);
    this.#drawPath();
    this.#draw();
    this.#drawTable();
    this.#said.textContent = this.#textOf(at);
    if (hasFocus) this.#tiles.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }

  #drawPath(): void {
    const parts: TimeDirectory[] = [];
    for (let each: TimeDirectory | null = this.#at; each; each = each.parent) parts.unshift(each);
    this.#path.replaceChildren(
      element(
        'ol',
        {},
        ...parts.map((part) => {
          if (part === this.#at) return element('li', {}, element('span', { 'aria-current': 'true' }, lastName(part)));
          const button = element('button', { type: 'button' }, lastName(part));
          button.addEventListener('click', () => this.#show(part, true));
          return element('li', {}, button);
        }),
      ),
    );
  }

  #draw(): void {
    const { clientWidth: width, clientHeight: height } = this.#tiles;
    const focused = this.#tiles.contains(document.activeElement)
      ? document.activeElement?.getAttribute('data-path')
      : null;
    const placed = this.#placed(width, height);
    this.#tiles.replaceChildren(...placed.map((each, index) => this.#tile(each, width, height, index === 0)));
    if (focused !== null) this.#tileAt(focused ?? '')?.focus();
  }

  /** The children of the directory at hand, the dearest first. */
  #placed(width: number, height: number): Placed[] {
    // A directory without others below it is one tile.
    const shown = this.#at.children.length > 0 ? this.#at.children : [this.#at];
    const root = hierarchy<TimeDirectory | { children: readonly TimeDirectory[] }>({ children: shown }, (each) =>
      'path' in each ? null : each.children,
    )
      .sum((each) => ('path' in each ? each.seconds[this.#shown]! : 0))
      .sort((a, b) => b.value! - a.value!);
    const laid = treemap<typeof root.data>().tile(treemapSquarify).size([width, height])(root);
    return laid
      .leaves()
      .filter(({ data, value }) => 'path' in data && value! > 0)
      .map(({ data, x0, x1, y0, y1 }) => ({ node: data as TimeDirectory, x0, x1, y0, y1 }));
  }

  #tile({ node, x0, x1, y0, y1 }: Placed, width: number, height: number, isFirst: boolean): HTMLElement {
    const canOpen = node.children.length > 0 && node !== this.#at;
    const tile = element('button', {
      type: 'button',
      class: canOpen ? 'tile opens' : 'tile',
      tabindex: isFirst ? 0 : -1,
      'data-path': node.path,
      'data-seconds': node.seconds[this.#shown]!,
      'aria-label': `${this.#textOf(node)}${canOpen ? ' Opens.' : ''}`,
    });
    const { style } = tile;
    // In shares of the whole: paper and window may have other widths.
    style.left = `${(100 * x0) / width}%`;
    style.width = `${(100 * (x1 - x0)) / width}%`;
    style.top = `${(100 * y0) / height}%`;
    style.height = `${(100 * (y1 - y0)) / height}%`;
    tile.append(this.#filling(node));
    if (x1 - x0 >= LEAST_LABEL.width && y1 - y0 >= LEAST_LABEL.height) {
      tile.append(element('span', { class: 'name' }, node.name));
      if (y1 - y0 >= TWO_LINES) tile.append(element('span', { class: 'time' }, this.#tileText(node)));
    }
    tile.title = this.#textOf(node);
    tile.addEventListener('focus', () => this.#onFocus(tile, node));
    tile.addEventListener('mouseenter', () => {
      this.#said.textContent = this.#textOf(node);
    });
    tile.addEventListener('click', () => {
      if (canOpen) this.#show(node, true);
    });
    return tile;
  }

  /** What is left of a tile; all of it where nothing is compared. */
  #filling({ seconds }: TimeDirectory): HTMLElement {
    const [before, after] = seconds;
    const left = this.#shown === 0 && after !== undefined && before! > 0 ? Math.min(1, after / before!) : 1;
    const filling = element('span', { class: 'left' });
    filling.style.height = `${left * 100}%`;
    return filling;
  }

  #tileText({ seconds }: TimeDirectory): string {
    const [before, after] = seconds;
    if (this.#shown === 1 || after === undefined) return formatDuration(seconds[this.#shown]!);
    return `${formatDuration(before!)} → ${formatDuration(after)}`;
  }

  #textOf(node: TimeDirectory): string {
    const [before, after] = node.seconds;
    const name = nameOf(node);
    if (after === undefined) {
      return `${name}: ${formatDuration(before!)}, ${shareText(before!, rootOf(node).seconds[0]!)} of all.`;
    }
    return `${name}: ${formatDuration(before!)} before, ${formatDuration(after)} after; ${after > before! ? `that is ${shareText(after, before!)} of it` : `${shareText(after, before!)} is left`}.`;
  }

  #onFocus(tile: HTMLElement, node: TimeDirectory): void {
    for (const each of this.#tiles.querySelectorAll('[tabindex="0"]')) each.setAttribute('tabindex', '-1');
    tile.setAttribute('tabindex', '0');
    this.#said.textContent = this.#textOf(node);
  }

  #onKey(event: KeyboardEvent): void {
    const way = ARROWS[event.key];
    if (event.key === 'Escape' && this.#at.parent) {
      const from = this.#at.path;
      this.#show(this.#at.parent, true);
      this.#tileAt(from)?.focus();
    } else if (way && event.target instanceof HTMLElement) nextTile(event.target, way)?.focus();
    else return;
    event.preventDefault();
  }

  #tileAt(path: string): HTMLElement | undefined {
    return [...this.#tiles.querySelectorAll<HTMLElement>('.tile')].find(
      (tile) => tile.getAttribute('data-path') === path,
    );
  }

  #drawTable(): void {
    const children = [...this.#at.children].sort((a, b) => b.seconds[0]! - a.seconds[0]!);
    this.#caption.textContent = `CPU time in ${nameOf(this.#at)}`;
    const row = (node: TimeDirectory, head: string): HTMLElement => {
      const [before, after] = node.seconds;
      const cells = node.seconds.map((each) => element('td', { class: 'number' }, formatDuration(each)));
      if (after !== undefined)
        cells.push(element('td', { class: 'number' }, before! > after ? formatDifference(before!, after) : '0 s'));
      return element('tr', {}, element('th', { scope: 'row' }, head), ...cells);
    };
    const rest = children.length - ROWS;
    this.#table.replaceChildren(
      row(this.#at, 'All of it'),
      ...children.slice(0, ROWS).map((node) => row(node, node.name)),
      ...(rest > 0 ? [element('tr', {}, element('td', {}, `and ${rest} more`))] : []),
    );
  }
}

const rootOf = (node: TimeDirectory): TimeDirectory => (node.parent ? rootOf(node.parent) : node);

const nameOf = ({ path }: TimeDirectory): string => (path === '' ? 'The whole build' : path);

const lastName = ({ name }: TimeDirectory): string => (name === '' ? 'Kernel' : name);

/** The nearest tile in a direction. */
function nextTile(from: HTMLElement, [x, y]: readonly [number, number]): HTMLElement | null {
  const middle = (tile: HTMLElement): readonly [number, number] => {
    const { left, top, width, height } = tile.getBoundingClientRect();
    return [left + width / 2, top + height / 2];
  };
  const [fromX, fromY] = middle(from);
  let best: { readonly tile: HTMLElement; readonly distance: number } | null = null;
  for (const tile of from.parentElement?.querySelectorAll<HTMLElement>('.tile') ?? []) {
    const [toX, toY] = middle(tile);
    const ahead = (toX - fromX) * x + (toY - fromY) * y;
    if (tile === from || ahead <= 1) continue;
    const aside = Math.abs((toX - fromX) * y) + Math.abs((toY - fromY) * x);
    const distance = ahead + 2 * aside;
    if (!best || distance < best.distance) best = { tile, distance };
  }
  return best?.tile ?? null;
}
