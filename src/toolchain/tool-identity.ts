/** What tells a compiler and a linker from others: their cached answers are valid for as long as it stays the same. */
import { basename } from 'node:path';
import type { FileSystem } from '../platform/platform.ts';
import { findProgram, isBinary } from './environment.ts';
import type { ToolNames } from './kconfig-include.ts';

/** What the tools are; each null where it may be more than is known (a script, a wrapper such as ccache). */
export interface ToolIdentity {
  readonly compiler: string | null;
  readonly linker: string | null;
  /** What any program goes by: the dynamic loader and the environment. */
  readonly surroundings: string;
}

/** Tells files from what was at their paths before. */
export interface PathFingerprints {
  of(path: string): string;
  ofProgram(path: string): string;
}

/** Names of programs that are themselves what they seem to be. */
const COMPILER_NAME = /^(?:[\w.+]+-)*(?:gcc|clang)(?:-[\d.]+)?$/;
const LINKER_NAME = /^(?:[\w.+]+-)*(?:ld|ld\.bfd|ld\.gold|ld\.lld|lld)(?:-[\d.]+)?$/;
const SAFE_WORDS = /^[\w./+-]+(?: +-[fm][\w=-]+)*$/;

/** What the dynamic loader goes by, and where libraries come and go. */
const LOADER_FILES = ['/etc/ld.so.cache', '/etc/ld.so.preload', '/lib', '/lib64', '/usr/lib', '/usr/lib64'];

/** Variables of a person's session, of make's own bookkeeping and of the architecture, which no compiler reads. */
const NO_MATTER = new RegExp(
  `^(?:${[
    '_|SHLVL|PWD|OLDPWD|TERM\\w*|COLORTERM|COLUMNS|LINES|LS_COLORS|PS\\d|HIST\\w*|PROMPT\\w*|EDITOR|VISUAL|PAGER',
    'LESS\\w*|MAIL|LOGNAME|USER|USERNAME|HOSTNAME|SSH_\\w*|XDG_\\w*|DBUS_\\w*|WINDOWID|DISPLAY|WAYLAND_DISPLAY|TMUX\\w*|STY',
    'INVOCATION_ID|JOURNAL_STREAM|SESSION_MANAGER|DESKTOP_SESSION|GNOME_\\w*|KDE_\\w*|GTK_\\w*|QT_\\w*|VTE_VERSION',
    'npm_\\w*|INIT_CWD|NODE\\w*|KBUILD_\\w*|KERNEL\\w*|KCONFIG_\\w*|MAKE\\w*|LSMOD|LMC_KEEP|srctree|objtree|srcroot',
    'ARCH|SRCARCH|SUBARCH|HEADER_ARCH|BITS|MMU|MMUEXT|CPU_\\w*|DTB|CHECK_DTBS|CROSS32CC|CPP|NM|LINUXINCLUDE|\\w*FLAGS',
    'CC_FLAGS_\\w*|CC_USING_\\w*|LIBGCC|LIBS_Y|LD_BFD|ld_bfd|LDS_\\w*|TEXT_OFFSET|NO_MINIMAL_TOC|DEV_NULL_PATH',
    'abs_srctree|abs_objtree|rust_common_flags|RUSTC_VERSION_TEXT|CLIPPY_CONF_DIR|CARGO|RCS_\\w*',
    'sub_make_done|building_out_of_srctree|VPATH|MODLIB|UTS_MACHINE|VERSION|PATCHLEVEL|SUBLEVEL|EXTRAVERSION',
  ].join('|')})$`,
);

/** The command that has a compiler tell which programs it starts, instead of starting them. */
export function plannedPrograms(compiler: string, flags: string): string {
  return `LC_ALL=C ${compiler} ${flags} -### -c -x c /dev/null -o /dev/null 2>&1`;
}

/**
 * Names the files that a compiler's and a linker's answers come from.
 * @param plan what `plannedPrograms` printed
 * @param env the environment that they run in
 * @param cwd where they run
 * @param fingerprints tells the files from what was at their paths before
 */
export function identifyTools(
  fs: FileSystem,
  tools: ToolNames,
  plan: string,
  env: Readonly<Record<string, string>>,
  cwd: string,
  fingerprints: PathFingerprints,
): ToolIdentity {
  const surroundings = [...LOADER_FILES.map((path) => fingerprints.of(path)), environmentText(env)].join('\n');
  const find = (command: string): string | null => findProgram(fs, command.split(' ')[0]!, env, cwd);
  const program = (path: string | null, name: RegExp): string | null => {
    const real = path === null ? null : fs.realPath(path);
    if (real === null || !name.test(basename(real)) || !isBinary(fs, real)) return null;
    return `${fingerprints.ofProgram(path!)} ${fingerprints.ofProgram(real)}`;
  };
  const identity = (own: string | null, files: readonly (string | null)[]): string | null =>
    own === null || files.includes(null) ? null : [own, ...files, surroundings].join('\n');

  const compiler = SAFE_WORDS.test(tools.compiler) ? program(find(tools.compiler), COMPILER_NAME) : null;
  const started = readPlan(plan);
  const files = started.files.map((path) => (namesOthers(fs.readText(path)) ? null : fingerprints.of(path)));
  const parts = started.programs.map((name) => {
    const path = find(name);
    return path === null ? null : fingerprints.ofProgram(fs.realPath(path) ?? path);
  });
  const linker = SAFE_WORDS.test(tools.linker) ? program(find(tools.linker), LINKER_NAME) : null;
  return {
    compiler: parts.length === 0 ? null : identity(compiler, [...parts, ...files]),
    linker: identity(linker, []),
    surroundings,
  };
}

/** Whether a configuration file of clang has others read, which no `-###` names (`@gentoo-common.cfg`). */
function namesOthers(text: string | null): boolean {
  return text === null || /(?:^|\s)(?:@|--config)/.test(text);
}

/** The programs and configuration files that gcc's or clang's `-###` names. */
function readPlan(plan: string): { programs: string[]; files: string[] } {
  const programs = [...plan.matchAll(/^ (?:"([^"]+)"|([^\s"(]+))/gm)].map((found) => found[1] ?? found[2]!);
  const files = [...plan.matchAll(/^(?:Reading specs from|Configuration file:) (.*)$/gm)].map((found) => found[1]!);
  return { programs: [...new Set(programs)], files };
}

/** What the compiler compiles for, as `plannedPrograms` has it print; empty where it does not say. */
export function targetIn(plan: string): string {
  return /^Target: (\S+)$/m.exec(plan)?.[1] ?? '';
}

function environmentText(env: Readonly<Record<string, string>>): string {
  const names = Object.keys(env).filter((name) => !NO_MATTER.test(name));
  return JSON.stringify(names.sort().map((name) => [name, env[name]]));
}
