import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { formatDotConfig } from '../../src/dotconfig/write.ts';
import { type OpenKernelTree, openKernelTree } from '../../src/workspace/open-kernel-tree.ts';
import { copyExample, run } from '../cli/run.ts';
import { recordText } from '../helpers/record-text.ts';

let example: string;
let tree: OpenKernelTree;
const file = (name: string): string => join(example, name);

beforeEach(() => {
  example = copyExample();
  tree = openKernelTree(file('tree'), { arch: 'x86', exec: false, cache: false });
});
afterEach(() => tree.close());

/** What the command line prints with the same inputs. */
const printed = async (...args: string[]): Promise<string> =>
  (await run([...args, '-C', file('tree'), '--no-exec', '--no-cache'])).stdout;

describe('a kernel tree that is opened by a program', () => {
  it('says what it is', () => {
    expect([tree.version, tree.arch]).toEqual(['6.12.0-example', 'x86']);
    expect(() => openKernelTree(example)).toThrow(InputError);
  });

  it('has the values and the build of a config, as the command line', async () => {
    const config = await tree.configure(await tree.readConfig(file('config')));
    expect(formatDotConfig(config)).toBe(await printed('conf', 'olddefconfig', '-c', file('config'), '-o', '-'));
    expect(
      tree
        .build(config)
        .units.map((unit) => `${unit}\n`)
        .join(''),
    ).toBe(await printed('objects', '-c', file('config')));
    expect(tree.kbuild(config)).toBe(tree.kbuild(config));
  });

  it('writes what conf would write', async () => {
    expect((await tree.conf('allnoconfig')).text).toBe(await printed('conf', 'allnoconfig', '-o', '-'));
  });

  it('trims as the command line, key files included, and leaves the config as it was', async () => {
    const config = await tree.configure(await tree.readConfig(file('config')));
    const before = formatDotConfig(config);
    const trimmed = tree.trim(config, tree.readModules(file('lsmod.txt')), { lean: true });
    expect(trimmed.text).toBe(await printed('-c', file('config'), '-l', file('lsmod.txt'), '--lean', '-o', '-'));
    expect(trimmed.violations).toEqual([]);
    expect(formatDotConfig(config)).toBe(before);
    expect(tree.why('VFAT_FS', config, trimmed)).toMatchObject([{ kind: 'symbol', name: 'VFAT_FS' }]);
    expect(tree.why('NO_SUCH_NAME', config)).toEqual([]);
  });

  it('reads a record for a trim, and none of a listing', async () => {
    const record = file('host.record');
    writeFileSync(record, recordText('fs vfat fstab', 'module snd 1'));
    const config = await tree.configure(await tree.readConfig(file('config')));
    const trimmed = tree.trim(config, tree.readModules(record), { record: tree.readRecord(record) });
    expect(trimmed.recorded.map(({ name }) => name)).toEqual(['vfat']);
    expect(trimmed.text).toBe(await printed('-c', file('config'), '-l', record, '-o', '-'));
    expect(tree.readRecord(file('lsmod.txt'))).toBe(null);
  });

  it('refuses what the command line refuses', async () => {
    await expect(tree.readConfig(file('none'))).rejects.toThrow('config-unreadable');
    expect(() => tree.readModules(file('none'))).toThrow(InputError);
  });

  it('tells what Kconfig files say, and has programs answer', async () => {
    writeFileSync(file('tree/fs/Kconfig'), '$(info,answer $(shell,echo 42))\n');
    const said: string[] = [];
    const asking = openKernelTree(file('tree'), { arch: 'x86', cache: false, message: (text) => said.push(text) });
    await asking.kconfig();
    asking.close();
    expect(said).toEqual(['answer 42']);
  });
});
