import type { Diagnostic, Position } from '../diagnostics/diagnostic.ts';
import { BISECT_MESSAGES } from './bisect-messages.ts';
import { CONF_NOTES, CONF_WARNINGS } from './conf-messages.ts';
import { counted } from './count-text.ts';
import { byteStringToTerminal } from './plain-text.ts';

type Args = Diagnostic['args'];
type Wording = (args: Args) => string;

/** What a file that is no listing seems to be. */
const LOOKS_LIKE: Readonly<Record<string, string>> = {
  binary: 'a binary file',
  packed: 'a compressed file; unpack it first',
  'utf-16': 'UTF-16 text; save it as UTF-8',
  zeros: 'no text, only zero bytes; it was damaged',
  html: 'a web page',
  config: 'a kernel .config',
  'modules-dep': 'a modules.dep',
  'kernel-log': 'a kernel log',
  script: 'a script; listings are never executed',
  lspci: 'lspci output',
  lsusb: 'lsusb output',
  ps: 'a list of processes',
  packages: 'a list of packages',
  numbers: 'a list of numbers',
  other: 'something else',
};

/** What a listing seems to be that hardly fits. */
const FITS_LIKE: Readonly<Record<string, string>> = {
  capitals: 'names in capitals: those of modules are not, and symbols are named with --keep',
  'other-architecture': 'one of another architecture: name it with --arch',
  record: 'a record of another kernel, or of a container; make one with: kconfig-trim record FILE',
  'no-modules': 'another program’s output, or one of modules from outside the tree; take one with: lsmod > FILE',
};

/** What is to be done where no module is loaded, and rightly so. */
const NO_MODULES =
  'That is right for a kernel with everything built in (WSL, Firecracker, a kernel without modules). Say what it needs ' +
  'with --keep, or give the names of what is built in: ls /sys/module > FILE. Of another machine take: lsmod > FILE';

/** Why no more can be written. */
const FULL: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the disk',
  EDQUOT: "the user's disk quota is used up",
  EFBIG: 'larger than a file may be here (ulimit -f, or the file system)',
};

const TARGETS =
  'olddefconfig allnoconfig allyesconfig allmodconfig alldefconfig defconfig ' +
  'savedefconfig listnewconfig yes2modconfig mod2yesconfig mod2noconfig merge';

/** Of a file that is given as a fragment, and is about something else. */
export const NO_FRAGMENT = 'no line sets a symbol (CONFIG_NAME=value): this is no fragment';

/** A type of symbols. */
export const article = (type: string): string => (type === 'int' ? 'an int' : `a ${type}`);

/** Of a longer value of a bool or tristate. */
export const letterText = (a: Args): string =>
  `${a['name']}=${a['value']}: ${a['name']} is ${article(String(a['type']))}, and conf takes the first letter alone: ${a['letter']}`;

/** A word that names what is to be kept. @param by what gave it */
export const keepText = (by: unknown, word: unknown): string =>
  by === 'LMC_KEEP' ? `LMC_KEEP: ${word}` : `--keep ${word}`;

/** `make O=` stops there. @param what is left, from the top of the tree */
export const treeNotClean = (what: unknown): string =>
  `the source tree is not clean (${what}), so make O= will stop; run make mrproper there, which deletes its .config, too: ` +
  'copy that first where you need it';

/** A compiler that makes programs for another architecture. */
export const otherTarget = ({ name, target, srcarch }: Args): string =>
  `${name} compiles for ${target}, not for ${srcarch}; name a cross compiler with CROSS_COMPILE=PREFIX-`;

/** conf's own message says no more where there is no such file. */
const unreadable = ({ reason }: Args): string => (reason === 'there is no such file' ? '' : `: ${reason}`);

const lackOf = ({ reason }: Args): string =>
  reason === 'there is no such file' ? 'is not there' : `cannot be read (${reason})`;

const CHAIN_TOO_LONG =
  'thousands of symbols depend on each other in one chain, or one has thousands of conditions; no kernel tree does';

