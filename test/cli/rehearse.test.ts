import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
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
      stdout: expect.stringMatching(/^rehearsal +of --deep=bold: /),
    });
    expect(existsSync(join(example, 'tree/.config'))).toBe(false);
  });

  it('is of --deep where nothing else is asked for, and prints one JSON object', async () => {
    const report = JSON.parse((await rehearse('--json')).stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ schema: 'kconfig-trim/rehearse-1', option: '--deep', lines: [] });
  });

  it('refuses a scope that there is none of', async () => {
    expect((await rehearse('--deep=timid')).status).toBe(2);
  });
});
