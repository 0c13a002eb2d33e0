/** Work that only later runs gain from: it is done once everything is printed. */
const waiting: (() => void)[] = [];

/** Has something done after the report. */
export function afterReport(work: () => void): void {
  waiting.push(work);
}

/** Does what waits. Nothing that happens there changes what the run has found. */
export function doAfterReport(): void {
  for (const work of waiting.splice(0)) {
    try {
      work();
    } catch {
      // What could not be kept is found again by the next run, which then also says why.
    }
  }
}
