import { appendFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestOfNow, pathList, stateCommand } from '../../src/cache/file-state.ts';
import { type FileCheck, FileWitness, type KeptList, PlainFileCheck } from '../../src/cache/file-witness.ts';
import { NodeCommandRunner, NodeFileSystem } from '../../src/platform/node.ts';
import type { ShellPool } from '../../src/platform/platform.ts';
import { Scope } from '../../src/platform/scope.ts';

const fs = new NodeFileSystem();
const runner = new NodeCommandRunner(new Scope());
let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "kconfig-trim's "));
});
afterEach(() => rmSync(scratch, { recursive: true }));

/** Files, one that is not there among them; their list fills a file of its own. */
function files(count: number): { paths: string[]; list: KeptList } {
  const paths = Array.from({ length: count }, (_, index) => join(scratch, `ä file ${index}`));
  for (const path of paths) writeFileSync(path, path);
  paths.splice(1, 0, join(scratch, 'absent'));
  const path = join(scratch, 'list');
  const bytes = pathList(paths, scratch);
  writeFileSync(path, bytes);
  return { paths, list: { path, directory: scratch, size: bytes.length, read: () => bytes } };
}

describe('stateCommand', () => {
  const told = (path: string): string => runner.run('/bin/sh', ['-c', stateCommand(path, scratch)]).stdout.slice(0, 64);

  it('prints what this program finds, through links and for more files than one command line holds', () => {
    const { paths, list } = files(400);
    symlinkSync(paths[0]!, join(scratch, 'link'));
    const outside = mkdtempSync(join(tmpdir(), 'kconfig-trim-'));
    const many = pathList([...Array.from({ length: 30 }, () => paths).flat(), join(scratch, 'link'), outside], scratch);
    writeFileSync(list.path!, many);
    expect(many.length).toBeGreaterThan(128 * 1024);
    expect(told(list.path!)).toBe(digestOfNow(fs, many, scratch));
    rmSync(outside, { recursive: true });
  });

  it('prints something else after a change, of the list as well', () => {
    const { paths, list } = files(3);
    const digests = [told(list.path!)];
    appendFileSync(paths[0]!, 'more');
    digests.push(told(list.path!));
    writeFileSync(paths[1]!, '');
    digests.push(told(list.path!));
    rmSync(paths[2]!);
    digests.push(told(list.path!));
    appendFileSync(list.path!, 'x');
    digests.push(told(list.path!));
    rmSync(list.path!);
    digests.push(told(list.path!));
    expect(new Set(digests).size).toBe(6);
  });
});

describe('FileWitness', () => {
  const pools: ShellPool[] = [];
  afterEach(() => {
    for (const pool of pools.splice(0)) pool.close();
  });
  const real = (): ShellPool => {
    pools.push(runner.shells({ cwd: '/', env: process.env }));
    return pools.at(-1)!;
  };
  /** Says the same whatever it is asked. */
  const saying = (text: string): ShellPool => ({ run: async () => text, close: () => undefined });
  const silent: ShellPool = { run: () => new Promise(() => undefined), close: () => undefined };
  const witness = (pool: ShellPool): FileWitness => {
    const made = new FileWitness(new PlainFileCheck(fs));
    made.begin(pool);
    return made;
  };

  it('takes for granted what it hears later', async () => {
    const { paths, list } = files(2000);
    const digest = digestOfNow(fs, list.read()!, scratch);
    const good = witness(real());
    expect(good.isUnchanged(list, digest)).toBe(true);
    expect(await good.hold()).toBe(true);
    expect(good.isDeaf).toBe(false);

    appendFileSync(paths[7]!, 'more');
    const bad = witness(real());
    expect(bad.isUnchanged(list, digest)).toBe(true);
    expect(await bad.hold()).toBe(false);
    // Now that it has to be made again, nothing is taken for granted, and nothing is left of what was.
    expect(bad.isUnchanged(list, digest)).toBe(false);
    expect(bad.isUnchanged(list, digestOfNow(fs, list.read()!, scratch))).toBe(true);
    expect(await bad.hold()).toBe(true);
  });

  it('hears early, and then says how it is', async () => {
    const { paths, list } = files(2000);
    const digest = digestOfNow(fs, list.read()!, scratch);
    appendFileSync(paths[7]!, 'more');
    const early = witness(real());
    early.foresee(list);
    await setTimeout(1000);
    expect(early.isUnchanged(list, digest)).toBe(false);
    expect(await early.hold()).toBe(true);

    const peeking = witness(real());
    expect(peeking.isUnchanged(list, digest)).toBe(true);
    while (await peeking.peek());
    expect(await peeking.hold()).toBe(false);
    expect(await peeking.hold()).toBe(true);
  });

  it('has looked at what was asked for before there was a pool', async () => {
    const { paths, list } = files(2000);
    const digest = digestOfNow(fs, list.read()!, scratch);
    appendFileSync(paths[7]!, 'more');
    const late = new FileWitness(new PlainFileCheck(fs));
    expect(late.isUnchanged(list, digest)).toBe(true);
    late.begin(real());
    while (await late.peek());
    expect(await late.hold()).toBe(false);
  });

  it('looks once at what was told in this run, and at nothing else once more', async () => {
    const { list } = files(2000);
    const digest = digestOfNow(fs, list.read()!, scratch);
    let looks = 0;
    const plain: FileCheck = { isUnchanged: () => looks++ < 0 };
    const told = new FileWitness(plain);
    told.begin(real());
    expect(told.isUnchanged(list, digest)).toBe(true);
    expect(await told.hold()).toBe(true);
    expect(told.isUnchanged(list, digest)).toBe(true);
    expect(looks).toBe(0);
    expect(told.isUnchanged(list, 'another')).toBe(false);
    expect(looks).toBe(1);
  });

  it('looks itself where there is no pool', async () => {
    const { paths, list } = files(2000);
    const digest = digestOfNow(fs, list.read()!, scratch);
    const [right, wrong] = [new FileWitness(new PlainFileCheck(fs)), new FileWitness(new PlainFileCheck(fs))];
    expect(right.isUnchanged(list, digest)).toBe(true);
    expect(await right.hold()).toBe(true);
    appendFileSync(paths[7]!, 'more');
    expect(wrong.isUnchanged(list, digest)).toBe(true);
    expect(await wrong.hold()).toBe(false);
  });

  it('looks itself where nothing sensible is told, as by another stat', async () => {
    const { paths, list } = files(2000);
    const digest = digestOfNow(fs, list.read()!, scratch);
    const deaf = witness(saying('stat: unrecognized option: %'));
    expect(deaf.isUnchanged(list, digest)).toBe(true);
    expect(await deaf.hold()).toBe(true);
    expect(deaf.isDeaf).toBe(true);
    const again = witness(saying(''));
    appendFileSync(paths[7]!, 'more');
    expect(again.isUnchanged(list, digest)).toBe(true);
    expect(await again.hold()).toBe(false);
    expect(again.isDeaf).toBe(false);
  });

  it('looks itself at few files', () => {
    const { paths, list } = files(3);
    const digest = digestOfNow(fs, list.read()!, scratch);
    expect(witness(silent).isUnchanged(list, digest)).toBe(true);
    rmSync(paths[0]!);
    expect(witness(silent).isUnchanged(list, digest)).toBe(false);
  });
});
