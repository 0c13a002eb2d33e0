/** A record that was cut is refused wherever the cut is, by every reader: what it lacks would count as not there. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/diagnostics/diagnostic.ts';
import { parseListing } from '../../../src/machine/listing.ts';
import { parseRecord } from '../../../src/machine/record/read.ts';

const fixture = (name: string): string =>
  readFileSync(new URL(`../../../fixtures/records/${name}.record`, import.meta.url), 'latin1');
const WHOLE = fixture('fake-machine');

/** The code of what is thrown; null where the text is read. */
function refusal(read: () => unknown): string | null {
  try {
    read();
    return null;
  } catch (error) {
    if (error instanceof InputError) return error.diagnostic.code;
    throw error;
  }
}

const refusals = (text: string): (string | null)[] => [
  refusal(() => parseRecord(text, 'x')),
  refusal(() => parseListing(text, 'x', true)),
];
const CUT = ['record-cut', 'record-cut'];

describe('cut', () => {
  it('behind any byte', () => {
    for (let end = 1; end < WHOLE.length - 1; end++) expect([end, refusals(WHOLE.slice(0, end))]).toEqual([end, CUT]);
  });

  it.each(['pc-virtio', 'q35-desktop', 'q35-usb'])('behind any line of %s', (name) => {
    const lines = fixture(name).split(/(?<=\n)/);
    for (let count = 1; count < lines.length; count++) {
      expect([count, refusals(lines.slice(0, count).join(''))]).toEqual([count, CUT]);
    }
  });

  it('without any line, or without its first lines', () => {
    const lines = WHOLE.split(/(?<=\n)/);
    for (const at of lines.keys()) {
      if (at > 0) expect([at, refusals(lines.toSpliced(at, 1).join(''))]).toEqual([at, CUT]);
    }
    expect(refusals(lines.toSpliced(1, 40).join(''))).toEqual(CUT);
  });

  it('of the line end that is the last byte alone: nothing is missing', () => {
    expect(refusals(WHOLE.slice(0, -1))).toEqual([null, null]);
  });

  it('in the number of the size, though the rest adds up to what is left of it', () => {
    expect(refusal(() => parseRecord(`kconfig-trim-record 1\nmodule ${'a'.repeat(60)} 1\nsize 90`, 'x'))).toBe(
      'record-cut',
    );
  });
});

describe('whole', () => {
  it.each([
    ['with other line ends', WHOLE.replaceAll('\n', '\r\n')],
    ['behind a byte order mark', `\xef\xbb\xbf${WHOLE}`],
    ['with lines in another order', `${WHOLE.replace(/^(size .*\n)(.*)/ms, '$2$1')}`],
    ['with empty lines', `${WHOLE}\n\n`],
  ])('%s', (_, text) => {
    expect(parseRecord(text, 'x')).toMatchObject({ record: parseRecord(WHOLE, 'x').record, diagnostics: [] });
  });
});

it.each([
  ['a line that was added', `${WHOLE}fs added mounted\n`],
  ['two in one file', WHOLE + WHOLE],
])('%s is refused as a change', (_, text) => {
  expect(refusals(text)).toEqual(['record-changed', 'record-changed']);
});
