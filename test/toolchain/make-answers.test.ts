import { describe, expect, it } from 'vitest';
import { CacheEntry } from '../../src/cache/cache-entry.ts';
import type { CacheStore, CommandRunner } from '../../src/platform/platform.ts';
import { MakeAnswers } from '../../src/toolchain/make-answers.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

const HERE = { shell: '/bin/sh', cwd: '/tree', env: { PATH: '/bin' } };

/** A machine whose compiler has a version, and what it keeps. */
class Machine {
  version = 'gcc 12';
  readonly ran: string[] = [];
  readonly cache = new MemoryCache();
  readonly commands: CommandRunner = {
    run: (file, [, command]) => ({ status: 0, stdout: this.#say(`${file} ${command}`), stderr: '' }),
    shells: () => ({ run: async (command) => this.#say(command), close: () => {} }),
    waitFor: (answers) => answers,
  };

  run(cache: CacheStore | null = this.cache): MakeAnswers {
    this.ran.length = 0;
    return new MakeAnswers(this.commands, cache);
  }

  #say(command: string): string {
    this.ran.push(command);
    return this.version;
  }
}

describe('answers to the $(shell)s of Makefiles', () => {
  it('are waited for the first time, and assumed the next', async () => {
    const machine = new Machine();
    const first = machine.run();
    expect([first.answer('gcc', HERE), first.answer('gcc', HERE)]).toEqual(['gcc 12', 'gcc 12']);
    expect(machine.ran).toEqual(['/bin/sh gcc']);
    expect(await first.verify()).toBe(true);
    const second = machine.run();
    expect(second.answer('gcc', HERE)).toBe('gcc 12');
    expect(await second.verify()).toBe(true);
    expect(machine.ran).toEqual(['gcc']);
  });

  it('are corrected where they were assumed wrong', async () => {
    const machine = new Machine();
    const first = machine.run();
    first.answer('gcc', HERE);
    await first.verify();
    machine.version = 'gcc 13';
    const second = machine.run();
    expect(second.answer('gcc', HERE)).toBe('gcc 12');
    expect(await second.verify()).toBe(false);
    expect(second.answer('gcc', HERE)).toBe('gcc 13');
    expect(await second.verify()).toBe(true);
    expect(machine.ran).toEqual(['gcc']);
    expect(machine.run().answer('gcc', HERE)).toBe('gcc 13');
  });

  it('are those of the same command, shell, directory and PATH', async () => {
    const machine = new Machine();
    const first = machine.run();
    first.answer('gcc', HERE);
    await first.verify();
    const second = machine.run();
    second.answer('gcc -m32', HERE);
    second.answer('gcc', { ...HERE, cwd: '/other' });
    second.answer('gcc', { ...HERE, env: { PATH: '/usr/bin' } });
    second.answer('gcc', { ...HERE, shell: '/bin/bash' });
    second.answer('gcc', { ...HERE, env: { ...HERE.env, SHLVL: '2' } });
    expect(machine.ran).toEqual(['/bin/sh gcc -m32', '/bin/sh gcc', '/bin/sh gcc', '/bin/bash gcc', 'gcc']);
  });

  it('are not cached without a store, nor taken from an entry of another form', async () => {
    const machine = new Machine();
    for (let i = 0; i < 2; i++) {
      const run = machine.run(null);
      run.answer('gcc', HERE);
      expect(await run.verify()).toBe(true);
      expect(machine.ran).toEqual(['/bin/sh gcc']);
    }
    for (const damaged of ['', {}, [1], [[1, 2]], [['a']], null]) {
      new CacheEntry(machine.cache, { kind: 'make-answers', place: '', circumstances: '1' }).writeJson(damaged, null);
      expect(machine.run().answer('gcc', HERE)).toBe('gcc 12');
    }
  });
});
