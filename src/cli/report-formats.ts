import { isAbsolute, relative, resolve } from 'node:path';
import { textDigest } from '../cache/digest.ts';
import { InputError, type Position } from '../diagnostics/diagnostic.ts';
import { isStandardOutput } from '../platform/descriptors.ts';
import { NodeFileWriter } from '../platform/write-file.ts';
import type { CiReport } from '../report/ci/ci-report.ts';
import { githubAnnotations, jsonWithoutCommands, withoutCommands } from '../report/ci/github.ts';
import { junitXml } from '../report/ci/junit.ts';
import { sarifLog } from '../report/ci/sarif.ts';
import { markdownSummary } from '../report/ci/summary.ts';
import { jsonText } from '../report/plain-text.ts';
import { renderText } from '../report/styled-text.ts';
import { VERSION } from '../workspace/version.ts';
import { isColored } from './color.ts';
import type { CommandRun } from './command-run.ts';
import { utf8Bytes, writeOutput } from './data-output.ts';
import { withHyperlinks } from './hyperlinks.ts';
import { printDiagnostic } from './messages.ts';
import type { CommonOptions } from './options.ts';
import { printSafe } from './output.ts';

/** How a report can be written. */
export const FORMATS = ['text', 'json', 'junit', 'github', 'sarif', 'summary'] as const;
type Format = (typeof FORMATS)[number];

/** A format, and the file that it goes to; null for standard output. */
export interface ReportOutput {
  readonly format: Format;
  readonly file: string | null;
}

/** A report that can be had in every format. */
export interface Reportable {
  /** For `renderText`. */
  text(): string;
  /** The object that `--json` prints. */
  json(): unknown;
  ci(): CiReport;
  /** Files that messages name as they were given; all others are the tree's. */
  readonly ownFiles: ReadonlySet<string>;
}

/**
 * What `--format` and `--json` ask for. Text goes to standard output where nothing else does, or to the file of
 * `--output` in its place.
 * @param words `junit=report.xml`, `github`
 * @throws InputError `format-unknown`, and `formats-mixed` where two would mix on standard output
 */
export function reportOutputs(
  words: readonly string[],
  options: Pick<CommonOptions, 'json' | 'output'>,
): ReportOutput[] {
  const outputs = words.map((word): ReportOutput => {
    const [, name, file = '-'] = /^([^=]*)(?:=(.*))?$/s.exec(word)!;
    const format = FORMATS.find((each) => each === name);
    if (!format || file === '')
      throw new InputError({ code: 'format-unknown', args: { word, known: FORMATS.join(' ') } });
    return { format, file: file === '-' || isStandardOutput(file) ? null : file };
  });
  if (options.json) outputs.push({ format: 'json', file: null });
  const printed = new Set(outputs.filter(({ file }) => file === null).map(({ format }) => format));
  const { output = '-' } = options;
  const rest = output === '-' ? null : output;
  // Annotations are lines of their own among lines of text.
  if (printed.size > (rest === null && printed.has('text') && printed.has('github') ? 2 : 1)) {
    throw new InputError({ code: 'formats-mixed', args: { formats: [...printed].join(', ') } });
  }
  const all = printed.size > 0 ? outputs : [{ format: 'text', file: null } as const, ...outputs];
  const placed = all.map(({ format, file }) => ({ format, file: file ?? rest }));
  // `--json` and `--format json` are one wish.
  const isFirst = (each: ReportOutput, index: number): boolean =>
    placed.findIndex(({ format, file }) => format === each.format && file === each.file) === index;
  return placed.filter(isFirst);
}

/** Writes a report in each format that was asked for, and in those that the service wants that runs this. */
export function writeReport(command: CommandRun, outputs: readonly ReportOutput[], report: Reportable): void {
  const { env, cwd } = command.platform;
  const inGithub = env['GITHUB_ACTIONS'] === 'true';
  for (const { format } of outputs.filter(({ file }) => file === null)) {
    const color = isColored(command.options.color, 'stdout');
    const text =
      format === 'text'
        ? withHyperlinks(renderText(report.text(), color, process.stdout.columns), color, 'stdout')
        : render(command, format, report);
    if (!inGithub || format === 'github') printSafe(text);
    else printSafe(format === 'json' || format === 'sarif' ? jsonWithoutCommands(text) : withoutCommands(text));
  }
  // The runner reads both streams, and standard output may be a file.
  if (inGithub && !outputs.some(({ format }) => format === 'github'))
    printSafe(render(command, 'github', report), 'stderr');
  for (const { format, file } of outputs) {
    if (file === null) continue;
    writeOutput(command.options, resolve(cwd, file), utf8Bytes(render(command, format, report)));
  }
  const summary = env['GITHUB_STEP_SUMMARY'];
  if (summary && !outputs.some(({ format }) => format === 'summary')) appendSummary(command, summary, report);
}

/** Without anything that would drive a terminal. */
function render(command: CommandRun, format: Format, report: Reportable): string {
  switch (format) {
    case 'text':
      return renderText(report.text(), false);
    case 'json':
      return jsonText(report.json());
    case 'junit':
      return junitXml(report.ci(), command.platform.epochMs());
    case 'github':
      return githubAnnotations(report.ci(), (at) => inRepository(command, at, report.ownFiles));
    case 'sarif':
      return jsonText(
        sarifLog(report.ci(), {
          version: VERSION,
          locate: (at) => inRepository(command, at, report.ownFiles),
          absolute: ({ file }) => pathOf(command, file, report.ownFiles),
          digest: (text) => textDigest(text).slice(0, 16),
        }),
      );
    case 'summary':
      return markdownSummary(report.ci());
  }
}

/** What others wrote there before stays. Nobody asked for it by name, so it is no obstacle where it cannot be written. */
function appendSummary(command: CommandRun, file: string, report: Reportable): void {
  try {
    new NodeFileWriter().append(file, utf8Bytes(render(command, 'summary', report)));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    printDiagnostic({ ...error.diagnostic, severity: 'warning' });
  }
}

/** Where a file is, absolute. */
function pathOf(command: CommandRun, file: string, ownFiles: ReadonlySet<string>): string {
  return resolve(ownFiles.has(file) ? command.platform.cwd : command.workspace.treePath, file);
}

/** A place's path from the top of the repository that a job has checked out; null where it lies outside. */
function inRepository(command: CommandRun, { file }: Position, ownFiles: ReadonlySet<string>): string | null {
  const { cwd, env } = command.platform;
  const path = pathOf(command, file, ownFiles);
  const short = relative(env['GITHUB_WORKSPACE'] || cwd, path);
  return short === '' || short.startsWith('..') || isAbsolute(short) ? null : short;
}
