// Medians, and ratios of what was measured in the same round.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios round by round: what slows a whole round down leaves it as it is. */
export function ratio(values, others) {
  return median(values.map((value, round) => value / others[round]));
}
