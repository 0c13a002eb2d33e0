import { runTarget } from '../dotconfig/targets.ts';
import type { Kconfig } from '../kconfig/kconfig.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { type CheckCase, type FindingCode, finding } from './types.ts';
import { UnaskedValues } from './unasked.ts';

/** What `savedefconfig` writes of the config that a defconfig makes. @param text Latin-1 */
export function minimalDefconfig(kconfig: Kconfig, { source, text }: Pick<ConfigFile, 'source' | 'text'>): string {
  const whole = runTarget(kconfig, 'defconfig', text, { file: source });
  return runTarget(kconfig, 'savedefconfig', whole.text, { file: source }).text;
}

/**
 * Whether a defconfig is what `savedefconfig` writes, as those of `arch/…/configs` are maintained: each line that it would drop,
 * add, or write elsewhere. What is up to a toolchain that was not asked is no error.
 */
export function checkMinimal(kconfig: Kconfig, file: ConfigFile): CheckCase[] {
  const wanted = minimalDefconfig(kconfig, file);
  if (wanted === file.text) return [];
  const unasked = new UnaskedValues(runTarget(kconfig, 'defconfig', file.text, { file: file.source }).config);
  const lines = linesOf(file.text);
  const expected = linesOf(wanted);
  const style = kconfig.dialect.strictDotConfigLines ? 'strict' : 'lenient';
  const values = readConfigFile(file.source, wanted, style).entries;
  const places = new Set(expected);
  const present = new Set(lines);
  const findings = [
    ...lines.flatMap((text, index) => (places.has(text) ? [] : [found('line-needless', text, index + 1)])),
    ...expected.flatMap((text) => (present.has(text) ? [] : [found('line-missing', text, 0)])),
  ];
  if (findings.length === 0) {
    const index = lines.findIndex((text, at) => text !== expected[at]);
    findings.push(found('line-misplaced', lines[index] ?? '', index < 0 ? lines.length : index + 1));
  }
  return findings;

  function found(code: FindingCode, text: string, line: number): CheckCase {
    const name = /CONFIG_(\w+)/.exec(text)?.[1];
    const isSymbol = name !== undefined && /^(?:CONFIG_\w+=|# CONFIG_\w+ is not set)/.test(text);
    const symbol = isSymbol ? kconfig.symbols.find(name) : undefined;
    const isOpen = symbol !== undefined && unasked.decidesLine(symbol);
    return {
      name: `${code} ${text}`,
      findings: [
        finding({
          code: isOpen ? 'line-unasked' : code,
          severity: isOpen ? 'info' : 'error',
          subject: isSymbol ? { kind: 'symbol', name } : { kind: 'line', name: text },
          at: line > 0 ? { file: file.source, line, column: 0 } : null,
          wanted: isSymbol ? (file.entries.get(name)?.value ?? null) : null,
          held: isSymbol ? (values.get(name)?.value ?? null) : null,
        }),
      ],
    };
  }
}

const linesOf = (text: string): string[] => text.replace(/\n$/, '').split('\n');
