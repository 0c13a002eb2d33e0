import { byteStringToTerminal } from '../plain-text.ts';
import type { CiCase, CiMessage, CiReport, CiSuite } from './ci-report.ts';

/**
 * The report as JUnit XML, for Jenkins, GitLab and all others that read it. It has what both common schemas (Apache
 * Ant's and Jenkins') ask for, and nothing that one of them does not know.
 * @param ms when the run was, in milliseconds since the epoch
 */
export function junitXml(report: CiReport, ms: number): string {
  const timestamp = new Date(ms).toISOString().slice(0, 19);
  const suites = report.suites.map((suite, id) => suiteXml(suite, id, report.title, timestamp));
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function suiteXml(suite: CiSuite, id: number, title: string, timestamp: string): string {
  const { cases, findings } = suite;
  const failures = cases.filter((each) => each.failures.length > 0).length;
  const attributes = {
    id: String(id),
    package: className(title),
    name: `${title}: ${suite.title}`,
    timestamp,
    hostname: 'localhost',
    tests: String(cases.length),
    failures: String(failures),
    errors: '0',
    time: '0',
  };
  const failed = new Set(cases.flatMap((each) => each.failures.map(({ text }) => text)));
  const others = findings.filter(({ text }) => !failed.has(text));
  const out = [suite.outcome, ...others.map(messageText)].join('\n');
  return [
    `  <testsuite${attributesXml(attributes)}>\n`,
    '    <properties/>\n',
    ...cases.map((each) => caseXml(each, `${className(title)}.${suite.name}`)),
    `    <system-out>${escaped(out)}</system-out>\n`,
    '    <system-err/>\n',
    '  </testsuite>\n',
  ].join('');
}

/** One test; the schemas allow it one failure. */
function caseXml({ name, failures }: CiCase, classname: string): string {
  const start = `    <testcase${attributesXml({ classname, name, time: '0' })}`;
  const [first] = failures;
  if (!first) return `${start}/>\n`;
  const attributes = { message: first.text, type: first.code };
  const text = failures.map(messageText).join('\n');
  return `${start}>\n      <failure${attributesXml(attributes)}>${escaped(text)}</failure>\n    </testcase>\n`;
}

const className = (title: string): string => title.replace(/\s+/g, '.');

function messageText({ at, severity, text, details }: CiMessage): string {
  const place = at ? `${at.file}:${at.line}: ` : '';
  const word = severity === 'info' ? 'note' : severity;
  return [`${place}${word}: ${text}`, ...details.map((detail) => `    ${detail}`)].join('\n');
}

function attributesXml(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(
      ([name, value]) =>
        ` ${name}="${escaped(value)
          .replace(/"/g, '&quot;')
          .replace(/[\t\n]/g, ' ')}"`,
    )
    .join('');
}

/** Noncharacters that no XML file may have; the other ones go with control characters. */
const NO_XML = /[\ufffe\uffff]/g;

function escaped(text: string): string {
  const plain = byteStringToTerminal(text).replace(NO_XML, '');
  return plain.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
}
