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

/** What `gcc -dumpmachine` may begin with where it compiles for an architecture. */
const TARGETS: Readonly<Record<string, RegExp>> = {
  alpha: /^alpha/,
  arc: /^arc/,
  arm: /^arm/,
  arm64: /^aarch64/,
  csky: /^csky/,
  loongarch: /^loongarch/,
  m68k: /^m68k/,
  microblaze: /^microblaze/,
  mips: /^mips/,
  nios2: /^nios2/,
  openrisc: /^or1k/,
  parisc: /^(hppa|parisc)/,
  powerpc: /^(powerpc|ppc)/,
  riscv: /^riscv/,
  s390: /^s390/,
  sh: /^sh/,
  sparc: /^sparc/,
  x86: /^(x86_64|i.86)/,
  xtensa: /^xtensa/,
};

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
  const packages = compilerPackages(lastWord(command));
  if (missing !== null) return [missingProgram(missing, 'CC', packages)];
  if (!machine.mayAsk) return [];
  const text = compilerText(command, machine, env);
  const isClang = isClangText(text);
  const version = versionIn(text);
  const least = minimal.ofTool(isClang ? 'llvm' : 'gcc') ?? minimal.ofRow(isClang ? 'Clang/LLVM' : 'GNU C');
  if (version !== null && least !== null && isOlder(version, least)) {
    return [tooOld(lastWord(command), version, least, 'CC', packages)];
  }
  return isClang ? [] : targetFindings(command, machine, srcarch);
}

/** What the compiler says of itself. */
function compilerText(command: string, machine: MachineTools, env: CompilersInput['env']): string {
  return env['CC_VERSION_TEXT'] || machine.output(command, ['--version']);
}

const isClangText = (text: string): boolean => /\bclang\b/.test(text);

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
  const expected = TARGETS[srcarch];
  if (!expected || !/^[\w.]+-[\w.-]+$/.test(target) || expected.test(target)) return [];
  const subject = { kind: 'program', name: lastWord(command) } as const;
  return [finding({ code: 'compiler-other-target', severity: 'error', subject, args: { target, srcarch } })];
}

function binutilsFindings(variable: string, command: string, { machine, minimal }: CompilersInput): Finding[] {
  const packages = binutilsPackages(lastWord(command));
  const missing = machine.missing(command);
  if (missing !== null) return [missingProgram(missing, variable, packages)];
  if (variable !== 'LD' || !machine.mayAsk) return [];
  const text = machine.output(command, ['--version']);
  const isLld = /\bLLD\b/.test(text);
  const version = versionIn(text);
  const least = minimal.ofTool(isLld ? 'llvm' : 'binutils') ?? minimal.ofRow(isLld ? 'Clang/LLVM' : 'binutils');
  if (version === null || least === null || !isOlder(version, least)) return [];
  return [tooOld(lastWord(command), version, least, variable, packages)];
}

function missingProgram(name: string, needed: string, packages: Packages): Finding {
  const args = { for: needed, phase: 'make', ...packages };
  return finding({ code: 'tool-missing', severity: 'error', subject: { kind: 'program', name }, args });
}

function tooOld(name: string, version: string, least: string, needed: string, packages: Packages): Finding {
  const args = { version, least, for: needed, phase: 'make', ...packages };
  return finding({ code: 'tool-too-old', severity: 'error', subject: { kind: 'program', name }, args });
}

/** The compiler of `ccache gcc`; arguments begin with a dash. */
function lastWord(command: string): string {
  const words = command.trim().split(/\s+/);
  return words.filter((word) => !word.startsWith('-')).at(-1) ?? command;
}
