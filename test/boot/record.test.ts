/**
 * Records of emulated machines under Debian's own kernel: the program and the script say the same, line by line, with
 * and without root, and none of them says a secret. `KCONFIG_TRIM_MACHINES="pc-plain q35-usb"` boots only these.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { factsOf } from '../../src/machine/record/format.ts';
import { parseRecord } from '../../src/machine/record/read.ts';
import { MACHINES, type Machine } from './machines.ts';
import { BOOT, boot, makeInitramfs, PLANTED, whyNoBoot } from './virtual-machine.ts';

const RECORDS = join(BOOT, 'records');
const reason = whyNoBoot();
// biome-ignore lint/suspicious/noConsole: a skipped judge must be seen
if (reason !== null) console.warn(`SKIPPED all boots: ${reason}; npm run setup:boot brings what is missing`);
const asked = process.env['KCONFIG_TRIM_MACHINES']?.split(' ');
const machines = MACHINES.filter(({ name }) => asked?.includes(name) ?? true);

/** Ways to record, by the program and by the script, which have to say the same. */
const pairs = ({ inAllWays }: Machine): (readonly [tool: string, script: string])[] =>
  ['', ...(inAllWays ? ['-nobody', '-busybox'] : [])].map((way) => [`tool${way}`, `script${way}`]);

describe.skipIf(reason !== null)('records of emulated machines', () => {
  let initramfs = '';
  beforeAll(() => {
    initramfs = makeInitramfs();
    mkdirSync(RECORDS, { recursive: true });
  });

  it.each(machines.map((machine) => [machine.name, machine] as const))('%s', async (name, machine) => {
    const { isDone, files, timings } = await boot(machine, {
      name,
      initramfs,
      ways: machine.inAllWays ? 'all-ways' : 'some-ways',
    });
    expect(isDone).toBe(true);
    const text = (way: string): string => files.get(`${way}.record`) ?? '';
    writeFileSync(join(RECORDS, `${name}.record`), text('tool'), 'latin1');
    writeFileSync(join(RECORDS, `${name}.times`), timings.map((each) => `${each.name} ${each.seconds}\n`).join(''));
    for (const { name: way, status } of timings) expect(`${way} ${status}`).toBe(`${way} 0`);
    for (const [tool, script] of pairs(machine)) {
      expect(text(tool).split('\n').length).toBeGreaterThan(300);
      expect(text(script)).toBe(text(tool));
    }
    for (const way of pairs(machine).flat()) {
      for (const secret of PLANTED) expect(text(way)).not.toMatch(secret);
    }
    const { record } = parseRecord(text('tool'), name);
    const bound = [...factsOf(record, 'driver')].filter(({ count }) => count > 0);
    const names = bound.map(({ fields }) => `${fields[0]} ${fields[1]}`);
    expect(machine.drives.filter((driver) => !names.includes(driver))).toEqual([]);
  });
});
