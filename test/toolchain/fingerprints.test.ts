import { dirname } from 'node:path';
import { Volume } from 'memfs';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';
import { ProbeCache } from '../../src/toolchain/probe-cache.ts';
import { Probes, toolNames } from '../../src/toolchain/probes.ts';
import { answer } from '../helpers/answer.ts';
import { MemoryCache } from '../helpers/memory-cache.ts';

const ELF = '\x7fELF';
const success = (body: string): string => `{ ${body}; } >/dev/null 2>&1 && echo "y" || echo "n"`;
/** Whether it is for the compiler that nothing works. */
const WRITES = 'mkdir .tmp_$$ && rmdir .tmp_$$ && echo yes';
const SAMPLE = success(
  'trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; gcc -Werror -fone -c -x c /dev/null -o .tmp_$$/tmp.o',
);
const VERSION = './scripts/version.sh gcc';
const LINK = success('./scripts/link.sh gcc -m32');
const IS_LLVM = success('nm --help | grep -qi llvm');
const ABSENT = 'bindgen --version';
const PLUGIN = success('test -e /opt/plugin.h');
const LINKER = 'ld --version | head -n 1';
/** Of clang. */
const CONFIG_FILE = '/etc/x-clang.cfg';
const KNOWN = [VERSION, LINK, IS_LLVM, ABSENT, PLUGIN, LINKER];

const VERSION_SCRIPT = `#!/bin/sh
set -- $("$@" -E -P -x c - </dev/null)
echo $1 $($(dirname $0)/least.sh) $SRCARCH
`;
const LINK_SCRIPT = `#!/bin/sh
cat << "END" | $@ -x c - -o /dev/null
#include <lib/a.h>
END
`;

/** A machine whose answers come from its files. */
class Machine {
  readonly volume = Volume.fromJSON({
    '/tree/scripts/version.sh': VERSION_SCRIPT,
    '/tree/scripts/least.sh': '#!/bin/sh\necho 5\n',
    '/tree/scripts/link.sh': LINK_SCRIPT,
    '/opt/bin/nothing': '',
    '/usr/include/lib/a.h': '',
    '/usr/local/include/lib/b.h': '',
    '/usr/libs/libc.a': '',
    ...Object.fromEntries('sh cat grep head dirname gcc as ld nm'.split(' ').map((name) => [`/bin/${name}`, ELF])),
  });
  readonly env: Record<string, string> = { CC: 'gcc', LD: 'ld', PATH: '/opt/bin:/bin', SRCARCH: '-1' };
  readonly #cache = new MemoryCache();
  readonly ran: string[] = [];
  works = true;
  /** What the compiler says that no one understands. */
  silent = false;
  #clock = 1_000_000_000;

  constructor() {
    for (const folder of ['/bin', '/tree/scripts'])
      for (const name of this.volume.readdirSync(folder)) this.volume.chmodSync(`${folder}/${name}`, 0o755);
  }

  touch(path: string): void {
    // This file system counts milliseconds, of which a test may take less than one.
    this.#clock += 1;
    for (const changed of [path, dirname(path)])
      if (this.volume.existsSync(changed)) this.volume.utimesSync(changed, this.#clock, this.#clock);
  }

  put(path: string, text: string): void {
    this.volume.mkdirSync(dirname(path), { recursive: true });
    this.volume.writeFileSync(path, text);
    this.volume.chmodSync(path, 0o755);
    this.touch(path);
  }

  remove(path: string): void {
    this.volume.unlinkSync(path);
    this.touch(path);
  }

  #text(path: string): string {
    return String(this.volume.readFileSync(path));
  }

