import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '../diagnostics/diagnostic.ts';

/**
 * Sees to it that programs can start others. A compiler that cannot start its own parts fails as one does that lacks a
 * feature: its answer would be a wrong "no", which nobody could tell from a right one.
 * @param count how many processes there will be at a time, at most
 * @throws InputError `machine-exhausted`
 */
export function requireProcesses(count: number): void {
  if (userRoom(count) < count || groupRoom() < count) {
    throw new InputError({ code: 'machine-exhausted', args: { reason: 'EAGAIN' } });
  }
}

/** How many processes this user may still start (RLIMIT_NPROC; threads count, and root has no limit). */
function userRoom(count: number): number {
  const uid = process.geteuid?.() ?? 0;
  const limit = numberIn('/proc/self/limits', /^Max processes +(\d+)/m);
  if (uid === 0 || limit === null) return Number.POSITIVE_INFINITY;
  // Those of all users together are known at once; most often that will do.
  const all = numberIn('/proc/loadavg', /\/(\d+) /) ?? 0;
  return all + count <= limit ? limit - all : limit - threadsOf(uid);
}

function threadsOf(uid: number): number {
  let threads = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (statSync(`/proc/${pid}`, { throwIfNoEntry: false })?.uid !== uid) continue;
    threads += numberIn(`/proc/${pid}/status`, /^Threads:\s+(\d+)/m) ?? 0;
  }
  return threads;
}

/** How many processes may be started in this control group (cgroup v2) and those above it. */
function groupRoom(): number {
  let room = Number.POSITIVE_INFINITY;
  for (let path = textOf('/proc/self/cgroup')?.match(/^0::(\/.*)$/m)?.[1]; path !== undefined; path = parent(path)) {
    const directory = join('/sys/fs/cgroup', path);
    const limit = numberIn(join(directory, 'pids.max'), /^(\d+)/);
    const current = numberIn(join(directory, 'pids.current'), /^(\d+)/);
    if (limit !== null && current !== null) room = Math.min(room, limit - current);
  }
  return room;
}

function parent(path: string): string | undefined {
  return path === '/' ? undefined : join(path, '..');
}

function numberIn(file: string, pattern: RegExp): number | null {
  const found = pattern.exec(textOf(file) ?? '');
  return found ? Number(found[1]) : null;
}

/** Null where there is no such file: on another system, or in a sandbox. */
function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return null;
  }
}
