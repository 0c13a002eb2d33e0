import type { TrimResult } from '../../trim/types.ts';
import type { TrimmedNames } from '../../trim/why-types.ts';
import { counted } from '../count-text.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import { type WhyBlock, type WhyReport, whyBlocks } from '../why-text.ts';
import type { PageData, Section } from './page-data.ts';
import { placeText, symbolIndex } from './symbol-index.ts';
import { trimSections } from './trim-sections.ts';

/**
 * The page of an answer.
 * @param trimmed the trim that it explains, with what it did; null where no listing was read
 */
export function whyPage(
  report: WhyReport,
  trimmed: { readonly result: TrimResult; readonly names: TrimmedNames } | null,
): PageData {
  const { name, tree, config, listings } = report;
  return {
    title: `Why ${name}`,
    summary: `In ${config} for Linux ${tree.version}, ${tree.arch}.`,
    notices: [],
    facts: [
      ['Kernel', `Linux ${tree.version}, ${tree.arch}`],
      ['Config', config],
      ...listings.map(({ source, modules }): PageData['facts'][number] => [
        'Loaded modules',
        `${source} (${counted(modules, 'module')})`,
      ]),
    ],
    figures: [],
    time: null,
    sections: [...whyBlocks(report).map(blockSection), ...(trimmed ? trimSections(trimmed.result) : [])],
    symbols: trimmed && symbolIndex(trimmed.names),
  };
}

function blockSection({ heading, rest, parts }: WhyBlock, index: number): Section {
  return {
    id: `answer-${index + 1}`,
    heading,
    intro: rest,
    isUncounted: true,
    columns: [{ name: 'What', isText: true }, { name: 'Answer' }, { name: 'Where' }],
    rows: parts.flatMap(({ label, rows }) =>
      rows.map(({ text, at }, row) => [row === 0 ? label : '', byteStringToTerminal(text), placeText(at ?? null)]),
    ),
  };
}
