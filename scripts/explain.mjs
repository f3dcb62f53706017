// `npm run explain -- FILE`: why does the relay answer 401, or a shop to an event? Reads captured requests, tries the usual
// slips of signing with the secret, and says which one makes the signature right. captured-request.mjs says what FILE may
// be; a second file may have the body. webhook-secret.mjs says where the secret comes from; it is shown nowhere. Of a delivery
// that a shop platform posts to a storefront's hook it says, too, what the relay does with the order. It speaks Turkish where the
// locale is Turkish, else English.
//
// Ends with 0 when the relay would take it, and with 1 when it would not, or when nobody can say.
import { readFileSync, statSync } from "node:fs";
import { readCaptures } from "./explain/captured-request.mjs";
import { findDeliverySlips } from "./explain/delivery.mjs";
import { reportDelivery } from "./explain/delivery-report.mjs";
import { withoutLineEnds } from "./explain/forms/command-line.mjs";
import { PLATFORMS, declaredLength, hasSigning, isDelivery, platformOf, signingHeaders, storefrontOf } from "./explain/forms/headers.mjs";
import { withoutEditorsLineEnd } from "./explain/forms/http-text.mjs";
import { readOrder } from "./explain/order.mjs";
import { report, reportWithoutBody } from "./explain/report.mjs";
import { inWords, said, say } from "./explain/said.mjs";
import { readShopifyOrder } from "./explain/shopify-order.mjs";
import { findSlips, seenSlips, slip } from "./explain/slips.mjs";
import { textsFor } from "./explain/texts.mjs";
import { isLoopback } from "./loopback.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { eventsSecrets, knownSecrets, storefronts, webhookSecrets } from "./webhook-secret.mjs";

const READ_ORDER = { woocommerce: readOrder, shopify: readShopifyOrder };
/** How the two signs of base64 look where letters are written otherwise: URL-safe, percent-encoded, in JSON, in HTML. */
const SPELLINGS = {
  "+": "(?:[+ -]|%(?:25)*2b|\\\\u002b|&#(?:43|x2b);)",
  "/": "(?:\\\\?/|_|%(?:25)*2f|\\\\u002f|&#(?:47|x2f);)",
};
/** The path of messages. */
const MESSAGES = "/webhook";
const texts = textsFor(process.env);

await runMain(async () => {
  const [file, bodyFile] = process.argv.slice(2);
  if (!file || file.startsWith("-")) throw new UserError(texts.usage);
  const capture = bytesOf(file);
  const given = bodyFile === undefined ? undefined : bytesOf(bodyFile);
  const requests = withBody(await captures(capture), given);
  const written = {
    seconds: statSync(file).mtimeMs / 1000,
    what: said("writtenAt", file),
    isLatest: true,
  };
  const secretsFor = secretsFinder();
  const explained = [];
  for (const request of requests) {
    const secrets = await secretsFor(request);
    const isIn = (bytes) => bytes && secrets.all.some((secret) => holds(bytes, secret));
    const place = isIn(capture) ? file : isIn(given) ? bodyFile : undefined;
    if (place) throw new UserError(texts.secretInFile(place));
    if (isDelivery(request)) explained.push(explainDelivery(request, secrets));
    else explained.push(request.body ? explain(request, secrets, written) : explainWithoutBody(request));
  }
  console.log(explained.map(({ text }) => text).join("\n\n\n"));
  process.exitCode = explained.every(({ isTaken }) => isTaken) ? 0 : 1;
});

function bytesOf(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(texts.whyNotRead[error.code]?.(file) ?? texts.cannotBeRead(file, error.message));
  }
}

async function captures(capture) {
  try {
    return await readCaptures(capture);
  } catch (error) {
    throw inWords(texts, error);
  }
}

/** The body of a file is that of the one request, or of those that have none. */
function withBody(requests, bytes) {
  if (!bytes) return requests;
  return requests.map((request) => {
    if (request.body && requests.length > 1) return request;
    const body = request.isReadByLines ? Buffer.from(withoutLineEnds(bytes.toString("latin1")), "latin1") : bytes;
    return { ...request, body: withoutEditorsLineEnd(body, declaredLength(request.headers)) };
  });
}

