import { describe, expect, it } from 'vitest';
import { whyDot, whyMermaid } from '../../src/report/why-graph.ts';
import type { WhyReport } from '../../src/report/why-text.ts';
import { whyReportOf } from './why-report.ts';

const HOSTILE = 'a"]; evil \\N &lt; <b> %%{init: {}}%% `x` #35; }\u001b[31m';

describe('why as a graph', () => {
  const report: WhyReport = whyReportOf('HID', {
    chain: [
      {
        kind: 'builds',
        from: 'usbhid',
        to: 'USB_HID',
        condition: '',
        at: { file: 'drivers/Makefile', line: 3, column: 0 },
      },
      { kind: 'depends', from: 'USB_HID', to: 'HID', condition: 'HID', at: { file: 'Kconfig', line: 7, column: 0 } },
    ],
  });

  it('for Graphviz: names are nodes, links are edges with their places', () => {
    expect(whyDot(report).split('\n').slice(4, -1)).toEqual([
      '  n0 [label="HID=m", style="bold,filled", fillcolor="#cfe5f7"];',
      '  n1 [label="usbhid"];',
      '  n2 [label="USB_HID"];',
      '  n1 -> n2 [label="is built by\\ndrivers/Makefile:3"];',
      '  n2 -> n0 [label="depends on\\nKconfig:7"];',
      '}',
    ]);
  });

  it('for Mermaid: the same', () => {
    expect(whyMermaid(report)).toBe(
      [
        'flowchart LR',
        '  n0["HID=m"]',
        '  n1["usbhid"]',
        '  n2["USB_HID"]',
        '  n1 -->|"is built by<br/>drivers/Makefile:3"| n2',
        '  n2 -->|"depends on<br/>Kconfig:7"| n0',
        '  style n0 stroke-width:3px',
        '',
      ].join('\n'),
    );
  });

  it('has conditions that fail and facts of the record', () => {
    const operands = [{ text: 'NET', symbol: 'NET', value: 'n' }];
    const blockers = [{ kind: 'depends', of: 'HID', condition: 'NET', at: null, operands } as const];
    const evidence = ['pci 8086:1234'];
    const dot = whyDot(whyReportOf('HID', { reason: { reason: 'record', for: ['i801'], evidence } }, blockers));
    expect(dot).toContain('n0 -> n1 [label="depends on (n)", style=dashed, color="#b3261e"];');
    expect(dot).toContain('n2 [label="i801"];');
    expect(dot).toContain('n3 [label="pci 8086:1234", shape=note];');
    expect(dot).toContain('n3 -> n0 [label="in the record"];');
  });

  it('takes no name for its own language', () => {
    const hostile = whyReportOf(HOSTILE, {});
    expect(whyDot(hostile)).toContain('label="a\\"]; evil \\\\N &amp;lt; <b> %%{init: {}}%% `x` #35; }[31m=m"');
    const [, line] = whyMermaid(hostile).split('\n');
    expect(line).toMatch(/^ {2}n0\["(?:[\w .,:/()=!|+-]|#\d+;)*"\]$/);
    const decoded = line!.slice(6, -2).replace(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
    expect(decoded).toBe(`${HOSTILE.replace('\u001b', '')}=m`);
  });
});
