/**
 * Modules of one kernel on the tree of the other, and those of real machines: what is said of the names that the tree
 * has no module for. Each successor below was checked by hand in the two trees; a new one has to be checked as well.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readDotConfig } from '../../src/dotconfig/read.ts';
import { KbuildTree, moduleName } from '../../src/kbuild/index.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { type ResolvedModule, resolveLoaded } from '../../src/trim/loaded.ts';
import { kbuildLookup } from '../../src/trim/lookup.ts';
import { Configuration } from '../../src/values/configuration.ts';
import { runConf } from './conf-judge.ts';
import { describeKernels } from './describe-kernels.ts';
import { engineTree } from './engine.ts';
import type { Kernel } from './kernels.ts';

/** By the tree's version: the old name and the path of what it became. */
const SUCCESSORS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '6.1': {
    // net/netfilter/xt_MASQUERADE.c: MODULE_ALIAS("ipt_MASQUERADE")
    // net/netfilter/xt_ecn.c: MODULE_ALIAS("ipt_ecn")
    ipt_ecn: 'net/netfilter/xt_ecn',
    ipt_MASQUERADE: 'net/netfilter/xt_MASQUERADE',
    // net/netfilter/Makefile: nf_tables-objs has nft_counter.o
    nft_counter: 'net/netfilter/nf_tables',
    // drivers/nvme/host/Makefile: nvme-core-$(CONFIG_NVME_AUTH) += auth.o
    nvme_auth: 'drivers/nvme/host/nvme-core',
    // sound/pci/hda/patch_hdmi.c: MODULE_ALIAS of both
    snd_hda_codec_atihdmi: 'sound/pci/hda/snd-hda-codec-hdmi',
    snd_hda_codec_nvhdmi: 'sound/pci/hda/snd-hda-codec-hdmi',
    // net/tipc/Makefile: obj-$(CONFIG_TIPC_DIAG) += diag.o
    tipc_diag: 'net/tipc/diag',
  },
  '6.12': {
    // fs/netfs/Makefile: netfs-$(CONFIG_FSCACHE) += fscache_main.o …
    fscache: 'fs/netfs/netfs',
    // net/netfilter/xt_ecn.c: MODULE_ALIAS("ipt_ecn")
    ipt_ecn: 'net/netfilter/xt_ecn',
    ipt_MASQUERADE: 'net/netfilter/xt_MASQUERADE',
    // sound/core/control_led.c: MODULE_ALIAS("ledtrig:audio-mute")
    ledtrig_audio: 'sound/core/snd-ctl-led',
    nft_counter: 'net/netfilter/nf_tables',
    // net/netfilter/Makefile: nf_tables-objs has nft_objref.o
    nft_objref: 'net/netfilter/nf_tables',
    // drivers/leds/simple/Makefile: one driver was split into a core and one for each GPIO chip
    simatic_ipc_leds_gpio: 'drivers/leds/simple/simatic-ipc-leds-gpio-core',
    snd_hda_codec_atihdmi: 'sound/pci/hda/snd-hda-codec-hdmi',
    snd_hda_codec_nvhdmi: 'sound/pci/hda/snd-hda-codec-hdmi',
    // drivers/vfio/Makefile: vfio-$(CONFIG_VFIO_VIRQFD) += virqfd.o
    vfio_virqfd: 'drivers/vfio/vfio',
  },
};

/** Names in listings of real machines of 3.10 to 7.0 that one of the trees has no module for. */
const LISTED = [
  ...['ablk_helper', 'aes_x86_64', 'amdxdna', 'asus_armoury', 'fscache', 'glue_helper', 'hkdf', 'intel_rapl_perf'],
  ...['ipt_ecn', 'ipt_MASQUERADE', 'iwl7000_mac80211', 'ledtrig_audio', 'libeth_xdp', 'libie_adminq', 'mperf'],
  ...['nf_conntrack_ipv4', 'nf_nat_ipv4', 'nft_chain_nat_ipv4', 'nft_counter', 'raspberrypi_gpiomem', 'rp1_mailbox'],
  ...['snd_amd_acpi_mach', 'snd_hda_codec_alc269', 'snd_hda_codec_atihdmi', 'snd_hda_codec_nvhdmi', 'snd_page_alloc'],
  ...['snd_hda_codec_realtek_lib', 'snd_soc_sdca', 'snd_soc_skl', 'spatch'],
];
/** Modules that no such tree ever had; nothing may be found that they became. */
const OUT_OF_TREE = ['beegfs', 'nvidia', 'nvidia_drm', 'nvidia_uvm', 'spl', 'vboxdrv', 'vboxnetadp', 'zfs'];
/** Modules of arm64 alone. */
const ARM64 = ['aes_ce_blk', 'crct10dif_ce', 'ghash_ce', 'sha1_ce', 'sha2_ce'];
/** A name that other drivers' files have, too: drivers/nvme/host/multipath.c is not what md's module became. */
const NO_SUCCESSOR = ['multipath', 'faulty', 'cfb', 'diag', 'atmel'];

function resolveOn(kernel: Kernel, names: readonly string[]): ResolvedModule[] {
  const config = readFileSync(kernel.configs[0]!, 'latin1');
  const run = { kernel, arch: { arch: 'x86' }, target: 'olddefconfig', config };
  runConf(run);
  const base = new Configuration(engineTree(run));
  readDotConfig(base, config, { file: '.config' });
  const kbuild = KbuildTree.load({ fs: new NodeFileSystem(), tree: kernel.tree, srcarch: 'x86' });
  const loaded = names.map((name) => ({ name, origin: 'unknown' as const }));
  return resolveLoaded(loaded, kbuild, base, kbuild.build(kbuildLookup(base)));
}

function imageNames(kernel: Kernel): string[] {
  return readFileSync(join(kernel.image, 'modules.list'), 'latin1').split('\n').filter(Boolean).map(moduleName);
}

describeKernels('modules of other kernels', (found) => {
  for (const kernel of found) {
    const others = found.filter((other) => other !== kernel).flatMap(imageNames);
    const names = [...others, ...LISTED, ...OUT_OF_TREE, ...ARM64, ...NO_SUCCESSOR];

    it(`are told apart on ${kernel.version}`, () => {
      const resolved = resolveOn(kernel, names);
      const byName = new Map(resolved.map((module) => [module.name, module]));
      const expected = SUCCESSORS[kernel.version] ?? {};
      for (const [name, path] of Object.entries(expected)) {
        expect(byName.get(name)?.entries[0]?.path, name).toBe(path);
      }
      const renamed = resolved.filter(({ status }) => status === 'renamed').map(({ name }) => name);
      expect(renamed.filter((name) => !(name in expected))).toEqual([]);
      for (const name of OUT_OF_TREE) expect(byName.get(name)?.status, name).toBe('unknown');
      for (const name of ARM64) expect(byName.get(name)?.note, name).toMatch(/another architecture \(arch\/arm/);
      const gone = NO_SUCCESSOR.filter((name) => byName.get(name)?.entries.length !== 0);
      expect(kernel.version === '6.12' ? gone : []).toEqual([]);
    });
  }
});
