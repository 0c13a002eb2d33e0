import type { WhyReport } from './why-text.ts';

/** The answers as the object that `why --json` prints; its form is `kconfig-trim/why-1`. */
export function whyJson(report: WhyReport): Record<string, unknown> {
  const { name, tree, config, listings, answers } = report;
  return { schema: 'kconfig-trim/why-1', name, tree, config: { source: config }, listings, answers };
}