/** Why a file cannot be read. */
const UNREADABLE: Readonly<Record<string, string>> = {
  missing: 'there is no such file',
  directory: 'it is a directory',
  permission: 'no permission',
  device: 'it is a device or a socket, no file',
  loop: 'symbolic links in a circle',
};

/** What the machine has no more of, and what to do. */
const EXHAUSTED: Readonly<Record<string, string>> = {
  EMFILE: 'this program may open no more files; raise the limit with ulimit -n',
  ENFILE: 'this machine can open no more files; end other programs',
  ENOMEM: 'this machine has no more memory; end other programs',
  EAGAIN: 'no more processes can be started; end others, or raise the limit (ulimit -u, or pids.max of a container)',
};

const PROGRAM_LACKS: Readonly<Record<string, string>> = {
  path: 'no such program in PATH',
  file: 'there is no such file',
  directory: 'this is a directory, no program',
  mode: 'this file is not executable (chmod +x)',
};

const TOOL_LACKS: Readonly<Record<string, string>> = {
  path: 'is not installed',
  file: 'is not there',
  directory: 'is a directory',
  mode: 'is not executable',
};

/** Our own messages: what happened, then what to do. */
const MESSAGES: Readonly<Record<string, Wording>> = {
  'base-config-of-other-version': versionDiffers,
  'arch-unknown': (a) =>
    `this tree has no architecture '${a['arch']}'${a['near'] ? `; did you mean ${a['near']}?` : '.'} It has: ${a['known']}`,
  'config-cut': (a) =>
    `${a['source']} breaks off in line ${a['line']} (${String(a['text']).slice(0, 40)}): what stood behind it is off; take it again`,
  'base-config-not-found': (a) =>
    `no config to start from. Looked at:\n${looked(a)}\nGive one with --config FILE, or make one with make defconfig.`,
  ...BISECT_MESSAGES,
  'program-interpreter-missing': (a) => `${a['name']}: its first line names ${a['interpreter']}, which is not there`,
  'program-missing': (a) => `${a['name']}: ${PROGRAM_LACKS[a['lack']!]}`,
  'build-config-asks': (a) =>
    `${a['path']}: make would ask about ${counted(Number(a['count']), 'symbol')} that it does not set (${a['names']}). ` +
    'Settle that first (--olddefconfig takes the defaults): make olddefconfig, or kconfig-trim conf olddefconfig',
  'build-config-packed': (a) => `${a['path']}: make reads plain configs alone; unpack it first`,
  'build-no-config': (a) =>
    `${a['path']}: there is no config to build. Make one (kconfig-trim, make defconfig), or name one with --config FILE`,
  'build-no-exec': () => 'build runs make, and --no-exec forbids to run programs. kconfig-trim estimate runs none',
  'build-no-make': () => 'make is not installed (no such program in PATH)',
  'check-unknown': (a) => `${a['option']} ${a['name']}: no such check; there are: ${a['known']}`,
  'check-severity-unknown': (a) =>
    `--severity ${a['word']}: write it as CHECK=error, warning, note or off; checks: ${a['known']}`,
  'baseline-missing': (a) => `${a['file']}: there is no baseline; write one with --write-baseline`,
  'baseline-unreadable': (a) => `${a['file']}: not a baseline; write it anew with --write-baseline`,
  'baseline-unnamed': () => '--write-baseline needs the file to write: --baseline FILE',
  'output-is-input': (a) =>
    `${a['file']} is one of the files that are read, and stays as it is; name another to write to`,
  'output-twice': (a) =>
    `${a['file']} would be written twice, each time with something else; name another for one of them`,
  'output-is-source': (a) =>
    `${a['file']} is a source file of the kernel tree ${a['tree']}, and stays as it is; name another to write to`,
  'old-is-input': (a) =>
    `${a['file']}, where the old file would be stored, is one of the files that are read, and stays as it is; read a copy ` +
    'of it, or name another file to write to (-o)',
  'fix-without-minimal': () => '--fix rewrites a defconfig; say that it is one with --minimal',
  'fix-impossible': (a) => `--fix cannot rewrite ${a['source']}: ${a['reason']}`,
  'conf-no-defconfig': (a) =>
    `can't find default configuration "${a['file']}"; ` +
    (a['target']
      ? `where a Makefile makes it of others, make has to: make ARCH=${a['arch']} ${a['target']}`
      : 'see arch/*/configs in the tree'),
  'conf-no-seed': (a) => `KCONFIG_ALLCONFIG is set, but there is none of: ${a['files']}`,
  'conf-prints-no-json': (a) => `conf ${a['target']} prints what the kernel's conf writes; there is no JSON of it`,
  'conf-takes-no-config': (a) =>
    `conf ${a['target']} starts from no config: --config ${a['file']} would not be read. KCONFIG_ALLCONFIG=FILE names values ` +
    'to start with',
  'conf-takes-no-file': (a) => `conf ${a['target']} takes no FILE ('${a['file']}'): name the config with --config FILE`,
  'conf-unknown-target': (a) =>
    `no target '${a['target']}'` +
    (a['meant']
      ? `; did you mean: ${a['meant']}?`
      : a['make']
        ? ` here; make has it: make ${a['make']}`
        : `${a['near'] ? `; near it: ${a['near']}` : ''}. Targets: ${TARGETS}`),
  'conf-one-file': (a) => `conf ${a['target']} takes no second file: ${a['file']}; fragments are for conf merge`,
  'conf-merge-option': (a) => `${a['option']} is for conf merge alone, not for conf ${a['target']}`,
  'merge-no-file': () => 'nothing to merge. Name the base and the fragments: kconfig-trim conf merge .config FRAGMENT…',
  'format-unknown': (a) => `--format ${a['word']}: write it as FORMAT or FORMAT=FILE, FORMAT one of: ${a['known']}`,
  'formats-mixed': (a) => `only one of ${a['formats']} can be printed; give the others files: --format junit=FILE`,
  'duration-unreadable': (a) => `--reference '${a['text']}' is not a time; write it as 13h, 1h30m or 45 min`,
  'jobs-unreadable': (a) => `--jobs '${a['text']}' is not a number from 1 up`,
  'request-unreadable': (a) => `${a['option']} ${a['text']}: write it as ${a['form']}`,
  'request-lines': (a) => `--set ${a['symbol']}=${a['value']}: a value has to fit in one line of a .config`,
  'request-contradiction': (a) => `${a['symbol']} is asked for twice: ${a['one']} and ${a['other']}`,
  'config-broken': (a) => `${a['path']}: ${a['packing']} data is damaged (${a['reason']}); copy it again`,
  'config-not-embedded': (a) =>
    `${a['path']}: a kernel image without a config in it (CONFIG_IKCONFIG was off); name a config file`,
  'config-not-text': (a) => `${a['path'] ?? a['file']}: not a config: binary data`,
  'config-other-architecture': (a) =>
    `the config is for ${a['configured']}, this run for ${a['arch']}. ` +
    `Say --arch ${a['configured']}, or name a config for ${a['arch']} with --config FILE`,
  'defconfig-of-other-architecture': (a) =>
    `${a['path']} is for ${a['configured']}, this run for ${a['arch']}; for ${a['configured']} say --arch ${a['configured']}`,
  'config-packing-unsupported': (a) =>
    `${a['path']}: cannot unpack ${a['packing']}${a['what'] === a['packing'] ? '' : ` (${a['what']})`}; unpack it first`,
  'config-too-many-warnings': (a) => `${a['path']}: more than ${a['limit']} warnings; this is no config`,
  'config-too-large': (a) => `${a['path']}: larger than ${a['limit']} bytes, which no config is`,
  'config-unreadable': (a) =>
    `${a['path']}: cannot be read: ${UNREADABLE[a['reason']!] ?? a['reason']}; name a kernel config: .config, /boot/config-*`,
  'value-letter': (a) => `${a['source']}: ${letterText(a)}`,
  'config-marked': (a) => `the file begins with a byte order mark, so that conf passes over this line: ${a['text']}`,
  'config-utf16': (a) => `${a['path'] ?? a['file']}: UTF-16 text; save it as UTF-8`,
  'config-is-listing': (a) =>
    `${a['path']}: not a config but a listing of loaded modules; ` +
    (a['command']
      ? `${a['command']} takes none: trim a config by it (kconfig-trim --lsmod FILE -o NEW), and name that one`
      : 'name it with --lsmod FILE (-l)'),
  'config-without-symbols': (a) =>
    `${a['path']}: not a config: no line sets a symbol (CONFIG_NAME=value); name one with --config FILE`,
  'toolchain-not-asked': (a) =>
    `toolchain not asked (${a['reason'] === 'no-exec' ? '--no-exec' : 'the compiler cannot be run'}): ` +
    'its answers are those that the base config records',
  'machine-exhausted': (a) => `${EXHAUSTED[a['reason']!]} (${a['reason']})`,
  'keep-unknown': (a) =>
    `${keepText(a['by'], a['word'])}: no symbol, module or Kconfig directory of this tree${a['near'] ? `; near it: ${a['near']}` : ''}`,
  'fragment-foreign': () => NO_FRAGMENT,
  'fragment-unreadable': (a) =>
    `${a['option']} ${a['file']}: cannot be read: ${UNREADABLE[a['reason']!] ?? a['reason']}` +
    `${a['near'] ? `; near it: ${a['near']}` : ''}`,
  'kbuild-conditions-too-large': () =>
    'thousands of Makefile lines under thousands of conditions that depend on each other; no kernel tree has them',
  'kbuild-too-deep': (a) => `files or variables nested deeper than ${a['limit']}; one refers to itself`,
  'kbuild-list-too-long': (a) => `a list of more than ${a['limit']} objects; no Makefile has as many`,
  'kbuild-too-many': (a) => `more than ${a['limit']} statements; no Makefile has as many`,
  'kbuild-too-large': (a) => `expansions of more than ${a['limit']} characters; one refers to others over and over`,
  'kbuild-bad-conditional': () => 'a conditional of make that cannot be understood',
  'kbuild-error': (a) => `make would stop here: ${a['message'] ?? a['text'] ?? ''}`,
  'kbuild-directory-missing': (a) =>
    `make would stop here: the config builds ${a['directory']}/, and ${a['path']} ${lackOf(a)}`,
  'kbuild-directory-unknown': (a) =>
    `${a['path']} ${lackOf(a)}: what is built in ${a['directory']}/ is not known, and none of its modules can be found`,
  'kbuild-include-missing': (a) => `the included file ${a['file'] ?? ''} does not exist; make would stop here`,
  'kbuild-missing-endef': () => "'define' without 'endef'",
  'kbuild-missing-endif': () => "a conditional without 'endif'",
  'kbuild-stray-else': () => "'else' outside a conditional",
  'kbuild-stray-endif': () => "'endif' outside a conditional",
  'kbuild-warning': (a) => `a Makefile warns: ${a['message'] ?? a['text'] ?? ''}`,
  'kconfig-choice-member-default': (a) => `defaults for choice values not supported (${a['symbol']})`,
  'kconfig-choice-member-not-bool': (a) => `choice member must be bool (${a['symbol']})`,
  'kconfig-choice-member-outside': (a) => `choice value has a prompt outside its choice group (${a['symbol']})`,
  'kconfig-transitional-property': (a) => `transitional symbols can only have help sections (${a['symbol']})`,
  'kconfig-choice-member-without-prompt': (a) => `choice member must have a prompt (${a['symbol']})`,
  'kconfig-choice-without-prompt': () => 'choice must have a prompt',
  'kconfig-deep-expansion': (a) => `too deep recursive expansion of '${a['name']}'`,
  'kconfig-end-in-other-file': (a) => `'end${a['end']}' in another file than its start (${a['file']}:${a['line']})`,
  'kconfig-end-without-block': (a) => `'end${a['end']}' without a '${a['end']}'`,
  'kconfig-error-if': (a) => String(a['message']),
  'kconfig-conditions-too-large': () =>
    'conditions with thousands of operands that contain each other; no kernel tree has them',
  'kconfig-choice-too-large': (a) => `choice with more than ${a['limit']} entries`,
  'kconfig-expression-too-large': (a) =>
    `expression with more than ${a['limit']} operands, or nested deeper than ${a['depth']}`,
  'kconfig-expansion-too-large': (a) =>
    `macros expand to more than ${a['limit']} characters; one refers to others over and over`,
  'kconfig-file-not-found': (a) => `can't find file ${a['file']}${unreadable(a)}`,
  'kconfig-invalid-statement': () => 'invalid statement',
  'kconfig-missing-end': (a) => `missing 'end${a['block']}' for this '${a['block']}'`,
  'kconfig-modules-redefined': (a) =>
    `symbol '${a['symbol']}' redefines option 'modules' already defined by symbol '${a['known']}'`,
  'kconfig-chain-too-long': () => CHAIN_TOO_LONG,
  'evaluation-chain-too-long': () => CHAIN_TOO_LONG,
  'kconfig-nested-too-deeply': () => 'nested too deeply',
  'kconfig-nested-references': (a) => `references nested deeper than ${a['limit']}`,
  'kconfig-recursive-dependency': (a) => `symbols that depend on themselves\n${a['chain']}`.trimEnd(),
  'kconfig-recursive-inclusion': (a) => `${a['file']} includes itself`,
  'kconfig-repeated-inclusion': (a) =>
    `repeated inclusion of ${a['file']}, which ${a['first']}:${a['line']} includes already`,
  'kconfig-recursive-variable': (a) => `Recursive variable '${a['name']}' references itself (eventually)`,
  'kconfig-source-not-found': (a) => `can't open file "${a['file']}"${unreadable(a)}`,
  'kconfig-syntax': (a) => `syntax error: expected ${a['expected']}`,
  'kconfig-too-deep': (a) => `menus, ifs and choices nested deeper than ${a['limit']}`,
  'kconfig-too-deep-inclusion': (a) => `files included too deeply, at ${a['file']}`,
  'kconfig-too-few-function-arguments': (a) => `too few function arguments passed to '${a['name']}'`,
  'kconfig-too-many-definitions': (a) => `more than ${a['limit']} definitions of symbols; no kernel tree has them`,
  'kconfig-too-many-warnings': (a) => `more than ${a['limit']} warnings; this is no Kconfig`,
  'kconfig-too-much': (a) =>
    `more than ${a['files']} files or ${a['chars']} characters are sourced; files source others over and over`,
  'kconfig-too-many-arguments': () => 'too many function arguments',
  'kconfig-too-many-function-arguments': (a) => `too many function arguments passed to '${a['name']}'`,
  'kconfig-unknown-statement': (a) => `unknown statement "${a['word']}"`,
  'kconfig-unterminated-reference': (a) => `unterminated reference to '${a['reference']}': missing ')'`,
  'kconfig-wrong-end': (a) => `unexpected 'end${a['end']}' within ${a['block']} block`,
  'listing-cut': () => 'the listing breaks off here, so modules may be missing; take it again with: lsmod > FILE',
  'listing-empty': (a) => `${a['file']}: no module is loaded by this listing. ${NO_MODULES}`,
  'listing-fits-little': (a) =>
    `${a['file']}: of ${counted(Number(a['count']), Number(a['ignored']) > 0 ? 'line' : 'name')} ` +
    `${Number(a['fits']) === 0 ? 'none fits' : `only ${a['fits']} ${a['fits'] === 1 ? 'fits' : 'fit'}`} this tree; ` +
    `the listing looks like ${FITS_LIKE[a['looksLike']!] ?? a['looksLike']}. --force goes on with it`,
  'listing-incomplete': (a) =>
    `${counted(Number(a['count']), 'module')} ${a['count'] === 1 ? 'is named as a user but has' : 'are named as users but have'} no line (${a['names']}): taken in, but others may be ` +
    'missing; take the whole listing with: lsmod > FILE',
  'listing-line-ignored': (a) => `not a module's line, ignored${Number(a['more']) > 0 ? ` (${a['more']} more)` : ''}`,
  'listing-line-too-long': (a) => `line longer than ${a['limit']} bytes; this is no listing of modules`,
  'listing-not-a-listing': (a) =>
    `this is no listing of modules: it looks like ${LOOKS_LIKE[a['looksLike']!] ?? a['looksLike']}` +
    (a['looksLike'] === 'config' ? '; name it with --config' : ''),
  'listing-too-large': (a) => `${a['file']}: larger than ${a['limit']} bytes; this is no listing of modules`,
  'listing-unreadable': (a) =>
    `${a['file']}: cannot be read: ${UNREADABLE[a['reason']!] ?? a['reason']}; take a listing with: lsmod > FILE`,
  'log-not-whole': (a) =>
    `${a['path']}: the log is not whole: it could not be written (${FULL[a['error']!] ?? a['error']})`,
  'log-unwritable': (a) => `${a['path']}: the log cannot be written (${a['error']}); name another with --log FILE`,
  'machine-modules-unreadable': (a) => `${a['file']} cannot be read: give the loaded modules with --lsmod FILE`,
  'machine-without-modules': (a) => `${a['file']} is empty: no module is loaded here. ${NO_MODULES}`,
  'record-line-ignored': (a) => `no fact of a record, ignored${Number(a['more']) > 0 ? ` (${a['more']} more)` : ''}`,
  'record-line-too-long': (a) => `line longer than ${a['limit']} bytes; this is no record`,
  'record-nor-listing': (a) =>
    `this is neither a record nor a listing of modules: it looks like ${LOOKS_LIKE[a['looksLike']!] ?? a['looksLike']}`,
  'record-of-empty-listing': (a) =>
    `${a['file']}: this listing names no module; make a record with: kconfig-trim record FILE`,
  'record-no-machine': () =>
    'there is no Linux to record here (no /proc/sys/kernel/osrelease). ' +
    'For another machine: kconfig-trim record --script | ssh HOST sh > HOST.record',
  'record-not-a-record': (a) => `${a['file']}: no record: its first line is not kconfig-trim-record 1`,
  'record-option-unread': (a) => `record${a['script'] ? ' --script' : ''} would not read ${a['option']}: leave it out`,
  'record-compare-file': (a) =>
    `--compare holds '${a['compare']}' against the machine as it is now, not against '${a['file']}'; to write the comparison ` +
    `there: --output ${a['file']}`,
  'record-two-places': (a) => `the record can go to one place: '${a['file']}' or --output '${a['output']}'`,
  'record-options': (a) => `only one of ${a['options']} can be asked for at a time`,
  'record-tree': () => '--tree (-C) names symbols for --compare; to record a machine, leave it out',
  'record-other-machine': (a) =>
    `${a['file']}: a record of ${a['machine']}, and this machine is ${a['here']}: what the one has says nothing of the other. ` +
    'Make one here with: kconfig-trim record FILE',
  'record-other-architecture': (a) =>
    `${a['file']}: a record of ${a['machine']}, and this run is for ${a['arch']}. Say --arch ${a['configured']}, or name a record ` +
    `of a machine for ${a['arch']}; --force takes it as it is`,
  'record-too-large': (a) => `${a['file']}: larger than ${a['limit']} bytes; this is no record`,
  'record-unreadable': (a) =>
    `${a['file']}: cannot be read: ${UNREADABLE[a['reason']!] ?? a['reason']}; make a record with: kconfig-trim record FILE`,
  'record-changed': (a) =>
    `the record has ${a['found']} bytes, and by this line ${a['size']}: lines were added, or it is several records in one file ` +
    `(name each: -l, --add). Where you changed it yourself, write: size ${a['found']}`,
  'record-cut': (a) =>
    (a['size'] === undefined
      ? `${a['file']}: the record breaks off: it has no whole line that says its size`
      : `the record breaks off: it has ${a['found']} of ${a['size']} bytes`) +
    '. Make it again with: kconfig-trim record FILE' +
    (a['size'] === undefined ? '' : `. Where you changed it yourself, write: size ${a['found']}`),
  'record-empty': (a) => `${a['file']}: the file is empty; make a record with: kconfig-trim record FILE`,
  'record-version': (a) => `${a['file']}: a record of version ${a['version']}; this program reads version 1`,
  'record-without-modules': (a) =>
    `${a['file']}: no module in this record, loaded or built in: it is of a container. --keep says what stays`,
  'output-unwritable': (a) =>
    `standard output cannot be written (${FULL[a['reason']!] ?? a['reason']}): what was printed is cut short; ` +
    'any files were written before',
  'installation-incomplete': (a) => `a file of this program is missing; install it again (${a['reason']})`,
  'seed-unreadable': (a) => `--seed '${a['text']}' is not a number from 1 up`,
  'seed-without-units': () => '--seed chooses a sample; say how large it is with --units (5%)',
  'toolchain-compiler-differs': (a) =>
    `compiler here: ${a['present']}; the config was made with: ${a['configured']}. Symbols that depend on the compiler ` +
    'follow the one here, as with make olddefconfig; CC=PROGRAM names another',
  'toolchain-directory-unwritable': (a) =>
    `${a['directory']}: nothing can be written there, so the compiler cannot be asked: the kernel's own commands need a ` +
    'directory. Name one of yours with -O DIR, or take what the base config records with --no-exec',
  'toolchain-make-stops': (a) => `make would stop: ${a['message']}`,
  'toolchain-other-target': (a) =>
    `${otherTarget(a)}. make olddefconfig would ask this one, too: what it cannot do is off, with all that depends on it. ` +
    '--no-exec takes the answers that the base config records',
  'toolchain-program-missing': (a) =>
    `${a['variable']}=${a['program']} ${TOOL_LACKS[a['lack']!]}, so the toolchain for ${a['arch']} cannot be asked; ` +
    `install it, or name yours with ${a['variable']}=PROGRAM or CROSS_COMPILE=PREFIX-`,
  'objtree-missing': (a) =>
    `${a['path']}: no build directory is there; make it, or name another with --objtree (KBUILD_OUTPUT)`,
  'objtree-not-directory': (a) =>
    `${a['path']} is no directory: name the build directory with --objtree (KBUILD_OUTPUT)`,
  'tree-not-directory': (a) =>
    `${a['path']} is no directory, so it is no kernel source tree. Go to one, or name it with --tree DIR`,
  'tree-not-clean': (a) => treeNotClean(a['what']),
  'tree-not-kernel': (a) =>
    `${a['directory']} is not a kernel source tree: ${a['missing']} is missing. ` +
    (a['top'] ? `Its top is ${a['top']}: go there, or use --tree` : 'Go to one, or name it with --tree DIR'),
  'units-unreadable': (a) => `--units '${a['text']}' is neither a share (5%) nor a number from 1 up`,
  'versions-not-asked': () => 'programs were not asked for their versions (--no-exec)',
  'why-no-trim': (a) => `${a['options']} ignored: no module list here to trim for; name one with --lsmod FILE`,
  'why-unknown-name': (a) =>
    (a['directory']
      ? `${a['name']} is a directory; name a symbol, a module or an object file of it`
      : a['objects']
        ? `${a['objectCount']} object files are called '${a['name']}', name one with its path: ${a['objects']}` +
          (a['isCut'] ? ', …' : '')
        : `no symbol, module or object file is called '${a['name']}'`) +
    `${a['became'] ? `; ${a['became']}` : ''}${a['near'] ? `; near it: ${a['near']}` : ''}`,
  'wildcard-too-many': (a) => `more than ${a['limit']} files match ${a['pattern']}; do symbolic links go in a circle?`,
  'write-denied': (a) => `${a['path']}: no permission to write; nothing was changed`,
  'write-failed': (a) => `${a['path']}: cannot be written (${a['error']}); nothing was changed`,
  'write-is-directory': (a) => `${a['path']}: is a directory; nothing was changed`,
  'write-link-loop': (a) => `${a['path']}: symbolic links in a circle; nothing was changed`,
  'write-below-file': (a) => `${a['path']}: what it is to be in is no directory; nothing was changed`,
  'write-no-directory': (a) => `${a['path']}: its directory does not exist; nothing was changed`,
  'write-no-space': (a) => `${a['path']}: ${FULL['ENOSPC']}; nothing was changed`,
  'write-over-quota': (a) => `${a['path']}: ${FULL['EDQUOT']}; nothing was changed`,
  'write-too-large': (a) => `${a['path']}: ${FULL['EFBIG']}; nothing was changed`,
  'write-read-only': (a) => `${a['path']}: on a read-only file system; nothing was changed`,
};

