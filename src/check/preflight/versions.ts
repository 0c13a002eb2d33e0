/** Reads a file of a kernel tree by its path there; null for none. */
export type ReadSource = (path: string) => string | null;

/**
 * The version in what a program prints about itself: the first number with a dot that is in no brackets (those have the
 * distribution's), as `1.22`, `v1.25` or `2.40.50.20230630`; null for none.
 */
export function versionIn(text: string): string | null {
  const line = text.split('\n').find((each) => /\d/.test(each)) ?? '';
  const found = /(?<![\w.])v?(\d+(?:\.\d+)+)/.exec(line.replace(/\([^)]*\)/g, ' ')) ?? /\b(\d+)\b/.exec(line);
  return found?.[1] ?? null;
}

/** Whether a version is lower than another; parts that one does not have are 0. */
export function isOlder(version: string, least: string): boolean {
  const [a, b] = [version, least].map((text) => text.split('.').map((part) => Number.parseInt(part, 10) || 0));
  for (let i = 0; i < Math.max(a!.length, b!.length); i++) {
    const difference = (a![i] ?? 0) - (b![i] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/**
 * The minimal versions that a tree states.
 * @param variables ARCH and SRCARCH, on which `scripts/min-tool-version.sh` makes some depend
 */
export class MinimalVersions {
  readonly #rows: ReadonlyMap<string, string>;
  readonly #tools: ReadonlyMap<string, string>;

  constructor(read: ReadSource, variables: Readonly<Record<string, string>>) {
    this.#rows = documentedVersions(read('Documentation/process/changes.rst') ?? '');
    this.#tools = scriptVersions(read('scripts/min-tool-version.sh') ?? '', variables);
  }

  /** By its row in Documentation/process/changes.rst; null where any will do. */
  ofRow(row: string): string | null {
    return this.#rows.get(row) ?? null;
  }

  /** By its name in scripts/min-tool-version.sh, which the build obeys: `gcc`, `llvm`, `binutils`, `rustc`, `bindgen`. */
  ofTool(name: string): string | null {
    return this.#tools.get(name) ?? null;
  }
}

/** The table of changes.rst: `GNU make               4.0              make --version`. */
function documentedVersions(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [name, least, command] = line.trim().split(/\s{2,}/);
    const version = /^\d+(?:\.\d+)*/.exec(least ?? '')?.[0];
    if (name && version && command) found.set(name.replace(/ \(optional\)$/, ''), version);
  }
  return found;
}

/** What the script would print: its cases, and in them its ifs, without running it. */
function scriptVersions(text: string, variables: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let tool: string | null = null;
  // For each open if: whether the branch at hand counts, and whether one has counted already.
  let branches: { counts: boolean; done: boolean }[] = [];
  for (const line of text.split('\n').map((each) => each.trim())) {
    const label = /^([a-z]+)\)$/.exec(line)?.[1];
    const condition = /^(?:el)?if\s+(?:test|\[)\s+"?\$\{?(\w+)\}?"?\s+=\s+"?([\w-]+)"?/.exec(line);
    const holds = condition !== null && variables[condition[1]!] === condition[2];
    const last = branches.at(-1);
    if (label) [tool, branches] = [label, []];
    else if (line === ';;') tool = null;
    else if (/^if\s/.test(line)) branches.push({ counts: holds, done: holds });
    else if (last && /^elif\s/.test(line)) {
      last.counts = holds && !last.done;
      last.done ||= holds;
    } else if (last && line === 'else') last.counts = !last.done;
    else if (line === 'fi') branches.pop();
    else {
      const version = /^echo\s+(\d+(?:\.\d+)+)$/.exec(line)?.[1];
      if (version && tool !== null && branches.every(({ counts }) => counts)) found.set(tool, version);
    }
  }
  return found;
}
