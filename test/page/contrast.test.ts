/** Contrast of the page's colours, by the formula of WCAG 2.2 (1.4.3 and 1.4.11, level AA). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { REPOSITORY } from '../helpers/built-program.ts';

const css = readFileSync(join(REPOSITORY, 'src/page/page.css'), 'utf8');
const [light, dark] = [...css.matchAll(/:root \{([^}]*)\}/g)].map(
  ([, block]) =>
    new Map([...block!.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name!, value!])),
);

/** Texts, each with what it stands on. */
const TEXTS: readonly (readonly [text: string, ...grounds: string[]])[] = [
  ['text', 'ground', 'panel', 'tile', 'bad-ground', 'warn-ground'],
  ['quiet', 'ground', 'panel'],
  ['link', 'ground', 'panel'],
  ['good', 'good-ground'],
  ['bad', 'bad-ground'],
  ['tile-text', 'tile', 'tile-left'],
  // The choice that is made.
  ['ground', 'text'],
];
/** What is seen and no text: the meter, the box to type in, what has the focus, the mark of a notice. */
const SHAPES: readonly (readonly [shape: string, ...grounds: string[]])[] = [
  ['accent', 'ground', 'panel', 'tile'],
  ['quiet', 'ground', 'panel'],
  ['text', 'tile', 'tile-left'],
  ['bad', 'bad-ground'],
  ['warn', 'warn-ground'],
];

function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [darker, lighter] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (lighter! + 0.05) / (darker! + 0.05);
}

it('is measured as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
});

describe.each([
  ['light', light],
  ['dark', dark],
] as const)('the %s page', (_, colours) => {
  const tooLow = (pairs: typeof TEXTS, least: number): string[] =>
    pairs.flatMap(([front, ...grounds]) =>
      grounds.flatMap((ground) => {
        const ratio = contrast(colours!.get(front)!, colours!.get(ground)!);
        return ratio >= least ? [] : [`${front} on ${ground}: ${ratio.toFixed(2)}`];
      }),
    );

  it('has texts that can be read', () => expect(tooLow(TEXTS, 4.5)).toEqual([]));
  it('has shapes that can be seen', () => expect(tooLow(SHAPES, 3)).toEqual([]));
  it('has no colour beside those that are measured', () => {
    const measured = new Set([...TEXTS, ...SHAPES].flat());
    // Lines that only decorate.
    expect([...colours!.keys()].filter((name) => !measured.has(name))).toEqual(['line']);
    expect(css.replace(/:root \{[^}]*\}/g, '')).not.toMatch(/#[0-9a-f]{3}|rgba?\(|hsl/i);
  });
});
