// What shop.mjs and staff.mjs share: reading a request of a page, and writing an answer.

const MAX_BODY_BYTES = 4096;
/** As a page's crypto.randomUUID() writes one. */
const PRESS = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An answer: `{ status, more, body }`, of which `more` are headers. */
export function json(status, value, more) {
  return { status, more: { "content-type": "application/json", ...more }, body: JSON.stringify(value) };
}

/** The object that a page has posted, empty if it is none; null if a page of another origin may have posted it. */
export async function readJson(request) {
  // Such a page cannot send this content type without a preflight, which nobody answers here.
  if (request.headers["content-type"] !== "application/json") return null;
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += chunk;
    if (text.length > MAX_BODY_BYTES) return {};
  }
  try {
    return Object(JSON.parse(text));
  } catch {
    return {};
  }
}

/** Whether it names one press of a button. */
export const isPress = (press) => typeof press === "string" && PRESS.test(press);
