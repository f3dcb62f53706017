// Medians, ratios of what was measured in the same round, and rounds.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of the ratios round by round: what slows a whole round down leaves it as it is. */
export function ratio(values, others) {
  return median(values.map((value, round) => value / others[round]));
}

/**
 * Does `action` with every item in every round, and says whether it counts: rounds before that warm up. Another item begins
 * each round, so that none is always behind the same.
 */
export async function inTurns(items, { rounds, warmUp = 0, isTold = true }, action) {
  for (let round = -warmUp; round < rounds; round += 1) {
    const at = (round + warmUp) % items.length;
    for (const item of [...items.slice(at), ...items.slice(0, at)]) await action(item, round >= 0);
    if (isTold && round >= 0) console.error(`round ${round + 1} of ${rounds}`);
  }
}
