import { describe, expect, it } from 'vitest';
import { conditionSymbols, KbuildTree } from '../../src/kbuild/index.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

const FILES = {
  Makefile: '',
  Kbuild: 'obj-y += d/ e/\nobj-$(CONFIG_A) += f/\n',
  'd/Makefile':
    'obj-m += one.o two.o both.o\none-y := core.o sub/core.o a-b.o\ntwo-y := core.o shared.o\n' +
    'obj-y += plain.o part-1.o\nobj-$(CONFIG_A) += both.o\n',
  'e/Makefile': 'obj-m += three.o\nthree-y := ../d/shared.o last.o\nlib-y += plain.o\n',
  'f/Makefile': 'obj-y += late.o\n',
};

const read = (files: Readonly<Record<string, string>> = FILES): KbuildTree => {
  const fs = memoryFs(Object.fromEntries(Object.entries(files).map(([path, text]) => [`/t/${path}`, text])));
  return KbuildTree.load({ fs, tree: '/t', srcarch: 'x86' });
};

describe('names in a tree', () => {
  const tree = read();

  it('finds what can only be built in, by the name it would have as a module', () => {
    expect(tree.names.builtinOnly('part_1')?.path).toBe('d/part-1.o');
    expect(conditionSymbols(tree.names.builtinOnly('late')!.when)).toEqual(['A']);
    expect(tree.names.builtinOnly('both')).toBeNull();
    expect(tree.names.builtinOnly('core')).toBeNull();
  });

  it('takes the last of several built-in objects', () => {
    expect(tree.names.builtinOnly('plain')?.path).toBe('e/plain.o');
  });

  it('finds each object inside a composite', () => {
    const members = (name: string): string[] =>
      tree.names.withMember(name).map(({ module, path }) => `${module.path} ${path}`);
    expect(members('core')).toEqual(['d/one d/core.o', 'd/one d/sub/core.o', 'd/two d/core.o']);
    expect(members('a_b')).toEqual(['d/one d/a-b.o']);
    expect(members('both')).toEqual([]);
  });

  it('lists the objects of modules once, each with the first module that has it', () => {
    const { moduleUnits } = tree.names;
    const owners = moduleUnits.paths().map((path, index) => [path, tree.names.owner(index).path]);
    expect(owners).toContainEqual(['d/core.o', 'd/one']);
    expect(owners).toContainEqual(['d/both.o', 'd/both']);
    expect(new Set(moduleUnits.paths()).size).toBe(owners.length);
  });

  it('knows what makefiles of other architectures list', () => {
    const { names } = read({
      ...FILES,
      'arch/arm/crypto/Makefile': 'obj-$(CONFIG_A) += aes-arm.o \\\n  sha.o sub/\nobj-m += deep/curve.o\n',
      'arch/sparc/crypto/Makefile': 'obj-m := sha.o\nobj-y += plain.o\nsha-y := inner.o\n',
      'arch/x86/crypto/Makefile': 'obj-m += own.o\n',
      'arch/sparc/Kconfig': 'obj-m += none.o\n',
    });
    const found = ['aes_arm', 'sha', 'curve', 'sub', 'plain', 'inner', 'own', 'none'].map((each) =>
      names.elsewhere(each),
    );
    const first = 'arch/arm/crypto/Makefile';
    expect(found).toEqual([first, first, first, null, null, null, null, null]);
  });

  it('gives lists of other objects another digest', () => {
    const { digest } = tree.names.moduleUnits;
    expect(read().names.moduleUnits.digest).toBe(digest);
    expect(read({ ...FILES, 'f/Makefile': 'obj-m += late.o\n' }).names.moduleUnits.digest).not.toBe(digest);
  });
});

it('finds no name in an empty tree', () => {
  const { names } = read({ Makefile: '', Kbuild: '' });
  expect(names.builtinOnly('a')).toBeNull();
  expect(names.withMember('a')).toEqual([]);
  expect(names.moduleUnits.paths()).toEqual([]);
});
