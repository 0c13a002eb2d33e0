/** Machines that QEMU emulates: between them most of the hardware that it knows, each on one of the two usual boards. */

/** A machine. */
export interface Machine {
  readonly name: string;
  /** What it has, in a few words. */
  readonly hardware: string;
  /** QEMU's arguments. `@disk1` and so on are files of a few megabytes, `@tpm` is the socket of an emulated TPM. */
  readonly args: readonly string[];
  /** Whether it starts by UEFI. */
  readonly firmware?: 'uefi';
  /** How many processors it has, if not one. */
  readonly processors?: number;
  /** Whether it is recorded in every way: as root, as nobody, and with BusyBox's programs only. */
  readonly inAllWays?: true;
  /** Drivers that have to have a device in it, each with its bus in front: without them the machine is not what it says. */
  readonly drives: readonly string[];
}

const words = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');
const device = (...names: readonly string[]): string[] => names.flatMap((name) => ['-device', name]);
/** Network cards, each on a network of its own. */
const cards = (...names: readonly string[]): string[] =>
  names.flatMap((name, i) => ['-netdev', `user,id=net${i},restrict=on`, '-device', `${name},netdev=net${i}`]);
/** Disks by their numbers, for a device to name: `drive=disk1`. */
const disks = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => i + 1).flatMap((n) => [
    '-drive',
    `file=@disk${n},if=none,id=disk${n},format=raw`,
  ]);
const tpm = (model: string): string[] => [
  ...words('-chardev socket,id=chrtpm,path=@tpm -tpmdev emulator,id=tpm0,chardev=chrtpm'),
  ...device(`${model},tpmdev=tpm0`),
];

