// `npm run explain -- FILE`: why does the relay answer 401? Reads one captured request, tries the usual slips of signing
// with the shop's secret, and says which one makes the signature right. captured-request.mjs says what FILE may be,
// webhook-secret.mjs where the secret comes from; it is shown nowhere.
//
// Ends with 0 when nothing is wrong, 2 when it has found what is, 3 when it has not, and 1 when it could not look.
import { readFileSync, statSync } from "node:fs";
import { declaredLength, readCapture, signingHeaders } from "./explain/captured-request.mjs";
import { report } from "./explain/report.mjs";
import { findSlips } from "./explain/slips.mjs";
import { isLoopback } from "./loopback.mjs";
import { TEXTS } from "./ping/texts.mjs";
import { UserError, runMain } from "./user-error.mjs";
import { webhookSecrets } from "./webhook-secret.mjs";

/** How the two signs of base64 look where letters are written otherwise: URL-safe, percent-encoded, in JSON, in HTML. */
const SPELLINGS = {
  "+": "(?:[+ -]|%(?:25)*2b|\\\\u002b|&#(?:43|x2b);)",
  "/": "(?:\\\\?/|_|%(?:25)*2f|\\\\u002f|&#(?:47|x2f);)",
};
const EXIT_CODES = { right: 0, explained: 2, unexplained: 3 };

await runMain(async () => {
  const file = process.argv[2];
  if (!file) throw new UserError("Which request? Write it to a file:\n  npm run explain -- request.txt");
  const capture = bytesOf(file);
  const { headers, body, answeredAt } = readCapture(capture);
  const { prefix, ...signing } = signingHeaders(headers);
  const received = answeredAt
    ? { seconds: answeredAt, what: "the answer's date", isLatest: false }
    : { seconds: statSync(file).mtimeMs / 1000, what: `the time at which ${file} was written`, isLatest: true };
  const secrets = await webhookSecrets(TEXTS.en, { isLoopback: isFromLoopback(headers.host) });
  if (secrets.some((secret) => holds(capture, secret))) {
    throw new UserError(
      `The secret itself stands in ${file}, and would be shown. Take it out of the file. If it is part of the request,\n` +
        "never send it: sign with it. What was sent is known to others, so make a new one, as docs/rotate.md says.",
    );
  }
  const found = findSlips({ ...signing, body, declaredLength: declaredLength(headers) }, secrets, received);
  console.log(report(found, prefix, secrets.length));
  process.exitCode = EXIT_CODES[found.outcome];
});

function bytesOf(file) {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(`${file} cannot be read: ${error.message}`);
  }
}

/** Whether a secret stands in the bytes, however it is spelled. */
function holds(bytes, secret) {
  const [encoded] = /[^=]+/.exec(secret.slice("whsec_".length));
  const spelled = encoded.replace(/[+/]/g, (sign) => SPELLINGS[sign]);
  return new RegExp(spelled, "i").test(bytes.toString("latin1"));
}

function isFromLoopback(host) {
  const url = `http://${host}`;
  return host !== undefined && URL.canParse(url) && isLoopback(new URL(url));
}
