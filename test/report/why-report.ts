import type { WhyReport } from '../../src/report/why-text.ts';
import type { Blocker } from '../../src/trim/blocker.ts';
import type { TrimmedView } from '../../src/trim/why-types.ts';

/** An answer on one symbol that is `m`. */
export function whyReportOf(name: string, trimmed: Partial<TrimmedView>, blockers: readonly Blocker[] = []): WhyReport {
  return {
    name,
    tree: { version: '6.12', arch: 'x86' },
    config: '.config',
    listings: [],
    loaded: new Set(),
    answers: [
      {
        kind: 'symbol',
        name,
        type: 'tristate',
        value: 'm',
        prompt: null,
        visibility: 'y',
        definedAt: [],
        setBy: { kind: 'config', by: [] },
        blockers,
        remedy: null,
        hindrances: [],
        trimmed: { fate: 'needed', value: 'm', chain: [], reason: null, blockers: [], beyond: null, ...trimmed },
      },
    ],
  };
}
