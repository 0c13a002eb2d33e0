import { isAbsolute, join, resolve } from 'node:path';
import { InputError } from '../../diagnostics/diagnostic.ts';
import { loadUserValues, type ReadResult, readDotConfig } from '../../dotconfig/read.ts';
import { rewriteTristates, setAllNewSymbols } from '../../dotconfig/targets.ts';
import { formatDefconfig, formatDotConfig, formatNewSymbols } from '../../dotconfig/write.ts';
import type { Tristate } from '../../kconfig/expression.ts';
import { decodeConfigBytes, readConfigFile } from '../../machine/config-bytes.ts';
import { readStandardInput } from '../../platform/standard-input.ts';
import { NodeFileWriter } from '../../platform/write-file.ts';
import { Configuration } from '../../values/configuration.ts';
import { unmetDependencyText } from '../../values/unmet.ts';
import type { CommonOptions } from '../options.ts';
import { Session } from '../session.ts';

const ALL_TARGETS: Readonly<Record<string, Tristate | null>> = {
  allnoconfig: 0,
  allmodconfig: 1,
  allyesconfig: 2,
  alldefconfig: null,
};
const REWRITES: Readonly<Record<string, readonly [Tristate, Tristate]>> = {
  yes2modconfig: [2, 1],
  mod2yesconfig: [1, 2],
  mod2noconfig: [1, 0],
};
const READING = new Set(['olddefconfig', 'savedefconfig', 'listnewconfig', ...Object.keys(REWRITES)]);

/** `kconfig-trim conf TARGET`: what the kernel's conf would write (`conf.c:main`). */
export async function runConf(target: string, file: string | undefined, options: CommonOptions): Promise<number> {
  if (target !== 'defconfig' && !READING.has(target) && !(target in ALL_TARGETS)) {
    throw new InputError({ code: 'conf-unknown-target', args: { target } });
  }
  const session = await Session.open(options);
  const text = await inputText(session, target, file);
  const config = new Configuration(session.kconfig(text));
  session.report(config.kconfig.diagnostics);
  session.phases.begin('evaluate', 'Calculating values');
  const { env } = session.platform;
  const prefix = env['CONFIG_'] ?? 'CONFIG_';
  const readOptions = {
    file: options.config ?? session.configPath(),
    prefix,
    warnUnknown: env['KCONFIG_WARN_UNKNOWN_SYMBOLS'] !== undefined,
  };
  const read = load(config, target, text, readOptions);
  session.report(read?.diagnostics ?? []);
  const out = outputText(config, target, prefix);
  for (const symbol of config.unmetDependencies()) session.warn(unmetDependencyText(config, symbol).replace(/\n$/, ''));
  session.phases.begin('write', 'Writing');
  writeOut(session, target, out);
  session.finish();
  const isError = env['KCONFIG_WERROR'] !== undefined;
  return isError && ((read?.diagnostics.length ?? 0) > 0 || config.unmetDependencies().length > 0) ? 1 : 0;
}

function load(
  config: Configuration,
  target: string,
  text: string | null,
  options: { file: string; prefix: string; warnUnknown: boolean },
): ReadResult | null {
  const rewrite = REWRITES[target];
  const mode = ALL_TARGETS[target];
  if (mode !== undefined) {
    const read = text === null ? null : loadUserValues(config, text, options);
    if (mode !== null) setAllNewSymbols(config, mode);
    return read;
  }
  const read = text === null ? null : readDotConfig(config, text, options);
  if (rewrite) rewriteTristates(config, ...rewrite);
  return read;
}

function outputText(config: Configuration, target: string, prefix: string): string {
  if (target === 'savedefconfig') return formatDefconfig(config, prefix);
  if (target === 'listnewconfig') return formatNewSymbols(config, prefix);
  return formatDotConfig(config, prefix);
}

function writeOut(session: Session, target: string, text: string): void {
  const { output } = session.options;
  if (output === '-' || target === 'listnewconfig') {
    process.stdout.write(text, 'latin1');
    return;
  }
  const { cwd } = session.platform;
  const path =
    output !== undefined
      ? resolve(cwd, output)
      : target === 'savedefconfig'
        ? resolve(session.objtree, 'defconfig')
        : session.configPath();
  const written = new NodeFileWriter().writeConfigAtomic(path, text, target !== 'savedefconfig');
  session.warn(written.changed ? `#\n# configuration written to ${path}\n#` : `#\n# No change to ${path}\n#`);
}

/** What the target reads: nothing, a .config, a defconfig, or the seed of an all*config. */
async function inputText(session: Session, target: string, file: string | undefined): Promise<string | null> {
  const { fs, cwd } = session.platform;
  const { config } = session.options;
  if (target in ALL_TARGETS) return seedText(session, target);
  if (target === 'defconfig') {
    const path = defconfigPath(session, file ?? config);
    const text = fs.readText(path);
    if (text === null) throw new InputError({ code: 'conf-no-defconfig', args: { file: path } });
    return text;
  }
  if (config === '-') return (await decodeConfigBytes(readStandardInput(), '-')).text;
  if (config !== undefined) return (await readConfigFile(fs, resolve(cwd, config))).text;
  return fs.readText(session.configPath());
}

/** `KCONFIG_ALLCONFIG`: a file, or `1` for the ones that conf looks for. */
function seedText(session: Session, target: string): string | null {
  const { fs, env } = session.platform;
  const name = env['KCONFIG_ALLCONFIG'];
  if (name === undefined) return null;
  const own = `${target.replace(/config$/, '')}.config`;
  const candidates = name === '' || name === '1' ? [own, 'all.config'] : [name];
  for (const candidate of candidates) {
    const text = fs.readText(resolve(session.objtree, candidate)) ?? fs.readText(resolve(session.treePath, candidate));
    if (text !== null) return text;
  }
  throw new InputError({ code: 'conf-no-seed', args: { files: candidates.join(', ') } });
}

/** A defconfig as make takes it: a path, or a name under arch/SRCARCH/configs. */
function defconfigPath(session: Session, file: string | undefined): string {
  const { fs, cwd } = session.platform;
  const environment = session.environment();
  const configs = join(session.treePath, 'arch', environment.srcarch, 'configs');
  if (file === undefined) return join(configs, environment.defconfig);
  const path = isAbsolute(file) ? file : resolve(cwd, file);
  return fs.stat(path)?.isFile ? path : join(configs, file);
}
