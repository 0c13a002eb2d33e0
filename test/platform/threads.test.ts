import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { Scope } from '../../src/platform/scope.ts';
import { NodeThreads } from '../../src/platform/threads.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

const SIDE = new URL('../../src/platform/thread-side.ts', import.meta.url).pathname;

/** What threads of the tests do, by name. */
const PARTS = {
  echo: `serveThread((data) => (request) => ({ data, request }));`,
  named: `import { threadId } from 'node:worker_threads';
  serveThread((data) => () => ({ id: threadId, data }));`,
  throwing: `serveThread(() => (request) => { if (request === 'throw') throw new Error('no'); return request; });`,
  unborn: `serveThread(() => { throw new Error('no'); });`,
  broken: `throw new Error('before it serves');`,
  stuck: `serveThread(() => () => { for (;;) {} });`,
  slow: `import { writeFileSync } from 'node:fs';
  serveThread(({ begun, forMs }, progress) => {
    writeFileSync(begun, '');
    return () => {
      for (const end = Date.now() + forMs; Date.now() < end; ) progress();
      return 'done';
    };
  });`,
};
/** Longer than a busy machine leaves a thread waiting. */
const SILENCE_MS = 1500;

describe('NodeThreads', () => {
  let directory = '';
  let threads: NodeThreads;
  let patient: NodeThreads;
  beforeAll(() => {
    directory = temporaryFolder();
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
    patient = new NodeThreads(new Scope(), pathToFileURL(`${directory}/`), 200_000);
    threads = new NodeThreads(new Scope(), pathToFileURL(`${directory}/`), SILENCE_MS);
  });

  it('gives answers in the order of the requests, while this thread waits', () => {
    const thread = patient.start('echo', { with: 'data' })!;
    for (const request of [1, [2], null]) thread.send(request);
    for (const request of [1, [2], null])
      expect(thread.receive()).toEqual({ value: { data: { with: 'data' }, request } });
  });

  it('says what processor time they used, after their end as well', () => {
    const own = new NodeThreads(new Scope(), pathToFileURL(`${directory}/`), 200_000);
    const thread = own.start('slow', { begun: join(directory, 'used'), forMs: 200 })!;
    thread.send(1);
    expect(thread.receive()).toEqual({ value: 'done' });
    const used = own.usedMs();
    expect(used).toBeGreaterThan(0);
    thread.end();
    expect(own.usedMs()).toBeGreaterThanOrEqual(used);
  });

  it('gives nothing more after its end', () => {
    const thread = patient.start('echo', null)!;
    thread.send(1);
    expect(thread.receive()).not.toBeNull();
    thread.send(2);
    thread.end();
    expect(thread.receive()).toBeNull();
    expect(() => thread.end()).not.toThrow();
  });

  it.each([true, false])('uses a thread again where the process goes on: %s', (processGoesOn) => {
    const ids = new Set<unknown>();
    for (const data of ['first', 'second']) {
      const scope = new Scope({ processGoesOn });
      const thread = new NodeThreads(scope, pathToFileURL(`${directory}/`), 200_000).start('named', data)!;
      thread.send('who');
      const { value } = thread.receive()! as { value: { id: number; data: string } };
      expect(value.data).toBe(data);
      ids.add(value.id);
      scope.close();
      expect(thread.receive()).toBeNull();
    }
    expect(ids.size).toBe(processGoesOn ? 1 : 2);
  });

  it('says that work failed, and then gives no more', () => {
    const thread = patient.start('throwing', null)!;
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

  it('waits longer for one that shows progress', async () => {
    const begun = join(directory, 'begun');
    const thread = threads.start('slow', { begun, forMs: 3 * SILENCE_MS })!;
    while (!existsSync(begun)) await new Promise((resolve) => setTimeout(resolve, 20));
    thread.send('anything');
    expect(thread.receive()).toEqual({ value: 'done' });
  });

  it('starts none where there is no such file', () => {
    expect(threads.start('nowhere', null)).toBeNull();
    expect(new NodeThreads(new Scope()).start('source-thread', null)).toBeNull();
  });
});
