// HAR: what the network panel of a browser, or a proxy, saves. Of its requests those to the relay count.
import { declaredLength, hasSigning, isSignedEndpoint } from "./headers.mjs";
import { headersOf } from "./json.mjs";
import { Unreadable, said } from "../said.mjs";

/** Whether a value in JSON is a HAR. */
export const isHar = (value) => Array.isArray(value?.log?.entries);

/**
 * Those that were posted to /webhook or to a storefront's hook, or are signed; of several those that were answered with 401.
 *
 * @param {object} har
 * @returns {import("../captured-request.mjs").CapturedRequest[]} at least one, each with a name
 */
export function readHar({ log: { entries } }) {
  const all = entries
    .filter((entry) => entry?.request)
    .map((entry, at) => ({ ...entry, number: at + 1, headers: headersOf(entry.request.headers ?? []) }));
  const posts = all.filter(
    ({ request, headers }) => request.method === "POST" && (isToRelay(request) || hasSigning(headers)),
  );
  const signed = posts.filter(({ headers }) => hasSigning(headers));
  const refused = (signed.length > 0 ? signed : posts).filter(({ response }) => response?.status === 401);
  const chosen = [refused, signed, posts].find((some) => some.length > 0);
  if (!chosen) throw new Unreadable("harWithoutRequest", all.length);
  return chosen.map((entry) => requestOf(entry, all.length));
}

function requestOf({ number, request, response, startedDateTime, headers }, total) {
  const status = response?.status > 0 ? response.status : undefined;
  const name = said("nameOfEntry", number, total, request.method, addressOf(request), status);
  const url = URL.canParse(request.url) ? new URL(request.url) : undefined;
  const address = url && { path: url.pathname };
  const captured = { name, status, ...address, headers: { ...(url && { host: url.host }), ...headers }, ...timeOf(response, startedDateTime) };
  const body = bodyOf(request, headers);
  return body ? { ...captured, body } : { ...captured, noBody: said("harWithoutBody") };
}

function isToRelay({ url }) {
  return URL.canParse(url) && isSignedEndpoint(new URL(url).pathname);
}

/** Without what stands behind the path, which is nobody's business. */
function addressOf({ url }) {
  if (!URL.canParse(url)) return said("unreadableAddress");
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}

function timeOf(response, startedDateTime) {
  const [answered, started] = [headersOf(response?.headers ?? []).date, startedDateTime].map((text) =>
    Date.parse(text ?? ""),
  );
  if (!Number.isNaN(answered)) return { at: { seconds: answered / 1000, what: said("answerDate") } };
  return Number.isNaN(started) ? {} : { at: { seconds: started / 1000, what: said("harTime") } };
}

function bodyOf({ postData, bodySize }, headers) {
  const { text, encoding } = postData ?? {};
  // A browser that has not seen the body says that its size is 0.
  if (typeof text !== "string" || text === "") return declaredLength(headers) === 0 ? Buffer.alloc(0) : undefined;
  const declared = declaredLength(headers) ?? bodySize;
  const bytes = Buffer.from(text, encoding === "base64" ? "base64" : "utf8");
  // Some write one character for each byte.
  const isByBytes = bytes.length !== declared && text.length === declared && /^[\0-\xff]*$/.test(text);
  return isByBytes ? Buffer.from(text, "latin1") : bytes;
}
