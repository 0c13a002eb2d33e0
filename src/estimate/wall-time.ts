import type { FileSystem } from '../platform/platform.ts';

/** What two hardware threads of one core do more than one thread: a rule of thumb for compilers, not measured here. */
const SECOND_THREAD_GAIN = 0.3;

/** The processors that a build can use. */
export interface Processors {
  /** What `nproc` counts. */
  readonly threads: number;
  /** Physical cores; as many as threads where there is no multithreading. */
  readonly cores: number;
}

/**
 * The machine's processors, as Linux tells them under /sys.
 * @returns null where it doesn't tell (another system, no /sys)
 */
export function readProcessors(fs: FileSystem): Processors | null {
  const names = fs.readDirectory('/sys/devices/system/cpu')?.filter((name) => /^cpu\d+$/.test(name)) ?? [];
  const cores = new Set<string>();
  let threads = 0;
  for (const name of names) {
    const base = `/sys/devices/system/cpu/${name}`;
    if (fs.readText(`${base}/online`)?.trim() === '0') continue;
    threads++;
    cores.add(fs.readText(`${base}/topology/thread_siblings_list`)?.trim() || name);
  }
  return threads === 0 ? null : { threads, cores: cores.size };
}

/**
 * Time on the clock with `make -j`.
 * @param cpuSeconds as estimated
 * @param jobs as given to make, 1 or more
 * @param processors jobs beyond them gain nothing; without them every job is taken to have a core of its own
 * @param serialSeconds the part of `cpuSeconds` that runs one after another (`parts.kernel` for the most part)
 */
export function wallSeconds(cpuSeconds: number, jobs: number, processors?: Processors, serialSeconds = 0): number {
  const serial = Math.min(serialSeconds, cpuSeconds);
  return serial + (cpuSeconds - serial) / parallelism(Math.max(1, jobs), processors);
}

/** How many times the work of one job on one core gets done. */
function parallelism(jobs: number, processors: Processors | undefined): number {
  if (!processors) return jobs;
  const { threads, cores } = processors;
  const used = Math.max(1, Math.min(jobs, threads));
  return used <= cores ? used : cores + (used - cores) * SECOND_THREAD_GAIN;
}
