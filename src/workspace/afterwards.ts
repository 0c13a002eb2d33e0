const waiting: (() => void)[] = [];

/** Puts work off until the run has said what it has to say: what only later runs gain from. */
export function afterwards(work: () => void): void {
  waiting.push(work);
}

/** Does what was put off. It can fail in silence: a later run has to find out again, nothing more. */
export function doAfterwards(): void {
  for (const work of waiting.splice(0)) {
    try {
      work();
    } catch {
      // Nothing was promised.
    }
  }
}
