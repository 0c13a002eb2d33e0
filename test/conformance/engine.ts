/** The engine, driven as conf is driven: the same tree, environment, probe answers and input. */
import { join } from 'node:path';
import { type ConfTarget, runTarget } from '../../src/dotconfig/targets.ts';
import { detectDialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { parseKconfig } from '../../src/kconfig/parse-kconfig.ts';
import { NodeFileSystem } from '../../src/platform/node.ts';
import { formatDiagnostic } from '../../src/report/diagnostic-text.ts';
import { type ConfRun, judgeEnvironment, judgeShell, runEnvironment } from './conf-judge.ts';

/** What the engine answers to a run of conf. Texts are Latin-1. */
export interface EngineResult {
  /** .config, defconfig or list of new symbols: what the target is about. */
  readonly text: string;
  /** Warnings, as conf words them. */
  readonly warnings: string;
}

const fs = new NodeFileSystem();
const trees = new Map<string, Kconfig>();

/** The tree of a run; parsed once for each kernel, architecture and set of answers. Run conf first. */
export function engineTree(run: ConfRun): Kconfig {
  const { arch, subarch } = run.arch;
  const key = [run.kernel.version, arch, subarch, run.answers].join('/');
  const known = trees.get(key);
  if (known) return known;
  const env = runEnvironment(run);
  const { kconfig } = judgeEnvironment(run.kernel, run.arch);
  const parsed = parseKconfig(kconfig, detectDialect(fs, run.kernel.tree, null), {
    readFile: (name) => fs.readText(name.startsWith('/') ? name : join(run.kernel.tree, name)),
    glob: () => null,
    env: (name) => env[name],
    shell: judgeShell(run),
    message: () => {},
  });
  trees.clear();
  trees.set(key, parsed);
  return parsed;
}

/** Runs the engine as conf would run. */
export function runEngine(run: ConfRun): EngineResult {
  const kconfig = engineTree(run);
  const isDefconfig = run.target === 'defconfig';
  const input = (isDefconfig ? run.defconfig : run.config) ?? null;
  const { text, diagnostics, unmet } = runTarget(kconfig, run.target as ConfTarget, input, {
    file: isDefconfig ? 'base' : '.config',
    warnUnknown: run.env?.['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined,
  });
  const said = [...kconfig.diagnostics, ...diagnostics].map(formatDiagnostic);
  return { text, warnings: [...said, ...unmet].join('\n') };
}

/** conf's answer to the same question. */
export function confText(
  result: { config: string | null; defconfig: string | null; stdout: string },
  target: string,
): string {
  if (target === 'savedefconfig') return result.defconfig ?? '';
  return target === 'listnewconfig' ? result.stdout : (result.config ?? '');
}
