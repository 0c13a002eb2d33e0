import { describe, expect, it } from 'vitest';
import type { OutputLine } from '../../src/build/output-line.ts';
import { Maker } from '../../src/cli/make-run.ts';
import type { InputError } from '../../src/diagnostics/diagnostic.ts';
import type { LogFile, Platform, ProgramEnd, StartOptions } from '../../src/platform/platform.ts';
import { memoryFs } from '../helpers/memory-fs.ts';

/** A machine whose make prints these pieces, and what it was asked to do. */
function machine(pieces: readonly string[], end: ProgramEnd = { status: 0, signal: null }) {
  const calls: { file: string; args: readonly string[]; cwd: string; env: StartOptions['env'] }[] = [];
  let log = '';
  const fs = memoryFs({ '/usr/bin/make': '', '/usr/bin/other': '' });
  const platform: Platform = {
    fs: {
      ...fs,
      stat: (path: string) => {
        const found = fs.stat(path);
        return found && { ...found, mode: path === '/usr/bin/make' ? 0o755 : found.mode };
      },
    } as unknown as Platform['fs'],
    commands: null,
    programs: {
      start(file: string, args: readonly string[], { cwd, env, onOutput }: StartOptions) {
        calls.push({ file, args, cwd, env });
        const printed = (async () => {
          for (const piece of pieces) {
            await Promise.resolve();
            onOutput(piece);
          }
          return end;
        })();
        return { signal: () => {}, end: printed };
      },
    },
    env: { PATH: '/bin:/usr/bin', CC: 'ccache gcc', MAKEFLAGS: '-j3' },
    cwd: '/work',
    host: { machine: 'x86_64', release: '6.12' },
    now: () => 0,
  } as unknown as Platform;
  const file: LogFile = {
    write: (text) => {
      log += text;
    },
    close: () => null,
  };
  return { platform, file, calls, log: () => log };
}

describe('a run of make', () => {
  it('hands over whole lines, and writes all down as it came', async () => {
    const { platform, file, calls, log } = machine([
      '  CC      fs/a',
      '.o\n../fs/a.c:1:2: war',
      'ning: \u001b[31mhm\nlast',
    ]);
    const lines: OutputLine[] = [];
    const end = await new Maker(platform).run(['-C', '/src', 'CC=ccache gcc'], file, (line) => lines.push(line));
    expect(end).toEqual({ status: 0, signal: null, interruptedBy: null });
    expect(lines.map(({ kind }) => kind)).toEqual(['step', 'message', 'other']);
    expect(log()).toBe("$ make -C /src CC='ccache gcc'\n  CC      fs/a.o\n../fs/a.c:1:2: warning: \u001b[31mhm\nlast");
    expect(calls).toEqual([
      {
        file: '/usr/bin/make',
        args: ['-C', '/src', 'CC=ccache gcc'],
        cwd: '/work',
        env: { PATH: '/bin:/usr/bin', CC: 'ccache gcc', LC_MESSAGES: 'C' },
      },
    ]);
  });

  it('that failed, or was ended, tells so', async () => {
    const failed = machine([], { status: 2, signal: null });
    expect(await new Maker(failed.platform).run([], failed.file, () => {})).toMatchObject({ status: 2 });
    const killed = machine([], { status: null, signal: 'SIGKILL' });
    expect(await new Maker(killed.platform).run([], killed.file, () => {})).toEqual({
      status: null,
      signal: 'SIGKILL',
      interruptedBy: null,
    });
  });

  it('leaves no handler of signals behind', async () => {
    const { platform, file } = machine(['x\n']);
    const before = process.listenerCount('SIGTERM');
    await new Maker(platform).run([], file, () => expect(process.listenerCount('SIGTERM')).toBe(before + 1));
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });

  it('needs a make', () => {
    const { platform } = machine([]);
    const without = { ...platform, env: { PATH: '/bin' } };
    expect(() => new Maker(without)).toThrow(
      expect.objectContaining({ diagnostic: expect.objectContaining({ code: 'build-no-make' }) as InputError }),
    );
  });
});
