// The conversation: a signed message from the shop, posted to the relay, until there is a final answer.
//
// In scope: what to ask again, when, and with what. Not in scope: what the customer is told (page.js).
//
// Asking again is always safe: the message keeps its id, and the relay sends one id once. So a lost connection is
// answered with the same signed message, and a signature that grew too old with a new one under the same id.

const PAUSES_S = [1, 2, 4, 8];
const MOST_ASKS = 12;
const DEFAULT_WAIT_S = 5;
const LONGEST_WAIT_S = 30;
const PATIENCE_MS = 60_000;

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/**
 * Resolves with how it ended: `{ kind }`, one of sent, invalid, limit (with `seconds`), rejected (with `reason`),
 * unknown, unreachable, order-limit (with `seconds`), broken. Of these unknown and unreachable leave it open whether it
 * was sent; all others are certain.
 *
 * @param {() => Promise<Response>} sign asks the shop for the message, signed now; always the same message
 * @param {(progress: { kind: "sending" | "in-progress" | "offline", seconds?: number }) => void} report
 * @param {boolean} isOpen whether this message was posted before, and nobody knows how that ended
 */
export async function ask(sign, report, isOpen) {
  let signed;
  let lost = 0;
  for (let asked = 0; asked < MOST_ASKS; asked += 1) {
    try {
      if (!signed) {
        const answer = await sign();
        if (!answer.ok && isOpen) return { kind: "unreachable" };
        if (answer.status === 429) return { kind: "order-limit", seconds: waitOf(answer) };
        if (!answer.ok) return { kind: "broken" };
        signed = await answer.json();
      }
      report({ kind: "sending" });
      const wasOpen = isOpen;
      isOpen = true;
      const { status, retryAfter, problem } = await post(signed);
      lost = 0;
      if (problem.outcome === "sent") return { kind: "sent" };
      switch (problem.code) {
        case "in-progress":
          report({ kind: "in-progress" });
          await sleep(retryAfter);
          break;
        case "stale-timestamp":
          isOpen = wasOpen;
          signed = undefined;
          break;
        case "ledger-unavailable":
          await sleep(DEFAULT_WAIT_S);
          break;
        case "invalid-field":
          return { kind: "invalid" };
        case "recipient-limit":
          return { kind: "limit", seconds: retryAfter };
        case "paytr-rejected":
          return { kind: "rejected", reason: problem.paytr?.reason };
        case "outcome-unknown":
          return { kind: "unknown" };
        default:
          console.error(`The relay answered ${status}: ${problem.detail ?? "no reason given"}`);
          // This post was refused. What an earlier one has done is as open as before.
          return { kind: wasOpen ? "unreachable" : "broken" };
      }
    } catch {
      // No answer, or none that this page may read: whether the message arrived is not known here, but it is there.
      const seconds = PAUSES_S[lost];
      if (!seconds) return { kind: "unreachable" };
      lost += 1;
      report({ kind: "offline", seconds });
      await sleep(seconds);
    }
  }
  return { kind: "unreachable" };
}

/** Posts what the shop signed, to the letter. */
async function post({ url, headers, body }) {
  const answer = await fetch(url, {
    method: "POST",
    headers,
    body,
    credentials: "omit",
    redirect: "error",
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  const problem = Object(await answer.json());
  const wait = waitOf(answer);
  const retryAfter = problem.code === "in-progress" ? Math.min(wait, LONGEST_WAIT_S) : wait;
  return { status: answer.status, retryAfter, problem };
}

const waitOf = (answer) => Number(answer.headers.get("retry-after")) || DEFAULT_WAIT_S;
