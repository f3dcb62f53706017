/**
 * Makes a function that runs one numbered step after the other and says what is happening and how long it took.
 *
 * @param {number} count how many steps there will be
 */
export function steps(count) {
  let number = 0;
  return async (title, work) => {
    number += 1;
    console.log(`[${number}/${count}] ${title}`);
    const start = Date.now();
    const result = await work();
    const seconds = Math.round((Date.now() - start) / 1000);
    if (seconds > 0) console.log(`      done in ${seconds} s`);
    return result;
  };
}
