import type { Command } from 'commander';

/** Options that are the program's own. */
const OWN_OPTIONS: ReadonlySet<string> = new Set(['-h', '--help', '-V', '--version']);

/** Targets of the kernel's make, and what they are here. */
const MAKE_TARGETS: Readonly<Record<string, string>> = { localmodconfig: 'trim', localyesconfig: 'trim --builtin' };
const CONF_TARGET = /^(?:olddef|all(?:no|yes|mod|def)|(?:save)?def|listnew|yes2mod|mod2(?:yes|no))config$/;

/**
 * The words of the command line, with `trim` where they name no command. Commander's own default command would take a
 * mistyped one for an argument of the trim.
 */
export function withDefaultCommand(words: readonly string[]): string[] {
  const [first = '-'] = words;
  return first.startsWith('-') && !OWN_OPTIONS.has(first) ? ['trim', ...words] : [...words];
}

/**
 * An error of commander's, with what was meant where commander has no idea: a target of make for a command, the
 * beginning of an option.
 * @param command the one that was given the option
 */
export function withSuggestion(error: string, command: Command | undefined): string {
  const [, unknown, word] = /^(error: unknown command '(.*)')$/s.exec(error) ?? [];
  if (word !== undefined) return suggest(unknown!, meantCommand(word)) ?? `${error}\n(kconfig-trim help lists them)`;
  const [, wrong, option] = /^(error: unknown option '(--[^']+)')/.exec(error) ?? [];
  if (option === undefined) return error;
  const names = command?.options.flatMap(({ long }) => long ?? []) ?? [];
  return suggest(wrong!, names.filter((name) => name.startsWith(option)).sort()) ?? error;
}

function meantCommand(word: string): string[] {
  const meant = MAKE_TARGETS[word] ?? (CONF_TARGET.test(word) ? `conf ${word}` : null);
  return meant === null ? [] : [meant];
}

/** In commander's words. */
function suggest(error: string, meant: readonly string[]): string | null {
  if (meant.length === 0) return null;
  return `${error}\n(Did you mean ${meant.length > 1 ? 'one of ' : ''}${meant.join(', ')}?)`;
}
