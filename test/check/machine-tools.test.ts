import { describe, expect, it } from 'vitest';
import { distributionFamily } from '../../src/check/preflight/distribution.ts';
import { MachineTools } from '../../src/check/preflight/machine-tools.ts';
import { binutilsPackages, compilerPackages } from '../../src/check/preflight/tools.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const looked = (files: Record<string, string>, env: Record<string, string> = {}): MachineTools =>
  new MachineTools({ fs: memoryFs(files), commands: null, machineEnv: { PATH: '/bin', ...env }, cwd: '/' });

describe('headers, where no compiler may be asked', () => {
  it.each([
    ['/usr/include/gelf.h', {}],
    ['/usr/local/include/gelf.h', {}],
    ['/usr/include/aarch64-linux-gnu/gelf.h', {}],
    ['/opt/elf/gelf.h', { CPATH: '/nowhere:/opt/elf' }],
    ['/opt/elf/gelf.h', { C_INCLUDE_PATH: '/opt/elf' }],
  ])('%s is found', (path, env) => {
    expect(looked({ [path]: '' }, env).header('gelf.h', 'libelf', 'gcc')).toBe('there');
  });

  it('are unsure elsewhere: nothing tells where a compiler looks', () => {
    expect(looked({ '/opt/elf/gelf.h': '' }).header('gelf.h', 'libelf', 'gcc')).toBe('unsure');
  });
});

describe('families of distributions', () => {
  it.each([
    ['ID=debian\n', 'debian'],
    ['NAME="Linux Mint"\nID=linuxmint\nID_LIKE="ubuntu debian"\n', 'debian'],
    ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
    ['ID=manjaro\nID_LIKE=arch\n', 'arch'],
    ['ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n', 'opensuse'],
    ['ID=alpine\n', null],
    ['', null],
  ])('%j', (text, family) => {
    expect(distributionFamily(memoryFs({ '/etc/os-release': text }))).toBe(family);
  });
});

it('packages of compilers and linkers are those of their prefixes', () => {
  expect(compilerPackages('/usr/bin/x86_64-linux-gnu-gcc-12').debian).toBe('gcc-x86-64-linux-gnu');
  expect(compilerPackages('arm-linux-gnueabihf-gcc')).toEqual({
    debian: 'gcc-arm-linux-gnueabihf',
    fedora: 'gcc-arm-linux-gnu',
    arch: 'arm-linux-gnueabihf-gcc',
    opensuse: 'cross-arm-gcc14',
  });
  expect(compilerPackages('clang-18').fedora).toBe('clang');
  expect(binutilsPackages('ld.lld').arch).toBe('lld');
  expect(binutilsPackages('llvm-nm').debian).toBe('llvm');
  expect(binutilsPackages('riscv64-linux-gnu-ld').debian).toBe('binutils-riscv64-linux-gnu');
});
