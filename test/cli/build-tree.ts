import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { REPOSITORY, type Run, run } from './run.ts';

/** The stand-in compiler. */
export const COMPILER = join(REPOSITORY, 'fixtures/build/cc');

/** A copy of the tree that builds, with a config, and a build directory. */
export interface BuildTree {
  readonly tree: string;
  readonly objtree: string;
  /** `kconfig-trim build` in it. */
  build(args?: readonly string[], env?: Record<string, string>): Promise<Run>;
  /** Puts a directive for the stand-in compiler into a source. */
  direct(source: string, directive: string): void;
  /** A file of the build directory. */
  built(path: string): string;
}

/** Alpha, beta and gamma as modules. */
const CONFIG = readFileSync(join(REPOSITORY, 'fixtures/build/config'), 'utf8');

/** @param config other lines */
export function copyBuildTree(config = CONFIG): BuildTree {
  const scratch = temporaryFolder();
  const [tree, objtree] = [join(scratch, 'tree'), join(scratch, 'out')];
  cpSync(join(REPOSITORY, 'fixtures/build/tree'), tree, { recursive: true });
  mkdirSync(objtree);
  writeFileSync(join(objtree, '.config'), config);
  return {
    tree,
    objtree,
    build: (args = [], env = {}) =>
      run(['build', '-C', tree, '-O', objtree, ...args], { env: { CC: COMPILER, ...env } }),
    direct: (source, directive) => {
      const path = join(tree, source);
      // Behind the code, so that it keeps its lines.
      writeFileSync(path, `${readFileSync(path, 'utf8')}// cc: ${directive}\n`);
    },
    built: (path) => readFileSync(join(objtree, path), 'utf8'),
  };
}

/** What `--json` printed. */
export interface BuildJson {
  readonly schema: string;
  readonly outcome: string;
  readonly make: { readonly command: readonly string[]; readonly jobs: number } | null;
  readonly log: string;
  readonly sample: {
    readonly units: number;
    readonly of: number;
    readonly seed: number;
    readonly rounds: number;
  } | null;
  readonly units: {
    readonly predicted: number;
    readonly compiled: number;
    readonly present: number;
    readonly missing: readonly string[];
    readonly unpredicted: readonly string[];
  };
  readonly seconds: { readonly predicted: number; readonly real: number };
  readonly warnings: { readonly count: number; readonly first: readonly Record<string, unknown>[] };
  readonly modules: { readonly expected: number; readonly present: number; readonly missing: readonly string[] };
  readonly files: { readonly present: readonly string[]; readonly missing: readonly string[] };
  readonly lost: readonly Record<string, unknown>[];
  readonly failure: Record<string, unknown> | null;
  readonly notes: readonly string[];
}

export const buildJson = ({ stdout }: Run): BuildJson => JSON.parse(stdout) as BuildJson;
