/**
 * The promises of a trim (G1, G2, G6), judged by programs that this project did not write: the kernel's conf for values,
 * GNU make for what is built.
 */
import { expect } from 'vitest';
import type { TrimResult } from '../../src/trim/types.ts';
import type { Arch } from './conf-judge.ts';
import { configValues } from './config-values.ts';
import { type JudgedBuild, judgeBuild } from './kbuild-make-judge.ts';
import type { Kernel } from './kernels.ts';
import { readTrimBase, type TrimBase } from './trim-engine.ts';
import { modulesNamed, olddefconfig, X86 } from './trim-judge.ts';

/** A base config, as the engine and as the judges see it. */
export interface JudgedBase extends TrimBase {
  readonly arch: Arch;
  /** The config after the kernel's conf. */
  readonly text: string;
  readonly build: JudgedBuild;
}

/**
 * Reads a base config and has it judged.
 * @param text Latin-1
 */
export function readJudgedBase(kernel: Kernel, text: string, arch: Arch = X86): JudgedBase {
  const final = olddefconfig(kernel, text, arch);
  const base = readTrimBase(kernel, arch, final);
  return { ...base, arch, text: final, build: judgeBuild(kernel.tree, arch.arch, final) };
}

/**
 * Holds a trim against what it promises:
 * - conf changes no byte of it (G6);
 * - GNU make builds every module of these names that it builds from the base (G1), and none that it does not;
 * - no symbol that was `y` and is not could be `y`: set again, conf takes it back (G2).
 * @returns what GNU make builds
 */
export function expectPromises(base: JudgedBase, result: TrimResult, names: ReadonlySet<string>): JudgedBuild {
  expect(result.violations).toEqual([]);
  const { kernel, arch } = base;
  expect(olddefconfig(kernel, result.text, arch) === result.text, 'conf --olddefconfig changes nothing').toBe(true);
  const build = judgeBuild(kernel.tree, arch.arch, result.text);
  expect(lostModules(modulesNamed(base.build, names), build)).toEqual([]);
  expect([...build.modules].filter((path) => !base.build.modules.has(path))).toEqual([]);
  expect(needlesslyLowered(base, result.text)).toEqual([]);
  return build;
}

/** The modules that are not built, neither as modules nor as one built-in object. */
export function lostModules(needed: readonly string[], build: JudgedBuild): string[] {
  return needed.filter((path) => !build.modules.has(path) && !build.builtin.has(`${path}.o`));
}

/** Whether make builds a module, or its objects into the kernel: lists of built-ins name a composite's members. */
export function isBuilt(base: TrimBase, build: JudgedBuild, path: string): boolean {
  const members = base.kbuild.modules.byPath(path)?.objects ?? [];
  return (
    build.modules.has(path) ||
    build.builtin.has(`${path}.o`) ||
    members.some((member) => build.builtin.has(member.path))
  );
}

/** Symbols that are `y` in the base, are not in the trimmed config, and would be if they were asked for. */
function needlesslyLowered(base: JudgedBase, trimmed: string): string[] {
  const before = configValues(base.text);
  const after = configValues(trimmed);
  const lowered = [...before].filter(([name, value]) => value === 'y' && after.get(name) !== 'y').map(([name]) => name);
  const asked = `${trimmed}${lowered.map((name) => `CONFIG_${name}=y\n`).join('')}`;
  const answered = configValues(olddefconfig(base.kernel, asked, base.arch));
  return lowered.filter((name) => answered.get(name) === 'y');
}
