import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { copyExample, REPOSITORY, type Run, run } from './run.ts';

let example: string;
let tree: string;
let env: Record<string, string>;
/** Each call of the compiler leaves a line here. */
let calls: string;

const HEADER = 'CONFIG_HAS_';
const OPTIONS = ['one', 'two', 'three', 'four', 'five'];

/** A compiler that takes the flags that it is told. */
function makeCompiler(flags: readonly string[]): void {
  const bin = join(example, 'bin');
  mkdirSync(bin, { recursive: true });
  const cases = [...flags, 'no-common'].map((flag) => `*" -f${flag} "*`).join('|');
  writeFileSync(
    join(bin, 'gcc'),
    `#!/bin/sh\necho "$*" >> ${calls}\ncase " $* " in\n*" --version "*) echo "Fake gcc 12";;\n` +
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
  // In the kernel's own words, of which the answers can be kept.
  writeFileSync(
    join(tree, 'lib/Kconfig'),
    `works = $(shell,{ $(1); } >/dev/null 2>&1 && echo "y" || echo "n")
takes = $(works,trap "rm -rf .tmp_$$" EXIT; mkdir .tmp_$$; $(CC) -Werror $(1) -c -x c /dev/null -o .tmp_$$/tmp.o)
version := $(shell,$(CC) --version | head -n 1)
words := $(shell,set -- $(version) && echo $3)
config VERSION
	string
	default "$(words) of $(version)"
${OPTIONS.map((flag) => `config HAS_${flag}\n\tdef_bool $(takes,-f${flag})\n`).join('')}`,
  );
  writeFileSync(calls, '');
});

const configure = (...args: string[]): Run => run(['conf', 'alldefconfig', '-C', tree, '-o', '-', ...args], { env });
const found = ({ stdout }: Run): string[] =>
  stdout.split('\n').flatMap((line) => (line.startsWith(HEADER) ? [line.slice(HEADER.length, -2)] : []));
const kept = (): string[] =>
  readdirSync(join(example, 'cache/kconfig-trim')).filter((name) => name.startsWith('probes-'));

describe('the toolchain is asked', () => {
  it('with the same outcome whether or not answers are kept', () => {
    const [none, cold, warm] = [configure('--no-cache'), configure(), configure()];
    expect(none.status).toBe(0);
    expect(found(none)).toEqual(['one', 'three']);
    expect(none.stdout).toContain('CONFIG_VERSION="12 of Fake gcc 12"\n');
    expect(cold).toEqual(none);
    expect(warm).toEqual(none);
    expect(readdirSync(tree).filter((name) => name.startsWith('.tmp'))).toEqual([]);
  });

  it('anew where it is not what it was', () => {
    configure();
    makeCompiler(['two']);
    expect(found(configure())).toEqual(['two']);
    expect(found(configure())).toEqual(['two']);
    makeCompiler([]);
    expect(found(configure())).toEqual([]);
  });

  it('each time where it is a script, that may be anything', () => {
    configure();
    const before = readFileSync(calls, 'latin1');
    writeFileSync(calls, '');
    configure();
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

  it('and --no-cache keeps nothing and uses nothing', () => {
    configure('--no-cache');
    expect(existsSync(join(example, 'cache'))).toBe(false);
    configure();
    expect(kept()).toEqual([expect.stringMatching(/^probes-[0-9a-f]{16}\.json$/)]);
    const before = readFileSync(join(example, 'cache/kconfig-trim', kept()[0]!));
    makeCompiler(['two']);
    expect(found(configure('--no-cache'))).toEqual(['two']);
    expect(readFileSync(join(example, 'cache/kconfig-trim', kept()[0]!))).toEqual(before);
  });

  it('where what is kept is damaged', () => {
    const right = configure();
    const path = join(example, 'cache/kconfig-trim', kept()[0]!);
    const text = readFileSync(path, 'latin1');
    for (const damaged of ['', text.slice(0, -100), text.replace('"y', '"n'), '\0'.repeat(text.length), '{}']) {
      writeFileSync(path, damaged, 'latin1');
      expect(configure()).toEqual(right);
    }
    expect(readFileSync(path, 'latin1')).toBe(text);
  });

  it('by eight runs at once as by one', async () => {
    const right = configure('--no-cache');
    const runs = Array.from(
      { length: 8 },
      () =>
        new Promise<string>((done) => {
          const args = ['conf', 'alldefconfig', '-C', tree, '-o', '-'];
          const child = spawn(process.execPath, [join(REPOSITORY, 'bin/kconfig-trim.js'), ...args], {
            env: { HOME: '/', ARCH: 'x86', ...env },
            stdio: ['ignore', 'pipe', 'ignore'],
          });
          let text = '';
          child.stdout.setEncoding('latin1').on('data', (chunk: string) => {
            text += chunk;
          });
          child.on('close', () => done(text));
        }),
    );
    expect(new Set(await Promise.all(runs))).toEqual(new Set([right.stdout]));
    expect(kept()).toHaveLength(1);
    expect(configure()).toEqual(right);
  });

  it('while an error in the files stays the error that it is', () => {
    writeFileSync(join(tree, 'fs/Kconfig'), 'config A\n\tbool "A\n\tdepends B\n');
    const [none, cold, warm] = [configure('--no-cache'), configure(), configure()];
    expect(none.status).toBe(2);
    expect(none.stderr).toContain('fs/Kconfig:3');
    expect([cold, warm]).toEqual([none, none]);
  });

  it('while messages of the files are printed once', () => {
    writeFileSync(
      join(tree, 'fs/Kconfig'),
      '$(info,version $(shell,echo 12))\n$(warning-if,$(shell,test -d / && echo y),the root is there)\n',
    );
    for (const more of [['--no-cache'], [], []]) {
      const { stderr } = configure(...more);
      expect(stderr.match(/version 12/g)).toHaveLength(1);
      expect(stderr.match(/fs\/Kconfig:2: the root is there/g)).toHaveLength(1);
    }
  });
});
