import type { Scope } from '../platform/scope.ts';

/** All commands, and the words for what goes wrong. */
export type Commands = typeof import('./commands/index.ts');

/** Loads the commands, runs the one that `work` names, and remembers its exit status. */
export type Start = (work: (commands: Commands, scope: Scope) => Promise<number>) => Promise<void>;

/** The file of all commands in the package. */
declare const KCONFIG_TRIM_COMMANDS: string | undefined;

let loading: Promise<Commands> | null = null;

/** All commands, loaded when they are first asked for. */
export function loadCommands(): Promise<Commands> {
  loading ??= load();
  return loading;
}

function load(): Promise<Commands> {
  return typeof KCONFIG_TRIM_COMMANDS === 'string'
    ? import(new URL(KCONFIG_TRIM_COMMANDS, import.meta.url).href)
    : import('./commands/index.ts');
}
