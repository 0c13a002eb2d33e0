import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NodeLogFile } from '../../src/platform/log-file.ts';
import type { RunningProgram } from '../../src/platform/platform.ts';
import { NodeProgramStarter } from '../../src/platform/programs.ts';
import { Scope } from '../../src/platform/scope.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** Starts a shell script; what it has printed so far is in `output`. */
function start(script: string, env: Record<string, string> = {}) {
  const found = { output: '', running: null as unknown as RunningProgram };
  found.running = new NodeProgramStarter(new Scope()).start('/bin/sh', ['-c', script], {
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'], ...env },
    onOutput: (text) => {
      found.output += text;
    },
  });
  return found;
}

async function until(what: () => boolean): Promise<void> {
  for (let i = 0; !what(); i++) {
    if (i > 400) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

describe('a program that is started', () => {
  it('has one output, in order, byte for byte, and nothing to read', async () => {
    const found = start(String.raw`echo a; echo b >&2; printf '\377\000' ; cat; echo "$X d" >&2; exit 7`, { X: 'c' });
    expect(await found.running.end).toEqual({ status: 7, signal: null });
    expect(found.output).toBe('a\nb\n\xff\0c d\n');
  });

  it('is reached by a signal with all that it has started, each once', async () => {
    const child = `trap "echo child" INT; echo ready; sleep 20`;
    const found = start(`trap 'echo parent' INT; sh -c '${child}; echo child ends'; echo parent ends`);
    await until(() => found.output.includes('ready'));
    found.running.signal('SIGINT');
    expect(await found.running.end).toEqual({ status: 0, signal: null });
    expect(found.output).toBe('ready\nchild\nchild ends\nparent\nparent ends\n');
  });

  it('that is ended by a signal tells which', async () => {
    const found = start('echo ready; exec sleep 20');
    await until(() => found.output !== '');
    found.running.signal('SIGTERM');
    expect(await found.running.end).toEqual({ status: null, signal: 'SIGTERM' });
    // Too late, and no error.
    found.running.signal('SIGTERM');
  });

  it('is waited for until what writes to its output has ended', async () => {
    const found = start('(sleep 0.5; echo late) & echo early');
    await found.running.end;
    expect(found.output).toBe('early\nlate\n');
  });

  it('that is not there is an error', async () => {
    const running = new NodeProgramStarter(new Scope()).start('/no/such/program', [], {
      cwd: '/',
      env: {},
      onOutput: () => {},
    });
    expect((await running.end).status).toBeGreaterThan(0);
    const nowhere = new NodeProgramStarter(new Scope()).start('/bin/true', [], {
      cwd: '/no/such',
      env: {},
      onOutput: () => {},
    });
    await expect(nowhere.end).rejects.toThrow('ENOENT');
  });
});

describe('a log', () => {
  it('has every byte', () => {
    const path = join(temporaryFolder(), 'log');
    const log = new NodeLogFile(path);
    log.write('a\xff');
    log.write('\0b\n');
    expect(log.close()).toBeNull();
    expect(readFileSync(path, 'latin1')).toBe('a\xff\0b\n');
  });

  it('goes on without its disk, and says so', () => {
    const log = new NodeLogFile('/dev/full');
    log.write('a');
    log.write('b');
    expect(log.close()).toBe('ENOSPC');
  });
});
