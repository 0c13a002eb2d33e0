import { dirname } from 'node:path';
import { Volume } from 'memfs';
import { beforeEach, describe, expect, it } from 'vitest';
import { CacheEntry } from '../../src/cache/cache-entry.ts';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import type { CommandRunner } from '../../src/platform/platform.ts';
import { ProbeCache } from '../../src/toolchain/probe-cache.ts';
import { Probes, toolNames } from '../../src/toolchain/probes.ts';
import { answer } from '../helpers/answer.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

const ELF = '\x7fELF';
const success = (body: string): string => `{ ${body}; } >/dev/null 2>&1 && echo "y" || echo "n"`;
const option = (flag: string): string =>
  success(`trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; gcc -Werror ${flag} -c -x c /dev/null -o .tmp_$$/tmp.o`);
const instruction = (text: string): string =>
  success(`printf "%b\\n" "${text}" | gcc -c -x assembler-with-cpp -o /dev/null -`);

/** What a tree asks; the last depends on an answer. */
const COMMANDS = [
  option('-fold'),
  option('-fnew'),
  option('-fnewest'),
  instruction('endbr64'),
  success('ld -v --gc-sections'),
  success('. /etc/answer'),
  './scripts/cc-version.sh gcc',
];

/** A machine whose tools can what their files say. */
class Machine {
  readonly volume = Volume.fromJSON({
    '/usr/bin/gcc': `${ELF} driver`,
    '/usr/bin/as': `${ELF} endbr64`,
    '/usr/bin/ld': `${ELF} --gc-sections`,
    '/usr/lib/gcc/cc1': `${ELF} -fold`,
    '/opt/bin/nothing': '',
    '/bin/sh': `${ELF} shell`,
    '/tree/Kconfig': '',
  });
  readonly env: Record<string, string> = { CC: 'gcc', LD: 'ld', PATH: '/opt/bin:/usr/bin', CC_VERSION_TEXT: 'gcc 12' };
  readonly cache = new MemoryCache();
  writable = true;
  #clock = 1_000_000_000;
  #waiting = 0;
  /** How often answers were waited for, and signals held. */
  waits = 0;
  /** Files that were looked at meanwhile. */
  readonly whileWaiting: string[] = [];
  readonly ran: string[] = [];
  /** How many commands were answered, of those that ran, answer by answer. */
  readonly progress: [answered: number, asked: number][] = [];

  constructor() {
    for (const path of ['/bin/sh', '/usr/bin/gcc', '/usr/bin/as', '/usr/bin/ld', '/usr/lib/gcc/cc1']) this.allow(path);
  }

  allow(path: string): void {
    this.volume.chmodSync(path, 0o755);
  }

  replace(path: string, text: string): void {
    this.volume.writeFileSync(path, text);
    this.allow(path);
    // This file system counts milliseconds, of which a test may take less than one.
    this.#clock += 1;
    for (const changed of [path, dirname(path)]) this.volume.utimesSync(changed, this.#clock, this.#clock);
  }

  replaceScript(path: string, line: string): void {
    this.volume.mkdirSync('/tree/scripts', { recursive: true });
    this.replace(`/tree/${path}`, `#!/bin/sh\n${line}\n`);
  }

  #assembler(): string {
    return ['/opt/bin/as', '/usr/bin/as'].find((path) => this.volume.existsSync(path))!;
  }

