/** Loaded modules that the tree has no module for: what became of them. */
import { describe, expect, it } from 'vitest';
import { KbuildTree } from '../../src/kbuild/index.ts';
import { resolveLoaded } from '../../src/trim/loaded.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import type { LoadedModule } from '../../src/trim/types.ts';
import { configure, MODULES, parseText } from '../helpers/kconfig.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const KCONFIG = `${MODULES}
config NETFS
	tristate "net file systems"

config FSCACHE
	bool "cache"
	depends on NETFS

config IAVF
	tristate "adapter"

config NVME_CORE
	tristate "nvme"

config TYPEC_NVIDIA
	tristate "alternate mode"

config TIPC_DIAG
	tristate "diag"

config SPLIT
	tristate "split"

config GONE_OFF
	bool "built in only, off"

config TWICE
	tristate "twice"

config BUS
	tristate "bus"

config BIG
	tristate "has the bus inside"
`;

const MAKEFILES: Record<string, string> = {
  Makefile: '',
  'kernel/Makefile': '',
  'scripts/Kbuild.include': '',
  'scripts/Makefile.compiler': '',
  Kbuild: 'obj-y += kernel/ fs/ net/ drivers/ lib/ video/core/ video/fbdev/ usb/ android/ crypto/\n',
  'video/core/Makefile': 'obj-m += fb.o amd64_edac.o\nfb-y := fbmem.o softcursor.o\n',
  'video/fbdev/Makefile': 'obj-m += kyrofb.o\nkyrofb-y := fbdev.o\n',
  'usb/Makefile': 'obj-m += ohci-hcd.o dm-multipath.o firewire-sbp.o\nfirewire-sbp-y := ohci.o\n',
  'android/Makefile': 'obj-m += binder_linux.o\nbinder_linux-y := binder.o binder_alloc.o\n',
  'crypto/Makefile': 'obj-m += cast5_generic.o cast5_avx.o inet.o ext4.o ntfs3.o nft_log.o nft_hash.o\n',
  'fs/Makefile': 'obj-$(CONFIG_NETFS) += netfs.o\nnetfs-y := main.o\nnetfs-$(CONFIG_FSCACHE) += cache.o nft_objref.o\n',
  'net/Makefile': 'obj-$(CONFIG_TIPC_DIAG) += tipc/\n',
  'net/tipc/Makefile': 'obj-$(CONFIG_TIPC_DIAG) += tipc_diag.o\ntipc_diag-y := diag.o\n',
  'drivers/Makefile': [
    'obj-$(CONFIG_IAVF) += iavf.o',
    'iavf-y := iavf_main.o iavf_diag.o diag.o',
    'obj-$(CONFIG_NVME_CORE) += nvme-core.o',
    'nvme-core-y := core.o multipath.o',
    'obj-$(CONFIG_TYPEC_NVIDIA) += typec_nvidia.o',
    'typec_nvidia-y := nvidia.o',
    'obj-$(CONFIG_SPLIT) += leds-gpio-core.o',
    'obj-$(CONFIG_TWICE) += first.o second.o',
    'bus-y := bus_core.o',
    'obj-$(CONFIG_BIG) += big.o',
    'big-y := big_main.o',
    'ifdef CONFIG_BIG',
    'big-y += $(bus-y)',
    'else',
    'obj-$(CONFIG_BUS) += bus.o',
    'endif',
    '',
  ].join('\n'),
  'lib/Makefile': 'obj-y += crc32c-lib.o\nifdef CONFIG_GONE_OFF\nobj-y += crc64-lib.o\nendif\n',
  'arch/x86/Makefile': '',
  'arch/arm64/crypto/Makefile': 'obj-$(CONFIG_AES_CE) += \\\n\taes-ce-blk.o\nobj-y += always.o\n',
};

const SOURCES: Record<string, string> = {
  'include/linux/module.h': '#define MODULE_ALIAS(_alias) MODULE_INFO(alias, _alias)\n',
  'include/crypto/algapi.h': [
    '#include <linux/module.h>',
    '#define MODULE_ALIAS_CRYPTO(name)\t\\',
    '\t\t__MODULE_INFO(alias, alias_userspace, name);\t\\',
    '\t\t__MODULE_INFO(alias, alias_crypto, "crypto-" name)',
    '',
  ].join('\n'),
  'include/linux/fs.h': '#define MODULE_ALIAS_FS(NAME) MODULE_ALIAS("fs-" NAME)\n',
  'include/linux/nft.h': '#define MODULE_ALIAS_NFT_EXPR(name) \\\n\tMODULE_ALIAS("nft-expr-" name)\n',
  'include/linux/net.h': [
    '#include <linux/socket.h>',
    '#define MODULE_ALIAS_NETPROTO(proto) \\',
    '\tMODULE_ALIAS("net-pf-" __stringify(proto))',
    '',
  ].join('\n'),
  'include/linux/socket.h': '#define AF_INET6\t10\t/* IP version 6 */\n#define PF_INET6 AF_INET6\n',
  'crypto/cast5_generic.c': '#include <crypto/algapi.h>\nMODULE_ALIAS_CRYPTO("cast5");\n',
  'crypto/cast5_avx.c': '#include <crypto/algapi.h>\nMODULE_ALIAS_CRYPTO("cast5");\n',
  'crypto/inet.c': '#include <linux/net.h>\nMODULE_ALIAS_NETPROTO(PF_INET6);\n',
  'crypto/ext4.c': '#include <linux/fs.h>\nMODULE_ALIAS_FS("ext4");\n',
  'crypto/ntfs3.c': '#include <linux/fs.h>\nMODULE_ALIAS_FS("ntfs3");\nMODULE_ALIAS_FS("ntfs");\n',
  'crypto/nft_log.c': '#include <linux/nft.h>\nMODULE_ALIAS_NFT_EXPR("log");\n',
  'crypto/nft_hash.c': '#include <linux/nft.h>\nMODULE_ALIAS_NFT_EXPR("hash");\n',
  'drivers/iavf_main.c': 'MODULE_LICENSE("GPL");\nMODULE_ALIAS("i40evf");\n',
  'drivers/leds-gpio-core.c': 'MODULE_ALIAS("ledtrig:audio-mute");\nMODULE_ALIAS("ledtrig:audio-micmute");\n',
  'drivers/first.c': 'MODULE_ALIAS("both");\n',
  'drivers/second.c': 'MODULE_ALIAS("both");\n',
};

const CONFIG = [
  'CONFIG_MODULES=y',
  'CONFIG_NETFS=m',
  'CONFIG_IAVF=m',
  'CONFIG_NVME_CORE=m',
  'CONFIG_TYPEC_NVIDIA=m',
  'CONFIG_TIPC_DIAG=m',
  'CONFIG_SPLIT=y',
  'CONFIG_TWICE=m',
  '',
].join('\n');

function resolve(names: readonly string[], config = CONFIG, origin: LoadedModule['origin'] = 'unknown') {
  const files = { ...MAKEFILES, ...SOURCES };
  const inTree = Object.fromEntries(Object.entries(files).map(([path, text]) => [`/tree/${path}`, text]));
  const kbuild = KbuildTree.load({ fs: memoryFs(inTree), tree: '/tree', srcarch: 'x86' });
  const base = configure(parseText(KCONFIG), config);
  const build = kbuild.build(kbuildLookup(base));
  const loaded = names.map((name) => ({ name, origin }));
  return resolveLoaded(loaded, kbuild, base, build).map(({ status, entries, note }) => ({
    status,
    path: entries.map((entry) => entry.path).join(' '),
    note,
  }));
}

describe('a loaded module that the tree has no module for', () => {
  it.each([
    ['an alias in a source', 'i40evf', 'drivers/iavf', 'whose alias is i40evf'],
    ['an alias with its name in front', 'ledtrig_audio', 'drivers/leds-gpio-core', 'whose alias is ledtrig:audio-mute'],
    [
      'the symbol of its name inside a module',
      'fscache',
      'fs/netfs',
      'part of netfs (fs/netfs), by the symbol FSCACHE',
    ],
    ['an object of its name inside a module', 'nft_objref', 'fs/netfs', 'now part of netfs'],
    ['an object of one word that stands nowhere else', 'softcursor', 'video/core/fb', 'now part of fb'],
    ['an object of one word that the module begins with', 'binder', 'android/binder_linux', 'now part of binder_linux'],
    ['its name without _mod', 'amd64_edac_mod', 'video/core/amd64_edac', 'likely now amd64_edac'],
    ['an alias of a macro', 'cast5', 'crypto/cast5_generic', 'whose alias is cast5'],
    ['an alias of a macro with its prefix', 'crypto_cast5', 'crypto/cast5_generic', 'whose alias is crypto-cast5'],
    ['an alias of a macro in a far header', 'net_pf_10', 'crypto/inet', 'whose alias is net-pf-10'],
    ['what a macro has for most modules’ own names', 'ntfs', 'crypto/ntfs3', 'whose alias is'],
    ['a core module of its name', 'leds_gpio', 'drivers/leds-gpio-core', 'likely now leds_gpio_core'],
  ])('is renamed by %s', (_, name, path, note) => {
    expect(resolve([name])).toEqual([{ status: 'renamed', path, note: expect.stringContaining(note) }]);
  });

  it('is built in where its object can only be part of the kernel and is', () => {
    expect(resolve(['crc32c_lib'])).toEqual([
      { status: 'builtin', path: '', note: 'lib/crc32c-lib.o is part of the kernel itself' },
    ]);
  });

  it('is built in where its object is inside a module that is built in', () => {
    expect(resolve(['nft_objref'], CONFIG.replace('NETFS=m', 'NETFS=y'))).toEqual([
      { status: 'builtin', path: 'fs/netfs', note: 'now part of netfs (fs/netfs), which is built in by NETFS' },
    ]);
  });

  it('is off where its object can only be part of the kernel and is not, or where what it became is off', () => {
    expect(resolve(['crc64_lib'])[0]).toMatchObject({ status: 'off', note: expect.stringContaining('GONE_OFF') });
    expect(resolve(['i40evf'], 'CONFIG_MODULES=y\n')[0]).toMatchObject({
      status: 'off',
      path: 'drivers/iavf',
      note: expect.stringMatching(/now iavf .*on with IAVF=m$/),
    });
  });

  it('is not mistaken for a file of one word, or for one of several that bear the name', () => {
    for (const name of [
      'multipath',
      'nvidia',
      'both',
      'always',
      'main',
      'diag',
      'fbdev',
      'ohci',
      'log',
      'v1',
      'IAVF',
    ]) {
      expect(resolve([name])[0]?.status, name).toBe('unknown');
    }
    expect(resolve(['IAVF'])[0]?.note).toBe('did you mean iavf?');
  });

  it('is part of another one that has all its objects, where the config says so', () => {
    expect(resolve(['bus'], `${CONFIG}CONFIG_BUS=m\nCONFIG_BIG=m\n`)).toEqual([
      { status: 'renamed', path: 'drivers/big', note: 'here part of big (drivers/big)' },
    ]);
    expect(resolve(['bus'], `${CONFIG}CONFIG_BUS=m\n`)[0]).toMatchObject({ status: 'kept', path: 'drivers/bus' });
    expect(resolve(['bus'])[0]).toMatchObject({ status: 'off', note: expect.stringMatching(/on with BUS=m$/) });
  });

  it('is told apart by architecture and by what the listing says of its origin', () => {
    expect(resolve(['aes_ce_blk'])[0]).toMatchObject({
      status: 'unknown',
      note: 'a module of another architecture (arch/arm64/crypto/Makefile)',
    });
    expect(resolve(['vboxdrv'], CONFIG, 'out-of-tree')[0]?.status).toBe('out-of-tree');
    expect(resolve(['vboxdrv'], CONFIG, 'in-tree')[0]?.status).toBe('removed');
    expect(resolve(['vboxdrv'])[0]?.status).toBe('unknown');
  });
});
