import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { whyDot } from '../../src/report/why-graph.ts';
import { copyExample, run } from '../cli/run.ts';
import { whyReportOf } from '../report/why-report.ts';

const hasGraphviz = spawnSync('dot', ['-V']).status === 0;
if (!hasGraphviz) process.stderr.write('SKIPPED: no dot here (apt-get install graphviz): graphs are not drawn\n');

/** The texts of what Graphviz draws. */
function drawn(graph: string): string[] {
  const { status, stdout, stderr } = spawnSync('dot', ['-Tsvg'], { input: graph, encoding: 'utf8' });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const entities: Readonly<Record<string, string>> = {
    amp: '&',
    lt: '<',
    gt: '>',
    quot: '"',
    '#45': '-',
    '#39': "'",
    '#160': ' ',
  };
  return [...stdout.matchAll(/<text[^>]*>(.*?)<\/text>/g)].map(([, text]) =>
    text!.replace(/&([#\w]+);/g, (all, name) => entities[name] ?? all),
  );
}

describe.skipIf(!hasGraphviz)('why --format dot', () => {
  it('is what Graphviz takes, for what is on and what is off', async () => {
    const cwd = copyExample();
    const words = ['-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '--no-exec', '--format', 'dot'];
    const on = await run(['why', 'LEDS_CLASS', ...words], { cwd });
    expect(drawn(on.stdout)).toEqual(expect.arrayContaining(['LEDS_CLASS=m', 'mac80211', 'has the feature']));
    const off = await run(['why', 'zram', ...words], { cwd });
    expect(drawn(off.stdout)).toEqual(expect.arrayContaining(['zram', 'ZRAM=n', 'is built by (n)']));
  });

  it('draws a name as it is', () => {
    const name = 'a"]; evil \\N &lt; <b> }';
    expect(drawn(whyDot(whyReportOf(name, {})))).toEqual([`${name}=m`]);
  });
});
