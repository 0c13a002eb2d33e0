/**
 * fixtures/example is what the other tests take for the truth, so the kernel judges it here: its conf reads the tree
 * without a word, and its Makefile.build builds exactly what expected.json says.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeKernels } from './describe-kernels.ts';
import { EXAMPLE, ExampleTree, resetKeys, turnOff } from './example-judge.ts';

interface Expected {
  readonly base: { readonly m: number; readonly y: number; readonly modules: number };
  readonly loaded: readonly { readonly name: string; readonly path?: string; readonly status: readonly string[] }[];
  readonly trim: Outcome;
  readonly lean: Outcome & { readonly either: readonly string[]; readonly featuresLost: readonly string[] };
  readonly keys: readonly { readonly symbol: string; readonly value: string; readonly exists: boolean }[];
}

interface Outcome {
  readonly built: readonly string[];
  readonly gone: readonly string[];
  readonly symbolsOff: readonly string[];
}

const expected = JSON.parse(readFileSync(join(EXAMPLE, 'expected.json'), 'utf8')) as Expected;
const config = readFileSync(join(EXAMPLE, 'config'), 'latin1');
const TARGETS = ['allnoconfig', 'allyesconfig', 'allmodconfig', 'alldefconfig'];

describeKernels('fixtures/example', (found) => {
  describe.each(found)('judged by $version', (kernel) => {
    const tree = new ExampleTree(kernel);

    it('conf --olddefconfig changes no byte of the config and warns of nothing', () => {
      const run = tree.conf('olddefconfig', config);
      expect(run.stderr).toBe('');
      expect(run.status).toBe(0);
      expect(run.config).toBe(config);
    });

    it.each(TARGETS)('conf --%s reads the tree without a warning', (target) => {
      const run = tree.conf(target);
      expect(run.stderr).toBe('');
      expect(run.status).toBe(0);
    });

    it('a missing key file stops the build, as in the kernel', () => {
      expect(() => tree.build(config)).toThrow('distro/certs/distro-ca.pem');
    });

    it('Makefile.build builds the modules of the base config', () => {
      const built = tree.build(resetKeys(config));
      expect(built).toHaveLength(expected.base.modules);
      expect(built).toEqual([...expected.trim.built, ...expected.trim.gone].sort());
      expect(built).toEqual([...expected.lean.built, ...expected.lean.gone, ...expected.lean.either].sort());
    });

    it('Makefile.build builds what a trim must keep, and nothing that must go', () => {
      const trimmed = tree.conf('olddefconfig', turnOff(resetKeys(config), expected.trim.symbolsOff));
      expect(trimmed.stderr).toBe('');
      expect(tree.build(trimmed.config ?? '')).toEqual(expected.trim.built);
    });

    it('Makefile.build builds what a lean trim must keep, and the features are lost', () => {
      const trimmed = tree.conf('olddefconfig', turnOff(resetKeys(config), expected.lean.symbolsOff)).config ?? '';
      const built = tree.build(trimmed);
      expect(built.filter((path) => !expected.lean.either.includes(path))).toEqual(expected.lean.built);
      for (const name of expected.lean.featuresLost) expect(trimmed).not.toMatch(new RegExp(`^CONFIG_${name}=`, 'm'));
    });
  });
});

describe('fixtures/example/expected.json', () => {
  it('counts the symbols of the config', () => {
    expect(config.match(/^CONFIG_\w+=m$/gm)).toHaveLength(expected.base.m);
    expect(config.match(/^CONFIG_\w+=y$/gm)).toHaveLength(expected.base.y);
  });

  it('has every name of both listings, and no other', () => {
    const names = (file: string, from: number) =>
      readFileSync(join(EXAMPLE, file), 'latin1')
        .trimEnd()
        .split('\n')
        .slice(from)
        .map((line) => line.split(' ')[0])
        .sort();
    const stated = expected.loaded.map((each) => each.name).sort();
    expect(names('lsmod.txt', 1)).toEqual(stated);
    expect(names('proc-modules.txt', 0)).toEqual(stated);
  });

  it('keeps every module that it calls kept', () => {
    const kept = expected.loaded.filter((each) => each.status.includes('kept'));
    expect(kept.length).toBeGreaterThan(30);
    for (const { path } of kept) expect(expected.trim.built).toContain(path);
    for (const { path } of kept) expect(expected.lean.built).toContain(path);
  });

  it('tells the key files that exist from those that do not', () => {
    for (const { symbol, value, exists } of expected.keys) {
      expect(config).toContain(`CONFIG_${symbol}="${value}"\n`);
      expect(existsSync(join(EXAMPLE, 'tree', value))).toBe(exists);
    }
  });
});
