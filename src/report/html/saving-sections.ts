import type { DeepDeparture } from '../../trim/types.ts';
import { count, counted } from '../count-text.ts';
import { formatDuration } from '../duration-text.ts';
import { percentText } from '../percent-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import { PRICES_OF_SETTINGS } from '../settings-text.ts';
import type { TrimReport } from '../trim-report.ts';
import type { Cell, Line, Row, Section } from './page-data.ts';

/** What saves less is not worth a row. */
const LEAST_SECONDS = 0.05;

/** What settings and built-ins saved or would save. */
export function savingSections(report: TrimReport): Section[] {
  const { settings, deep } = report.result;
  return [
    moreSection(report),
    ...(settings ? [settingsSection(report)] : []),
    ...(deep ? [deepSection(deep.departures, report), heldSection(report)] : []),
  ];
}

function moreSection({ estimate, result, hasRecord }: TrimReport): Section {
  const { more, after, settings } = estimate;
  const record = hasRecord ? '' : '; a record of the machine allows more';
  const all: readonly (readonly [what: string, seconds: number, note: string])[] = [
    ['--fast', result.settings ? 0 : more.fastSeconds, 'settings that cost build time and nothing that runs'],
    ['--deep', result.deep ? 0 : more.deepSeconds, `built-ins that the machine shows no use of${record}`],
    ...settings.map(({ name, cpuSeconds }) => [name, cpuSeconds, priceText(name)] as const),
  ];
  const rows = all
    .filter(([, seconds]) => seconds >= LEAST_SECONDS)
    .map(
      ([what, seconds, note]): Row => [what, formatDuration(seconds), percentText(seconds / after.cpuSeconds), note],
    );
  return {
    id: 'more',
    heading: 'What would save more',
    intro: 'CPU time that could still go, as a share of what is left. The rows overlap: they do not add up.',
    columns: [{ name: 'What' }, { name: 'Saves', isNumber: true }, { name: 'Share', isNumber: true }, { name: 'Note' }],
    rows,
  };
}

/** What a person gives up without a setting. */
export function priceText(symbol: string): string {
  const price = PRICES_OF_SETTINGS[symbol];
  return price ? `gives up: ${price}` : 'in everything that is compiled';
}

function settingsSection({ result, estimate }: TrimReport): Section {
  const { steps, held } = result.settings!;
  return {
    id: 'settings',
    heading: 'Settings that went',
    intro: 'They cost build time only. What stays is named with the reason.',
    columns: [{ name: 'Symbol' }, { name: 'Saved', isNumber: true }, { name: 'What it means' }],
    rows: [
      ...steps.map(({ symbol, changes }, index): Row => {
        const saved = estimate.settingSteps[index]?.cpuSeconds ?? 0;
        const price = PRICES_OF_SETTINGS[symbol];
        const lines = changes.filter((each) => each.symbol !== symbol).map(changeLine);
        return [{ text: symbol, lines }, formatDuration(Math.max(0, saved)), price ? `gives up: ${price}` : ''];
      }),
      ...held.map(({ symbol, because }): Row => [symbol, '', byteStringToTerminal(`stays: ${because}`)]),
    ],
  };
}

const changeLine = ({ symbol, from, to }: { symbol: string; from: string; to: string }): Line => ({
  text: byteStringToTerminal(`${symbol}: ${from} → ${to === '' ? 'none' : to}`),
  at: '',
});

function deepSection(departures: readonly DeepDeparture[], { estimate }: TrimReport): Section {
  const all = departures.map((departure) => ({
    departure,
    seconds: departure.units.reduce((sum, { seconds }) => sum + seconds, 0) * estimate.scale,
  }));
  all.sort((a, b) => b.seconds - a.seconds);
  return {
    id: 'deep',
    heading: 'Built-ins that --deep turned off',
    intro: `${counted(departures.length, 'built-in')} went, with the evidence that the machine does not use them.`,
    columns: [
      { name: 'Symbol' },
      { name: 'Objects', isNumber: true },
      { name: 'Saved', isNumber: true },
      { name: 'Evidence' },
    ],
    rows: all.map(({ departure: { symbol, units, evidence, changes }, seconds }): readonly Cell[] => [
      { text: symbol, lines: changes.filter((each) => each.symbol !== symbol).map(changeLine) },
      count(units.length),
      formatDuration(seconds),
      byteStringToTerminal(evidence),
    ]),
  };
}

function heldSection({ result, estimate }: TrimReport): Section {
  const held = result.deep!.stays.filter(({ isIdle }) => isIdle);
  return {
    id: 'held',
    heading: 'Built-ins that stayed though unused',
    intro: 'No use of them is shown, and something holds them.',
    columns: [{ name: 'Symbol' }, { name: 'Costs', isNumber: true }, { name: 'Held by' }],
    rows: held.map(({ symbol, seconds, by }) => [
      symbol,
      formatDuration(seconds * estimate.scale),
      byteStringToTerminal(by),
    ]),
  };
}
