import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

const PROCESSES = '/proc';

/** Whether a process of this machine has a file open; false where that cannot be seen. @param path absolute */
export function isOpenAnywhere(path: string): boolean {
  return entriesOf(PROCESSES)
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const handles = join(PROCESSES, pid, 'fd');
      return entriesOf(handles).some((handle) => targetOf(join(handles, handle)) === path);
    });
}

function entriesOf(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function targetOf(link: string): string | null {
  try {
    return readlinkSync(link);
  } catch {
    return null;
  }
}
