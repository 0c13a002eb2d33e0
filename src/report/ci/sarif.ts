import type { Position, Severity } from '../../diagnostics/diagnostic.ts';
import { byteStringToTerminal } from '../plain-text.ts';
import type { CiMessage, CiReport, CiSuite } from './ci-report.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** Who writes the report, and where things are. */
export interface SarifContext {
  /** Of this program. */
  readonly version: string;
  /** A place's path in the repository; null where it is in none. */
  readonly locate: (at: Position) => string | null;
  /** A place's path on this machine, absolute. */
  readonly absolute: (at: Position) => string;
  /** A number that is the same for the same text. */
  readonly digest: (text: string) => string;
}

/** The report in the Static Analysis Results Interchange Format 2.1.0, as code scanning services read it. */
export function sarifLog(report: CiReport, context: SarifContext): Record<string, unknown> {
  const messages = report.suites.flatMap((suite) => suite.findings.map((message) => ({ suite, message })));
  const codes = [...new Set(messages.map(({ message }) => message.code))].sort();
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'kconfig-trim',
            semanticVersion: context.version,
            rules: codes.map((id) => ({ id, shortDescription: { text: id.replaceAll('-', ' ') } })),
          },
        },
        invocations: [{ executionSuccessful: true, exitCode: report.passed ? 0 : 1 }],
        results: messages.map(({ suite, message }) => result(suite, message, codes, context)),
      },
    ],
  };
}

function result(
  { title, file }: CiSuite,
  message: CiMessage,
  codes: readonly string[],
  { locate, absolute, digest }: SarifContext,
): Record<string, unknown> {
  const { code, severity, at: own, text, details } = message;
  // GitHub takes no file in which one result has no location.
  const at = own ?? { file, line: 1, column: 0 };
  const path = locate(at);
  const uri = path === null ? `file://${encoded(absolute(at))}` : encoded(path);
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: LEVELS[severity],
    message: { text: byteStringToTerminal([`${title}: ${text}`, ...details].join('\n')) },
    locations: [{ physicalLocation: { artifactLocation: { uri }, region: { startLine: Math.max(1, at.line) } } }],
    // Lines move: what it is about does not.
    partialFingerprints: { 'kconfigTrim/v1': digest(`${title}\0${code}\0${text}`) },
  };
}

const encoded = (path: string): string =>
  byteStringToTerminal(path)
    .split('/')
    .map((part) => encodeURIComponent(part))
    .join('/');
