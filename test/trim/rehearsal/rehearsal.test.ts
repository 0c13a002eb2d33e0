import { describe, expect, it } from 'vitest';
import { rehearsalOf } from '../../../src/trim/rehearsal/rehearsal.ts';
import type { DeepDeparture } from '../../../src/trim/types.ts';

const departure = (symbol: string, ...paths: readonly string[]): DeepDeparture => ({
  symbol,
  from: 'y',
  to: 'n',
  kind: 'unused',
  evidence: '',
  units: paths.map((path) => ({ path, seconds: 1 })),
  changes: [],
});

const FILES: Readonly<Record<string, string>> = {
  'drivers/heron/heron.c': 'module_init(heron_init);\n',
  'drivers/heron/bus.c': 'subsys_initcall(heron_bus_init);\nlate_initcall(heron_late);\n',
  'drivers/heron/lib.c': 'int heron_add(int a) { return a; }\n',
  'drivers/twin/twin.c': 'static int __init init(void);\ndevice_initcall(init);\n',
  'fs/stays/stays.c': 'fs_initcall(init);\n',
  // As certs/blacklist.c: its keyring is made by its init function, and parsers of certificates search it.
  'certs/ledger.c': 'int is_in_ledger(const u8 *hash,\n\t\t size_t len)\n{\n}\ndevice_initcall(ledger_init);\n',
  'crypto/parser.c': 'static int parse(void)\n{\n\treturn is_in_ledger(hash, len);\n}\n',
};
const read = (path: string): string | null => FILES[path] ?? null;

describe('rehearsalOf', () => {
  it('leaves out the init functions of what goes, but for infrastructure', () => {
    const all = ['drivers/heron/heron.o', 'drivers/heron/bus.o', 'drivers/heron/lib.o'];
    const { functions, leftOut, untried, lines } = rehearsalOf([departure('HERON', ...all)], [], read);
    expect(functions.map(({ name }) => name)).toEqual(['heron_init', 'heron_late']);
    expect(leftOut.map(({ name, why }) => `${name} ${why}`)).toEqual(['heron_bus_init infrastructure']);
    expect(untried).toBe(1);
    expect(lines).toEqual(['initcall_blacklist=heron_init,heron_late']);
  });

  it('runs a function whose name something that stays has, too', () => {
    const { functions, leftOut } = rehearsalOf([departure('TWIN', 'drivers/twin/twin.o')], ['fs/stays/stays.o'], read);
    expect(functions).toEqual([]);
    expect(leftOut.map(({ name, why }) => `${name} ${why}`)).toEqual(['init same-name']);
  });

  it.each([
    ['infrastructure', 'postcore_initcall(xenbus_init);\n', []],
    ['called', 'int is_in_ledger(int a)\n{\n}\ndevice_initcall(xenbus_init);\n', ['crypto/parser.o']],
  ])('runs all functions of a name where one of them runs: %s', (why, probe, stays) => {
    const files: Readonly<Record<string, string>> = {
      ...FILES,
      'xenbus/frontend.c': 'device_initcall(xenbus_init);\nlate_initcall(front_late);\n',
      'xenbus/probe.c': probe,
    };
    const going = [departure('XEN', 'xenbus/frontend.o'), departure('XEN_BUS', 'xenbus/probe.o')];
    const { functions, leftOut, lines } = rehearsalOf(going, stays, (path) => files[path] ?? null);
    expect(functions.map(({ name }) => name)).toEqual(['front_late']);
    expect(leftOut.map(({ unit, why }) => `${unit} ${why}`)).toEqual([
      'xenbus/frontend.o same-name',
      `xenbus/probe.o ${why}`,
    ]);
    expect(lines).toEqual(['initcall_blacklist=front_late']);
  });

  it('runs what code that runs calls', () => {
    const going = [departure('LEDGER', 'certs/ledger.o')];
    const { functions, leftOut } = rehearsalOf(going, ['crypto/parser.o'], read);
    expect(functions).toEqual([]);
    expect(leftOut.map(({ name, why }) => `${name} ${why}`)).toEqual(['ledger_init called']);
    expect(rehearsalOf(going, ['fs/stays/stays.o'], read).functions.map(({ name }) => name)).toEqual(['ledger_init']);
  });

  it('makes lines that fit into a command line with what a machine has there, and no name twice', () => {
    const paths = Array.from({ length: 200 }, (_, i) => `drivers/many/driver${i}.o`);
    const each = (path: string): string => `module_init(${path.replace(/\W/g, '_')}_init);\n`;
    const { lines } = rehearsalOf([departure('MANY', ...paths, ...paths)], [], each);
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(2047 - 300);
    const names = lines.flatMap((line) => line.replace('initcall_blacklist=', '').split(','));
    expect(names.length).toBe(200);
    expect(new Set(names).size).toBe(200);
  });

  it('has no lines where nothing goes', () => {
    expect(rehearsalOf([], ['fs/stays/stays.o'], read).lines).toEqual([]);
  });
});