export const MACHINES: readonly Machine[] = [
  {
    name: 'pc-plain',
    hardware: 'i440fx: IDE disk and CD, floppy, RTL8139, UHCI with keyboard and tablet, AC97, Cirrus, parallel port',
    args: [
      ...words('-machine pc -cpu qemu64 -vga cirrus -parallel null'),
      ...words(
        '-drive file=@disk1,if=ide,format=raw -drive if=ide,media=cdrom -drive file=@disk2,if=floppy,format=raw',
      ),
      ...cards('rtl8139'),
      ...device('piix3-usb-uhci,id=uhci', 'usb-kbd,bus=uhci.0', 'usb-tablet,bus=uhci.0', 'AC97,audiodev=sound0'),
    ],
    drives: ['pci ata_piix', 'pci 8139cp', 'pci uhci_hcd', 'pci snd_intel8x0', 'usb usbhid', 'pnp parport_pc'],
  },
  {
    name: 'pc-virtio',
    inAllWays: true,
    hardware:
      'i440fx: virtio block, network, SCSI, entropy, balloon, 9p, GPU, console, input, crypto; vmcoreinfo, pvpanic',
    args: [
      ...words('-machine pc -cpu Haswell-noTSX -vga none'),
      ...disks(2),
      ...cards('virtio-net-pci'),
      ...device('virtio-blk-pci,drive=disk1,serial=SECRET-serial', 'virtio-scsi-pci', 'scsi-hd,drive=disk2'),
      ...device('virtio-rng-pci', 'virtio-balloon-pci', 'virtio-gpu-pci', 'virtio-keyboard-pci', 'virtio-tablet-pci'),
      ...words('-device virtio-serial-pci -chardev null,id=null0 -device virtconsole,chardev=null0'),
      ...words('-object cryptodev-backend-builtin,id=crypto0 -device virtio-crypto-pci,cryptodev=crypto0'),
      ...words('-fsdev local,id=share0,path=@folder,security_model=none'),
      ...device('virtio-9p-pci,fsdev=share0,mount_tag=SECRET-tag', 'vmcoreinfo', 'pvpanic', 'vmgenid'),
    ],
    drives: [
      ...['virtio_blk', 'virtio_net', 'virtio_scsi', 'virtio_rng', 'virtio_balloon', 'virtio_gpu', 'virtio_input'],
      ...['virtio_console', '9pnet_virtio'],
    ].map((name) => `virtio ${name}`),
  },
  {
    name: 'pc-scsi',
    hardware: 'i440fx: MegaRAID SAS, LSI 53C895A, MPT SAS, VMware paravirtual SCSI; PCnet, NE2000; standard VGA',
    args: [
      ...words('-machine pc -cpu Nehalem -vga std'),
      ...disks(2),
      ...cards('pcnet', 'ne2k_pci'),
      ...device('megasas,id=megasas', 'scsi-hd,bus=megasas.0,drive=disk1', 'lsi53c895a,id=lsi', 'scsi-cd,bus=lsi.0'),
      ...device('mptsas1068', 'pvscsi,id=pv'),
      ...device('scsi-hd,bus=pv.0,drive=disk2'),
    ],
    drives: ['pci megaraid_sas', 'pci sym53c8xx', 'pci mptsas', 'pci vmw_pvscsi', 'pci pcnet32', 'pci ne2k-pci'],
  },
  {
    name: 'pc-vmware',
    hardware: 'i440fx: VMware SVGA, vmxnet3, VMware mouse, ES1370, EHCI with a disk',
    args: [
      ...words('-machine pc,vmport=on -cpu Westmere -vga vmware'),
      ...disks(1),
      ...cards('vmxnet3'),
      ...device('ES1370,audiodev=sound0', 'usb-ehci,id=ehci', 'usb-storage,bus=ehci.0,drive=disk1'),
    ],
    drives: ['pci vmxnet3', 'pci snd_ens1370', 'pci ehci-pci', 'usb usb-storage'],
  },
  {
    name: 'pc-old-cards',
    hardware: 'i440fx: e1000, Tulip, e100; Sound Blaster 16, AdLib, CS4231, GUS; ISA serial ports, AHCI card',
    args: [
      ...words('-machine pc -cpu qemu64 -vga std'),
      ...disks(1),
      ...cards('e1000', 'tulip', 'i82559er'),
      ...device(
        'sb16,audiodev=sound0',
        'adlib,audiodev=sound0',
        'cs4231a,audiodev=sound0',
        'gus,audiodev=sound0',
        'ich9-ahci,id=sata',
        'ide-hd,bus=sata.0,drive=disk1',
      ),
    ],
    drives: ['pci e1000', 'pci tulip', 'pci e100', 'pci ahci'],
  },
  {
    name: 'pc-industry',
    hardware: 'i440fx: i6300ESB and IB700 watchdogs, IPMI, CAN, IndustryPack, PCI serial ports, Apple SMC, IVSHMEM',
    args: [
      ...words('-machine pc -cpu qemu64 -vga none'),
      ...device('i6300esb', 'ib700', 'ipmi-bmc-sim,id=bmc', 'isa-ipmi-kcs,bmc=bmc', 'isa-applesmc'),
      ...words('-object can-bus,id=can0 -object can-bus,id=can1 -device kvaser_pci,canbus=can0'),
      ...device('pcm3680_pci,canbus0=can0,canbus1=can1', 'ctucan_pci,canbus0=can0,canbus1=can1'),
      ...device('tpci200,id=ip', 'ipoctal232,bus=ip.0', 'pci-serial', 'pci-serial-4x'),
      ...words('-object memory-backend-ram,id=shared,size=1M,share=on -device ivshmem-plain,memdev=shared'),
    ],
    drives: ['pci i6300ESB\\040timer', 'platform ipmi_si', 'pci kvaser_pci', 'pci serial'],
  },
  {
    name: 'q35-desktop',
    inAllWays: true,
    hardware:
      'Q35: AHCI disk and CD, e1000e, HDA, xHCI with keyboard and tablet, TPM (TIS), SD card, SMBus, iTCO watchdog',
    args: [
      ...words('-machine q35 -cpu Skylake-Client -vga std'),
      ...words('-drive file=@disk1,if=ide,format=raw -drive if=ide,media=cdrom'),
      ...words('-drive file=@disk2,if=none,id=card,format=raw'),
      ...cards('e1000e'),
      ...device('qemu-xhci,id=xhci', 'usb-kbd,bus=xhci.0', 'usb-tablet,bus=xhci.0,serial=SECRET-serial'),
      ...device('intel-hda', 'hda-duplex,audiodev=sound0', 'sdhci-pci', 'sd-card,drive=card'),
      ...tpm('tpm-tis'),
    ],
    drives: [
      ...['pci ahci', 'pci e1000e', 'pci snd_hda_intel', 'pci xhci_hcd', 'pci sdhci-pci', 'pci i801_smbus'],
      ...['platform iTCO_wdt', 'usb usbhid', 'mmc mmcblk', 'platform tpm_tis'],
    ],
  },
  {
    name: 'q35-uefi',
    hardware: 'Q35 by UEFI: NVMe, e1000e, TPM (CRB), QXL, xHCI with a disk, HDA of ICH9',
    firmware: 'uefi',
    args: [
      ...words('-machine q35 -cpu Cascadelake-Server -vga qxl'),
      ...disks(2),
      ...cards('e1000e'),
      ...device('nvme,drive=disk1,serial=SECRET-serial', 'nec-usb-xhci,id=xhci', 'usb-storage,bus=xhci.0,drive=disk2'),
      ...device('ich9-intel-hda', 'hda-micro,audiodev=sound0'),
      ...tpm('tpm-crb'),
    ],
    drives: ['pci nvme', 'pci qxl', 'pci xhci_hcd', 'usb usb-storage', 'acpi tpm_crb'],
  },
  {
    name: 'q35-virtio',
    hardware:
      'Q35: virtio 1.0 behind PCI Express ports: block, network, SCSI, VGA, entropy, memory, persistent memory, IOMMU',
    args: [
      ...words('-machine q35,kernel_irqchip=off -cpu Skylake-Server -vga none'),
      ...words('-object memory-backend-ram,id=vmem0,size=128M'),
      ...words('-object memory-backend-file,id=pmem0,mem-path=@disk3,size=8M,share=on'),
      ...disks(2),
      ...device('virtio-iommu-pci', 'virtio-vga'),
      ...Array.from({ length: 6 }, (_, i) => device(`pcie-root-port,id=port${i},chassis=${i},slot=${i}`)).flat(),
      ...cards('virtio-net-pci-non-transitional,bus=port0'),
      ...device('virtio-blk-pci-non-transitional,bus=port1,drive=disk1', 'virtio-scsi-pci-non-transitional,bus=port2'),
      ...device('scsi-hd,drive=disk2', 'virtio-rng-pci-non-transitional,bus=port3', 'virtio-mouse-pci'),
      ...device('virtio-mem-pci,bus=port4,memdev=vmem0,requested-size=0', 'virtio-pmem-pci,bus=port5,memdev=pmem0'),
      ...device('virtio-balloon-pci-non-transitional', 'pvpanic-pci'),
    ],
    drives: ['pci pcieport', 'virtio virtio_net', 'virtio virtio_mem', 'virtio virtio_pmem', 'virtio virtio_iommu'],
  },
  {
    name: 'q35-usb',
    hardware:
      'Q35: EHCI with UHCI companions, OHCI, xHCI; hub, disks (BOT and UAS), serial, network, sound, smart card, tablet',
    args: [
      ...words('-machine q35 -cpu Denverton -vga none'),
      ...disks(2),
      ...device(
        'ich9-usb-ehci1,id=ehci,multifunction=on,addr=1d.7',
        'ich9-usb-uhci1,multifunction=on,masterbus=ehci.0,addr=1d.0,firstport=0',
      ),
      ...device(
        'ich9-usb-uhci2,masterbus=ehci.0,addr=1d.1,firstport=2',
        'pci-ohci,id=ohci',
        'qemu-xhci,id=xhci,p2=8,p3=8',
      ),
      ...device('usb-hub,bus=ehci.0,port=1', 'usb-kbd,bus=ohci.0', 'usb-mouse,bus=ohci.0', 'bochs-display'),
      ...device('usb-storage,bus=xhci.0,drive=disk1,serial=SECRET-serial', 'usb-uas,bus=xhci.0,id=uas'),
      ...device('scsi-hd,bus=uas.0,drive=disk2', 'usb-audio,bus=xhci.0,audiodev=sound0', 'usb-ccid,bus=xhci.0'),
      ...words(
        '-chardev null,id=null0 -device usb-serial,bus=xhci.0,chardev=null0,always-plugged=on -device usb-wacom-tablet,bus=xhci.0',
      ),
      ...words('-netdev user,id=net0,restrict=on -device usb-net,bus=xhci.0,netdev=net0'),
    ],
    drives: [
      ...[
        'pci ehci-pci',
        'pci uhci_hcd',
        'pci ohci-pci',
        'usb uas',
        'usb ftdi_sio',
        'usb snd-usb-audio',
        'usb usb-storage',
      ],
      'usb cdc_ether',
    ],
  },
  {
    name: 'q35-server',
    processors: 2,
    hardware: 'Q35: two NUMA nodes, memory slots, NVDIMM, CXL, ERST, Intel IOMMU, PCI Express switch and bridges, IPMI',
    args: [
      ...words('-machine q35,nvdimm=on,cxl=on -cpu Icelake-Server -vga none'),
      ...words('-numa node,nodeid=0,cpus=0,memdev=mem0 -numa node,nodeid=1,cpus=1,memdev=mem1'),
      ...words('-object memory-backend-ram,id=mem0,size=1G -object memory-backend-ram,id=mem1,size=1G'),
      ...words(
        '-object memory-backend-file,id=nv0,mem-path=@disk1,size=128M,share=on -device nvdimm,memdev=nv0,id=nvdimm0',
      ),
      ...words('-object memory-backend-ram,id=slot0,size=128M -device pc-dimm,memdev=slot0,id=dimm0'),
      ...words('-object memory-backend-file,id=erst0,mem-path=@disk2,size=64K,share=on -device acpi-erst,memdev=erst0'),
      ...device('intel-iommu', 'pxb-pcie,id=pxb,bus_nr=64,bus=pcie.0', 'ioh3420,id=ioh,bus=pxb,chassis=1,slot=1'),
      ...device(
        'x3130-upstream,id=up,bus=ioh',
        'xio3130-downstream,id=down,bus=up,chassis=2,slot=2',
        'i82801b11-bridge,bus=pcie.0',
      ),
      ...device(
        'pcie-pci-bridge,bus=pcie.0',
        'pxb-cxl,id=cxl,bus_nr=96,bus=pcie.0',
        'cxl-rp,id=rp,bus=cxl,chassis=3,slot=3',
      ),
      ...words(
        '-object memory-backend-ram,id=cm0,size=256M,share=on -object memory-backend-ram,id=lsa0,size=256K,share=on',
      ),
      ...device(
        'cxl-type3,bus=rp,memdev=cm0,lsa=lsa0,id=cxl-mem0',
        'ipmi-bmc-sim,id=bmc',
        'pci-ipmi-kcs,bmc=bmc,bus=pcie.0',
      ),
      ...words('-M cxl-fmw.0.targets.0=cxl,cxl-fmw.0.size=4G'),
      ...cards('e1000e,bus=down'),
    ],
    drives: ['pci pcieport', 'pci_express pciehp', 'pci ipmi_si', 'pci ahci'],
  },
  {
    name: 'q35-amd',
    hardware: 'Q35: AMD processor and IOMMU, AHCI, ATI VGA, vmxnet3, PCI bridge, fw_cfg',
    args: [
      ...words('-machine q35 -cpu EPYC-Rome'),
      ...words('-vga none -drive file=@disk1,if=ide,format=raw'),
      ...device('amd-iommu', 'ati-vga', 'pci-bridge,chassis_nr=1', 'i6300esb'),
      ...cards('vmxnet3'),
    ],
    drives: ['pci ahci', 'pci vmxnet3', 'pci lpc_ich'],
  },
];
