import { appendFileSync, mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { currentFingerprint, fingerprintCommand, pathList } from '../../src/cache/fingerprint.ts';
import {
  DirectValidator,
  type FilesValidator,
  type ListEntry,
  SpeculativeValidator,
} from '../../src/cache/validator.ts';
import { NodeCommandRunner, NodeFileSystem } from '../../src/platform/node.ts';
import type { ShellPool } from '../../src/platform/platform.ts';
import { Scope } from '../../src/platform/scope.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const fs = new NodeFileSystem();
const runner = new NodeCommandRunner(new Scope());
let scratch: string;

beforeEach(() => {
  scratch = temporaryFolder("kconfig-trim's ");
});

/** Files, one that is not there among them; their list fills a file of its own. */
function files(count: number): { paths: string[]; list: ListEntry } {
  const paths = Array.from({ length: count }, (_, index) => join(scratch, `ä file ${index}`));
  for (const path of paths) writeFileSync(path, path);
  paths.splice(1, 0, join(scratch, 'absent'));
  const path = join(scratch, 'list');
  const bytes = pathList(paths, scratch);
  writeFileSync(path, bytes);
  return { paths, list: { path, directory: scratch, size: bytes.length, read: () => bytes } };
}

function swap(a: string, b: string): void {
  renameSync(a, `${a}.swap`);
  renameSync(b, a);
  renameSync(`${a}.swap`, b);
}

describe('fingerprintCommand', () => {
  it.each<[string, (a: string, b: string) => void]>([
    ['files that changed places', swap],
    ['links that changed places', (a, b) => swap(`${a}.link`, `${b}.link`)],
    ['directories that changed places', (a, b) => swap(`${a}.d`, `${b}.d`)],
    [
      'a directory with another name',
      (a, b) => {
        rmSync(`${b}.d`, { recursive: true });
        renameSync(`${a}.d`, `${b}.d`);
      },
    ],
  ])('prints something else for %s', (_, change) => {
    const [a, b] = [join(scratch, 'a'), join(scratch, 'b')];
    for (const path of [a, b]) {
      writeFileSync(path, 'same');
      symlinkSync(path, `${path}.link`);
      mkdirSync(`${path}.d`);
      writeFileSync(`${path}.d/x`, '');
    }
    const list = pathList(
      [a, b].flatMap((path) => [path, `${path}.link`, `${path}.d/x`, `${path}.d/y`]),
      scratch,
    );
    writeFileSync(join(scratch, 'list'), list);
    const now = () => currentFingerprint(fs, list, scratch);
    const before = now();
    expect(printed(join(scratch, 'list'))).toBe(before);
    change(a, b);
    expect(now()).not.toBe(before);
    expect(printed(join(scratch, 'list'))).toBe(now());
  });

  const printed = (path: string): string =>
    runner.run('/bin/sh', ['-c', fingerprintCommand(path, scratch)]).stdout.slice(0, 64);

  it('prints what this program finds, through links and for more files than one command line holds', () => {
    const { paths, list } = files(400);
    symlinkSync(paths[0]!, join(scratch, 'link'));
    const outside = temporaryFolder();
    const many = pathList([...Array.from({ length: 30 }, () => paths).flat(), join(scratch, 'link'), outside], scratch);
    writeFileSync(list.path!, many);
    expect(many.length).toBeGreaterThan(128 * 1024);
    expect(printed(list.path!)).toBe(currentFingerprint(fs, many, scratch));
  });

  it('prints something else after a change, of the list as well', () => {
    const { paths, list } = files(3);
    const digests = [printed(list.path!)];
    appendFileSync(paths[0]!, 'more');
    digests.push(printed(list.path!));
    writeFileSync(paths[1]!, '');
    digests.push(printed(list.path!));
    rmSync(paths[2]!);
    digests.push(printed(list.path!));
    appendFileSync(list.path!, 'x');
    digests.push(printed(list.path!));
    rmSync(list.path!);
    digests.push(printed(list.path!));
    expect(new Set(digests).size).toBe(6);
  });
});

describe('SpeculativeValidator', () => {
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
  /** Validates at once. */
  const answering = (isValid: FilesValidator['isValid']): FilesValidator => ({ isValid, confirm: async () => true });
  const silent: ShellPool = { run: () => new Promise(() => undefined), close: () => undefined };
  const validator = (pool: ShellPool): SpeculativeValidator => {
    const made = new SpeculativeValidator(new DirectValidator(fs), runner);
    made.begin(pool);
    return made;
  };

  it('assumes what is verified later', async () => {
    const { paths, list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    const good = validator(real());
    expect(good.isValid(list, digest)).toBe(true);
    expect(await good.verify()).toBe(true);
    expect(good.isUnsupported).toBe(false);

    appendFileSync(paths[7]!, 'more');
    const bad = validator(real());
    expect(bad.isValid(list, digest)).toBe(true);
    expect(await bad.verify()).toBe(false);
    // Now that it has to be made again, nothing is taken for granted, and nothing is left of what was.
    expect(bad.isValid(list, digest)).toBe(false);
    expect(bad.isValid(list, currentFingerprint(fs, list.read()!, scratch))).toBe(true);
    expect(await bad.verify()).toBe(true);
  });

  it('waits for one list alone, where nothing may go on before it is known', async () => {
    const { paths, list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    const good = validator(real());
    expect(good.isValid(list, digest)).toBe(true);
    expect(await good.confirm(list, digest)).toBe(true);
    // What is known is not assumed: a change from now on is of a later moment.
    appendFileSync(paths[7]!, 'more');
    expect(await good.verify()).toBe(true);

    const bad = validator(real());
    const other: ListEntry = { path: '/other', directory: '/', size: 100_000, read: () => null };
    expect(bad.isValid(other, 'another digest')).toBe(true);
    expect(bad.isValid(list, digest)).toBe(true);
    expect(await bad.confirm(list, digest)).toBe(false);
    expect(bad.isValid(list, digest)).toBe(false);
    // The other one is still to be verified.
    expect(await bad.verify()).toBe(false);
  });

  it('answers at once where the child process has ended', async () => {
    const { paths, list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    appendFileSync(paths[7]!, 'more');
    const pool = real();
    let ended: Promise<string> | null = null;
    const early = validator({
      run: (command) => {
        ended = pool.run(command);
        return ended;
      },
      close: () => undefined,
    });
    early.prefetch(list);
    await ended;
    await setImmediate();
    expect(early.isValid(list, digest)).toBe(false);
    expect(await early.verify()).toBe(true);

    const peeking = validator(real());
    expect(peeking.isValid(list, digest)).toBe(true);
    while (await peeking.peek());
    expect(await peeking.verify()).toBe(false);
    expect(await peeking.verify()).toBe(true);
  });

  it('validates what was asked for before there was a pool', async () => {
    const { paths, list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    appendFileSync(paths[7]!, 'more');
    const late = new SpeculativeValidator(new DirectValidator(fs), runner);
    expect(late.isValid(list, digest)).toBe(true);
    late.begin(real());
    while (await late.peek());
    expect(await late.verify()).toBe(false);
  });

  it('validates by itself what has changed, the shortest list first and once', async () => {
    const validated: number[] = [];
    const direct = answering(({ size }) => {
      validated.push(size);
      return false;
    });
    const listOf = (size: number): ListEntry => ({ path: `/${size}`, directory: '/', size, read: () => null });
    const made = new SpeculativeValidator(direct, runner);
    for (const size of [900_000, 100_000, 500_000]) expect(made.isValid(listOf(size), `digest ${size}`)).toBe(true);
    made.begin(saying('another digest'));
    expect(await made.verify()).toBe(false);
    expect(made.isValid(listOf(100_000), 'digest 100000')).toBe(false);
    expect(validated).toEqual([100_000]);
  });

  it('believes a child process where files are known to have changed', async () => {
    const { list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    const believing = validator(saying('another digest'));
    expect(believing.isValid(list, digest)).toBe(true);
    expect(await believing.verify(true)).toBe(false);
    expect(believing.isValid(list, digest)).toBe(false);
    expect(believing.isUnsupported).toBe(false);

    // One that was not asked says nothing.
    const unasked = new SpeculativeValidator(new DirectValidator(fs), runner);
    expect(unasked.isValid(list, digest)).toBe(true);
    expect(await unasked.verify(true)).toBe(true);
  });

  it('does nothing else while it waits for a child process, so that signals are heard', async () => {
    let isWaiting = false;
    const validated: boolean[] = [];
    const plain = answering(() => {
      validated.push(isWaiting);
      return false;
    });
    const made = new SpeculativeValidator(plain, {
      waitFor: async (answers) => {
        isWaiting = true;
        const result = await answers;
        isWaiting = false;
        return result;
      },
    });
    const list: ListEntry = { path: '/list', directory: '/', size: 100_000, read: () => null };
    expect(made.isValid(list, 'digest')).toBe(true);
    made.begin(saying('another digest'));
    expect(await made.verify()).toBe(false);
    expect(validated).toEqual([false]);
  });

  it('validates a list once', async () => {
    const { list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    let looks = 0;
    const plain = answering(() => looks++ < 0);
    const once = new SpeculativeValidator(plain, runner);
    once.begin(real());
    expect(once.isValid(list, digest)).toBe(true);
    expect(await once.verify()).toBe(true);
    expect(once.isValid(list, digest)).toBe(true);
    expect(looks).toBe(0);
    expect(once.isValid(list, 'another')).toBe(false);
    expect(looks).toBe(1);
  });

  it('validates by itself where there is no pool', async () => {
    const { paths, list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    const [right, wrong] = [
      new SpeculativeValidator(new DirectValidator(fs), runner),
      new SpeculativeValidator(new DirectValidator(fs), runner),
    ];
    expect(right.isValid(list, digest)).toBe(true);
    expect(await right.verify()).toBe(true);
    // That nothing was asked says nothing of the machine's programs.
    expect(right.isUnsupported).toBe(false);
    appendFileSync(paths[7]!, 'more');
    expect(wrong.isValid(list, digest)).toBe(true);
    expect(await wrong.verify()).toBe(false);
  });

  it('validates by itself where the child prints something else, as another stat does', async () => {
    const { paths, list } = files(2000);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    const other = validator(saying('stat: unrecognized option: %'));
    expect(other.isValid(list, digest)).toBe(true);
    expect(await other.verify()).toBe(true);
    expect(other.isUnsupported).toBe(true);
    const again = validator(saying(''));
    appendFileSync(paths[7]!, 'more');
    expect(again.isValid(list, digest)).toBe(true);
    expect(await again.verify()).toBe(false);
    expect(again.isUnsupported).toBe(false);
  });

  it('validates few files by itself', () => {
    const { paths, list } = files(3);
    const digest = currentFingerprint(fs, list.read()!, scratch);
    expect(validator(silent).isValid(list, digest)).toBe(true);
    rmSync(paths[0]!);
    expect(validator(silent).isValid(list, digest)).toBe(false);
  });
});
