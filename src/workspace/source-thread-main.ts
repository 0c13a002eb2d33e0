/** The file of the thread that reads sources beside a run. */
import { NodeCache } from '../platform/cache.ts';
import { NodeFileSystem } from '../platform/node.ts';
import { serveThread } from '../platform/thread-side.ts';
import { type SourceRequest, type SourceThreadStart, sourceThreadWork } from '../sources/source-thread.ts';
import { BUILD } from './version.ts';

serveThread((data, progress) => {
  const { tree, cache } = data as SourceThreadStart;
  const work = sourceThreadWork(tree, {
    fs: new NodeFileSystem(),
    cache: cache === null ? null : new NodeCache(cache),
    build: BUILD,
    startedMs: Date.now(),
    progress,
  });
  return (request) => work(request as SourceRequest);
});
