import type { PageData } from '../../../src/report/html/page-data.ts';

/** A page with nothing on it but what a test gives. */
export function emptyPage(own: Partial<PageData>): PageData {
  return {
    title: 'Trim',
    summary: '',
    notices: [],
    facts: [],
    figures: [],
    time: null,
    sections: [],
    symbols: null,
    ...own,
  };
}
