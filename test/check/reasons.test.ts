import { describe, expect, it } from 'vitest';
import { withCauses } from '../../src/check/causes.ts';
import { readConfigFile } from '../../src/check/config-file.ts';
import { KconfigLines } from '../../src/check/kconfig-lines.ts';
import { Reasons } from '../../src/check/reasons.ts';
import { withRootWays } from '../../src/check/root-ways.ts';
import { allFindings, finding } from '../../src/check/types.ts';
import { hindranceText } from '../../src/report/why-text.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const NAMES = Array.from({ length: 50 }, (_, i) => `DRIVER_${i}`);
const drivers = NAMES.map((name) => `config ${name}\n\ttristate "driver"\n\tdepends on CORE\n`);
const kconfig = parseText(`${MODULES}config CORE\n\ttristate "core"\n\n${drivers.join('\n')}`);

const lines = new KconfigLines(memoryFs({}), '/tree');
const reasonsOf = (text: string): Reasons =>
  new Reasons(configure(kconfig, text), readConfigFile('.config', text, 'strict'), lines);

describe('what would make a value hold', () => {
  it('is said to be given up where many have been searched for', () => {
    const text = `CONFIG_MODULES=y\n${NAMES.map((name) => `CONFIG_${name}=m\n`).join('')}`;
    const reasons = reasonsOf(text);
    const found = NAMES.map((name) => reasons.why(symbol(kconfig, name), 'm'));
    expect(found[0]).toMatchObject({ remedy: { changes: [{ symbol: 'CORE', value: 'm' }] }, hindrances: [] });
    const last = found.at(-1)!;
    expect(last).toMatchObject({ remedy: null, hindrances: [{ kind: 'not-searched', symbol: 'DRIVER_49' }] });
    expect(hindranceText(last.hindrances[0]!)).toContain('given up before this one');
    expect(found.every(({ remedy, hindrances }) => remedy !== null || hindrances.length > 0)).toBe(true);
    expect(reasons.wayToModule('driver_49', []).hindrances).toMatchObject([{ kind: 'not-searched' }]);
  });

  it('is what decides over a number that no prompt sets', () => {
    const tree = parseText(
      `config FAST\n\tbool "fast"\n\nconfig SPEED\n\tint\n\tdefault 9 if FAST\n\tdefault 2\n\nconfig DEEP\n\tint "deep"\n\tdepends on FAST\n`,
    );
    const text = '# CONFIG_FAST is not set\n';
    const reasons = new Reasons(configure(tree, text), readConfigFile('.config', text, 'strict'), lines);
    const remedy = { changes: [{ symbol: 'FAST', value: 'y' }] };
    expect(reasons.why(symbol(tree, 'SPEED'), '9')).toMatchObject({ held: '2', blockers: [], remedy });
    expect(reasons.why(symbol(tree, 'SPEED'), '3')).toMatchObject({ remedy: null, hindrances: [] });
    expect(reasons.why(symbol(tree, 'SPEED'), 'fast')).toMatchObject({ remedy: null });
    const deep = [...remedy.changes, { symbol: 'DEEP', value: '4' }];
    expect(reasons.why(symbol(tree, 'DEEP'), '4')).toMatchObject({ remedy: { changes: deep } });
  });

  it('is searched for where most errors come from, after those that come from it', () => {
    const text = `CONFIG_MODULES=y\nCONFIG_CORE=n\n${NAMES.map((name) => `CONFIG_${name}=m\n`).join('')}`;
    const config = configure(kconfig, text);
    const reasons = reasonsOf(text);
    const cases = [...NAMES, 'CORE'].map((name) => {
      const why = reasons.why(symbol(kconfig, name), 'm');
      const subject = { kind: 'symbol', name } as const;
      return { name, findings: [finding({ code: 'turned-off', severity: 'error', subject, wanted: 'm', ...why })] };
    });
    const results = withCauses([{ name: 'against', source: 'old', cases }], config, reasons.links);
    const [last] = allFindings(withRootWays(results, config, reasons, lines)).slice(-1);
    expect(last).toMatchObject({
      subject: { name: 'CORE' },
      remedy: { changes: [{ symbol: 'CORE', value: 'm' }] },
      hindrances: [],
    });
  });
});
