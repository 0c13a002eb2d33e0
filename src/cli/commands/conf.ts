import { isAbsolute, join, resolve } from 'node:path';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { setsSymbols } from '../../dotconfig/scan.ts';
import { CONF_TARGETS, type ConfTarget, isSeeded, runTarget } from '../../dotconfig/targets.ts';
import type { Scope } from '../../platform/scope.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { foreignDefconfig, readNamedConfig } from '../../workspace/base.ts';
import { archOf, isMadeByMakefile, type MakeDefconfig, makeDefconfig } from '../../workspace/make-configs.ts';
import { CommandRun } from '../command-run.ts';
import { writeOutput } from '../data-output.ts';
import type { ConfOptions } from '../options.ts';
import { printBytes } from '../output.ts';
import { requireOutputs } from '../overwriting.ts';
import { unknownTarget } from './conf-meant.ts';
import { runMerge } from './conf-merge.ts';

/**
 * `kconfig-trim conf TARGET`: what the kernel's conf would write (`conf.c:main`).
 * @param files of `defconfig` the one to start from, of `merge` all that are merged
 */
export async function runConf(
  target: string,
  files: readonly string[],
  options: ConfOptions,
  scope: Scope,
): Promise<number> {
  if (target === 'merge') return await runMerge(files, options, scope);
  if (!isTarget(target)) throw await unknownTarget(target, options, scope);
  if (options.json) throw new InputError({ code: 'conf-prints-no-json', args: { target } });
  const [file, second] = files;
  if (second !== undefined) throw new InputError({ code: 'conf-one-file', args: { target, file: second } });
  const option = MERGE_OPTIONS.find((name) => options[name] === (name !== 'overridden'));
  if (option) throw new InputError({ code: 'conf-merge-option', args: { option: MERGE_FLAGS[option], target } });
  const command = await CommandRun.open(options, scope);
  const input = await readInput(command, target, file);
  const { text } = input;
  const output = outputFile(command, target);
  requireOutputs(
    command.platform,
    writesDotConfig(target)
      ? { read: [], written: [], replaced: { file: options.output ?? output, base: input.file } }
      : { read: [input.file], written: [options.output ?? output] },
  );
  const { kconfig, answer } = await answered(command, target, text);
  command.report(kconfig.diagnostics);
  command.report(command.workspace.targetDiagnostics());
  if (!command.workspace.probed) for (const note of command.toolchainNotes(text ?? '')) command.warn(note);
  command.report(answer.diagnostics);
  for (const text of answer.unmet) command.warn(text.replace(/\n$/, ''));
  const { env } = command.platform;
  const refused = env['KCONFIG_WERROR'] !== undefined && (answer.diagnostics.length > 0 || answer.unmet.length > 0);
  if (!refused) {
    command.phases.begin('write', 'Writing');
    writeOut(command, target, output, answer.text);
  }
  command.finish();
  return refused ? 1 : 0;
}

const MERGE_FLAGS = {
  mergeOnly: '--merge-only',
  allnoconfig: '--allnoconfig',
  redundant: '--redundant',
  builtin: '--builtin',
  strict: '--strict',
  overridden: '--no-overridden',
} as const;
const MERGE_OPTIONS = Object.keys(MERGE_FLAGS) as (keyof typeof MERGE_FLAGS)[];

