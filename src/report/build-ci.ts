import type { BuildReport, ExplainedFailure } from './build-report.ts';
import { builtText, placeText, turnedOnText } from './build-text.ts';
import type { CiCase, CiMessage, CiReport, CiSuite } from './ci/ci-report.ts';
import { counted } from './count-text.ts';
import { formatDuration } from './duration-text.ts';
import { shellWords } from './shell-words.ts';

/** All are about the config where they have no other place. */
type Suite = Omit<CiSuite, 'file' | 'findings'>;

/** How a build came out, as services that run builds want it: tests that passed or failed, and messages. */
export function buildCiReport(report: BuildReport): CiReport {
  const { tree, config, outcome, notes } = report;
  return {
    title: 'kconfig-trim build',
    subject: `${config} for Linux ${tree.version}, ${tree.arch}`,
    passed: outcome === 'built',
    verdict: verdict(report),
    suites: [...lostSuites(report), ...makeSuites(report), ...thereSuites(report)].map((suite) => ({
      ...suite,
      file: config,
      findings: suite.messages,
    })),
    notes,
  };
}

function verdict(report: BuildReport): string {
  const { outcome, seconds, failure, lost, modules, files, units } = report;
  switch (outcome) {
    case 'built':
      return `built ${builtText(report)} in ${formatDuration(seconds.real)}`;
    case 'failed':
      return `failed${failure?.target ? ` at ${failure.target}` : ''} after ${formatDuration(seconds.real)}`;
    case 'missing':
      return `built, but ${missingText(modules.missing.length + files.missing.length + units.missing.length)}`;
    case 'lost':
      return `not started: ${lost.length} required, and not built by this config`;
    case 'interrupted':
      return `interrupted after ${formatDuration(seconds.real)}`;
  }
}

const missingText = (files: number): string => `${counted(files, 'file')} ${files === 1 ? 'is' : 'are'} missing`;

function lostSuites({ lost }: BuildReport): Suite[] {
  if (lost.length === 0) return [];
  const cases = lost.map(({ name, path, note }) => {
    const text = `${name} is not built by this config`;
    const details = [path ?? '', note].filter((line) => line !== '');
    return testCase(name, { severity: 'error', code: 'required-lost', at: null, text, details });
  });
  return [
    suiteOf(
      'required',
      'what listings and --keep name',
      `${lost.length} ${lost.length === 1 ? 'is' : 'are'} not built by this config`,
      cases,
    ),
  ];
}

function makeSuites(report: BuildReport): Suite[] {
  const { command, failure, outcome, interruptedBy, warnings } = report;
  if (command === null) return [];
  const failed = failure ? failureCases(failure) : [];
  const interrupted: CiMessage[] =
    outcome === 'interrupted'
      ? [
          {
            severity: 'error',
            code: 'build-interrupted',
            at: null,
            text: `interrupted by ${interruptedBy}`,
            details: [],
          },
        ]
      : [];
  const cases = failed.length > 0 ? failed : [{ name: shellWords(command), failures: interrupted }];
  const warned = warnings.first.map(
    ({ at, message }): CiMessage => ({ severity: 'warning', code: 'build-warning', at, text: message, details: [] }),
  );
  const suite = suiteOf('make', 'make', `${builtText(report)}; ${counted(warnings.count, 'warning')}`, cases);
  return [{ ...suite, messages: [...suite.messages, ...warned] }];
}

function failureCases(failure: ExplainedFailure): CiCase[] {
  const { target, at, message, excerpt, turnedOn, command, others } = failure;
  const isPlaced = at !== null && at.line > 0;
  const first: CiMessage = {
    severity: 'error',
    code: 'build-failed',
    at: isPlaced ? at : null,
    text: at !== null && !isPlaced ? `${placeText(at)}: ${message}` : message,
    details: [
      ...excerpt,
      ...(turnedOn ? [`turned on ${turnedOnText(turnedOn)}`] : []),
      ...(command === null ? [] : [command]),
    ],
  };
  const rest = others.map((other) =>
    testCase(other, { severity: 'error', code: 'build-failed', at: null, text: `${other} failed too`, details: [] }),
  );
  return [testCase(target ?? 'make', first), ...rest];
}

/** What has to be there after make. */
function thereSuites({ outcome, modules, files }: BuildReport): Suite[] {
  if (outcome !== 'built' && outcome !== 'missing') return [];
  const suites: Suite[] = [];
  const add = (name: string, title: string, all: readonly string[], missing: readonly string[]): void => {
    if (all.length === 0) return;
    const gone = new Set(missing);
    const cases = all.map((path) => {
      const message = {
        severity: 'error',
        code: 'build-missing',
        at: null,
        text: `${path} is missing`,
        details: [],
      } as const;
      return testCase(path, gone.has(path) ? message : null);
    });
    suites.push(
      suiteOf(
        name,
        title,
        `${all.length - missing.length} of ${all.length} ${all.length === 1 ? 'is' : 'are'} there`,
        cases,
      ),
    );
  };
  add('modules', 'modules', modules.paths, modules.missing);
  add('files', 'kernel and image', [...files.present, ...files.missing], files.missing);
  return suites;
}

function testCase(name: string, failure: CiMessage | null): CiCase {
  return { name, failures: failure ? [failure] : [] };
}

function suiteOf(name: string, title: string, outcome: string, cases: readonly CiCase[]): Suite {
  return { name, title, outcome, cases, messages: cases.flatMap(({ failures }) => failures) };
}
