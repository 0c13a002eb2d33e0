import { scanDotConfig } from './scan.ts';

/** What the comment at the head of a .config says it was made for (`confdata.c:conf_write`, the tree's main menu). */
export interface ConfigOrigin {
  /** ARCH: `x86_64`, `arm64`. */
  readonly arch: string;
  /** KERNELVERSION: `6.12.6`. */
  readonly version: string;
  /** Line of the comment, from 1. */
  readonly line: number;
  readonly lineText: string;
}

/** The comment stands in the first lines; text further down that looks like it says nothing. */
const HEAD_LINES = 10;
const TITLE = /^# Linux\/(\S+) (\S+) Kernel Configuration$/;

/** Directories under arch/ whose own symbol is not called as they are. */
const SYMBOL_OF_SRCARCH: Readonly<Record<string, string>> = { powerpc: 'PPC', sh: 'SUPERH', um: 'UML' };

/** The origin of a .config; null where its head does not tell (a defconfig, a fragment). */
export function configOrigin(text: string): ConfigOrigin | null {
  const lines = text.split('\n', HEAD_LINES).map((line) => line.replace(/\r$/, ''));
  for (const [index, lineText] of lines.entries()) {
    const found = TITLE.exec(lineText);
    if (found) return { arch: found[1]!, version: found[2]!, line: index + 1, lineText };
  }
  return null;
}

/**
 * The directories under arch/ whose own symbol (`X86`, `ARM64`) a .config has on: one, or none in a defconfig.
 * @param srcarches the directories that there are
 */
export function configSrcarches(text: string, srcarches: readonly string[]): string[] {
  const on = new Set<string>();
  for (const line of scanDotConfig(text)) if (line.kind === 'value' && line.value === 'y') on.add(line.name);
  return srcarches.filter((srcarch) => on.has(SYMBOL_OF_SRCARCH[srcarch] ?? srcarch.toUpperCase()));
}
