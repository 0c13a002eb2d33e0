import { resolve } from 'node:path';
import { checkMerged } from '../../check/merged.ts';
import { allFindings, type CheckResult } from '../../check/types.ts';
import { type Diagnostic, InputError } from '../../diagnostics/diagnostic.ts';
import { type Fragment, type Merged, mergeFragments } from '../../dotconfig/merge.ts';
import { runTarget } from '../../dotconfig/targets.ts';
import { isOpenFile } from '../../platform/descriptors.ts';
import type { Scope } from '../../platform/scope.ts';
import { shortPath } from '../../platform/short-path.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { countFindings } from '../../report/check-messages.ts';
import { type MergeReport, mergeJson, mergeText } from '../../report/merge-report.ts';
import { foreignDefconfig, readNamedConfig } from '../../workspace/base.ts';
import { readFragments } from '../../workspace/fragments.ts';
import { CommandRun } from '../command-run.ts';
import { printReport } from '../data-output.ts';
import type { ConfOptions } from '../options.ts';
import { dataWritten, printBytes, printJson } from '../output.ts';
import { requireOutputs } from '../overwriting.ts';

/** What was merged came to. */
interface Answer {
  readonly text: string;
  /** Null where the files were merged only. */
  readonly results: readonly CheckResult[] | null;
}

/**
 * `kconfig-trim conf merge FRAGMENT…`: what `scripts/kconfig/merge_config.sh` and conf would write, and each value that was
 * asked for and does not hold; exit 1 where there is one.
 * @param names the base first; with `--config` that one is the base
 */
export async function runMerge(names: readonly string[], options: ConfOptions, scope: Scope): Promise<number> {
  if (names.length === 0) throw new InputError({ code: 'merge-no-file', args: {} });
  const command = await CommandRun.open(options, scope);
  const fragments = await readAll(command, names);
  const [base, ...others] = fragments.map(({ source }) => source);
  // Where no output is named, .config is written anew whatever it was merged from, as merge_config.sh does.
  const replaced = { file: options.output, base };
  requireOutputs(command.platform, { read: options.output === undefined ? [] : others, written: [], replaced });
  const { builtin = false, strict = false } = options;
  const merged = mergeFragments(fragments, { prefix: prefixOf(command), builtin });
  const isRefused = strict && merged.redefined.some(({ kind }) => kind === 'overridden');
  const answer =
    isRefused || options.mergeOnly ? { text: merged.text, results: null } : await completed(command, fragments, merged);
  const written = isRefused ? null : write(command, answer.text);
  command.finish();
  await dataWritten();
  const report: MergeReport = {
    tree: { version: command.workspace.tree.version, arch: command.workspace.environment().arch },
    files: fragments.map(({ source }) => source),
    redefined: merged.redefined,
    results: answer.results,
    isRefused,
    written,
    again: written === null || isOpenFile(written) ? null : command.again(shortPath(command.platform.cwd, written)),
    notes: answer.results === null ? [] : toolchainNotes(command, merged),
  };
  print(report, options);
  return isRefused || countFindings(answer.results ?? []).error > 0 ? 1 : 0;
}

function toolchainNotes(command: CommandRun, { text }: Merged): string[] {
  return command.workspace.probed ? command.targetNotes() : command.toolchainNotes(text);
}

const prefixOf = ({ platform }: CommandRun): string => platform.env['CONFIG_'] ?? 'CONFIG_';

/** What conf makes of the merged text, and whether that holds what it asks for. */
async function completed(command: CommandRun, fragments: readonly Fragment[], merged: Merged): Promise<Answer> {
  const { workspace, platform } = command;
  const target = (command.options as ConfOptions).allnoconfig ? 'allnoconfig' : 'alldefconfig';
  const prefix = prefixOf(command);
  const { kconfig, answer, results } = await workspace.withKconfig(merged.text, (kconfig) => {
    command.phases.begin('evaluate', 'Calculating values');
    const answer = runTarget(kconfig, target, merged.text, {
      file: '',
      prefix,
      warnUnknown: platform.env['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined,
    });
    const results = checkMerged({
      fragments,
      merged,
      config: answer.config,
      prefix,
      fs: platform.fs,
      tree: workspace.treePath,
      srcarch: workspace.environment().srcarch,
      kbuild: () => workspace.kbuild(kconfig),
    });
    return { kconfig, answer, results };
  });
  command.report(kconfig.diagnostics);
  const findings = allFindings(results).map(({ code, at }) => `${code} ${at?.file}:${at?.line}`);
  // What is wrong with a line is said once.
  const isFound = ({ at }: Diagnostic): boolean =>
    ['line-blanks', 'line-marked'].some((code) => findings.includes(`${code} ${at?.file}:${at?.line}`));
  command.report(answer.diagnostics.map((each) => atOrigin(each, merged)).filter((each) => !isFound(each)));
  for (const text of answer.unmet) command.warn(text.replace(/\n$/, ''));
  return { text: answer.text, results };
}

/** What is said of a line of the merged text, at the line that it comes from. */
function atOrigin(diagnostic: Diagnostic, merged: Merged): Diagnostic {
  return diagnostic.at ? { ...diagnostic, at: merged.origin(diagnostic.at.line).at } : diagnostic;
}

/** The base and the fragments; a name may stand for several files. */
async function readAll(command: CommandRun, names: readonly string[]): Promise<Fragment[]> {
  const { config } = command.options;
  const all = config === undefined ? [] : [await readNamed(command, config)];
  for (const { source } of all)
    command.report(foreignDefconfig(command.workspace, resolve(command.platform.cwd, source)));
  for (const name of names) {
    if (name === '-') all.push(await readNamed(command, name));
    else {
      const { fragments, diagnostics } = await readFragments(command.workspace, [name], 'fragment');
      command.report(diagnostics);
      all.push(...fragments);
    }
  }
  return all;
}

async function readNamed({ platform }: CommandRun, name: string): Promise<Fragment> {
  return { source: name === '-' ? 'standard input' : name, text: await readNamedConfig(platform, name) };
}

/** @returns the file that has the text; null for standard output */
function write(command: CommandRun, text: string): string | null {
  const { output } = command.options;
  if (output === '-') {
    printBytes(text);
    return null;
  }
  command.phases.begin('write', 'Writing');
  const path = output === undefined ? command.workspace.configPath() : resolve(command.platform.cwd, output);
  new NodeFileWriter().writeConfigAtomic(path, text);
  return path;
}

function print(report: MergeReport, options: ConfOptions): void {
  const stream = options.output === '-' ? 'stderr' : 'stdout';
  if (options.json) {
    printJson(mergeJson(report), true, stream);
    return;
  }
  const style = {
    verbose: options.verbose ?? false,
    quiet: options.quiet ?? false,
    redundant: options.redundant ?? false,
    overridden: options.overridden ?? true,
  };
  printReport(mergeText(report, style), options, stream);
}
