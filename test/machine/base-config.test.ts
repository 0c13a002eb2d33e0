import { gzipSync } from 'node:zlib';
import { Volume } from 'memfs';
import { describe, expect, test } from 'vitest';
import { InputError } from '../../src/diagnostics/diagnostic.ts';
import { type BaseConfig, baseConfigCandidates, findBaseConfig, kernelRelease } from '../../src/machine/base-config.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const RELEASE = { '/proc/sys/kernel/osrelease': '6.12.1-amd64\n' };

function fsOf(files: Readonly<Record<string, string | Buffer>>): NodeFileSystem {
  const volume = new Volume();
  for (const [path, content] of Object.entries({ ...RELEASE, ...files })) {
    volume.mkdirSync(path.slice(0, path.lastIndexOf('/')) || '/', { recursive: true });
    volume.writeFileSync(path, content);
  }
  return new NodeFileSystem(volume as unknown as NodeFs);
}

function find(files: Readonly<Record<string, string | Buffer>>, env: Record<string, string> = {}): Promise<BaseConfig> {
  return findBaseConfig({ fs: fsOf(files), objtree: '/tree', env });
}

const image = Buffer.concat([Buffer.from('\0\0IKCFG_ST'), gzipSync('CONFIG_IMAGE=y\n'), Buffer.from('IKCFG_ED')]);

/** Every place, in streamline's order. */
const PLACES: readonly [path: string, content: string | Buffer, text: string][] = [
  ['/tree/.config', 'CONFIG_OWN=y\n', 'CONFIG_OWN=y\n'],
  ['/proc/config.gz', gzipSync('CONFIG_PROC=y\n'), 'CONFIG_PROC=y\n'],
  ['/boot/config-6.12.1-amd64', 'CONFIG_BOOT=y\n', 'CONFIG_BOOT=y\n'],
  ['/lib/modules/6.12.1-amd64/config', 'CONFIG_LIB=y\n', 'CONFIG_LIB=y\n'],
  ['/boot/vmlinuz-6.12.1-amd64', image, 'CONFIG_IMAGE=y\n'],
  ['/lib/modules/6.12.1-amd64/vmlinuz', image, 'CONFIG_IMAGE=y\n'],
  ['/tree/vmlinux', image, 'CONFIG_IMAGE=y\n'],
  ['/lib/modules/6.12.1-amd64/kernel/kernel/configs.ko', image, 'CONFIG_IMAGE=y\n'],
  ['/lib/modules/6.12.1-amd64/kernel/kernel/configs.ko.xz', image, 'CONFIG_IMAGE=y\n'],
  ['/lib/modules/6.12.1-amd64/kernel/kernel/configs.ko.zst', image, 'CONFIG_IMAGE=y\n'],
  ['/lib/modules/6.12.1-amd64/kernel/kernel/configs.ko.gz', gzipSync(image), 'CONFIG_IMAGE=y\n'],
  ['/tree/kernel/configs.ko', image, 'CONFIG_IMAGE=y\n'],
  ['/tree/kernel/configs.o', image, 'CONFIG_IMAGE=y\n'],
];

describe('findBaseConfig', () => {
  test('the first place that has one', async () => {
    for (let first = 0; first < PLACES.length; first++) {
      const files = Object.fromEntries(PLACES.slice(first).map(([path, content]) => [path, content]));
      const found = await find(files);
      expect([found.path, found.text]).toEqual([PLACES[first]![0], PLACES[first]![2]]);
      expect(found.looked).toHaveLength(first + 1);
      expect(found.looked.at(-1)).toEqual({ path: found.path, outcome: 'used' });
    }
    expect(baseConfigCandidates({ fs: fsOf({}), objtree: '/tree', env: {} })).toEqual(PLACES.map(([path]) => path));
  });

  test('KCONFIG_CONFIG names the .config', async () => {
    const files = { '/tree/.config': 'CONFIG_A=y\n', '/tree/other': 'CONFIG_B=y\n', '/abs': 'CONFIG_C=y\n' };
    expect((await find(files, { KCONFIG_CONFIG: 'other' })).path).toBe('/tree/other');
    expect((await find(files, { KCONFIG_CONFIG: '/abs' })).path).toBe('/abs');
    expect((await find(files, { KCONFIG_CONFIG: '' })).path).toBe('/tree/.config');
  });

  test('a kernel without a configuration, or a broken config.gz, is passed over', async () => {
    const found = await find({
      '/proc/config.gz': gzipSync('CONFIG_A=y\n').subarray(0, 15),
      '/boot/vmlinuz-6.12.1-amd64': '\0\0no mark here',
      '/tree/kernel/configs.o': image,
    });
    expect(found.path).toBe('/tree/kernel/configs.o');
    expect(found.looked.filter(({ outcome }) => outcome === 'no-config').map(({ path }) => path)).toEqual([
      '/proc/config.gz',
      '/boot/vmlinuz-6.12.1-amd64',
    ]);
  });

  test("a broken .config of one's own is not", async () => {
    const files = { '/tree/.config': '\xff\xfeC\0', '/boot/config-6.12.1-amd64': 'CONFIG_A=y\n' };
    await expect(find({ ...files, '/tree/.config': Buffer.from('fffe4300', 'hex') })).rejects.toMatchObject({
      diagnostic: { code: 'config-utf16' },
    });
  });

  test('nothing anywhere: where it looked', async () => {
    const error = await find({ '/tree/.config/x': '' }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(InputError);
    const { code, args } = (error as InputError).diagnostic;
    expect(code).toBe('base-config-not-found');
    expect(args['count']).toBe(PLACES.length);
    expect(String(args['looked']).split(',').slice(0, 2)).toEqual([
      '/tree/.config=not-a-file',
      '/proc/config.gz=missing',
    ]);
  });
});

describe('kernelRelease', () => {
  test('what uname -r prints', () => {
    expect(kernelRelease(fsOf({}))).toBe('6.12.1-amd64');
    expect(kernelRelease(memoryFs({}))).toBeNull();
    expect(kernelRelease(memoryFs({ '/proc/sys/kernel/osrelease': '../../etc\n' }))).toBeNull();
  });

  test('without it, the places that need it are left out', () => {
    const places = baseConfigCandidates({ fs: memoryFs({}), objtree: '/tree', env: {} });
    expect(places).toEqual([
      '/tree/.config',
      '/proc/config.gz',
      '/tree/vmlinux',
      '/tree/kernel/configs.ko',
      '/tree/kernel/configs.o',
    ]);
  });
});
