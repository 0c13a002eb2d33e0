import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '../../src/platform/scope.ts';
import { NodeThreads } from '../../src/platform/threads.ts';

const SIDE = new URL('../../src/platform/thread-side.ts', import.meta.url).pathname;

/** What threads of the tests do, by name. */
const PARTS = {
  echo: `serveThread((data) => (request) => ({ data, request }));`,
  throwing: `serveThread(() => (request) => { if (request === 'throw') throw new Error('no'); return request; });`,
  unborn: `serveThread(() => { throw new Error('no'); });`,
  broken: `throw new Error('before it serves');`,
  stuck: `serveThread(() => () => { for (;;) {} });`,
  slow: `serveThread((data, progress) => () => {
    for (let step = 0; step < 10; step++) {
      const end = Date.now() + 60;
      while (Date.now() < end);
      progress();
    }
    return 'done';
  });`,
};
const SILENCE_MS = 300;

describe('NodeThreads', () => {
  let directory = '';
  let threads: NodeThreads;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'kconfig-trim-threads-'));
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    for (const [name, code] of Object.entries(PARTS)) {
      const contents = `import { serveThread } from ${JSON.stringify(SIDE)};\n${code}`;
      buildSync({
        stdin: { contents, resolveDir: directory, loader: 'ts' },
        outfile: join(directory, `${name}.js`),
        bundle: true,
        platform: 'node',
        format: 'esm',
        logLevel: 'error',
      });
    }
    threads = new NodeThreads(new Scope(), pathToFileURL(`${directory}/`), SILENCE_MS);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  it('gives answers in the order of the requests, while this thread waits', () => {
    const thread = new NodeThreads(new Scope(), pathToFileURL(`${directory}/`)).start('echo', { with: 'data' })!;
    for (const request of [1, [2], null]) thread.send(request);
    for (const request of [1, [2], null])
      expect(thread.receive()).toEqual({ value: { data: { with: 'data' }, request } });
  });

  it('gives nothing more after its end', () => {
    const thread = threads.start('echo', null)!;
    thread.send(1);
    expect(thread.receive()).not.toBeNull();
    thread.send(2);
    thread.end();
    expect(thread.receive()).toBeNull();
    expect(() => thread.end()).not.toThrow();
  });

  it('says that work failed, and then gives no more', () => {
    const thread = new NodeThreads(new Scope(), pathToFileURL(`${directory}/`)).start('throwing', null)!;
    for (const request of ['first', 'throw', 'after']) thread.send(request);
    expect(thread.receive()).toEqual({ value: 'first' });
    expect(thread.receive()).toBeNull();
    expect(thread.receive()).toBeNull();
  });

  it.each(['unborn', 'broken', 'stuck'])('does not wait for ever for a thread that is %s', (part) => {
    const thread = threads.start(part, null)!;
    thread.send('anything');
    expect(thread.receive()).toBeNull();
  });

  it('waits longer for one that shows progress', () => {
    const thread = threads.start('slow', null)!;
    thread.send('anything');
    expect(thread.receive()).toEqual({ value: 'done' });
  });

  it('starts none where there is no such file', () => {
    expect(threads.start('nowhere', null)).toBeNull();
    expect(new NodeThreads(new Scope()).start('source-thread', null)).toBeNull();
  });
});
