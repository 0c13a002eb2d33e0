import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeCache } from '../../src/platform/cache.ts';
import { ProbeCache } from '../../src/toolchain/probe-cache.ts';
import { copyExample, type Run, run, runsAtOnce } from '../cli/run.ts';

let example: string;
let tree: string;
let env: Record<string, string>;
/** Each call of the compiler leaves a line here. */
let calls: string;

const HEADER = 'CONFIG_HAS_';
const OPTIONS = ['one', 'two', 'three', 'four', 'five'];

/** A compiler that takes the flags that it is told. */
function makeCompiler(flags: readonly string[], version = 12): void {
  const bin = join(example, 'bin');
  mkdirSync(bin, { recursive: true });
  const cases = [...flags, 'no-common'].map((flag) => `*" -f${flag} "*`).join('|');
  writeFileSync(
    join(bin, 'gcc'),
    `#!/bin/sh\necho "$*" >> ${calls}\ncase " $* " in\n*" --version "*) echo "Fake gcc ${version}";;\n` +
      `${cases}) for last; do :; done; : > "$last";;\n*) exit 1;;\nesac\n`,
  );
  chmodSync(join(bin, 'gcc'), 0o755);
}

beforeEach(() => {
  example = copyExample();
  tree = join(example, 'tree');
  calls = join(example, 'calls');
  makeCompiler(['one', 'three']);
  env = { PATH: `${join(example, 'bin')}:/usr/local/bin:/usr/bin:/bin`, XDG_CACHE_HOME: join(example, 'cache') };
  // In the kernel's own words, of which the answers can be cached.
  writeFileSync(
    join(tree, 'lib/Kconfig'),
    `works = $(shell,{ $(1); } >/dev/null 2>&1 && echo "y" || echo "n")
takes = $(works,trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; $(CC) -Werror $(1) -c -x c /dev/null -o .tmp_$$/tmp.o)
version := $(shell,$(CC) --version | head -n 1)
words := $(shell,set -- $(version) && echo $3)
config CC_VERSION_TEXT
	string
	default "$(CC_VERSION_TEXT)"
config VERSION
	string
	default "$(words) of $(version)"
${OPTIONS.map((flag) => `config HAS_${flag}\n\tdef_bool $(takes,-f${flag})\n`).join('')}`,
  );
  writeFileSync(calls, '');
});

const configure = (...args: string[]): Promise<Run> =>
  run(['conf', 'alldefconfig', '-C', tree, '-o', '-', ...args], { env });
const found = ({ stdout }: Run): string[] =>
  stdout.split('\n').flatMap((line) => (line.startsWith(HEADER) ? [line.slice(HEADER.length, -2)] : []));
/** The entry that holds the answers of Kconfig files. */
const kept = (): string[] =>
  readdirSync(join(example, 'cache/kconfig-trim')).filter((name) => /^probes-[0-9a-f]{16}\.bin$/.test(name));

