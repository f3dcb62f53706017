/**
 * Whether a version such as `22.23.3` is `minimum` or newer. What comes after a `-` does not count.
 *
 * @param {string} version
 * @param {string} minimum
 */
export function isAtLeast(version, minimum) {
  const numbers = (text) => text.split("-")[0].split(".").map(Number);
  const [have, need] = [numbers(version), numbers(minimum)];
  const different = need.findIndex((number, index) => (have[index] ?? 0) !== number);
  return different === -1 || (have[different] ?? 0) > need[different];
}
