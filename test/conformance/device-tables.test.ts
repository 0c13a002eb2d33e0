/**
 * Tables of devices in sources, judged by `modules.alias` of Debian's image of the same version: what modpost and depmod
 * made of them. A run samples modules; `KCONFIG_TRIM_FULL=1` takes all.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DeviceSources } from '../../src/evidence/device-sources.ts';
import { isModuleBuilt } from '../../src/kbuild/index.ts';
import { AliasMacros } from '../../src/sources/alias-macros.ts';
import { deviceAliases, tablesFor } from '../../src/sources/device-tables.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { describeKernels } from './describe-kernels.ts';
import { random, sampleSeed } from './sampling.ts';
import { readTrimBase } from './trim-engine.ts';

const FULL = process.env['KCONFIG_TRIM_FULL'] === '1';
const SAMPLE = FULL ? 10_000 : 60;
/** Modules for which a device of theirs is not found, at most. */
const MOST_UNSEEN = 0.05;
/** Modules of each bus for which the very same patterns are found, at least. */
const LEAST_EQUAL: Readonly<Record<string, number>> = {
  pci: 0.91,
  usb: 0.87,
  acpi: 0.97,
  virtio: 1,
  hid: 0.95,
  i2c: 0.97,
};

/** How far the share in a sample may be from that of all: three standard deviations. */
const slack = (share: number, count: number): number => (FULL ? 0 : 3 * Math.sqrt((share * (1 - share)) / count));

/** Releases of USB devices, which only the driver needs to know. */
const withoutRelease = (alias: string): string => alias.replace(/^(usb:v[^p]*p(?:\*|[0-9A-F]{4})d).*?(dc)/, '$1*$2');

describeKernels('tables of devices', (kernels) => {
  const kernel = kernels.find(({ version }) => version === '6.12') ?? kernels.at(-1)!;
  const config = kernel?.configs.find((path) => path.includes('none_amd64'));

  it.each(Object.entries(LEAST_EQUAL))('of %s are those of modules.alias', (bus, least) => {
    const text = readFileSync(config!, 'latin1');
    const base = readTrimBase(kernel, { arch: 'x86_64' }, text);
    const lookup = kbuildLookup(base.config);
    const judged = new Map<string, Set<string>>();
    for (const line of readFileSync(join(kernel.image, 'modules.alias'), 'latin1').split('\n')) {
      const [, alias = '', module = ''] = /^alias (\S+) (\S+)$/.exec(line) ?? [];
      if (!alias.startsWith(bus === 'acpi' ? 'acpi*:' : `${bus}:`)) continue;
      judged.set(module, (judged.get(module) ?? new Set()).add(withoutRelease(alias)));
    }
    const draw = random(sampleSeed());
    const readText = (path: string): string | null =>
      existsSync(join(kernel.tree, path)) ? readFileSync(join(kernel.tree, path), 'latin1') : null;
    const macros = new AliasMacros(readText, 'x86', 1200);
    const different: string[] = [];
    const unseen: string[] = [];
    const entries = draw.pick(
      [...judged.keys()].flatMap(
        (name) => base.kbuild.modules.byName(name).find((each) => isModuleBuilt(each, lookup)) ?? [],
      ),
      SAMPLE,
    );
    const devices = new DeviceSources(readText, macros);
    const tables = tablesFor(`${bus}:`);
    for (const { name, objects } of entries) {
      const sources = objects.map(({ path }) => path.replace(/\.o$/, '.c'));
      const found = new Set(
        sources.flatMap((path) => tables.flatMap((table) => deviceAliases(readText(path) ?? '', path, table, macros))),
      );
      const wanted = [...judged.get(name)!];
      const missing = wanted.filter((alias) => !found.has(alias));
      const extra = [...found].filter((alias) => !judged.get(name)!.has(alias));
      if (missing.length + extra.length > 0)
        different.push(`${name}: without ${missing.join(' ')}; with ${extra.join(' ')}`);
      // A device of the first entry: what is not read as C for want of a mention is not found.
      const device = wanted.map(deviceOf).find((alias) => sources.length > 0 && alias !== null && found.size > 0);
      if (device && !sources.some((path) => tables.some((table) => devices.drives(path, table, device))))
        unseen.push(`${name}: ${device}`);
    }
    const count = entries.length;
    expect(unseen.length / count, unseen.join('\n')).toBeLessThan(MOST_UNSEEN + slack(MOST_UNSEEN, count));
    expect(1 - different.length / count, different.join('\n')).toBeGreaterThanOrEqual(least - slack(least, count));
  });
});

/** A device that a pattern is for; null where that leaves open more than is worth guessing. */
function deviceOf(pattern: string): string | null {
  const alias = pattern
    .replace(/^acpi\*:(\w+):\*$/, 'acpi:$1:')
    .replace(/^(hid:b....g)\*/, '$10001')
    .replace(/(bc|sc|dc|dsc|dp|ic|isc|ip|in|i)\*/g, '$100')
    .replace(/(sv|sd)\*/g, '$100000000')
    .replace(/d\*dc/, 'd0000dc')
    .replace(/\*$/, '');
  return /[*?]/.test(alias) ? null : alias;
}
