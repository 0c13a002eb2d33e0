import type { ToolName } from './tools.ts';

/** A reason for which a build calls a tool. */
export interface Need {
  readonly tool: ToolName;
  /** One of these is on; without any, every build calls it. */
  readonly symbols?: readonly string[];
  /** Directories below arch/: only there. */
  readonly srcarches?: readonly string[];
  /**
   * Where the tree calls it: a file, and a text of the line. Trees differ: one that does not have the line does not need
   * the tool for this.
   */
  readonly file: string;
  readonly text: string;
  /** `make` itself, or `make modules_install`. */
  readonly phase?: 'install';
}

const LIBRARY = 'scripts/Makefile.lib';
const INSTALLATION = 'scripts/Makefile.modinst';

/** A way to pack the kernel and its initramfs. */
function packing(tool: ToolName, name: string, variable: string): Need {
  const symbols = [`KERNEL_${name}`, `INITRAMFS_COMPRESSION_${name}`];
  return { tool, symbols, file: LIBRARY, text: `$(${variable})` };
}

/** Assembler that perl writes. */
function perlasm(srcarch: string, file: string, symbols: readonly string[]): Need {
  return { tool: 'perl', symbols, srcarches: [srcarch], file, text: '$(PERL)' };
}

/**
 * What calls for each tool, read off the Makefiles and scripts of Linux 6.1 to 6.18. What MODULE_SIG_KEY asks of openssl
 * depends on a file and is found in `openssl.ts`.
 */