/** Every code that has a text. */
export const WORDED_CODES: ReadonlySet<string> = new Set([
  ...Object.keys(CONF_WARNINGS),
  ...Object.keys(CONF_NOTES),
  ...Object.keys(MESSAGES),
]);

/** A finding as text: conf's own line where conf has one, else the message with the line of input and where it is. */
export function formatDiagnostic(diagnostic: Diagnostic): string {
  const { code, args, at } = diagnostic;
  const warning = CONF_WARNINGS[code];
  if (warning && at) return byteStringToTerminal(`${at.file}:${at.line}:warning: ${warning(args)}`);
  const note = CONF_NOTES[code];
  if (note && at) return byteStringToTerminal(`${at.file}:${at.line}: warning: ${note(args)}`);
  const severity = diagnostic.severity === 'info' ? 'note' : diagnostic.severity;
  const message = diagnosticMessage(diagnostic);
  const place = at ? placeText(at) : 'kconfig-trim: ';
  return byteStringToTerminal(`${place}${severity}: ${message}${frame(diagnostic)}${chain(diagnostic)}`);
}

/** What happened and what to do, without where. */
export function diagnosticMessage({ code, args }: Diagnostic): string {
  const wording = MESSAGES[code] ?? CONF_WARNINGS[code] ?? CONF_NOTES[code];
  if (!wording) return `${code} ${JSON.stringify(args)}`;
  // Nobody typed what LSMOD names.
  return `${args['variable'] === 'LSMOD' ? 'LSMOD: ' : ''}${wording(args)}`;
}

