/** The kernel's own case folders (scripts/kconfig/tests), read in place: what each runs and expects. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import type { Kernel } from './kernels.ts';

/** One run of conf that a case asks for. */
export interface CaseRun {
  /** conf's option without dashes. */
  readonly mode: string;
  /** File of the folder that is the .config, or the defconfig. */
  readonly input: string | null;
  /** What is typed, for the modes that ask. */
  readonly keys: string;
  /** For `randconfig`: how many seeds, from 0. */
  readonly seeds: number;
  readonly succeeds: boolean;
  readonly checks: readonly CaseCheck[];
}

/** An expectation: which text, how it is held against the file, and the file. */
export interface CaseCheck {
  readonly what: 'config' | 'stdout' | 'stderr';
  readonly how: 'contains' | 'matches';
  readonly file: string;
}

export interface CaseFolder {
  /** Below scripts/kconfig/tests. */
  readonly name: string;
  readonly directory: string;
  readonly runs: readonly CaseRun[];
}

const RUN = /^assert conf\.(\w+)\((.*)\) (==|!=) (\d)$/;
const CHECK = /conf\.(config|stdout|stderr)_(contains|matches)\('([^']+)'\)/g;
/** Lines of the test functions that neither run nor check: loops over seeds and their bookkeeping. */
const BOOKKEEPING =
  /^(?:expected\d = (?:True|False)|else:|assert False|break|if expected\d and .*:|assert expected\d)$/;

/**
 * The case folders of a kernel.
 * @throws Error at a line of a test function that is not understood
 */
export function caseFolders(kernel: Kernel): CaseFolder[] {
  const top = join(kernel.tree, 'scripts/kconfig/tests');
  return readdirSync(top, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('/__init__.py'))
    .map((path) => join(top, dirname(path)))
    .sort()
    .map((directory) => ({
      name: relative(top, directory),
      directory,
      runs: runsOf(readFileSync(join(directory, '__init__.py'), 'utf8')),
    }));
}

function runsOf(python: string): CaseRun[] {
  const runs: (CaseRun & { checks: CaseCheck[] })[] = [];
  const code = python.replace(/"""[\s\S]*?"""/g, '');
  let seeds = 0;
  for (const line of code.split('\n')) {
    const text = line.trim();
    const loop = /^for i in range\((\d+)\):$/.exec(text);
    const run = RUN.exec(text);
    const checks = [...text.matchAll(CHECK)];
    if (loop) seeds = Number(loop[1]);
    else if (run) {
      const args = [...run[2]!.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
      const succeeds = (run[3] === '==') === (run[4] === '0');
      runs.push({ mode: run[1]!, input: args[0] ?? null, keys: args[1] ?? '', seeds, succeeds, checks: [] });
    } else if (checks.length > 0) {
      for (const [, what, how, file] of checks) runs.at(-1)!.checks.push({ what, how, file } as CaseCheck);
    } else if (text !== '' && !/^(?:#|def test)/.test(text) && !BOOKKEEPING.test(text)) {
      throw new Error(`not understood: ${line}`);
    }
  }
  if (runs.length === 0) throw new Error('a case folder that runs nothing');
  return runs;
}
