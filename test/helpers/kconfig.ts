import { readDotConfig } from '../../src/dotconfig/read.ts';
import { type Dialect, dialectOfVersion } from '../../src/kconfig/dialect.ts';
import type { Kconfig } from '../../src/kconfig/kconfig.ts';
import { parseKconfig } from '../../src/kconfig/parse-kconfig.ts';
import type { KSymbol } from '../../src/kconfig/symbol.ts';
import { Configuration } from '../../src/values/configuration.ts';

/** The dialects that tests run on: those of the two real trees, and the newest that is known. */
export const OLD: Dialect = dialectOfVersion([6, 1]);
export const NEW: Dialect = dialectOfVersion([6, 12]);
export const NEXT: Dialect = dialectOfVersion([7, 1]);

export interface Parsed extends Kconfig {
  /** What `$(info)` and `$(warning-if)` said. */
  readonly messages: readonly string[];
  /** Commands that were run. */
  readonly commands: readonly string[];
}

/** Parses Kconfig text; `files` are what it may source. */
export function parseText(
  text: string,
  options: {
    dialect?: Dialect;
    files?: Record<string, string>;
    env?: Record<string, string>;
    shell?: (command: string) => string | null;
  } = {},
): Parsed {
  const messages: string[] = [];
  const commands: string[] = [];
  const files: Record<string, string> = { Kconfig: text, ...options.files };
  const kconfig = parseKconfig('Kconfig', options.dialect ?? NEW, {
    readFile: (name) => files[name] ?? null,
    glob: () => null,
    env: (name) => options.env?.[name],
    shell: (command) => {
      commands.push(command);
      return options.shell ? options.shell(command) : '';
    },
    message: (kind, said, { file, line }) => messages.push(`${kind} ${file}:${line} ${said}`),
  });
  return Object.assign(kconfig, { messages, commands });
}

/** A configuration of a tree, from .config text. */
export function configure(kconfig: Kconfig, text = ''): Configuration {
  const config = new Configuration(kconfig);
  readDotConfig(config, text, { file: '.config' });
  return config;
}

/** A symbol that must be there. */
export function symbol(kconfig: Kconfig, name: string): KSymbol {
  const found = kconfig.symbols.find(name);
  if (!found) throw new Error(`no symbol ${name}`);
  return found;
}

/** Values of several symbols, as a .config has them. */
export function values(config: Configuration, ...names: string[]): string {
  return names.map((name) => `${name}=${config.text(symbol(config.kconfig, name))}`).join(' ');
}

/** MODULES, which most trees need. */
export const MODULES = 'config MODULES\n\tbool "modules"\n\tdefault y\n\tmodules\n\n';
