/**
 * What the lines mean that make and the programs below it print. The forms are those of the kernel's Kbuild (`quiet_cmd_…`
 * in scripts/Kbuild.include: two blanks, the kind of step, the target), GNU make, gcc, clang, binutils, rustc, modpost,
 * objtool and dtc.
 */
import { stripVTControlCharacters } from 'node:util';
import type { Position } from '../diagnostics/diagnostic.ts';

/** One line of output. Texts are Latin-1 byte strings without colours. */
export type OutputLine =
  /** A step begins: `  CC [M]  fs/ext4/inode.o`. */
  | { readonly kind: 'step'; readonly text: string; readonly verb: string; readonly target: string }
  | Message
  /** make gives up on a target; null where it says none. */
  | { readonly kind: 'stop'; readonly text: string; readonly target: string | null; readonly message: string }
  /** gcc's and clang's `In file included from …`, and gcc's further lines of it. */
  | { readonly kind: 'included'; readonly text: string; readonly file: string }
  /** rustc's ` --> file:line:column` below a message. */
  | { readonly kind: 'place'; readonly text: string; readonly at: Position }
  | { readonly kind: 'other'; readonly text: string };

/** A warning or an error of any program. */
export interface Message {
  readonly kind: 'message';
  readonly text: string;
  readonly severity: 'warning' | 'error';
  readonly at: Position | null;
  /** Without the place and the word for the severity. */
  readonly message: string;
}

/** Lines are looked at up to here; no message is longer, commands that make echoes can be. */
const MAX_LOOKED_AT = 4096;

/** What openssl prints while it looks for primes, which may stand before what another job prints. */
const PRIMES = /^[.+*-]+(?= {2}[A-Z])/;

/** `V=1` puts a `#` before the step and the command behind it (since Linux 6.4). */
const STEP = /^(?: {2}|# )([A-Z][A-Z0-9_.+-]*)(?: \[[A-Z]+\])? +(?:[A-Z] )?(\S+)/;

const STOP = /^\S*make(?:\[\d+\])?: \*\*\* (.*)$/;
/** make's last word says no more than that it is one. */
const STOP_NO_RULE = /^(No rule to make target '([^']+)'.*?)\. {2}Stop\.$/;
const STOP_AT_TARGET = /^\[(?:[^\]]*:\d+: )?([^\]]+)\] (.*)$/;
/** What make says beside its reason. */
const NO_REASON = /^(?:Waiting for unfinished jobs|Deleting |Exiting on error|wait: )/;

/** Where a message is: `file:line:column:`, `file:line:`, dtc's `file:line.column-line.column:`. */
const PLACE = String.raw`([^\s:][^:]*):(\d+)(?:[:.](\d+)(?:-[\d.]+)?)?:`;
const SEVERITY = '(fatal error|internal compiler error|error|warning|Error|Warning|Fatal error|ERROR|WARNING)';

const AT_PLACE = new RegExp(String.raw`^${PLACE} ?${SEVERITY}(?: \([\w,-]+\)|\[\w+\])?: ?(.*)$`);
/** A program or an object file speaks: `ld.lld: error: …`, `vmlinux.o: warning: objtool: …`. */
const BY_NAME = new RegExp(String.raw`^([^\s:]+): ${SEVERITY}: (.*)$`);
/** rustc's `error[E0425]: …`, modpost's `ERROR: modpost: …`, scripts. */
const PLAIN = /^(error|warning|ERROR|WARNING|Error|Warning|FATAL|FATAL ERROR|FAILED)(?:\[\w+\])?: (.*)$/;
const UNRESOLVED = /^(FAILED) (unresolved symbol .*)$/;
/** dtc: `Error: file.dts:12.3-15 syntax error`. */
const DTC = /^Error: ([^\s:]+):(\d+)\.(\d+)(?:-[\d.]+)? (.*)$/;
/** rustc's counts at its end. */
const SUMMARY = /^(?:\d+ warnings? emitted|aborting due to |could not compile |For more information)/;

