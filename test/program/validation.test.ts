/** Files are validated by other programs while a run goes on; it answers the same as one without a cache. */
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TOO_YOUNG_MS } from '../../src/cache/fingerprint.ts';
import { copyExample, type Run, run } from '../cli/run.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

/** So many that looking at their files is left to others. */
const DRIVERS = 250;

/** The tree of the test that runs; a change has one of its own, whose files are not too young to be cached. */
let example: string;
let cache: string;
let usual: string;
const ofChange = new Map<string, string>();

/** Questions for the compiler. */
const FLAGS = 5;

/** A list of such names is long. */
const LONG = `generated_driver_${'x'.repeat(80)}`;
const FIRST = `drivers/${LONG}_0`;
const SEVENTH = `drivers/${LONG}_7`;
/** A source that is not there. */
const EIGHTH = `drivers/${LONG}_8/generated8.c`;

const inTree = (path: string): string => join(example, 'tree', path);
const log = (): string => join(example, 'stat.log');
const looks = (): number => (existsSync(log()) ? readFileSync(log(), 'utf8').split('\n').length - 1 : 0);
const trimmed = (...args: string[]): Promise<Run> =>
  run(['-C', 'tree', '-c', 'config', '-l', 'lsmod.txt', '-o', '-', '--json', ...args], {
    cwd: example,
    env: { XDG_CACHE_HOME: cache, PATH: `${join(example, 'bin')}:${process.env['PATH']}` },
  });

/** Puts a program before all others. */
function program(name: string, text: string): void {
  writeFileSync(join(example, 'bin', name), `#!/bin/sh\n${text}\n`);
  chmodSync(join(example, 'bin', name), 0o755);
}

/** A compiler that says what it was asked; it is no program whose answers could be cached. */
const compiler = (version: number): void =>
  program('gcc', `echo "$*" >>'${join(example, 'asked')}'\necho "gcc (Fake) ${version}.0"`);

/** What Kconfig files asked the compiler since this was called before. */
function asked(): string[] {
  const questions = readFileSync(join(example, 'asked'), 'utf8').match(/^-f\d+$/gm) ?? [];
  writeFileSync(join(example, 'asked'), '');
  return questions.sort();
}

/** A `stat` that is the machine's, and says that it was asked. */
const usualStat = (): void => program('stat', `echo asked >>'${log()}'\nexec /usr/bin/stat "$@"`);

const CHANGES: Readonly<Record<string, () => void>> = {
  'a Kconfig file': () => appendFileSync(inTree(`${FIRST}/Kconfig`), 'config ADDED\n\tdef_bool y\n'),
  'a Makefile': () => appendFileSync(inTree(`${FIRST}/Makefile`), 'obj-m += added.o\n'),
  'a Kconfig file and a Makefile': () => {
    appendFileSync(inTree(`${FIRST}/Kconfig`), 'config ADDED\n\tdef_bool y\n');
    appendFileSync(inTree(`${FIRST}/Makefile`), 'obj-m += added.o\n');
  },
  'a source': () => writeFileSync(inTree(`${SEVENTH}/generated7.c`), 'MODULE_ALIAS("other");\n'),
  'a source, and the compiler': () => {
    writeFileSync(inTree(`${SEVENTH}/generated7.c`), 'MODULE_ALIAS("other");\n');
    compiler(13);
  },
  'a source that was not there': () => writeFileSync(inTree(EIGHTH), 'MODULE_ALIAS("alias8");\n'),
  'a source that is gone': () => rmSync(inTree(`${SEVENTH}/generated7.c`)),
  'a Makefile that is gone': () => rmSync(inTree(`${SEVENTH}/Makefile`)),
  'files that changed places': () => {
    const second = `drivers/${LONG}_1`;
    renameSync(inTree(`${FIRST}/Kconfig`), inTree('swap'));
    renameSync(inTree(`${second}/Kconfig`), inTree(`${FIRST}/Kconfig`));
    renameSync(inTree('swap'), inTree(`${second}/Kconfig`));
  },
};

const ANOTHER_QUESTION = 'another question';

beforeAll(async () => {
  usual = made();
  for (const name of [...Object.keys(CHANGES), ANOTHER_QUESTION]) ofChange.set(name, made());
  await setTimeout(TOO_YOUNG_MS + 200);
});
beforeEach(() => {
  cache = temporaryFolder();
  example = usual;
  usualStat();
});