describe('the toolchain is asked', () => {
  it('with the same outcome whether or not answers are cached', async () => {
    const [none, cold, warm] = [await configure('--no-cache'), await configure(), await configure()];
    expect(none.status).toBe(0);
    expect(found(none)).toEqual(['one', 'three']);
    expect(none.stdout).toContain('CONFIG_VERSION="12 of Fake gcc 12"\n');
    expect(cold).toEqual(none);
    expect(warm).toEqual(none);
    expect(readdirSync(tree).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });

  it('anew where it is not what it was', async () => {
    await configure();
    makeCompiler(['two']);
    expect(found(await configure())).toEqual(['two']);
    expect(found(await configure())).toEqual(['two']);
    makeCompiler([]);
    expect(found(await configure())).toEqual([]);
  });

  it('for its version, which is what it says now', async () => {
    for (const version of [12, 13, 12, 12]) {
      makeCompiler(['one'], version);
      const answer = await configure();
      expect(answer.stdout).toContain(`CONFIG_VERSION="${version} of Fake gcc ${version}"\n`);
      expect(answer.stdout).toContain(`CONFIG_CC_VERSION_TEXT="Fake gcc ${version}"\n`);
      expect(answer).toEqual(await configure('--no-cache'));
    }
  });

  it('for its version also where a trim had begun with the one of before', async () => {
    const trim = (): Promise<Run> => {
      const files = ['-c', join(example, 'config'), '-l', join(example, 'lsmod.txt')];
      return run(['-C', tree, ...files, '-o', '-'], { env });
    };
    for (const version of [12, 13, 13]) {
      makeCompiler(['one'], version);
      const { status, stdout } = await trim();
      expect(status).toBe(0);
      expect(stdout).toContain(`CONFIG_CC_VERSION_TEXT="Fake gcc ${version}"\n`);
    }
  });

  it('each time where it is a script, that may be anything', async () => {
    await configure();
    const before = readFileSync(calls, 'latin1');
    writeFileSync(calls, '');
    await configure();
    const asked = (text: string): string[] =>
      text
        .split('\n')
        .filter((line) => line.includes(' -c '))
        .sort();
    const withoutNumbers = (lines: string[]): string[] => lines.map((line) => line.replace(/\.tmp_\d+/, '.tmp'));
    expect(withoutNumbers(asked(readFileSync(calls, 'latin1'))).filter((line) => !line.includes('###'))).toEqual(
      withoutNumbers(asked(before)).filter((line) => !line.includes('###')),
    );
  });

  it('and --no-cache keeps nothing and uses nothing', async () => {
    await configure('--no-cache');
    expect(existsSync(join(example, 'cache'))).toBe(false);
    await configure();
    expect(kept()).toHaveLength(1);
    const before = readFileSync(join(example, 'cache/kconfig-trim', kept()[0]!));
    makeCompiler(['two']);
    expect(found(await configure('--no-cache'))).toEqual(['two']);
    expect(readFileSync(join(example, 'cache/kconfig-trim', kept()[0]!))).toEqual(before);
  });

  it('where the cache entry is damaged', async () => {
    const right = await configure();
    const path = join(example, 'cache/kconfig-trim', kept()[0]!);
    const text = readFileSync(path, 'latin1');
    for (const damaged of ['', text.slice(0, -100), text.replace('"y', '"n'), '\0'.repeat(text.length), '{}']) {
      writeFileSync(path, damaged, 'latin1');
      expect(await configure()).toEqual(right);
    }
    expect(readFileSync(path, 'latin1')).toBe(text);
  });

  it('by eight runs at once as by one', async () => {
    const right = await configure('--no-cache');
    const runs = await runsAtOnce(8, () => ['conf', 'alldefconfig', '-C', tree, '-o', '-'], { env });
    expect(runs).toEqual(Array(8).fill(right));
    expect(kept()).toHaveLength(1);
    expect(await configure()).toEqual(right);
  });

  it('and is no answer where nothing can be written: an error, cold, warm and without a cache', async () => {
    const mkdir = join(example, 'bin/mkdir');
    const forbid = (): void => {
      writeFileSync(mkdir, '#!/bin/sh\necho "mkdir: Permission denied" >&2\nexit 1\n');
      chmodSync(mkdir, 0o755);
    };
    forbid();
    const cold = await configure();
    expect(cold.status).toBe(2);
    expect(cold.stdout).toBe('');
    expect(cold.stderr).toContain(`error: ${tree}: nothing can be written there, so the compiler cannot be asked`);
    rmSync(mkdir);
    const whole = await configure();
    expect(found(whole)).toEqual(['one', 'three']);
    forbid();
    expect(await configure()).toEqual(cold);
    expect(await configure('--no-cache')).toEqual(cold);
    rmSync(mkdir);
    expect(await configure()).toEqual(whole);
  });

  it('while an error in the files stays the error that it is', async () => {
    writeFileSync(join(tree, 'fs/Kconfig'), 'config A\n\tbool "A\n\tdepends B\n');
    const [none, cold, warm] = [await configure('--no-cache'), await configure(), await configure()];
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('fs/Kconfig:3');
    expect([cold, warm]).toEqual([none, none]);
  });

  it('while messages of the files are printed once', async () => {
    writeFileSync(
      join(tree, 'fs/Kconfig'),
      '$(info,version $(shell,echo 12))\n$(warning-if,$(shell,test -d / && echo y),the root is there)\n',
    );
    for (const more of [['--no-cache'], [], []]) {
      const { stderr } = await configure(...more);
      expect(stderr.match(/version 12/g)).toHaveLength(1);
      expect(stderr.match(/fs\/Kconfig:2: the root is there/g)).toHaveLength(1);
    }
  });
});

/** With a compiler that is what it seems to be: what it answers can be cached. */
describe.skipIf(!existsSync('/usr/bin/gcc') || !existsSync('/usr/bin/ld'))('scripts of a tree are asked', () => {
  let system: string;
  const script = (name: string, text: string, folder = tree): void => {
    writeFileSync(join(folder, 'scripts', name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, 'scripts', name), 0o755);
  };
  const program = (path: string, prints: string): void => {
    mkdirSync(dirname(path), { recursive: true });
    const input = `int puts(const char *); int main(void) { return puts("${prints}") < 0; }`;
    execFileSync('/usr/bin/gcc', ['-x', 'c', '-', '-o', path], { input });
  };
  const values = ({ stdout }: Run): string[] =>
    stdout.split('\n').flatMap((line) => /^CONFIG_((?:NAME|LINKS|LLVM|RUSTD)=.*)/.exec(line)?.[1] ?? []);
  /** A run that may use the cache finds what one without it finds. */
  const check = async (): Promise<string[]> => {
    const found = await configure();
    expect(found.status).toBe(0);
    expect(found).toEqual(await configure('--no-cache'));
    return values(found);
  };
  /** What changed less than two seconds before a run is not cached. */
  const settle = async (): Promise<void> => {
    await new Promise((done) => setTimeout(done, 2200));
    await check();
  };
  /** What a run says where an answer was cached that is not true: whether the command was not run. */
  const believes = async (lie: Readonly<Record<string, string>>): Promise<string[]> => {
    const path = join(example, 'cache/kconfig-trim', kept()[0]!);
    const right = readFileSync(path);
    const cache = new ProbeCache(new NodeCache(join(example, 'cache/kconfig-trim')), { compiler: 'gcc', linker: 'ld' });
    const entry = cache.read()!;
    cache.write({
      ...entry,
      answers: new Map([...entry.answers].map(([each, told]) => [each, { ...told, answer: lie[each] ?? told.answer }])),
    });
    const found = values(await configure());
    writeFileSync(path, right);
    return found;
  };

  beforeEach(() => {
    system = join(example, 'system');
    for (const folder of ['first', 'bin', 'more']) mkdirSync(join(system, folder), { recursive: true });
    program(join(system, 'bin/nm'), 'GNU nm');
    Object.assign(env, {
      PATH: `${join(system, 'first')}:${join(system, 'bin')}:${join(system, 'more')}:/usr/bin:/bin`,
      C_INCLUDE_PATH: join(system, 'include'),
      KBUILD_MORE: 'plenty',
    });
    script('least.sh', 'echo 5');
    script('name.sh', 'set -- $(echo __GNUC__ | "$@" -E -P -)\necho $KBUILD_MORE $($(dirname $0)/least.sh)');
    script('links.sh', 'cat << "END" | $@ -x c - -o /dev/null\n#include <kt/a.h>\nint main(void) { return A; }\nEND');
    writeFileSync(
      join(tree, 'lib/Kconfig'),
      `works = $(shell,{ $(1); } >/dev/null 2>&1 && echo "y" || echo "n")
takes = $(works,trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; $(CC) -Werror $(1) -c -x c /dev/null -o .tmp_$$/tmp.o)
config SAMPLE
	def_bool $(takes,-fno-common)
config NAME
	string
	default "$(shell,./scripts/name.sh $(CC))"
config LINKS
	def_bool $(works,./scripts/links.sh $(CC))
config LLVM
	def_bool $(works,nm --help | head -n 1 | grep -qi llvm)
config RUSTD
	string
	default "$(shell,rustc-99 --version 2>/dev/null)"
`,
    );
  });

  it('only where it is not known what they say', { timeout: 300_000 }, async () => {
    const NONE = 'RUSTD=""';
    expect(await check()).toEqual(['NAME="plenty 5"', NONE]);
    await settle();
    const links = '{ ./scripts/links.sh gcc; } >/dev/null 2>&1 && echo "y" || echo "n"';
    const llvm = '{ nm --help | head -n 1 | grep -qi llvm; } >/dev/null 2>&1 && echo "y" || echo "n"';
    const lie = {
      './scripts/name.sh gcc': 'lie\n',
      [links]: 'y\n',
      [llvm]: 'y\n',
      'rustc-99 --version 2>/dev/null': '1\n',
    };
    expect(await believes(lie)).toEqual(['NAME="lie"', 'LINKS=y', 'LLVM=y', 'RUSTD="1"']);

    mkdirSync(join(system, 'include/kt'), { recursive: true });
    writeFileSync(join(system, 'include/kt/a.h'), '#define A 0\n');
    expect(await check()).toEqual(['NAME="plenty 5"', 'LINKS=y', NONE]);
    script('least.sh', 'echo 6');
    expect(await check()).toEqual(['NAME="plenty 6"', 'LINKS=y', NONE]);
    program(join(system, 'first/nm'), 'LLVM nm');
    expect(await check()).toEqual(['NAME="plenty 6"', 'LINKS=y', 'LLVM=y', NONE]);
    program(join(system, 'more/rustc-99'), '1.0');
    expect(await check()).toEqual(['NAME="plenty 6"', 'LINKS=y', 'LLVM=y', 'RUSTD="1.0"']);
    await settle();
    expect(await believes(lie)).toEqual(['NAME="lie"', 'LINKS=y', 'LLVM=y', 'RUSTD="1.0"']);

    writeFileSync(join(system, 'include/kt/a.h'), '#error\n');
    expect(await check()).toEqual(['NAME="plenty 6"', 'LLVM=y', 'RUSTD="1.0"']);
    rmSync(join(system, 'first/nm'));
    expect(await check()).toEqual(['NAME="plenty 6"', 'RUSTD="1.0"']);
    env['KBUILD_MORE'] = 'other';
    expect(await check()).toEqual(['NAME="other 6"', 'RUSTD="1.0"']);
    env['C_INCLUDE_PATH'] = join(system, 'elsewhere');
    expect(await check()).toEqual(['NAME="other 6"', 'RUSTD="1.0"']);
    env['PATH'] = `${join(system, 'bin')}:/usr/bin:/bin`;
    expect(await check()).toEqual(['NAME="other 6"', NONE]);
  });

  it('in each tree', { timeout: 300_000 }, async () => {
    await settle();
    const other = join(example, 'other');
    cpSync(tree, other, { recursive: true });
    script('least.sh', 'echo 7', other);
    const first = tree;
    for (const [folder, number] of [
      [other, 7],
      [first, 5],
      [other, 7],
    ] as const) {
      tree = folder;
      expect(await check()).toContain(`NAME="plenty ${number}"`);
    }
    chmodSync(join(tree, 'scripts/name.sh'), 0o644);
    expect(await check()).toContain('NAME=""');
  });
});
