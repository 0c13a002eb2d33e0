import { readdirSync, statSync, truncateSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { NodeCache } from '../../src/platform/cache.ts';
import { cachedNames, cacheNames, restoreNames } from '../../src/workspace/name-lists.ts';
import { temporaryFolder } from '../helpers/temporary-folder.ts';

let folder: string;
let store: NodeCache;
beforeEach(() => {
  folder = temporaryFolder();
  store = new NodeCache(folder);
});

const at = (tree: string, arch?: string) => ({ tree, arch });
const never = (): never => {
  throw new Error('asked for names that are there');
};

describe('names for completion', () => {
  it('are those of the last run that read the tree', () => {
    cacheNames(store, 'modules', at('/a'), () => ['ext4']);
    restoreNames(store, 'modules', at('/a'), never);
    expect(cachedNames(store, 'modules', at('/a'))).toEqual(['ext4']);
    cacheNames(store, 'modules', at('/a'), () => ['ext4', 'zram']);
    expect(cachedNames(store, 'modules', at('/a'))).toEqual(['ext4', 'zram']);
    expect(cachedNames(store, 'symbols', at('/a'))).toEqual([]);
  });

  it('come back where they are gone or damaged, those that name no architecture as well', () => {
    cacheNames(store, 'modules', at('/a', 'x86'), () => ['ext4']);
    for (const file of readdirSync(folder)) truncateSync(join(folder, file), 20);
    expect(cachedNames(store, 'modules', at('/a', 'x86'))).toEqual([]);
    restoreNames(store, 'modules', at('/a', 'x86'), () => ['ext4']);
    for (const arch of ['x86', undefined]) expect(cachedNames(store, 'modules', at('/a', arch))).toEqual(['ext4']);
  });

  it('stay of a tree that is in use, whatever many others are read', () => {
    cacheNames(store, 'modules', at('/mine'), () => ['ext4']);
    for (let i = 0; i < 200; i++) {
      // What is there was written an hour earlier.
      for (const path of readdirSync(folder).map((file) => join(folder, file))) {
        const seconds = statSync(path).mtimeMs / 1000 - 3600;
        utimesSync(path, seconds, seconds);
      }
      if (i % 20 === 0) restoreNames(store, 'modules', at('/mine'), never);
      cacheNames(store, 'modules', at(`/other${i}`, i % 2 ? 'arm64' : undefined), () => ['x']);
    }
    expect(cachedNames(store, 'modules', at('/mine'))).toEqual(['ext4']);
    expect(cachedNames(store, 'modules', at('/other0'))).toEqual([]);
    expect(readdirSync(folder).length).toBeLessThan(100);
  });
});
