import { Volume } from 'memfs';
import { NodeFileSystem, type NodeFs } from '../../src/platform/node.ts';

/** An in-memory file system that holds just these files (path → content). */
export function memoryFs(files: Readonly<Record<string, string>>): NodeFileSystem {
  return new NodeFileSystem(Volume.fromJSON(files) as unknown as NodeFs);
}
