// What the relay would make of a receiver's answer to an event, or of silence, in words. The rules are those of
// src/tasks/deliver_event.rs: 2xx is delivered, 410 is given up, all else is tried again.

/**
 * @param {object} texts
 * @param {object} posted
 * @param {Response} posted.answer
 * @param {number} posted.milliseconds
 * @returns {{isDelivered: boolean, text: string}}
 */
export function verdict(texts, { answer: { status, headers }, milliseconds }) {
  if (status >= 200 && status < 300) return { isDelivered: true, text: texts.delivered(status, milliseconds) };
  if (status === 410) return { isDelivered: false, text: texts.givenUp(status) };
  const advice = status < 400 ? texts.redirected(headers.get("location") ?? "?") : texts.advice[status];
  return { isDelivered: false, text: [texts.triedAgain(status), advice].filter(Boolean).join("\n") };
}

/**
 * Why there was no answer, which the relay would try again.
 *
 * @param {object} texts
 * @param {URL} url
 * @param {Error} error as fetch throws it
 * @param {number} patience milliseconds
 */
export function whyNoAnswer(texts, url, error, patience) {
  const { code = "", message = error.message } = error.cause ?? {};
  if (error.name === "TimeoutError") return texts.silent(url, patience / 1000);
  if (code === "ECONNREFUSED") return texts.nobody(url, code);
  return texts.notReached(url, [code, message].filter(Boolean).join(": "));
}
