import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { rehearsalLines } from '../../src/report/rehearsal-text.ts';
import { copyExample, type Run, run } from './run.ts';

let example: string;

beforeEach(() => {
  example = copyExample();
});

const rehearse = (...args: readonly string[]): Promise<Run> => {
  const files = ['--config', join(example, 'config'), '--lsmod', join(example, 'lsmod.txt')];
  return run(['rehearse', '--tree', join(example, 'tree'), ...files, ...args]);
};

describe('rehearse', () => {
  it('says what a deep trim would take, and writes nothing', async () => {
    const { status, stdout } = await rehearse('--deep=bold');
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(
        /^tree {7}Linux 6.12.0-example, x86\nbase {7}\S.*\nloaded {5}\S.* \(42 modules\)\nrehearsal +of --deep=bold: /,
      ),
    });
    expect(existsSync(join(example, 'tree/.config'))).toBe(false);
  });

  it('is of --deep where nothing else is asked for, and prints one JSON object', async () => {
    const report = JSON.parse((await rehearse('--json')).stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ schema: 'kconfig-trim/rehearse-1', option: '--deep', lines: [] });
  });

  it('prints with -q the parameters alone: none where there is nothing to try', async () => {
    expect(await rehearse('-q')).toMatchObject({ status: 0, stdout: '' });
    const rehearsal = {
      functions: [],
      leftOut: [],
      untried: 0,
      lines: ['initcall_blacklist=a,b', 'initcall_blacklist=c'],
    };
    expect(rehearsalLines(rehearsal)).toBe('initcall_blacklist=a,b\ninitcall_blacklist=c\n');
  });

  it('says why it exits with 1', async () => {
    const keep = ['--keep', 'NOSUCH'];
    const warning = '--keep NOSUCH: no symbol, module or Kconfig directory of this tree';
    const { status, stdout } = await rehearse(...keep);
    expect({ status, stdout }).toEqual({ status: 1, stdout: expect.stringContaining(`\nwarning: ${warning}\n`) });
    const report = JSON.parse((await rehearse('--json', ...keep)).stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ lost: [], warnings: expect.arrayContaining([warning]) });
  });

  it('refuses a scope that there is none of', async () => {
    expect((await rehearse('--deep=timid')).status).toBe(2);
  });
});
