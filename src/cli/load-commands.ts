import { cacheDirectory, NodeCache } from '../platform/cache.ts';
import { optimiseLater } from '../platform/compiler.ts';
import { type LoadedCode, loadCode } from './load-code.ts';

type Commands = typeof import('./commands/index.ts');

declare const KCONFIG_TRIM_COMMANDS: string | undefined;

let loading: Promise<LoadedCode<Commands>> | null = null;

/**
 * All commands, loaded when they are first asked for.
 * @param command the one that is to be run; without it, nothing is kept of what is compiled
 */
export async function loadCommands(command?: { name: string; options: { cache: boolean } }): Promise<Commands> {
  loading ??= load(command?.name ?? '', command?.options.cache ?? false);
  return (await loading).exports;
}

/** Does what a command has put off, and keeps what was compiled for it. */
export async function finishCommands(): Promise<void> {
  const loaded = await loading;
  if (loaded) loaded.keep(!loaded.exports.doAfterwards());
}

async function load(use: string, isKept: boolean): Promise<LoadedCode<Commands>> {
  // V8 takes compiled code only with the flags that it was made with.
  optimiseLater();
  // Run from source, they are files that may change at any time.
  if (typeof KCONFIG_TRIM_COMMANDS !== 'string') {
    return { exports: await import('./commands/index.ts'), keep: () => undefined };
  }
  const directory = isKept ? cacheDirectory(process.env) : null;
  return loadCode(
    new URL(KCONFIG_TRIM_COMMANDS, import.meta.url),
    directory === null ? null : new NodeCache(directory),
    use,
  );
}
