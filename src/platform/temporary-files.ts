import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, resolve } from 'node:path';

/** Of a run on another machine, in another container or before a restart nobody can tell whether it still is at work. */
const FOREIGN_LIFE_MS = 24 * 60 * 60 * 1000;

/** `.config.<where>.<pid>.<random>.tmp` */
const TEMPORARY = /^(\..*)\.([0-9a-f]{8})\.(\d+)\.[0-9a-f]{12}\.tmp$/s;

/** A name beside `path` that no other run uses. It starts with a dot and ends in `.tmp`, which kernel trees ignore. */
export function temporaryName(path: string): string {
  const unique = `${processSpace()}.${process.pid}.${randomBytes(6).toString('hex')}`;
  return resolve(dirname(path), `${stem(path)}.${unique}.tmp`);
}

/**
 * Whether a file is what a run that was killed left of writing one of `paths`.
 * @param name of a file in the same directory
 * @param changedMs when it was last changed (`st_ctime`), in milliseconds since the epoch, as is `nowMs`
 */
export function isLeftover(name: string, paths: readonly string[], changedMs: number, nowMs: number): boolean {
  const found = TEMPORARY.exec(name);
  if (!found || !paths.some((path) => stem(path) === found[1])) return false;
  return found[2] === processSpace() ? !isRunning(Number(found[3])) : nowMs - changedMs > FOREIGN_LIFE_MS;
}

const stem = (path: string): string => basename(path).replace(/^\.?/, '.');

let space: string | null = null;

/** Where a process number means this process: this start of this machine, in this container. */
function processSpace(): string {
  if (space === null) {
    const tell = (work: () => string): string => {
      try {
        return work();
      } catch {
        return '';
      }
    };
    const boot = tell(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1'));
    const namespace = tell(() => readlinkSync('/proc/self/ns/pid'));
    space = createHash('sha256').update(`${hostname()} ${boot} ${namespace}`).digest('hex').slice(0, 8);
  }
  return space;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
