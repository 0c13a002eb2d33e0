import { describe, expect, it } from 'vitest';
import { isOlder, MinimalVersions, versionIn } from '../../src/check/preflight/versions.ts';

describe('the version in what a program prints', () => {
  it.each([
    ['GNU Make 4.3\nBuilt for x86_64-pc-linux-gnu', '4.3'],
    ['gcc (Debian 12.2.0-14+deb12u1) 12.2.1\nCopyright (C) 2022', '12.2.1'],
    ['x86_64-linux-gnu-gcc-12 (Debian 12.2.0-14) 12.2.0', '12.2.0'],
    ['Debian clang version 14.0.6', '14.0.6'],
    ['Ubuntu clang version 18.1.3 (1ubuntu1)', '18.1.3'],
    ['GNU ld (GNU Binutils for Debian) 2.40', '2.40'],
    ['GNU ld version 2.35.2-42.el9', '2.35.2'],
    ['Debian LLD 14.0.6 (compatible with GNU linkers)', '14.0.6'],
    ['flex 2.6.4', '2.6.4'],
    ['bison (GNU Bison) 3.8.2', '3.8.2'],
    ['v1.25', '1.25'],
    ['1.25', '1.25'],
    ['OpenSSL 3.0.15 3 Sep 2024 (Library: OpenSSL 3.0.15 3 Sep 2024)', '3.0.15'],
    ['kmod version 30\n+ZSTD +XZ', '30'],
    ['GNU Awk 5.2.1, API 3.2, PMA Avon 8-g1', '5.2.1'],
    ['rustc 1.85.0 (4d91de4e4 2025-02-17)', '1.85.0'],
    ['\nbindgen 0.66.1', '0.66.1'],
    ['Usage: bc [options]', null],
    ['', null],
  ])('%s', (text, version) => {
    expect(versionIn(text)).toBe(version);
  });

  it('is older by its parts, not by its letters', () => {
    expect(isOlder('1.9', '1.16')).toBe(true);
    expect(isOlder('1.16', '1.9')).toBe(false);
    expect(isOlder('4', '4.0')).toBe(false);
    expect(isOlder('4.0', '4')).toBe(false);
    expect(isOlder('2.40.50.2023', '2.41')).toBe(true);
  });
});

describe('minimal versions', () => {
  const script = `case "$1" in
gcc)
	if [ "$ARCH" = parisc64 ]; then
		echo 12.0.0
	else
		echo 5.1.0
	fi
	;;
llvm)
	if [ "$SRCARCH" = s390 ]; then
		echo 15.0.0
	elif [ "$SRCARCH" = loongarch ]; then
		echo 18.0.0
	else
		echo 13.0.1
	fi
	;;
rustc)
	echo 1.78.0
	;;
*)
	echo "$1: unknown tool" >&2
	;;
esac
`;
  const document = `
====================== ===============  ========================================
        Program        Minimal version       Command to check the version
====================== ===============  ========================================
GNU C                  5.1              gcc --version
Rust (optional)        1.78.0           rustc --version
openssl & libcrypto    1.0.0            openssl version
util-linux             2.10o            mount --version
cpio                   any              cpio --version
Python (optional)      3.5.x            python3 --version
====================== ===============  ========================================
`;
  const files = new Map([
    ['scripts/min-tool-version.sh', script],
    ['Documentation/process/changes.rst', document],
  ]);
  const versions = (ARCH: string): MinimalVersions =>
    new MinimalVersions((path) => files.get(path) ?? null, { ARCH, SRCARCH: ARCH });

  it('are read off the script, by architecture, without running it', () => {
    expect(['x86', 's390', 'loongarch'].map((arch) => versions(arch).ofTool('llvm'))).toEqual([
      '13.0.1',
      '15.0.0',
      '18.0.0',
    ]);
    expect(['x86', 'parisc64'].map((arch) => versions(arch).ofTool('gcc'))).toEqual(['5.1.0', '12.0.0']);
    expect(versions('x86').ofTool('rustc')).toBe('1.78.0');
    expect(versions('x86').ofTool('binutils')).toBeNull();
  });

  it('are read off the documentation', () => {
    const { ofRow } = { ofRow: (row: string) => versions('x86').ofRow(row) };
    expect(['GNU C', 'Rust', 'openssl & libcrypto', 'util-linux', 'Python'].map(ofRow)).toEqual([
      ...['5.1', '1.78.0', '1.0.0', '2.10', '3.5'],
    ]);
    expect(ofRow('cpio')).toBeNull();
  });

  it('are none where the tree states none', () => {
    const none = new MinimalVersions(() => null, {});
    expect([none.ofTool('gcc'), none.ofRow('GNU C')]).toEqual([null, null]);
  });
});
