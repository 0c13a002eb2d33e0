/** Package names, by family of distributions. */
export interface Packages {
  readonly debian: string;
  readonly fedora: string;
  readonly arch: string;
  readonly opensuse: string;
}

/** A program that builds may call. */
export interface Program {
  readonly kind: 'program';
  /** What it is called unless a variable of make says otherwise. */
  readonly name: string;
  /** The variable of make that names it; empty where Makefiles call it by its name. */
  readonly variable: string;
  /** Its row in Documentation/process/changes.rst, without `(optional)`. */
  readonly row?: string;
  /** Its name in scripts/min-tool-version.sh. */
  readonly minimum?: string;
  /** What makes it print its version. */
  readonly version: readonly string[];
  readonly packages: Packages;
}

/** A header that programs of the build include, with the library behind it. */
export interface Header {
  readonly kind: 'header';
  readonly name: string;
  /** The name of its library for pkg-config, as Makefiles give it. */
  readonly library: string;
  readonly packages: Packages;
}

export type Tool = Program | Header;

const same = (name: string): Packages => ({ debian: name, fedora: name, arch: name, opensuse: name });

const GCC = { debian: 'gcc', fedora: 'gcc', arch: 'gcc', opensuse: 'gcc' } as const;

function program(name: string, more: Partial<Omit<Program, 'kind' | 'name'>> = {}): Program {
  return { kind: 'program', name, variable: '', version: ['--version'], packages: same(name), ...more };
}

function header(name: string, library: string, packages: Packages): Header {
  return { kind: 'header', name, library, packages };
}

const LIBELF: Packages = {
  debian: 'libelf-dev',
  fedora: 'elfutils-libelf-devel',
  arch: 'libelf',
  opensuse: 'libelf-devel',
};
const LIBDW: Packages = { debian: 'libdw-dev', fedora: 'elfutils-devel', arch: 'libelf', opensuse: 'libdw-devel' };

/** Everything that a build may need beside the compiler, by name. Package names are those of the releases of 2024 on. */
export const TOOLS = {
  make: program('make', { row: 'GNU make' }),
  flex: program('flex', { variable: 'LEX', row: 'flex' }),
  bison: program('bison', { variable: 'YACC', row: 'bison' }),
  bc: program('bc', { row: 'bc' }),
  awk: program('awk', { variable: 'AWK', packages: same('gawk'), version: [] }),
  gawk: program('gawk', { row: 'GNU AWK' }),
  cmp: program('cmp', { packages: same('diffutils'), version: [] }),
  xargs: program('xargs', { packages: same('findutils'), version: [] }),
  find: program('find', { packages: same('findutils'), version: [] }),
  perl: program('perl', { variable: 'PERL', version: [] }),
  python3: program('python3', {
    variable: 'PYTHON3',
    row: 'Python',
    packages: { ...same('python3'), arch: 'python' },
  }),
  hostcc: program('gcc', { variable: 'HOSTCC', version: [], packages: GCC }),
  hostcxx: program('g++', {
    variable: 'HOSTCXX',
    version: [],
    packages: { debian: 'g++', fedora: 'gcc-c++', arch: 'gcc', opensuse: 'gcc-c++' },
  }),
  openssl: program('openssl', { row: 'openssl & libcrypto', version: ['version'] }),
  pahole: program('pahole', {
    variable: 'PAHOLE',
    row: 'pahole',
    packages: { debian: 'pahole', fedora: 'dwarves', arch: 'pahole', opensuse: 'dwarves' },
  }),
  rustc: program('rustc', {
    variable: 'RUSTC',
    row: 'Rust',
    minimum: 'rustc',
    packages: { debian: 'rustc rust-src', fedora: 'rust rust-src', arch: 'rust rust-src', opensuse: 'rust' },
  }),
  bindgen: program('bindgen', {
    variable: 'BINDGEN',
    row: 'bindgen',
    minimum: 'bindgen',
    packages: { debian: 'bindgen', fedora: 'bindgen-cli', arch: 'rust-bindgen', opensuse: 'rust-bindgen' },
  }),
  gzip: program('gzip', { variable: 'KGZIP', version: [] }),
  bzip2: program('bzip2', { variable: 'KBZIP2', version: [] }),
  lzma: program('lzma', {
    variable: 'LZMA',
    version: [],
    packages: { debian: 'xz-utils', fedora: 'xz-lzma-compat', arch: 'xz', opensuse: 'xz' },
  }),
  xz: program('xz', { variable: 'XZ', version: [], packages: { ...same('xz'), debian: 'xz-utils' } }),
  lzop: program('lzop', { variable: 'KLZOP', version: [] }),
  lz4: program('lz4', { variable: 'LZ4', version: [] }),
  zstd: program('zstd', { variable: 'ZSTD', version: [] }),
  cpio: program('cpio', { row: 'cpio', version: [] }),
  tar: program('tar', { row: 'GNU tar' }),
  depmod: program('depmod', { variable: 'DEPMOD', row: 'kmod', version: ['--version'], packages: same('kmod') }),
  'gelf.h': header('gelf.h', 'libelf', LIBELF),
  'zlib.h': header('zlib.h', 'zlib', {
    debian: 'zlib1g-dev',
    fedora: 'zlib-devel',
    arch: 'zlib',
    opensuse: 'zlib-devel',
  }),
  'dwarf.h': header('dwarf.h', 'libdw', LIBDW),
  'openssl/opensslv.h': header('openssl/opensslv.h', 'libcrypto', {
    debian: 'libssl-dev',
    fedora: 'openssl-devel',
    arch: 'openssl',
    opensuse: 'libopenssl-devel',
  }),
} as const satisfies Readonly<Record<string, Tool>>;

export type ToolName = keyof typeof TOOLS;

/**
 * The packages of a compiler.
 * @param command `gcc`, `clang-18`, `aarch64-linux-gnu-gcc`, with or without directory
 */
export function compilerPackages(command: string): Packages {
  const name = command.replace(/^.*\//, '');
  if (name.startsWith('clang')) return same('clang');
  const prefix = /^(.+-linux-[a-z0-9]+)-gcc(?:-\d+)?$/.exec(name)?.[1];
  if (!prefix) return GCC;
  const cpu = prefix.split('-')[0]!;
  return {
    debian: `gcc-${prefix.replaceAll('_', '-')}`,
    fedora: `gcc-${cpu}-linux-gnu`,
    arch: `${prefix}-gcc`,
    opensuse: `cross-${cpu}-gcc14`,
  };
}

/** The packages of a linker or another of its kind. */
export function binutilsPackages(command: string): Packages {
  const name = command.replace(/^.*\//, '');
  if (name.includes('lld')) return same('lld');
  if (name.startsWith('llvm-')) return same('llvm');
  const prefix = /^(.+-linux-[a-z0-9]+)-\w+$/.exec(name)?.[1];
  if (!prefix) return same('binutils');
  const cpu = prefix.split('-')[0]!;
  return {
    debian: `binutils-${prefix.replaceAll('_', '-')}`,
    fedora: `binutils-${cpu}-linux-gnu`,
    arch: `${prefix}-binutils`,
    opensuse: `cross-${cpu}-binutils`,
  };
}
