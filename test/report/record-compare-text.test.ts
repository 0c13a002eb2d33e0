import { describe, expect, it } from 'vitest';
import type { Lost } from '../../src/machine/record/compare.ts';
import { recordCompareText } from '../../src/report/record-compare-text.ts';
import { renderText } from '../../src/report/styled-text.ts';

const lost = (kind: Lost['kind'], name: string, reason: Lost['reason']): Lost => ({
  ...{ kind, name, reason, module: null, outOfTree: false, symbols: [] },
});

const shown = (...missing: readonly Lost[]): string => {
  const origin = { kernels: ['6.18.44', '6.18.44'], days: null };
  const comparison = { missing, absent: [], compared: 9 };
  const report = { source: 'host.record', before: origin, after: origin, hasTree: true, unseen: [], isRoot: true };
  return renderText(recordCompareText({ ...report, comparison }, { verbose: false, quiet: false }), false, 80);
};

describe('the comparison of records', () => {
  it('continues all rows in one column', () => {
    const name = 'pci a-driver-with-a-very-long-name-indeed';
    const text = shown(lost('driver', name, 'undriven'), lost('driver', `${name}2`, 'undriven'));
    const continued = text.split('\n').filter((line) => /^ {20,}\S/.test(line));
    expect(continued.length).toBeGreaterThanOrEqual(2);
    expect(new Set(continued.map((line) => line.search(/\S/)))).toEqual(new Set([23]));
  });

  it('says that swap may be off, and its symbol', () => {
    expect(shown(lost('swap', 'partition', 'inactive')).replace(/\s+/g, ' ')).toContain(
      'swap partition nothing is swapped to now: swapped off, or this kernel cannot swap: SWAP',
    );
  });

  it('names a kernel once, whatever its machines', () => {
    expect(shown()).toMatch(/^before +host.record: Linux 6.18.44$/m);
  });
});
