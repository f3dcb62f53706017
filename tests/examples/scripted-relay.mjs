// A relay that answers by a script, since a real one says most of it only when PayTR is in trouble.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { Webhook } from "standardwebhooks";
import { listen } from "../support/listen.mjs";
import { SECRET } from "../support/secrets.mjs";

export const LINK = { id: "NB2Zlz3", url: "https://www.paytr.com/link/NB2Zlz3", callback_id: "9f".repeat(16) };
export const SMS = { type: "link.send_sms", outcome: "sent" };
const PAYTR = { status: "success" };

/** The answers, each made of an id and a message. */
export const created = (sends, link = LINK) => (id) => ({
  status: 200,
  json: { outcome: "created", webhook_id: id, reference: "1001", link, ...(sends && { sends }), paytr: PAYTR },
});
export const problem = (status, code, more = {}, headers = {}) => () => ({
  status,
  headers,
  json: { status, title: "Trouble", code, detail: "What to do.", ...more },
});
export const unknown = (resend_safe, headers) => problem(502, "outcome-unknown", { resend_safe }, headers);
export const refused = (reason, headers) =>
  problem(422, "paytr-rejected", { paytr: { status: "error", reason } }, headers);
export const invalid = (...fields) => {
  const errors = fields.map((field) => ({ pointer: `/data/${field}`, detail: "is none" }));
  return problem(422, "invalid-field", { errors });
};

/** Answers the n-th request with the n-th of `answers`, the last for ever; undefined hangs up. Gives `{url, seen}`. */
export async function startScriptedRelay(test, answers) {
  const seen = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    new Webhook(SECRET).verify(body, request.headers);
    const id = request.headers["webhook-id"];
    const message = JSON.parse(body);
    const answer = answers[Math.min(seen.length, answers.length - 1)]?.(id, message);
    seen.push({ id, path: request.url, message });
    if (!answer) return request.socket.destroy();
    response.writeHead(answer.status, { "content-type": "application/json", ...answer.headers });
    return response.end(JSON.stringify(answer.json));
  });
  const { url, stop } = await listen(server);
  test.after(stop);
  return { url, seen };
}
