/** A record that says these facts, in this order, and its size last. */
export function recordText(...facts: readonly string[]): string {
  const lines = ['kconfig-trim-record 1', ...facts];
  return [...lines, `size ${lines.join('').length}`, ''].join('\n');
}
