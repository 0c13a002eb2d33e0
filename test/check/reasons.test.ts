import { describe, expect, it } from 'vitest';
import { readConfigFile } from '../../src/check/config-file.ts';
import { KconfigLines } from '../../src/check/kconfig-lines.ts';
import { Reasons } from '../../src/check/reasons.ts';
import { hindranceText } from '../../src/report/why-text.ts';
import { configure, MODULES, parseText, symbol } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const NAMES = Array.from({ length: 50 }, (_, i) => `DRIVER_${i}`);
const drivers = NAMES.map((name) => `config ${name}\n\ttristate "driver"\n\tdepends on CORE\n`);
const kconfig = parseText(`${MODULES}config CORE\n\ttristate "core"\n\n${drivers.join('\n')}`);

describe('what would make a value hold', () => {
  it('is said to be given up where many have been searched for', () => {
    const text = `CONFIG_MODULES=y\n${NAMES.map((name) => `CONFIG_${name}=m\n`).join('')}`;
    const file = readConfigFile('.config', text, 'strict');
    const reasons = new Reasons(configure(kconfig, text), file, new KconfigLines(memoryFs({}), '/tree'));
    const found = NAMES.map((name) => reasons.why(symbol(kconfig, name), 'm'));
    expect(found[0]).toMatchObject({ remedy: { changes: [{ symbol: 'CORE', value: 'm' }] }, hindrances: [] });
    const last = found.at(-1)!;
    expect(last).toMatchObject({ remedy: null, hindrances: [{ kind: 'not-searched', symbol: 'DRIVER_49' }] });
    expect(hindranceText(last.hindrances[0]!)).toContain('given up before this one: kconfig-trim why DRIVER_49');
    expect(found.every(({ remedy, hindrances }) => remedy !== null || hindrances.length > 0)).toBe(true);
    expect(reasons.wayToModule('driver_49', []).hindrances).toMatchObject([{ kind: 'not-searched' }]);
  });
});