export const NEEDS: readonly Need[] = [
  { tool: 'make', file: 'Makefile', text: '$(MAKE)' },
  { tool: 'hostcc', file: 'scripts/Makefile.host', text: '$(HOSTCC)' },
  { tool: 'flex', file: 'scripts/Makefile.host', text: '$(LEX)' },
  { tool: 'bison', file: 'scripts/Makefile.host', text: '$(YACC)' },
  { tool: 'bc', file: 'Kbuild', text: 'bc -q' },
  { tool: 'awk', file: 'scripts/Makefile.build', text: '$(AWK)' },
  { tool: 'cmp', file: 'scripts/Kbuild.include', text: 'cmp -s' },
  { tool: 'xargs', file: 'scripts/Makefile.build', text: '| xargs' },
  { tool: 'gawk', symbols: ['BUILTIN_MODULE_RANGES'], file: 'scripts/Makefile.vmlinux', text: 'gawk ' },

  { tool: 'perl', symbols: ['OID_REGISTRY'], file: 'lib/Makefile', text: '/build_OID_registry' },
  { tool: 'perl', symbols: ['LTO_CLANG'], file: 'scripts/Makefile.vmlinux_o', text: '$(PERL)' },
  { tool: 'perl', symbols: ['UAPI_HEADER_TEST'], file: 'usr/include/Makefile', text: '$(PERL)' },
  {
    tool: 'perl',
    symbols: ['SCSI_LASI700', 'SCSI_SNI_53C710', 'SCSI_ZORRO7XX'],
    file: 'drivers/scsi/Makefile',
    text: '$(PERL)',
  },
  perlasm('x86', 'arch/x86/crypto/Makefile', ['CRYPTO_POLY1305_X86_64']),
  perlasm('arm64', 'arch/arm64/crypto/Makefile', [
    'CRYPTO_SHA256_ARM64',
    'CRYPTO_SHA512_ARM64',
    'CRYPTO_POLY1305_NEON',
  ]),
  perlasm('arm', 'arch/arm/crypto/Makefile', ['CRYPTO_SHA256_ARM', 'CRYPTO_SHA512_ARM', 'CRYPTO_POLY1305_ARM']),
  perlasm('mips', 'arch/mips/crypto/Makefile', ['CRYPTO_POLY1305_MIPS', 'CRYPTO_CHACHA_MIPS']),
  perlasm('powerpc', 'arch/powerpc/crypto/Makefile', ['CRYPTO_AES_GCM_P10', 'CRYPTO_DEV_VMX_ENCRYPT']),
  {
    tool: 'perl',
    symbols: ['CRYPTO_LIB_POLY1305_ARCH', 'CRYPTO_LIB_SHA256_ARCH', 'CRYPTO_LIB_SHA512'],
    file: 'lib/crypto/Makefile',
    text: '$(PERL)',
  },

  { tool: 'python3', symbols: ['LTO_CLANG'], file: 'scripts/Makefile.vmlinux_o', text: '$(PYTHON3)' },
  { tool: 'python3', symbols: ['DRM_MSM'], file: 'drivers/gpu/drm/msm/Makefile', text: '$(PYTHON3)' },

  { tool: 'gelf.h', symbols: ['OBJTOOL'], file: 'tools/objtool/Makefile', text: 'libelf' },
  { tool: 'gelf.h', symbols: ['DEBUG_INFO_BTF'], file: 'tools/bpf/resolve_btfids/Makefile', text: 'libelf' },
  { tool: 'zlib.h', symbols: ['DEBUG_INFO_BTF'], file: 'tools/bpf/resolve_btfids/Makefile', text: '-lz' },
  { tool: 'dwarf.h', symbols: ['GENDWARFKSYMS'], file: 'scripts/gendwarfksyms/Makefile', text: 'dw' },
  { tool: 'openssl/opensslv.h', symbols: ['MODULE_SIG_FORMAT'], file: 'scripts/Makefile', text: 'sign-file' },
  { tool: 'openssl/opensslv.h', symbols: ['SYSTEM_TRUSTED_KEYRING'], file: 'certs/Makefile', text: 'extract-cert' },
  { tool: 'pahole', symbols: ['DEBUG_INFO_BTF'], file: 'scripts/link-vmlinux.sh', text: '{PAHOLE} ' },
  { tool: 'pahole', symbols: ['DEBUG_INFO_BTF'], file: 'scripts/gen-btf.sh', text: '{PAHOLE} ' },
  { tool: 'rustc', symbols: ['RUST'], file: 'rust/Makefile', text: '$(RUSTC)' },
  { tool: 'bindgen', symbols: ['RUST'], file: 'rust/Makefile', text: '$(BINDGEN)' },
  { tool: 'hostcxx', symbols: ['GCC_PLUGINS'], file: 'scripts/gcc-plugins/Makefile', text: '$(HOSTCXX)' },

  packing('gzip', 'GZIP', 'KGZIP'),
  packing('bzip2', 'BZIP2', 'KBZIP2'),
  packing('lzma', 'LZMA', 'LZMA'),
  packing('xz', 'XZ', 'XZ'),
  packing('lzop', 'LZO', 'KLZOP'),
  packing('lz4', 'LZ4', 'LZ4'),
  packing('zstd', 'ZSTD', 'ZSTD'),
  { tool: 'gzip', symbols: ['IKCONFIG'], file: 'kernel/Makefile', text: 'config_data.gz' },
  { tool: 'gzip', srcarches: ['arm64'], file: 'arch/arm64/Makefile', text: 'Image.gz' },
  { tool: 'cpio', symbols: ['IKHEADERS'], file: 'kernel/gen_kheaders.sh', text: 'cpio ' },
  { tool: 'find', symbols: ['IKHEADERS'], file: 'kernel/gen_kheaders.sh', text: '$(find ' },
  { tool: 'tar', symbols: ['IKHEADERS'], file: 'kernel/gen_kheaders.sh', text: 'tar ' },
  { tool: 'xz', symbols: ['IKHEADERS'], file: 'kernel/gen_kheaders.sh', text: '$XZ' },

  { tool: 'gzip', symbols: ['MODULE_COMPRESS_GZIP'], file: INSTALLATION, text: '$(KGZIP)', phase: 'install' },
  { tool: 'xz', symbols: ['MODULE_COMPRESS_XZ'], file: INSTALLATION, text: '$(XZ)', phase: 'install' },
  { tool: 'zstd', symbols: ['MODULE_COMPRESS_ZSTD'], file: INSTALLATION, text: '$(ZSTD)', phase: 'install' },
  { tool: 'depmod', symbols: ['MODULES'], file: 'scripts/depmod.sh', text: 'DEPMOD', phase: 'install' },
];
