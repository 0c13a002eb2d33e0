import { compilerName, isClangText, isOtherTarget } from '../../toolchain/compiler-target.ts';
import type { Finding } from '../types.ts';
import { type CheckCase, finding } from '../types.ts';
import { MachineTools, type MachineToolsInput } from './machine-tools.ts';
import { binutilsPackages, compilerPackages, type Packages } from './tools.ts';
import { isOlder, type MinimalVersions, versionIn } from './versions.ts';

/** What the toolchain is checked with. */
export interface CompilersInput {
  readonly machine: MachineTools;
  readonly minimal: MinimalVersions;
  /** What make exports: CC, LD and their like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly srcarch: string;
}

/** Programs of the toolchain that every build calls. */
const BINUTILS = ['LD', 'AR', 'NM', 'OBJCOPY'];

/** The compiler and the programs that go with it: there, new enough, and for this architecture. */
export function checkCompilers(input: CompilersInput): CheckCase[] {
  const { env } = input;
  const compiler = env['CC'] || 'gcc';
  const cases = [{ name: 'CC', findings: compilerFindings(compiler, input) }];
  for (const variable of BINUTILS) {
    const command = env[variable];
    if (!command) continue;
    cases.push({ name: variable, findings: binutilsFindings(variable, command, input) });
  }
  return cases;
}

function compilerFindings(command: string, { machine, minimal, env, srcarch }: CompilersInput): Finding[] {
  const missing = machine.missing(command);
  const packages = compilerPackages(compilerName(command));
  if (missing !== null) return [missingProgram(missing, 'CC', packages)];
  if (!machine.mayAsk) return [];
  const text = compilerText(command, machine, env);
  const isClang = isClangText(text);
  const version = versionIn(text);
  const least = minimal.ofTool(isClang ? 'llvm' : 'gcc') ?? minimal.ofRow(isClang ? 'Clang/LLVM' : 'GNU C');
  if (version !== null && least !== null && isOlder(version, least)) {
    return [tooOld(compilerName(command), version, least, 'CC', packages)];
  }
  return isClang ? [] : targetFindings(command, machine, srcarch);
}

/** What the compiler says of itself. */
function compilerText(command: string, machine: MachineTools, env: CompilersInput['env']): string {
  return env['CC_VERSION_TEXT'] || machine.output(command, ['--version']);
}

/** Where the compiler is one for another architecture, that it is. */
export function targetCases(input: MachineToolsInput & Pick<CompilersInput, 'env' | 'srcarch'>): CheckCase[] {
  const { env, srcarch } = input;
  const command = env['CC'] || 'gcc';
  const machine = new MachineTools(input);
  if (machine.missing(command) !== null || isClangText(compilerText(command, machine, env))) return [];
  const findings = targetFindings(command, machine, srcarch);
  return findings.length === 0 ? [] : [{ name: 'CC', findings }];
}

/** Whether gcc compiles for an architecture; clang does for all. */
function targetFindings(command: string, machine: MachineTools, srcarch: string): Finding[] {
  if (machine.missing(command) !== null || !machine.mayAsk) return [];
  const target = machine.output(command, ['-dumpmachine']).trim();
  if (!isOtherTarget(target, srcarch)) return [];
  const subject = { kind: 'program', name: compilerName(command) } as const;
  return [finding({ code: 'compiler-other-target', severity: 'error', subject, args: { target, srcarch } })];
}

function binutilsFindings(variable: string, command: string, { machine, minimal }: CompilersInput): Finding[] {
  const packages = binutilsPackages(compilerName(command));
  const missing = machine.missing(command);
  if (missing !== null) return [missingProgram(missing, variable, packages)];
  if (variable !== 'LD' || !machine.mayAsk) return [];
  const text = machine.output(command, ['--version']);
  const isLld = /\bLLD\b/.test(text);
  const version = versionIn(text);
  const least = minimal.ofTool(isLld ? 'llvm' : 'binutils') ?? minimal.ofRow(isLld ? 'Clang/LLVM' : 'binutils');
  if (version === null || least === null || !isOlder(version, least)) return [];
  return [tooOld(compilerName(command), version, least, variable, packages)];
}

function missingProgram(name: string, needed: string, packages: Packages): Finding {
  const args = { for: needed, phase: 'make', ...packages };
  return finding({ code: 'tool-missing', severity: 'error', subject: { kind: 'program', name }, args });
}

function tooOld(name: string, version: string, least: string, needed: string, packages: Packages): Finding {
  const args = { version, least, for: needed, phase: 'make', ...packages };
  return finding({ code: 'tool-too-old', severity: 'error', subject: { kind: 'program', name }, args });
}
