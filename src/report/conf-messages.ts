import type { Diagnostic } from '../diagnostics/diagnostic.ts';

type Wording = (args: Diagnostic['args']) => string;

/** Messages that the kernel's conf has too, in its words: what comes behind `file:line:warning: `. */
export const CONF_WARNINGS: Readonly<Record<string, Wording>> = {
  'config-choice-changed': (a) => `override: ${a['symbol']} changes choice state`,
  'config-inconsistent-choice': (a) => `${a['symbol']} creates inconsistent choice state`,
  'config-invalid-string': () => 'invalid string found',
  'config-invalid-value': (a) => `symbol value '${a['value']}' invalid for ${a['symbol']}`,
  'config-reassigned': (a) => `override: reassigning to symbol ${a['symbol']}`,
  'config-unexpected-data': (a) => `unexpected data: ${a['text']}`,
  'config-unknown-symbol': (a) => `unknown symbol: ${a['symbol']}`,
  'kconfig-choice-default-outside': (a) => `choice default symbol '${a['symbol']}' is not contained in the choice`,
  'kconfig-choice-value-default': () => 'defaults for choice values not supported',
  'kconfig-choice-value-outside': () => 'choice value used outside its choice group',
  'kconfig-choice-value-without-prompt': () => 'choice value must have a prompt',
  'kconfig-choice-without-prompt-warning': () => 'choice must have a prompt',
  'kconfig-default-not-symbol': (a) => `default for config symbol '${a['symbol']}' must be a single symbol`,
  'kconfig-invalid-number': (a) => `'${a['symbol']}': number is invalid`,
  'kconfig-leading-whitespace': () => 'leading whitespace ignored',
  'kconfig-multi-line-string': () => 'multi-line strings not supported',
  'kconfig-no-newline-at-end': () => 'no new line at end of file',
  'kconfig-prompt-redefined': () => 'prompt redefined',
  'kconfig-range-invalid': () => 'range is invalid',
  'kconfig-range-not-number': () => 'range is only allowed for int or hex symbols',
  'kconfig-select-not-bool': (a) => `config symbol '${a['symbol']}' uses ${a['use']}, but is not bool or tristate`,
  'kconfig-select-wrong-type': (a) =>
    `'${a['symbol']}' has wrong type. '${a['use']}' only accept arguments of bool and tristate type`,
  'kconfig-symbol-without-type': () => 'config symbol defined without type',
  'kconfig-type-redefined': (a) => `ignoring type redefinition of '${a['symbol']}' from '${a['from']}' to '${a['to']}'`,
  'kconfig-unsupported-character': (a) => `ignoring unsupported character '${a['character']}'`,
};

/** The same, where conf writes `file:line: warning: `. */
export const CONF_NOTES: Readonly<Record<string, Wording>> = {
  'kconfig-blank-help': (a) => `'${a['symbol']}' defined with blank help text`,
  'kconfig-menuconfig-without-prompt': () => 'menuconfig statement without prompt',
  'kconfig-second-help': (a) =>
    `'${a['symbol']}' defined with more than one help text -- only the last one will be used`,
};
