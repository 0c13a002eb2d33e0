/** Names that mean something to shells. */

/** Builtins that depend on their arguments alone, and change nothing. */
export const PLAIN_BUILTINS: ReadonlySet<string> = new Set([
  ':',
  'true',
  'false',
  'echo',
  'printf',
  'exit',
  'return',
  'break',
]);
export const BUILTINS: ReadonlySet<string> = new Set([
  ...PLAIN_BUILTINS,
  'test',
  '[',
  'set',
  'shift',
  'trap',
  'command',
]);
/** All others that a shell may have, which are not to be taken for programs. */
export const OTHER_BUILTINS =
  /^(?:\.|alias|bg|bind|builtin|caller|cd|chdir|compgen|complete|compopt|continue|declare|dirs|disown|enable|eval|exec|export|fc|fg|getopts|hash|help|history|jobs|kill|let|local|logout|mapfile|popd|pushd|pwd|read|readarray|readonly|select|shopt|source|suspend|time|times|type|typeset|ulimit|umask|unalias|unset|wait|function|coproc|for|\[\[)$/;

/** Variables that decide which programs run and what they read. */
export const DECIDING =
  /^(?:PATH|ENV|BASH_\w+|TMPDIR|TMP|TEMP|HOME|CPATH|\w+_PATH|LD_\w+|GCC_\w+|COLLECT_\w+|\w+OPTS|DEPENDENCIES_\w+|SUNPRO_\w+|PS\d)$/;
export const LANGUAGE = /^(?:LC_[A-Z]+|LANG|LANGUAGE)$/;
/** Those that shells make up. */
export const MADE_UP =
  /^(?:RANDOM|SRANDOM|SECONDS|PPID|LINENO|E?UID|GROUPS|HOST\w*|MACHTYPE|OSTYPE|PWD|OLDPWD|SHLVL|_|OPT\w+|DIRSTACK|EPOCH\w*|BASH\w*|FUNCNAME|PIPESTATUS|SHELLOPTS|HISTCMD|REPLY|COMP_\w+)$/;
