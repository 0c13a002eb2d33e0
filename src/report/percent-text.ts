/**
 * A share in per cent: `12 %`. What is not nothing is not 0 %, and what is not all not 100 %: these have a digit more.
 * @param share 1 for all; may be more, or negative
 */
export function percentText(share: number): string {
  if (share < 0) return `-${percentText(-share)}`;
  const percent = 100 * share;
  const rounded = Math.round(percent);
  if (rounded === 0 && percent > 0) return `${Math.max(percent, 0.1).toFixed(1)} %`;
  if (rounded === 100 && percent < 100) return `${Math.min(percent, 99.9).toFixed(1)} %`;
  return `${rounded} %`;
}
