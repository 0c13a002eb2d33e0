/**
 * Columns of the first of two, such that as many rows as can be fit a line.
 * @param rows texts, and what stands behind them; empty for nothing
 * @param columns of a line
 */
export function textWidth(rows: readonly (readonly [text: string, place: string])[], columns: number): number {
  const placed = rows.filter(([, place]) => place !== '');
  const room = columns - 2 - Math.max(0, ...placed.map(([, place]) => place.length));
  return Math.max(0, ...placed.map(([text]) => text.length).filter((length) => length <= room));
}
