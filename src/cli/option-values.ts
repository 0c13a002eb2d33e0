/** What the commands read out of the values of their options. Not in options.ts: the commands need none of commander. */
import { InputError, type Severity } from '../diagnostics/diagnostic.ts';

/** What `--severity` gives to the findings of a check, by its word; null leaves the check out. */
export const SEVERITY_LEVELS: Readonly<Record<string, Severity | null>> = {
  error: 'error',
  warning: 'warning',
  note: 'info',
  off: null,
};

/**
 * The number of jobs.
 * @throws InputError where the text is no number from 1 up
 */
export function parseJobs(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,4}$/.test(text)) throw new InputError({ code: 'jobs-unreadable', args: { text } });
  return Number(text);
}

/**
 * Which sample.
 * @throws InputError where the text is no number from 1 up
 */
export function parseSeed(text = '1'): number {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InputError({ code: 'seed-unreadable', args: { text } });
  return Number(text);
}
