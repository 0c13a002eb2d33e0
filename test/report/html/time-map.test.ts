import { describe, expect, it } from 'vitest';
import type { TimeNode } from '../../../src/report/html/page-data.ts';
import { timeMap } from '../../../src/report/html/time-map.ts';

const total = ([, own, below]: TimeNode, config: number): number =>
  below.reduce((sum, node) => sum + total(node, config), own[config]!);

describe('CPU time as a tree', () => {
  it('has each directory once, with its own files apart from those below it', () => {
    const before = new Map([
      ['drivers/net', 20],
      ['drivers/net/ethernet', 30],
      ['fs', 10.004],
    ]);
    const after = new Map([
      ['drivers/net/ethernet', 5],
      ['init', 1],
    ]);
    expect(timeMap([before, after], ['Before', 'After'])).toEqual({
      names: ['Before', 'After'],
      root: [
        '',
        [0, 0],
        [
          ['drivers', [0, 0], [['net', [2000, 0], [['ethernet', [3000, 500], []]]]]],
          ['fs', [1000, 0], []],
          ['init', [0, 100], []],
        ],
      ],
    });
  });

  it('counts what is too small to see with the directory above it', () => {
    const seconds = new Map([
      ['drivers', 10_000],
      ['drivers/tiny', 0.5],
      ['drivers/tiny/one', 0.5],
    ]);
    const { root } = timeMap([seconds], ['CPU time']);
    expect(root).toEqual(['', [0], [['drivers', [1_000_100], []]]]);
    expect(total(root, 0)).toBe(1_000_100);
  });
});