  #first(...paths: string[]): string {
    const path = paths.find((each) => this.volume.existsSync(each));
    return path === undefined ? '' : this.#text(path);
  }

  #links(): boolean {
    const places = ['/usr/local/include', '/usr/include'];
    const header = places.map((place) => `${place}/lib/a.h`).find((path) => this.volume.existsSync(path));
    return header !== undefined && !this.#text(header).includes('#error') && this.volume.existsSync('/usr/libs/libc.a');
  }

  #trace(): string {
    const found = this.volume.existsSync('/usr/include/lib/a.h');
    return (
      'ignoring nonexistent directory "/usr/lib32/include"\n' +
      '#include <...> search starts here:\n /usr/local/include\n /usr/include\nEnd of search list.\n' +
      (found ? '# 1 "/usr/include/lib/a.h" 1 3\n' : '<stdin>:1:10: fatal error: lib/a.h: No such file or directory\n') +
      'libraries: =/usr/libs/:/usr/libs/../libs32/\n'
    );
  }

  answer(command: string): string {
    const yes = (is: boolean): string => (is ? 'y\n' : 'n\n');
    if (command.includes('-print-search-dirs')) return this.silent ? 'clang?\n' : this.#trace();
    if (command.includes('-###')) {
      const file = this.volume.existsSync(CONFIG_FILE) ? `Configuration file: ${CONFIG_FILE}\n` : '';
      return `${file}Target: x\n as --64 -o /dev/null\n`;
    }
    if (command === SAMPLE) return yes(this.works);
    if (command === WRITES) return 'yes\n';
    if (command === LINK) return yes(this.#text('/tree/scripts/link.sh').includes('lib/a.h') && this.#links());
    if (command === IS_LLVM) return yes(this.#first('/opt/bin/nm', '/bin/nm').includes('llvm'));
    if (command === ABSENT) return this.#first('/opt/bin/bindgen', '/bin/bindgen');
    if (command === LINKER) return this.#text('/bin/ld');
    if (command === PLUGIN) return yes(this.volume.existsSync('/opt/plugin.h'));
    const script = this.#text('/tree/scripts/version.sh');
    if ((this.volume.statSync('/tree/scripts/version.sh').mode & 0o111) === 0) return '';
    const parts = [script, this.#text('/tree/scripts/least.sh'), this.#text('/bin/gcc'), this.#text('/bin/dirname')];
    return `${parts.map((text) => text.length).join('.')}${this.env['SRCARCH']}\n`;
  }

  async run(options: { cached?: boolean; startedMs?: number } = {}) {
    this.ran.length = 0;
    const ask = (command: string): string => {
      this.ran.push(command);
      return this.answer(command);
    };
    const probes = new Probes({
      fs: new NodeFileSystem(this.volume as unknown as NodeFs),
      commands: {
        run: (_, [, command]) => ({ status: 0, stdout: ask(command!), stderr: '' }),
        shells: () => ({ run: async (command) => ask(command), close: () => {} }),
        waitFor: (answers) => answers,
      },
      cache: options.cached === false ? null : new ProbeCache(this.#cache, toolNames(this.env)),
      env: { ...this.env },
      cwd: '/tree',
      startedMs: options.startedMs ?? Date.now() + 10_000,
    });
    return answer(probes, (ask) => {
      const found = [SAMPLE, ...KNOWN].map(ask);
      return found.includes(null) ? null : found.map((text) => text!.trim());
    });
  }

  /** A warm run must find what one without a cache finds. @returns which commands with known dependencies ran */
  async check(): Promise<readonly string[]> {
    const answers = await this.run();
    const ran = KNOWN.filter((command) => this.ran.includes(command));
    expect(answers).toEqual(await this.run({ cached: false }));
    return ran;
  }
}

let machine: Machine;
beforeEach(async () => {
  machine = new Machine();
  expect(await machine.check()).toEqual(KNOWN);
});

describe('a command whose dependencies are known', () => {
  it('is not asked again, nor is the compiler for its files', async () => {
    expect(await machine.run()).toEqual(['y', `${VERSION_SCRIPT.length}.17.4.4-1`, 'y', 'n', '', 'n', ELF]);
    expect(machine.ran.sort()).toEqual(['LC_ALL=C gcc  -### -c -x c /dev/null -o /dev/null 2>&1', SAMPLE]);
  });

  const changes: Record<string, [change: () => void, asked: readonly string[]]> = {
    'a script is edited': [() => machine.put('/tree/scripts/version.sh', `${VERSION_SCRIPT}\n`), [VERSION]],
    'a script that another one runs is edited': [
      () => machine.put('/tree/scripts/least.sh', '#!/bin/sh\necho 10\n'),
      [VERSION],
    ],
    'a script may not be run any more': [() => machine.volume.chmodSync('/tree/scripts/version.sh', 0o644), [VERSION]],
    'a script does what may be anything now': [
      () => machine.put('/tree/scripts/version.sh', '#!/bin/sh\ncat /etc/version\n'),
      [VERSION],
    ],
    'a variable is another that a script reads': [
      () => {
        machine.env['SRCARCH'] = '-2';
      },
      [VERSION],
    ],
    'a text tool is another': [() => machine.put('/bin/dirname', `${ELF} new`), KNOWN],
    'a tool is another': [() => machine.put('/bin/nm', `${ELF} llvm`), KNOWN],
    'a tool is found before another': [() => machine.put('/opt/bin/nm', `${ELF} llvm`), [IS_LLVM]],
    'a tool becomes a script': [() => machine.put('/opt/bin/nm', '#!/bin/sh\necho llvm'), [IS_LLVM]],
    'a program is there now': [() => machine.put('/opt/bin/bindgen', '1.0'), [ABSENT]],
    'a file is there now': [() => machine.put('/opt/plugin.h', ''), [PLUGIN]],
    'a header is gone': [() => machine.remove('/usr/include/lib/a.h'), [LINK]],
    'a header is another': [() => machine.put('/usr/include/lib/a.h', '#error'), [LINK]],
    'a header is found before another': [() => machine.put('/usr/local/include/lib/a.h', '#error'), [LINK]],
    'a library is gone': [() => machine.remove('/usr/libs/libc.a'), [LINK]],
    'a library is another': [() => machine.put('/usr/libs/libc.a', 'new'), [LINK]],
    'there is a place for libraries': [() => machine.put('/usr/libs32/libc.a', ''), [LINK]],
    'there is a place for headers': [() => machine.put('/usr/lib32/include/a.h', ''), [LINK]],
    'the compiler is another': [() => machine.put('/bin/gcc', `${ELF} new`), KNOWN],
    'the compiler reads a configuration file': [() => machine.put(CONFIG_FILE, '-O2\n'), [VERSION, LINK]],
    'PATH is another': [
      () => {
        machine.env['PATH'] = '/bin:/opt/bin';
      },
      KNOWN,
    ],
    'nothing can be compiled': [
      () => {
        machine.works = false;
      },
      [VERSION, LINK],
    ],
  };

  it.each(Object.keys(changes))('is asked once more where %s', async (name) => {
    const [change, asked] = changes[name]!;
    change();
    expect(await machine.check()).toEqual(asked);
  });

  it.each(['a script is edited', 'a header is gone', 'a program is there now', 'a tool is found before another'])(
    'and its new answer is used after that, where %s',
    async (name) => {
      changes[name]![0]();
      const asked = await machine.check();
      // Of a program that is there nothing is known.
      expect(await machine.check()).toEqual(asked.filter((command) => command === ABSENT));
    },
  );

  it('is asked where a header that was missing comes', async () => {
    machine.remove('/usr/include/lib/a.h');
    await machine.check();
    machine.put('/usr/include/lib/a.h', '');
    expect(await machine.check()).toEqual([LINK]);
  });

  it('is what scripts of the same text say in another tree', async () => {
    for (const name of ['version.sh', 'least.sh', 'link.sh']) machine.touch(`/tree/scripts/${name}`);
    expect(await machine.check()).toEqual([]);
  });

  it.each(['version.sh', 'link.sh'])('is asked where %s is missing', async (name) => {
    machine.put(`/tree/scripts/${name}`, '');
    expect(await machine.check()).toHaveLength(1);
  });
});

describe('no dependencies are recorded where', () => {
  it('a script changed while it was asked', async () => {
    machine = new Machine();
    const now = Date.now();
    machine.volume.utimesSync('/tree/scripts/least.sh', now / 1000 + 9, now / 1000 + 9);
    await machine.run({ startedMs: now + 10_000 });
    await machine.run({ startedMs: now + 20_000 });
    expect(machine.ran).toContain(VERSION);
    expect(machine.ran).not.toContain(LINK);
    await machine.run({ startedMs: now + 20_000 });
    expect(machine.ran).not.toContain(VERSION);
  });

  it('the compiler does not tell its files', async () => {
    machine = new Machine();
    machine.silent = true;
    await machine.check();
    expect(await machine.check()).toEqual([LINK]);
  });

  it.each(['@more.cfg\n', '-O2 @more.cfg\n', '--config more.cfg\n'])(
    'a configuration file has the compiler read another: %j',
    async (text) => {
      machine.put(CONFIG_FILE, '-O2\n');
      await machine.check();
      expect(await machine.check()).toEqual([]);
      machine.put(CONFIG_FILE, text);
      await machine.check();
      expect(await machine.check()).toEqual([VERSION, LINK]);
    },
  );

  it('the linker is a script', async () => {
    machine.put('/bin/ld', '#!/bin/sh\nexec ld.bfd "$@"\n');
    await machine.check();
    expect(await machine.check()).toEqual([LINKER]);
  });

  it('the compiler is a script', async () => {
    machine.put('/bin/gcc', '#!/bin/sh\nexec gcc-12 "$@"\n');
    await machine.run();
    expect(machine.ran.filter((command) => command.includes('-print-search-dirs'))).toEqual([]);
    expect(await machine.check()).toEqual([VERSION, LINK]);
  });
});
