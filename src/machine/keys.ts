import type { FileSystem } from '../platform/platform.ts';

/** A string symbol that names files the build stops without, and that are not there. */
export interface MissingFile {
  /** Without the `CONFIG_` prefix. */
  readonly symbol: string;
  readonly value: string;
  /** The names in the value that lead nowhere, as the value has them. */
  readonly missing: readonly string[];
  /** Where they were looked for: for each missing name, the places that the build would take. */
  readonly lookedAt: readonly string[];
  /** A value with which the build goes on: empty, the default, or the value without the missing names. */
  readonly remedy: string;
}

/** A string symbol that names files which are not there. */
export interface KeyChange {
  readonly symbol: string;
  readonly from: string;
  /** As `from` where it was left alone. */
  readonly to: string;
  readonly missing: readonly string[];
}

/** What is asked of the tree and the configuration. */
export interface BuildFiles {
  readonly fs: FileSystem;
  readonly tree: string;
  /** Where make runs; the tree itself if the build is inside it. */
  readonly objtree: string;
  /** The value of a string symbol, without quotes and escapes; null where it isn't written to .config. */
  value(symbol: string): string | null;
}

/** With this value the build makes the key itself (`certs/Makefile`). */
export const GENERATED_MODULE_KEY = 'certs/signing_key.pem';

/** Where a name may lead, in the order in which the build looks. */
type Places = (name: string, files: BuildFiles) => readonly string[];

function absoluteOr(name: string, ...roots: readonly string[]): readonly string[] {
  return name.startsWith('/') ? [name] : roots.map((root) => `${root}/${name}`);
}

/** A prerequisite in a Makefile: make runs in the objtree, and the tree is its VPATH. */
const prerequisite: Places = (name, { objtree, tree }) => absoluteOr(name, objtree, tree);

/** A name that a program gets as it is; it runs in the objtree. */
const argument: Places = (name, { objtree }) => absoluteOr(name, objtree);

/** `usr/Makefile`: one .cpio archive is a prerequisite; anything else goes to `gen_initramfs.sh`. */
const initramfs: Places = (name, files) => {
  const single = names(files.value('INITRAMFS_SOURCE') ?? '').length === 1;
  return single && /\.cpio(\.[^/]*)?$/.test(name) ? prerequisite(name, files) : argument(name, files);
};

/** `drivers/base/firmware_loader/builtin/Makefile`: below a directory that is relative to the tree. */
const firmware: Places = (name, { tree, value }) => {
  const directory = value('EXTRA_FIRMWARE_DIR') || '/lib/firmware';
  return [`${absoluteOr(directory, tree)[0]}/${name}`];
};

/**
 * `scripts/Makefile.modpost` looks in the objtree too; `scripts/gen_autoksyms.sh`, which older trees (6.1) have
 * instead, takes the tree only.
 */
const whitelist: Places = (name, files) =>
  files.fs.stat(`${files.tree}/scripts/gen_autoksyms.sh`) ? absoluteOr(name, files.tree) : prerequisite(name, files);

/** `drivers/acpi/tables.c` includes it. */
const customDsdt: Places = (name, { tree, objtree }) =>
  absoluteOr(name, `${tree}/drivers/acpi`, `${tree}/include`, `${objtree}/include`);

interface Rule {
  readonly symbol: string;
  readonly places: Places;
  /** Directories do as well as files. */
  readonly directory?: true;
  /** Default: empty. */
  readonly remedy?: string;
  /** The remedy keeps the names that are there. */
  readonly list?: true;
}

/** Every symbol of 6.1 and 6.12 that names a file from outside the tree which the build needs. */
const RULES: readonly Rule[] = [
  { symbol: 'MODULE_SIG_KEY', places: prerequisite, remedy: GENERATED_MODULE_KEY },
  { symbol: 'SYSTEM_TRUSTED_KEYS', places: prerequisite },
  { symbol: 'SYSTEM_REVOCATION_KEYS', places: prerequisite },
  { symbol: 'SYSTEM_BLACKLIST_HASH_LIST', places: argument },
  { symbol: 'CFG80211_EXTRA_REGDB_KEYDIR', places: prerequisite, directory: true },
  { symbol: 'EXTRA_FIRMWARE', places: firmware, list: true },
  { symbol: 'INITRAMFS_SOURCE', places: initramfs, directory: true, list: true },
  { symbol: 'BOOT_CONFIG_EMBED_FILE', places: prerequisite },
  { symbol: 'UNUSED_KSYMS_WHITELIST', places: whitelist },
  { symbol: 'ACPI_CUSTOM_DSDT_FILE', places: customDsdt },
];

/** The symbols that `missingBuildFiles` asks for. */
export const BUILD_FILE_SYMBOLS: readonly string[] = RULES.map(({ symbol }) => symbol);

/**
 * The symbols whose files (keys, certificates, firmware, initramfs) are not there, so that the build would stop: a
 * distribution's config names files of the distribution's own build. Names are resolved as the kernel's Makefiles do.
 * A key that the build makes itself and a key in a PKCS#11 token are no files.
 */
export function missingBuildFiles(files: BuildFiles): MissingFile[] {
  const found: MissingFile[] = [];
  for (const rule of RULES) {
    const value = files.value(rule.symbol);
    if (value === null || value.trim() === '') continue;
    if (rule.symbol === 'MODULE_SIG_KEY' && value === GENERATED_MODULE_KEY) continue;
    const missing = names(value).filter((name) => !isThere(name, rule, files));
    if (missing.length === 0) continue;
    const remedy = rule.list ? names(value).filter((name) => !missing.includes(name)) : [rule.remedy ?? ''];
    const lookedAt = missing.flatMap((name) => rule.places(name, files));
    found.push({ symbol: rule.symbol, value, missing, lookedAt, remedy: remedy.join(' ') });
  }
  return found;
}

/** Make takes a value for a list: spaces part names. */
function names(value: string): string[] {
  return value.split(/\s+/).filter((name) => name !== '');
}

function isThere(name: string, rule: Rule, files: BuildFiles): boolean {
  if (rule.symbol === 'MODULE_SIG_KEY' && name.startsWith('pkcs11:')) return true;
  return rule.places(name, files).some((path) => {
    const stat = files.fs.stat(path);
    return stat !== null && (!stat.isDirectory || rule.directory === true);
  });
}