function explain(request, { own, other }, written) {
  const { prefix, ...signing } = signingHeaders(request.headers);
  const isEvent = isOfRelay(request);
  const asked = {
    ...signing,
    isEvent,
    body: request.body,
    declaredLength: declaredLength(request.headers),
    contentType: request.headers["content-type"],
  };
  const received = request.at ? { ...request.at, isLatest: false } : written;
  const found = findSlips(asked, [...own, ...other], received);
  if (found.secret > own.length) {
    found.slips = [slip(isEvent ? "for messages" : "for events"), ...found.slips];
    found.outcome = "explained";
    found.secret = undefined;
  }
  // An event goes to the shop's own address; what got 401 came to the relay, by whatever way.
  if (!isEvent && request.status !== 401 && request.path !== undefined && request.path !== MESSAGES) {
    found.slips = [slip("other path", request.path), ...found.slips];
    if (found.outcome === "right") found.outcome = "explained";
  }
  const text = report(texts, found, { prefix, secretCount: own.length, isEvent });
  return { text: titled(request, text), isTaken: found.outcome === "right" && !found.remark };
}

function explainWithoutBody(request) {
  const { prefix, ...signing } = signingHeaders(request.headers);
  const seen = hasSigning(request.headers) ? seenSlips(signing) : [];
  return { text: titled(request, reportWithoutBody(texts, request.noBody, seen, prefix)), isTaken: false };
}

function explainDelivery(request, { shops, known }) {
  const { headers, body } = request;
  if (!body) return { text: titled(request, texts.noBodyFound(say(texts, request.noBody))), isTaken: false };
  const platform = platformOf(request);
  const signature = headers[PLATFORMS[platform].signature];
  const wanted = storefrontOf(request);
  const isOwn = ({ name }) => name === undefined || wanted === undefined || name === wanted;
  const own = shops.filter(isOwn);
  if (signature && own.length === 0) {
    const names = shops.map(({ name }) => name).join(", ");
    return { text: titled(request, texts.noStorefront(wanted, names)), isTaken: false };
  }
  const others = shops.filter((shop) => !isOwn(shop));
  const relay = { WEBHOOK_SECRETS: known.messages, EVENTS_SECRETS: known.events };
  const came = { platform, signature, body, declaredLength: declaredLength(headers) };
  const found = findDeliverySlips(came, { own, others, relay });
  const isRight = found.outcome === "right";
  const reading = isRight ? READ_ORDER[platform](headers, body, found.shop.payByLink) : undefined;
  const isTaken = found.outcome === "ping" || (isRight && reading.says !== "unreadable");
  return { text: titled(request, reportDelivery(texts, found, reading, body, platform)), isTaken };
}

function titled({ name }, text) {
  return name ? `${say(texts, name)}\n\n${text}` : text;
}

/** The relay's events have ids of their own kind. */
function isOfRelay({ headers }) {
  return signingHeaders(headers).id?.startsWith("evt_") ?? false;
}

/** Finds the secrets to try: those of the request's kind, which are asked for once, and those of the other kind. */
function secretsFinder() {
  const found = {};
  return async (request) => {
    const relay = { isLoopback: isFromLoopback(request.headers) };
    const known = knownSecrets(relay);
    const all = [...known.messages, ...known.events];
    if (isDelivery(request)) {
      // Nothing is to be checked with it where nothing is signed.
      if (!request.body || !request.headers[PLATFORMS[platformOf(request)].signature]) return { all, shops: [], known };
      found.shops ??= await storefronts({ ...texts, typeSecret: texts.typeStorefrontSecret }, relay);
      return { all: [...all, ...found.shops.flatMap(({ secrets }) => secrets)], shops: found.shops, known };
    }
    if (!request.body) return { all };
    const [kind, otherKind] = isOfRelay(request) ? ["events", "messages"] : ["messages", "events"];
    found[kind] ??= await (kind === "events" ? eventsSecrets({ ...texts, typeSecret: texts.typeEventsSecret }, relay) : webhookSecrets(texts, relay));
    const own = found[kind];
    return { own, other: known[otherKind].filter((secret) => !own.includes(secret)), all: [...own, ...all] };
  };
}

/** Whether a secret stands in the bytes, however it is spelled. */
function holds(bytes, secret) {
  const text = bytes.toString("latin1");
  if (!secret.startsWith("whsec_")) return holdsText(text, secret);
  const [encoded] = /[^=]+/.exec(secret.slice("whsec_".length));
  const spelled = encoded.replace(/[+/]/g, (sign) => SPELLINGS[sign]);
  return new RegExp(spelled, "i").test(text);
}

/** A storefront's secret is any text: as it is, in JSON, and percent-encoded. */
function holdsText(text, secret) {
  const inJson = JSON.stringify(secret).slice(1, -1);
  return [secret, inJson, inJson.replaceAll("/", "\\/"), encodeURIComponent(secret)].some((spelled) => text.includes(spelled));
}

function isFromLoopback({ host }) {
  const url = `http://${host}`;
  return host !== undefined && URL.canParse(url) && isLoopback(new URL(url));
}
