/** What one line of a listing says, before it is known what kind of listing it is. */
export type ListingLine =
  | { readonly kind: 'header' | 'blank' | 'other' }
  | {
      readonly kind: 'lsmod' | 'proc-modules';
      readonly name: string;
      readonly size: number;
      readonly usedBy: string[];
      readonly taints: string;
    }
  /** Cut in the middle of a line of one of the two above, behind the name. */
  | { readonly kind: 'partial'; readonly name: string; readonly size: number }
  | { readonly kind: 'name' | 'path'; readonly name: string }
  /** Several names, with commas or in columns. */
  | { readonly kind: 'names'; readonly names: readonly string[] };

/** Longest name that the kernel gives a module is 55 characters on 64 bits, 59 on 32 (`MODULE_NAME_LEN`). */
const MAX_MODULE_NAME = 64;

const BLANK: ListingLine = { kind: 'blank' };
const HEADER_LINE: ListingLine = { kind: 'header' };
const OTHER: ListingLine = { kind: 'other' };

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.+,-]*$/;
/** `lsmod`, of kmod and BusyBox; a sorted listing has it anywhere. `awk '{print $1}'` leaves its first word. */
const HEADER = /^Module(\s+Size\s+Used(\s|$)|$)/i;
const COMMENT = /^[#;]/;
/** What was typed: `$ lsmod`, `root@host:~# lsmod | sort`. */
const PROMPT = /^\S*[$#>]\s*(sudo\s+)?(lsmod|cat\s+\/proc\/modules)\b/;
/** `/proc/modules`: name, size, count, users, state, address, taints (`kernel/module/procfs.c:m_show`). */
const PROC_MODULES = /^(\S+)\s+(\d+)\s+(-?\d+|-)\s+(\S+)\s+(Live|Loading|Unloading)\s+(0x)?[0-9a-fA-F]+(\s+\(\S*\))?$/;
/** `lsmod`: name, size, count, users. The old module-init-tools wrote users as `[a b]`. */
const LSMOD = /^(\S+)\s+(\d+)\s+(-?\d+|-)(?:\s+([\w\s,.+[\]()-]+))?$/;
/** What is left of a row of either table; one with other columns is another program's (`ps aux`, `df`). */
const NAME_AND_SIZE = /^(\S+)\s+(\d+)(\s+(-?\d+|-)\s+\S+\s+(Live|Loading|Unloading)\b.*)?$/;
/** A file of a module, packed or not. */
const MODULE_FILE = /^(\S*\/)?([^/\s]+)\.ko(\.(gz|xz|zst|bz2|lz4))?$/;
/** Between names that share a line; a single space is also between the words of a sentence. */
const BETWEEN_NAMES = /\s*,\s*|\t\s*|\s{2,}/;
/** Without commas. */
const PLAIN_NAME = /^[\w.+-]+$/;
/** No module is smaller, in bytes: what the kernel knows of each takes some hundred. */
const LEAST_SIZE = 512;
/** What may follow a name: a version, parameters (`/etc/modules`), the path of its file (`modprobed.db`). */
const AFTER_NAME = /^(\d[\w.+~:-]*|[\w.]+=\S*|\/\S+)(\s+[\w.]+=\S*)*$/;

/**
 * A module's name as the kernel has it: `-` and `,` of its file's name are `_` (`scripts/Makefile.lib:name-fix`).
 * Upper and lower case differ (`xt_dscp` and `xt_DSCP` are two modules).
 */
export function normaliseModuleName(name: string): string {
  return name.replace(/[-,]/g, '_');
}

/** Reads one line, without its end. */
export function readListingLine(line: string): ListingLine {
  // One space at most, or an endless run of them would make the patterns below go back and forth over it.
  const text = line.replace(/\s+/g, ' ').trim();
  if (text === '' || COMMENT.test(text) || PROMPT.test(text)) return BLANK;
  if (HEADER.test(text)) return HEADER_LINE;
  const table = tableLine(text, 'proc-modules', PROC_MODULES.exec(text)) ?? tableLine(text, 'lsmod', LSMOD.exec(text));
  return table ?? namesLine(line) ?? nameLine(text) ?? partialLine(text) ?? OTHER;
}

function tableLine(text: string, kind: 'lsmod' | 'proc-modules', match: RegExpExecArray | null): ListingLine | null {
  if (!match) return null;
  if (!isName(match[1]!)) return null;
  // Of `3 4 5` nothing is a module; 842 is one, and takes more than that.
  if (kind === 'lsmod' && isNumber(match[1]!) && Number(match[2]) < LEAST_SIZE) return null;
  if (kind === 'lsmod' && /\s(Live|Loading|Unloading)\b/.test(text)) return null;
  const taints = kind === 'proc-modules' ? (match[7] ?? '').replace(/[\s()]/g, '') : '';
  return { kind, name: normaliseModuleName(match[1]!), size: Number(match[2]), usedBy: users(match[4] ?? ''), taints };
}

/** Names out of `a,b,`, `a,b,[permanent],`, `[a b]`, `-`; marks in brackets are none. */
function users(field: string): string[] {
  return field
    .replace(/\[(permanent|unsafe)\]|\((autoclean|unused|deleted|initializing)\)/g, ' ')
    .split(/[\s,[\]()]+/)
    .filter((name) => name !== '' && name !== '-' && NAME.test(name))
    .map(normaliseModuleName);
}

/** `i915,e1000e`, `i915, e1000e`, and names in columns as `ls` writes them to a terminal. */
function namesLine(line: string): ListingLine | null {
  const words = line
    .trim()
    .split(BETWEEN_NAMES)
    .filter((word) => word !== '');
  if (words.length < 2 || !words.every((word) => PLAIN_NAME.test(word) && isName(word))) return null;
  // `fat   81` is what a cut has left of a row.
  return words.slice(1).every(isNumber) ? null : { kind: 'names', names: words.map(normaliseModuleName) };
}

function nameLine(text: string): ListingLine | null {
  const file = MODULE_FILE.exec(text);
  if (file && isName(file[2]!)) return { kind: 'path', name: normaliseModuleName(file[2]!) };
  const [first = '', rest = ''] = splitFirst(text);
  const firstFile = MODULE_FILE.exec(first);
  const name = firstFile ? firstFile[2]! : first;
  if (!isName(name) || (rest !== '' && isNumber(name))) return null;
  if (rest !== '' && (!AFTER_NAME.test(rest) || NAME_AND_SIZE.test(text))) return null;
  return { kind: firstFile ? 'path' : 'name', name: normaliseModuleName(name) };
}

function partialLine(text: string): ListingLine | null {
  const match = NAME_AND_SIZE.exec(text);
  if (!match || !isName(match[1]!) || isNumber(match[1]!)) return null;
  return { kind: 'partial', name: normaliseModuleName(match[1]!), size: Number(match[2]) };
}

function splitFirst(text: string): [string, string] {
  const space = text.search(/\s/);
  return space < 0 ? [text, ''] : [text.slice(0, space), text.slice(space).trim()];
}

/** Names may be digits alone (`842`, `8390`). */
export function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}

function isName(name: string): boolean {
  return name.length <= MAX_MODULE_NAME && NAME.test(name);
}