/** A tree with many drivers. */
function made(): string {
  example = copyExample();
  mkdirSync(join(example, 'bin'));
  compiler(12);
  const flags = Array.from({ length: FLAGS }, (_, i) => `config FLAG${i}\n\tdef_bool $(shell,gcc -f${i} && echo y)\n`);
  appendFileSync(inTree('drivers/Kconfig'), flags.join(''));
  const names = Array.from({ length: DRIVERS }, (_, index) => `${LONG}_${index}`);
  for (const [index, name] of names.entries()) {
    mkdirSync(inTree(`drivers/${name}`));
    writeFileSync(inTree(`drivers/${name}/Kconfig`), `config GENERATED_${index}\n\ttristate "Driver ${index}"\n`);
    writeFileSync(inTree(`drivers/${name}/Makefile`), `obj-$(CONFIG_GENERATED_${index}) += generated${index}.o\n`);
    writeFileSync(inTree(`drivers/${name}/generated${index}.c`), `#include <a>\nMODULE_ALIAS("alias${index}");\n`);
  }
  appendFileSync(inTree('drivers/Kconfig'), names.map((name) => `source "drivers/${name}/Kconfig"\n`).join(''));
  appendFileSync(inTree('drivers/Makefile'), `obj-y += ${names.map((name) => `${name}/`).join(' ')}\n`);
  appendFileSync(join(example, 'config'), names.map((_, index) => `CONFIG_GENERATED_${index}=m\n`).join(''));
  appendFileSync(join(example, 'lsmod.txt'), 'alias7 16384 0\nalias8 16384 0\ngenerated3 16384 0\n');
  rmSync(inTree(EIGHTH));
  return example;
}

describe('a cached result', () => {
  it('is validated by others, and changes nothing', async () => {
    const right = await trimmed('--no-cache');
    expect(JSON.parse(right.stderr).loaded.map(({ name }: { name: string }) => name)).toContain('alias7');
    expect(await trimmed()).toEqual(right);
    const before = looks();
    expect(await trimmed()).toEqual(right);
    // The Kconfig files, the Makefiles and the sources.
    expect(looks()).toBe(before + 3);
    expect(await trimmed('--no-exec')).toEqual(await trimmed('--no-exec', '--no-cache'));
  });

  it.each(Object.entries(CHANGES))('is not used after a change: %s', async (name, change) => {
    example = ofChange.get(name)!;
    usualStat();
    const before = await trimmed();
    change();
    asked();
    const right = await trimmed('--no-cache');
    expect(right).not.toEqual(before);
    const questions = asked();
    expect(questions).toHaveLength(FLAGS);
    expect(await trimmed()).toEqual(right);
    // Nothing is asked twice, though files are read again: another compiler has to be.
    if (!name.includes('compiler')) expect(asked()).toEqual(questions);
    expect(await trimmed()).toEqual(right);
  });

  it('has no command run that the files no longer name', async () => {
    example = ofChange.get(ANOTHER_QUESTION)!;
    usualStat();
    await trimmed();
    expect(asked()).toContain('-f0');
    const file = inTree('drivers/Kconfig');
    writeFileSync(file, readFileSync(file, 'utf8').replace('gcc -f0', 'gcc -f9'));
    await trimmed();
    expect(asked()).toEqual(['-f1', '-f2', '-f3', '-f4', '-f9']);
  });

  it.each<[string, string]>([
    ['says something else', 'echo "unknown option: -c"; exit 1'],
    ['is one of BusyBox, which knows no decimals', 'echo "10 1700000000 1700000000 1:2"'],
    ['is missing', 'exit 127'],
  ])('is validated by this program where stat %s', async (_, text) => {
    program('stat', `echo asked >>'${log()}'\n${text}`);
    const right = await trimmed('--no-cache');
    for (let i = 0; i < 2; i++) expect(await trimmed()).toEqual(right);
    const before = looks();
    // Once is enough.
    expect(await trimmed()).toEqual(right);
    expect(looks()).toBe(before);
    appendFileSync(inTree(`${FIRST}/Kconfig`), `config ADDED${text.length}\n\tdef_bool y\n`);
    expect(await trimmed()).toEqual(await trimmed('--no-cache'));
  });
});
