import type { Position } from '../../diagnostics/diagnostic.ts';
import { letterOf } from '../../dotconfig/line-value.ts';
import { operands } from '../../kconfig/expression.ts';
import type { Kconfig } from '../../kconfig/kconfig.ts';
import { OP } from '../../kconfig/symbol.ts';
import { GENERATED_MODULE_KEY } from '../../machine/keys.ts';
import type { Configuration } from '../../values/configuration.ts';
import { type ConfigFile, isSwitch } from '../config-file.ts';
import { type CheckCase, type Finding, finding } from '../types.ts';
import { checkCompilers } from './compilers.ts';
import { MachineTools, type MachineToolsInput } from './machine-tools.ts';
import { NEEDS, type Need } from './needs.ts';
import { type Header, type Program, TOOLS, type ToolName } from './tools.ts';
import { isOlder, MinimalVersions, type ReadSource } from './versions.ts';

/** What the programs and headers of a build are looked for with. */
export interface PreflightInput extends MachineToolsInput {
  readonly config: Configuration;
  /** What make exports, with the names of programs: CC, HOSTCC, PAHOLE. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The config's file and fragments: what is asked for. */
  readonly files: readonly ConfigFile[];
  /** The kernel tree, absolute. */
  readonly tree: string;
  /** Reads a file of the tree by its path there, null for none; the one on the disk where it is not given. */
  readonly readSource?: ReadSource;
  /** Where make runs, absolute. */
  readonly objtree: string;
  readonly arch: string;
  readonly srcarch: string;
}

/** A tool with all that calls for it. */
interface Needed {
  readonly tool: ToolName;
  /** Symbols of the config; none where every build calls it. */
  readonly symbols: readonly string[];
  readonly at: Position;
  readonly isInstall: boolean;
}

/**
 * Whether this machine has what `make` of this config calls in this tree: compiler, programs with their versions,
 * headers. What a symbol calls for counts also where the config or a fragment asks for it and conf would drop it, since
 * often it does so because the tool is not there. Only what `make modules_install` calls is a warning.
 */
export function preflight(input: PreflightInput): CheckCase[] {
  const { fs, tree, arch, srcarch, env, readSource = (path) => fs.readText(`${tree}/${path}`) } = input;
  const machine = new MachineTools(input);
  const minimal = new MinimalVersions(readSource, { ARCH: arch, SRCARCH: srcarch });
  const needed = collectNeeds(input, new Callers(readSource));
  return [
    ...checkCompilers({ machine, minimal, env, srcarch }),
    ...needed.map((need) => ({ name: need.tool, findings: toolFindings(need, input, machine, minimal) })),
  ];
}

function collectNeeds(input: PreflightInput, callers: Callers): Needed[] {
  const found = new Map<ToolName, Needed>();
  for (const need of [...NEEDS, ...keyNeeds(input)]) {
    const symbols = need.symbols?.filter((name) => isAsked(name, input)) ?? [];
    if (need.symbols && symbols.length === 0) continue;
    if (need.srcarches && !need.srcarches.includes(input.srcarch)) continue;
    const at = callers.find(need);
    if (!at) continue;
    const isInstall = need.phase === 'install';
    const known = found.get(need.tool);
    if (known && (!known.isInstall || isInstall)) {
      // What every build calls needs no symbol to call for it.
      const all = known.symbols.length === 0 ? [] : [...new Set([...known.symbols, ...symbols])];
      found.set(need.tool, { ...known, symbols: known.isInstall === isInstall ? all : known.symbols });
    } else found.set(need.tool, { tool: need.tool, symbols, at, isInstall });
  }
  return [...found.values()];
}

/** The build makes its own key with openssl where the config says so and there is none yet. */
function keyNeeds({ config, fs, objtree }: PreflightInput): Need[] {
  const symbol = config.kconfig.symbols.find('MODULE_SIG_KEY');
  if (!symbol?.isDefined || !config.isWritten(symbol) || config.text(symbol) !== GENERATED_MODULE_KEY) return [];
  if (fs.stat(`${objtree}/${GENERATED_MODULE_KEY}`)) return [];
  return [{ tool: 'openssl', symbols: ['MODULE_SIG_KEY'], file: 'certs/Makefile', text: 'openssl req' }];
}

