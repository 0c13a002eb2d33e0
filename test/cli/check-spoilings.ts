import { type CheckFixture, GOOD } from './check-fixture.ts';
import type { ToolboxOptions } from './toolbox.ts';

/** What belongs to a spoiled config: how it was spoiled, and what has to be found. */
export interface Spoiling {
  readonly tools?: ToolboxOptions;
  readonly args: readonly string[];
  readonly code: string;
  readonly name: string;
  /** Where: of the config's line, of the tree's, of the fragment's. */
  readonly at: string | null;
  readonly message: string;
  /** Lines below the message. */
  readonly details: readonly string[];
}

/** Every way in which a good config, or the machine that is to build it, is spoiled. */
export const SPOILINGS: Readonly<Record<string, (fixture: CheckFixture) => Spoiling>> = {
  'a required module that is off': (fixture) => {
    const config = fixture.spoiled(['CONFIG_KESTREL=m', '# CONFIG_KESTREL is not set'], ['CONFIG_KESTREL_DIVE=y', '']);
    return {
      args: ['-c', config, '-l', 'lsmod.txt'],
      code: 'module-off',
      name: 'kestrel',
      at: 'drivers/Makefile:3',
      message: 'module kestrel (drivers/kestrel) is not built',
      details: ['built if KESTREL=m: KESTREL is n  drivers/Makefile:3', 'on with: KESTREL=m'],
    };
  },
  'a required module whose dependency is off': (fixture) => {
    const hanging = ['CONFIG_HERON_LIB=m', 'CONFIG_VENDOR_HERON=y', 'CONFIG_HERON=m', 'CONFIG_HERON_VF=m'];
    const config = fixture.spoiled(
      ['CONFIG_PCI=y', '# CONFIG_PCI is not set'],
      ...hanging.map((line) => [line, ''] as const),
    );
    return {
      args: ['-c', config, '-l', 'lsmod.txt'],
      code: 'module-off',
      name: 'heron',
      at: 'drivers/heron/Makefile:2',
      message: 'module heron (drivers/heron/heron) is not built',
      details: [
        'built if HERON=m: HERON is n          drivers/heron/Makefile:2',
        'if VENDOR_HERON: VENDOR_HERON is n    drivers/heron/Kconfig:6',
        'on with: PCI=y VENDOR_HERON=y HERON=m',
      ],
    };
  },
  'a select that was dropped': (fixture) => {
    const config = fixture.spoiled(['CONFIG_STACK_CHECKS=y', '# CONFIG_STACK_CHECKS is not set']);
    return {
      args: ['-c', config],
      code: 'value-changed',
      name: 'OBJTOOL',
      at: fixture.at('CONFIG_OBJTOOL=y'),
      message: 'OBJTOOL=y: olddefconfig makes it n',
      details: ['STACK_CHECKS would select it: STACK_CHECKS is n  Kconfig:54'],
    };
  },
  'a value that olddefconfig would not keep': (fixture) => {
    const config = fixture.spoiled(['CONFIG_DEBUG_INFO=y', '# CONFIG_DEBUG_INFO is not set']);
    return {
      args: ['-c', config],
      code: 'value-changed',
      name: 'DEBUG_INFO_BTF',
      at: fixture.at('CONFIG_DEBUG_INFO_BTF=y'),
      message: 'DEBUG_INFO_BTF=y: olddefconfig makes it n',
      details: ['depends on DEBUG_INFO: DEBUG_INFO is n  Kconfig:46', 'on with: DEBUG_INFO=y'],
    };
  },
  'a symbol that is selected and set off': (fixture) => {
    const config = fixture.spoiled(['CONFIG_OBJTOOL=y', '# CONFIG_OBJTOOL is not set']);
    return {
      args: ['-c', config],
      code: 'value-changed',
      name: 'OBJTOOL',
      at: fixture.at('# CONFIG_OBJTOOL is not set'),
      message: 'OBJTOOL=n: olddefconfig makes it y',
      details: ['selected by STACK_CHECKS  Kconfig:54'],
    };
  },
  'a symbol that the tree does not have any more': (fixture) => {
    const config = fixture.spoiled(['CONFIG_KESTREL_DIVE=y', 'CONFIG_KESTRAL_DIVE=y']);
    return {
      args: ['-c', config],
      code: 'symbol-gone',
      name: 'KESTRAL_DIVE',
      at: fixture.at('CONFIG_KESTRAL_DIVE=y'),
      message: 'KESTRAL_DIVE=y: this tree has no such symbol; olddefconfig drops the line',
      details: ['by its name perhaps now KESTREL_DIVE  drivers/Kconfig:21'],
    };
  },
  'a symbol of another architecture': (fixture) => {
    const config = fixture.spoiled(['CONFIG_X86=y', 'CONFIG_X86=y\nCONFIG_ARM64_PAN=y']);
    return {
      args: ['-c', config],
      code: 'symbol-gone',
      name: 'ARM64_PAN',
      at: fixture.at('CONFIG_ARM64_PAN=y'),
      message: 'ARM64_PAN=y: this tree has no such symbol; olddefconfig drops the line',
      details: ['a symbol of another architecture  arch/arm64/Kconfig:5'],
    };
  },
  'an old name that is only read, with --strict': (fixture) => {
    const config = fixture.spoiled(['CONFIG_MITIGATION_GULL=y', 'CONFIG_MITIGATION_GULL=y\nCONFIG_GULL_MITIGATION=y']);
    return {
      args: ['-c', config, '--strict'],
      code: 'symbol-transitional',
      name: 'GULL_MITIGATION',
      at: fixture.at('CONFIG_GULL_MITIGATION=y'),
      message: 'GULL_MITIGATION=y: an old name that is only read; olddefconfig drops the line and sets its successor',
      details: ['now MITIGATION_GULL  drivers/Kconfig:11'],
    };
  },
  'a select against dependencies': (fixture) => {
    const config = fixture.spoiled(['CONFIG_SMP=y', '# CONFIG_SMP is not set']);
    return {
      args: ['-c', config],
      code: 'unmet-dependency',
      name: 'RING_BUFFER',
      at: fixture.at('CONFIG_RING_BUFFER=m'),
      message: 'RING_BUFFER=m: selected against its dependencies',
      details: ['selected by SPIN_TABLE  lib/Kconfig:11', 'depends on SMP: SMP is n  lib/Kconfig:7'],
    };
  },
  'a value of the wrong type': (fixture) => {
    const config = fixture.spoiled(['CONFIG_KESTREL_DIVE=y', 'CONFIG_KESTREL_DIVE=m']);
    return {
      args: ['-c', config],
      code: 'wrong-type',
      name: 'KESTREL_DIVE',
      at: fixture.at('CONFIG_KESTREL_DIVE=m'),
      message: 'KESTREL_DIVE=m: not a value for it (KESTREL_DIVE is a bool); olddefconfig makes it n',
      details: [],
    };
  },
  'a number out of range': (fixture) => {
    const config = fixture.spoiled(['CONFIG_LOG_BUF_SHIFT=17', 'CONFIG_LOG_BUF_SHIFT=30']);
    return {
      args: ['-c', config],
      code: 'out-of-range',
      name: 'LOG_BUF_SHIFT',
      at: fixture.at('CONFIG_LOG_BUF_SHIFT=30'),
      message: 'LOG_BUF_SHIFT=30: not within 12 to 25; olddefconfig makes it 25',
      details: [],
    };
  },
  'a symbol that is set twice': (fixture) => {
    const config = fixture.spoiled(['CONFIG_PCI=y', '# CONFIG_PCI is not set\nCONFIG_PCI=y']);
    return {
      args: ['-c', config],
      code: 'reassigned',
      name: 'PCI',
      at: fixture.at('CONFIG_PCI=y'),
      message: 'PCI=y: set more than once; the last line counts',
      details: [],
    };
  },
  'a line that is none of a config': (fixture) => {
    const config = fixture.spoiled(['CONFIG_PCI=y', '<<<<<<< HEAD\nCONFIG_PCI=y']);
    return {
      args: ['-c', config],
      code: 'line-unreadable',
      name: '<<<<<<< HEAD',
      at: fixture.at('<<<<<<< HEAD'),
      message: 'not a line of a config, conf passes over it: <<<<<<< HEAD',
      details: [],
    };
  },
  'a value that a fragment asks for and conf drops': (fixture) => ({
    args: [
      '-c',
      fixture.spoiled(['CONFIG_LOCALVERSION="-check"', 'CONFIG_LOCALVERSION="-other"']),
      '--fragment',
      'ci.config',
    ],
    code: 'request-not-held',
    name: 'LOCALVERSION',
    at: 'ci.config:5',
    message: 'LOCALVERSION="-check" is asked for; the config has "-other"',
    details: ['the config says LOCALVERSION="-other"  spoiled:11'],
  }),
  'a built-in that a fragment asks for and that can only be a module': (fixture) => ({
    args: ['-c', 'config', '--fragment', fixture.file('builtin.config', 'CONFIG_HERON_VF=y\n')],
    code: 'request-not-held',
    name: 'HERON_VF',
    at: 'builtin.config:1',
    message: 'HERON_VF=y is asked for; the config has m',
    details: ['depends on HERON: HERON is m  drivers/heron/Kconfig:14', 'on with: HERON=y HERON_VF=y'],
  }),
  'a symbol in a fragment that the tree does not have': (fixture) => ({
    args: ['-c', 'config', '--fragment', fixture.file('typo.config', '\nCONFIG_PUFIN=m\n')],
    code: 'request-unknown',
    name: 'PUFIN',
    at: 'typo.config:2',
    message: 'PUFIN=m is asked for; this tree has no such symbol',
    details: ['by its name perhaps now PUFFIN  drivers/Kconfig:25'],
  }),
  'a symbol to be kept that is off': () => ({
    args: ['-c', 'config', '--keep', 'PUFFIN'],
    code: 'keep-off',
    name: 'PUFFIN',
    at: 'drivers/Kconfig:25',
    message: 'PUFFIN is to be kept and is off',
    details: ['the config says PUFFIN=n  config:51', 'on with: PUFFIN=m'],
  }),
  'a word to be kept that is nothing': () => ({
    args: ['-c', 'config', '--keep', 'cormorant'],
    code: 'keep-unknown',
    name: 'cormorant',
    at: null,
    message: '--keep cormorant: no symbol, module or Kconfig directory of this tree',
    details: [],
  }),
  'a symbol that was on in the old config': (fixture) => {
    const config = fixture.spoiled(['CONFIG_KESTREL=m', '# CONFIG_KESTREL is not set'], ['CONFIG_KESTREL_DIVE=y', '']);
    return {
      args: ['-c', config, '--against', 'config'],
      code: 'turned-off',
      name: 'KESTREL',
      at: fixture.at('# CONFIG_KESTREL is not set'),
      message: 'KESTREL=m before, now n; 1 more went with it',
      details: ['on with: KESTREL=m'],
    };
  },
  'a directory of which something was on in the old config': (fixture) => {
    const config = fixture.spoiled(['CONFIG_HERON_VF=m', '# CONFIG_HERON_VF is not set']);
    return {
      args: ['-c', config, '--against', 'config', '--keep', 'drivers/heron'],
      code: 'keep-off',
      name: 'HERON_VF',
      at: 'drivers/heron/Kconfig:12',
      message: 'HERON_VF is to be kept and is off',
      details: ['the config says HERON_VF=n  spoiled:48', 'on with: HERON_VF=m'],
    };
  },
  'a symbol that the old config asked for and this tree refuses': (fixture) => {
    const off = ['CONFIG_DEBUG_INFO=y', '# CONFIG_DEBUG_INFO is not set'] as const;
    const config = fixture.spoiled(off, ['CONFIG_DEBUG_INFO_BTF=y', '']);
    const old = fixture.file('old', GOOD.replace(...off));
    return {
      args: ['-c', config, '--against', old],
      code: 'turned-off',
      name: 'DEBUG_INFO_BTF',
      at: 'Kconfig:44',
      message: 'DEBUG_INFO_BTF=y before, now n',
      details: ['depends on DEBUG_INFO: DEBUG_INFO is n  Kconfig:46', 'on with: DEBUG_INFO=y DEBUG_INFO_BTF=y'],
    };
  },
  'a value that the toolchain refuses': (fixture) => ({
    args: ['-c', 'config', '--fragment', fixture.file('plugin.config', 'CONFIG_STACK_ERASE=y\n')],
    code: 'request-not-held',
    name: 'STACK_ERASE',
    at: 'plugin.config:1',
    message: 'STACK_ERASE=y is asked for; the config has n',
    details: ['depends on n: $(success,test -e $(srctree)/scripts/stack-plugin.so) is n  Kconfig:85'],
  }),
  'a built-in that became a module, with --strict': (fixture) => {
    const old = fixture.file('old', GOOD.replace('CONFIG_KESTREL=m', 'CONFIG_KESTREL=y'));
    return {
      args: ['-c', 'config', '--against', old, '--strict'],
      code: 'made-module',
      name: 'KESTREL',
      at: `config:${GOOD.split('\n').indexOf('CONFIG_KESTREL=m') + 1}`,
      message: 'KESTREL=y before, now m',
      details: ['on with: KESTREL=y'],
    };
  },
  'a certificate that is not there': (fixture) => {
    const config = fixture.spoiled([
      'CONFIG_SYSTEM_TRUSTED_KEYS=""',
      'CONFIG_SYSTEM_TRUSTED_KEYS="distro/certs/ca.pem"',
    ]);
    return {
      args: ['-c', config],
      code: 'file-missing',
      name: 'SYSTEM_TRUSTED_KEYS',
      at: fixture.at('CONFIG_SYSTEM_TRUSTED_KEYS="distro/certs/ca.pem"'),
      message: 'SYSTEM_TRUSTED_KEYS names distro/certs/ca.pem, which is not there: the build will stop',
      details: ['goes on with: SYSTEM_TRUSTED_KEYS=""'],
    };
  },
  'a key that is not there': (fixture) => {
    const config = fixture.spoiled(['CONFIG_MODULE_SIG_KEY="certs/signing_key.pem"', 'CONFIG_MODULE_SIG_KEY="my.pem"']);
    return {
      args: ['-c', config],
      code: 'file-missing',
      name: 'MODULE_SIG_KEY',
      at: fixture.at('CONFIG_MODULE_SIG_KEY="my.pem"'),
      message: 'MODULE_SIG_KEY names my.pem, which is not there: the build will stop',
      details: ['goes on with: MODULE_SIG_KEY="certs/signing_key.pem"'],
    };
  },
  'a tree in which was built': (fixture) => {
    fixture.file('tree/.config', GOOD);
    return {
      args: ['-c', 'config', '-O', '.'],
      code: 'tree-not-clean',
      name: `${fixture.path}/tree`,
      at: null,
      message:
        'the source tree is not clean (.config), so make O= will stop; run make mrproper there, which deletes its .config, too: ' +
        'copy that first where you need it',
      details: [],
    };
  },
  'a program that every build calls is missing': () => ({
    args: ['-c', 'config'],
    tools: { programs: { bc: null } },
    code: 'tool-missing',
    name: 'bc',
    at: 'Kbuild:8',
    message: 'bc is missing; make needs it',
    details: ['package: bc'],
  }),
  'the program that packs the kernel is missing': () => ({
    args: ['-c', 'config'],
    tools: { programs: { zstd: null } },
    code: 'tool-missing',
    name: 'zstd',
    at: 'scripts/Makefile.lib:3',
    message: 'zstd is missing; make needs it for KERNEL_ZSTD',
    details: ['package: zstd'],
  }),
  'a header is missing': () => ({
    args: ['-c', 'config'],
    tools: { headers: ['zlib.h', 'openssl/opensslv.h'] },
    code: 'tool-missing',
    name: 'gelf.h',
    at: 'tools/objtool/Makefile:2',
    message: 'header gelf.h is missing; make needs it for OBJTOOL, DEBUG_INFO_BTF',
    details: ['packages: Debian libelf-dev, Fedora elfutils-libelf-devel, Arch libelf, openSUSE libelf-devel'],
  }),
  'a program that makes the symbol fall is missing': () => ({
    args: ['-c', 'config'],
    tools: { programs: { pahole: null } },
    code: 'tool-missing',
    name: 'pahole',
    at: 'scripts/link-vmlinux.sh:3',
    message: 'pahole is missing; make needs it for DEBUG_INFO_BTF',
    details: ['packages: Debian pahole, Fedora dwarves, Arch pahole, openSUSE dwarves'],
  }),
  'pahole is too old': () => ({
    args: ['-c', 'config'],
    tools: { programs: { pahole: 'v1.21' } },
    code: 'tool-too-old',
    name: 'pahole',
    at: 'scripts/link-vmlinux.sh:3',
    message: 'pahole is of version 1.21, 1.22 is the oldest that will do; make needs it for DEBUG_INFO_BTF',
    details: ['packages: Debian pahole, Fedora dwarves, Arch pahole, openSUSE dwarves'],
  }),
  'make is too old': () => ({
    args: ['-c', 'config'],
    tools: { programs: { make: 'GNU Make 3.82' } },
    code: 'tool-too-old',
    name: 'make',
    at: 'Makefile:33',
    message: 'make is of version 3.82, 4.0 is the oldest that will do; make needs it',
    details: ['package: make'],
  }),
  'the compiler is too old': () => ({
    args: ['-c', 'config'],
    tools: { gcc: { version: '7.5.0' } },
    code: 'tool-too-old',
    name: 'gcc',
    at: null,
    message: 'gcc is of version 7.5.0, 8.1.0 is the oldest that will do; make needs it for CC',
    details: ['package: gcc'],
  }),
  'the linker is missing': () => ({
    args: ['-c', 'config'],
    tools: { programs: { ld: null } },
    code: 'tool-missing',
    name: 'ld',
    at: null,
    message: 'ld is missing; make needs it for LD',
    details: ['package: binutils'],
  }),
  'the compiler is for another architecture': () => ({
    args: ['-c', 'config'],
    tools: { gcc: { target: 'aarch64-linux-gnu' } },
    code: 'compiler-other-target',
    name: 'gcc',
    at: null,
    message: 'gcc compiles for aarch64-linux-gnu, not for x86; name a cross compiler with CROSS_COMPILE=PREFIX-',
    details: [],
  }),
  'what make modules_install calls is missing, with --strict': () => ({
    args: ['-c', 'config', '--strict'],
    tools: { programs: { xz: null } },
    code: 'tool-missing',
    name: 'xz',
    at: 'scripts/Makefile.modinst:3',
    message: 'xz is missing; make modules_install needs it for MODULE_COMPRESS_XZ',
    details: ['packages: Debian xz-utils, Fedora xz, Arch xz, openSUSE xz'],
  }),
};
