import { InputError } from '../diagnostics/diagnostic.ts';
import type { CheckName, CheckResult, Finding } from './types.ts';

const SCHEMA = 'kconfig-trim/baseline-1';

/** A finding, by what it is about. Lines are none of it: they move. */
export interface KnownFinding {
  /** The config, as it was named. */
  readonly config: string;
  readonly arch: string;
  readonly check: CheckName;
  /** The fragment, listing or old config; empty for the config itself. */
  readonly source: string;
  readonly code: string;
  readonly name: string;
  readonly wanted: string | null;
}

/** What was checked: a config and what was found. */
export interface Checked {
  readonly config: string;
  readonly arch: string;
  readonly results: readonly CheckResult[];
}

/** A check's findings without those that are known. */
export interface Remaining {
  readonly results: CheckResult[];
  readonly known: number;
  /** Those that are found no longer. */
  readonly fixed: readonly KnownFinding[];
}

/** Findings that somebody has accepted. */
export class Baseline {
  readonly #findings: readonly KnownFinding[];

  constructor(findings: readonly KnownFinding[]) {
    this.#findings = findings;
  }

  /** All errors and warnings of some configs. */
  static of(checked: readonly Checked[]): Baseline {
    return new Baseline(checked.flatMap((each) => knownFindings(each)));
  }

  /**
   * Reads what `text` wrote.
   * @param file for messages
   * @throws InputError `baseline-unreadable`
   */
  static parse(text: string, file: string): Baseline {
    try {
      const { schema, findings } = JSON.parse(text) as { schema: unknown; findings: unknown };
      if (schema === SCHEMA && Array.isArray(findings) && findings.every(isKnownFinding)) return new Baseline(findings);
    } catch {
      // No JSON, or no object.
    }
    throw new InputError({ code: 'baseline-unreadable', args: { file } });
  }

  /** One finding a line, so that a diff of two shows what changed. */
  text(): string {
    const lines = this.#findings.map((each) => `    ${JSON.stringify(each)}`);
    return `{\n  "schema": "${SCHEMA}",\n  "findings": [\n${lines.join(',\n')}${lines.length > 0 ? '\n' : ''}  ]\n}\n`;
  }

  get size(): number {
    return this.#findings.length;
  }

  /** Takes out what is known. Of checks that were not made nothing is said to be fixed. */
  remaining(checked: Checked): Remaining {
    const own = this.#findings.filter(({ config, arch }) => config === checked.config && arch === checked.arch);
    const keys = new Set(own.map(keyOf));
    const found = new Set(knownFindings(checked).map(keyOf));
    const made = new Set(checked.results.map((result) => `${result.name} ${sourceOf(checked, result)}`));
    const results = checked.results.map((result) => ({
      ...result,
      cases: result.cases.map((each) => {
        const isKnown = (finding: Finding): boolean =>
          finding.severity !== 'info' && keys.has(keyOf(knownFinding(checked, result, finding)));
        const known = each.findings.filter(isKnown);
        return { ...each, findings: each.findings.filter((finding) => !isKnown(finding)), known };
      }),
    }));
    const known = results.reduce((sum, { cases }) => sum + cases.flatMap((each) => each.known).length, 0);
    const fixed = own.filter((each) => !found.has(keyOf(each)) && made.has(`${each.check} ${each.source}`));
    return { results, known, fixed };
  }
}

function knownFindings(checked: Checked): KnownFinding[] {
  return checked.results.flatMap((result) =>
    result.cases.flatMap(({ findings }) =>
      findings.filter(({ severity }) => severity !== 'info').map((found) => knownFinding(checked, result, found)),
    ),
  );
}

function knownFinding(checked: Checked, result: CheckResult, { code, subject, wanted }: Finding): KnownFinding {
  const { config, arch } = checked;
  return { config, arch, check: result.name, source: sourceOf(checked, result), code, name: subject.name, wanted };
}

/** What was checked against; empty for the config itself. */
const sourceOf = ({ config }: Checked, { source }: CheckResult): string => (source === config ? '' : source);

const keyOf = ({ config, arch, check, source, code, name, wanted }: KnownFinding): string =>
  JSON.stringify([config, arch, check, source, code, name, wanted]);

function isKnownFinding(value: unknown): value is KnownFinding {
  if (typeof value !== 'object' || value === null) return false;
  const { wanted, ...texts } = value as Record<string, unknown>;
  const names = ['config', 'arch', 'check', 'source', 'code', 'name'];
  return (wanted === null || typeof wanted === 'string') && names.every((name) => typeof texts[name] === 'string');
}