/** Whether a symbol is on, or a file says that it should be. */
function isAsked(name: string, { config, files }: PreflightInput): boolean {
  const symbol = config.kconfig.symbols.find(name);
  if (!symbol?.isDefined) return false;
  if (!isSwitch(symbol)) return config.isWritten(symbol);
  return (
    config.tristate(symbol) !== 0 || files.some(({ entries }) => letterOf(entries.get(name)?.value ?? 'n') !== 'n')
  );
}

/** Finds the lines of the tree that call tools. */
class Callers {
  readonly #read: ReadSource;
  readonly #files = new Map<string, readonly string[]>();

  constructor(read: ReadSource) {
    this.#read = read;
  }

  find({ file, text }: Need): Position | null {
    let lines = this.#files.get(file);
    if (!lines) {
      lines = (this.#read(file) ?? '').split('\n');
      this.#files.set(file, lines);
    }
    const index = lines.findIndex((line) => line.includes(text) && !/^\s*#/.test(line));
    return index < 0 ? null : { file, line: index + 1, column: 0 };
  }
}

function toolFindings(
  needed: Needed,
  input: PreflightInput,
  machine: MachineTools,
  minimal: MinimalVersions,
): Finding[] {
  const tool: Program | Header = TOOLS[needed.tool];
  return tool.kind === 'header'
    ? headerFindings(tool, needed, input, machine)
    : programFindings(tool, needed, input, machine, minimal);
}

function headerFindings(header: Header, needed: Needed, { env }: PreflightInput, machine: MachineTools): Finding[] {
  const state = machine.header(header.name, header.library, env['HOSTCC'] || 'gcc');
  if (state === 'there') return [];
  return [
    finding({
      code: state === 'unsure' ? 'header-not-found' : 'tool-missing',
      severity: state === 'unsure' ? 'warning' : 'error',
      subject: { kind: 'header', name: header.name },
      at: needed.at,
      args: { ...argsOf(needed), ...header.packages },
    }),
  ];
}

function programFindings(
  program: Program,
  needed: Needed,
  { env, config }: PreflightInput,
  machine: MachineTools,
  minimal: MinimalVersions,
): Finding[] {
  const command = (program.variable && env[program.variable]) || program.name;
  const { at, isInstall } = needed;
  const severity = isInstall ? 'warning' : 'error';
  const args = { ...argsOf(needed), ...program.packages };
  const missing = machine.missing(command, isInstall);
  if (missing !== null) {
    const subject = { kind: 'program', name: missing } as const;
    return [finding({ code: 'tool-missing', severity, subject, at, args })];
  }
  const least = leastVersion(program, config.kconfig, minimal);
  const version = least === null ? null : machine.version(command, program.version, isInstall);
  if (least === null || version === null || !isOlder(version, least)) return [];
  const subject = { kind: 'program', name: command } as const;
  return [finding({ code: 'tool-too-old', severity, subject, at, args: { ...args, version, least } })];
}

const argsOf = ({ symbols, isInstall }: Needed): Record<string, string> => ({
  for: symbols.join(', '),
  phase: isInstall ? 'make modules_install' : 'make',
});

/** The lowest version that will do: what the build obeys, or else what the documentation asks for. */
function leastVersion(program: Program, kconfig: Kconfig, minimal: MinimalVersions): string | null {
  const obeyed = program.minimum === undefined ? null : minimal.ofTool(program.minimum);
  const documented = program.row === undefined ? null : minimal.ofRow(program.row);
  const stated = obeyed ?? documented;
  const asked = program === TOOLS.pahole ? paholeVersion(kconfig) : null;
  if (stated === null || asked === null) return asked ?? stated;
  return isOlder(stated, asked) ? asked : stated;
}

/** What DEBUG_INFO_BTF depends on: `PAHOLE_VERSION >= 122` is version 1.22; null for nothing of the kind. */
function paholeVersion({ symbols }: Kconfig): string | null {
  const dependency = symbols.find('DEBUG_INFO_BTF')?.directDependency;
  let most: string | null = null;
  for (const { op, sym, sym2 } of dependency ? operands(dependency, OP.and) : []) {
    const digits =
      op === OP.greaterEqual && sym?.name === 'PAHOLE_VERSION' ? /^(\d)(\d+)$/.exec(sym2?.name ?? '') : null;
    if (!digits) continue;
    const version = `${digits[1]}.${digits[2]}`;
    if (most === null || isOlder(most, version)) most = version;
  }
  return most;
}
