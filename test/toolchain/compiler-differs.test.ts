import { expect, it } from 'vitest';
import { compilerDiffers } from '../../src/toolchain/environment.ts';

it.each([
  ['gcc-12 (Debian 12.2.0-14) 12.2.0', 'x86_64-linux-gnu-gcc (Debian 12.2.0-14+deb12u1) 12.2.0'],
  ['gcc (GCC) 13.2.1', 'gcc (GCC) 13.2.1'],
  ['Debian clang version 14.0.6', 'clang version 14.0.6 (https://example.org)'],
])('%s and %s are one version of a compiler', (configured, present) => {
  expect(compilerDiffers(configured, present)).toBeNull();
});

it.each([
  ['gcc-12 (Debian 12.2.0-14) 12.2.0', 'gcc (Debian 12.3.0-1) 12.3.0'],
  ['gcc (GCC) 14.0.6', 'Debian clang version 14.0.6'],
  ['cc (stand-in) 1.0', 'cc (stand-in) 1.1'],
])('%s and %s differ', (configured, present) => {
  expect(compilerDiffers(configured, present)).toMatchObject({ code: 'toolchain-compiler-differs' });
});
