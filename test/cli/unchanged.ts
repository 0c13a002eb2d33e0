import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Everything that a run could change below a directory: names, kinds, permissions, owners, link targets, contents and
 * times to the nanosecond. The time of a directory tells files that came and went.
 */
export function snapshot(path: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const visit = (at: string): void => {
    const { mode, uid, gid, mtimeNs } = lstatSync(at, { bigint: true });
    const kind = lstatSync(at);
    const content = kind.isSymbolicLink()
      ? readlinkSync(at)
      : kind.isFile()
        ? createHash('sha256').update(readFileSync(at)).digest('hex')
        : '';
    found.set(at, `${mode.toString(8)} ${uid}:${gid} ${mtimeNs} ${content}`);
    if (kind.isDirectory()) for (const name of readdirSync(at)) visit(join(at, name));
  };
  visit(path);
  return found;
}
