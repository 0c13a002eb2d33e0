import { type Diagnostic, InputError } from '../../src/diagnostics/diagnostic.ts';
import { type ConfTarget, runTarget } from '../../src/dotconfig/targets.ts';
import type { Dialect } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { parseKconfig } from '../../src/kconfig/parse-kconfig.ts';
import { formatDiagnostic } from '../../src/report/diagnostic-text.ts';

/** A parsed small tree and what was said meanwhile, in conf's words; `kconfig` is null where it cannot be used. */
export interface SmallTree {
  readonly kconfig: Kconfig | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Parses a small tree as conf would with this environment; no program is run. */
export function parseSmallTree(
  readFile: (name: string) => string | null,
  dialect: Dialect,
  options: { env?: Readonly<Record<string, string>>; shell?: (command: string) => string } = {},
): SmallTree {
  let stdout = '';
  let stderr = '';
  try {
    const kconfig = parseKconfig('Kconfig', dialect, {
      readFile,
      glob: () => null,
      env: (name) => options.env?.[name],
      shell: (command) => options.shell?.(command) ?? '',
      message: (kind, text, { file, line }) => {
        if (kind === 'info') stdout += `${text}\n`;
        else stderr += `${file}:${line}: ${text}\n`;
      },
    });
    return {
      kconfig,
      stdout,
      stderr: stderr + kconfig.diagnostics.map((each) => `${formatDiagnostic(each)}\n`).join(''),
    };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const earlier = error.earlier.map((each) => `${formatDiagnostic(each)}\n`).join('');
    return { kconfig: null, stdout, stderr: stderr + earlier + confErrorText(error.diagnostic) };
  }
}

/** An error that ends a run as conf words it: ours add the column, the line and more. */
function confErrorText(diagnostic: Diagnostic): string {
  const { code, args, at, includedFrom } = diagnostic;
  if (code === 'kconfig-recursive-dependency') return String(args['chain']);
  if (code === 'kconfig-recursive-inclusion') {
    const places = [at!, ...(includedFrom ?? [])].map(({ file, line }) => `  included from: ${file}:${line}\n`);
    return `Recursive inclusion detected.\nInclusion path:\n  current file : ${args['file']}\n${places.join('')}`;
  }
  const text = formatDiagnostic({ code, args, severity: 'error', ...(at && { at: { ...at, column: 0 } }) });
  return `${text.replace(/^(\S+:\d+: )error: /, '$1')}\n`;
}

/** What the engine answers to one question about a parsed tree: the file's text, and all messages in conf's words. */
export function runSmall(
  { kconfig, stderr }: SmallTree,
  target: ConfTarget,
  input: string | undefined,
  env: Readonly<Record<string, string>> = {},
): { readonly text: string; readonly stderr: string } {
  if (!kconfig) return { text: '', stderr };
  const answer = runTarget(kconfig, target, input ?? null, {
    file: target === 'defconfig' ? 'base' : target.startsWith('all') ? 'seed' : '.config',
    prefix: env['CONFIG_'] ?? 'CONFIG_',
    warnUnknown: env['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined,
  });
  const said = answer.diagnostics.map((each) => `${formatDiagnostic(each)}\n`);
  return { text: answer.text, stderr: [stderr, ...said, ...answer.unmet].join('') };
}
