import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Finding } from '../../src/check/types.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';
import { REPOSITORY, type Run, run } from './run.ts';
import { Toolbox, type ToolboxOptions } from './toolbox.ts';

const FIXTURE = join(REPOSITORY, 'fixtures/check');

/** The config of fixtures/check, in which nothing is wrong. */
export const GOOD = readFileSync(join(FIXTURE, 'config'), 'latin1');

/** A finding as `--json` prints it. */
export interface Found extends Finding {
  readonly check: string;
  readonly message: string;
}

/** What `--json` prints. */
export interface Answer {
  readonly schema: string;
  readonly sound: boolean;
  readonly counts: Record<string, number>;
  readonly checks: readonly { readonly name: string; readonly cases: number; readonly failed: number }[];
  readonly findings: readonly Found[];
}

const boxes = new Map<string, Toolbox>();

/** A PATH with just these programs; made once. */
function toolbox(options: ToolboxOptions): Toolbox {
  const key = JSON.stringify(options);
  const known = boxes.get(key) ?? new Toolbox(options);
  boxes.set(key, known);
  return known;
}

export interface CheckRun {
  readonly tools?: ToolboxOptions;
  readonly env?: Record<string, string>;
}

/** A copy of fixtures/check that a test may spoil, and runs of `check` in it: paths in the answers are short so. */
export class CheckFixture {
  readonly path = temporaryFolder();

  constructor() {
    cpSync(FIXTURE, this.path, { recursive: true });
  }

  check(args: readonly string[], { tools = {}, env = {} }: CheckRun = {}): Promise<Run> {
    return run(['check', '-C', 'tree', ...args], { cwd: this.path, env: { PATH: toolbox(tools).path, ...env } });
  }

  async json(args: readonly string[], options: CheckRun = {}): Promise<Answer> {
    return JSON.parse((await this.check([...args, '--json'], options)).stdout) as Answer;
  }

  /** Writes a file and returns its name. */
  file(name: string, text: string): string {
    writeFileSync(join(this.path, name), text, 'latin1');
    return name;
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'latin1');
  }

  /** The good config with lines replaced, or taken out where the other is empty; every line must be there. */
  spoiled(...changes: readonly (readonly [line: string, other: string])[]): string {
    let text = GOOD;
    for (const [line, other] of changes) {
      if (!text.includes(`${line}\n`)) throw new Error(`no line ${line}`);
      text = text.replace(`${line}\n`, other === '' ? '' : `${other}\n`);
    }
    return this.file('spoiled', text);
  }

  /** Where a line of the spoiled config is: `spoiled:12`. */
  at(line: string): string {
    return `spoiled:${this.read('spoiled').split('\n').indexOf(line) + 1}`;
  }
}