  answer(command: string): string {
    const text = (path: string): string => String(this.volume.readFileSync(path));
    const can = (path: string, words: readonly string[]): string =>
      words.every((word) => text(path).split(' ').includes(word)) ? 'y\n' : 'n\n';
    if (command.includes('-###'))
      return `Target: x86_64-linux-gnu\n /usr/lib/gcc/cc1 -quiet /dev/null\n as --64 -o /dev/null\n`;
    if (command.startsWith('mkdir')) return this.writable ? 'yes\n' : '';
    if (command.includes('mkdir') && !this.writable) return 'n\n';
    if (command.includes('printf')) return can(this.#assembler(), ['endbr64']);
    if (command.includes('-Werror')) return can('/usr/lib/gcc/cc1', [/-f\w+/.exec(command)![0]]);
    if (command.includes('ld -v')) return can('/usr/bin/ld', ['--gc-sections']);
    if (command.includes('. /etc')) return this.volume.existsSync('/etc/answer') ? 'y\n' : 'n\n';
    if (command.startsWith('./second ')) return `${command.split(' ')[2]}\n`;
    return `GCC ${text('/usr/bin/gcc').length}\n`;
  }

  /** What asks it in one run. */
  probes(options: { cache?: boolean; startedMs?: number } = {}): Probes {
    const ask = (command: string): string => {
      this.ran.push(command);
      return this.answer(command);
    };
    const commands: CommandRunner = {
      run: (_, [, command]) => ({ status: 0, stdout: ask(command!), stderr: '' }),
      shells: () => ({ run: async (command) => ask(command), close: () => {} }),
      waitFor: async (answers) => {
        this.waits++;
        this.#waiting++;
        const result = await answers;
        this.#waiting--;
        return result;
      },
    };
    const fs = new NodeFileSystem(this.volume as unknown as NodeFs);
    const stat = fs.stat.bind(fs);
    fs.stat = (path) => {
      if (this.#waiting > 0) this.whileWaiting.push(path);
      return stat(path);
    };
    return new Probes({
      fs,
      commands,
      cache: options.cache === false ? null : new ProbeCache(this.cache, toolNames(this.env)),
      env: { ...this.env },
      cwd: '/tree',
      startedMs: options.startedMs ?? Date.now() + 10_000,
      progress: (answered, asked) => this.progress.push([answered, asked]),
    });
  }

  /** One run: all answers, and how often the files were read. */
  async run(options: { cache?: boolean; startedMs?: number; commands?: readonly string[] } = {}) {
    this.ran.length = 0;
    this.progress.length = 0;
    const probes = this.probes(options);
    let attempts = 0;
    const answers = await answer(probes, (shell) => {
      attempts++;
      const found = (options.commands ?? COMMANDS).map(shell);
      const version = found.at(-1);
      if (version !== null) found.push(shell(`./second ${version!.trim()}`));
      return found.includes(null) ? null : found.map((text) => text!.trim());
    });
    probes.close();
    return { answers, attempts };
  }

  /** A run that may use the cache must find what one without it finds. */
  async check(): Promise<readonly string[]> {
    const { answers } = await this.run();
    const ran = [...this.ran];
    expect(answers).toEqual((await this.run({ cache: false })).answers);
    this.ran.splice(0, Infinity, ...ran);
    return answers;
  }
}

let machine: Machine;
beforeEach(() => {
  machine = new Machine();
});

const spared = (): string[] => COMMANDS.filter((command) => !machine.ran.includes(command));

describe('answers', () => {
  it('are asked for in as many attempts as answers depend on each other', async () => {
    const { answers, attempts } = await machine.run({ cache: false });
    expect(answers).toEqual(['y', 'n', 'n', 'y', 'y', 'n', 'GCC 11', '11']);
    expect(attempts).toBe(3);
    expect(machine.ran).toHaveLength(COMMANDS.length + 1);
  });

  it('are there at once in a second run, which asks the compiler one question and its plan', async () => {
    const first = await machine.check();
    const { answers, attempts } = await machine.run();
    expect({ answers, attempts }).toEqual({ answers: first, attempts: 1 });
    expect(spared()).toEqual([
      option('-fnew'),
      option('-fnewest'),
      instruction('endbr64'),
      success('ld -v --gc-sections'),
    ]);
  });

  it('tell what the compiler compiles for, without a question of its own where anything is cached', async () => {
    const targets: string[] = [];
    const plans: number[] = [];
    for (const cache of [false, true, true]) {
      machine.ran.length = 0;
      const probes = machine.probes({ cache });
      await answer(probes, (shell) => {
        const found = COMMANDS.map(shell);
        return found.includes(null) ? null : found.map((text) => text!);
      });
      const before = machine.ran.length;
      targets.push(await probes.target());
      plans.push(machine.ran.length - before);
      probes.close();
    }
    expect(targets).toEqual(['x86_64-linux-gnu', 'x86_64-linux-gnu', 'x86_64-linux-gnu']);
    expect(plans).toEqual([1, 0, 0]);
  });

  it('are waited for with nothing else to do, so that signals are heard', async () => {
    await machine.run();
    expect(machine.waits).toBeGreaterThan(2);
    await machine.run();
    machine.replace('/usr/lib/gcc/cc1', `${ELF} -fold -fnew`);
    await machine.run();
    expect(machine.whileWaiting).toEqual([]);
  });

  it('are counted as they come, of all that were asked', async () => {
    await machine.run();
    expect(machine.progress.map(([answered]) => answered)).toEqual(machine.progress.map((_, i) => i + 1));
    expect(machine.progress[0]?.[1]).toBeGreaterThan(1);
    const [answered, asked] = machine.progress.at(-1)!;
    expect(answered).toBe(asked);
  });

  it('are counted to the last: those of where the compiler searches, too', async () => {
    await machine.run({ commands: [...COMMANDS, 'gcc -print-file-name=plugin', './scripts/cc-version.sh gcc'] });
    const searches = machine.ran.filter((command) => command.includes('-print-search-dirs'));
    expect(searches).toHaveLength(1);
    expect(machine.progress.map(([answered]) => answered)).toEqual(machine.progress.map((_, i) => i + 1));
    const asked = machine.ran.filter((command) => !command.includes('-###'));
    expect(machine.progress.at(-1)).toEqual([asked.length, asked.length]);
  });

  it('end also where each answer leads to another question', async () => {
    const pool = { run: async (command: string) => `${command.length}\n`, close: () => {} };
    const probes = new Probes({
      fs: new NodeFileSystem(machine.volume as unknown as NodeFs),
      commands: {
        run: (_, [, command]) => ({ status: 0, stdout: `${command!.length}\n`, stderr: '' }),
        shells: () => pool,
        waitFor: (answers) => answers,
      },
      cache: null,
      env: machine.env,
      cwd: '/tree',
      startedMs: 0,
    });
    let attempts = 0;
    const last = await answer(probes, (shell) => {
      attempts++;
      let text: string | null = 'x';
      for (let depth = 0; depth < 100 && text !== null; depth++) text = shell(`${depth} ${text.trim()}`);
      return text;
    });
    expect(last).toBe('4\n');
    expect(attempts).toBeLessThan(12);
  });

  it('that were guessed wrong decide neither the result nor an error', async () => {
    await machine.check();
    machine.volume.mkdirSync('/etc');
    machine.replace('/etc/answer', '');
    expect((await machine.check())[5]).toBe('y');
    const seen: string[] = [];
    machine.volume.unlinkSync('/etc/answer');
    const attempt = (shell: (command: string) => string | null): string => {
      const answer = shell(success('. /etc/answer'))!;
      seen.push(answer);
      if (answer === 'y\n') throw new Error('of a guess');
      return answer;
    };
    const probes = new Probes({
      fs: new NodeFileSystem(machine.volume as unknown as NodeFs),
      commands: {
        run: () => ({ status: 0, stdout: '', stderr: '' }),
        shells: () => ({ run: async (command) => machine.answer(command), close: () => {} }),
        waitFor: (answers) => answers,
      },
      cache: new ProbeCache(machine.cache, toolNames(machine.env)),
      env: machine.env,
      cwd: '/tree',
      startedMs: Date.now(),
    });
    expect(await answer(probes, attempt)).toBe('n\n');
    expect(seen).toEqual(['y\n', 'n\n']);
  });
});

describe('a tree that is read anew', () => {
  const SCRIPT = './scripts/plain.sh';
  const commands = [option('-fold'), option('-fnew'), success('ld -v --gc-sections'), success('. /etc/answer'), SCRIPT];

  beforeEach(async () => {
    machine.replaceScript(SCRIPT, 'echo 1');
    for (const _ of ['first', 'second']) await machine.run({ commands });
    // Its answer need not be asked for as long as it is the same.
    expect(machine.ran).not.toContain(SCRIPT);
  });

  it('waits for what runs and for scripts, and takes the word of tools that are the same', async () => {
    const probes = machine.probes();
    expect(commands.map((command) => probes.ask(command))).toEqual([null, 'n\n', 'y\n', null, null]);
    expect(commands.map((command) => probes.assume(command))).toEqual(['y\n', 'n\n', 'y\n', 'n\n', 'GCC 11\n']);
    machine.ran.length = 0;
    expect(await probes.verify()).toBe(true);
    expect(commands.map((command) => probes.ask(command))).toEqual(['y\n', 'n\n', 'y\n', 'n\n', 'GCC 11\n']);
    expect(machine.ran).not.toContain(SCRIPT);
  });

  it('never hears what another script said', async () => {
    machine.replaceScript(SCRIPT, 'echo 2');
    machine.replace('/usr/bin/gcc', `${ELF} other driver`);
    const probes = machine.probes();
    expect(probes.ask(SCRIPT)).toBe(null);
    await probes.verify();
    expect(probes.ask(SCRIPT)).toBe('GCC 17\n');
  });
});

describe('what was cached is not used where', () => {
  const changes: Record<string, () => void> = {
    'the compiler proper is another': () => machine.replace('/usr/lib/gcc/cc1', `${ELF} -fold -fnew`),
    'the assembler is another': () => machine.replace('/usr/bin/as', `${ELF} none`),
    'the driver is another': () => machine.replace('/usr/bin/gcc', `${ELF} other driver`),
    'the linker is another': () => machine.replace('/usr/bin/ld', `${ELF} none`),
    'another assembler is found first': () => machine.replace('/opt/bin/as', `${ELF} none here`),
    'the compiler is a link to another': () => {
      machine.replace('/usr/lib/gcc/cc1', `${ELF} -fnewest`);
      machine.volume.renameSync('/usr/bin/gcc', '/usr/bin/gcc-12');
      machine.volume.symlinkSync('gcc-12', '/usr/bin/gcc');
    },
    'the compiler became a script': () => {
      machine.replace('/usr/lib/gcc/cc1', `${ELF} -fnewest`);
      machine.replace('/usr/bin/gcc', '#!/bin/sh\nexec /usr/bin/gcc.real "$@"\n');
    },
  };

  it.each(Object.keys(changes))('%s', async (name) => {
    const before = await machine.check();
    changes[name]!();
    const after = await machine.check();
    expect(after).not.toEqual(before);
    // And what is cached now is as good.
    expect(await machine.check()).toEqual(after);
  });

  it('nothing can be written any more: an error, since all answers that compile would be no', async () => {
    const before = await machine.check();
    machine.writable = false;
    const code = 'toolchain-directory-unwritable';
    await expect(machine.run()).rejects.toMatchObject({ diagnostic: { code, args: { directory: '/tree' } } });
    await expect(machine.run({ cache: false })).rejects.toMatchObject({ diagnostic: { code } });
    machine.writable = true;
    expect(await machine.check()).toEqual(before);
  });

  it.each(['GCC_EXEC_PREFIX', 'COMPILER_PATH', 'LD_LIBRARY_PATH', 'CC_VERSION_TEXT', 'SOME_OTHER', 'PATH', 'TMPDIR'])(
    '%s is another',
    async (name) => {
      await machine.check();
      machine.env[name] = `${machine.env[name] ?? ''}:/elsewhere`;
      await machine.check();
      expect(spared()).toEqual([]);
    },
  );

  const NO_MATTER = ['SHLVL', 'TERM', 'KERNELVERSION', 'SSH_CONNECTION'];
  /** Other ones in each version of Linux. */
  const VERSION = ['abs_srctree', 'rust_common_flags', 'RUSTC_VERSION_TEXT', 'CLIPPY_CONF_DIR', 'RCS_TAR_IGNORE'];
  const ARCHITECTURE = [
    'ARCH',
    'SRCARCH',
    'CHECKFLAGS',
    'CPP',
    'NM',
    'CC_FLAGS_MARCH',
    'LD_BFD',
    'RETPOLINE_VDSO_CFLAGS',
  ];

  it.each([...NO_MATTER, ...VERSION, ...ARCHITECTURE])('but %s says nothing of compilers', async (name) => {
    await machine.check();
    machine.env[name] = 'other';
    await machine.check();
    expect(spared().length).toBeGreaterThan(0);
  });

  it('the compiler is a wrapper of others', async () => {
    machine.volume.renameSync('/usr/bin/gcc', '/usr/bin/ccache');
    machine.volume.symlinkSync('ccache', '/usr/bin/gcc');
    await machine.check();
    await machine.check();
    expect(spared()).toEqual([success('ld -v --gc-sections')]);
  });

  it('a library came or went', async () => {
    await machine.check();
    machine.replace('/usr/lib/libbfd.so', 'new');
    await machine.check();
    expect(spared()).toEqual([]);
  });

  it('a tool changed while it was asked', async () => {
    await machine.run({ startedMs: Date.now() - 1000 });
    expect(machine.cache.entries.size).toBe(0);
    await machine.run();
    expect(machine.cache.entries.size).toBe(1);
  });
});

describe('a cache that is', () => {
  it('damaged anywhere changes no answer', async () => {
    const right = (await machine.run()).answers;
    const { entries } = machine.cache;
    const [[name, bytes] = ['', Buffer.alloc(0)]] = entries;
    for (let at = 0; at < bytes.length; at += 7) {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1;
      for (const damaged of [flipped, bytes.subarray(0, at), bytes.subarray(at)]) {
        entries.set(name, damaged);
        expect((await machine.run()).answers).toEqual(right);
      }
    }
  });

  it.each([{}, null, { answers: [] }, []])('%j is none', async (content) => {
    const right = (await machine.run()).answers;
    const place = JSON.stringify(['gcc', 'ld']);
    new CacheEntry(machine.cache, { kind: 'probes', place, circumstances: '4' }).writeJson(content, null);
    expect(machine.cache.entries.size).toBe(1);
    expect((await machine.run()).answers).toEqual(right);
    expect(spared()).toEqual([]);
  });

  it('of lies is found out where commands are run all the same', async () => {
    await machine.run();
    const cache = new ProbeCache(machine.cache, toolNames(machine.env));
    const kept = cache.read()!;
    cache.write({
      ...kept,
      answers: new Map([...kept.answers].map(([command, each]) => [command, { ...each, answer: 'lie\n' }])),
    });
    const { answers } = await machine.run();
    expect(answers.slice(5)).toEqual(['n', 'GCC 11', '11']);
  });

  it('bounded', async () => {
    const commands = Array.from({ length: 3000 }, (_, number) => option(`-f${number}`));
    await machine.run({ commands: [...commands, './scripts/cc-version.sh gcc'] });
    const [entry] = machine.cache.entries.values();
    expect(entry!.length).toBeLessThan(500_000);
    await machine.check();
  });
});
