/**
 * Rehearsals on Debian's own kernel: what `rehearse` says can go is left out, and the machine has all that it had. What
 * it needs and a wrong rule might leave out is planted, and has to be missed.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runBuilt } from '../cli/run.ts';
import { KERNELS, kernel } from '../conformance/kernels.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { lossesSince } from './losses.ts';
import { MACHINES, type Machine } from './machines.ts';
import { BOOT, type Boot, boot, makeInitramfs, whyNoBoot, withRecord } from './virtual-machine.ts';

const SERIES = '6.12';
const PARAMETER = 'initcall_blacklist=';
const NOTHING_LOST = { errors: [], missing: [] };

const machines = ['pc-virtio', 'q35-desktop'].map((name) => MACHINES.find((each) => each.name === name)!);
const reason = whyNoBoot() ?? (existsSync(join(KERNELS, SERIES)) ? null : `there is no ${join(KERNELS, SERIES)}`);
if (reason !== null) {
  if (process.env['CI']) throw new Error(`no rehearsals in CI: ${reason}`);
  // biome-ignore lint/suspicious/noConsole: a skipped judge must be seen
  console.warn(`SKIPPED all rehearsals: ${reason}; npm run setup:boot and setup:kernel bring what is missing`);
}

/** A machine under Debian's kernel, as it is. */
interface Before {
  readonly boot: Boot;
  /** The record's file. */
  readonly record: string;
  /** The file system that compares with it. */
  readonly initramfs: string;
}

describe.skipIf(reason !== null)("rehearsals on Debian's kernel", () => {
  const known = new Map<Machine, Promise<Before>>();
  let [cache, initramfs] = ['', ''];
  beforeAll(() => {
    cache = temporaryFolder();
    initramfs = makeInitramfs();
  });

  const firstBoot = async (machine: Machine): Promise<Before> => {
    const name = `${machine.name}-before`;
    const before = await boot(machine, { name, initramfs, ways: 'program' });
    const text = before.files.get('tool.record') ?? '';
    expect([before.isDone, text.split('\n').length > 300]).toEqual([true, true]);
    const record = join(BOOT, `${name}.record`);
    writeFileSync(record, text, 'latin1');
    return { boot: before, record, initramfs: withRecord(initramfs, name, text) };
  };
  /** Once for all tests. */
  const before = (machine: Machine): Promise<Before> => {
    const first = known.get(machine) ?? firstBoot(machine);
    known.set(machine, first);
    return first;
  };
  /** The parameters that `rehearse` prints, each for a boot. */
  const rehearse = async (machine: Machine, scope: string): Promise<readonly string[]> => {
    const { tree, image } = kernel(SERIES);
    const { record } = await before(machine);
    const args = ['rehearse', '-C', tree, '-c', join(image, 'config'), '-l', record, scope, '--json'];
    const { status, stdout, stderr } = await runBuilt(args, { env: { XDG_CACHE_HOME: cache } });
    expect({ status, stderr }).toMatchObject({ status: 0 });
    return (JSON.parse(stdout) as { lines: string[] }).lines;
  };
  /** Boots once more, without some init functions. */
  const without = async (machine: Machine, name: string, parameter: string): Promise<Boot> => {
    const first = await before(machine);
    const after = await boot(machine, {
      name: `${machine.name}-${name}`,
      initramfs: first.initramfs,
      ways: 'compare',
      parameter,
    });
    if (after.isDone) expect(after.kernel).toBe(first.boot.kernel);
    return after;
  };

  const scopes = ['--deep', '--deep=bold'];
  const cases = scopes.flatMap((scope) => machines.map((machine) => [machine.name, scope, machine] as const));

  it.concurrent.each(cases)('%s %s: nothing is missing', async (_, scope, machine) => {
    const lines = await rehearse(machine, scope);
    expect(lines.join().split(',').length).toBeGreaterThan(40);
    for (const [index, line] of lines.entries()) {
      const after = await without(machine, `${scope.replace(/\W+/g, '')}-${index + 1}`, line);
      expect(after.isDone).toBe(true);
      expect(lossesSince((await before(machine)).boot, after)).toEqual(NOTHING_LOST);
    }
  });

  // virtio_blk is a module: the parameter stops those as well.
  it.concurrent('misses drivers that should not have gone', async () => {
    const [machine] = machines as [Machine];
    const [line = PARAMETER] = await rehearse(machine, '--deep');
    const after = await without(machine, 'planted', `${line},virtio_blk_init,i8042_init`);
    const { missing } = lossesSince((await before(machine)).boot, after);
    expect(missing).toContain('driver virtio virtio_blk (undriven)');
    expect(missing).toContain('driver pnp i8042 kbd (unknown-here)');
  });

  // devtmpfs has no initcall that could be left out; without the initramfs nothing starts, either.
  it.concurrent('sees that a machine does not come up', async () => {
    const [machine] = machines as [Machine];
    const after = await without(machine, 'stopped', `${PARAMETER}populate_rootfs`);
    expect(after.isDone).toBe(false);
    expect(lossesSince((await before(machine)).boot, after).missing).toEqual(['no comparison']);
  });
});