/** The target's answer. As conf, it tells warnings also where an error follows them. */
async function answered(command: CommandRun, target: ConfTarget, text: string | null) {
  const { env } = command.platform;
  try {
    return await command.workspace.withKconfig(text, (kconfig) => {
      command.phases.begin('evaluate', 'Calculating values');
      const answer = runTarget(kconfig, target, text, {
        file: command.options.config ?? command.workspace.configPath(),
        prefix: env['CONFIG_'] ?? 'CONFIG_',
        warnUnknown: env['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined,
      });
      return { kconfig, answer };
    });
  } catch (error) {
    if (error instanceof InputError) command.report(error.earlier);
    throw error;
  }
}

function isTarget(name: string): name is ConfTarget {
  return (CONF_TARGETS as readonly string[]).includes(name);
}

/** Where the target's answer goes, absolute; null for standard output. */
function outputFile({ options: { output }, platform, workspace }: CommandRun, target: ConfTarget): string | null {
  if (output === '-' || (output === undefined && target === 'listnewconfig')) return null;
  if (output !== undefined) return resolve(platform.cwd, output);
  return target === 'savedefconfig' ? resolve(workspace.objtree, 'defconfig') : workspace.configPath();
}

/** Whether a target writes a .config, which may be the one that it reads. */
const writesDotConfig = (target: ConfTarget): boolean => target !== 'listnewconfig' && target !== 'savedefconfig';

function writeOut(command: CommandRun, target: ConfTarget, path: string | null, text: string): void {
  if (path === null) {
    printBytes(text);
    return;
  }
  if (target === 'listnewconfig') {
    writeOutput(command.options, path, text);
    return;
  }
  // conf stores no old defconfig. Where something else is there, somebody would miss it.
  const before = command.platform.fs.readText(path);
  const isDefconfig = target === 'savedefconfig' && before !== null && setsSymbols(before);
  const written = new NodeFileWriter().writeConfigAtomic(path, text, !isDefconfig);
  command.warn(written.changed ? `#\n# configuration written to ${path}\n#` : `#\n# No change to ${path}\n#`);
}

/** What a target reads; nothing where there is none. */
interface Input {
  readonly text: string | null;
  /** Where it stands; null for standard input, or where there is none. */
  readonly file: string | null;
}

const NO_INPUT: Input = { text: null, file: null };

/** @param named what the command line names; undefined where make's own choice is not there */
function noDefconfig(command: CommandRun, path: string, named: string | undefined): InputError {
  const { workspace } = command;
  const meant = meantDefconfig(command, named ?? workspace.environment().defconfig);
  const isMade = meant !== null && (named === undefined || isMadeByMakefile(workspace, meant));
  const target = isMade ? { arch: archOf(workspace, meant.srcarch), target: meant.name } : {};
  return new InputError({ code: 'conf-no-defconfig', args: { file: path, ...target } });
}

/** The defconfig of the tree that a path from here, one from its top, or a name means. */
function meantDefconfig({ workspace, platform }: CommandRun, named: string): MakeDefconfig | null {
  return makeDefconfig(workspace, resolve(platform.cwd, named)) ?? makeDefconfig(workspace, named);
}

/** What the target reads: nothing, a .config, a defconfig, or the seed of an all*config. */
async function readInput(command: CommandRun, target: ConfTarget, file: string | undefined): Promise<Input> {
  const { fs, cwd } = command.platform;
  const { config } = command.options;
  if (file !== undefined && target !== 'defconfig') {
    throw new InputError({ code: 'conf-takes-no-file', args: { target, file } });
  }
  if (isSeeded(target)) {
    if (config !== undefined) throw new InputError({ code: 'conf-takes-no-config', args: { target, file: config } });
    return readSeed(command, target);
  }
  if (target === 'defconfig') {
    const path = defconfigPath(command, file ?? config);
    const text = fs.readText(path);
    if (text === null) throw noDefconfig(command, path, file ?? config);
    command.report(foreignDefconfig(command.workspace, path));
    return { text, file: path };
  }
  if (config !== undefined) {
    const text = await readNamedConfig(command.platform, config);
    command.report(foreignDefconfig(command.workspace, resolve(cwd, config)));
    return { text, file: config };
  }
  const path = command.workspace.configPath();
  const text = fs.readText(path);
  return text === null ? readDefault(command) : { text, file: path };
}

/**
 * What stands in for a `.config` that is not there: the running kernel's config, unless that is of another architecture,
 * or the architecture's own (`scripts/kconfig/Makefile`: KCONFIG_DEFCONFIG_LIST; `confdata.c:conf_read_simple`).
 */
function readDefault(command: CommandRun): Input {
  const { host } = command.platform;
  const { srcarch, defconfig, env } = command.workspace.environment();
  const running = [`/lib/modules/${host.release}/.config`, '/etc/kernel-config', `/boot/config-${host.release}`];
  const own = `arch/${srcarch}/configs/${defconfig}`;
  for (const name of [...(env['SUBARCH'] === srcarch ? running : []), own]) {
    const found = readFromBuild(command, name);
    if (found === null) continue;
    command.warn(`#\n# using defaults found in ${name}\n#`);
    return found;
  }
  return NO_INPUT;
}

/** `KCONFIG_ALLCONFIG`: a file, or `1` for the ones that conf looks for. */
function readSeed(command: CommandRun, target: ConfTarget): Input {
  const name = command.platform.env['KCONFIG_ALLCONFIG'];
  if (name === undefined) return NO_INPUT;
  const own = `${target.replace(/config$/, '')}.config`;
  const candidates = name === '' || name === '1' ? [own, 'all.config'] : [name];
  for (const candidate of candidates) {
    const found = readFromBuild(command, candidate);
    if (found !== null) return found;
  }
  throw new InputError({ code: 'conf-no-seed', args: { files: candidates.join(', ') } });
}

/** A file by its path from the build directory or, where it is not there, from the tree. */
function readFromBuild({ platform: { fs }, workspace }: CommandRun, name: string): Input | null {
  for (const folder of [workspace.objtree, workspace.treePath]) {
    const file = resolve(folder, name);
    const text = fs.readText(file);
    if (text !== null) return { text, file };
  }
  return null;
}

/**
 * A defconfig: a path, from here or from the top of the tree (`lexer.l:zconf_fopen`), or as make takes it a name under
 * arch/SRCARCH/configs.
 */
function defconfigPath(command: CommandRun, file: string | undefined): string {
  const { fs, cwd } = command.platform;
  const environment = command.workspace.environment();
  const configs = join(command.workspace.treePath, 'arch', environment.srcarch, 'configs');
  if (file === undefined) return join(configs, environment.defconfig);
  if (isAbsolute(file)) return file;
  const places = [cwd, command.workspace.treePath, configs].map((directory) => resolve(directory, file));
  const found = places.find((path) => fs.stat(path)?.isFile);
  if (found !== undefined) return found;
  // What names no file is an error that shows where it was given, unless it can be of the tree alone.
  const meant = meantDefconfig(command, file);
  const isOfTree = meant !== null && (meant.name !== file || isMadeByMakefile(command.workspace, meant));
  return isOfTree ? join(command.workspace.treePath, meant.file) : places[0]!;
}