/** GNU ld names the place of a reference by section or by line. */
const REFERENCE = /^(?:(\S+?):(?:(\d+):|\([^)]*\):) )?(undefined reference to .*)$/;
const MULTIPLE = /^(?:(\S+?):(?:(\d+):|\([^)]*\):) )?(multiple definition of .*)$/;
const LINKER = /^(?:\S*\/)?(?:[\w-]+-)?ld(?:\.\w+)?: (.*)$/;
/** What the linker says to tell where its next line belongs to. */
const LINKER_CONTEXT = /: in function [`'\u2018]|^in function |: warning: |^warning: /;

/** `/bin/sh: 1: bc: not found`, `scripts/x.sh: line 7: pahole: command not found` */
const SHELL =
  /^\S*(?:sh|\.sh): (?:line )?\d+: (.+: (?:not found|command not found|Permission denied|No such file or directory))$/;
const NO_SPACE = /No space left on device/;
/** `*** The source tree is not clean, …`, as the kernel's Makefiles shout. */
const SHOUT = /^\*{3} (?!\[)(\S.*)$/;

const INCLUDED = /^(?:In file included from| {4,}from) ([^\s:][^:]*):\d+/;
const RUST_PLACE = /^ *--> ([^\s:]+):(\d+):(\d+)$/;

/** Tells what a line of output means. */
export function readOutputLine(raw: string): OutputLine {
  const text = stripVTControlCharacters(raw.length > MAX_LOOKED_AT ? raw.slice(0, MAX_LOOKED_AT) : raw).replace(
    PRIMES,
    '',
  );
  const step = STEP.exec(text);
  if (step) return { kind: 'step', text, verb: step[1]!, target: step[2]! };
  return stop(text) ?? context(text) ?? message(text) ?? { kind: 'other', text };
}

function stop(text: string): OutputLine | null {
  const found = STOP.exec(text);
  if (!found || NO_REASON.test(found[1]!)) return null;
  const [, said] = found;
  const at = STOP_AT_TARGET.exec(said!);
  if (at) return { kind: 'stop', text, target: at[1]!, message: at[2]! };
  const [, message = said!.replace(/\. {2}Stop\.$/, ''), target = null] = STOP_NO_RULE.exec(said!) ?? [];
  return { kind: 'stop', text, target, message };
}

function context(text: string): OutputLine | null {
  const included = INCLUDED.exec(text);
  if (included) return { kind: 'included', text, file: included[1]! };
  const place = RUST_PLACE.exec(text);
  return place && { kind: 'place', text, at: position(place[1]!, place[2], place[3]) };
}

function message(text: string): Message | null {
  const at = AT_PLACE.exec(text);
  if (at) return make(text, at[4]!, position(at[1]!, at[2], at[3]), at[5]!);
  const named = BY_NAME.exec(text);
  if (named) {
    const isFile = /\.(?:o|ko|a|S|c|rs|dtb|dts)$/.test(named[1]!);
    return make(text, named[2]!, isFile ? position(named[1]!) : null, named[3]!);
  }
  const dtc = DTC.exec(text);
  if (dtc) return make(text, 'Error', position(dtc[1]!, dtc[2], dtc[3]), dtc[4]!);
  const plain = PLAIN.exec(text) ?? UNRESOLVED.exec(text);
  if (plain) return SUMMARY.test(plain[2]!) ? null : make(text, plain[1]!, null, plain[2]!);
  return linkerMessage(text) ?? otherMessage(text);
}

function linkerMessage(text: string): Message | null {
  const linker = LINKER.exec(text);
  const said = linker?.[1] ?? text;
  const symbol = REFERENCE.exec(said) ?? MULTIPLE.exec(said);
  if (symbol) return make(text, 'error', symbol[1] ? position(symbol[1], symbol[2]) : null, symbol[3]!);
  return linker && !LINKER_CONTEXT.test(said) ? make(text, 'error', null, said) : null;
}

function otherMessage(text: string): Message | null {
  const found = SHELL.exec(text) ?? SHOUT.exec(text);
  if (found) return make(text, 'error', null, found[1]!);
  return NO_SPACE.test(text) ? make(text, 'error', null, text) : null;
}

function make(text: string, word: string, at: Position | null, said: string): Message {
  const severity = /^warning$/i.test(word) ? 'warning' : 'error';
  return { kind: 'message', text, severity, at, message: said };
}

function position(file: string, line = '0', column = '0'): Position {
  return { file, line: Number(line), column: Number(column) };
}