/** The same behind where, for a list that says what its lines are. */
export function diagnosticNote(diagnostic: Diagnostic): string {
  const { at } = diagnostic;
  return byteStringToTerminal(`${at ? placeText(at) : ''}${diagnosticMessage(diagnostic)}`);
}

const placeText = ({ file, line, column }: Position): string => `${file}:${line}:${column > 0 ? `${column}:` : ''} `;

/** Longest line of input that is shown. */
const MAX_SHOWN = 160;

function frame({ at, lineText }: Diagnostic): string {
  if (!at || lineText === undefined || lineText === '') return '';
  const number = String(at.line);
  const text = lineText.slice(0, MAX_SHOWN).replaceAll('\t', ' ');
  const caret =
    at.column > 0 && at.column <= text.length + 1
      ? `\n${' '.repeat(number.length)} | ${' '.repeat(at.column - 1)}^`
      : '';
  return `\n${number} | ${text}${caret}`;
}

function chain({ includedFrom }: Diagnostic): string {
  return (includedFrom ?? []).map(({ file, line }) => `\n  included from ${file}:${line}`).join('');
}

function looked(args: Args): string {
  const places = String(args['looked'] ?? '')
    .split(',')
    .filter((place) => place !== '');
  return places.map((place) => `  ${place.replace(/=([a-z-]+)$/, ' ($1)')}`).join('\n');
}

/** What it means that config and tree are of different versions. */
function versionDiffers(a: Args): string {
  const { configured, version, unknown } = a;
  const dropped =
    Number(unknown) > 0
      ? `; ${counted(Number(unknown), 'symbol')} that it sets ${unknown === 1 ? 'is not in this tree and is' : 'are not in this tree and are'} dropped`
      : '';
  return (
    `the base config is of ${configured}, the tree of ${version}: symbols that it does not have take their defaults` +
    `${dropped}${a['again'] ? `. See the new ones with: kconfig-trim conf listnewconfig ${a['again']}` : ''}`
  );
}
