import { describe, expect, it } from 'vitest';
import { symbolIndex } from '../../../src/report/html/symbol-index.ts';
import type { Link, TrimmedName, TrimmedView } from '../../../src/trim/why-types.ts';

const link = (kind: Link['kind'], from: string, to: string): Link => ({
  kind,
  from,
  to,
  condition: '',
  at: { file: 'Kconfig', line: 7, column: 0 },
});

const symbol = (name: string, own: Partial<TrimmedView>): TrimmedName => ({
  name,
  before: 'm',
  view: { fate: 'needed', value: 'm', chain: [], reason: null, blockers: [], beyond: null, ...own },
});

describe('the index of symbols', () => {
  it('has the last link of each chain, and sentences once', () => {
    const chain = [link('builds', 'usbhid', 'USB_HID'), link('depends', 'USB_HID', 'HID')];
    const index = symbolIndex({
      symbols: [
        symbol('HID', { chain }),
        symbol('USB_HID', { fate: 'loaded', chain: chain.slice(0, 1) }),
        symbol('BAR', { fate: 'gone', value: 'n' }),
        symbol('FOO', { fate: 'gone', value: 'n' }),
        symbol('INPUT', { fate: 'kept', value: 'y', chain: [link('stays', '', 'INPUT')] }),
      ],
      modules: [{ path: 'drivers/hid/usbhid', before: 'm', after: 'm', symbols: ['USB_HID', 'NOT_ON'] }],
    });
    expect(index).toEqual({
      symbols: [
        ['BAR', 'mn', 0],
        ['FOO', 'mn', 0],
        ['HID', 'mm', ['USB_HID', 'USB_HID depends on HID', 'Kconfig:7']],
        ['INPUT', 'my', 1],
        ['USB_HID', 'mm', ['', 'usbhid is built by USB_HID', 'Kconfig:7']],
      ],
      modules: [['drivers/hid', [['usbhid', 'mm', 4]]]],
      texts: ['No loaded module needs it.', 'A trim leaves alone what is built in.'],
    });
  });

  it('names what is gone that a symbol needs, and by which option one went', () => {
    const operands = ['A', 'B', 'C', 'D'].map((name) => ({ text: name, symbol: name, value: 'n' }));
    const blockers = [{ kind: 'depends', of: 'X', condition: 'A && B && C && D', at: null, operands } as const];
    const { texts } = symbolIndex({
      symbols: [
        symbol('GONE', { fate: 'gone', value: 'n', blockers }),
        symbol('DEEP', {
          fate: 'gone',
          value: 'n',
          beyond: { option: '--deep=bold', isGone: true, because: 'no device' },
        }),
        symbol('KEPT', { fate: 'kept', reason: { reason: 'keep', for: ['KEPT'], evidence: [] } }),
      ],
      modules: [],
    });
    expect(texts).toEqual([
      '--deep=bold turned it off: no device',
      'It needs A, B, C, …, which are off.',
      'It stays: keep for KEPT.',
    ]);
  });
});
